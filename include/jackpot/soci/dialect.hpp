// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_SOCI_DIALECT_HPP
#define JACKPOT_SOCI_DIALECT_HPP

#include <jackpot/soci/cells.hpp>

#include <deque>
#include <functional>
#include <memory>
#include <span>

namespace jackpot { inline namespace v1 {

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
    std::uint32_t answer_timeout_ms = 0;  ///< how long a server may say nothing, where the engine can tell
};

/// A statement that an engine prepares, sends and awaits itself; otherwise SOCI does.
class native_statement {
public:
    virtual ~native_statement() = default;
    /// Runs it, and reads the first row that it gives; false where there is none.
    virtual bool execute(const std::deque<cell>& parameters, std::deque<cell>& results) = 0;
    virtual bool fetch(std::deque<cell>& results) = 0;     ///< the next row
    [[nodiscard]] virtual long long affected() const = 0;  ///< how many rows it changed
};

/// An engine's error, sorted; `constraint` where it refused a row, `lost` where the session is of no
/// more use.
struct fault {
    error what{};
    bool constraint = false;
    bool lost = false;
};

/// How a commit crosses the network.
enum class transport : std::uint8_t {
    steps,    ///< not at all: one prepared statement after the other, run for each row
    scripts,  ///< several statements at once, with the values in them; see `script`
    arrays,   ///< one statement, with an array for each column; see `copy`
};

/// The words around the statements of a commit that crosses in one script.
struct script_form {
    std::string_view begin;  ///< a transaction
    std::string_view go_on;  ///< in the transaction that is open, or fail; empty where that cannot be said
    std::string_view check;  ///< after a statement: fails, and ends the script, unless it changed one row
    std::string_view end;    ///< commits
};

/// Takes a part of the text that is copied into a table.
using put_text = std::function<void(std::string_view)>;

/// Takes the parameters of a statement, in order.
using put_cells = std::function<void(std::span<const cell>)>;

/// Everything in which one engine differs from another. Statements use standard quoting and named
/// parameters.
struct dialect {
    std::string_view scheme;             ///< of its URLs
    std::string_view other_scheme = {};  ///< where its own clients know a second
    const soci::backend_factory& (*backend)();
    expected<location> (*locate)(std::string_view url, open_mode mode);  ///< `url` without its scheme
    column_type (*type_of)(value_kind kind);
    fault (*classify)(const soci::soci_error& e);
    bool (*may_commit)(soci::session& session);  ///< would COMMIT keep what was done?
    /// Opens a session and sets it up. Null: SOCI does, and then the location's settings are run.
    void (*connect)(soci::session& session, const location& where) = nullptr;
    std::unique_ptr<native_statement> (*prepare)(soci::session& session, std::string_view sql) = nullptr;
    /// Drops the statements that the session has prepared. Null: each goes by itself.
    void (*forget)(soci::session& session) = nullptr;
    /// Asked before and after a commit: has the server said nothing, since it was last asked, by which the
    /// commit may not be durable? Null: no such server says that.
    bool (*certain)(soci::session& session) = nullptr;
    enum transport transport;
    /// How a script must be made so that, in this session, its answer is that of its own transaction. Null:
    /// no script proves that, and commits go by steps.
    const script_form* (*script)(soci::session& session) = nullptr;
    /// Runs a script, up to the first statement that fails.
    void (*run_script)(soci::session& session, std::string_view script) = nullptr;
    /// Appends the text as a string in SQL.
    void (*quote)(soci::session& session, std::string_view text, std::string& to) = nullptr;
    /// Runs a COPY … FROM STDIN with what `produce` puts.
    void (*copy)(soci::session& session, const std::string& statement,
                 const std::function<void(const put_text& put)>& produce) = nullptr;
    /// Runs a prepared statement once for each row of parameters that `produce` puts. Null: as others are
    /// run.
    void (*run_many)(soci::session& session, soci::details::statement_backend& prepared,
                     const std::function<void(const put_cells& put)>& produce) = nullptr;
    std::string_view standard_quotes;  ///< a setting without which "group" is a string
    std::string_view table_options;    ///< after a table's columns
    std::string_view columns_query;    ///< for :table, its columns' names and shapes, as `shape_of` has them
    std::string_view constraints_query;  ///< for :table, its constraints as SQL, in one row or several
    std::string_view begin_reading;      ///< a transaction that sees one moment
    std::string_view begin_writing;      ///< a transaction that will commit
    std::string_view lock_row;           ///< after a SELECT of a row that the transaction will change
    std::string_view joined_games;       ///< the column `game` of many rows, each on a line
    std::string_view lock_schema;        ///< gives 1 once nobody else migrates the schema
    std::string_view unlock_schema;      ///< where that does not end with the transaction
    std::string_view after_migrating;    ///< a setting that stays with the database
    /// Gives a sentence for each setting of the server or the file by which an acknowledged commit can be
    /// lost, and that no session can set: its name, its value, and what is lost. Empty: there is none.
    std::string_view durability_query = {};
    /// Says why no store can be in such a database, and what can be done; no row: one can.
    std::string_view unfit_query = {};
    /// Ends well once everything that it could see is durable, and so may be acknowledged. Empty: whatever is
    /// seen is.
    std::string_view prove = {};
};

[[nodiscard]] inline bool always_commits(soci::session&) {
    return true;
}

}  // namespace sql
}}  // namespace jackpot::v1

#endif
