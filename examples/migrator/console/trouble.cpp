// SPDX-License-Identifier: BSL-1.0
#include "trouble.hpp"

#include "../verbs/rollback_data.hpp"
#include "../verbs/verb.hpp"
#include "answer.hpp"

#include <jackpot/soci.hpp>
#include <jackpot/soci/definitions.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace migrator {

namespace {

bool says(const jackpot::error& e, std::initializer_list<std::string_view> words) {
    return std::any_of(words.begin(), words.end(), [&](std::string_view each) {
        return e.detail.view().find(each) != std::string_view::npos;
    });
}

std::string look_at_the_server(const std::string& shown) {
    return shown.starts_with("postgresql")
               ? "start the server, or correct host and port: systemctl status postgresql; "
                 "pg_isready -h HOST -p PORT"
               : "start the server, or correct host, port and socket: systemctl status mariadb; "
                 "mariadb-admin ping -h HOST -P PORT";
}

std::string schema_remedy(const jackpot::error& e) {
    if (says(e, {"service"})) {
        return "rename those tables after a backup (ALTER TABLE jackpots RENAME TO jackpots_before), or use "
               "another database; then: migrator schema apply STORE";
    }
    if (says(e, {"newer"})) {
        return "use a migrator of that version or newer; which one made the tables: "
               "SELECT number, library FROM jackpot_schema";
    }
    if (says(e, {"amount_type"})) {
        return says(e, {"int256"})
                   ? "migrate, backup and rollback are for int64 amounts; validate, repair, seal and "
                     "schema --wide are for both. To move such a store, call jackpot::replicate"
                   : "use another database for these amounts";
    }
    // Tables that were made once and are not whole any more.
    const bool lost =
        says(e, {" lacks ", "no table"}) && !says(e, {"no table jackpot_schema, jackpot_store, jackpots"});
    return lost ? "restore the database, or make what is lacking as migrator schema print ENGINE has it"
                : "migrator schema apply STORE";
}

std::string permission_remedy(const jackpot::error& e) {
    if (says(e, {"readonly", "read-only"})) {
        return "let this user write the file and its folder (ls -l FILE; chmod u+w FILE), or a server that "
               "takes writes be the store";
    }
    if (says(e, {"row-level security"})) {
        return "use a role from which no policy hides rows: the tables' owner, or one with BYPASSRLS";
    }
    if (says(e, {"to be made by a role that may"})) {
        return "as a role that may make tables: migrator schema apply STORE; or migrator schema print "
               "ENGINE, "
               "for the engine's own client";
    }
    return "GRANT SELECT, INSERT, UPDATE, DELETE on jackpots, jackpot_games, jackpot_holds, jackpot_journal, "
           "jackpot_store and jackpot_schema to the user";
}

std::string busy_remedy(const jackpot::error& e) {
    if (says(e, {"is full", "No space left", "disk I/O error", "error writing"})) {
        return "make room where the store keeps its data (df -h), then run the same command again";
    }
    if (says(e, {"locked", "lock timeout", "Lock wait"})) {
        return std::string("let the others finish, or ") + load_remedy;
    }
    return "look whether the server runs (migrator validate STORE), then run the same command again";
}

}  // namespace

std::string words_of(const jackpot::error& e) {
    return std::string(to_text(e).view());
}

trouble connection_trouble(const jackpot::error& e, const std::string& shown) {
    using jackpot::errc;
    if (e.code == errc::unsupported) {
        return {words_of(e), "a store is sqlite://FILE, postgresql://... or mysql://..."};
    }
    if (shown.starts_with("sqlite")) {
        if (says(e, {"no such file"})) {
            return {"no such file: " + words_of(e),
                    "correct the path, or make a new store: migrator schema apply STORE"};
        }
        return {words_of(e),
                "see that the folder is there and that this user may read and write both (mkdir -p FOLDER; "
                "ls -l FILE), and that nothing holds the file locked"};
    }
    if (e.code == errc::permission_denied) {
        return {"access denied: " + words_of(e),
                "check user and password, and that the server lets the user in from here"};
    }
    // libpq says it so. MariaDB's client has a number: of ECONNREFUSED, of EINPROGRESS where it did not ask
    // further, or of ENOENT for a socket.
    const bool refused = says(e, {"onnection refused", "No such file or directory"}) ||
                         (says(e, {"Can't connect"}) && says(e, {"(111)", "(115)", "(2)"}));
    if (refused) {
        return {"connection refused", look_at_the_server(shown), words_of(e)};
    }
    if (says(e, {"nknown database"}) || (says(e, {"database \""}) && says(e, {"does not exist"}))) {
        return {"no such database: " + words_of(e), "create the database, or correct its name"};
    }
    return {words_of(e), look_at_the_server(shown)};
}

