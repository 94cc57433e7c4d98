/* SPDX-License-Identifier: BSL-1.0 */
/* broken FOLDER: SQLite stores in FOLDER with rows that somebody edited by hand. */
#include "check.h"

/* Runs SQL on the store behind the library's back, and past the constraints. */
static void edit(const char* store, const char* sql) {
    char command[8192];
    snprintf(command, sizeof command, "sqlite3 '%s' 'PRAGMA ignore_check_constraints = ON; %s'",
             store + strlen("sqlite://"), sql);
    CHECK(system(command) == 0);
}

static void test_audit(const char* store) {
    jackpot_network* n = create(store);
    uint64_t operations = 99;
    GIVES(JACKPOT_OK, open_seeded(n, "minor", 100));
    GIVES(JACKPOT_OK, contribute(n, 1000, NULL));
    GIVES(JACKPOT_OK, jackpot_audit(n, &operations));
    CHECK(operations == 2);
    edit(store, "UPDATE jackpots SET total_wagered = 7");
    operations = 99;
    GIVES(JACKPOT_CORRUPT, jackpot_audit(n, &operations));
    SAYS(n, "(pool minor: total_wagered is 7, and 1000 by the journal)");
    CHECK(operations == 99);
    jackpot_destroy(n);
}

/* What stands before a store reads its states when it is made, and says then what is wrong with them. */
static void test_behind(const char* store) {
    jackpot_network* n = create(store);
    jackpot_options options = {0};
    GIVES(JACKPOT_OK, open_seeded(n, "minor", 100));
    jackpot_destroy(n);
    edit(store, "UPDATE jackpots SET current_amount = 1.5");
    options.struct_size = sizeof options;
    options.store = store;
    options.mode = JACKPOT_MODE_BEHIND;
    refuse(&options, JACKPOT_CORRUPT, "jackpots, group minor, current_amount: 1.5");
}

int main(int argc, char** argv) {
    char url[4096];
    if (argc != 2) {
        return 2;
    }
    test_audit(fresh_store(&url, argv[1], "audited"));
    test_behind(fresh_store(&url, argv[1], "unreadable"));
    printf("%d failures\n", failures);
    return failures != 0;
}
