// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_TESTS_CONTRACT_RANDOM_COMMANDS_HPP
#define JACKPOT_TESTS_CONTRACT_RANDOM_COMMANDS_HPP

#include <jackpot/core/environment.hpp>

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace test {

/// Lines for replay: commands of every kind, sound ones and such with a member that is missing, too much
/// or of another type, and lines that are no commands at all. The same seed gives the same lines.
class random_commands {
public:
    /// With `limits`, some amounts are at the ends of both amount types, which then do not agree.
    random_commands(std::uint64_t seed, bool limits) : dice_(seed), limits_(limits) {}

    std::string next() {
        if (one_in(100)) {
            return pick({"", "{", "[]", "5", R"({"op":"pools"} x)", R"({"op":"pools","x":"\udc00"})",
                         "{'op':1}", R"({"op":"pools","x":01})",
                         R"( { "op" : "pools" , "x":[{"y":[1e999]}] } )"});
        }
        if (!keyed_.empty() && one_in(25)) {
            return keyed_[below(keyed_.size())];
        }
        command c = any();
        while (one_in(8)) {
            spoil(c);
        }
        if (percent(25)) {
            c["key"] = "key-" + std::to_string(below(200));
            keyed_.push_back(c.dump());
        }
        return c.dump();
    }

private:
    using command = nlohmann::ordered_json;

    std::uint64_t below(std::uint64_t bound) { return dice_.random() % bound; }
    bool one_in(std::uint64_t n) { return below(n) == 0; }
    bool percent(std::uint64_t p) { return below(100) < p; }
    template <class T>
    T pick(const std::vector<T>& of) {
        return of[below(of.size())];
    }
    std::string pick(std::initializer_list<const char*> of) { return of.begin()[below(of.size())]; }

    std::string pool() {
        return one_in(40) ? "no such pool" : pick({"minor", "major", "mega", "MINOR", "minor ", "größer"});
    }
    std::string game() { return pick({"slots-1", "slots-2", "poker", "Poker", "räd"}); }

    command amount() {
        const std::int64_t most = (std::numeric_limits<std::int64_t>::max)();
        if (limits_ && one_in(10)) {
            // A text is an amount where amounts are wide; one that is longer than 64 bits is printed so.
            return pick(std::vector<command>{
                most, most - 1, most / 2, most / 2 + 1, -most - 1, most + 1ULL,
                "170141183460469231731687303715884105728",
                "57896044618658097711785492504343953926634992332820282019728792003956564819967",
                "57896044618658097711785492504343953926634992332820282019728792003956564819968"});
        }
        return 1 + below(one_in(3) ? 1'000'000'000'000 : one_in(2) ? 100'000 : 100);
    }

    void configure(command& c) {
        if (percent(40)) {
            c["seed"] = amount();
        }
        if (percent(40)) {
            c["cap"] = one_in(3) ? command() : amount();
        }
        if (percent(80)) {
            c["rate"] =
                pick({"0", "1", "0.5", "0.02", "0.000000001", "0.999999999", "0.333333333", "1.0", "00.5"});
        }
        if (percent(20)) {
            c["rounding"] = pick({"carry", "floor"});
        }
        if (percent(20)) {
            c["on_cap"] = pick({"divert", "stop"});
        }
        if (percent(10)) {
            c["min_wager"] = amount();
        }
        if (percent(10)) {
            c["games"] =
                pick(std::vector<command>{command::array(), {"poker"}, {"slots-1", "poker", "slots-1"}});
        }
    }

    command any() {
        const auto draw = below(100);
        if (draw < 5) {
            command c{{"op", "open"}, {"pool", pool()}};
            configure(c);
            return c;
        }
        if (draw < 52) {
            command c{{"op", "contribute"}, {"game", game()}, {"wager", amount()}};
            if (percent(30)) {
                c["pools"] = command::array();
                for (auto more = below(4); more > 0; --more) {
                    c["pools"].push_back(pool());
                }
            }
            if (percent(30)) {
                c["player"] = pick({"alice", "bob"});
            }
            return c;
        }
        if (draw < 66) {
            command c{{"op", "win"}, {"pool", pool()}, {"game", game()}, {"player", pick({"alice", "bob"})}};
            if (percent(50)) {
                c["amount"] = amount();
            }
            return c;
        }
        if (draw < 80) {
            command c{{"op", "configure"}, {"pool", pool()}};
            if (percent(60)) {
                c["when"] = pick({"now", "after_win", "after_win", "discard"});
            }
            if (c.value("when", "") != "discard") {
                configure(c);
            }
            return c;
        }
        if (draw < 86) {
            command delta = amount();
            if (delta.is_number() && one_in(2)) {
                delta = -delta.get<std::int64_t>();
            }
            return {{"op", "adjust"},
                    {"pool", pool()},
                    {"delta", delta},
                    {"actor", "auditor"},
                    {"reason", "count"}};
        }
        if (draw < 96) {
            return {{"op", pick({"suspend", "resume", "resume", "pool"})}, {"pool", pool()}};
        }
        return {{"op", pick({"pools", "statistics", "burn"})}};
    }

    /// Takes a member away, or gives one a value that is hardly ever right.
    void spoil(command& c) {
        std::string field =
            pick({"key", "player", "amount", "pools", "games", "min_wager", "rounding", "on_cap"});
        if (percent(70)) {
            field = std::next(c.begin(), static_cast<std::ptrdiff_t>(below(c.size()))).key();
        }
        if (one_in(3) && c.size() > 1) {
            c.erase(field);
        } else {
            c[field] = pick(std::vector<command>{nullptr,
                                                 true,
                                                 1.5,
                                                 1e30,
                                                 "",
                                                 std::string(129, 'x'),
                                                 "a\nb",
                                                 "\x7F",
                                                 -5,
                                                 0,
                                                 command::array(),
                                                 {"minor"},
                                                 {"", 7},
                                                 command::object()});
        }
    }

    jackpot::seeded_environment dice_;
    bool limits_;
    std::vector<std::string> keyed_;
};

}  // namespace test

#endif
