-- SPDX-License-Identifier: BSL-1.0
-- What a role needs that did not make the tables, table by table: psql -v role=migrator -f grants-postgresql.sql.
-- Who only validates, looks and backs up needs SELECT alone.
GRANT SELECT, INSERT, UPDATE, DELETE ON jackpots, jackpot_games, jackpot_holds, jackpot_journal TO :role;
GRANT SELECT, INSERT, UPDATE, DELETE ON jackpot_store TO :role;
GRANT SELECT ON jackpot_schema TO :role;
-- Who is at work on the store: advice alone, which the migrator makes itself where it may.
CREATE TABLE IF NOT EXISTS jackpot_work (
    slot varchar(128) PRIMARY KEY, token varchar(128) NOT NULL, who varchar(128) NOT NULL, host varchar(128) NOT NULL,
    pid bigint NOT NULL, doing varchar(128) NOT NULL, stage varchar(128) NOT NULL, began_at bigint NOT NULL,
    seen_at bigint NOT NULL, sequence bigint NOT NULL, due_at bigint NOT NULL);
GRANT SELECT, INSERT, UPDATE, DELETE ON jackpot_work TO :role;
