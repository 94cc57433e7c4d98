// SPDX-License-Identifier: BSL-1.0
#include "../../examples/migrator/node/node.hpp"

#include "../../examples/migrator/dumps/dumped_store.hpp"
#include "../../examples/migrator/dumps/numerals.hpp"
#include "../../examples/migrator/verbs/rollback_data.hpp"
#include "program.hpp"

#include <jackpot/replication/audit.hpp>
#include <jackpot/replication/replicate.hpp>

namespace {

using namespace test;

std::string rate_of(std::string_view text) {
    const auto rate = migrator::recover_rate(text);
    return rate ? std::string(to_text(*rate).view()) : "none";
}

std::string whole_of(std::string_view text) {
    const auto number = migrator::read_whole(text);
    return number ? std::to_string(*number) : std::string(number.error());
}

TEST_CASE("rates are recovered exactly from floats of either width") {
    for (const auto& number :
         std::initializer_list<std::pair<const char*, const char*>>{{"0.019999999552965164", "0.02"},
                                                                    {"0.004999999888241291", "0.005"},
                                                                    {"0.0199999996", "0.02"},
                                                                    {"0.02", "0.02"},
                                                                    {"2e-2", "0.02"},
                                                                    {"0.123456789", "0.123456789"},
                                                                    {"0.100000001490116119384765625", "0.1"},
                                                                    {"0.000000001", "0.000000001"},
                                                                    {"1e-9", "0.000000001"},
                                                                    {"9.999999717180685e-10", "0.000000001"},
                                                                    {"0", "0"},
                                                                    {"-0", "0"},
                                                                    {"1", "1"},
                                                                    {"1.0", "1"},
                                                                    {"0.5", "0.5"},
                                                                    {"0.30000000000000004", "none"},
                                                                    {"1e-10", "none"},
                                                                    {"0.0000000001", "none"},
                                                                    {"0.12345678912345", "none"},
                                                                    {"1.0000001", "none"},
                                                                    {"-0.01", "none"},
                                                                    {"2", "none"},
                                                                    {"NaN", "none"},
                                                                    {"Infinity", "none"},
                                                                    {"", "none"},
                                                                    {"0.02 ", "none"},
                                                                    {"0,02", "none"}}) {
        CHECK_MESSAGE(rate_of(number.first) == number.second, number.first);
    }
    // Every rate of up to six digits, through a float32, as a column of that type would give it.
    for (std::int64_t ppb = 0; ppb <= 1'000'000'000; ppb += 1'237'000) {
        const auto rate = jackpot::rate::from_ppb(ppb);
        const double exact = static_cast<double>(ppb) / 1e9;
        char text[64];
        std::snprintf(text, sizeof text, "%.17g", static_cast<double>(static_cast<float>(exact)));
        CHECK_MESSAGE(migrator::recover_rate(text) == rate, text);
        std::snprintf(text, sizeof text, "%.17g", exact);
        CHECK_MESSAGE(migrator::recover_rate(text) == rate, text);
    }
}

TEST_CASE("whole amounts, however they are written, and no others") {
    const std::string above =
        "is above 9007199254740991, beyond which the older service's numbers are not exact";
    for (const auto& number : std::initializer_list<std::pair<std::string, std::string>>{
             {"0", "0"},
             {"-0", "0"},
             {"0.000", "0"},
             {"0e999999999999999999999", "0"},
             {"100000", "100000"},
             {"100000.00", "100000"},
             {"1e5", "100000"},
             {"1.5E+1", "15"},
             {"1500e-2", "15"},
             {"1e0000000000003", "1000"},
             {"9007199254740991", "9007199254740991"},
             {"9007199254740992", above},
             {"9007199254740993", above},
             {"99999999999999999999999999", above},
             {"1e16", above},
             {"1e999999999999999999999999", above},
             {"1.5", "is not a whole number of minor units"},
             {"1e-1", "is not a whole number of minor units"},
             {"1e-99999999999999999999", "is not a whole number of minor units"},
             {"-1", "is negative"},
             {"-1e3", "is negative"},
             {"NaN", "is no number"},
             {"Infinity", "is no number"},
             {"", "is no number"},
             {"-", "is no number"},
             {"1e", "is no number"},
             {"0x10", "is no number"},
             {"1 ", "is no number"}}) {
        CHECK_MESSAGE(whole_of(number.first) == number.second, number.first);
    }
}

TEST_CASE("times of any zone") {
    const jackpot::timestamp at = 1'761'972'420'123'000;
    for (const char* text :
         {"2025-11-01T04:47:00.123Z", "2025-11-01 04:47:00.123", "2025-11-01 04:47:00.123000+00",
          "2025-11-01T10:17:00.123+05:30", "2025-10-31 23:47:00.123-05", "1761972420123",
          "2025-11-01T01:17:00.123-0330", "2025-11-01 04:47:10.123000+00:00:10"}) {
        CHECK_MESSAGE(migrator::read_moment(text) == at, text);
    }
    for (const char* text :
         {"", "now", "2025-02-29T00:00:00Z", "2025-11-01", "2025-11-01T24:00:00Z", "1969-12-31T23:59:59Z",
          "2025-11-01T04:47:00.Z", "2025-11-01T04:47:00Zx", "2025-11-01T04:47:00+1", "-5",
          "9999999999999999999", "2025-11-01T04:47:+0Z", "9999-12-31T23:59:59-01"}) {
        CHECK_MESSAGE(!migrator::read_moment(text), text);
    }
}

/// A backup of one pool, with a field of the service's own replaced or added.
std::string backup_with(const std::string& fields) {
    return R"({"pools":[{"group":"minor","currentAmount":100050,"seedAmount":100000,"maxAmount":1000000,)"
           R"("contributionRate":0.019999999552965164,)" +
           fields + R"(}],"timestamp":"2025-11-01T04:47:00.000Z","migrationVersion":"1.0.0"})";
}
const std::string contribution =
    R"({"gameId":"slots","wagerAmount":2500,"contributionAmount":50,"timestamp":1759500000000,"playerId":"p"})";
const std::string history =
    R"("totalContributions":50,"totalWins":0,"version":2,"contributions":[)" + contribution + "]";

migrator::node_service read(const std::string& json) {
    auto service = migrator::read_node_backup(json);
    REQUIRE_MESSAGE(service.has_value(), service.error());
    return *std::move(service);
}

migrator::imported import(const std::string& json, bool adopt = false) {
    auto imported = migrator::to_store(read(json), {.adopt = adopt, .actor = "ann", .reason = "moving"});
    REQUIRE_MESSAGE(imported.has_value(), imported.error());
    const auto audited = audit(*imported->store);
    REQUIRE(audited.has_value());
    CHECK_MESSAGE(audited->clean(), (audited->findings.empty() ? "" : audited->findings[0].what));
    return *std::move(imported);
}

std::string refusal_of(const std::string& json) {
    const auto service = migrator::read_node_backup(json);
    if (!service) {
        return service.error();
    }
    const auto imported = migrator::to_store(*service);
    REQUIRE(!imported.has_value());
    return imported.error();
}

jackpot::pool only_pool(migrator::imported& from) {
    jackpot::snapshot states;
    REQUIRE(from.store->load(states));
    REQUIRE(states.pools.size() == 1);
    return states.pools[0];
}

std::vector<jackpot::operation> journal_of(migrator::imported& from) {
    std::vector<jackpot::operation> page;
    REQUIRE(from.store->read({}, page));
    return page;
}

TEST_CASE("a history that our rules explain comes along, with its times") {
    auto imported = import(backup_with(history));
    CHECK(imported.report.empty());
    const auto pool = only_pool(imported);
    CHECK(pool.current == 100'050);
    CHECK(pool.configuration->rate == jackpot::rate::from_ppb(20'000'000));
    CHECK(pool.configuration->cap == 1'000'000);
    CHECK(pool.total_wagered == 2500);
    CHECK(pool.version == 2);
    const auto journal = journal_of(imported);
    REQUIRE(journal.size() == 2);
    CHECK(journal[0].kind() == jackpot::operation_kind::opened);
    CHECK(journal[1].kind() == jackpot::operation_kind::contributed);
    CHECK(journal[1].at == 1'759'500'000'000'000);
    CHECK(std::get<jackpot::contribute_request>(journal[1].request).player == jackpot::name("p"));
}

TEST_CASE("the histories of several pools are one journal in time order, wins and rounding included") {
    // 333 at 0.02 are 6.66: the service dropped the fraction, three times.
    const std::string json =
        R"([
        {"group":"b","current_amount":"10","seed_amount":"10","contribution_rate":"0.02","total_contributions":18,
         "total_wins":28,"version":5,"created_at":"2025-01-01 00:00:00+00",
         "contribution_history":"[{\"game_id\":\"g\",\"wager_amount\":333,\"contribution_amount\":6,\"timestamp\":1759500003000},)"
        R"({\"game\":\"g\",\"wager\":333,\"amount\":6,\"timestamp\":1759500001000},{\"game\":\"g\",\"wager\":333,\"amount\":6,\"timestamp\":1759500005000}]",
         "win_history":[{"winAmount":28,"game":"g","player":"p","timestamp":1759500005000}]},
        {"group":"a","currentAmount":7,"seedAmount":5,"contributionRate":1,"version":1,
         "contributions":[{"gameId":"g","wagerAmount":2,"contributionAmount":2,"timestamp":1759500004000}]}])";
    auto imported = import(json);
    CHECK(imported.report.empty());
    std::string kinds;
    jackpot::timestamp last = 0;
    for (const auto& o : journal_of(imported)) {
        kinds += std::string(o.parts[0].pool.view()) + ":" + std::string(to_string(o.kind())) + " ";
        CHECK(o.at >= last);
        last = o.at;
    }
    CHECK(kinds == "b:opened b:contributed b:contributed a:opened a:contributed b:contributed b:won ");
    jackpot::snapshot states;
    REQUIRE(imported.store->load(states));
    CHECK(states.pools[1].configuration->rounding == jackpot::rounding::floor);
    CHECK(states.pools[1].configuration->on_cap == jackpot::on_cap::divert);
    CHECK(states.pools[1].win_count == 1);
    CHECK(states.pools[0].configuration->rounding == jackpot::rounding::carry);
    // The same backup gives the same store, so that a migration that was stopped can go on from it.
    jackpot::memory_storage<> target;
    jackpot::seeded_environment world(1);
    const auto go_on = [](const jackpot::replicate_progress&) { return true; };
    REQUIRE(replicate(*imported.store, target, {}, go_on, world));
    auto again = import(json);
    CHECK(replicate(*again.store, target, {}, go_on, world).has_value());
}

TEST_CASE("where the history does not add up a checkpoint stands for it, and the report says why") {
    struct flawed {
        std::string fields;
        const char* words;
    };
    const std::string totals = R"("totalContributions":50,"totalWins":0,)";
    const flawed cases[] = {
        {totals + R"("version":9,"contributions":[)" + contribution + "]",
         "its version is 9, and 2 by its history"},
        {totals + R"("version":2)", "its totalContributions is 50, and 0 by its history"},
        {totals +
             R"("contributions":[{"gameId":"g","wagerAmount":2500,"contributionAmount":49,"timestamp":1759500000000}])",
         "contributions[0]: 49 of a wager of 2500, where the rate 0.02 gives 50"},
        {totals +
             R"("contributions":[{"gameId":"g","wagerAmount":2500,"contributionAmount":49.9,"timestamp":1759500000000}])",
         "contributions[0]: contributionAmount 49.9 is not a whole number"},
        {totals + R"("contributions":[{"gameId":"g","contributionAmount":50,"timestamp":1759500000000}])",
         "contributions[0]: wagerAmount is missing"},
        {totals +
             R"("contributions":[{"gameId":"g","wagerAmount":2500,"contributionAmount":50,"timestamp":"x"}])",
         "contributions[0]: timestamp x is no time"},
        {totals + R"("contributions":7)", "contributions is no list"},
        {totals + R"("contributions":"[")", "contributions: line 1: no JSON"},
        {totals + R"("contributions":[)" + contribution +
             R"(],"wins":[{"amount":5,"gameId":"g","timestamp":1759500000000}])",
         "wins[0]: playerId is missing"},
        {R"("totalContributions":0,"totalWins":0,"contributions":[)" + contribution + "]", nullptr},
    };
    for (const auto& each : cases) {
        const auto& fields = each.fields;
        const char* const words = each.words;
        CAPTURE(fields);
        if (words == nullptr) {
            CHECK(refusal_of(backup_with(fields)).find("do not add up") != std::string::npos);
            continue;
        }
        auto imported = import(backup_with(fields));
        REQUIRE(imported.report.size() == 1);
        CHECK_MESSAGE(imported.report[0].find(words) != std::string::npos, imported.report[0]);
        const auto journal = journal_of(imported);
        REQUIRE(journal.size() == 1);
        CHECK(journal[0].kind() == jackpot::operation_kind::checkpoint);
        const auto pool = only_pool(imported);
        CHECK(pool.current == 100'050);
        CHECK(pool.total_contributions == 50);
        CHECK(pool.funded == 100'000);
        CHECK(pool.adjusted == 0);
    }
    // The version is never lower than it was.
    auto imported = import(backup_with(totals + R"("version":9)"));
    CHECK(only_pool(imported).version == 9);
}

TEST_CASE("pools with a checkpoint and pools with a history share a store") {
    const std::string json = R"([
        {"group":"a","currentAmount":7,"seedAmount":5,"contributionRate":1,"version":2,
         "contributions":[{"gameId":"g","wagerAmount":2,"contributionAmount":2,"timestamp":1759500004000}]},
        {"group":"b","currentAmount":70,"seedAmount":10,"contributionRate":0.5,"totalContributions":80,"totalWins":20,
         "version":40,"lastModifiedAt":"2025-01-01T00:00:00Z"},
        {"group":"c","currentAmount":70,"seedAmount":100,"contributionRate":0.5,"version":3}])";
    auto imported = import(json, true);
    jackpot::snapshot states;
    REQUIRE(imported.store->load(states));
    REQUIRE(states.pools.size() == 3);
    CHECK(states.pools[0].version == 2);
    CHECK(states.pools[1].version == 40);
    CHECK(states.pools[1].funded == 10);
    CHECK(states.pools[2].adjusted == -30);
    CHECK(states.pools[2].version == 4);
    jackpot::memory_storage<> target;
    jackpot::seeded_environment world(1);
    REQUIRE(replicate(
        *imported.store, target, {.batch = 1}, [](const auto&) { return true; }, world));
    jackpot::snapshot copied;
    REQUIRE(target.load(copied));
    CHECK(copied == states);
}

TEST_CASE("a pool whose times are later than another's history keeps them, and the store is sound") {
    const std::string json = R"([
        {"group":"cp","currentAmount":70,"seedAmount":10,"contributionRate":0.5,"totalContributions":60,
         "totalWins":0,"version":40,"createdAt":"2025-10-01T00:00:00Z","lastModifiedAt":"2025-11-01T00:00:00Z"},
        {"group":"hist","currentAmount":9,"seedAmount":5,"contributionRate":1,"version":3,
         "createdAt":"2025-01-01T00:00:00Z","contributions":[
            {"gameId":"g","wagerAmount":2,"contributionAmount":2,"timestamp":"2025-02-01T00:00:00Z"},
            {"gameId":"g","wagerAmount":2,"contributionAmount":2,"timestamp":"2025-03-01T00:00:00Z"}]}])";
    auto imported = import(json);
    jackpot::snapshot states;
    REQUIRE(imported.store->load(states));
    CHECK(states.pools[0].modified_at == migrator::read_moment("2025-11-01T00:00:00Z"));
    CHECK(states.pools[1].version == 3);
    const auto audited = jackpot::audit(*imported.store);
    REQUIRE(audited);
    CHECK(audited->clean());
    CHECK(audited->contributions == 2);
    const auto text = migrator::checked_text({states, journal_of(imported).back().id});
    CHECK_MESSAGE(text.has_value(), text.error());
}

