// SPDX-License-Identifier: BSL-1.0
#include "trouble.hpp"

namespace migrator {

namespace {

bool says(const jackpot::error& e, std::string_view words) {
    return e.detail.view().find(words) != std::string_view::npos;
}

std::string words_of(const jackpot::error& e) {
    return std::string(to_text(e).view());
}

std::string look_at_the_server(const std::string& shown) {
    return shown.starts_with("postgresql")
               ? "start the server, or correct host and port: systemctl status postgresql; "
                 "pg_isready -h HOST -p PORT"
               : "start the server, or correct host, port and socket: systemctl status mariadb; "
                 "mariadb-admin ping -h HOST -P PORT";
}

}  // namespace

trouble connection_trouble(const jackpot::error& e, const std::string& shown) {
    using jackpot::errc;
    if (e.code == errc::unsupported) {
        return {words_of(e), "a store is sqlite://FILE, postgresql://... or mysql://..."};
    }
    if (e.code == errc::permission_denied) {
        return {"access denied: " + words_of(e),
                "check user and password, and that the server lets the user in from here"};
    }
    if (says(e, "no such file")) {
        return {"no such file: " + words_of(e),
                "correct the path, or make a new store: migrator schema apply STORE"};
    }
    // libpq says it so. MariaDB's client has a number: of ECONNREFUSED, of EINPROGRESS where it did not ask
    // further, or of ENOENT for a socket.
    const bool refused =
        says(e, "onnection refused") || says(e, "No such file or directory") ||
        (says(e, "Can't connect") && (says(e, "(111)") || says(e, "(115)") || says(e, "(2)")));
    if (refused) {
        return {"connection refused", look_at_the_server(shown), words_of(e)};
    }
    if (says(e, "nknown database") || (says(e, "database \"") && says(e, "does not exist"))) {
        return {"no such database: " + words_of(e), "create the database, or correct its name"};
    }
    if (shown.starts_with("sqlite")) {
        return {words_of(e), "check that the file may be read and written, and that nothing holds it locked"};
    }
    return {words_of(e), look_at_the_server(shown)};
}

trouble table_trouble(const jackpot::error& e) {
    using jackpot::errc;
    switch (e.code) {
        case errc::permission_denied:
            return {"permission denied: " + words_of(e),
                    "GRANT SELECT, INSERT, UPDATE, DELETE on jackpots, jackpot_games, jackpot_journal, "
                    "jackpot_store and jackpot_schema to the user"};
        case errc::schema_mismatch:
            if (says(e, "service")) {
                return {words_of(e),
                        "rename those tables after a backup, or use another database; then: "
                        "migrator schema apply STORE"};
            }
            if (says(e, "newer")) {
                return {words_of(e), "use a migrator of that version or newer"};
            }
            if (says(e, "amount_type")) {
                return {words_of(e), "use another database for these amounts"};
            }
            return {words_of(e), "migrator schema apply STORE"};
        case errc::corrupt:
            if (says(e, "not a database") || says(e, "malformed")) {
                return {words_of(e), "restore the file from a backup, or correct its name"};
            }
            return {words_of(e), "stop the writers, then: migrator repair STORE --from-journal"};
        default:
            return {words_of(e), "try again; if it lasts, look at the server's log"};
    }
}

}  // namespace migrator
