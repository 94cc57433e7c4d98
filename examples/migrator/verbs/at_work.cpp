// SPDX-License-Identifier: BSL-1.0
#include "at_work.hpp"

#include "../console/moment.hpp"

#include <jackpot/core/system.hpp>
#include <jackpot/soci/definitions.hpp>

#include <cerrno>
#include <csignal>
#include <pwd.h>
#include <unistd.h>

namespace migrator {

namespace {

using jackpot::sql::parameter;

constexpr std::uint64_t second_us = 1'000'000;
constexpr std::uint64_t silent_max_s = 60;  // who said nothing for longer is gone, whatever the clocks say

std::uint64_t clock_us() {
    return static_cast<std::uint64_t>(jackpot::system_environment().now());
}

/// Whatever it is, as a name that every engine keeps.
jackpot::name name_of(const std::string& text) {
    const auto safe = in_ascii(printable(text, " ")).substr(0, 128);
    return jackpot::name(std::string_view(safe));
}

std::string host_name() {
    char host[256] = "somewhere";
    static_cast<void>(::gethostname(host, sizeof host - 1));
    return host;
}

std::string user_name() {
    const auto* entry = ::getpwuid(::geteuid());
    return entry != nullptr ? entry->pw_name : std::to_string(::geteuid());
}

/// On this host its process tells, elsewhere the clock.
bool is_gone(const work_row& row) {
    const auto now = clock_us();
    const auto apart = now > row.seen_at ? now - row.seen_at : row.seen_at - now;
    const bool here = row.host == name_of(host_name());
    const auto pid = static_cast<pid_t>(row.pid);
    return apart > silent_max_s * second_us ||
           (here && (pid == ::getpid() || (::kill(pid, 0) != 0 && errno == ESRCH)));
}

std::vector<work_row> rows_of(jackpot::sql::connection& c) {
    std::vector<work_row> all;
    c.prepared(jackpot::sql::select_from<work_row>()).select<work_row>([&](const work_row& row) {
        all.push_back(row);
    });
    return all;
}

void remove(jackpot::sql::connection& c, const work_row& row) {
    c.prepared("DELETE FROM jackpot_work WHERE slot = :slot AND token = :token")
        .run(parameter{"slot", row.slot}, parameter{"token", row.token});
}

/// Makes the table where it is missing and may be made.
void make_table(const std::string& url) {
    using namespace jackpot::sql;
    if (!jackpot::soci_storage::visit(url, rows_of)) {
        static_cast<void>(jackpot::soci_storage::visit(url, [](connection& c) {
            c.run_once(create_table(c.engine(),
                                    {work_row::table, columns_of<work_row>(), work_row::constraints}, true));
        }));
    }
}

}  // namespace

std::string work_row::told() const {
    const auto now = clock_us();
    return fmt::format("{} (pid {}): {}, {} since {}, seen {} ago", who.view(), pid, doing.view(),
                       stage.view(), second_of(static_cast<jackpot::timestamp>(began_at)),
                       age_of(static_cast<std::int64_t>((now > seen_at ? now - seen_at : 0) / second_us)));
}

std::vector<work_row> read_work(const std::string& url) {
    auto rows = jackpot::soci_storage::visit(url, rows_of);
    if (!rows) {
        return {};
    }
    rows->erase(std::remove_if(rows->begin(), rows->end(), is_gone), rows->end());
    return *std::move(rows);
}

tl::expected<work_row, std::string> set_due(const std::string& url, std::uint64_t due_at) {
    const auto find = [&]() -> tl::expected<work_row, std::string> {
        for (const auto& row : read_work(url)) {
            if (row.follows()) {
                return row;
            }
            if (!row.works()) {
                return tl::unexpected("it is followed by " + row.told() + ": the target is to be named");
            }
        }
        return tl::unexpected(std::string("nobody follows into it"));
    };
    auto row = find();
    if (!row) {
        return row;
    }
    const bool began_before = row->stage == jackpot::name(stage_cutting_over);
    const auto set = jackpot::soci_storage::visit(url, [&](jackpot::sql::connection& c) {
        c.prepared(
             "UPDATE jackpot_work SET due_at = :due_at WHERE slot = :slot AND token = :token AND "
             "stage <> :stage")
            .run(parameter{"due_at", due_at}, parameter{"slot", row->slot}, parameter{"token", row->token},
                 parameter{"stage", jackpot::name(stage_cutting_over)});
    });
    if (!set) {
        return tl::unexpected(words_of(set.error()));
    }
    // How many rows a change changed is another number on each engine.
    row = find();
    const bool begun = row && row->stage == jackpot::name(stage_cutting_over);
    if (begun && (began_before || due_at == 0)) {
        return tl::unexpected(std::string("the cut-over has begun"));
    }
    if (row && !begun && row->due_at != due_at) {
        return tl::unexpected(std::string("somebody else asked for another time"));
    }
    return row;
}

at_work::at_work(std::string url, role as, const std::string& doing) : url_(std::move(url)) {
    const auto host = host_name();
    jackpot::system_environment world;
    const auto token = fmt::format("{:016x}", world.random());
    row_ = {.slot = name_of(as == role::works ? "works" : "follows " + token),
            .token = name_of(token),
            .who = name_of(user_name() + "@" + host),
            .host = name_of(host),
            .pid = static_cast<std::uint64_t>(::getpid()),
            .doing = name_of(doing),
            .stage = jackpot::name(stage_copying),
            .began_at = clock_us()};
}

at_work::~at_work() {
    if (!beats_.joinable()) {
        return;
    }
    {
        const std::lock_guard lock(mutex_);
        ends_ = true;
    }
    changed_.notify_all();
    beats_.join();
    static_cast<void>(
        jackpot::soci_storage::visit(url_, [&](jackpot::sql::connection& c) { remove(c, row_); }));
}

work_row at_work::now() const {
    const std::lock_guard lock(mutex_);
    auto row = row_;
    row.seen_at = clock_us();
    return row;
}

jackpot::expected<std::optional<work_row>> at_work::take(bool break_lock) {
    return jackpot::soci_storage::visit(url_, [&](jackpot::sql::connection& c) {
        std::optional<work_row> other;
        c.begin_writing();
        for (const auto& row : rows_of(c)) {
            const bool gone = is_gone(row);
            if (row.slot == row_.slot && !gone && !break_lock) {
                other = row;
            } else if (row.slot == row_.slot || gone) {
                remove(c, row);
            }
        }
        if (!other) {
            c.prepared(jackpot::sql::insert_into<work_row>()).run(now());
        }
        c.commit();
        return other;
    });
}

std::optional<trouble> at_work::begin(bool break_lock) {
    make_table(url_);
    auto other = take(break_lock);
    // Two that come at once both find nobody: the row of one is refused, and it looks again.
    for (int again = 0; !other && other.error().code != jackpot::errc::unavailable && again < 3; ++again) {
        other = take(break_lock);
    }
    if (other && *other) {
        return trouble{
            "somebody is at work on it: " + (*other)->told(),
            std::string((*other)->follows() ? "to have them cut over: migrator cut-over STORE; else " : "") +
                "ask them, or wait for them: migrator status STORE; to go on beside them all the same: "
                "--break-lock"};
    }
    if (other || other.error().retryable()) {
        beats_ = std::thread([this] { beat(); });
    }
    return std::nullopt;
}

void at_work::tell(const char* stage, std::uint64_t sequence) {
    const std::lock_guard lock(mutex_);
    row_.stage = jackpot::name(stage);
    row_.sequence = sequence;
}

bool at_work::claim_cut_over() {
    const auto before = now();
    if (before.due_at == 0 || before.due_at > clock_us()) {
        return false;
    }
    const std::lock_guard alone(talking_);
    bool ours = false;
    const auto claimed = jackpot::soci_storage::visit(url_, [&](jackpot::sql::connection& c) {
        c.prepared(
             "UPDATE jackpot_work SET stage = :stage WHERE slot = :slot AND token = :token AND due_at = "
             ":due_at")
            .run(parameter{"stage", jackpot::name(stage_cutting_over)}, parameter{"slot", before.slot},
                 parameter{"token", before.token}, parameter{"due_at", before.due_at});
        for (const auto& row : rows_of(c)) {
            ours = ours || (row.token == before.token && row.due_at == before.due_at &&
                            row.stage == jackpot::name(stage_cutting_over));
        }
        c.prepared("UPDATE jackpot_work SET due_at = 0 WHERE slot = :slot AND token = :token")
            .run(parameter{"slot", before.slot}, parameter{"token", before.token});
    });
    const std::lock_guard lock(mutex_);
    row_.due_at = 0;
    row_.stage = claimed && ours ? jackpot::name(stage_cutting_over) : row_.stage;
    return claimed && ours;
}

/// Once a second: a store that cannot be reached is asked again.
void at_work::beat() {
    const auto waits = [&] {
        std::unique_lock lock(mutex_);
        return !changed_.wait_for(lock, std::chrono::seconds(1), [&] { return ends_; });
    };
    const auto tell_once = [&](jackpot::sql::connection& c) {
        const std::lock_guard alone(talking_);
        const auto row = now();
        c.prepared(
             "UPDATE jackpot_work SET seen_at = :seen_at, sequence = :sequence, stage = :stage WHERE "
             "slot = :slot AND token = :token")
            .run(parameter{"seen_at", row.seen_at}, parameter{"sequence", row.sequence},
                 parameter{"stage", row.stage}, parameter{"slot", row.slot}, parameter{"token", row.token});
        std::uint64_t due_at = 0;
        bool there = false;
        for (const auto& each : rows_of(c)) {
            there = there || each.slot == row.slot;
            due_at = each.token == row.token && each.slot == row.slot ? each.due_at : due_at;
        }
        if (!there) {  // the store could not be written, or who came in between has gone
            c.prepared(jackpot::sql::insert_into<work_row>()).run(row);
        }
        const std::lock_guard lock(mutex_);
        row_.due_at = due_at;
    };
    while (waits()) {
        static_cast<void>(jackpot::soci_storage::visit(url_, [&](jackpot::sql::connection& c) {
            do {
                tell_once(c);
            } while (waits());
        }));
    }
}

}  // namespace migrator
