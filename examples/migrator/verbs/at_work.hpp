// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_EXAMPLES_MIGRATOR_VERBS_AT_WORK_HPP
#define JACKPOT_EXAMPLES_MIGRATOR_VERBS_AT_WORK_HPP

#include "../console/trouble.hpp"

#include <jackpot/soci.hpp>
#include <jackpot/soci/tables.hpp>

#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

// Who is at work on a store: a table of its own, which no check and no copy looks at. It is advice: where it
// cannot be made, read or written nothing is said, and nothing waits for it.

namespace migrator {

/// A run of the migrator, as it tells the others.
struct work_row {
    jackpot::name slot{};  ///< `works` of the one that changes the store, `follows …` of one that copies it
    jackpot::name token{};  ///< of the run
    jackpot::name who{};    ///< ann@host
    jackpot::name host{};
    std::uint64_t pid = 0;
    jackpot::name doing{};  ///< "migrate --follow from sqlite:///old.db"
    jackpot::name stage{};
    std::uint64_t began_at = 0;  ///< microseconds, by the clock of its host
    std::uint64_t seen_at = 0;   ///< it tells once a second that it is alive
    std::uint64_t sequence = 0;  ///< how far it has come
    std::uint64_t due_at = 0;    ///< when it is to cut over; 0: it was not asked to

    static constexpr std::string_view table = "jackpot_work";
    static constexpr jackpot::sql::constraint constraints[] = {{R"(PRIMARY KEY ("slot"))"}};
    template <class Self, class Each>
    static void columns(Self& row, Each&& each) {
        each("slot", row.slot);
        each("token", row.token);
        each("who", row.who);
        each("host", row.host);
        each("pid", row.pid);
        each("doing", row.doing);
        each("stage", row.stage);
        each("began_at", row.began_at);
        each("seen_at", row.seen_at);
        each("sequence", row.sequence);
        each("due_at", row.due_at);
    }

    [[nodiscard]] bool works() const { return slot == jackpot::name("works"); }
    /// Does it follow a source, and take what `set_due` says?
    [[nodiscard]] bool follows() const {
        return works() && doing.view().find("--follow") != std::string_view::npos;
    }
    /// In words, for the others.
    [[nodiscard]] std::string told() const;
};

inline constexpr const char* stage_copying = "copying";
inline constexpr const char* stage_following = "following";
inline constexpr const char* stage_cutting_over = "cutting over";

/// Those that are alive, or may be. Nobody, where the store does not say.
[[nodiscard]] std::vector<work_row> read_work(const std::string& url);

/// When the cut-over is to be, microseconds, or 0 to take that back: until the follower has begun with it.
/// Error: what stands in the way.
[[nodiscard]] tl::expected<work_row, std::string> set_due(const std::string& url, std::uint64_t due_at);

/// The program is at work on a store, for as long as this lives.
class at_work {
public:
    /// `works` changes the store, which is for one at a time; any number may follow it.
    enum class role { works, follows };

    at_work(std::string url, role as, const std::string& doing);
    ~at_work();
    at_work(const at_work&) = delete;
    at_work& operator=(const at_work&) = delete;

    /// Says so in the store, unless somebody else does: then who. With `break_lock`, whoever does.
    [[nodiscard]] std::optional<trouble> begin(bool break_lock);

    void tell(const char* stage, std::uint64_t sequence);
    /// Is it time to cut over? From then on nobody can take that back.
    [[nodiscard]] bool claim_cut_over();

private:
    [[nodiscard]] jackpot::expected<std::optional<work_row>> take(bool break_lock);
    void beat();
    [[nodiscard]] work_row now() const;

    std::string url_;
    std::mutex talking_;  // held while the row is written: what is written last is what is so
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    work_row row_;
    bool ends_ = false;
    std::thread beats_;
};

}  // namespace migrator

#endif
