// SPDX-License-Identifier: BSL-1.0
#include "../../examples/migrator/dumps/dumped_store.hpp"
#include "../../examples/migrator/verbs/files.hpp"
#include "../../examples/migrator/verbs/rollback_data.hpp"
#include "program.hpp"

#include <jackpot/network/network.hpp>
#include <jackpot/replication/audit.hpp>
#include <jackpot/soci.hpp>

namespace {

using namespace test;
using migrator::dumped_table;

std::vector<dumped_table> tables_of(std::string_view text) {
    auto read = migrator::read_dump(text);
    REQUIRE_MESSAGE(read.has_value(), read.error());
    return *std::move(read);
}

/// Tables as one line each: schema.name(column, ...): row; row
std::string shown(const std::vector<dumped_table>& tables) {
    std::string text;
    for (const auto& table : tables) {
        text += table.schema + "." + table.name + "(";
        for (const auto& column : table.columns) {
            text += column + ",";
        }
        text += "):";
        for (std::size_t row = 0; row < table.rows.size(); ++row) {
            for (const auto& value : table.rows[row]) {
                text += value ? "<" + *value + ">" : "NULL";
                std::replace(text.begin(), text.end(), '\0', '@');  // which doctest would end at
            }
            text += ";";
        }
        text += "\n";
    }
    return text;
}

std::string shown(std::string_view dump) {
    return shown(tables_of(dump));
}

/// Calls `edit(number, values)` for each row.
template <class Edit>
void edit_rows(dumped_table& t, Edit&& edit) {
    migrator::dumped_rows edited;
    for (std::size_t row = 0; row < t.rows.size(); ++row) {
        auto values = t.rows[row];
        edit(row, values);
        edited.add_row(values);
    }
    t.rows = std::move(edited);
}

TEST_CASE("COPY, with every escape") {
    CHECK(shown("COPY public.t (\"a\"\"b\", group_) FROM stdin;\n"
                "\\N\t\\\\N\n"
                "\\b\\f\\n\\r\\t\\v\t\\101\\x41\\x4g\\q\n"
                "\t\n"
                "\\\\.\tN\n"
                "\\.\n") == "public.t(a\"b,group_,):NULL<\\N>;<\b\f\n\r\t\v><AA\x04gq>;<><>;<\\.><N>;\n");
    CHECK(shown("COPY t (a) FROM stdin;\r\nx\r\n\\.\r\nCOPY u (a) FROM stdin;\n\\.\n") ==
          ".t(a,):<x>;\n.u(a,):\n");
}

TEST_CASE("INSERT as PostgreSQL writes it") {
    CHECK(
        shown(
            "INSERT INTO s.\"T.x\" (a, \"key\") VALUES (E'a\\\\b\\n\\x41\\101', -1.5e3::double precision),\n"
            "\t('it''s; -- \\'::character varying(10)[], NULL), (true, DEFAULT), ('', +7)"
            " ON CONFLICT (a) DO NOTHING;") ==
        "s.T.x(a,key,):<a\\b\nAA><-1.5e3>;<it's; -- \\>NULL;<true>NULL;<><7>;\n");
    CHECK(shown("CREATE TABLE a.t (\n  key text DEFAULT 'x,y)'::text,\n  \"check\" numeric(10,2) NOT NULL,\n"
                "  CONSTRAINT c CHECK ((key <> ','))\n);\n"
                "CREATE TABLE b.t (x int);\n"
                "INSERT INTO a.t VALUES ('1', 2);\nINSERT INTO b.t OVERRIDING SYSTEM VALUE VALUES (3);") ==
          "a.t(key,check,):<1><2>;\nb.t(x,):<3>;\n");
    CHECK(shown("SET search_path = old, pg_catalog;\nINSERT INTO t (a) VALUES (1);") == "old.t(a,):<1>;\n");
}

TEST_CASE("what is no data is passed over") {
    CHECK(
        shown(
            "\\restrict x'\n/* a /* b */ INSERT INTO t VALUES (1); */ -- INSERT '\n"
            "CREATE FUNCTION f(\"begin\" int) RETURNS void AS $_$ BEGIN; INSERT INTO t VALUES (';$$'); END; "
            "$_$;\n"
            "DO $$ INSERT INTO t VALUES (1); $$;\n"
            "CREATE FUNCTION g() RETURNS int BEGIN ATOMIC INSERT INTO t VALUES (1); SELECT CASE WHEN true "
            "THEN 1 END; END;\n"
            "CREATE RULE r AS ON INSERT TO t DO ALSO (INSERT INTO u VALUES (1); DELETE FROM u);\n"
            "CREATE RULE s AS ON INSERT TO t DO INSTEAD INSERT INTO u VALUES (1);\n"
            "SET client_encoding = 'UTF8';\nGRANT SELECT, INSERT ON t TO a;\n\\connect - b\n"
            "INSERT INTO \"r\" (\"a\") VALUES ('kept');") == ".r(a,):<kept>;\n");
    CHECK(
        shown(
            "PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\n"
            "CREATE TRIGGER t AFTER INSERT ON a BEGIN INSERT INTO b VALUES(1,CASE WHEN 1 THEN 2 END); END;\n"
            "COMMIT;") == "");
    CHECK(
        shown(
            "DELIMITER ;;\nCREATE TRIGGER a BEFORE INSERT ON t FOR EACH ROW BEGIN INSERT INTO t VALUES (1); "
            "END ;;\nDELIMITER ;\n") == "");
}

TEST_CASE("a dump of sqlite3") {
    CHECK(shown("PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\n"
                "CREATE TABLE t(`k` integer primary key autoincrement, [v w] text DEFAULT '/*', g AS (k+1),"
                " h TEXT GENERATED ALWAYS AS (g), UNIQUE(k));\n"
                "INSERT INTO t VALUES(1,replace(replace('a\\nb\\012c\\r','\\n',char(10)),'\\r',char(13)));\n"
                "INSERT INTO t VALUES(2,X'00fF41');\n"
                "INSERT INTO t VALUES(-3,unistr('a\\u000ab\\\\c'));\n"
                "DELETE FROM sqlite_sequence;\nINSERT INTO sqlite_sequence VALUES('t',4);\nCOMMIT;\n") ==
          ".t(k,v w,):<1><a\nb\\012c\r>;<2><@\xff"
          "A>;<-3><a\nb\\c>;\n");
}

TEST_CASE("a dump of mysqldump") {
    CHECK(
        shown("-- MySQL dump 10.13\n/*!40101 SET NAMES utf8 */;\nUSE `db`;\n"
              "CREATE TABLE `t` (\n  `a``b` bigint(20) NOT NULL,\n  `c` varchar(9) DEFAULT ')',\n"
              "  PRIMARY KEY (`a``b`),\n  KEY `i` (`c`)\n) ENGINE=InnoDB /*!50100 PARTITION BY (x) */;\n"
              "LOCK TABLES `t` WRITE;\n/*!40000 ALTER TABLE `t` DISABLE KEYS */;\n"
              "INSERT INTO `t` VALUES (1,'it\\'s\\n\\\\ \\\"x\\\" \\0\\Z\\%'),(2,_binary 'b'),(3,0x4142);\n"
              "REPLACE INTO `t` VALUES (4,NULL);\n"
              "INSERT  IGNORE INTO `t` VALUES (5,'# -- /*');\nUNLOCK TABLES;\n-- Dump completed on 2025\n") ==
        "db.t(a`b,c,):<1><it's\n\\ \"x\" @\x1a\\%>;<2><b>;<3><AB>;<4>NULL;<5><# -- /*>;\n");
    // Without comments (--compact) the quotes tell.
    CHECK(shown("INSERT INTO `t` (`a`) VALUES ('\\'');") == ".t(a,):<'>;\n");
}

TEST_CASE("what is wrong in a dump is said with its line") {
    struct wrong {
        const char* dump;
        const char* words;
    };
    const wrong cases[] = {
        {"\n\nINSERT INTO t VALUES (1);", "line 3: t is filled without the names of its columns"},
        {"INSERT INTO t (a) VALUES\n(1),\n(1,2);", "line 3: a row of t has 2 values for 1 columns"},
        {"COPY t (a, b) FROM stdin;\n1\t2\n1\n\\.\n", "line 3: a row of t has 1 values for 2 columns"},
        {"\nCOPY t (a) FROM stdin;\n1\n", "line 2: the dump was cut off: the rows of t"},
        {"PGDMP\x01\x0e", "it is an archive of pg_dump, and plain SQL is wanted"},
        {"COPY t (a) FROM '/etc/passwd';", "line 1: FROM stdin"},
        {"\nINSERT INTO t (a) VALUES (1", "line 2: the dump was cut off"},
        {"\nINSERT INTO t (a) VALUES ('1);\n", "line 2: a quote that never ends"},
        {"SELECT 1; /* x\n", "line 1: a comment that never ends"},
        {"CREATE FUNCTION f() AS $a$ x $b$;", "line 1: a $a$ that never ends"},
        {"INSERT INTO t (a) VALUES (now());", "line 1: a value should stand here, not now"},
        {"INSERT INTO t (a) SELECT 1;", "line 1: VALUES should stand here, not SELECT"},
        {"INSERT INTO t (a, a) VALUES (1,1);", "line 1: t has two columns a"},
        {"INSERT INTO t (a) VALUES (1);\nINSERT INTO t (b) VALUES (1);",
         "line 2: t is filled with other columns than before"},
        {"CREATE TABLE t (a int);\nCREATE TABLE t (a int);", "line 2: the table t is made a second time"},
        {"--\n-- PostgreSQL database dump\n--\nSELECT 1;\n", "line 2: the dump that begins here was cut off"},
        {"-- MySQL dump 10.13\nSELECT 1;\n", "line 1: the dump that begins here was cut off"},
        {"PRAGMA a;\nBEGIN TRANSACTION;\nSELECT 1;\n", "line 2: the dump that begins here was cut off"},
        {"PRAGMA a;\nBEGIN TRANSACTION;\nROLLBACK; -- due to errors\n", "line 3: sqlite3 says here"},
        {"DELIMITER ;;\nx", "line 1: a DELIMITER that is never set back"},
        {"INSERT INTO t (a) VALUES (replace('a','',char(10)));", "line 1: what is to be replaced"},
        {"SELECT 1;\n\xef\xbb\xbfINSERT INTO t (a) VALUES (1);",
         "line 2: a statement that is known in dumps"},
        {"\nUPDATE t SET a = 1;", "line 2: a statement that is known in dumps"},
        {"DELETE FROM t;", "line 1: a statement that is known in dumps"},
        {"\"SELECT\" 1;", "line 1: a statement that is known in dumps"},
        {"1;", "line 1: a statement that is known in dumps"},
        {"SET a = 1\nINSERT INTO t (a) VALUES (1);", "line 2: the end of the statement"},
        {"INSERT INTO t (a) VALUES (1)\nINSERT INTO t (a) VALUES (2);", "line 2: the end of the statement"},
        {"\\copy t from 'x'", "line 1: a command for psql that cannot be followed here: \\copy"},
        {"\\i more.sql", "line 1: a command for psql that cannot be followed here: \\i"},
        {"SET client_encoding = 'LATIN1';", "line 1: UTF8 (pg_dump --encoding=UTF8) should stand here"},
    };
    for (const auto& c : cases) {
        const auto read = migrator::read_dump(c.dump);
        REQUIRE_MESSAGE(!read.has_value(), c.dump);
        CHECK_MESSAGE(read.error().starts_with(c.words), read.error(), " instead of ", c.words);
    }
}

TEST_CASE("a byte order mark is no part of a file, and what is no text is named") {
    const scratch files;
    const auto path = (files / "file").string();
    const auto written = [&](const std::string& bytes) {
        std::ofstream(path, std::ios::binary) << bytes;
        return migrator::read_file(path);
    };
    using namespace std::string_literals;
    CHECK(shown(*written("\xef\xbb\xbfINSERT INTO t (a) VALUES (1);")) == ".t(a,):<1>;\n");
    CHECK(*written("\xef\xbb\xbf") == "");
    const std::pair<std::string, const char*> formats[] = {{"\x1f\x8b\x08"s, "gunzip"},
                                                           {"\x28\xb5\x2f\xfd"s, "zstd -d"},
                                                           {"\xfd"
                                                            "7zXZ\0"s,
                                                            "unxz"},
                                                           {"BZh9"s, "bunzip2"},
                                                           {"PK\x03\x04"s, "unzip"},
                                                           {"SQLite format 3\0"s, ".dump"},
                                                           {"\xff\xfe{\0"s, "iconv"},
                                                           {"\xfe\xff\0{"s, "iconv"}};
    for (const auto& [bytes, remedy] : formats) {
        const auto read = written(bytes);
        REQUIRE(!read.has_value());
        CHECK_MESSAGE(read.error().find(remedy) != std::string::npos, read.error());
    }
    CHECK(migrator::read_file((files / "").string()).error().find("it is a folder") != std::string::npos);
}

/// Pools with all that is hard to write into a dump: names, games, a patch that waits, keys.
template <class Storage>
void fill(Storage& store) {
    jackpot::network<Storage, jackpot::seeded_environment> network(store, jackpot::seeded_environment(7));
    const auto rate = jackpot::rate::from_ppb(123'456'789);
    const jackpot::name odd(R"(o'd"d `\t\N,%$$);--/* ünï)");
    REQUIRE(network.open({.pool = "plain", .configuration = {.seed = 5, .cap = 1000, .rate = rate}}));
    REQUIRE(
        network.open({.pool = odd, .configuration = {.seed = 0, .rate = rate, .games = {"a\\b", "keno"}}}));
    REQUIRE(network.configure(
        {.pool = "plain", .when = jackpot::when::after_win, .patch = {.seed = 7, .min_wager = 3}}));
    REQUIRE(network.contribute({.game = "a\\b", .wager = 12'345, .player = odd, .key = odd}));
    REQUIRE(network.win({.pool = odd, .game = "keno", .player = "'"}));
    REQUIRE(network.suspend({.pool = odd}));
}

struct dump_command {
    std::string url;
    std::string command;
};

/// Every tool and form, each of a store of its own.
std::vector<dump_command> dump_commands(const scratch& files) {
    const auto places = new_places();
    const auto schema = places[0].substr(places[0].find("%3D") + 3);
    const auto server = places[0].substr(0, places[0].find("&options"));
    const auto slash = places[1].rfind('/', places[1].find('?'));
    const auto database = places[1].substr(slash + 1, places[1].find('?') - slash - 1);
    const auto socket = places[1].substr(places[1].find("socket=") + 7);
    std::vector<dump_command> all = {
        {files.url("s"), "sqlite3 " + in_quotes((files / "s").string()) + " .dump"}};
    for (const char* form : {"", "--inserts", "--column-inserts", "--inserts --rows-per-insert=2",
                             "--data-only --column-inserts", "--quote-all-identifiers --inserts"}) {
        // The offset is that of the session, and times are the same.
        all.push_back({places[0], "PGTZ=Asia/Kolkata pg_dump --schema=" + schema + " " + form + " " +
                                      in_quotes(server)});
    }
    for (const char* form : {"", "--skip-extended-insert", "--complete-insert --hex-blob", "--compact",
                             "--databases", "--insert-ignore", "--no-create-info --complete-insert"}) {
        all.push_back({places[1], "mariadb-dump --no-defaults -u jackpot -S " + in_quotes(socket) + " " +
                                      form + " " + database});
    }
    return all;
}

TEST_CASE("real dumps hold the very states of the store") {
    const scratch files;
    std::string filled;
    for (const auto& made : dump_commands(files)) {
        const auto& url = made.url;
        const auto& command = made.command;
        CAPTURE(command);
        auto store = jackpot::soci_storage::open(url, jackpot::open_mode::create);
        REQUIRE(store.has_value());
        if (url != filled) {
            fill(*store);
            filled = url;
        }
        jackpot::snapshot states;
        REQUIRE(store->load(states));
        const auto dumped = run_shell(command);
        REQUIRE_MESSAGE(dumped.code == 0, dumped.err);
        const auto pools = migrator::pools_of(tables_of(dumped.out));
        REQUIRE_MESSAGE(pools.has_value(), pools.error());
        CHECK(pools->states == states);
        CHECK(pools->report.empty());
        // One that was cut off is told, wherever that was.
        for (std::size_t part = 1; part < 20; ++part) {
            const auto cut =
                migrator::read_dump(std::string_view(dumped.out).substr(0, dumped.out.size() * part / 20));
            CHECK_MESSAGE((!cut || !migrator::pools_of(*cut)), part);
        }
    }
}

std::string dump_of_a_store() {
    const scratch files;
    auto store = jackpot::soci_storage::open(files.url("s"), jackpot::open_mode::create);
    REQUIRE(store.has_value());
    fill(*store);
    return run_program("sqlite3", {(files / "s").string(), ".dump"}).out;
}

TEST_CASE("a store's tables are read strictly") {
    struct wrong {
        const char* table;
        const char* column;
        const char* value;  // null = NULL
        const char* words;
    };
    const wrong cases[] = {
        {"jackpots", "current_amount", "1.0", "current_amount: 1.0"},
        {"jackpots", "current_amount", nullptr, "current_amount: NULL"},
        {"jackpots", "current_amount", "6", "current + overflow + reserve + total_wins + held is not"},
        {"jackpots", "max_amount", "5", "cap"},
        {"jackpots", "status", "ACTIVE", "status: ACTIVE"},
        {"jackpots", "contribution_rate", "0.0000000001", "contribution_rate: 0.0000000001"},
        {"jackpots", "pending", "seed x\n", "pending"},
        {"jackpots", "opened_at", "2025-02-30 00:00:00", "opened_at: 2025-02-30"},
        {"jackpots", "sequence", "99", "is of sequence 99"},
        {"jackpots", "total_wagered", "1", "jackpot_journal does not lead to the row of "},
        {"jackpot_store", "identity", "00000000000000000000000000000000", "identity: 0 is no store's"},
        {"jackpot_store", "amount_type", "wide256", "not int64"},
        {"jackpot_store", "sequence", "7", "jackpot_journal ends at 6, and jackpot_store says 7"},
        {"jackpot_games", "game", "", "jackpot_games, group "},
        {"jackpot_games", "group", "other", "jackpot_games has games of other, which is no pool"},
        {"jackpot_journal", "detail", "seed 1\n", "jackpot_journal"},
        {"jackpot_journal", "to_pool", "-1", "an amount of the operation is out of range"},
    };
    const auto dump = tables_of(dump_of_a_store());
    REQUIRE(migrator::pools_of(dump).has_value());
    for (const auto& c : cases) {
        CAPTURE(c.table);
        CAPTURE(c.column);
        auto edited = dump;
        for (auto& t : edited) {
            if (t.name == c.table) {
                const auto at = std::find(t.columns.begin(), t.columns.end(), c.column) - t.columns.begin();
                const std::size_t row =
                    std::string_view(c.column) == "pending" || t.name != "jackpots" ? 0 : t.rows.size() - 1;
                edit_rows(t, [&](std::size_t each, auto& values) {
                    if (each == row) {
                        values.at(static_cast<std::size_t>(at)) =
                            c.value != nullptr ? std::optional<std::string>(c.value) : std::nullopt;
                    }
                });
            }
        }
        const auto pools = migrator::pools_of(edited);
        REQUIRE(!pools.has_value());
        CHECK_MESSAGE(pools.error().find(c.words) != std::string::npos, pools.error());
    }
}

TEST_CASE("tables that are missing, there twice, or of another version") {
    const auto dump = tables_of(dump_of_a_store());
    const auto refused = [](const std::vector<dumped_table>& edited, const std::string& schema = {}) {
        const auto pools = migrator::pools_of(edited, {.schema = schema, .import = {}});
        REQUIRE(!pools.has_value());
        return pools.error();
    };
    auto lacking = dump;
    std::erase_if(lacking, [](const auto& t) { return t.name == "jackpot_games"; });
    CHECK(refused(lacking) == "there is no table jackpot_games in the dump");
    auto renamed = dump;
    for (auto& t : renamed) {
        std::replace(t.columns.begin(), t.columns.end(), std::string("funded"), std::string("fundings"));
    }
    CHECK(refused(renamed) == "jackpots lacks the column funded");
    for (auto& t : renamed) {
        t.columns.emplace_back("more");
        edit_rows(t, [](std::size_t, auto& values) { values.emplace_back("1"); });
        std::replace(t.columns.begin(), t.columns.end(), std::string("fundings"), std::string("funded"));
    }
    CHECK(refused(renamed) == "jackpot_store has a column more that is not of this version");
    auto twice = dump;
    for (auto& t : twice) {
        t.schema = "a";
    }
    twice.insert(twice.end(), dump.begin(), dump.end());
    CHECK(refused(twice).find("say which schema") != std::string::npos);
    CHECK(migrator::pools_of(twice, {.schema = "a", .import = {}}).has_value());
    CHECK(refused(twice, "b") == "there is no table jackpot_store in the dump of the schema b");
    auto without_journal = dump;
    std::erase_if(without_journal, [](const auto& t) { return t.name == "jackpot_journal"; });
    const auto pools = migrator::pools_of(without_journal);
    // Whose last operation nobody knows; a store that begins with it is sound, and the same each time.
    auto known = migrator::pools_of(dump)->states;
    REQUIRE(!known.head.newest.is_null());
    REQUIRE(pools->last_operation.is_null());
    known.head.newest = {};
    CHECK(pools->states == known);
    jackpot::memory_storage<> store;
    jackpot::memory_storage<> again;
    REQUIRE(migrator::put({pools->states, {}}, store));
    REQUIRE(migrator::put({pools->states, {}}, again));
    CHECK(audit(store)->clean());
    CHECK(compare(store, again)->equal());
}

}  // namespace
