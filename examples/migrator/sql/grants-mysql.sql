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
