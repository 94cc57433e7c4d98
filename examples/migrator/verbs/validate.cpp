// SPDX-License-Identifier: BSL-1.0
#include "../checks/validation.hpp"
#include "../console/answer.hpp"
#include "store_url.hpp"
#include "verb.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <memory>

namespace migrator {

namespace {

/// Adds a check of whether the store can be reached, and returns what it said.
bool reach(const std::string& url, validation& result) {
    check reached{"connectivity", "Database connectivity verified", "Database connectivity failed"};
    const auto connected = jackpot::soci_storage::visit(url, [](jackpot::sql::connection&) {});
    const auto shown = jackpot::without_password(url);
    connected ? reached.steps.push_back({shown})
              : reached.fail(shown, connection_trouble(connected.error(), shown));
    result.reached = result.reached && connected;
    result.checks.push_back(std::move(reached));
    return connected.has_value();
}

}  // namespace

void look(const validation_options& o, validation& result) {
    const bool reached = reach(o.store, result);
    if (!(o.against.empty() || reach(o.against, result)) || !reached) {
        return;
    }
    if (auto risks = jackpot::soci_storage::visit(o.store, jackpot::sql::read_durability)) {
        result.risks = std::move(*risks);
    }
    const auto state = jackpot::soci_storage::inspect(o.store);
    if (!state) {
        check schema{"schema", {}, "Database schema validation failed"};
        schema.fail("tables", store_trouble(state.error()));
        result.checks.push_back(std::move(schema));
        return;
    }
    state->amount_type == "int256" ? validate_wide_store(o, *state, result)
                                   : validate_store<std::int64_t>(o, *state, result);
}

namespace {

struct score {
    std::size_t passed = 0;
    std::size_t made = 0;

    /// Rounded down: 100 only where every check passed.
    [[nodiscard]] std::size_t percent() const { return made == 0 ? 0 : passed * 100 / made; }
};

score score_of(const validation& v) {
    score s;
    for (const auto& c : v.checks) {
        for (const auto& each : c.steps) {
            s.passed += each.wrong.empty() ? 1 : 0;
            ++s.made;
        }
    }
    return s;
}

std::string line_of(const step& s) {
    return s.wrong.empty() ? "✅ " + s.what : fmt::format("❌ {}: {}", s.what, s.wrong);
}

void print(const check& c, bool detailed) {
    // A refused connection is told in the guide's words.
    const bool alone = c.name == "connectivity";
    if (c.ok()) {
        say("✅ {}\n", c.passed);
    } else if (detailed && !alone) {
        say("❌ {}\n", c.failed);
    }
    for (const auto& s : c.steps) {
        if (detailed && !alone) {
            say("   {}\n", line_of(s));
        } else if (!s.wrong.empty()) {
            say("❌ {}: {}\n", c.failed, alone ? s.wrong : fmt::format("{}: {}", s.what, s.wrong));
        }
    }
    if (!c.remedy.empty()) {
        say("{}", lines{trouble{{}, c.remedy, c.said}.advice()});
    }
}

void add_members(const validation_options& o, const validation& v, int code) {
    auto& document = answer::given();
    document.add("store", jackpot::without_password(o.store));
    document.add("ok", v.ok());
    document.add("exit_code", code);
    const auto s = score_of(v);
    document.add("score", s.percent());
    document.add("checks_passed", s.passed);
    document.add("checks_made", s.made);
    auto checks = nlohmann::ordered_json::array();
    trouble first;
    for (const auto& c : v.checks) {
        nlohmann::ordered_json each{
            {"check", c.name}, {"ok", c.ok()}, {"message", c.ok() ? c.passed : c.failed}};
        auto& steps = each["steps"] = nlohmann::ordered_json::array();
        for (const auto& one : c.steps) {
            if (o.detailed || !one.wrong.empty()) {
                steps.push_back({{"what", one.what}, {"ok", one.wrong.empty()}, {"wrong", one.wrong}});
            }
            if (first.what.empty() && !one.wrong.empty()) {
                first = {fmt::format("{}: {}: {}", c.failed, one.what, one.wrong), c.remedy, c.said};
            }
        }
        if (!c.remedy.empty()) {
            each["remedy"] = c.remedy;
        }
        if (!c.said.empty()) {
            each["said"] = c.said;
        }
        checks.push_back(std::move(each));
    }
    document.add("checks", std::move(checks));
    document.add("durability_risks", v.risks);
    if (!first.what.empty()) {
        document.fail(first);
    }
}

int run(const validation_options& o) {
    validation v;
    look(o, v);
    const int code = !v.reached ? exit_unreachable : v.ok() ? 0 : exit_failed;
    add_members(o, v, code);
    for (const auto& c : v.checks) {
        // The guide shows the schema's lines alone.
        if (!(o.schema_only && !o.detailed && c.name == "connectivity" && c.ok())) {
            print(c, o.detailed);
        }
    }
    for (const auto& risk : answer::given().json() ? std::vector<std::string>() : v.risks) {
        emit(stderr, "⚠️ Durability: {}\n", risk);
    }
    if (v.reached && (!o.schema_only || o.detailed)) {
        const auto s = score_of(v);
        say("📊 Data integrity score: {}% ({} of {} checks passed)\n", s.percent(), s.passed, s.made);
    }
    return code;
}

}  // namespace

void add_validate(CLI::App& app, action& chosen) {
    auto* verb = app.add_subcommand("validate", "Checks a store: connectivity, schema, data and journal");
    verb->footer(
        "Changes nothing. Exit codes: 0 every check passed, 1 one did not, 2 usage, 3 a store could not be\n"
        "reached. Writers may go on; a check of a store that is written to meanwhile tells of the moment at\n"
        "which it looked.");
    const auto kept = std::make_shared<validation_options>();
    validation_options& o = *kept;
    add_store(*verb, o.store);
    auto* schema_only = verb->add_flag("--schema-only", o.schema_only, "Looks at the tables alone");
    verb->add_flag("--detailed", o.detailed, "Shows every check, of every pool");
    verb->add_option("--against", o.against, "Another store that is to be equal")
        ->transform(from_file())
        ->excludes(schema_only);
    verb->callback([&chosen, kept] {
        check_store_url("store", kept->store);
        if (!kept->against.empty()) {
            check_store_url("--against", kept->against);
        }
        chosen = [kept] { return run(*kept); };
    });
}

}  // namespace migrator
