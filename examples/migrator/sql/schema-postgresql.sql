BEGIN ISOLATION LEVEL READ COMMITTED;
CREATE TABLE IF NOT EXISTS jackpot_schema (
  "number" BIGINT NOT NULL CHECK ("number" >= 0),
  "title" TEXT COLLATE "C" NOT NULL,
  "library" TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (number)
);
CREATE TABLE IF NOT EXISTS jackpot_store (
  "id" BIGINT NOT NULL CHECK (("id" >= 0) AND ("id" = 1)),
  "identity" TEXT COLLATE "C" NOT NULL,
  "amount_type" TEXT COLLATE "C" NOT NULL,
  "sequence" BIGINT NOT NULL CHECK ("sequence" >= 0),
  "newest_at" TIMESTAMPTZ(6) NOT NULL,
  "sealed" BIGINT NOT NULL CHECK (("sealed" >= 0) AND ("sealed" <= 1)),
  PRIMARY KEY (id)
);
CREATE TABLE IF NOT EXISTS jackpots (
  "group" TEXT COLLATE "C" NOT NULL,
  "status" TEXT COLLATE "C" NOT NULL CHECK ("status" = 'active' OR "status" = 'suspended' OR "status" = 'closed'),
  "current_amount" BIGINT NOT NULL CHECK ("current_amount" >= 0),
  "seed_amount" BIGINT NOT NULL CHECK ("seed_amount" >= 0),
  "max_amount" BIGINT CHECK ("max_amount" IS NULL OR "max_amount" >= 0),
  "contribution_rate" NUMERIC(10,9) NOT NULL CHECK ("contribution_rate" >= 0 AND "contribution_rate" <= 1),
  "rounding" TEXT COLLATE "C" NOT NULL CHECK ("rounding" = 'carry' OR "rounding" = 'floor'),
  "on_cap" TEXT COLLATE "C" NOT NULL CHECK ("on_cap" = 'divert' OR "on_cap" = 'stop'),
  "min_wager" BIGINT NOT NULL CHECK ("min_wager" >= 0),
  "seed_rate" NUMERIC(10,9) NOT NULL CHECK ("seed_rate" >= 0 AND "seed_rate" <= 1),
  "reserve_cap" BIGINT CHECK ("reserve_cap" IS NULL OR "reserve_cap" >= 0),
  "seed_from" TEXT COLLATE "C" NOT NULL CHECK ("seed_from" = 'house' OR "seed_from" = 'overflow'),
  "max_wager" BIGINT CHECK ("max_wager" IS NULL OR "max_wager" >= 0),
  "changes" TEXT COLLATE "C" NOT NULL CHECK ("changes" = 'any' OR "changes" = 'after_win' OR "changes" = 'suspended'),
  "pending" TEXT COLLATE "C",
  "overflow" BIGINT NOT NULL CHECK ("overflow" >= 0),
  "carry" BIGINT NOT NULL CHECK (("carry" >= 0) AND ("carry" < 1000000000)),
  "reserve" BIGINT NOT NULL CHECK ("reserve" >= 0),
  "reserve_carry" BIGINT NOT NULL CHECK (("reserve_carry" >= 0) AND ("reserve_carry" < 1000000000)),
  "funded" BIGINT NOT NULL CHECK ("funded" >= 0),
  "adjusted" BIGINT NOT NULL,
  "total_wagered" BIGINT NOT NULL CHECK ("total_wagered" >= 0),
  "total_contributions" BIGINT NOT NULL CHECK ("total_contributions" >= 0),
  "total_wins" BIGINT NOT NULL CHECK ("total_wins" >= 0),
  "win_count" BIGINT NOT NULL CHECK ("win_count" >= 0),
  "wager_count" BIGINT NOT NULL CHECK ("wager_count" >= 0),
  "total_forgone" BIGINT NOT NULL CHECK ("total_forgone" >= 0),
  "held" BIGINT NOT NULL CHECK ("held" >= 0),
  "seeded" BIGINT NOT NULL CHECK ("seeded" >= 0),
  "transferred" BIGINT NOT NULL,
  "last_win_amount" BIGINT CHECK ("last_win_amount" IS NULL OR "last_win_amount" >= 0),
  "last_win_game" TEXT COLLATE "C",
  "last_win_player" TEXT COLLATE "C",
  "last_win_at" TIMESTAMPTZ(6),
  "version" BIGINT NOT NULL CHECK ("version" >= 0),
  "sequence" BIGINT NOT NULL CHECK ("sequence" >= 0),
  "reset_sequence" BIGINT NOT NULL CHECK ("reset_sequence" >= 0),
  "opened_at" TIMESTAMPTZ(6) NOT NULL,
  "last_modified_at" TIMESTAMPTZ(6) NOT NULL,
  PRIMARY KEY ("group"),
  CHECK (max_amount > seed_amount),
  CHECK (max_wager >= min_wager),
  CHECK (current_amount <= max_amount),
  CHECK (seeded <= current_amount),
  CHECK (overflow = 0 OR (max_amount IS NOT NULL AND current_amount = max_amount)),
  CHECK (carry = 0 AND reserve_carry = 0 OR rounding = 'carry'),
  CHECK (current_amount + overflow + reserve + total_wins + held = funded + total_contributions + adjusted + transferred)
);
CREATE TABLE IF NOT EXISTS jackpot_games (
  "group" TEXT COLLATE "C" NOT NULL,
  "game" TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY ("group", game),
  FOREIGN KEY ("group") REFERENCES jackpots ("group")
);
CREATE TABLE IF NOT EXISTS jackpot_holds (
  "group" TEXT COLLATE "C" NOT NULL,
  "hold" TEXT COLLATE "C" NOT NULL,
  "amount" BIGINT NOT NULL CHECK ("amount" >= 0),
  "game" TEXT COLLATE "C" NOT NULL,
  "player" TEXT COLLATE "C" NOT NULL,
  "round" TEXT COLLATE "C",
  "site" TEXT COLLATE "C",
  "at" TIMESTAMPTZ(6) NOT NULL,
  "sequence" BIGINT NOT NULL CHECK ("sequence" >= 0),
  "from_house" BIGINT NOT NULL CHECK ("from_house" >= 0),
  "from_reserve" BIGINT NOT NULL CHECK ("from_reserve" >= 0),
  "seeded_paid" BIGINT NOT NULL CHECK ("seeded_paid" >= 0),
  PRIMARY KEY ("group", hold),
  FOREIGN KEY ("group") REFERENCES jackpots ("group")
);
CREATE TABLE IF NOT EXISTS jackpot_journal (
  "sequence" BIGINT NOT NULL CHECK (("sequence" >= 0) AND ("sequence" > 0)),
  "part" BIGINT NOT NULL CHECK ("part" >= 0),
  "id" TEXT COLLATE "C",
  "key" TEXT COLLATE "C",
  "at" TIMESTAMPTZ(6) NOT NULL,
  "kind" TEXT COLLATE "C" NOT NULL CHECK ("kind" = 'opened' OR "kind" = 'contributed' OR "kind" = 'won' OR "kind" = 'configured' OR "kind" = 'adjusted' OR "kind" = 'suspended' OR "kind" = 'resumed' OR "kind" = 'restored' OR "kind" = 'checkpoint' OR "kind" = 'held' OR "kind" = 'confirmed' OR "kind" = 'released' OR "kind" = 'transferred' OR "kind" = 'closed' OR "kind" = 'reverted'),
  "game" TEXT COLLATE "C",
  "player" TEXT COLLATE "C",
  "round" TEXT COLLATE "C",
  "site" TEXT COLLATE "C",
  "amount" BIGINT,
  "pools" TEXT COLLATE "C",
  "hold" TEXT COLLATE "C",
  "from" TEXT COLLATE "C",
  "to" TEXT COLLATE "C",
  "reverts" TEXT COLLATE "C",
  "reverted" BIGINT CHECK ("reverted" IS NULL OR "reverted" >= 0),
  "actor" TEXT COLLATE "C",
  "reason" TEXT COLLATE "C",
  "when" TEXT COLLATE "C" CHECK ("when" IS NULL OR "when" = 'now' OR "when" = 'after_win' OR "when" = 'discard'),
  "returned_to" BIGINT CHECK ("returned_to" IS NULL OR "returned_to" >= 0),
  "group" TEXT COLLATE "C" NOT NULL,
  "version" BIGINT CHECK ("version" IS NULL OR "version" >= 0),
  "current_amount" BIGINT NOT NULL CHECK ("current_amount" >= 0),
  "overflow" BIGINT NOT NULL CHECK ("overflow" >= 0),
  "carry" BIGINT NOT NULL CHECK (("carry" >= 0) AND ("carry" < 1000000000)),
  "reserve" BIGINT NOT NULL CHECK ("reserve" >= 0),
  "reserve_carry" BIGINT NOT NULL CHECK (("reserve_carry" >= 0) AND ("reserve_carry" < 1000000000)),
  "to_pool" BIGINT CHECK ("to_pool" IS NULL OR "to_pool" >= 0),
  "to_overflow" BIGINT CHECK ("to_overflow" IS NULL OR "to_overflow" >= 0),
  "forgone" BIGINT CHECK ("forgone" IS NULL OR "forgone" >= 0),
  "paid" BIGINT CHECK ("paid" IS NULL OR "paid" >= 0),
  "from_house" BIGINT CHECK ("from_house" IS NULL OR "from_house" >= 0),
  "from_overflow" BIGINT CHECK ("from_overflow" IS NULL OR "from_overflow" >= 0),
  "to_reserve" BIGINT CHECK ("to_reserve" IS NULL OR "to_reserve" >= 0),
  "from_reserve" BIGINT CHECK ("from_reserve" IS NULL OR "from_reserve" >= 0),
  "from_pool" BIGINT CHECK ("from_pool" IS NULL OR "from_pool" >= 0),
  "to_house" BIGINT CHECK ("to_house" IS NULL OR "to_house" >= 0),
  "transferred" BIGINT CHECK ("transferred" IS NULL OR "transferred" >= 0),
  "detail" TEXT COLLATE "C",
  PRIMARY KEY (sequence, part),
  UNIQUE ("key"),
  UNIQUE ("group", version)
);
CREATE INDEX IF NOT EXISTS jackpot_journal_game ON jackpot_journal (game, sequence) WHERE game IS NOT NULL;
CREATE INDEX IF NOT EXISTS jackpot_journal_player ON jackpot_journal (player, sequence) WHERE player IS NOT NULL;
CREATE INDEX IF NOT EXISTS jackpot_journal_round ON jackpot_journal ("round", sequence) WHERE "round" IS NOT NULL;
CREATE INDEX IF NOT EXISTS jackpot_journal_site ON jackpot_journal (site, sequence) WHERE site IS NOT NULL;
CREATE INDEX IF NOT EXISTS jackpot_journal_kind ON jackpot_journal (kind, sequence) WHERE kind <> 'contributed';
INSERT INTO jackpot_store ("id", "identity", "amount_type", "sequence", "newest_at", "sealed") VALUES (1, '00000000000000000000000000000000', 'int64', 0, '1970-01-01 00:00:00.000000', 0);
INSERT INTO jackpot_schema ("number", "title", "library") VALUES (1, 'create the tables', '0.1.0');
INSERT INTO jackpot_schema ("number", "title", "library") VALUES (2, 'reserves, holds, transfers, reverts; who, why, where; filters of history', '0.1.0');
COMMIT;
