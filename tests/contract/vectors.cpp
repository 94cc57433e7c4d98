// SPDX-License-Identifier: BSL-1.0
#include "../examples/program.hpp"

#include <nlohmann/json.hpp>

#include <map>

namespace {

using namespace test;

const std::filesystem::path contract = JACKPOT_CONTRACT_DIR;

nlohmann::json parsed(const std::string& line) {
    auto value = nlohmann::json::parse(line, nullptr, false);
    REQUIRE_MESSAGE(!value.is_discarded(), line);
    return value;
}

std::vector<std::string> vector_names() {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(contract / "vectors")) {
        const auto file = entry.path().filename().string();
        if (const auto end = file.find(".commands.jsonl"); end != std::string::npos) {
            names.push_back(file.substr(0, end));
        }
    }
    return names;
}

/// Receipts as texts, so that 1 and 1.0 differ; members in one order.
std::vector<std::string> receipts(const std::string& text) {
    std::vector<std::string> all;
    for (const auto& line : lines_of(text)) {
        all.push_back(parsed(line).dump());
    }
    return all;
}

/// What a vector must give: the receipts beside it, but for the lines that wide amounts change.
std::vector<std::string> expected_receipts(const std::string& name, bool wide) {
    auto all = receipts(contents_of(contract / "vectors" / (name + ".receipts.jsonl")));
    if (wide) {
        for (const auto& line : lines_of(contents_of(contract / "wide_receipts.jsonl"))) {
            const auto change = parsed(line);
            if (change["vector"] == name) {
                auto& receipt = all.at(change["line"].get<std::size_t>() - 1);
                CHECK_MESSAGE(receipt != change["receipt"].dump(), "no change at all: ", line);
                receipt = change["receipt"].dump();
            }
        }
    }
    return all;
}

TEST_CASE("every vector gives its receipts, on every store and with both amount types") {
    const auto names = vector_names();
    REQUIRE(names.size() >= 10);
    for (const auto& name : names) {
        CAPTURE(name);
        const auto commands = contents_of(contract / "vectors" / (name + ".commands.jsonl"));
        const scratch files;
        auto all = flavours(files);
        for (const char* network : {"--group", "--async"}) {
            for (auto& queued : flavours(files, false, network)) {
                all.push_back(std::move(queued));
            }
        }
        run_all(JACKPOT_REPLAY, all, commands, [&](const flavour& where, const outcome& done) {
            CHECK(done.code == 0);
            const auto given = receipts(done.out);
            const auto wanted = expected_receipts(name, where.wide);
            REQUIRE(given.size() == wanted.size());
            for (std::size_t i = 0; i < given.size(); ++i) {
                CHECK_MESSAGE(given[i] == wanted[i], "line ", i + 1);
            }
        });
    }
}

}  // namespace
