// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_SOCI_SCHEMA_HPP
#define JACKPOT_SOCI_SCHEMA_HPP

#include <jackpot/core/system.hpp>
#include <jackpot/soci/connection.hpp>

#include <map>

namespace jackpot { inline namespace v1 { namespace sql {

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

/// A column's type, collation, and whether it must have a value.
template <class T>
[[nodiscard]] std::string shape_of(const dialect& engine) {
    const column_type type = engine.type_of(field_of<T>::kind);
    std::string text(type.type);
    text.append(type.collation.empty() ? "" : " ").append(type.collation);
    return text.append(field_of<T>::nullable ? "" : " NOT NULL");
}

/// What the engine checks of a column; nothing where every value will do.
template <class T>
[[nodiscard]] std::string column_check(const dialect& engine, std::string_view column,
                                       std::string_view check) {
    using field_type = field_of<T>;
    const column_type type = engine.type_of(field_type::kind);
    const std::string field_check = field_type::check();
    // One CHECK a column, for MariaDB takes no more.
    std::string checks;
    for (const std::string_view each : {type.check, std::string_view(field_check), check}) {
        if (!each.empty()) {
            checks = checks.empty() ? check_of(each, column)
                                    : "(" + checks + ") AND (" + check_of(each, column) + ")";
        }
    }
    if (checks.empty()) {
        return {};
    }
    return "CHECK (" + (field_type::nullable ? check_of("@ IS NULL OR ", column) : "") + checks + ")";
}

/// The statement that creates the table. `computes` where the engine can compute the amounts in it.
template <table_row Row>
[[nodiscard]] std::string create_table(const dialect& engine, bool computes) {
    std::string text("CREATE TABLE IF NOT EXISTS ");
    text.append(Row::table);
    std::string_view before = " (\n  ";
    const Row any;
    Row::columns(any, [&]<class T>(std::string_view column, const T&, std::string_view check = {}) {
        text.append(before).append("\"").append(column).append("\" ").append(shape_of<T>(engine));
        const std::string checked = column_check<T>(engine, column, check);
        text.append(checked.empty() ? "" : " ").append(checked);
        before = ",\n  ";
    });
    for (const constraint& each : Row::constraints) {
        if (computes || !each.computes) {
            text.append(before).append(each.text);
        }
    }
    return text.append("\n)").append(engine.table_options);
}

/// The statement that inserts the row, with its values in it: none of them comes from outside.
template <table_row Row>
[[nodiscard]] std::string insert_literally(const Row& row) {
    std::string values;
    Row::columns(row, [&]<class T>(std::string_view, const T& value, std::string_view = {}) {
        cell c;
        write_cell(value, c);
        values.append(values.empty() ? "" : ", ");
        values.append(is_number(field_of<T>::kind) ? std::to_string(c.number) : "'" + c.text + "'");
    });
    return insert_prefix<Row>() + "VALUES (" + values + ")";
}

template <amount Amount>
[[nodiscard]] store_row empty_store() {
    return {.amount_type = std::string(std::string_view(amount_traits<Amount>::type_name))};
}

template <amount Amount, class Each>
void each_create_table(const dialect& engine, Each&& each) {
    const bool computes = engine.type_of(field<Amount>::kind).computes;
    each_table<Amount>([&]<class Row>(const Row&) { each(create_table<Row>(engine, computes)); });
}

/// Again where a process ended in the middle: not every engine takes tables back.
template <amount Amount>
void create_tables(connection& c) {
    each_create_table<Amount>(c.engine(), [&](const std::string& statement) { c.run_once(statement); });
    bool stored = false;
    c.prepared(select_from<store_row>()).select<store_row>([&](const store_row&) { stored = true; });
    if (!stored) {
        c.run_once(insert_literally(empty_store<Amount>()));
    }
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

[[nodiscard]] inline schema_row row_of(const migration& m) {
    return {m.number, std::string(m.title),
            std::to_string(JACKPOT_VERSION_MAJOR) + "." + std::to_string(JACKPOT_VERSION_MINOR) + "." +
                std::to_string(JACKPOT_VERSION_PATCH)};
}

/// What a database holds of the library's tables.
struct schema_state {
    std::uint32_t number = 0;   ///< of the newest migration that was applied; 0 = none
    bool begun = false;         ///< the table of migrations is there
    bool found = false;         ///< one of the tables, ours or not
    std::string lacking{};      ///< columns and tables that should be there, in words
    std::string amount_type{};  ///< of the store that is in them
};

/// Did we get a lock?
struct lock_row {
    std::optional<std::string> held{};

    static constexpr std::string_view table = "locks";
    template <class Self, class Each>
    static void columns(Self& row, Each&& each) {
        each("held", row.held);
    }
};

struct column_row {
    std::string name{};
    std::string shape{};

    static constexpr std::string_view table = "columns";
    template <class Self, class Each>
    static void columns(Self& row, Each&& each) {
        each("name", row.name);
        each("shape", row.shape);
    }
};

struct sentence_row {
    std::string sentence{};

    static constexpr std::string_view table = "sentences";
    template <class Self, class Each>
    static void columns(Self& row, Each&& each) {
        each("sentence", row.sentence);
    }
};

/// What the Node service's `jackpots` has: histories in the pool's own row, and no journal.
struct older_service_row {
    std::string contributions{};
    std::string wins{};

    static constexpr std::string_view table = "jackpots";
    template <class Self, class Each>
    static void columns(Self& row, Each&& each) {
        each("contributions", row.contributions);
        each("wins", row.wins);
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

/// The word of a column's shape behind that one; empty where it is not there.
[[nodiscard]] inline std::string_view word_after(std::string_view shape, std::string_view word) {
    const std::size_t at = shape.find(word);
    if (at == std::string_view::npos) {
        return {};
    }
    shape.remove_prefix(at + word.size());
    return shape.substr(0, shape.find(' '));
}

/// The columns that hold other texts than ours would, or compare them otherwise, or keep none of them through
/// a transaction, each with what it should be.
template <table_row Row>
[[nodiscard]] std::string foreign_columns(connection& c) {
    std::map<std::string, std::string, std::less<>> present;
    c.prepared(std::string(c.engine().columns_query))
        .select<column_row>([&](const column_row& found) { present[found.name] = found.shape; },
                            parameter{"table", std::string(Row::table)});
    std::string foreign;
    const Row any;
    Row::columns(any, [&]<class T>(std::string_view column, const T&, std::string_view = {}) {
        const auto found = present.find(column);
        const std::string wanted = shape_of<T>(c.engine());
        for (const std::string_view word : {" COLLATE ", " ENGINE "}) {
            if (found != present.end() && word_after(found->second, word) != word_after(wanted, word)) {
                foreign.append(Row::table).append(".").append(column).append(" is ").append(found->second);
                foreign.append(", which is to be ").append(wanted).append("; ");
                return;
            }
        }
    });
    return foreign;
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
        } else if (missing->empty()) {
            state.lacking.append(foreign_columns<Row>(c));
        } else {
            state.lacking.append(Row::table).append(" lacks ").append(*missing).append("; ");
        }
    });
    state.lacking.append(absent);
    if (const auto missing = missing_columns<schema_row>(c); missing && missing->empty()) {
        state.begun = true;
        c.prepared(select_from<schema_row>()).select<schema_row>([&](const schema_row& applied) {
            state.number = (std::max)(state.number, applied.number);
        });
    }
    if (missing_columns<store_row>(c) == "") {
        c.prepared(select_from<store_row>()).select<store_row>([&](const store_row& store) {
            state.amount_type = store.amount_type;
        });
    }
    return state;
}

/// Waits for others who migrate the schema.
inline void lock_schema(connection& c) {
    if (!c.engine().lock_schema.empty()) {
        bool held = false;
        c.prepared(std::string(c.engine().lock_schema)).select<lock_row>([&](const lock_row& answer) {
            held = answer.held == std::optional<std::string>("1");
        });
        if (!held) {
            throw_if_failed(fail(errc::unavailable, "another process is changing the schema"));
        }
    }
}

template <amount Amount>
void migrate(connection& c, schema_state& state) {
    // Where DDL ends a transaction there is none: the lock has an end of its own.
    const bool in_transaction = c.engine().unlock_schema.empty();
    if (in_transaction) {
        c.begin_writing();
    }
    lock_schema(c);
    const auto unlock = [&] { c.run_once(c.engine().unlock_schema); };
    try {
        // Another process may have been faster.
        state = inspect<Amount>(c);
        for (const migration& next : migrations<Amount>) {
            if (next.number > state.number) {
                next.apply(c);
                c.run_once(insert_literally(row_of(next)));
            }
        }
        state = inspect<Amount>(c);
    } catch (...) {
        if (!in_transaction) {
            bool lost = false;
            static_cast<void>(attempt(c.engine(), lost, unlock));
        }
        throw;
    }
    in_transaction ? c.commit() : unlock();
}

/// Runs the setting that stays with the database. Others who open it at the same moment make that fail
/// at once, without the wait that a transaction would have: it is tried again.
inline void settle(connection& c) {
    if (c.engine().after_migrating.empty()) {
        return;
    }
    system_environment world;
    for (int tries = 1;; ++tries) {
        bool lost = false;
        const auto done = attempt(c.engine(), lost, [&] { c.run_once(c.engine().after_migrating); });
        if (done || done.error().code != errc::unavailable || tries == 200) {
            return throw_if_failed(done);
        }
        world.sleep(static_cast<std::int64_t>(1000 + world.random() % 20'000));
    }
}

/// Makes sure that the tables are those of this library and amount type; with `create`, by migrating
/// what is the library's own or not there at all. What is foreign or newer is left as it is.
template <amount Amount>
void ensure_schema(connection& c, open_mode mode) {
    if (!c.engine().unfit_query.empty()) {
        c.prepared(std::string(c.engine().unfit_query)).select<sentence_row>([](const sentence_row& why) {
            throw_if_failed(fail(errc::unsupported, why.sentence));
        });
    }
    // Not in one transaction: MariaDB would refuse to read a table that another process made since it began.
    schema_state state = inspect<Amount>(c);
    const auto number = [](std::uint32_t n) { return notation::detail::digits(n); };
    const std::uint32_t newest = newest_migration<Amount>;
    const bool ours = state.begun || !state.found;
    // What seems to be lacking may be what another process is about to make: look again when it is done.
    if (mode == open_mode::create && ours && (state.number < newest || !state.lacking.empty())) {
        bool lost = false;
        const auto try_once = [&] { return attempt(c.engine(), lost, [&] { migrate<Amount>(c, state); }); };
        auto done = try_once();
        // A lock is no other node's: what one of them made before, at the same moment, is refused here.
        for (int again = 0; !done && !lost && !c.in_transaction() && again < 5 &&
                            (done.error().code == errc::conflict || done.error().code == errc::corrupt);
             ++again) {
            done = try_once();
        }
        if (!done && done.error().code == errc::permission_denied) {
            throw_if_failed(fail(errc::permission_denied,
                                 "the tables are to be made by a role that may (print_schema says how)",
                                 done.error().detail));
        }
        throw_if_failed(done);
    }
    if (!ours && missing_columns<older_service_row>(c) == "") {
        throw_if_failed(
            fail(errc::schema_mismatch,
                 "jackpots is the older service's table, without a journal, and stays as it is (rename it, or"
                 " use another database, and bring its pools over)"));
    }
    if (!ours) {
        throw_if_failed(
            fail(errc::schema_mismatch,
                 "tables of another service, which stay as they are (rename them, or use another database)",
                 state.lacking));
    }
    if (state.number > newest) {
        throw failure{{errc::schema_mismatch, basic_text<240>("the schema is of number ")
                                                  .append(number(state.number))
                                                  .append(", newer than this library, which knows ")
                                                  .append(number(newest))}};
    }
    if (!state.amount_type.empty() && state.amount_type != amount_traits<Amount>::type_name) {
        throw_if_failed(fail(errc::schema_mismatch, "amount_type", state.amount_type));
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
    if (mode == open_mode::create) {
        settle(c);
    }
}

/// The statements that make a new store, as a script for the engine's own client.
template <amount Amount>
[[nodiscard]] std::string schema_script(const dialect& engine) {
    std::string script;
    const auto add = [&](std::string_view statement) {
        script.append(statement).append(statement.empty() ? "" : ";\n");
    };
    add(engine.standard_quotes);
    add(engine.begin_writing);
    each_create_table<Amount>(engine, add);
    add(insert_literally(empty_store<Amount>()));
    for (const migration& each : migrations<Amount>) {
        add(insert_literally(row_of(each)));
    }
    add("COMMIT");
    add(engine.after_migrating);
    return script;
}

}}}  // namespace jackpot::v1::sql

#endif
