// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_EXAMPLES_MIGRATOR_CHECKS_STORE_CHECKS_HPP
#define JACKPOT_EXAMPLES_MIGRATOR_CHECKS_STORE_CHECKS_HPP

#include "../console/progress.hpp"
#include "hidden_checks.hpp"
#include "row_checks.hpp"

#include <jackpot/replication/audit.hpp>

#include <array>
#include <map>

namespace migrator {

/// One run of `validate_store`.
template <jackpot::amount Amount>
class store_checker {
public:
    using store_type = jackpot::basic_soci_storage<Amount>;
    using shape_check = jackpot::sql::shape_check;

    store_checker(const validation_options& o, validation& result)
        : options_(&o), result_(&result), shown_(jackpot::without_password(o.store)) {}

    /// True where the tables are there, so that the rest can be looked at.
    [[nodiscard]] bool check_schema(const jackpot::sql::schema_state& state) {
        auto& schema =
            add({"schema", "Database schema validation passed", "Database schema validation failed"});
        const bool ours = state.begun || !state.found;
        if (!ours || !state.found) {
            const auto refused = store_type::open(options_->store, jackpot::open_mode::existing);
            schema.fail("tables", store_trouble(with_rights(options_->store, refused.error())));
            return false;
        }
        const std::uint32_t newest = jackpot::sql::newest_migration<Amount>;
        schema.steps.push_back({"number", state.number == newest ? std::string()
                                                                 : fmt::format("is {}, and {} is wanted",
                                                                               state.number, newest)});
        if (state.number > newest) {
            schema.remedy = "use a migrator of that version or newer";
        } else if (state.number < newest) {
            schema.remedy = "migrator schema apply STORE";
        }
        const auto shapes = store_type::visit(options_->store, [](jackpot::sql::connection& c) {
            auto found = jackpot::sql::verify_schema<Amount>(c);
            find_hidden_checks(c, found);
            return found;
        });
        if (!shapes) {
            failed(schema, "tables", shapes.error());
            return false;
        }
        return sort(*shapes);
    }

    void check_data() {
        auto& data = add({"data", "Data integrity check passed", "Data integrity check failed"});
        const auto looked = store_type::visit(
            options_->store, [&](jackpot::sql::connection& c) { check_rows<Amount>(c, data.steps); });
        if (!looked) {
            failed(data, "rows", looked.error());
        } else if (!data.ok()) {
            const bool nameless = std::any_of(data.steps.begin(), data.steps.end(), [](const step& s) {
                return s.what == identity_step && !s.wrong.empty();
            });
            data.remedy = nameless ? "write the identity back that its backups and copies have: "
                                     "UPDATE jackpot_store SET identity = '…'"
                                   : repair_remedy;
        }
    }

    void check_journal() {
        auto& journal = add({"journal", "Journal audit passed", "Journal audit failed"});
        auto store = store_type::open(options_->store, jackpot::open_mode::existing);
        auto audited = store.and_then([](store_type& opened) {
            return shown("Audited", [&](auto& tell) { return audit(opened, tell); });
        });
        if (!audited) {
            return failed(journal, "journal", audited.error());
        }
        result_->contributions = audited->contributions;
        result_->wins = audited->wins;
        for (const auto& found : audited->findings) {
            journal.steps.push_back({found.where, found.what});
        }
        if (audited->clean()) {
            journal.steps.push_back(
                {fmt::format("{} operations ({} contributions, {} wins) in {} pools", audited->operations,
                             audited->contributions, audited->wins, audited->pools)});
            return;
        }
        more_than_kept(journal, audited->count, audited->findings.size());
        const bool rows_alone = std::none_of(audited->findings.begin(), audited->findings.end(),
                                             [](const auto& f) { return f.where.starts_with("operation"); });
        journal.remedy = rows_alone ? repair_remedy : journal_remedy;
    }

