-- SPDX-License-Identifier: BSL-1.0
-- What the server is busy with. What waits for what, and since when:
SELECT pid, state, wait_event_type, now() - query_start AS since, left(query, 60) AS query
FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
ORDER BY query_start;

-- How the tables are read: sequential scans of the journal are the audit's and the comparison's alone.
SELECT relname, seq_scan, idx_scan, n_tup_ins, n_live_tup FROM pg_stat_user_tables WHERE relname LIKE 'jackpot%' ORDER BY relname;

-- The statements that took longest, where the extension pg_stat_statements is there (13 and newer):
-- SELECT left(query, 60), calls, total_exec_time, mean_exec_time FROM pg_stat_statements ORDER BY total_exec_time DESC LIMIT 10;
