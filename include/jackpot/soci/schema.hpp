// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_SOCI_SCHEMA_HPP
#define JACKPOT_SOCI_SCHEMA_HPP

#include <jackpot/soci/connection.hpp>
#include <jackpot/system.hpp>

namespace jackpot::inline v1::sql {

/// A check with the column's name in place of every `@`.
[[nodiscard]] inline std::string check_of(std::string_view check, std::string_view column) {
    std::string text;
    for (const char c : check) {
        if (c == '@') {
            text.append("\"").append(column).append("\"");
        } else {
            text.push_back(c);
        }
    }
    return text;
}

template <class T>
[[nodiscard]] std::string declare(const dialect& engine, std::string_view column, std::string_view check) {
    using field_type = field_of<T>;
    const column_type type = engine.type_of(field_type::kind);
    std::string text("\"");
    text.append(column).append("\" ").append(type.type);
    text.append(field_type::nullable ? "" : " NOT NULL");
    const auto append = [&](std::string_view before, std::string_view each) {
        if (!each.empty()) {
            text.append(" CHECK (")
                .append(check_of(before, column))
                .append(check_of(each, column))
                .append(")");
        }
    };
    append(field_type::nullable ? "@ IS NULL OR " : "", type.check);
    append("", field_type::check());
    append("", check);
    return text;
}

/// The statement that creates the table. `computes` where the engine can compute the amounts in it.
template <table_row Row>
[[nodiscard]] std::string create_table(const dialect& engine, bool computes) {
    std::string text("CREATE TABLE ");
    text.append(Row::table);
    std::string_view before = " (\n  ";
    const Row any;
    Row::columns(any, [&]<class T>(std::string_view column, const T&, std::string_view check = {}) {
        text.append(before).append(declare<T>(engine, column, check));
        before = ",\n  ";
    });
    for (const constraint& each : Row::constraints) {
        if (computes || !each.computes) {
            text.append(before).append(each.text);
        }
    }
    return text.append("\n)").append(engine.table_options);
}

template <amount Amount>
void create_tables(connection& c) {
    const bool computes = c.engine().type_of(field<Amount>::kind).computes;
    each_table<Amount>([&]<class Row>(const Row&) { c.run_once(create_table<Row>(c.engine(), computes)); });
    store_row store;
    store.amount_type = amount_traits<Amount>::type_name;
    c.prepared(insert_into<store_row>()).run(store);
}

struct migration {
    std::uint32_t number;
    std::string_view title;
    void (*apply)(connection& c);
};

/// Every migration, in order. One that was published is never changed: what comes later is a new one,
/// and the first creates the tables as they were before it.
template <amount Amount>
inline constexpr migration migrations[] = {
    {1, "create the tables", create_tables<Amount>},
};
template <amount Amount>
inline constexpr std::uint32_t newest_migration = std::end(migrations<Amount>)[-1].number;

/// What a database holds of the library's tables.
struct schema_state {
    std::uint32_t number = 0;  ///< of the newest migration that was applied; 0 = none
    bool found = false;        ///< one of the tables, ours or not
    std::string lacking{};     ///< columns and tables that should be there, in words
};

struct column_row {
    std::string name{};

    static constexpr std::string_view table = "columns";
    template <class Self, class Each>
    static void columns(Self& row, Each&& each) {
        each("name", row.name);
    }
};

/// The columns of the table that the database does not have, as a list; none where it has no such table.
template <table_row Row>
[[nodiscard]] std::optional<std::string> missing_columns(connection& c) {
    std::vector<std::string> present;
    c.prepared(std::string(c.engine().columns_query))
        .select<column_row>([&](const column_row& found) { present.push_back(found.name); },
                            parameter{"table", std::string(Row::table)});
    if (present.empty()) {
        return std::nullopt;
    }
    std::string missing;
    const Row any;
    Row::columns(any, [&](std::string_view column, const auto&, std::string_view = {}) {
        if (std::find(present.begin(), present.end(), column) == present.end()) {
            missing.append(missing.empty() ? "" : ", ").append(column);
        }
    });
    return missing;
}

template <amount Amount>
[[nodiscard]] schema_state inspect(connection& c) {
    schema_state state;
    std::string absent;
    each_table<Amount>([&]<class Row>(const Row&) {
        const auto missing = missing_columns<Row>(c);
        state.found = state.found || missing;
        if (!missing) {
            absent.append(absent.empty() ? "no table " : ", ").append(Row::table);
        } else if (!missing->empty()) {
            state.lacking.append(Row::table).append(" lacks ").append(*missing).append("; ");
        }
    });
    state.lacking.append(absent);
    if (const auto missing = missing_columns<schema_row>(c); missing && missing->empty()) {
        c.prepared(select_from<schema_row>()).select<schema_row>([&](const schema_row& applied) {
            state.number = (std::max)(state.number, applied.number);
        });
    }
    return state;
}

template <amount Amount>
void migrate(connection& c, schema_state& state) {
    c.begin_writing();
    // Another process may have been faster.
    state = inspect<Amount>(c);
    for (const migration& next : migrations<Amount>) {
        if (next.number > state.number) {
            next.apply(c);
            c.prepared(insert_into<schema_row>())
                .run(schema_row{next.number, std::string(next.title),
                                std::to_string(JACKPOT_VERSION_MAJOR) + "." +
                                    std::to_string(JACKPOT_VERSION_MINOR) + "." +
                                    std::to_string(JACKPOT_VERSION_PATCH)});
        }
    }
    state = inspect<Amount>(c);
    c.commit();
}

/// Runs the setting that stays with the database. Others who open it at the same moment make that fail
/// at once, without the wait that a transaction would have: it is tried again.
inline void settle(connection& c) {
    system_environment world;
    for (int tries = 1;; ++tries) {
        const auto done = attempt(c.engine(), [&] { c.run_once(c.engine().after_migrating); });
        if (done || done.error().code != errc::unavailable || tries == 200) {
            return must(done);
        }
        world.sleep(static_cast<std::int64_t>(1000 + world.random() % 20'000));
    }
}

/// Makes sure that the tables are those of this library and amount type; with `create`, by migrating
/// what is the library's own or not there at all. What is foreign or newer is left as it is.
template <amount Amount>
void ensure_schema(connection& c, open_mode mode) {
    c.begin_reading();
    schema_state state = inspect<Amount>(c);
    c.commit();
    const auto number = [](std::uint32_t n) { return notation::detail::digits(n); };
    const std::uint32_t newest = newest_migration<Amount>;
    const bool ours = state.number > 0 || !state.found;
    if (mode == open_mode::create && ours && state.number < newest) {
        migrate<Amount>(c, state);
    }
    if (state.number > newest) {
        throw failure{{errc::schema_mismatch, basic_text<240>("the schema is of number ")
                                                  .append(number(state.number))
                                                  .append(", newer than this library, which knows ")
                                                  .append(number(newest))}};
    }
    if (!state.lacking.empty()) {
        throw failure{{errc::schema_mismatch, std::string_view(state.lacking)}};
    }
    if (state.number < newest) {
        throw failure{{errc::schema_mismatch, basic_text<240>("the schema is of number ")
                                                  .append(number(state.number))
                                                  .append(", older than this library, which needs ")
                                                  .append(number(newest))}};
    }
    c.prepared(select_from<store_row>()).select<store_row>([](const store_row& store) {
        if (store.amount_type != amount_traits<Amount>::type_name) {
            must(fail(errc::schema_mismatch, "amount_type", store.amount_type));
        }
    });
    if (mode == open_mode::create) {
        settle(c);
    }
}

}  // namespace jackpot::inline v1::sql

#endif
