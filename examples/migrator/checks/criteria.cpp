// SPDX-License-Identifier: BSL-1.0
#include "criteria.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <set>

namespace migrator {

namespace {

struct guide_item {
    std::string_view list;
    std::string_view what;
    std::vector<std::string_view> checks;  ///< by their names; none: the application's
    std::string_view fields;  ///< of a pool, apart by blanks: no other difference counts; none: all do
    std::string_view hint;    ///< what somebody is to do where it was not checked
};

constexpr std::string_view success_list = "Success criteria";
constexpr std::string_view checklist = "Validation checklist";
constexpr std::string_view name_the_source = "name the store that it was copied from: --against STORE";

const guide_item guide_items[] = {
    {success_list,
     "Schema migration: all database objects created",
     {"schema", "columns", "indexes", "constraints"},
     {},
     "migrator validate STORE --schema-only"},
    {success_list,
     "Data migration: all jackpot pools migrated without errors",
     {"data", "journal", "comparison"},
     {},
     name_the_source},
    {success_list,
     "Application deployment: new version deployed without issues",
     {},
     {},
     "systemctl status jackpot; curl -f http://localhost:3000/readyz"},
    {success_list,
     "Functional testing: all jackpot operations work",
     {},
     {},
     "open, contribute, win and read a pool of its own, by the application's interface"},
    {success_list,
     "Performance testing: response times within the acceptable",
     {},
     {},
     "curl http://localhost:3000/api/metrics/jackpot, under the usual load"},
    {success_list, "Integration testing: no breaking changes with other systems", {}, {}, "its own tests"},
    {success_list,
     "Monitoring setup: monitoring and alerting functional",
     {},
     {},
     "migrator status STORE --max-age 60, and let one alarm ring"},
    {checklist,
     "Database schema matches expected structure",
     {"schema", "columns", "constraints"},
     {},
     "migrator validate STORE --schema-only"},
    {checklist,
     "All jackpot groups present",
     {"pools"},
     {},
     "say which there are to be: --expect-pools minor,major,mega"},
    {checklist, "Contribution rates correctly preserved", {"comparison"}, "rate seed_rate", name_the_source},
    {checklist,
     "Seed and maximum amounts maintained",
     {"comparison"},
     "seed cap reserve_cap",
     name_the_source},
    {checklist,
     "Version control fields initialized",
     {"data"},
     "version sequence",
     "migrator validate STORE --detailed"},
    {checklist, "Indexes created and functional", {"indexes"}, {}, "migrator validate STORE --schema-only"},
    {checklist, "Application error-free startup", {}, {}, "journalctl -u jackpot -p warning"},
    {checklist, "API endpoints responding", {}, {}, "curl -f http://localhost:3000/api/health/jackpot"},
    {checklist, "Integration tests passing", {}, {}, "ctest --preset dev -L integration"},
    {checklist, "Performance benchmarks met", {}, {}, "ctest --preset dev -L performance"},
    {checklist, "Monitoring alerts configured", {}, {}, "let one alarm ring, and see who hears of it"},
    {checklist,
     "Backup procedures verified",
     {"backup"},
     {},
     "migrator backup STORE, and a rollback of a copy to it"},
};

const check* find_check(const validation& v, std::string_view name) {
    const auto found =
        std::find_if(v.checks.begin(), v.checks.end(), [&](const check& c) { return c.name == name; });
    return found == v.checks.end() ? nullptr : &*found;
}

/// Does what is wrong in that step concern a criterion of those fields alone? Steps are "pool minor: rate".
bool concerns(const step& s, std::string_view fields) {
    const auto colon = s.what.rfind(": ");
    if (fields.empty() || colon == std::string::npos) {
        return fields.empty() || !s.what.starts_with("operation ");
    }
    const auto what = s.what.substr(colon + 2);
    const auto named = CLI::detail::split(std::string(fields), ' ');
    // A pool that is missing has none of its fields.
    return what == "pool" || std::any_of(named.begin(), named.end(), [&](const std::string& field) {
               return what == field || what.starts_with(field + " ");
           });
}

criterion judge(const validation& v, const guide_item& i) {
    const auto who = i.checks.empty() ? "the application's" : "not checked";
    criterion result{i.list, i.what, verdict::open, fmt::format("{}: {}", who, i.hint)};
    std::string rests_on;
    const auto failed =
        std::find_if(v.checks.begin(), v.checks.end(), [](const check& c) { return !c.ok(); });
    for (const auto name : i.checks) {
        const auto* c = find_check(v, name);
        if (c == nullptr) {
            // What comes behind a check that failed was not looked at, and is not known to be well.
            if (name != "comparison" && failed != v.checks.end()) {
                return {i.list, i.what, verdict::missed, "not looked at: " + failed->failed};
            }
            return result;
        }
        for (const auto& s : c->steps) {
            if (!s.wrong.empty() && concerns(s, i.fields)) {
                return {i.list, i.what, verdict::missed,
                        fmt::format("{}: {}: {}", c->failed, s.what, s.wrong)};
            }
        }
        rests_on += (rests_on.empty() ? "" : "; ") +
                    (c->ok() ? c->passed : fmt::format("no difference of {}", i.fields));
    }
    return i.checks.empty() ? result : criterion{i.list, i.what, verdict::met, std::move(rests_on)};
}

}  // namespace

std::string_view to_string(verdict v) noexcept {
    return v == verdict::met ? "met" : v == verdict::missed ? "missed" : "open";
}

std::vector<criterion> criteria_of(const validation& v) {
    std::vector<criterion> all;
    for (const auto& each : guide_items) {
        all.push_back(judge(v, each));
    }
    return all;
}

check check_pools(const std::string& expected, const std::vector<std::string>& there) {
    const auto wanted = CLI::detail::split(expected, ',');
    const std::set<std::string> names(there.begin(), there.end());
    const std::set<std::string> named(wanted.begin(), wanted.end());
    check c{"pools", "The pools are those that are expected", "Other pools than expected"};
    c.steps.push_back({"pools", names == named ? ""
                                               : fmt::format("there are {}, and {} are expected",
                                                             fmt::join(names, ","), fmt::join(named, ","))});
    c.remedy = "name the store that holds them, or correct --expect-pools";
    return c;
}

}  // namespace migrator
