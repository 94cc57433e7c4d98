// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_SOCI_DIALECT_HPP
#define JACKPOT_SOCI_DIALECT_HPP

#include <jackpot/soci/options.hpp>
#include <jackpot/soci/rows.hpp>

#include <functional>
#include <memory>
#include <span>
#include <vector>

namespace jackpot { inline namespace v1 { namespace sql {

/// The column type of a kind of value, and the check that the engine makes of it (`@` is the column).
/// `computes` is true where sums and comparisons of such amounts are exact; `digits` is the limit of digits,
/// where there is one.
struct column_type {
    std::string_view type;
    std::string_view collation{};
    std::string_view check{};
    bool computes = true;
    int digits = 0;
};

/// Where a URL leads: its name in errors, the connection string, and statements that set up each new session.
struct location {
    std::string shown{};
    std::string connection{};
    std::vector<std::string> settings{};
    std::uint32_t answer_timeout_ms = 0;  ///< how long a server may say nothing
    bool of_one_connection = false;       ///< every connection has a database of its own there
    /// The same for a session that waits for an answer a day long. None: any waits as long as it takes.
    std::vector<location> patient{};
};

inline constexpr std::uint32_t patience_ms = 86'400'000;

/// A statement that the dialect prepares, sends and awaits itself, in place of SOCI.
class native_statement {
public:
    virtual ~native_statement() = default;
    /// Runs it, and reads the first row that it gives; false where there is none.
    virtual bool execute(const std::vector<cell>& parameters, std::vector<cell>& results) = 0;
    virtual bool fetch(std::vector<cell>& results) = 0;    ///< the next row
    [[nodiscard]] virtual long long affected() const = 0;  ///< how many rows it changed
};

/// An engine's error, sorted. `constraint`: the engine refused a row. `lost`: the session is of no more use.
struct fault {
    error what{};
    bool constraint = false;
    bool lost = false;
};

/// Says how a commit crosses the network.
enum class transport : std::uint8_t {
    steps,    ///< as prepared statements, one after the other, each run for every row
    scripts,  ///< several statements at once, with the values in them; see `script`
    arrays,   ///< one statement, with an array for each column; see `copy`
};

/// The SQL around the statements of a commit that crosses in one script.
struct script_form {
    std::string_view begin;  ///< a transaction
    std::string_view go_on;  ///< in the transaction that is open, or fail; empty where that cannot be said
    std::string_view check;  ///< after a statement: fails, and ends the script, unless it changed one row
    std::string_view end;    ///< commits
};

/// Says how the tables of an older schema become those of a newer one; see `alter.hpp`.
enum class alteration : std::uint8_t {
    rebuild,       ///< made anew, and filled from the older ones: the engine changes no CHECK
    checks_apart,  ///< altered, each CHECK by itself, which is validated after it was added
    with_columns,  ///< altered, the CHECK of a column with the column
};

/// Takes a part of the text that is copied into a table.
using put_text = std::function<void(std::string_view)>;

/// Takes the parameters of a statement, in order.
using put_cells = std::function<void(std::span<const cell>)>;

/// Everything in which one engine differs from another. Statements use standard quoting and named parameters.
struct dialect {
    std::string_view scheme;             ///< of its URLs
    std::string_view other_scheme = {};  ///< a second scheme, where its own clients know one
    const soci::backend_factory& (*backend)();
    expected<location> (*locate)(std::string_view url, open_mode mode);  ///< `url` without its scheme
    column_type (*type_of)(value_kind kind);
    fault (*classify)(const soci::soci_error& e);
    bool (*may_commit)(soci::session& session);  ///< true where COMMIT would keep the transaction
    /// Opens a session and sets it up. Null: SOCI opens it, and then the location's settings run.
    void (*connect)(soci::session& session, const location& where) = nullptr;
    std::unique_ptr<native_statement> (*prepare)(soci::session& session, std::string_view sql) = nullptr;
    /// Drops the statements that the session has prepared. Null: each statement drops itself.
    void (*forget)(soci::session& session) = nullptr;
    /// Called before and after a commit. False where the server has said something, since the last call, that
    /// puts the durability of the commit in doubt. Null: the engine's servers say no such thing.
    bool (*certain)(soci::session& session) = nullptr;
    enum transport transport;
    /// Gives the form in which, in this session, a script's answer is surely that of its own transaction.
    /// Null: no form proves that, and commits go by steps.
    const script_form* (*script)(soci::session& session) = nullptr;
    /// Runs a script, up to the first statement that fails.
    void (*run_script)(soci::session& session, std::string_view script) = nullptr;
    /// Appends the text as a string in SQL.
    void (*quote)(soci::session& session, std::string_view text, std::string& to) = nullptr;
    /// Runs a COPY … FROM STDIN with what `produce` puts.
    void (*copy)(soci::session& session, const std::string& statement,
                 const std::function<void(const put_text& put)>& produce) = nullptr;
    /// Runs a prepared statement once for each row of parameters that `produce` puts. Null: it runs as other
    /// statements do.
    void (*run_many)(soci::session& session, soci::details::statement_backend& prepared,
                     const std::function<void(const put_cells& put)>& produce) = nullptr;
    /// Sets up what no setting of a session that SOCI opened can say.
    void (*set_up)(soci::session& session) = nullptr;
    std::string_view standard_quotes;  ///< a setting without which "group" is a string
    std::string_view table_options;    ///< after a table's columns
    std::string_view columns_query;    ///< for :table, its columns' names and shapes, as `shape_of` has them
    std::string_view constraints_query;  ///< for :table, its constraints as SQL, in one row or several
    enum alteration alteration;
    /// For :table, the CHECKs that can be dropped by their names, each a name and SQL. Empty: it rebuilds.
    std::string_view named_checks_query = {};
    std::string_view lock_tables = {};  ///< keeps everybody out of tables that are about to be altered
    bool index_in_table = false;        ///< an index is part of CREATE TABLE, and has all rows in it
    std::string_view begin_reading;     ///< a transaction that sees one moment
    std::string_view begin_writing;     ///< a transaction that will commit
    std::string_view lock_row;          ///< after a SELECT of a row that the transaction will change
    /// The columns of many rows as one text, each on a line, NULL as an empty one.
    std::string (*joined)(std::span<const column_spec> columns);
    std::string_view lock_schema;      ///< gives 1 once nobody else migrates the schema
    std::string_view unlock_schema;    ///< where that does not end with the transaction
    std::string_view after_migrating;  ///< a setting that stays with the database
    /// Gives a sentence for each setting of the server or the file by which an acknowledged commit can be
    /// lost, and that no session can change: its name, its value, and the loss. Empty: the engine has no such
    /// setting.
    std::string_view durability_query = {};
    /// Gives a row that says why the database cannot hold a store, and the remedy; no row where it can.
    std::string_view unfit_query = {};
    /// Succeeds once every row that it could see is durable, and so may be acknowledged. Empty: every visible
    /// row is.
    std::string_view prove = {};
    /// A value of a column of text (`@`) as the text that a reader gets.
    std::string_view as_text = "@";
};

[[nodiscard]] inline bool always_commits(soci::session&) {
    return true;
}

}}}  // namespace jackpot::v1::sql

#endif
