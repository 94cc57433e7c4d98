// SPDX-License-Identifier: BSL-1.0
//
// Moves the state of one store into another, and proves that they are equal.
// Exit codes: 0 done, 1 failed, 2 usage, 3 a store could not be reached, 130 interrupted between two batches.
#include "console/document.hpp"
#include "console/environment.hpp"
#include "console/printable.hpp"
#include "verbs/verb.hpp"

#include <jackpot/soci.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <csignal>
#include <cstdio>
#include <sstream>
#include <stdexcept>

namespace migrator {

namespace {

std::atomic<bool> interrupt_asked = false;
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler sets it");

void listen_for_interrupt() {
    struct sigaction action {};
    action.sa_handler = [](int) { interrupt_asked = true; };
    action.sa_flags = static_cast<int>(SA_RESETHAND);
    sigaction(SIGINT, &action, nullptr);
}

/// What is wrong with a command line, without what may be a password in it.
std::string misuse_of(const CLI::App& app, const CLI::ParseError& e, const std::vector<std::string>& words) {
    std::string what = e.what();
    const auto extra = app.remaining(true);
    if (!extra.empty() && what.find("subcommand") != std::string::npos) {
        what += ", and this is none: " + extra.front();
    }
    for (const auto& word : words) {
        // Of --flag=URL the URL.
        const auto equals = word.starts_with("--") ? word.find('=') : std::string::npos;
        const auto url = equals == std::string::npos ? word : word.substr(equals + 1);
        if (url.find(":/") == std::string::npos) {
            continue;
        }
        const auto shown = jackpot::without_password(url);
        for (auto at = what.find(url); at != std::string::npos; at = what.find(url, at + shown.size())) {
            what.replace(at, url.size(), shown);
        }
    }
    return what;
}

int misused(const CLI::App& app, const CLI::ParseError& e, const std::vector<std::string>& words) {
    const auto what = misuse_of(app, e, words);
    if (std::find(words.begin(), words.end(), "--json") == words.end()) {
        emit(stderr, "{}\nRun with --help for more information.\n", what);
    } else {
        print_document({{"status", "failed"}, {"reason", what}, {"remedy", "migrator VERB --help"}});
    }
    return exit_usage;
}

int run(int argc, char** argv) {
    CLI::App app("Moves jackpot pools from one store into another, and proves that they are equal.",
                 "migrator");
    app.require_subcommand(1);
    action chosen;
    add_backup(app, chosen);
    add_generate(app, chosen);
    add_migrate(app, chosen);
    add_repair(app, chosen);
    add_rollback(app, chosen);
    add_schema(app, chosen);
    add_seal(app, chosen);
    add_validate(app, chosen);
    try {
        app.parse(argc, argv);
        static_cast<void>(read_environment());
    } catch (const CLI::ParseError& e) {
        if (e.get_exit_code() != 0) {
            return misused(app, e, {argv + 1, argv + argc});
        }
        std::ostringstream help;
        app.exit(e, help, help);
        emit("{}", lines{help.str()});
        return 0;
    }
    listen_for_interrupt();
    // A file that may not grow is an error to report, and not the end.
    std::signal(SIGXFSZ, SIG_IGN);
    try {
        const int code = chosen();
        if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
            throw std::runtime_error("what was said could not be written to standard output");
        }
        return code;
    } catch (const std::exception& e) {
        emit(stderr, "❌ {}\n   Remedy: see that the output can be written: df -h\n", e.what());
        return exit_failed;
    }
}

}  // namespace

void add_store(CLI::App& verb, std::string& store) {
    verb.add_option(
            "store", store,
            "sqlite://FILE, postgresql://[user[:password]@][host[:port]]/database, or mysql:// likewise")
        ->envname("JACKPOT_DATABASE_URL")
        ->required();
}

bool interrupted() {
    return interrupt_asked;
}

std::string check_name(const std::string& text) {
    return is_valid(jackpot::name(text))
               ? ""
               : "'" + text + "' is not 1 to 128 bytes of UTF-8 without control characters";
}

CLI::Validator whole_number(range allowed) {
    const auto check = [allowed](std::string& text) -> std::string {
        std::uint64_t number = 0;
        const auto end = text.data() + text.size();
        const auto [stop, failed] = std::from_chars(text.data(), end, number);
        if (failed != std::errc() || stop != end || number < allowed.least || number > allowed.most) {
            return fmt::format("{} is not a whole number from {} to {}", text, allowed.least, allowed.most);
        }
        text = std::to_string(number);
        return {};
    };
    return {check, fmt::format("{}..{}", allowed.least, allowed.most)};
}

}  // namespace migrator

int main(int argc, char** argv) {
    return migrator::run(argc, argv);
}
