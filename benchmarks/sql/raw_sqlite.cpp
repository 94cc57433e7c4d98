// SPDX-License-Identifier: BSL-1.0
#include "client.hpp"

#include <optional>
#include <sqlite3.h>
#include <stdexcept>

namespace bench {

namespace {

class statement {
public:
    statement(sqlite3* db, const std::string& sql) : db_(db) {
        check(sqlite3_prepare_v3(db, sql.c_str(), -1, SQLITE_PREPARE_PERSISTENT, &made_, nullptr));
    }
    ~statement() { sqlite3_finalize(made_); }
    statement(const statement&) = delete;
    statement& operator=(const statement&) = delete;

    void bind(int at, std::int64_t value) { check(sqlite3_bind_int64(made_, at, value)); }
    void bind(int at, const std::string& value) {
        check(sqlite3_bind_text(made_, at, value.data(), static_cast<int>(value.size()), SQLITE_STATIC));
    }
    void bind_null(int at) { check(sqlite3_bind_null(made_, at)); }
    [[nodiscard]] sqlite3_stmt* get() const { return made_; }

    /// True where a row is there.
    [[nodiscard]] bool step() {
        const int result = sqlite3_step(made_);
        if (result != SQLITE_ROW) {
            const int ended = sqlite3_reset(made_);
            check(result == SQLITE_DONE ? ended : result);
        }
        return result == SQLITE_ROW;
    }
    template <class... Values>
    void run(const Values&... values) {
        int at = 0;
        (bind(++at, values), ...);
        static_cast<void>(step());
    }
    template <class... Values>
    void change_one(const Values&... values) {
        run(values...);
        if (sqlite3_changes(db_) != 1) {
            throw std::runtime_error("sqlite3: another writer was faster");
        }
    }

private:
    void check(int result) const {
        if (result != SQLITE_OK) {
            throw std::runtime_error(std::string("sqlite3: ") + sqlite3_errmsg(db_));
        }
    }

    sqlite3* db_;
    sqlite3_stmt* made_ = nullptr;
};

class sqlite_client : public raw_client {
public:
    explicit sqlite_client(const std::string& file) : db_(open(file), sqlite3_close) {}

    void make(const wager& w) override { make(std::span(&w, 1)); }

    void make(std::span<const wager> wagers) override {
        if (!ready_) {
            ready_.emplace(db_.get());
            now_ = read_meters(*this);
        }
        const std::string at = now_text();
        const meters before = now_;
        ready_->begin.run();
        for (const wager& w : wagers) {
            const std::int64_t credit = now_.take(w.amount);
            w.key.empty() ? ready_->insert.bind_null(9) : ready_->insert.bind(9, w.key);
            ready_->insert.run(now_.sequence, ids_.next(), at, w.amount, now_.version, now_.current,
                               now_.carry, credit);
        }
        ready_->pool.change_one(now_.current, now_.carry, now_.total_wagered, now_.total_contributions,
                                now_.version, now_.sequence, at, before.version);
        ready_->store.change_one(now_.sequence, at, before.sequence);
        ready_->commit.run();
    }

    text_rows query(const std::string& sql) override {
        statement run(db_.get(), sql);
        text_rows rows;
        while (run.step()) {
            auto& row = rows.emplace_back();
            for (int i = 0; i < sqlite3_column_count(run.get()); ++i) {
                const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(run.get(), i));
                row.emplace_back(text == nullptr ? "" : text);
            }
        }
        return rows;
    }

    std::function<void(raw_client&)> dump() override {
        auto tables = std::make_shared<std::vector<table>>();
        for (const char* name : {"jackpot_store", "jackpots", "jackpot_journal"}) {
            tables->emplace_back(db_.get(), name);
        }
        return [tables](raw_client& into) {
            sqlite3* db = static_cast<sqlite_client&>(into).db_.get();
            statement(db, "BEGIN IMMEDIATE").run();
            statement(db, "DELETE FROM jackpot_store").run();
            for (const table& t : *tables) {
                t.load(db);
            }
            statement(db, "COMMIT").run();
        };
    }

    void settle() override { query("PRAGMA wal_checkpoint(TRUNCATE)"); }

