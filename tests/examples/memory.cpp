// SPDX-License-Identifier: BSL-1.0
#include "program.hpp"

#include <fcntl.h>
#include <map>
#include <spawn.h>
#include <sys/resource.h>
#include <unistd.h>

// The migrator's memory does not grow with the journal of a SQL store. JACKPOT_MEMORY_WAGERS says how many
// wagers the longer one has; tests/long.sh takes a million.

namespace {

using namespace test;

constexpr std::size_t shorter = 10'000;

/// From 10,000 operations to 100,000 or 1,000,000 no peak was seen to differ by more than 1.2 MiB, which is
/// the allocator's doing. In the memory store, the closest that there is, an operation takes 270 bytes: as
/// few as 30,000 more would be 8 MiB.
constexpr long growth_max_kib = 4096;

std::size_t longer() {
    const char* wagers = std::getenv("JACKPOT_MEMORY_WAGERS");
    return wagers == nullptr ? 40'000 : std::strtoul(wagers, nullptr, 10);
}

/// Runs the migrator, which must do what it is told; the most memory that it had at once, in KiB.
long peak_of(const scratch& files, arguments with) {
    with.insert(with.begin(), JACKPOT_MIGRATOR);
    std::vector<char*> argv;
    for (auto& argument : with) {
        argv.push_back(argument.data());
    }
    argv.push_back(nullptr);
    const std::string said = (files / "said").string();
    posix_spawn_file_actions_t output;
    posix_spawn_file_actions_init(&output);
    posix_spawn_file_actions_addopen(&output, STDOUT_FILENO, said.c_str(), O_WRONLY | O_CREAT | O_TRUNC,
                                     0600);
    posix_spawn_file_actions_adddup2(&output, STDOUT_FILENO, STDERR_FILENO);
    pid_t pid = 0;
    REQUIRE(posix_spawn(&pid, argv.front(), &output, nullptr, argv.data(), environ) == 0);
    posix_spawn_file_actions_destroy(&output);
    int status = 0;
    rusage used{};
    REQUIRE(wait4(pid, &status, 0, &used) == pid);
    REQUIRE_MESSAGE(status == 0, contents_of(said));
    return used.ru_maxrss;
}

/// What each thing that the migrator does takes, with a journal of about so many operations, every fourth of
/// them with a key.
std::map<std::string, long> peaks(std::size_t wagers) {
    const scratch files;
    const auto places = new_places();
    const std::string& postgresql = places.at(0);
    const std::string& mysql = places.at(1);
    const std::string sqlite = files.url("sqlite");
    const std::string early = (files / "early.json").string();
    const auto migrate = [&](const std::string& from, const std::string& to, arguments more) {
        more.insert(more.begin(), {"migrate", "--from", from, "--to", to, "--quiet", "--no-backup",
                                   "--log-file", (files / "log").string()});
        return peak_of(files, more);
    };
    // A run goes on where a shorter one from the same seed ended: in memory, so that its peak is not looked
    // at.
    for (const auto& length : {std::string("100"), std::to_string(wagers)}) {
        migrate("memory", sqlite, {"--wagers", length, "--no-validation"});
        if (length == "100") {
            peak_of(files, {"backup", sqlite, "--output", early});
        }
    }
    std::map<std::string, long> all;
    all["sqlite to postgresql"] = migrate(sqlite, postgresql, {"--no-validation"});
    all["sqlite to mysql"] = migrate(sqlite, mysql, {"--no-validation"});
    all["postgresql to sqlite"] = migrate(postgresql, files.url("from postgresql"), {"--no-validation"});
    all["mysql to sqlite"] = migrate(mysql, files.url("from mysql"), {"--no-validation"});
    const std::string copy = files.url("from sqlite");
    all["sqlite to sqlite, compared and audited"] = migrate(sqlite, copy, {});
    all["sqlite to sqlite again, resumed"] = migrate(sqlite, copy, {"--no-validation"});
    all["dry run"] = migrate(postgresql, files.url("none"), {"--dry-run"});
    all["validate"] = peak_of(files, {"validate", postgresql});
    all["validate --against"] = peak_of(files, {"validate", mysql, "--against", postgresql});
    all["backup"] = peak_of(files, {"backup", mysql, "--output", (files / "late.json").string()});
    REQUIRE(
        run_program("sqlite3", {(files / "from sqlite").string(), "UPDATE jackpots SET total_wagered = 1"})
            .code == 0);
    all["repair --from-journal"] = peak_of(files, {"repair", copy, "--from-journal"});
    peak_of(files, {"seal", copy, "--off", "--alone"});
    all["rollback"] = peak_of(files, {"rollback", copy, "--rollback-data-file", early, "--force-rollback",
                                      "--validate-rollback", "--no-backup"});
    return all;
}

TEST_CASE("the migrator's memory is flat in the length of the journal") {
    auto few = peaks(shorter);
    for (const auto& peak : peaks(longer())) {
        const auto& what = peak.first;
        const auto many = peak.second;
        MESSAGE(what, ": ", few[what], " KiB at ", shorter, " wagers, ", many, " KiB at ", longer());
        CHECK_MESSAGE(many - few[what] < growth_max_kib, what);
    }
}

}  // namespace
