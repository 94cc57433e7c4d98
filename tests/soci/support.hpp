// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_TESTS_SOCI_SUPPORT_HPP
#define JACKPOT_TESTS_SOCI_SUPPORT_HPP

#include "../support.hpp"
#include "../wide.hpp"

#include <jackpot/fwd.hpp>
#include <jackpot/soci.hpp>
#include <jackpot/soci/definitions.hpp>
#include <jackpot/testing/laws/ledger.hpp>

#include <unistd.h>

namespace test {

/// True where SOCI throws out of the body: an engine refused a statement.
template <class Body>
[[nodiscard]] bool is_refused(Body&& body) {
    try {
        body();
    } catch (const soci::soci_error&) {
        return true;
    }
    return false;
}

/// A SQLite file of its own for each test, and a way to edit it behind the library's back.
class database {
public:
    explicit database(std::string_view name = "store") {
        static int count = 0;
        folder_ = std::filesystem::temp_directory_path() /
                  ("jackpot-" + std::to_string(::getpid()) + "-" + std::to_string(++count));
        std::filesystem::create_directory(folder_);
        path_ = (folder_ / name).string();
    }
    ~database() { std::filesystem::remove_all(folder_); }
    database(const database&) = delete;
    database& operator=(const database&) = delete;

    [[nodiscard]] const std::string& path() const { return path_; }
    [[nodiscard]] std::string url(std::string_view options = {}) const {
        return "sqlite://" + path_ + std::string(options);
    }
    template <amount Amount = std::int64_t>
    [[nodiscard]] basic_soci_storage<Amount> open(std::string_view options = {}) const {
        return value_of(basic_soci_storage<Amount>::open(url(options)));
    }

    /// Runs the statements in a session of their own, in which CHECK constraints do not count.
    template <class... Statements>
    void edit(const Statements&... statements) const {
        soci::session session(soci::sqlite3, "dbname=\"" + path_ + "\"");
        session << "PRAGMA ignore_check_constraints = ON";
        const auto run = [&](std::string_view statement) { session << statement; };
        (run(statements), ...);
    }
    /// The first column of the first row, as text.
    [[nodiscard]] std::string ask(std::string_view query) const {
        soci::session session(soci::sqlite3, "dbname=\"" + path_ + "\"");
        std::string answer;
        soci::indicator present = soci::i_null;
        session << query, soci::into(answer, present);
        return present == soci::i_ok ? answer : "NULL";
    }

private:
    std::filesystem::path folder_;
    std::string path_;
};

/// Brings the store, which is at `sequence`, to where the ledger is.
template <class Store, class Ledger>
void commit_after(Store& store, const Ledger& l, std::uint64_t sequence) {
    REQUIRE(value_of(store.commit(l.commit_after(sequence))) == commit_result::committed);
}

/// A ledger with three pools, a wager with a key, a win and a pending patch.
template <amount Amount = std::int64_t>
testing::ledger<Amount> small_ledger() {
    testing::ledger<Amount> l;
    const auto add = [&](basic_request<Amount> request) { REQUIRE(value_of(l.add(std::move(request)))); };
    add(basic_open_request<Amount>{
        .pool = "major", .configuration = {.seed = 50, .cap = Amount(5000), .rate = rate_of("0.5")}});
    add(basic_open_request<Amount>{
        .pool = "mega",
        .configuration = {.seed = 900, .rate = rate_of("0.005"), .games = {"keno", "slots"}}});
    add(basic_open_request<Amount>{.pool = "minor", .configuration = {.rate = rate_of("1")}});
    add(basic_contribute_request<Amount>{.game = "slots", .wager = 12'345, .player = "ann", .key = "bet-1"});
    add(basic_win_request<Amount>{.pool = "minor", .game = "keno", .player = "bob"});
    add(basic_configure_request<Amount>{
        .pool = "mega", .when = when::after_win, .patch = {.cap = std::optional(Amount(10'000))}});
    return l;
}

template <amount Amount = std::int64_t>
basic_request<Amount> wager(std::string_view game = "slots", std::optional<name> key = {}) {
    return basic_contribute_request<Amount>{.game = game, .wager = 1000, .key = key};
}

[[nodiscard]] inline bool contains(const error& e, std::string_view words) {
    return e.detail.view().find(words) != std::string_view::npos;
}

}  // namespace test

#endif