trouble store_trouble(const jackpot::error& e) {
    using jackpot::errc;
    switch (e.code) {
        case errc::permission_denied:
            return {"permission denied: " + words_of(e), permission_remedy(e)};
        case errc::schema_mismatch:
            return {words_of(e), schema_remedy(e)};
        case errc::corrupt:
            if (says(e, {"not a database", "malformed"})) {
                return {words_of(e), "restore the file from a backup, or correct its name"};
            }
            return {words_of(e), repair_remedy};
        case errc::diverged:
            if (says(e, {"checkpoint"})) {
                return {words_of(e),
                        "copy it into an empty store; where a store is to go back to a backup: "
                        "migrator rollback STORE --rollback-data-file=FILE"};
            }
            return {
                words_of(e),
                "leave both as they are, and see what differs: migrator validate STORE --against OTHER; a "
                "target that went on from the source is the newer store. Where what the target holds is of "
                "no use, choose an empty database, or the store that this one was copied from"};
        case errc::store_sealed:
            return {
                words_of(e),
                "where a cut-over sealed it the other store goes on; to come back to this one: migrator seal "
                "STORE --off --other OTHER"};
        case errc::conflict:
            return {words_of(e), "stop the other writers, then run the same command again"};
        case errc::unavailable:
            return {words_of(e), busy_remedy(e)};
        case errc::unsupported:
            if (says(e, {"lacks that moment"})) {
                return {
                    words_of(e),
                    "name times that the journal reaches back to, or the store that has the history before"};
            }
            [[fallthrough]];
        default:
            return {words_of(e), "look what the store says: migrator validate STORE --detailed"};
    }
}

trouble reading_trouble(const std::string& why) {
    return {why, "correct the path, or let this user read the file: ls -l FILE"};
}

trouble data_trouble(const std::string& why) {
    if (why.find(bare_pools) != std::string::npos) {
        return {why,
                "give what `migrator backup STORE` or a migration wrote (--rollback-data-file=FILE), which a "
                "rollback can trust; pools of the service before are a source: migrator migrate --from FILE "
                "--to NEW"};
    }
    return {why,
            "take a backup that nobody edited, or one out of a dump: "
            "migrator generate-rollback-data --backup-file=FILE"};
}

trouble import_trouble(const std::string& why) {
    // Bytes that are no UTF-8 are shown so.
    if (why.find("\\x") == std::string::npos && printable(why).find("\\x") != std::string::npos) {
        return {why, "it is not in UTF-8: iconv -f LATIN1 -t UTF-8 FILE >PLAIN, or whatever it is in"};
    }
    return {why,
            "correct it where it came from; a pool that only does not add up is taken with "
            "--adopt --actor WHO --reason WHY"};
}

trouble writing_trouble(const std::string& why, const std::string& flag) {
    if (why.find(unsound_moment) != std::string::npos) {
        return {why, repair_remedy};
    }
    return {why,
            "make room there and see that this user may write (df -h FOLDER; ls -ld FOLDER), or write "
            "elsewhere: " +
                flag};
}

jackpot::error with_rights(const std::string& url, const jackpot::error& e) {
    if (e.code != jackpot::errc::schema_mismatch || !says(e, {"no table jackpot_schema"})) {
        return e;
    }
    const auto asked = jackpot::soci_storage::visit(
        url, [](jackpot::sql::connection& c) { c.run_once("SELECT sealed FROM jackpot_store WHERE 1 = 0"); });
    return !asked && asked.error().code == jackpot::errc::permission_denied ? asked.error() : e;
}

ending not_opened(const std::string& verdict, const std::string& url, const jackpot::error& why) {
    using jackpot::errc;
    const auto e = with_rights(url, why);
    const bool asked =
        e.code != errc::unavailable && e.code != errc::permission_denied && e.code != errc::unsupported;
    if (asked || jackpot::soci_storage::visit(url, [](jackpot::sql::connection&) {})) {
        return {verdict, store_trouble(e), exit_failed};
    }
    return {"Database connectivity failed", connection_trouble(e, jackpot::without_password(url)),
            exit_unreachable};
}

int tell(const ending& end) {
    answer::given().fail(end.why);
    say("❌ {}: {}\n{}", end.verdict, end.why.what, lines{end.why.advice()});
    return end.code;
}

}  // namespace migrator
