// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_EXAMPLES_MIGRATOR_CONSOLE_PROGRESS_HPP
#define JACKPOT_EXAMPLES_MIGRATOR_CONSOLE_PROGRESS_HPP

#include "printable.hpp"

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <sys/ioctl.h>
#include <unistd.h>
#include <vector>

namespace migrator {

/// How far a stage has come.
struct stage_state {
    std::string_view what;  ///< "Copied"
    std::uint64_t done;
    std::uint64_t last;
    std::optional<std::uint64_t> rate{};  ///< operations a second, once it is known

    [[nodiscard]] std::uint64_t percent() const noexcept { return last == 0 ? 100 : done * 100 / last; }
    [[nodiscard]] std::uint64_t left_s() const noexcept {
        return (last - done) / (std::max<std::uint64_t>)(*rate, 1);
    }
};

/// For a log.
[[nodiscard]] inline std::string line_of(const stage_state& s) {
    auto text = fmt::format("{} {} of {} operations", s.what, s.done, s.last);
    return s.rate ? text + fmt::format(", {} a second, {} s left", *s.rate, s.left_s()) : text;
}

/// For a terminal: what fits into so many columns, the share first. ASCII: a byte is a column.
[[nodiscard]] inline std::string bar_of(const stage_state& s, std::size_t columns) {
    const std::string head = fmt::format("{} {}%", s.what, s.percent());
    const std::string count = fmt::format(" {} of {}", s.done, s.last);
    const std::string rate = s.rate ? fmt::format(", {} a second", *s.rate) : std::string();
    const std::string left = s.rate ? fmt::format(", {} s left", s.left_s()) : std::string();
    for (const auto& text : {head + count + rate + left, head + count + left, head + left, head}) {
        if (text.size() > columns) {
            continue;
        }
        constexpr std::size_t shortest = 10;
        constexpr std::size_t longest = 30;
        if (columns < text.size() + shortest + 3) {
            return text;
        }
        const auto width = (std::min)(columns - text.size() - 3, longest);
        const std::string filled((std::min<std::size_t>)(s.percent() * width / 100, width), '#');
        return fmt::format("{} [{:<{}}]{}", s.what, filled, width, text.substr(s.what.size()));
    }
    return head.substr(0, columns);
}

/// Can a line on standard error be drawn again?
[[nodiscard]] inline bool redraws() {
    const char* terminal = std::getenv("TERM");
    return isatty(STDERR_FILENO) == 1 && terminal != nullptr && std::string_view(terminal) != "dumb";
}

inline std::atomic<bool> bar_drawn = false;

/// Of what is drawn on the terminal nothing stays.
inline void clear_bar() {
    if (bar_drawn.exchange(false)) {
        emit(stderr, "\r\x1b[K");
        std::fflush(stderr);
    }
}

/// Draws a line over the one before it. The terminal may have another width each time.
template <class Fit>
void draw_bar(Fit&& fit) {
    winsize size{};
    const bool known = ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1;
    // The last column stays free: some terminals begin a new line once it is taken.
    emit(stderr, "\r{}\x1b[K", fit(known ? std::size_t(size.ws_col) - 1 : std::size_t(79)));
    bar_drawn = true;
    std::fflush(stderr);
}

struct stage {
    std::string what;
    std::uint64_t operations;
    double seconds;

    [[nodiscard]] std::uint64_t rate() const {
        return static_cast<std::uint64_t>(static_cast<double>(operations) / (std::max)(seconds, 0.001));
    }
};

/// Tells by time how far each stage has come: on a terminal one line, drawn again at most ten times a second;
/// elsewhere a line each ten seconds.
class progress {
public:
    using clock = std::chrono::steady_clock;
    using listener = std::function<void(const std::string& line)>;

    progress(bool bar, listener line) : bar_(bar), line_(std::move(line)) {}

    /// "Copied", say.
    void begin(std::string what) {
        what_ = std::move(what);
        began_ = clock::now();
        line_at_ = began_;
        first_.reset();
    }
    void at(std::uint64_t done, std::uint64_t last) {
        const auto now = clock::now();
        // What came before the first call took the time to look at what was there, and tells no rate.
        if (!first_) {
            first_ = {now, done};
        }
        using namespace std::chrono_literals;
        const bool due = bar_ ? now - drawn_at_ >= 100ms : now - line_at_ >= 10s;
        if (!due) {
            return;
        }
        const stage_state state{what_, done, last, rate_of(now, done)};
        if (bar_) {
            drawn_at_ = now;
            draw_bar([&](std::size_t columns) { return bar_of(state, columns); });
        } else {
            line_at_ = now;
            line_(line_of(state));
        }
    }
    /// The stage is done with that many operations.
    void end(std::uint64_t operations) {
        clear_bar();
        stages_.push_back({what_, operations, std::chrono::duration<double>(clock::now() - began_).count()});
    }
    [[nodiscard]] const std::vector<stage>& stages() const noexcept { return stages_; }
    [[nodiscard]] std::string_view what() const noexcept { return what_; }
    [[nodiscard]] bool draws() const noexcept { return bar_; }

private:
    struct sample {
        clock::time_point at;
        std::uint64_t done;
    };

    [[nodiscard]] std::optional<std::uint64_t> rate_of(clock::time_point now, std::uint64_t done) const {
        const double seconds = std::chrono::duration<double>(now - first_->at).count();
        if (seconds < 0.1) {
            return std::nullopt;
        }
        return static_cast<std::uint64_t>(static_cast<double>(done - first_->done) / seconds);
    }

    bool bar_;
    listener line_;
    std::string what_;
    clock::time_point began_ = clock::now();
    clock::time_point drawn_at_{};
    clock::time_point line_at_ = clock::now();
    std::optional<sample> first_;
    std::vector<stage> stages_;
};

}  // namespace migrator

#endif
