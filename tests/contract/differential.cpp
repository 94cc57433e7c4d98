// SPDX-License-Identifier: BSL-1.0
#include "../examples/program.hpp"
#include "random_commands.hpp"

#include <set>

namespace {

using namespace test;

constexpr int commands = 3000;

std::string stream(std::uint64_t seed, bool limits) {
    random_commands random(seed, limits);
    std::string lines;
    for (int i = 0; i < commands; ++i) {
        lines.append(random.next()).append("\n");
    }
    return lines.append(R"({"op":"pools"})").append("\n").append(R"({"op":"statistics"})").append("\n");
}

std::string receipts_of(const flavour& where, const std::string& input) {
    const auto done = run_program(JACKPOT_REPLAY, where.flags(), input);
    CHECK(done.code == 0);
    return done.out;
}

/// The first line in which two runs differ, for a person to look at.
std::string first_difference(const std::string& a, const std::string& b) {
    const auto left = lines_of(a);
    const auto right = lines_of(b);
    for (std::size_t i = 0; i < left.size() && i < right.size(); ++i) {
        if (left[i] != right[i]) {
            return "line " + std::to_string(i + 1) + ": " + left[i] + " / " + right[i];
        }
    }
    return "the number of lines";
}

/// What came of the commands, so that a stream that only ever fails is no test.
void check_variety(const std::string& receipts, std::size_t errors) {
    std::set<std::string> codes;
    int done = 0;
    for (const auto& line : lines_of(receipts)) {
        if (line.starts_with(R"({"ok":true)")) {
            ++done;
        } else {
            codes.insert(line);
        }
    }
    CHECK(done > commands / 4);
    CHECK(codes.size() >= errors);
}

TEST_CASE("random commands give the same receipts on every store, with both amount types") {
    for (const std::uint64_t seed : {1U, 2U, 3U}) {
        CAPTURE(seed);
        const auto input = stream(seed, false);
        const scratch files;
        const auto wanted = receipts_of({"memory", false}, input);
        check_variety(wanted, 36);
        run_all(JACKPOT_REPLAY,
                flavours(files, seed == 2   ? "--group"
                                : seed == 3 ? "--async"
                                            : ""),
                input, [&](const flavour&, const outcome& done) {
                    CHECK(done.code == 0);
                    CHECK_MESSAGE(done.out == wanted, first_difference(wanted, done.out));
                });
    }
}

TEST_CASE("random commands at the limits of an amount type give the same receipts on every store") {
    const auto input = stream(3, true);
    const scratch files;
    const std::string wanted[] = {receipts_of({"memory", false}, input),
                                  receipts_of({"memory", true}, input)};
    run_all(JACKPOT_REPLAY, flavours(files), input, [&](const flavour& where, const outcome& done) {
        CHECK(done.code == 0);
        // MariaDB's decimals have 65 digits: what is above that the store refuses, and replay ends.
        if (!where.wide || !where.store.starts_with("mysql://")) {
            CHECK_MESSAGE(done.out == wanted[where.wide], first_difference(wanted[where.wide], done.out));
        }
    });
    for (const auto& receipts : wanted) {
        check_variety(receipts, 44);
        CHECK(receipts.find("amount_overflow") != std::string::npos);
    }
}

}  // namespace
