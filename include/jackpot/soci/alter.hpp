// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_SOCI_ALTER_HPP
#define JACKPOT_SOCI_ALTER_HPP

#include <jackpot/soci/verify.hpp>

#include <set>

// How the tables of one schema become those of the next. Rows stay as they are; a column that is new has its
// initial value in them, and no default from then on: a writer of the older schema, which would leave it out,
// is refused.
//
// Where the engine changes tables within a transaction all of it is one; elsewhere each statement does what
// is not done yet, so that it can be run again wherever it ended.

namespace jackpot { inline namespace v1 { namespace sql {

using table_specs = std::vector<table_spec>;

[[nodiscard]] inline bool has_column(const table_spec& table, std::string_view name) {
    return std::any_of(table.columns.begin(), table.columns.end(),
                       [&](const column_spec& c) { return c.name == name; });
}

/// Makes all tables anew. The older ones move out of the way, with what refers to them, and go last, those
/// that refer first. What others have made over the tables, such as views, is to go on with the new ones, and
/// not to follow the older ones.
inline void rebuild_tables(connection& c, const table_specs& from, const table_specs& to, bool computes) {
    const auto older = [](const table_spec& table) { return std::string(table.name).append("_older"); };
    c.run_once("PRAGMA legacy_alter_table = ON");
    for (const table_spec& table : from) {
        c.run_once(std::string("ALTER TABLE ").append(table.name).append(" RENAME TO ") + older(table));
    }
    c.run_once("PRAGMA legacy_alter_table = OFF");
    each_create(c.engine(), to, computes, [&](const std::string& statement) { c.run_once(statement); });
    for (const table_spec& table : from) {
        const auto& newer = *std::find_if(to.begin(), to.end(),
                                          [&](const table_spec& each) { return each.name == table.name; });
        std::string values;
        for (const column_spec& column : newer.columns) {
            const bool kept = has_column(table, column.name);
            values.append(values.empty() ? "" : ", ");
            values.append(kept ? "\"" + std::string(column.name) + "\"" : column.initial);
        }
        c.run_once(insert_prefix(newer.name, newer.columns) + "SELECT " + values + " FROM " + older(table));
    }
    for (auto table = from.rbegin(); table != from.rend(); ++table) {
        c.run_once("DROP TABLE " + older(*table));
    }
}

struct named_check {
    std::string name{};
    std::string text{};

    static constexpr std::string_view table = "constraints";
    template <class Self, class Each>
    static void columns(Self& row, Each&& each) {
        each("name", row.name);
        each("text", row.text);
    }
};

[[nodiscard]] inline std::vector<named_check> named_checks(connection& c, std::string_view table) {
    std::vector<named_check> found;
    c.prepared(std::string(c.engine().named_checks_query))
        .select<named_check>([&](const named_check& check) { found.push_back(check); },
                             parameter{"table", std::string(table)});
    return found;
}

/// One table, by the statements of `alter_tables`.
class table_alteration {
public:
    table_alteration(connection& c, const table_spec& from, const table_spec& to, bool computes)
        : connection_(&c), from_(&from), to_(&to), computes_(computes), stated_(c, to.name) {}

    void run() {
        change_columns();
        drop_checks();
        add_constraints();
        flush();
        for (const column_spec& column : to_->columns) {
            if (!column.nullable && !has_column(*from_, column.name)) {
                add("ALTER COLUMN", quoted(column), " DROP DEFAULT");
            }
        }
        flush();
        for (const named_check& check : named_checks(*connection_, to_->name)) {
            if (check.text.ends_with(" NOT VALID")) {
                add("VALIDATE CONSTRAINT", check.name);
            }
        }
        flush();
    }

private:
    [[nodiscard]] const dialect& engine() const noexcept { return connection_->engine(); }
    [[nodiscard]] bool with_columns() const noexcept {
        return engine().alteration == alteration::with_columns;
    }
    [[nodiscard]] static std::string quoted(const column_spec& c) {
        return "\"" + std::string(c.name) + "\"";
    }

    void change_columns() {
        const auto present = columns_present(*connection_, to_->name);
        for (const column_spec& column : to_->columns) {
            const std::string check = column_check(engine(), column);
            const bool unchecked = !check.empty() && !stated_.has(check);
            const std::string checked = check.empty() || !with_columns() ? "" : " " + check;
            if (present.find(column.name) == present.end()) {
                const std::string initial = column.nullable ? "" : " DEFAULT " + column.initial;
                add("ADD COLUMN", quoted(column), " " + shape_of(engine(), column) + initial + checked);
            } else if (unchecked && with_columns()) {
                add("MODIFY COLUMN", quoted(column), " " + shape_of(engine(), column) + checked);
            }
            if (unchecked && !with_columns()) {
                add("ADD", check, " NOT VALID");
            }
        }
    }
    /// Those that the older schema states, and the newer one does not.
    void drop_checks() {
        const auto older = checks_of(*from_);
        const auto newer = checks_of(*to_);
        for (const named_check& check : named_checks(*connection_, to_->name)) {
            const std::string text = plain(check.text);
            if (older.count(text) != 0 && newer.count(text) == 0) {
                add("DROP CONSTRAINT", check.name);
            }
        }
    }
    void add_constraints() {
        for (const constraint& each : to_->constraints) {
            const std::string text = each.text();
            if ((computes_ || !each.computes) && !stated_.has(text)) {
                const bool check = text.starts_with("CHECK");
                add("ADD", text, check && !with_columns() ? " NOT VALID" : "");
            }
        }
        for (const index& each : to_->indexes) {
            const std::string text = index_text(engine(), each);
            if (engine().index_in_table && !stated_.has("INDEX " + text)) {
                add("ADD INDEX", each.name, " " + text);
            }
        }
    }
    [[nodiscard]] std::set<std::string> checks_of(const table_spec& table) const {
        std::set<std::string> checks;
        for (const column_spec& column : table.columns) {
            checks.insert(plain(column_check(engine(), column)));
        }
        for (const constraint& each : table.constraints) {
            checks.insert(plain(each.text()));
        }
        return checks;
    }

    void add(std::string_view what, std::string_view which, std::string_view how = {}) {
        clauses_.append(clauses_.empty() ? "" : ", ").append(what).append(" ").append(which).append(how);
    }
    void flush() {
        if (!clauses_.empty()) {
            connection_->run_once(std::string("ALTER TABLE ").append(to_->name).append(" " + clauses_));
            clauses_.clear();
        }
    }

    connection* connection_;
    const table_spec* from_;
    const table_spec* to_;
    bool computes_;
    stated_constraints stated_;
    std::string clauses_;
};

/// The tables that writers write first come last in the list, and change first: whoever would write as before
/// is refused from then on.
inline void alter_tables(connection& c, const table_specs& from, const table_specs& to, bool computes) {
    if (!c.engine().lock_tables.empty()) {
        c.run_once(c.engine().lock_tables);
    }
    for (auto newer = to.rbegin(); newer != to.rend(); ++newer) {
        for (const table_spec& older : from) {
            if (older.name == newer->name) {
                table_alteration(c, older, *newer, computes).run();
            }
        }
    }
    each_create(c.engine(), to, computes, [&](const std::string& statement) { c.run_once(statement); });
}

/// Brings the tables from one schema to the next.
inline void change_tables(connection& c, const table_specs& from, const table_specs& to, bool computes) {
    c.engine().alteration == alteration::rebuild ? rebuild_tables(c, from, to, computes)
                                                 : alter_tables(c, from, to, computes);
}

}}}  // namespace jackpot::v1::sql

#endif