TEST_CASE("pools that differ in anything are of another network") {
    const auto identity_of = [](const std::string& fields) {
        auto imported = import(backup_with(R"("totalContributions":50,"totalWins":0,)" + fields));
        jackpot::snapshot states;
        REQUIRE(imported.store->load(states));
        return states.head.identity;
    };
    const auto identity = identity_of(R"("version":9)");
    CHECK(identity == identity_of(R"("version":9)"));
    for (
        const char* other :
        {R"("version":8)", R"("version":9,"createdAt":1759000000000)",
         R"("version":9,"lastModifiedAt":1759600000000)",
         R"("version":9,"contributions":[{"gameId":"g","wagerAmount":1,"contributionAmount":0,"timestamp":1759500000000}])",
         R"("version":9,"wins":[{"amount":5,"gameId":"g","playerId":"p","timestamp":1759500000000}])"}) {
        CHECK_MESSAGE(identity_of(other) != identity, other);
    }
    for (const bool cap : {true, false}) {
        auto service = read(backup_with(R"("totalContributions":50,"totalWins":0,"version":9)"));
        service.pools[0].cap = cap ? 900'000 : 1'000'000;
        service.pools[0].rate = jackpot::rate::from_ppb(cap ? 20'000'000 : 20'000'001);
        const auto imported = migrator::to_store(service);
        REQUIRE(imported.has_value());
        jackpot::snapshot states;
        REQUIRE(imported->store->load(states));
        CHECK(states.head.identity != identity);
    }
}

