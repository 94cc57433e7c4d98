-- SPDX-License-Identifier: BSL-1.0
-- What the server is busy with. What runs, and since when:
SELECT id, command, time, state, LEFT(info, 60) AS query FROM information_schema.processlist WHERE db = DATABASE() ORDER BY time DESC;

-- Transactions that hold locks.
SELECT trx_id, trx_state, trx_started, trx_rows_locked FROM information_schema.innodb_trx ORDER BY trx_started;

-- The statements that took longest, where performance_schema is on.
SELECT LEFT(digest_text, 60) AS query, count_star, sum_timer_wait / 1e12 AS seconds
FROM performance_schema.events_statements_summary_by_digest
ORDER BY sum_timer_wait DESC LIMIT 10;
