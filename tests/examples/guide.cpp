// SPDX-License-Identifier: BSL-1.0
#include "program.hpp"

#include <map>
#include <regex>

namespace {

using namespace test;

struct example {
    std::string command;
    std::vector<std::string> output;
};

/// The commands of the console blocks, each with what it is shown to print.
std::vector<example> examples_of(const std::string& text) {
    std::vector<example> all;
    bool inside = false;
    for (const auto& line : lines_of(text)) {
        if (line.starts_with("```")) {
            inside = line == "```console";
        } else if (inside && line.starts_with("$ ")) {
            all.push_back({line.substr(2), {}});
        } else if (inside && line.starts_with("> ")) {
            all.back().command += "\n" + line.substr(2);
        } else if (inside) {
            all.back().output.push_back(line);
        }
    }
    return all;
}

/// A line with the same words for every time, duration and new file.
std::string settled(std::string line) {
    const std::pair<const char*, const char*> rules[] = {
        {R"(\[\d{4}-\d\d-\d\dT[\d:.]+Z\])", "[TIME]"},
        {R"((Execution time: |completed in )\d+ms)", "$1 MS"},
        {R"("executionTimeMs": \d+)", "MS"},
        {R"(in \d+\.\d s, \d+ a second)", "S"},
        {R"(rollback-data-\d{8}T\d{9}-[0-9a-f]{8}-)", "rollback-data-TIME-"},
    };
    for (const auto& [what, with] : rules) {
        line = std::regex_replace(line, std::regex(what), with);
    }
    return line;
}

/// Are these the lines that were wanted, where an ellipsis stands for any number of them?
bool matches(const std::vector<std::string>& wanted, std::size_t w, const std::vector<std::string>& seen,
             std::size_t s) {
    for (; w < wanted.size(); ++w, ++s) {
        if (wanted[w] == "…") {
            for (std::size_t rest = s; rest <= seen.size(); ++rest) {
                if (matches(wanted, w + 1, seen, rest)) {
                    return true;
                }
            }
            return false;
        }
        if (s == seen.size() || settled(wanted[w]) != settled(seen[s])) {
            return false;
        }
    }
    return s == seen.size();
}

std::string replaced(std::string text, const std::map<std::string, std::string>& by) {
    for (const auto& [from, to] : by) {
        for (std::size_t at = text.find(from); at != std::string::npos;
             at = text.find(from, at + to.size())) {
            text.replace(at, from.size(), to);
        }
    }
    return text;
}

#ifdef JACKPOT_SERVICE
/// Ends the service that the guide starts, also where the guide does not come to that.
struct service_end {
    std::filesystem::path pid;
    ~service_end() {
        run_shell("! [ -e " + in_quotes(pid.string()) + " ] || kill -KILL $(cat " + in_quotes(pid.string()) +
                  ")");
    }
};
#endif

TEST_CASE("every command of the guide runs, and prints what the guide shows") {
    const std::filesystem::path guide(JACKPOT_GUIDE);
    const auto examples = examples_of(contents_of(guide));
    REQUIRE(examples.size() > 20);
    const scratch files;
    const auto places = new_places();
    const std::map<std::string, std::string> real{
        {"postgresql://jackpot@localhost/jackpot", in_quotes(places[0])},
        {"mysql://jackpot@localhost/jackpot", in_quotes(places[1])}};
    // What a store is called in messages: without user and options.
    const auto name = [](const std::string& url) { return url.substr(0, url.find('?')); };
    std::map<std::string, std::string> shown{
        {name(places[1]).replace(8, std::string("jackpot@").size(), ""), "mysql://localhost/jackpot"}};
    const auto host = places[0].substr(places[0].find("host=") + 5);
    shown["postgresql://" + host.substr(0, host.find('&')) + "/jackpot"] = "postgresql://localhost/jackpot";

    const auto path = places[0].find("search_path%3D") + std::string("search_path%3D").size();
    shown["schema " + places[0].substr(path, places[0].find('&', path) - path)] = "schema public";

    std::string before = "cd " + (files / "").string() +
                         "\nMIGRATOR=" + in_quotes(guide.parent_path().string()) +
                         "\nexport MIGRATOR\nmigrator() { " + in_quotes(JACKPOT_MIGRATOR) +
                         " \"$@\"; }\nreplay() { " + in_quotes(JACKPOT_REPLAY) + " \"$@\"; }\n";
#ifdef JACKPOT_SERVICE
    // The service listens where no other test can, and who watches it looks once.
    const std::filesystem::path service(JACKPOT_SERVICE);
    const auto socket = (files / "service.sock").string();
    before += "PATH=" + in_quotes(service.parent_path().string()) +
              ":$PATH\nexport JACKPOT_LISTEN=unix:" + socket + "\ncurl() { command curl --unix-socket " +
              socket + " \"$@\"; }\nwatch() { eval \"$3\"; }\n";
    const service_end ended{files / "service.pid"};
#endif
    for (const auto& example : examples) {
        const auto& command = example.command;
        const auto& output = example.output;
#ifndef JACKPOT_SERVICE
        if (command.starts_with("jackpot-service ")) {
            break;  // it was not built, and what follows asks it
        }
#endif
        const auto line = replaced(command, real);
        if (command.starts_with("export ")) {
            before += line + "\n";
            continue;
        }
        const auto done = run_shell(before + "{ " + line + "\n} 2>&1");
        auto seen = lines_of(replaced(done.out, shown));
        // The tests' servers are told to be quick, not durable, and that is shown; how far a check has come
        // is told by time.
        std::erase_if(seen, [](const std::string& said) {
            return said.starts_with("⚠️ Durability: ") || said.find("] Compared ") != std::string::npos ||
                   said.find("] Audited ") != std::string::npos;
        });
        CHECK_MESSAGE(matches(output, 0, seen, 0), "$ ", command, "\n", replaced(done.out, shown));
    }
}

}  // namespace
