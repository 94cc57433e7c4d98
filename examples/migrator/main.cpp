// SPDX-License-Identifier: BSL-1.0
//
// Moves the state of one store into another, and proves that they are equal.
// Exit codes: 0 done, 1 failed, 2 usage, 3 a store could not be reached, 128 and its number where a signal
// ended it.
#include "console/answer.hpp"
#include "console/environment.hpp"
#include "console/signals.hpp"
#include "verbs/examples.hpp"
#include "verbs/files.hpp"
#include "verbs/store_url.hpp"
#include "verbs/verb.hpp"

#include <jackpot/soci.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <csignal>
#include <cstdio>
#include <sstream>
#include <stdexcept>

namespace migrator {

namespace {

/// The verb that was given, "schema apply", say, or as much of it as there is.
std::string verb_of(const CLI::App& app) {
    std::string verb;
    for (const auto* at = &app; !at->get_subcommands().empty();) {
        at = at->get_subcommands().front();
        verb += (verb.empty() ? "" : " ") + at->get_name();
    }
    return verb;
}

/// Does the locale have UTF-8? One that nobody chose, as under cron, is no reason to think that it has not.
bool shows_utf8() {
    for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
        if (const auto locale = detail::variable(name)) {
            return locale->find("UTF-8") != std::string::npos || locale->find("utf8") != std::string::npos ||
                   locale->find("utf-8") != std::string::npos;
        }
    }
    return true;
}

std::string version() {
    return fmt::format("migrator {}.{}.{}, schema number {}", JACKPOT_VERSION_MAJOR, JACKPOT_VERSION_MINOR,
                       JACKPOT_VERSION_PATCH, jackpot::sql::newest_migration<std::int64_t>);
}

/// The verbs of a verb; groups of options, which have no name, are none.
std::vector<CLI::App*> verbs_of(CLI::App& app) {
    return app.get_subcommands([](CLI::App* each) { return !each->get_name().empty(); });
}

/// What every verb has, be it of another verb or not.
void complete(CLI::App& app, bool& json, const std::string& before = {}) {
    for (auto* verb : verbs_of(app)) {
        if (!verbs_of(*verb).empty()) {
            complete(*verb, json, before + verb->get_name() + " ");
            continue;
        }
        auto* flag = verb->add_flag("--json", json,
                                    "One JSON document with the result, and nothing else on standard output");
        verb->add_flag("--ascii", ascii_alone, "Shows ASCII alone, as in a locale without UTF-8");
        // What goes on for ever has no document, and CSV is none.
        for (const char* other : {"--watch", "--csv"}) {
            if (auto* excluded = verb->get_option_no_throw(other)) {
                flag->excludes(excluded);
            }
        }
        const auto own = verb->get_footer();
        const auto* example =
            std::find_if(std::begin(verb_examples), std::end(verb_examples),
                         [&](const verb_example& e) { return e.verb == before + verb->get_name(); });
        verb->footer(own + (own.empty() ? "" : "\n") +
                     (own.find("Exit codes: ") == std::string::npos ? std::string(exit_codes) + "\n" : "") +
                     "Where a signal ended it: 130 (Ctrl-C), 143 (SIGTERM) or 129 (SIGHUP).\n\nExamples:\n" +
                     std::string(example->lines));
    }
}

/// What is wrong with a command line, without what may be a password in it.
std::string misuse_of(const CLI::App& app, const CLI::ParseError& e, const std::vector<std::string>& words) {
    std::string what = e.what();
    const auto extra = app.remaining(true);
    if (e.get_exit_code() == 0) {
        what = "A subcommand is required";  // beside words that are none, --help is none of one
    }
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
    const bool json = std::find(words.begin(), words.end(), "--json") != words.end();
    auto& document = answer::given();
    document.begin(verb_of(app), json);
    document.fail({what, "migrator VERB --help"});
    document.end(exit_usage);
    if (!json) {
        emit(stderr, "{}\nRun with --help for more information.\n", what);
    }
    return exit_usage;
}

int run(int argc, char** argv) {
    CLI::App app("Moves jackpot pools from one store into another, and proves that they are equal.",
                 "migrator");
    app.require_subcommand(1);
    app.set_version_flag("--version", version());
    action chosen;
    add_backup(app, chosen);
    add_cut_over(app, chosen);
    add_generate(app, chosen);
    add_history(app, chosen);
    add_manual(app, chosen);
    add_migrate(app, chosen);
    add_repair(app, chosen);
    add_report(app, chosen);
    add_rollback(app, chosen);
    add_schema(app, chosen);
    add_seal(app, chosen);
    add_statement(app, chosen);
    add_status(app, chosen);
    add_validate(app, chosen);
    bool json = false;
    ascii_alone = !shows_utf8();
    complete(app, json);
    try {
        app.parse(argc, argv);
        static_cast<void>(read_environment());
    } catch (const CLI::ParseError& e) {
        if (e.get_exit_code() != 0 || !app.remaining(true).empty()) {
            return misused(app, e, {argv + 1, argv + argc});
        }
        std::ostringstream help;
        app.exit(e, help, help);
        emit("{}", lines{help.str()});
        return 0;
    }
    answer::given().begin(verb_of(app), json);
    listen_for_signals();
    // A file that may not grow is an error to report, and not the end.
    std::signal(SIGXFSZ, SIG_IGN);
    try {
        const int code = chosen();
        answer::given().end(code);
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
    verb.add_option("store", store,
                    "sqlite://FILE, postgresql://[user[:password]@][host[:port]]/database, or mysql:// "
                    "likewise; @FILE for "
                    "the URL in a file")
        ->transform(from_file())
        ->envname(store_variable)
        ->required();
}

void add_yes(CLI::App& verb, bool& yes) {
    verb.add_flag("--yes", yes, "Asks nothing at a terminal; nobody is asked elsewhere");
}

void add_break_lock(CLI::App& verb, bool& break_lock) {
    verb.add_flag("--break-lock", break_lock, "Goes on though somebody is said to be at work on the store");
}

std::string check_name(const std::string& text) {
    return is_valid(jackpot::name(text))
               ? ""
               : "'" + text + "' is not 1 to 128 bytes of UTF-8 without control characters";
}

CLI::Validator from_file() {
    const auto read = [](std::string& text) -> std::string {
        if (!text.starts_with("@")) {
            return {};
        }
        const auto inside = read_file(text.substr(1));
        if (!inside) {
            return inside.error();
        }
        text = inside->substr(0, inside->find_first_of("\r\n"));
        return {};
    };
    return {read, ""};
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
