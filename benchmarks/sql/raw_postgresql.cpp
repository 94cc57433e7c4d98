// SPDX-License-Identifier: BSL-1.0
#include "client.hpp"

#include <libpq-fe.h>
#include <optional>
#include <stdexcept>

namespace bench {

namespace {

// One statement, so one round trip and one transaction. Every writer waits for the store's row, then the
// credit is computed on the pool as the one before left it. RETURNING knows the new carry alone, but the old
// one follows from it, and so does the credit: raw = amount * rate + old carry, carry = raw mod 10⁹.
const std::string make_one = R"(
WITH s AS (
  UPDATE jackpot_store SET sequence = sequence + 1, newest_at = GREATEST(newest_at, $1::timestamptz)
  WHERE id = 1 AND sealed = 0 RETURNING sequence, newest_at
), p AS (
  UPDATE jackpots SET
    current_amount = current_amount + ($2::bigint * (contribution_rate * 1000000000)::bigint + carry) / 1000000000,
    carry = ($2::bigint * (contribution_rate * 1000000000)::bigint + carry) % 1000000000,
    total_wagered = total_wagered + $2::bigint,
    total_contributions = total_contributions
      + ($2::bigint * (contribution_rate * 1000000000)::bigint + carry) / 1000000000,
    wager_count = wager_count + 1, version = version + 1, sequence = s.sequence, last_modified_at = s.newest_at
  FROM s WHERE "group" = 'mega' AND status = 'active' AND min_wager <= $2::bigint
  RETURNING "group", version, current_amount, overflow, carry, $2::bigint * (contribution_rate * 1000000000)::bigint AS whole
)
INSERT INTO jackpot_journal (sequence, part, id, "key", at, kind, game, player, amount, "group", version,
  current_amount, overflow, carry, reserve, reserve_carry, to_pool, to_overflow, to_reserve, forgone)
SELECT s.sequence, 0, $3, $4, s.newest_at, 'contributed', 'slots', 'alice', $2::bigint, p."group", p.version,
  p.current_amount, p.overflow, p.carry, 0, 0,
  (p.whole + (p.carry - p.whole % 1000000000 + 1000000000) % 1000000000) / 1000000000, 0, 0, 0
FROM s, p)";

// The states computed by the client, guarded by the sequence and the version that it knew.
const std::string make_many = R"(
WITH s AS (
  UPDATE jackpot_store SET sequence = $1::bigint, newest_at = $2::timestamptz
  WHERE id = 1 AND sealed = 0 AND sequence = $3::bigint RETURNING sequence
), p AS (
  UPDATE jackpots SET current_amount = $4::bigint, carry = $5::bigint, total_wagered = $6::bigint,
    total_contributions = $7::bigint, wager_count = wager_count + $8::bigint - version, version = $8::bigint, sequence = $1::bigint,
    last_modified_at = $2::timestamptz
  FROM s WHERE "group" = 'mega' AND version = $9::bigint RETURNING "group"
)
INSERT INTO jackpot_journal (sequence, part, id, "key", at, kind, game, player, amount, "group", version,
  current_amount, overflow, carry, reserve, reserve_carry, to_pool, to_overflow, to_reserve, forgone)
SELECT r.sequence, 0, r.id, r."key", $2::timestamptz, 'contributed', 'slots', 'alice', r.amount, p."group",
  r.version, r.current_amount, 0, r.carry, 0, 0, r.to_pool, 0, 0, 0
FROM p, unnest($10::bigint[], $11::text[], $12::text[], $13::bigint[], $14::bigint[], $15::bigint[],
  $16::bigint[], $17::bigint[])
  AS r (sequence, id, "key", amount, version, current_amount, carry, to_pool))";

class postgresql_client : public raw_client {
public:
    explicit postgresql_client(const std::string& url)
        : connection_(PQconnectdb(url.c_str()), PQfinish), result_(nullptr, PQclear) {
        check(PQstatus(connection_.get()) == CONNECTION_OK);
        // As many notices as schemas dropped would say nothing that matters here.
        query("SET client_min_messages TO warning");
        query("SET TimeZone TO 'UTC'");
    }

    void make(const wager& w) override {
        if (!one_ready_) {
            take(PQprepare(connection_.get(), "one", make_one.c_str(), 0, nullptr), PGRES_COMMAND_OK);
            one_ready_ = true;
        }
        run("one", {now_text(), std::to_string(w.amount), ids_.next(), w.key}, "1");
    }

