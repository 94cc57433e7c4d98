// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_SOCI_ENGINES_MYSQL_ERRORS_HPP
#define JACKPOT_SOCI_ENGINES_MYSQL_ERRORS_HPP

#include <jackpot/soci/engines/mysql/session.hpp>

namespace jackpot { inline namespace v1 { namespace sql::mysql {

/// By the numbers of https://mariadb.com/kb/en/mariadb-error-codes/, which MySQL shares unless said
/// otherwise; 2000 and above are the client's own.
[[nodiscard]] inline fault sort(unsigned number, std::string_view message) {
    const auto is_one_of = [&](auto... numbers) { return ((number == unsigned(numbers)) || ...); };
    const auto as = [&](errc code) { return error{code, message}; };
    // Deadlock, or another node's transaction was first; a row, a table changed since the snapshot; rolled
    // back by group replication.
    if (is_one_of(1213, 1020, 1412, 3101)) {
        return {as(errc::conflict)};
    }
    // The client's own; shutdown, killed, network errors, timeouts of an idle session (4031 MySQL).
    if ((number >= 2000 && number < 3000) ||
        is_one_of(1053, 1077, 1079, 1080, 1152, 1158, 1159, 1160, 1161, 1184, 1927, 3168, 3169, 4031)) {
        return {.what = as(errc::unavailable), .lost = true};
    }
    // A node without quorum, or without its data; a server or a transaction that is read-only, as after a
    // switch-over: the next session may be of another server.
    if (is_one_of(1047, 1290, 1792, 1836, 1874, 3032)) {
        return {.what = as(errc::unavailable), .lost = true};
    }
    // COMMIT or ROLLBACK that failed, as where the node lost the others meanwhile: nobody knows what became
    // of it (3100 group replication).
    if (is_one_of(1180, 1181, 3100)) {
        return {as(errc::unavailable)};
    }
    // Lock wait; disk or table full, input/output; canceled, or for too long (1969 MariaDB, 3024 MySQL); too
    // many connections; out of memory; no such database.
    if (is_one_of(1205, 1021, 1114, 1030, 1026, 1317, 1969, 3024, 1040, 1129, 1203, 1226, 1037, 1038, 1041,
                  1049)) {
        return {as(errc::unavailable)};
    }
    // Duplicate, foreign key, NULL, CHECK (4025 MariaDB, 3819 MySQL), and a mode that is none, by which a
    // script refuses to go on.
    if (is_one_of(1062, 1451, 1452, 1048, 4025, 3819, 1231)) {
        return {.what = as(errc::corrupt), .constraint = true};
    }
    if (is_one_of(1044, 1045, 1130, 1142, 1143, 1227, 1370, 1410, 1698)) {
        return {as(errc::permission_denied)};
    }
    if (is_one_of(1146, 1054, 1136)) {  // no table, no column, another number of columns
        return {as(errc::schema_mismatch)};
    }
    if (is_one_of(1264, 1690)) {
        return {as(errc::amount_overflow)};
    }
    return {as(is_one_of(1034, 1194, 1195, 1712) ? errc::corrupt : errc::unsupported)};
}

[[nodiscard]] inline fault classify(const soci::soci_error& e) {
    const std::string message = e.get_error_message();
    const auto* said = dynamic_cast<const soci::mysql_soci_error*>(&e);
    return sort(said == nullptr ? 0 : said->err_num_, message);
}

}}}  // namespace jackpot::v1::sql::mysql

#endif
