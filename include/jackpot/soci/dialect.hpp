// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_SOCI_DIALECT_HPP
#define JACKPOT_SOCI_DIALECT_HPP

#include <jackpot/soci/fields.hpp>

namespace jackpot::inline v1 {

/// What to do where a database has no tables of the library yet, or older ones.
enum class open_mode : std::uint8_t {
    create,    ///< create them, or bring them up to date
    existing,  ///< refuse: schema_mismatch
};

namespace sql {

/// The column type of a kind of value, and what the engine is to check beside it (`@` is the column).
/// `computes` where sums and comparisons of such amounts are exact; `digits` where it holds no number of
/// more.
struct column_type {
    std::string_view type;
    std::string_view collation{};
    std::string_view check{};
    bool computes = true;
    int digits = 0;
};

/// Where a URL leads: what to call it in an error, the connection string, and statements that set up
/// each new session.
struct location {
    std::string shown{};
    std::string connection{};
    std::vector<std::string> settings{};
};

/// An engine's error, sorted; `constraint` where it refused a row, `lost` where the session is of no
/// more use.
struct fault {
    error what{};
    bool constraint = false;
    bool lost = false;
};

/// How many rows go into a table in few round trips.
enum class bulk : std::uint8_t {
    steps,   ///< one prepared statement, run for each row: nothing crosses a network
    values,  ///< many rows in one VALUES list
    arrays,  ///< an array for each column
};

/// Everything in which one engine differs from another. Statements use standard quoting and named
/// parameters.
struct dialect {
    std::string_view scheme;  ///< of its URLs
    const soci::backend_factory& (*backend)();
    expected<location> (*locate)(std::string_view url, open_mode mode);  ///< `url` without its scheme
    column_type (*type_of)(value_kind kind);
    fault (*classify)(const soci::soci_error& e);
    bool (*may_commit)(soci::session& session);  ///< would COMMIT keep what was done?
    bulk inserts;
    std::string_view standard_quotes;  ///< a setting without which "group" is a string
    std::string_view table_options;    ///< after a table's columns
    std::string_view columns_query;    ///< for :table, its columns' names and shapes, as `shape_of` has them
    std::string_view constraints_query;  ///< for :table, its constraints as SQL, in one row or several
    std::string_view begin_reading;      ///< a transaction that sees one moment
    std::string_view begin_writing;      ///< a transaction that will commit
    std::string_view lock_row;           ///< after a SELECT of a row that the transaction will change
    std::string_view lock_schema;        ///< gives 1 once nobody else migrates the schema
    std::string_view unlock_schema;      ///< where that does not end with the transaction
    std::string_view after_migrating;    ///< a setting that stays with the database
};

[[nodiscard]] inline bool always_commits(soci::session&) {
    return true;
}

}  // namespace sql
}  // namespace jackpot::inline v1

#endif
