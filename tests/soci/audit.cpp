// SPDX-License-Identifier: BSL-1.0
#include "engines.hpp"
#include "support.hpp"

#include <jackpot/replication/audit.hpp>

// An audit that traces keys by pages says what one that looks up each key says, whatever is wrong with them.

using namespace jackpot;
using test::value_of;

namespace {

/// A soci_storage with the five verbs alone.
class plain_storage {
public:
    using amount_type = std::int64_t;

    explicit plain_storage(soci_storage& store) : store_(store) {}

    expected<void> load(snapshot& states) { return store_.load(states); }
    expected<commit_result> commit(const basic_commit<std::int64_t>& c) { return store_.commit(c); }
    expected<bool> find(const name& key, operation& found) { return store_.find(key, found); }
    expected<void> read(const history_query& q, std::vector<operation>& page) { return store_.read(q, page); }
    expected<void> seal(bool sealed) { return store_.seal(sealed); }

private:
    soci_storage& store_;
};
static_assert(!tracing_storage<plain_storage>);
static_assert(tracing_storage<soci_storage>);

/// All that an audit says, a line each finding.
std::string words_of(const expected<audit_report>& report) {
    if (!report) {
        return std::string(to_text(report.error()).view());
    }
    std::string words = std::to_string(report->operations) + " operations, " + std::to_string(report->count);
    for (const finding& f : report->findings) {
        words.append("\n").append(f.where).append(": ").append(f.what);
    }
    return words;
}

/// A store of three pools, operations 1 to 3, and the wagers with the keys `bet 4` to `bet 9`.
class keyed_store {
public:
    explicit keyed_store(const std::string& engine)
        : at_(engine), store_(value_of(soci_storage::open(at_.url()))) {
        network net(store_, seeded_environment(1));
        test::open_pools(net);
        for (int i = 4; i < 10; ++i) {
            const auto key = name("bet ").append(std::to_string(i));
            value_of(net.contribute({.game = "slots", .wager = 1000, .key = key}));
        }
    }

    template <class... Statements>
    void edit(const Statements&... statements) const {
        const auto session = at_.session();
        const auto run = [&](std::string_view statement) { *session << statement; };
        (run(statements), ...);
    }

    [[nodiscard]] std::vector<key_trace> traces() {
        std::vector<key_trace> traces;
        value_of(store_.trace_keys({0, sequence_max}, traces));
        return traces;
    }
    /// Both kinds of audit say this.
    [[nodiscard]] std::string audited() {
        const std::string words = words_of(audit(store_));
        plain_storage plain(store_);
        CHECK(words == words_of(audit(plain)));
        return words;
    }

private:
    test::place at_;
    soci_storage store_;
};

const std::string sound = "9 operations, 0";
const std::string lost = "9 operations, 1\noperation 5: its key does not lead back to it: ";

}  // namespace

TEST_CASE("keys that lead back are sound, and those that no operation has do not count") {
    for (const char* engine : test::engines) {
        CAPTURE(engine);
        keyed_store s(engine);
        CHECK(s.audited() == sound);
        s.edit("UPDATE jackpot_journal SET \"key\" = NULL WHERE sequence = 5");
        CHECK(s.audited() == sound);
        s.edit("UPDATE jackpot_journal SET \"key\" = 'bet 5' WHERE sequence = 6 AND part = 1");
        CHECK(s.audited() == sound);
        CHECK(s.traces() == std::vector<key_trace>{{4, 4}, {6, 6}, {7, 7}, {8, 8}, {9, 9}});
        s.edit("UPDATE jackpot_journal SET \"key\" = 'open' WHERE sequence = 1");
        CHECK(s.audited() == sound);
    }
}

TEST_CASE("a key that SQLite keeps as bytes leads nowhere") {
    keyed_store s("sqlite");
    s.edit("UPDATE jackpot_journal SET \"key\" = CAST(\"key\" AS BLOB) WHERE sequence = 5");
    CHECK(s.audited() == lost + "bet 5");
    s.edit("UPDATE jackpot_journal SET \"key\" = CAST(\"key\" AS TEXT) WHERE sequence = 5");
    CHECK(s.audited() == sound);
}

TEST_CASE("where two operations have one key, as the index that forbids it is gone, an audit says so") {
    for (const std::string engine : test::engines) {
        CAPTURE(engine);
        keyed_store s(engine);
        const std::string again =
            "UPDATE jackpot_journal SET \"key\" = 'bet 4' WHERE sequence = 5 AND part = 0";
        if (engine == "sqlite") {
            // The table is made again without it.
            s.edit("CREATE TABLE other AS SELECT * FROM jackpot_journal", "DROP TABLE jackpot_journal",
                   "ALTER TABLE other RENAME TO jackpot_journal", again);
            CHECK(s.audited() == lost + "bet 4");
        } else {
            s.edit(engine == "mysql" ? "ALTER TABLE jackpot_journal DROP INDEX \"key\""
                                     : "ALTER TABLE jackpot_journal DROP CONSTRAINT jackpot_journal_key_key",
                   again);
            CHECK(s.audited().find("more than ") != std::string::npos);
        }
    }
}

TEST_CASE("where an index of PostgreSQL lacks a row, its key leads nowhere, or to another operation") {
    keyed_store s("postgresql");
    const auto maintained = [&](const std::string& flag) {
        s.edit("UPDATE pg_index SET indisready = " + flag +
               " WHERE indexrelid = 'jackpot_journal_key_key'::regclass");
    };
    maintained("false");
    s.edit("UPDATE jackpot_journal SET \"key\" = 'unseen' WHERE sequence = 5 AND part = 0");
    maintained("true");
    CHECK(s.audited() == lost + "unseen");
    s.edit("UPDATE jackpot_journal SET \"key\" = 'unseen' WHERE sequence = 6 AND part = 0");
    CHECK(s.audited() == lost + "unseen");
}
