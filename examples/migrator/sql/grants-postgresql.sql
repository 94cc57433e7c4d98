-- SPDX-License-Identifier: BSL-1.0
-- What a role needs that did not make the tables, table by table: psql -v role=migrator -f grants-postgresql.sql.
-- Who only validates, looks and backs up needs SELECT alone.
GRANT SELECT, INSERT, UPDATE, DELETE ON jackpots, jackpot_games, jackpot_holds, jackpot_journal TO :role;
GRANT SELECT, INSERT, UPDATE, DELETE ON jackpot_store TO :role;
GRANT SELECT ON jackpot_schema TO :role;
