// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_TESTS_SOCI_ENGINES_HPP
#define JACKPOT_TESTS_SOCI_ENGINES_HPP

#include <jackpot/core/system.hpp>
#include <jackpot/soci.hpp>
#include <jackpot/soci/definitions.hpp>

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

namespace test {

inline constexpr const char* engines[] = {"sqlite", "postgresql", "mysql"};
inline constexpr const char* server_engines[] = {"postgresql", "mysql"};

/// The database that servers.sh made on that engine's server.
inline std::string server_url(const std::string& engine) {
    std::ifstream servers(JACKPOT_SERVERS_FILE);
    for (std::string line; std::getline(servers, line);) {
        if (line.starts_with(engine + "=")) {
            return line.substr(engine.size() + 1);
        }
    }
    FAIL("no server of ", engine, ": run through ctest, or tests/servers.sh up ", JACKPOT_SERVERS_FILE);
    return {};
}

/// A place for a store on an engine, empty at first: a file, a schema of PostgreSQL, a database of MariaDB.
class place {
public:
    explicit place(const std::string& engine) : engine_(engine) {
        jackpot::system_environment world;
        name_ = "jackpot_" + std::to_string(world.random());
        if (engine == "sqlite") {
            url_ = "sqlite://" + file().string();
            return;
        }
        url_ = server_url(engine);
        const bool schema = engine == "postgresql";
        run((schema ? "CREATE SCHEMA " : "CREATE DATABASE ") + name_);
        const auto mark = url_.find('?');
        url_ = schema ? url_ + "&options=-csearch_path%3D" + name_
                      : url_.substr(0, url_.rfind('/', mark)) + "/" + name_ + url_.substr(mark);
    }
    ~place() {
        if (engine_ == "sqlite") {
            for (const char* suffix : {"", "-wal", "-shm"}) {
                std::filesystem::remove(file().string() + suffix);
            }
        } else {
            run(engine_ == "postgresql"
                    ? "SET client_min_messages TO warning; DROP SCHEMA " + name_ + " CASCADE"
                    : "DROP DATABASE " + name_);
        }
    }
    place(const place&) = delete;
    place& operator=(const place&) = delete;

    [[nodiscard]] const std::string& url() const noexcept { return url_; }
    [[nodiscard]] const std::string& engine() const noexcept { return engine_; }
    /// Of the schema or the database.
    [[nodiscard]] const std::string& name() const noexcept { return name_; }

    /// A session as the library makes one, for what the library would never do.
    [[nodiscard]] std::unique_ptr<soci::session> session() const {
        std::string_view rest = url_;
        const auto dialect = *jackpot::sql::dialect_of(rest);
        const auto where = *dialect->locate(rest, jackpot::open_mode::create);
        auto opened = std::make_unique<soci::session>(dialect->backend(), where.connection);
        for (const std::string& setting : where.settings) {
            *opened << setting;
        }
        return opened;
    }
    void run(const std::string& statement) const { *session() << statement; }
    /// The first column of the first row, as text.
    [[nodiscard]] std::string ask(const std::string& query) const {
        const auto opened = session();
        std::string answer;
        soci::indicator present = soci::i_null;
        *opened << query, soci::into(answer, present);
        return present == soci::i_ok ? answer : "NULL";
    }

private:
    [[nodiscard]] std::filesystem::path file() const {
        return std::filesystem::temp_directory_path() / name_;
    }

    std::string engine_;
    std::string name_;
    std::string url_;
};

/// Runs the script with the engine's own client.
inline bool run_script(const place& at, const std::string& script) {
    const std::string& url = at.url();
    const std::string file = (std::filesystem::temp_directory_path() / (at.name() + ".sql")).string();
    std::ofstream(file) << script;
    const std::string clients[] = {"sqlite3 -bail " + url.substr(url.find("://") + 3),
                                   "psql -q -X -v ON_ERROR_STOP=1 '" + url + "'",
                                   "mariadb --no-defaults --default-character-set=utf8mb4 -u jackpot -S " +
                                       url.substr(url.find("?socket=") + 8) + " " + at.name()};
    const auto engine = std::find(std::begin(engines), std::end(engines), at.engine());
    const int status =
        std::system((clients[engine - std::begin(engines)] + " <" + file + " >/dev/null").c_str());
    std::filesystem::remove(file);
    return status == 0;
}

}  // namespace test

#endif