    void check_against() {
        const auto other = jackpot::without_password(options_->against);
        auto& compared = add({"comparison", "Equal to " + other, "Not equal to " + other});
        auto left = store_type::open(options_->store, jackpot::open_mode::existing);
        if (!left) {
            return failed(compared, shown_, left.error());
        }
        auto right = store_type::open(options_->against, jackpot::open_mode::existing);
        const auto result = right.and_then([&](store_type& opened) {
            return shown("Compared",
                         [&](auto& tell) { return compare(*left, opened, jackpot::sequence_max, tell); });
        });
        if (!result) {
            compared.fail(other, store_trouble(result.error()));
            return;
        }
        for (const auto& d : result->differences) {
            compared.steps.push_back(
                {fmt::format("{}: {}", d.where, d.what), fmt::format("{} here, {} there", d.left, d.right)});
        }
        if (result->equal()) {
            compared.steps.push_back({"pools and journal"});
            return;
        }
        more_than_kept(compared, result->count, result->differences.size());
        compared.remedy =
            "where one is only behind, migrator migrate copies the rest; where the histories "
            "differ, keep the one that is right";
    }

private:
    check& add(check c) { return result_->checks.emplace_back(std::move(c)); }

    /// What `body` returns, which tells how far it has come, where a person may wait for it.
    template <class Body>
    static auto shown(const char* what, Body&& body) {
        progress told(redraws(), [](const std::string& line) { emit(stderr, "{}\n", line); });
        told.begin(what);
        const auto tell = [&](std::uint64_t at, std::uint64_t last) { told.at(at, last); };
        auto result = body(tell);
        told.end(0);
        return result;
    }

    void failed(check& c, std::string what, const jackpot::error& e) {
        c.fail(std::move(what), store_trouble(e));
    }

    static void more_than_kept(check& c, std::uint64_t count, std::size_t kept) {
        if (count > kept) {
            c.steps.push_back({"and more", fmt::format("{} in all", count)});
        }
    }

    /// Into the checks that the guide has. A table of which no column is there is missed once.
    bool sort(const std::vector<shape_check>& shapes) {
        std::map<std::string, std::size_t> there;
        for (const auto& s : shapes) {
            there[s.table] += s.what == shape_check::kind::column && s.wrong != "is missing" ? 1 : 0;
        }
        std::array<check, 3> sorted{
            check{"columns", "All required columns present", "Column not as required"},
            check{"indexes", "Indexes created successfully", "Index not as required"},
            check{"constraints", "Constraints applied correctly", "Constraint not as required"}};
        std::size_t wrong = 0;
        bool readable = true;
        for (const auto& s : shapes) {
            if (there[s.table] == 0) {
                continue;
            }
            auto& c = sorted[static_cast<std::size_t>(s.what)];
            c.steps.push_back({fmt::format("{}: {}", s.table, s.wanted), s.wrong});
            wrong += s.wrong.empty() ? 0 : 1;
            readable = readable && !(s.what == shape_check::kind::column && s.wrong == "is missing");
        }
        auto& schema = result_->checks.back();
        for (const auto& [table, columns] : there) {
            schema.steps.push_back({"table " + table, columns == 0 ? "is missing, or may not be seen" : ""});
            readable = readable && columns != 0;
        }
        schema.steps.push_back(
            {"columns, indexes and constraints",
             wrong == 0 ? std::string() : fmt::format("{} of {} are not as required", wrong, shapes.size())});
        if (!schema.ok() && schema.remedy.empty()) {
            schema.remedy = fmt::format(
                "stop the writers, and make with ALTER TABLE what `migrator schema print "
                "{}` has and the database has not; or restore a backup",
                shown_.substr(0, shown_.find(':')));
        }
        std::move(sorted.begin(), sorted.end(), std::back_inserter(result_->checks));
        return readable;
    }

    const validation_options* options_;
    validation* result_;
    std::string shown_;
};

template <jackpot::amount Amount>
void validate_store(const validation_options& o, const jackpot::sql::schema_state& state,
                    validation& result) {
    store_checker<Amount> checker(o, result);
    if (!checker.check_schema(state) || o.schema_only) {
        return;
    }
    checker.check_data();
    checker.check_journal();
    if (!o.against.empty()) {
        checker.check_against();
    }
}

}  // namespace migrator

#endif
