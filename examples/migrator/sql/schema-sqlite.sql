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
  "status" TEXT COLLATE BINARY NOT NULL CHECK ("status" = 'active' OR "status" = 'suspended' OR "status" = 'closed'),
  "current_amount" BIGINT NOT NULL CHECK ((typeof("current_amount") = 'integer') AND ("current_amount" >= 0)),
  "seed_amount" BIGINT NOT NULL CHECK ((typeof("seed_amount") = 'integer') AND ("seed_amount" >= 0)),
  "max_amount" BIGINT CHECK ("max_amount" IS NULL OR (typeof("max_amount") = 'integer') AND ("max_amount" >= 0)),
  "contribution_rate" TEXT COLLATE BINARY NOT NULL CHECK ("contribution_rate" >= 0 AND "contribution_rate" <= 1),
  "rounding" TEXT COLLATE BINARY NOT NULL CHECK ("rounding" = 'carry' OR "rounding" = 'floor'),
  "on_cap" TEXT COLLATE BINARY NOT NULL CHECK ("on_cap" = 'divert' OR "on_cap" = 'stop'),
  "min_wager" BIGINT NOT NULL CHECK ((typeof("min_wager") = 'integer') AND ("min_wager" >= 0)),
  "seed_rate" TEXT COLLATE BINARY NOT NULL CHECK ("seed_rate" >= 0 AND "seed_rate" <= 1),
  "reserve_cap" BIGINT CHECK ("reserve_cap" IS NULL OR (typeof("reserve_cap") = 'integer') AND ("reserve_cap" >= 0)),
  "seed_from" TEXT COLLATE BINARY NOT NULL CHECK ("seed_from" = 'house' OR "seed_from" = 'overflow'),
  "max_wager" BIGINT CHECK ("max_wager" IS NULL OR (typeof("max_wager") = 'integer') AND ("max_wager" >= 0)),
  "changes" TEXT COLLATE BINARY NOT NULL CHECK ("changes" = 'any' OR "changes" = 'after_win' OR "changes" = 'suspended'),
  "pending" TEXT COLLATE BINARY,
  "overflow" BIGINT NOT NULL CHECK ((typeof("overflow") = 'integer') AND ("overflow" >= 0)),
  "carry" BIGINT NOT NULL CHECK (((typeof("carry") = 'integer') AND ("carry" >= 0)) AND ("carry" < 1000000000)),
  "reserve" BIGINT NOT NULL CHECK ((typeof("reserve") = 'integer') AND ("reserve" >= 0)),
  "reserve_carry" BIGINT NOT NULL CHECK (((typeof("reserve_carry") = 'integer') AND ("reserve_carry" >= 0)) AND ("reserve_carry" < 1000000000)),
  "funded" BIGINT NOT NULL CHECK ((typeof("funded") = 'integer') AND ("funded" >= 0)),
  "adjusted" BIGINT NOT NULL CHECK (typeof("adjusted") = 'integer'),
  "total_wagered" BIGINT NOT NULL CHECK ((typeof("total_wagered") = 'integer') AND ("total_wagered" >= 0)),
  "total_contributions" BIGINT NOT NULL CHECK ((typeof("total_contributions") = 'integer') AND ("total_contributions" >= 0)),
  "total_wins" BIGINT NOT NULL CHECK ((typeof("total_wins") = 'integer') AND ("total_wins" >= 0)),
  "win_count" BIGINT NOT NULL CHECK ((typeof("win_count") = 'integer') AND ("win_count" >= 0)),
  "wager_count" BIGINT NOT NULL CHECK ((typeof("wager_count") = 'integer') AND ("wager_count" >= 0)),
  "total_forgone" BIGINT NOT NULL CHECK ((typeof("total_forgone") = 'integer') AND ("total_forgone" >= 0)),
  "held" BIGINT NOT NULL CHECK ((typeof("held") = 'integer') AND ("held" >= 0)),
  "seeded" BIGINT NOT NULL CHECK ((typeof("seeded") = 'integer') AND ("seeded" >= 0)),
  "transferred" BIGINT NOT NULL CHECK (typeof("transferred") = 'integer'),
  "last_win_amount" BIGINT CHECK ("last_win_amount" IS NULL OR (typeof("last_win_amount") = 'integer') AND ("last_win_amount" >= 0)),
  "last_win_game" TEXT COLLATE BINARY,
  "last_win_player" TEXT COLLATE BINARY,
  "last_win_at" TEXT COLLATE BINARY,
  "version" BIGINT NOT NULL CHECK ((typeof("version") = 'integer') AND ("version" >= 0)),
  "sequence" BIGINT NOT NULL CHECK ((typeof("sequence") = 'integer') AND ("sequence" >= 0)),
  "reset_sequence" BIGINT NOT NULL CHECK ((typeof("reset_sequence") = 'integer') AND ("reset_sequence" >= 0)),
  "opened_at" TEXT COLLATE BINARY NOT NULL,
  "last_modified_at" TEXT COLLATE BINARY NOT NULL,
  PRIMARY KEY ("group"),
  CHECK (max_amount > seed_amount),
  CHECK (max_wager >= min_wager),
  CHECK (current_amount <= max_amount),
  CHECK (seeded <= current_amount),
  CHECK (overflow = 0 OR (max_amount IS NOT NULL AND current_amount = max_amount)),
  CHECK (carry = 0 AND reserve_carry = 0 OR rounding = 'carry'),
  CHECK (current_amount + overflow + reserve + total_wins + held = funded + total_contributions + adjusted + transferred)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS jackpot_games (
  "group" TEXT COLLATE BINARY NOT NULL,
  "game" TEXT COLLATE BINARY NOT NULL,
  PRIMARY KEY ("group", game),
  FOREIGN KEY ("group") REFERENCES jackpots ("group")
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS jackpot_holds (
  "group" TEXT COLLATE BINARY NOT NULL,
  "hold" TEXT COLLATE BINARY NOT NULL,
  "amount" BIGINT NOT NULL CHECK ((typeof("amount") = 'integer') AND ("amount" >= 0)),
  "game" TEXT COLLATE BINARY NOT NULL,
  "player" TEXT COLLATE BINARY NOT NULL,
  "round" TEXT COLLATE BINARY,
  "site" TEXT COLLATE BINARY,
  "at" TEXT COLLATE BINARY NOT NULL,
  "sequence" BIGINT NOT NULL CHECK ((typeof("sequence") = 'integer') AND ("sequence" >= 0)),
  "from_house" BIGINT NOT NULL CHECK ((typeof("from_house") = 'integer') AND ("from_house" >= 0)),
  "from_reserve" BIGINT NOT NULL CHECK ((typeof("from_reserve") = 'integer') AND ("from_reserve" >= 0)),
  "seeded_paid" BIGINT NOT NULL CHECK ((typeof("seeded_paid") = 'integer') AND ("seeded_paid" >= 0)),
  PRIMARY KEY ("group", hold),
  FOREIGN KEY ("group") REFERENCES jackpots ("group")
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS jackpot_journal (
  "sequence" BIGINT NOT NULL CHECK (((typeof("sequence") = 'integer') AND ("sequence" >= 0)) AND ("sequence" > 0)),
  "part" BIGINT NOT NULL CHECK ((typeof("part") = 'integer') AND ("part" >= 0)),
  "id" TEXT COLLATE BINARY,
  "key" TEXT COLLATE BINARY,
  "at" TEXT COLLATE BINARY NOT NULL,
  "kind" TEXT COLLATE BINARY NOT NULL CHECK ("kind" = 'opened' OR "kind" = 'contributed' OR "kind" = 'won' OR "kind" = 'configured' OR "kind" = 'adjusted' OR "kind" = 'suspended' OR "kind" = 'resumed' OR "kind" = 'restored' OR "kind" = 'checkpoint' OR "kind" = 'held' OR "kind" = 'confirmed' OR "kind" = 'released' OR "kind" = 'transferred' OR "kind" = 'closed' OR "kind" = 'reverted'),
  "game" TEXT COLLATE BINARY,
  "player" TEXT COLLATE BINARY,
  "round" TEXT COLLATE BINARY,
  "site" TEXT COLLATE BINARY,
  "amount" BIGINT CHECK ("amount" IS NULL OR typeof("amount") = 'integer'),
  "pools" TEXT COLLATE BINARY,
  "hold" TEXT COLLATE BINARY,
  "from" TEXT COLLATE BINARY,
  "to" TEXT COLLATE BINARY,
  "reverts" TEXT COLLATE BINARY,
  "reverted" BIGINT CHECK ("reverted" IS NULL OR (typeof("reverted") = 'integer') AND ("reverted" >= 0)),
  "actor" TEXT COLLATE BINARY,
  "reason" TEXT COLLATE BINARY,
  "when" TEXT COLLATE BINARY CHECK ("when" IS NULL OR "when" = 'now' OR "when" = 'after_win' OR "when" = 'discard'),
  "returned_to" BIGINT CHECK ("returned_to" IS NULL OR (typeof("returned_to") = 'integer') AND ("returned_to" >= 0)),
  "group" TEXT COLLATE BINARY NOT NULL,
  "version" BIGINT CHECK ("version" IS NULL OR (typeof("version") = 'integer') AND ("version" >= 0)),
  "current_amount" BIGINT NOT NULL CHECK ((typeof("current_amount") = 'integer') AND ("current_amount" >= 0)),
  "overflow" BIGINT NOT NULL CHECK ((typeof("overflow") = 'integer') AND ("overflow" >= 0)),
  "carry" BIGINT NOT NULL CHECK (((typeof("carry") = 'integer') AND ("carry" >= 0)) AND ("carry" < 1000000000)),
  "reserve" BIGINT NOT NULL CHECK ((typeof("reserve") = 'integer') AND ("reserve" >= 0)),
  "reserve_carry" BIGINT NOT NULL CHECK (((typeof("reserve_carry") = 'integer') AND ("reserve_carry" >= 0)) AND ("reserve_carry" < 1000000000)),
  "to_pool" BIGINT CHECK ("to_pool" IS NULL OR (typeof("to_pool") = 'integer') AND ("to_pool" >= 0)),
  "to_overflow" BIGINT CHECK ("to_overflow" IS NULL OR (typeof("to_overflow") = 'integer') AND ("to_overflow" >= 0)),
  "forgone" BIGINT CHECK ("forgone" IS NULL OR (typeof("forgone") = 'integer') AND ("forgone" >= 0)),
  "paid" BIGINT CHECK ("paid" IS NULL OR (typeof("paid") = 'integer') AND ("paid" >= 0)),
  "from_house" BIGINT CHECK ("from_house" IS NULL OR (typeof("from_house") = 'integer') AND ("from_house" >= 0)),
  "from_overflow" BIGINT CHECK ("from_overflow" IS NULL OR (typeof("from_overflow") = 'integer') AND ("from_overflow" >= 0)),
  "to_reserve" BIGINT CHECK ("to_reserve" IS NULL OR (typeof("to_reserve") = 'integer') AND ("to_reserve" >= 0)),
  "from_reserve" BIGINT CHECK ("from_reserve" IS NULL OR (typeof("from_reserve") = 'integer') AND ("from_reserve" >= 0)),
  "from_pool" BIGINT CHECK ("from_pool" IS NULL OR (typeof("from_pool") = 'integer') AND ("from_pool" >= 0)),
  "to_house" BIGINT CHECK ("to_house" IS NULL OR (typeof("to_house") = 'integer') AND ("to_house" >= 0)),
  "transferred" BIGINT CHECK ("transferred" IS NULL OR (typeof("transferred") = 'integer') AND ("transferred" >= 0)),
  "detail" TEXT COLLATE BINARY,
  PRIMARY KEY (sequence, part),
  UNIQUE ("key"),
  UNIQUE ("group", version)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS jackpot_journal_game ON jackpot_journal (game, sequence) WHERE game IS NOT NULL;
CREATE INDEX IF NOT EXISTS jackpot_journal_player ON jackpot_journal (player, sequence) WHERE player IS NOT NULL;
CREATE INDEX IF NOT EXISTS jackpot_journal_round ON jackpot_journal ("round", sequence) WHERE "round" IS NOT NULL;
CREATE INDEX IF NOT EXISTS jackpot_journal_site ON jackpot_journal (site, sequence) WHERE site IS NOT NULL;
CREATE INDEX IF NOT EXISTS jackpot_journal_kind ON jackpot_journal (kind, sequence) WHERE kind <> 'contributed';
INSERT INTO jackpot_store ("id", "identity", "amount_type", "sequence", "newest_at", "sealed") VALUES (1, '00000000000000000000000000000000', 'int64', 0, '1970-01-01 00:00:00.000000', 0);
INSERT INTO jackpot_schema ("number", "title", "library") VALUES (1, 'create the tables', '0.1.0');
INSERT INTO jackpot_schema ("number", "title", "library") VALUES (2, 'reserves, holds, transfers, reverts; who, why, where; filters of history', '0.1.0');
COMMIT;
PRAGMA journal_mode = WAL;
