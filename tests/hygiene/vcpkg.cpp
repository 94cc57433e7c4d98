// SPDX-License-Identifier: BSL-1.0
// What can be said of the files for vcpkg without one; cmake/vcpkg/check.sh asks a real one.
#include <jackpot/core/config.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace {

using json = nlohmann::ordered_json;

std::string text_of(const std::string& path) {
    std::ifstream file(JACKPOT_SOURCE_DIR "/" + path);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// What stands in a document's block, as tests/block.sh names it: FILE LANGUAGE TEST.
std::string block(const std::string& named) {
    const auto space = named.find(' ');
    const std::string text = text_of(named.substr(0, space));
    const std::string first = "\n```" + named.substr(space + 1) + "\n";
    const auto begin = text.find(first);
    REQUIRE(begin != std::string::npos);
    const auto end = text.find("\n```\n", begin + 1);
    REQUIRE(end != std::string::npos);
    return text.substr(begin + first.size(), end + 1 - begin - first.size());
}

json parsed(const std::string& path) {
    INFO(path);
    const json value = json::parse(text_of(path), nullptr, false);
    REQUIRE_FALSE(value.is_discarded());
    return value;
}

const std::string port = "cmake/vcpkg/ports/jackpot/";
const std::string version = std::to_string(JACKPOT_VERSION_MAJOR) + "." +
                            std::to_string(JACKPOT_VERSION_MINOR) + "." +
                            std::to_string(JACKPOT_VERSION_PATCH);

// A name alone, or an object with a name.
std::vector<std::string> names(const json& list) {
    std::vector<std::string> result;
    for (const auto& [key, item] : list.items()) {
        result.push_back(list.is_object() ? key
                                          : (item.is_string() ? item : item.at("name")).get<std::string>());
    }
    return result;
}

void check_in_order(const json& paragraph, const char* list) {
    if (paragraph.contains(list)) {
        const auto all = names(paragraph.at(list));
        CHECK(std::is_sorted(all.begin(), all.end()));
    }
}

void check_keys(const json& object, const std::vector<std::string>& order) {
    auto at = order.begin();
    for (const auto& item : object.items()) {
        const auto& key = item.key();
        INFO(key);
        at = std::find(at, order.end(), key);
        REQUIRE(at != order.end());
    }
}

}  // namespace

TEST_CASE("the manifests have the form that vcpkg format-manifest gives them") {
    for (const auto& path : {port + "vcpkg.json", std::string("vcpkg.json")}) {
        CAPTURE(path);
        const json manifest = parsed(path);
        CHECK(text_of(path) == manifest.dump(2) + "\n");
        check_keys(manifest, {"name", "version", "description", "license", "dependencies", "default-features",
                              "features"});
        for (const char* list : {"dependencies", "default-features", "features"}) {
            check_in_order(manifest, list);
        }
        for (const json& feature : manifest.at("features")) {
            check_keys(feature, {"description", "dependencies"});
            check_in_order(feature, "dependencies");
        }
    }
}

TEST_CASE("the port and its registry are of the library's version") {
    const json registry = parsed("cmake/vcpkg/versions/baseline.json").at("default");
    const json versions = parsed("cmake/vcpkg/versions/j-/jackpot.json").at("versions");
    CHECK(parsed(port + "vcpkg.json").at("version") == version);
    CHECK(registry == json{{"jackpot", {{"baseline", version}, {"port-version", 0}}}});
    // One version: a registry in a folder has no ports but those of its checkout.
    CHECK(versions ==
          json::array({{{"version", version}, {"port-version", 0}, {"path", "$/ports/jackpot"}}}));
}

TEST_CASE("the port's features are the build's options and none is on by itself") {
    const json manifest = parsed(port + "vcpkg.json");
    const std::string portfile = text_of(port + "portfile.cmake");
    const std::string build = text_of("CMakeLists.txt");
    CHECK_FALSE(manifest.contains("default-features"));
    CHECK(names(manifest.at("features")) == std::vector<std::string>{"asio", "c-api", "compiled", "mysql",
                                                                     "postgresql", "soci", "sqlite3", "tools",
                                                                     "wide"});
    for (const auto& pair : {std::pair<std::string, std::string>{"asio", "JACKPOT_WITH_ASIO"},
                             {"c-api", "JACKPOT_BUILD_C_API"},
                             {"compiled", "JACKPOT_BUILD_COMPILED"},
                             {"soci", "JACKPOT_WITH_SOCI"},
                             {"tools", "JACKPOT_BUILD_TOOLS"},
                             {"wide", "JACKPOT_WITH_WIDE"}}) {
        const auto& feature = pair.first;
        const auto& option = pair.second;
        CAPTURE(feature);
        std::string row = "    " + feature;
        row.resize(std::string("    compiled ").size(), ' ');
        CHECK(portfile.find(row + option + "\n") != std::string::npos);
        CHECK(build.find("option(" + option + " ") != std::string::npos);
    }
    // The others are SOCI's backends, named as the build and SOCI's own port name them.
    for (const char* backend : {"mysql", "postgresql", "sqlite3"}) {
        CAPTURE(backend);
        const json expected = json::array(
            {{{"name", "jackpot"}, {"features", {"soci"}}}, {{"name", "soci"}, {"features", {backend}}}});
        CHECK(manifest.at("features").at(backend).at("dependencies") == expected);
    }
    CHECK(portfile.find("(mysql|postgresql|sqlite3)") != std::string::npos);
    CHECK(build.find("set(JACKPOT_SOCI_BACKENDS sqlite3 postgresql mysql ") != std::string::npos);
}

TEST_CASE(
    "the command that cmake/README.md shows asks for features of the port, from the folder that has it") {
    const std::string command = block("cmake/README.md sh vcpkg");
    const std::string begin = "vcpkg install 'jackpot[";
    REQUIRE(command.rfind(begin, 0) == 0);
    const auto end = command.find("]' --overlay-ports=jackpot/cmake/vcpkg/ports\n");
    REQUIRE(end != std::string::npos);
    CHECK_FALSE(text_of("cmake/vcpkg/ports/jackpot/portfile.cmake").empty());
    const auto known = names(parsed(port + "vcpkg.json").at("features"));
    std::string wanted = command.substr(begin.size(), end - begin.size()) + ",";
    while (!wanted.empty()) {
        const auto comma = wanted.find(',');
        CAPTURE(wanted);
        CHECK(std::find(known.begin(), known.end(), wanted.substr(0, comma)) != known.end());
        wanted.erase(0, comma + 1);
    }
}

TEST_CASE("the registry that cmake/README.md shows is the one that the checkout has") {
    const json shown = json::parse(block("cmake/README.md json vcpkg"), nullptr, false);
    REQUIRE_FALSE(shown.is_discarded());
    CHECK(shown.at("default-registry").at("kind") == "builtin");
    CHECK(shown.at("registries") == json::array({{{"kind", "filesystem"},
                                                  {"path", "../jackpot/cmake/vcpkg"},
                                                  {"packages", json::array({"jackpot"})}}}));
}
