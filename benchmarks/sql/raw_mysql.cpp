// SPDX-License-Identifier: BSL-1.0
#include "client.hpp"

#include <chrono>
#include <mysql.h>
#include <optional>
#include <stdexcept>
#include <thread>

namespace bench {

namespace {

/// mysql://USER@HOST/DATABASE?socket=FILE, or with [:PASSWORD] and [:PORT]: what tests/servers.sh gives, and
/// what a server needs that listens elsewhere.
struct address {
    std::string user, password, host, database, socket;
    unsigned port = 3306;

    explicit address(std::string rest) {
        const auto split = [](std::string& text, const char* mark) {
            const std::size_t at = text.find(mark);
            std::string after = at == std::string::npos ? "" : text.substr(at + 1);
            text.resize((std::min)(at, text.size()));
            return after;
        };
        rest = rest.substr(std::string("mysql://").size());
        socket = split(rest, "?");
        split(socket, "&");
        socket = socket.starts_with("socket=") ? socket.substr(7) : "";
        database = split(rest, "/");
        host = split(rest, "@");
        password = split(rest, ":");
        user = rest;
        if (const std::string text = split(host, ":"); !text.empty()) {
            port = static_cast<unsigned>(std::stoul(text));
        }
    }
};

class mysql_client : public raw_client {
public:
    mysql_client(const std::string& url, trips how)
        : connection_(mysql_init(nullptr), mysql_close), how_(how) {
        const address to(url);
        const char* socket = to.socket.empty() ? nullptr : to.socket.c_str();
        check(mysql_real_connect(connection_.get(), to.host.c_str(), to.user.c_str(), to.password.c_str(),
                                 to.database.c_str(), to.port, socket, CLIENT_MULTI_STATEMENTS) != nullptr);
        query("SET NAMES utf8mb4");
        query("SET SESSION sql_mode = 'ANSI_QUOTES,STRICT_ALL_TABLES'");
    }

    void make(const wager& w) override { make(std::span(&w, 1)); }

    // The transaction goes on only where the pool and the store were as they are known here: the journal's
    // keys refuse its rows otherwise, which ends the statements that are sent together.
    void make(std::span<const wager> wagers) override {
        if (!now_) {
            now_ = read_meters(*this);
        }
        const meters before = *now_;
        std::string at("'");
        at.append(now_text()).push_back('\'');
        std::string rows;
        for (const wager& w : wagers) {
            const std::int64_t credit = now_->take(w.amount);
            rows += (rows.empty() ? "(" : ",(") + std::to_string(now_->sequence) + ",0,'" + ids_.next() +
                    "'," + (w.key.empty() ? "NULL" : "'" + w.key + "'") + "," + at +
                    ",'contributed','slots','alice'," + std::to_string(w.amount) + ",'mega'," +
                    std::to_string(now_->version) + "," + std::to_string(now_->current) + ",0," +
                    std::to_string(now_->carry) + ",0,0," + std::to_string(credit) + ",0,0,0)";
        }
        const std::string update =
            "UPDATE jackpots p JOIN jackpot_store s SET p.current_amount = " + std::to_string(now_->current) +
            ", p.carry = " + std::to_string(now_->carry) +
            ", p.total_wagered = " + std::to_string(now_->total_wagered) +
            ", p.total_contributions = " + std::to_string(now_->total_contributions) +
            ", p.wager_count = p.wager_count + " + std::to_string(wagers.size()) +
            ", p.version = " + std::to_string(now_->version) +
            ", p.sequence = " + std::to_string(now_->sequence) + ", p.last_modified_at = " + at +
            ", s.sequence = " + std::to_string(now_->sequence) + ", s.newest_at = " + at +
            " WHERE p.\"group\" = 'mega' AND p.version = " + std::to_string(before.version) +
            " AND s.id = 1 AND s.sealed = 0 AND s.sequence = " + std::to_string(before.sequence);
        const std::string insert =
            "INSERT INTO jackpot_journal (sequence, part, id, \"key\", at, kind, game, player, amount, "
            "\"group\", "
            "version, current_amount, overflow, carry, reserve, reserve_carry, to_pool, to_overflow, "
            "to_reserve, "
            "forgone) VALUES " +
            rows;
        if (how_ == trips::four) {
            run({"START TRANSACTION"}, 0);
            run({update}, 2);
            run({insert}, wagers.size());
            run({"COMMIT"}, 0);
        } else {
            run({"START TRANSACTION", update, insert, "COMMIT"}, wagers.size() + 2);
        }
    }

    text_rows query(const std::string& sql) override {
        check(mysql_real_query(connection_.get(), sql.data(), sql.size()) == 0);
        const std::unique_ptr<MYSQL_RES, void (*)(MYSQL_RES*)> result(mysql_store_result(connection_.get()),
                                                                      mysql_free_result);
        text_rows rows;
        if (result == nullptr) {
            check(mysql_field_count(connection_.get()) == 0);
            return rows;
        }
        while (const MYSQL_ROW values = mysql_fetch_row(result.get())) {
            auto& row = rows.emplace_back();
            for (unsigned i = 0; i < mysql_num_fields(result.get()); ++i) {
                row.emplace_back(values[i] == nullptr ? "" : values[i]);
            }
        }
        return rows;
    }

    std::function<void(raw_client&)> dump() override {
        throw std::runtime_error("no bulk load of MariaDB is measured");
    }

    void settle() override {
        const std::string share = query("SELECT @@innodb_max_dirty_pages_pct")[0][0];
        query("SET GLOBAL innodb_max_dirty_pages_pct = 0");
        for (int tries = 0; tries < 600; ++tries) {
            if (std::stol(query("SHOW STATUS LIKE 'Innodb_buffer_pool_pages_dirty'")[0][1]) < 100) {
                break;
            }
            std::this_thread::sleep_for(std::chrono::milliseconds(100));
        }
        query("SET GLOBAL innodb_max_dirty_pages_pct = " + share);
    }

    std::vector<std::pair<std::string, std::string>> about() override {
        std::vector<std::pair<std::string, std::string>> said = {
            {"MariaDB", mysql_get_server_info(connection_.get())},
            {"libmariadb", mysql_get_client_info()},
        };
        for (const std::string name : {"innodb_flush_log_at_trx_commit", "innodb_flush_method",
                                       "innodb_doublewrite", "log_bin", "sync_binlog"}) {
            said.emplace_back("MariaDB " + name, query("SELECT @@" + name)[0][0]);
        }
        return said;
    }

private:
    void check(bool well) const {
        if (!well) {
            throw std::runtime_error(std::string("libmariadb: ") + mysql_error(connection_.get()));
        }
    }

    /// Sends the statements together; together they must change that many rows.
    void run(std::initializer_list<std::string> statements, std::size_t wanted) {
        std::string sent;
        for (const std::string& s : statements) {
            sent += (sent.empty() ? "" : ";") + s;
        }
        check(mysql_real_query(connection_.get(), sent.data(), sent.size()) == 0);
        std::size_t changed = mysql_affected_rows(connection_.get());
        for (int more = 0; (more = mysql_next_result(connection_.get())) != -1;) {
            check(more == 0);
            changed += mysql_affected_rows(connection_.get());
        }
        if (changed != wanted) {
            throw std::runtime_error("libmariadb: another writer was faster");
        }
    }

    std::unique_ptr<MYSQL, void (*)(MYSQL*)> connection_;
    trips how_;
    std::optional<meters> now_;
    id_source ids_;
};

}  // namespace

std::unique_ptr<raw_client> open_mysql(const std::string& url, trips how) {
    return std::make_unique<mysql_client>(url, how);
}

}  // namespace bench