    void make(std::span<const wager> wagers) override {
        if (!now_) {
            take(PQprepare(connection_.get(), "many", make_many.c_str(), 0, nullptr), PGRES_COMMAND_OK);
            now_ = read_meters(*this);
        }
        const meters before = *now_;
        std::string arrays[8];
        for (const wager& w : wagers) {
            const std::int64_t credit = now_->take(w.amount);
            const char separator = arrays[0].empty() ? '{' : ',';
            std::size_t next = 0;
            const auto add = [&](const std::string& value) { (arrays[next++] += separator) += value; };
            add(std::to_string(now_->sequence));
            add(ids_.next());
            add(w.key.empty() ? "NULL" : w.key);
            for (const std::int64_t value : {w.amount, now_->version, now_->current, now_->carry, credit}) {
                add(std::to_string(value));
            }
        }
        std::vector<std::string> values = {std::to_string(now_->sequence),
                                           now_text(),
                                           std::to_string(before.sequence),
                                           std::to_string(now_->current),
                                           std::to_string(now_->carry),
                                           std::to_string(now_->total_wagered),
                                           std::to_string(now_->total_contributions),
                                           std::to_string(now_->version),
                                           std::to_string(before.version)};
        for (std::string& array : arrays) {
            values.push_back(std::move(array += '}'));
        }
        run("many", values, std::to_string(wagers.size()));
    }

    text_rows query(const std::string& sql) override {
        result_.reset(PQexec(connection_.get(), sql.c_str()));
        const auto status = PQresultStatus(result_.get());
        check(status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK);
        text_rows rows(static_cast<std::size_t>(PQntuples(result_.get())));
        for (std::size_t i = 0; i < rows.size(); ++i) {
            for (int column = 0; column < PQnfields(result_.get()); ++column) {
                rows[i].emplace_back(PQgetvalue(result_.get(), static_cast<int>(i), column));
            }
        }
        return rows;
    }

    std::function<void(raw_client&)> dump() override {
        struct table {
            std::string name;
            std::string rows;
        };
        auto tables = std::make_shared<std::vector<table>>();
        for (const char* name : {"jackpot_store", "jackpots", "jackpot_journal"}) {
            tables->push_back({name, copy_out(name)});
        }
        return [tables](raw_client& into) {
            auto& target = static_cast<postgresql_client&>(into);
            target.query("BEGIN");
            target.query("DELETE FROM jackpot_store");
            for (const table& t : *tables) {
                target.copy_in(t.name, t.rows);
            }
            target.query("COMMIT");
        };
    }

    void settle() override {
        query("VACUUM ANALYZE jackpot_journal");
        query("CHECKPOINT");
    }

    std::vector<std::pair<std::string, std::string>> about() override {
        std::vector<std::pair<std::string, std::string>> said = {
            {"PostgreSQL", query("SHOW server_version")[0][0]},
            {"libpq", std::to_string(PQlibVersion())},
        };
        for (const std::string name :
             {"fsync", "synchronous_commit", "full_page_writes", "wal_sync_method"}) {
            said.emplace_back("PostgreSQL " + name, query("SHOW " + name)[0][0]);
        }
        return said;
    }

private:
    void check(bool well) const {
        if (!well) {
            throw std::runtime_error(std::string("libpq: ") + PQerrorMessage(connection_.get()));
        }
    }
    void take(PGresult* result, ExecStatusType wanted) {
        result_.reset(result);
        check(PQresultStatus(result) == wanted);
    }

    /// An empty value is NULL. `changed` is how many rows must have been inserted.
    void run(const char* statement, const std::vector<std::string>& values, const std::string& changed) {
        std::vector<const char*> texts;
        for (const std::string& value : values) {
            texts.push_back(value.empty() ? nullptr : value.c_str());
        }
        take(PQexecPrepared(connection_.get(), statement, static_cast<int>(texts.size()), texts.data(),
                            nullptr, nullptr, 0),
             PGRES_COMMAND_OK);
        if (PQcmdTuples(result_.get()) != changed) {
            throw std::runtime_error("libpq: another writer was faster");
        }
    }

    std::string copy_out(const std::string& table) {
        take(PQexec(connection_.get(), ("COPY " + table + " TO STDOUT").c_str()), PGRES_COPY_OUT);
        std::string rows;
        char* line = nullptr;
        for (int size = 0; (size = PQgetCopyData(connection_.get(), &line, 0)) > 0; PQfreemem(line)) {
            rows.append(line, static_cast<std::size_t>(size));
        }
        finish_copy();
        return rows;
    }
    void copy_in(const std::string& table, const std::string& rows) {
        take(PQexec(connection_.get(), ("COPY " + table + " FROM STDIN").c_str()), PGRES_COPY_IN);
        constexpr std::size_t piece = 1 << 20;
        for (std::size_t at = 0; at < rows.size(); at += piece) {
            const auto size = static_cast<int>((std::min)(piece, rows.size() - at));
            check(PQputCopyData(connection_.get(), rows.data() + at, size) == 1);
        }
        check(PQputCopyEnd(connection_.get(), nullptr) == 1);
        finish_copy();
    }
    void finish_copy() {
        take(PQgetResult(connection_.get()), PGRES_COMMAND_OK);
        check(PQgetResult(connection_.get()) == nullptr);
    }

    std::unique_ptr<PGconn, void (*)(PGconn*)> connection_;
    std::unique_ptr<PGresult, void (*)(PGresult*)> result_;
    bool one_ready_ = false;
    std::optional<meters> now_;
    id_source ids_;
};

}  // namespace

std::unique_ptr<raw_client> open_postgresql(const std::string& url) {
    return std::make_unique<postgresql_client>(url);
}

}  // namespace bench