    std::vector<std::pair<std::string, std::string>> about() override {
        const auto pragma = [&](const std::string& name) { return query("PRAGMA " + name)[0][0]; };
        return {{"SQLite", sqlite3_libversion()},
                {"SQLite journal_mode", pragma("journal_mode")},
                {"SQLite synchronous", pragma("synchronous")}};
    }

private:
    struct statements {
        explicit statements(sqlite3* db)
            : begin(db, "BEGIN IMMEDIATE"),
              insert(
                  db,
                  "INSERT INTO jackpot_journal (sequence, part, id, at, kind, game, player, amount, "
                  "\"group\", version, current_amount, overflow, carry, reserve, "
                  "reserve_carry, to_pool, to_overflow, to_reserve, forgone, \"key\") VALUES (?1, 0, ?2, ?3, "
                  "'contributed', 'slots', 'alice', ?4, 'mega', ?5, ?6, 0, ?7, 0, 0, ?8, 0, 0, 0, ?9)"),
              pool(db,
                   "UPDATE jackpots SET current_amount = ?1, carry = ?2, total_wagered = ?3, "
                   "total_contributions = ?4, wager_count = wager_count + ?5 - version, version = ?5, "
                   "sequence = ?6, last_modified_at = ?7 "
                   "WHERE \"group\" = 'mega' AND version = ?8"),
              store(db,
                    "UPDATE jackpot_store SET sequence = ?1, newest_at = ?2 "
                    "WHERE id = 1 AND sequence = ?3 AND sealed = 0"),
              commit(db, "COMMIT") {}
        statement begin, insert, pool, store, commit;
    };

    /// The rows of a table, close together: a benchmark has many.
    class table {
    public:
        table(sqlite3* db, const std::string& name) {
            statement all(db, "SELECT * FROM " + name);
            columns_ = sqlite3_column_count(all.get());
            insert_ = "INSERT INTO " + name + " VALUES (?";
            for (int i = 1; i < columns_; ++i) {
                insert_ += ", ?";
            }
            insert_ += ")";
            while (all.step()) {
                for (int i = 0; i < columns_; ++i) {
                    keep(all.get(), i);
                }
            }
        }
        void load(sqlite3* db) const {
            statement insert(db, insert_);
            int at = 0;
            for (const cell& c : cells_) {
                ++at;
                if (c.size == null) {
                    insert.bind_null(at);
                } else if (c.size == number) {
                    insert.bind(at, c.value);
                } else {
                    sqlite3_bind_text(insert.get(), at, text_.data() + c.value, c.size, SQLITE_STATIC);
                }
                if (at == columns_) {
                    static_cast<void>(insert.step());
                    at = 0;
                }
            }
        }

    private:
        static constexpr int null = -1;
        static constexpr int number = -2;
        struct cell {
            int size;  // of the text, or one of the above
            std::int64_t value;
        };
        void keep(sqlite3_stmt* row, int i) {
            switch (sqlite3_column_type(row, i)) {
                case SQLITE_NULL:
                    cells_.push_back({null, 0});
                    break;
                case SQLITE_INTEGER:
                    cells_.push_back({number, sqlite3_column_int64(row, i)});
                    break;
                default:
                    cells_.push_back({sqlite3_column_bytes(row, i), static_cast<std::int64_t>(text_.size())});
                    text_ += reinterpret_cast<const char*>(sqlite3_column_text(row, i));
            }
        }

        int columns_;
        std::string insert_;
        std::vector<cell> cells_;
        std::string text_;
    };

    static sqlite3* open(const std::string& file) {
        sqlite3* db = nullptr;
        if (sqlite3_open_v2(file.c_str(), &db, SQLITE_OPEN_READWRITE, nullptr) != SQLITE_OK ||
            sqlite3_exec(db,
                         "PRAGMA busy_timeout = 5000; PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL",
                         nullptr, nullptr, nullptr) != SQLITE_OK) {
            throw std::runtime_error("sqlite3: " + file + ": " + sqlite3_errmsg(db));
        }
        return db;
    }

    std::unique_ptr<sqlite3, int (*)(sqlite3*)> db_;
    std::optional<statements> ready_;
    meters now_;
    id_source ids_;
};

}  // namespace

std::unique_ptr<raw_client> open_sqlite(const std::string& url) {
    return std::make_unique<sqlite_client>(url.substr(std::string("sqlite://").size()));
}

}  // namespace bench
