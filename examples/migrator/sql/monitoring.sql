-- SPDX-License-Identifier: BSL-1.0
-- What to look at before, during and after a migration. "group" is a reserved word: it is quoted, and MariaDB
-- and MySQL are told so by what is a comment to the others.
/*! SET sql_mode = CONCAT(@@sql_mode, ',ANSI_QUOTES') */;

-- The pools.
SELECT "group", current_amount, version FROM jackpots ORDER BY "group";

SELECT "group", current_amount, seed_amount, max_amount, contribution_rate, total_contributions, total_wins, version
FROM jackpots
ORDER BY "group";

-- Which changed last.
SELECT "group", current_amount, version, last_modified_at FROM jackpots ORDER BY last_modified_at DESC;

-- Where the store stands, and whether it is sealed.
SELECT sequence, newest_at, sealed, amount_type FROM jackpot_store;

-- Rows that break a law: there must be none.
SELECT "group" FROM jackpots
WHERE current_amount < 0 OR contribution_rate < 0 OR contribution_rate > 1 OR current_amount > max_amount
   OR current_amount + overflow + total_wins <> funded + total_contributions + adjusted
   OR (overflow > 0 AND (max_amount IS NULL OR current_amount < max_amount));

-- Pools that are not where the journal says: there must be none.
SELECT p."group", p.version, j.version
FROM jackpots p
LEFT JOIN jackpot_journal j ON j."group" = p."group" AND j.version = p.version
WHERE j.current_amount IS NULL OR j.current_amount <> p.current_amount OR j.overflow <> p.overflow;

-- Operations by kind.
SELECT kind, COUNT(DISTINCT sequence) AS operations FROM jackpot_journal GROUP BY kind ORDER BY kind;

-- The newest wins.
SELECT sequence, "at", "group", game, player, paid FROM jackpot_journal
WHERE kind = 'won'
ORDER BY sequence DESC
LIMIT 10;
