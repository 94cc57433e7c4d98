BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS jackpot_schema (
  "number" BIGINT NOT NULL CHECK ((typeof("number") = 'integer') AND ("number" >= 0)),
  "title" TEXT COLLATE BINARY NOT NULL,
  "library" TEXT COLLATE BINARY NOT NULL,
  PRIMARY KEY (number)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS jackpot_store (
  "id" BIGINT NOT NULL CHECK (((typeof("id") = 'integer') AND ("id" >= 0)) AND ("id" = 1)),
  "identity" TEXT COLLATE BINARY NOT NULL,
  "amount_type" TEXT COLLATE BINARY NOT NULL,
  "sequence" BIGINT NOT NULL CHECK ((typeof("sequence") = 'integer') AND ("sequence" >= 0)),
  "newest_at" TEXT COLLATE BINARY NOT NULL,
  "sealed" BIGINT NOT NULL CHECK (((typeof("sealed") = 'integer') AND ("sealed" >= 0)) AND ("sealed" <= 1)),
  PRIMARY KEY (id)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS jackpots (
  "group" TEXT COLLATE BINARY NOT NULL,
  "status" TEXT COLLATE BINARY NOT NULL CHECK ("status" = 'active' OR "status" = 'suspended'),
  "current_amount" BIGINT NOT NULL CHECK ((typeof("current_amount") = 'integer') AND ("current_amount" >= 0)),
  "seed_amount" BIGINT NOT NULL CHECK ((typeof("seed_amount") = 'integer') AND ("seed_amount" >= 0)),
  "max_amount" BIGINT CHECK ("max_amount" IS NULL OR (typeof("max_amount") = 'integer') AND ("max_amount" >= 0)),
  "contribution_rate" TEXT COLLATE BINARY NOT NULL CHECK ("contribution_rate" >= 0 AND "contribution_rate" <= 1),
  "rounding" TEXT COLLATE BINARY NOT NULL CHECK ("rounding" = 'carry' OR "rounding" = 'floor'),
  "on_cap" TEXT COLLATE BINARY NOT NULL CHECK ("on_cap" = 'divert' OR "on_cap" = 'stop'),
  "min_wager" BIGINT NOT NULL CHECK ((typeof("min_wager") = 'integer') AND ("min_wager" >= 0)),
  "pending" TEXT COLLATE BINARY,
  "overflow" BIGINT NOT NULL CHECK ((typeof("overflow") = 'integer') AND ("overflow" >= 0)),
  "carry" BIGINT NOT NULL CHECK (((typeof("carry") = 'integer') AND ("carry" >= 0)) AND ("carry" < 1000000000)),
  "funded" BIGINT NOT NULL CHECK ((typeof("funded") = 'integer') AND ("funded" >= 0)),
  "adjusted" BIGINT NOT NULL CHECK (typeof("adjusted") = 'integer'),
  "total_wagered" BIGINT NOT NULL CHECK ((typeof("total_wagered") = 'integer') AND ("total_wagered" >= 0)),
  "total_contributions" BIGINT NOT NULL CHECK ((typeof("total_contributions") = 'integer') AND ("total_contributions" >= 0)),
  "total_wins" BIGINT NOT NULL CHECK ((typeof("total_wins") = 'integer') AND ("total_wins" >= 0)),
  "win_count" BIGINT NOT NULL CHECK ((typeof("win_count") = 'integer') AND ("win_count" >= 0)),
  "last_win_amount" BIGINT CHECK ("last_win_amount" IS NULL OR (typeof("last_win_amount") = 'integer') AND ("last_win_amount" >= 0)),
  "last_win_game" TEXT COLLATE BINARY,
  "last_win_player" TEXT COLLATE BINARY,
  "last_win_at" TEXT COLLATE BINARY,
  "version" BIGINT NOT NULL CHECK ((typeof("version") = 'integer') AND ("version" >= 0)),
  "sequence" BIGINT NOT NULL CHECK ((typeof("sequence") = 'integer') AND ("sequence" >= 0)),
  "opened_at" TEXT COLLATE BINARY NOT NULL,
  "last_modified_at" TEXT COLLATE BINARY NOT NULL,
  PRIMARY KEY ("group"),
  CHECK (max_amount > seed_amount),
  CHECK (current_amount <= max_amount),
  CHECK (overflow = 0 OR (max_amount IS NOT NULL AND current_amount = max_amount)),
  CHECK (carry = 0 OR rounding = 'carry'),
  CHECK (current_amount + overflow + total_wins = funded + total_contributions + adjusted)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS jackpot_games (
  "group" TEXT COLLATE BINARY NOT NULL,
  "game" TEXT COLLATE BINARY NOT NULL,
  PRIMARY KEY ("group", game),
  FOREIGN KEY ("group") REFERENCES jackpots ("group")
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS jackpot_journal (
  "sequence" BIGINT NOT NULL CHECK (((typeof("sequence") = 'integer') AND ("sequence" >= 0)) AND ("sequence" > 0)),
  "part" BIGINT NOT NULL CHECK ((typeof("part") = 'integer') AND ("part" >= 0)),
  "id" TEXT COLLATE BINARY,
  "key" TEXT COLLATE BINARY,
  "at" TEXT COLLATE BINARY NOT NULL,
  "kind" TEXT COLLATE BINARY NOT NULL CHECK ("kind" = 'opened' OR "kind" = 'contributed' OR "kind" = 'won' OR "kind" = 'configured' OR "kind" = 'adjusted' OR "kind" = 'suspended' OR "kind" = 'resumed' OR "kind" = 'restored' OR "kind" = 'checkpoint'),
  "game" TEXT COLLATE BINARY,
  "player" TEXT COLLATE BINARY,
  "amount" BIGINT CHECK ("amount" IS NULL OR typeof("amount") = 'integer'),
  "pools" TEXT COLLATE BINARY,
  "actor" TEXT COLLATE BINARY,
  "reason" TEXT COLLATE BINARY,
  "when" TEXT COLLATE BINARY CHECK ("when" IS NULL OR "when" = 'now' OR "when" = 'after_win' OR "when" = 'discard'),
  "returned_to" BIGINT CHECK ("returned_to" IS NULL OR (typeof("returned_to") = 'integer') AND ("returned_to" >= 0)),
  "group" TEXT COLLATE BINARY NOT NULL,
  "version" BIGINT CHECK ("version" IS NULL OR (typeof("version") = 'integer') AND ("version" >= 0)),
  "current_amount" BIGINT NOT NULL CHECK ((typeof("current_amount") = 'integer') AND ("current_amount" >= 0)),
  "overflow" BIGINT NOT NULL CHECK ((typeof("overflow") = 'integer') AND ("overflow" >= 0)),
  "carry" BIGINT NOT NULL CHECK (((typeof("carry") = 'integer') AND ("carry" >= 0)) AND ("carry" < 1000000000)),
  "to_pool" BIGINT CHECK ("to_pool" IS NULL OR (typeof("to_pool") = 'integer') AND ("to_pool" >= 0)),
  "to_overflow" BIGINT CHECK ("to_overflow" IS NULL OR (typeof("to_overflow") = 'integer') AND ("to_overflow" >= 0)),
  "forgone" BIGINT CHECK ("forgone" IS NULL OR (typeof("forgone") = 'integer') AND ("forgone" >= 0)),
  "paid" BIGINT CHECK ("paid" IS NULL OR (typeof("paid") = 'integer') AND ("paid" >= 0)),
  "from_house" BIGINT CHECK ("from_house" IS NULL OR (typeof("from_house") = 'integer') AND ("from_house" >= 0)),
  "from_overflow" BIGINT CHECK ("from_overflow" IS NULL OR (typeof("from_overflow") = 'integer') AND ("from_overflow" >= 0)),
  "detail" TEXT COLLATE BINARY,
  PRIMARY KEY (sequence, part),
  UNIQUE ("key"),
  UNIQUE ("group", version)
) WITHOUT ROWID;
INSERT INTO jackpot_store ("id", "identity", "amount_type", "sequence", "newest_at", "sealed") VALUES (1, '00000000000000000000000000000000', 'int64', 0, '1970-01-01 00:00:00.000000', 0);
INSERT INTO jackpot_schema ("number", "title", "library") VALUES (1, 'create the tables', '0.1.0');
COMMIT;
PRAGMA journal_mode = WAL;