TEST_CASE("seeds that wins took are reckoned where no history tells their number") {
    auto imported = import(backup_with(R"("totalContributions":250,"totalWins":200200,"version":30)"));
    const auto pool = only_pool(imported);
    CHECK(pool.funded == 300'000);
    CHECK(pool.win_count == 2);
    CHECK(pool.adjusted == 0);
    CHECK(imported.report[0].find("the seeds that it took make 2 wins") != std::string::npos);
}

TEST_CASE(
    "a pool that does not add up is refused with the remedy, or adopted with the difference as adjusted") {
    const auto json = backup_with(R"("totalContributions":50,"totalWins":5000001,"version":8)");
    CHECK(refusal_of(json) ==
          "pool minor: its current 100050 and total_wins 5000001 do not add up with 2 seeds of 100000 and "
          "total_contributions 50, and its history was not taken (its totalContributions is 50, and 0 by its "
          "history); --adopt books the difference as adjusted");
    auto imported = import(json, true);
    const auto pool = only_pool(imported);
    CHECK(pool.current == 100'050);
    CHECK(pool.total_wins == 5'000'001);
    CHECK(pool.funded == 200'000);
    CHECK(pool.adjusted == 100'050 + 5'000'001 - 200'000 - 50);
    CHECK(pool.version == 9);
    const auto journal = journal_of(imported);
    REQUIRE(journal.size() == 2);
    const auto& adoption = std::get<jackpot::restore_request>(journal[1].request);
    CHECK(adoption.actor == "ann");
    CHECK(adoption.reason == "moving");
    CHECK(imported.report.back().find("were booked as adjusted") != std::string::npos);

    const auto service = read(json);
    CHECK(!migrator::to_store(service, {.adopt = true, .actor = "", .reason = "x"}).has_value());
}

TEST_CASE("a pool above its cap is refused, or what is above leaves it as adjusted") {
    const std::string json =
        R"([{"group":"mega","currentAmount":1500,"seedAmount":100,"maxAmount":1000,"contributionRate":0.01,)"
        R"("totalContributions":1400,"totalWins":0,"version":3},)"
        R"({"group":"x","currentAmount":1,"seedAmount":5,"maxAmount":5,"contributionRate":0.01}])";
    const auto refused = refusal_of(json);
    CHECK_MESSAGE(refused.starts_with("pool mega: its current 1500 is above its cap 1000: raise the cap"),
                  refused);
    CHECK_MESSAGE(refused.find("\npool x: invalid_cap") != std::string::npos, refused);
    auto imported = import(json.substr(0, json.find(",{\"group\":\"x\"")) + "]", true);
    const auto pool = only_pool(imported);
    CHECK(pool.current == 1000);
    CHECK(pool.adjusted == -500);
    CHECK(check_meters(pool).has_value());
}

TEST_CASE("what cannot be read is refused by pool, field and value") {
    const auto pool = [](const char* current, const char* seed, const char* rate, const char* more = "") {
        return std::string(R"({"pools":[{"group":"minor","currentAmount":)") + current + R"(,"seedAmount":)" +
               seed + R"(,"contributionRate":)" + rate + more + "}]}";
    };
    struct refused {
        std::string json;
        const char* words;
    };
    const refused cases[] = {
        {pool("1.5", "1", "0.02"), "pool minor: currentAmount 1.5 is not a whole number of minor units"},
        {pool("-1", "1", "0.02"), "pool minor: currentAmount -1 is negative"},
        {pool("9007199254740993", "1", "0.02"), "pool minor: currentAmount 9007199254740993 is above"},
        {pool("99999999999999999999", "1", "0.02"),
         "pool minor: currentAmount 99999999999999999999 is above"},
        {pool("1e-3", "1", "0.02"), "pool minor: currentAmount 1e-3 is not a whole"},
        {pool("\"NaN\"", "1", "0.02"), "pool minor: currentAmount NaN is no number"},
        {pool("true", "1", "0.02"), "pool minor: currentAmount true is no number"},
        {pool("[]", "1", "0.02"), "pool minor: currentAmount (a list) is no number"},
        {pool("null", "1", "0.02"), "pool minor: currentAmount is missing"},
        {pool("1", "2.5", "0.02"), "pool minor: seedAmount 2.5"},
        {pool("1", "1", "1.02"), "pool minor: contributionRate 1.02 is no rate"},
        {pool("1", "1", "0.12345678912"), "pool minor: contributionRate 0.12345678912 is no rate"},
        {pool("1", "1", "1", R"(,"maxAmount":-5)"), "pool minor: maxAmount -5 is negative"},
        {pool("1", "1", "1", R"(,"totalWins":0.5)"), "pool minor: totalWins 0.5"},
        {pool("1", "1", "1", R"(,"totalContributions":1e300)"),
         "pool minor: totalContributions 1e300 is above"},
        {pool("1", "1", "1", R"(,"version":-1)"), "pool minor: version -1 is negative"},
        {pool("1", "1", "1", R"(,"lastModifiedAt":"soon")"), "pool minor: lastModifiedAt soon is no time"},
        {pool("1", "1", "1", R"(,"current_amount":1)"), "pool minor: currentAmount is given twice"},
        {pool("1", "1", "1", R"(,"group":"minor")"), "group is given twice"},
        {pool("1e999", "1", "1"), "the backup is no JSON: line 1: no JSON at '1e999'"},
        {pool("NaN", "1", "1"), "the backup is no JSON: line 1"},
        {R"({"pools":[{"currentAmount":1}]})", "pools[0]: group is missing"},
        {R"({"pools":[{"group":"a\u0001"}]})", "group a? is no name"},
        {R"({"pools":[5]})", "pools[0]: is no object"},
        {R"({"pools":{}})", "the backup: pools is no list"},
        {R"({"backup":1})", "the backup: pools is missing"},
        {R"("x")", "the backup: is no object"},
        {"", "the backup is no JSON: line 1"},
        {"{\n\"pools\":\n[", "the backup is no JSON: line 3"},
        {std::string(100'000, '['), "the backup is no JSON: it nests deeper than 64"},
        {R"([{"group":"a","currentAmount":1,"seedAmount":1,"contributionRate":1},)"
         R"({"group":"a","currentAmount":1,"seedAmount":1,"contributionRate":1}])",
         "pool a: is there twice"},
    };
    for (const auto& each : cases) {
        const auto said = refusal_of(each.json);
        CHECK_MESSAGE(said.find(each.words) != std::string::npos, said, " instead of ", each.words);
    }
    const auto noted = read(R"({"pools":[],"checksum":"0f3a"})");
    REQUIRE(noted.notes.size() == 1);
    CHECK(noted.notes[0].find("checksum 0f3a was not checked") != std::string::npos);
}

TEST_CASE("the service's table in a real dump, COPY and INSERT") {
    const scratch files;
    const auto place = new_places()[0];
    const auto schema = place.substr(place.find("%3D") + 3);
    const auto server = in_quotes(place.substr(0, place.find("&options")));
    const std::string table =
        "CREATE TABLE " + schema +
        R"(.jackpots (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), "group" varchar(50) NOT NULL,
            current_amount bigint, seed_amount bigint, max_amount bigint, contribution_rate real, total_contributions bigint,
            total_wins bigint, contributions jsonb DEFAULT '[]', wins jsonb DEFAULT '[]', version integer,
            last_modified_at timestamptz, created_at timestamptz);
        INSERT INTO )" +
        schema + R"(.jackpots ("group", current_amount, seed_amount, max_amount, contribution_rate,
            total_contributions, total_wins, contributions, version, last_modified_at, created_at)
        VALUES ('minor', 100050, 100000, 1000000, 0.02, 50, 0,
            '[{"gameId": "a\\b \"q\"\n", "wagerAmount": 2500, "contributionAmount": 50, "timestamp": "2025-10-02T10:00:00Z"}]',
            2, '2025-11-01 04:47:00.123+02', '2025-10-01 00:00:00+02'), ('mega', 5, 5, NULL, 0.005, 0, 0, NULL, 1, NULL, NULL);)";
    // The line break in the game's name is no character that a name may hold; without it, it may.
    for (const bool flawed : {true, false}) {
        auto sql = table;
        if (!flawed) {
            sql.erase(sql.find(R"(\n)"), 2);
            sql.insert(0, "DROP TABLE " + schema + ".jackpots;");
        }
        const auto made = run_shell("psql -X -q -v ON_ERROR_STOP=1 " + server, sql);
        REQUIRE_MESSAGE(made.code == 0, made.err);
        for (const char* form : {"", "--inserts", "--column-inserts"}) {
            const auto dumped = run_shell("pg_dump --schema=" + schema + " " + form + " " + server);
            REQUIRE_MESSAGE(dumped.code == 0, dumped.err);
            const auto tables = migrator::read_dump(dumped.out);
            REQUIRE_MESSAGE(tables.has_value(), tables.error());
            const auto pools = migrator::pools_of(*tables);
            REQUIRE_MESSAGE(pools.has_value(), pools.error());
            REQUIRE(pools->states.pools.size() == 2);
            CHECK(pools->states.pools[0].configuration->rate == jackpot::rate::from_ppb(5'000'000));
            CHECK(pools->states.pools[1].current == 100'050);
            CHECK(pools->states.pools[1].configuration->rate == jackpot::rate::from_ppb(20'000'000));
            CHECK(pools->report.size() == (flawed ? 1 : 0));
            CHECK(!pools->last_operation.is_null());
        }
    }
}

}  // namespace
