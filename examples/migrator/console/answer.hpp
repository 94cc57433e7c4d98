// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_EXAMPLES_MIGRATOR_CONSOLE_ANSWER_HPP
#define JACKPOT_EXAMPLES_MIGRATOR_CONSOLE_ANSWER_HPP

#include "printable.hpp"
#include "trouble.hpp"

#include <nlohmann/json.hpp>

#include <functional>
#include <mutex>
#include <string>

namespace migrator {

/// What the program ends with, whatever ends it: an exit code, and for scripts (`--json`) one document, which
/// is all that standard output gets. There is one, for a signal ends the program in the midst of anything;
/// any thread may call it.
///
///     {"verb": "backup", "status": "success", "exitCode": 0, ...what the verb adds}
///     {"verb": "backup", "status": "failed", "exitCode": 3, "reason": "...", "said": "...", "remedy": "..."}
///
/// `status` is success, failed or interrupted; `said`, the engine's own words, is there where it has any.
class answer {
public:
    [[nodiscard]] static answer& given() {
        static answer only;
        return only;
    }

    /// Begins anew.
    void begin(std::string verb, bool json);
    [[nodiscard]] bool json() const {
        const std::lock_guard lock(mutex_);
        return json_;
    }
    /// Adds a member to the document.
    void add(const char* member, nlohmann::ordered_json value) {
        const std::lock_guard lock(mutex_);
        members_[member] = std::move(value);
    }
    void fail(const trouble& why) { set("failed", why); }
    /// It stopped between two steps, as a signal had asked.
    void interrupt(const trouble& why) { set("interrupted", why); }
    /// What is said where a signal ends the program from now on.
    void if_ended(trouble why) {
        const std::lock_guard lock(mutex_);
        if_ended_ = std::move(why);
    }
    /// Has that called where a signal ends the program; nothing is once this was called with null.
    void on_end(std::function<void(const trouble&)> told) {
        const std::lock_guard lock(mutex_);
        on_end_ = std::move(told);
    }

    /// Ends it with that code: shows the document, once.
    void end(int code);
    /// Ends it because of that signal, unless it had ended. Is this what ended it?
    bool end_by(int signal);

private:
    void set(const char* status, const trouble& why) {
        const std::lock_guard lock(mutex_);
        status_ = status;
        why_ = why;
    }
    void show(int code) const;

    mutable std::recursive_mutex mutex_;
    std::string verb_;
    bool json_ = false;
    bool ended_ = false;
    std::string status_;
    trouble why_;
    trouble if_ended_;
    std::function<void(const trouble&)> on_end_;
    nlohmann::ordered_json members_;
};

/// For people alone.
template <class... Args>
void say(fmt::format_string<detail::shown_t<Args>...> format, const Args&... args) {
    if (!answer::given().json()) {
        emit(stdout, format, args...);
    }
}

}  // namespace migrator

#endif
