-- SPDX-License-Identifier: BSL-1.0
-- What a user needs who did not make the tables, table by table, in the database that is in use:
-- sed "s/ROLE/'migrator'@'%'/" grants-mysql.sql | mariadb jackpot. Who only validates, looks and backs up needs
-- SELECT alone.
GRANT SELECT, INSERT, UPDATE, DELETE ON jackpots TO ROLE;
GRANT SELECT, INSERT, UPDATE, DELETE ON jackpot_games TO ROLE;
GRANT SELECT, INSERT, UPDATE, DELETE ON jackpot_holds TO ROLE;
GRANT SELECT, INSERT, UPDATE, DELETE ON jackpot_journal TO ROLE;
GRANT SELECT, INSERT, UPDATE, DELETE ON jackpot_store TO ROLE;
GRANT SELECT ON jackpot_schema TO ROLE;
-- Who is at work on the store: advice alone, which the migrator makes itself where it may.
CREATE TABLE IF NOT EXISTS jackpot_work (
    slot VARCHAR(128) PRIMARY KEY, token VARCHAR(128) NOT NULL, who VARCHAR(128) NOT NULL, host VARCHAR(128) NOT NULL,
    pid BIGINT NOT NULL, doing VARCHAR(128) NOT NULL, stage VARCHAR(128) NOT NULL, began_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL, sequence BIGINT NOT NULL, due_at BIGINT NOT NULL) ENGINE=InnoDB;
GRANT SELECT, INSERT, UPDATE, DELETE ON jackpot_work TO ROLE;
