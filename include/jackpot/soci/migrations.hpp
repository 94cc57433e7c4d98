// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_SOCI_MIGRATIONS_HPP
#define JACKPOT_SOCI_MIGRATIONS_HPP

#include <jackpot/soci/version_2.hpp>

namespace jackpot { inline namespace v1 { namespace sql {

/// Again where a process ended in the middle: not every engine takes tables back.
template <amount Amount>
void create_tables(connection& c, const table_specs& tables) {
    each_create(c.engine(), tables, computes<Amount>(c.engine()),
                [&](const std::string& statement) { c.run_once(statement); });
    bool stored = false;
    c.prepared(select_from<store_row>()).select<store_row>([&](const store_row&) { stored = true; });
    if (!stored) {
        c.run_once(insert_literally(empty_store<Amount>()));
    }
}

template <amount Amount>
void create_version_1(connection& c) {
    create_tables<Amount>(c, version_1::tables<Amount>());
}

struct migration {
    std::uint32_t number;
    std::string_view title;
    void (*apply)(connection& c);
};

/// Every migration, in order. One that was published is never changed: what comes later is a new one, and the
/// schema that it starts from is described first, by itself (see `version_1.hpp`). A new store is made at
/// once as the newest has it.
template <amount Amount>
inline constexpr migration migrations[] = {
    {1, "create the tables", create_version_1<Amount>},
    {2, "reserves, holds, transfers, reverts; who, why, where; filters of history", version_2::apply<Amount>},
};
template <amount Amount>
inline constexpr std::uint32_t newest_migration = std::end(migrations<Amount>)[-1].number;

[[nodiscard]] inline schema_row row_of(const migration& m) {
    return {m.number, std::string(m.title),
            std::to_string(JACKPOT_VERSION_MAJOR) + "." + std::to_string(JACKPOT_VERSION_MINOR) + "." +
                std::to_string(JACKPOT_VERSION_PATCH)};
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
    each_create(engine, tables_now<Amount>(), computes<Amount>(engine), add);
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
