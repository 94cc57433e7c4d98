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
            c["key"] = key();
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
    std::string key() { return "key-" + std::to_string(below(200)); }
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
        if (percent(30)) {
            c["seed_rate"] = pick({"0", "0.02", "0.5", "0.333333333", "0.000000001"});
        }
        if (percent(15)) {
            c["reserve_cap"] = one_in(3) ? command() : amount();
        }
        if (percent(20)) {
            c["seed_from"] = pick({"house", "overflow"});
        }
        if (percent(5)) {
            c["max_wager"] = one_in(3) ? command() : amount();
        }
        if (percent(5)) {
            c["changes"] = pick({"any", "after_win", "suspended"});
        }
    }

    command who_and_why(command c) {
        c["actor"] = pick({"auditor", "manager"});
        c["reason"] = "count";
        return c;
    }
    std::string hold() { return pick({"hold-1", "hold-2", "hold-3", "hold-4"}); }

    /// Of holds, transfers and closes.
    command settle() {
        const auto draw = below(100);
        if (draw < 45) {
            command c{{"op", "hold"},
                      {"pool", pool()},
                      {"game", game()},
                      {"player", pick({"alice", "bob"})},
                      {"hold", hold()}};
            if (percent(60)) {
                c["amount"] = amount();
            }
            return c;
        }
        if (draw < 55) {
            return {{"op", "confirm"}, {"pool", pool()}, {"hold", hold()}, {"actor", "auditor"}};
        }
        if (draw < 75) {
            return who_and_why({{"op", "release"}, {"pool", pool()}, {"hold", hold()}});
        }
        if (draw < 98) {
            return who_and_why({{"op", "transfer"}, {"from", pool()}, {"to", pool()}, {"amount", amount()}});
        }
        command c{{"op", "close"}, {"pool", pool()}};
        if (percent(70)) {
            c["to"] = pool();
        }
        if (percent(40)) {
            c["to_house"] = amount();
        }
        return who_and_why(c);
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
        if (draw < 55) {
            return who_and_why({{"op", "revert"}, {"reverts", key()}});
        }
        if (draw < 60) {
            return settle();
        }
        if (draw < 69) {
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
        std::string field = pick({"key", "player", "amount", "pools", "games", "min_wager", "rounding",
                                  "on_cap", "round", "site", "hold", "to", "to_house", "seed_rate",
                                  "reserve_cap", "seed_from", "max_wager", "changes"});
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
