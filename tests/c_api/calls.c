/* SPDX-License-Identifier: BSL-1.0 */
/* calls [FOLDER]: what calls answer to any value, and over time; with SQLite stores in FOLDER, where built
 * in. */
#include "check.h"

static void test_last_error(void) {
    jackpot_network* n = create(NULL);
    char text[64] = "?";
    CHECK(strcmp(last_error(n), "") == 0);
    GIVES(JACKPOT_UNKNOWN_POOL, jackpot_pool_games(n, "minör", 0, NULL, 0, NULL));
    CHECK(strcmp(last_error(n), "unknown_pool: there is no pool of this name (pool: minör)") == 0);
    CHECK(jackpot_last_error(n, NULL, 100) == 58 && jackpot_last_error(n, text, 0) == 58 && text[0] == '?');
    CHECK(jackpot_last_error(n, text, 56) == 58 && strlen(text) == 54 && text[53] == 'n');
    CHECK(jackpot_last_error(n, text, 57) == 58 && strlen(text) == 56);
    CHECK(jackpot_last_error(n, text, 1) == 58 && text[0] == '\0');
    GIVES(JACKPOT_OK, open_seeded(n, "minör", 1));
    CHECK(strcmp(last_error(n), "") == 0);
    CHECK(jackpot_last_error(NULL, text, sizeof text) == strlen(text) && strlen(text) > 0);
    jackpot_destroy(n);
}

static void test_null(void) {
    jackpot_network* n = create(NULL);
    const char* names[] = {"minor", NULL};
    jackpot_open_request open = {0};
    jackpot_contribute_request wager = wager_of(10, NULL);
    jackpot_win_request win = {0};
    jackpot_adjust_request adjust = {0};
    jackpot_configure_request configure = {0};
    jackpot_status_request suspend = {0};
    uint64_t count = 0;
    open.struct_size = sizeof open;
    win.struct_size = sizeof win;
    adjust.struct_size = sizeof adjust;
    configure.struct_size = sizeof configure;
    suspend.struct_size = sizeof suspend;
    GIVES(JACKPOT_INVALID_POOL, jackpot_open(n, &open, NULL));
    GIVES(JACKPOT_INVALID_POOL, jackpot_win(n, &win, NULL));
    GIVES(JACKPOT_INVALID_POOL, jackpot_adjust(n, &adjust, NULL));
    GIVES(JACKPOT_INVALID_POOL, jackpot_configure(n, &configure, NULL));
    GIVES(JACKPOT_INVALID_POOL, jackpot_suspend(n, &suspend, NULL));
    GIVES(JACKPOT_INVALID_POOL, jackpot_resume(n, &suspend, NULL));
    GIVES(JACKPOT_INVALID_POOL, jackpot_pool_state(n, NULL, NULL));
    GIVES(JACKPOT_INVALID_POOL, jackpot_pool_games(n, NULL, 0, NULL, 0, NULL));

    open.pool = "minor";
    open.configuration.fields = JACKPOT_HAS_GAMES;
    open.configuration.game_count = 5;
    GIVES(JACKPOT_INVALID_GAME, jackpot_open(n, &open, NULL));
    open.configuration.games = names;
    open.configuration.game_count = 2;
    GIVES(JACKPOT_INVALID_GAME, jackpot_open(n, &open, NULL));
    open.configuration.game_count = 0;
    GIVES(JACKPOT_OK, jackpot_open(n, &open, NULL));
    wager.has_pools = 1;
    wager.pool_count = UINT64_MAX;
    GIVES(JACKPOT_INVALID_POOL, jackpot_contribute(n, &wager, NULL));
    wager.pools = names;
    GIVES(JACKPOT_OUT_OF_MEMORY, jackpot_contribute(n, &wager, NULL));
    wager.pool_count = 2;
    GIVES(JACKPOT_INVALID_POOL, jackpot_contribute(n, &wager, NULL));
    wager.pool_count = 1;
    GIVES(JACKPOT_OK, jackpot_contribute(n, &wager, NULL));

    GIVES(JACKPOT_INVALID_OPERATION, jackpot_pool_state(n, "minor", NULL));
    GIVES(JACKPOT_OK, jackpot_pools(n, NULL, 7, NULL));
    GIVES(JACKPOT_OK, jackpot_pool_games(n, "minor", 0, NULL, 7, &count));
    GIVES(JACKPOT_INVALID_OPERATION, jackpot_statistics_of(n, NULL));
    GIVES(JACKPOT_OK, jackpot_audit(n, NULL));
    jackpot_destroy(n);

    GIVES(JACKPOT_INVALID_OPERATION, jackpot_seal(NULL, 1));
    GIVES(JACKPOT_INVALID_OPERATION, jackpot_pool_state(NULL, "minor", NULL));
    GIVES(JACKPOT_INVALID_OPERATION, jackpot_pools(NULL, NULL, 0, &count));
    GIVES(JACKPOT_INVALID_OPERATION, jackpot_pool_games(NULL, "minor", 0, NULL, 0, &count));
    GIVES(JACKPOT_INVALID_OPERATION, jackpot_statistics_of(NULL, NULL));
    GIVES(JACKPOT_INVALID_OPERATION, jackpot_audit(NULL, &count));
}

static void test_limits_of_values(void) {
    jackpot_network* n = create(NULL);
    char longest[130];
    jackpot_open_request open = {0};
    jackpot_configure_request configure = {0};
    jackpot_adjust_request adjust = {0};
    memset(longest, 'x', 129);
    longest[129] = '\0';
    GIVES(JACKPOT_INVALID_POOL, open_seeded(n, longest, 1));
    longest[128] = '\0';
    GIVES(JACKPOT_OK, open_seeded(n, longest, 1));
    CHECK(strcmp(pool_of(n, longest).pool, longest) == 0);
    GIVES(JACKPOT_INVALID_POOL, open_seeded(n, "\xC3(", 1));
    GIVES(JACKPOT_INVALID_SEED, open_seeded(n, "a", INT64_MIN));
    GIVES(JACKPOT_INVALID_WAGER, contribute(n, INT64_MIN, NULL));
    SAYS(n, "(wager: -9223372036854775808)");
    GIVES(JACKPOT_INVALID_KEY, contribute(n, INT64_MIN, ""));

    open.struct_size = sizeof open;
    open.pool = "a";
    open.configuration.fields = JACKPOT_HAS_ROUNDING;
    open.configuration.rounding = 258;
    GIVES(JACKPOT_INVALID_ROUNDING, jackpot_open(n, &open, NULL));
    memset(&open.configuration, 0, sizeof open.configuration);
    open.configuration.fields = JACKPOT_HAS_ON_CAP;
    open.configuration.on_cap = INT32_MIN;
    GIVES(JACKPOT_INVALID_ON_CAP, jackpot_open(n, &open, NULL));
    memset(&open.configuration, 0, sizeof open.configuration);
    open.configuration.fields = JACKPOT_HAS_RATE;
    open.configuration.rate_ppb = 1000000001;
    GIVES(JACKPOT_INVALID_RATE, jackpot_open(n, &open, NULL));
    memset(&open.configuration, 0, sizeof open.configuration);
    open.configuration.fields = JACKPOT_HAS_CAP;
    open.configuration.cap = INT64_MIN;
    GIVES(JACKPOT_INVALID_CAP, jackpot_open(n, &open, NULL));
    memset(&open.configuration, 0, sizeof open.configuration);
    GIVES(JACKPOT_OK, jackpot_open(n, &open, NULL));

    configure.struct_size = sizeof configure;
    configure.pool = "a";
    configure.when = 3;
    GIVES(JACKPOT_INVALID_WHEN, jackpot_configure(n, &configure, NULL));
    configure.when = JACKPOT_WHEN_NOW;
    GIVES(JACKPOT_EMPTY_CONFIGURATION, jackpot_configure(n, &configure, NULL));
    adjust.struct_size = sizeof adjust;
    adjust.pool = "a";
    adjust.actor = "me";
    adjust.reason = "r";
    adjust.delta = INT64_MIN;
    GIVES(JACKPOT_INVALID_AMOUNT, jackpot_adjust(n, &adjust, NULL));
    jackpot_destroy(n);
}

/* A value without what says that it is meant is refused by its name, and never passed over. */
static void test_values_not_meant(void) {
    static const char* const game = "slots";
    jackpot_network* n = create(NULL);
    jackpot_open_request open = JACKPOT_OPEN_REQUEST_INIT;
    jackpot_configure_request configure = JACKPOT_CONFIGURE_REQUEST_INIT;
    jackpot_contribute_request wager = JACKPOT_CONTRIBUTE_REQUEST_INIT;
    jackpot_win_request win = JACKPOT_WIN_REQUEST_INIT;
    jackpot_configuration values[8];
    static const char* const words[8] = {
        "seed without JACKPOT_HAS_SEED",         "cap without JACKPOT_HAS_CAP",
        "rate_ppb without JACKPOT_HAS_RATE",     "min_wager without JACKPOT_HAS_MIN_WAGER",
        "rounding without JACKPOT_HAS_ROUNDING", "on_cap without JACKPOT_HAS_ON_CAP",
        "games without JACKPOT_HAS_GAMES",       "games without JACKPOT_HAS_GAMES"};
    size_t i;
    memset(values, 0, sizeof values);
    values[0].seed = 1;
    values[1].cap = 1;
    values[2].rate_ppb = 1;
    values[3].min_wager = 1;
    values[4].rounding = JACKPOT_ROUNDING_FLOOR;
    values[5].on_cap = JACKPOT_ON_CAP_STOP;
    values[6].game_count = 1;
    values[7].games = &game;
    open.pool = "minor";
    configure.pool = "minor";
    for (i = 0; i < sizeof values / sizeof *values; ++i) {
        open.configuration = values[i];
        GIVES(JACKPOT_INVALID_OPERATION, jackpot_open(n, &open, NULL));
        SAYS(n, words[i]);
        GIVES(JACKPOT_INVALID_OPERATION, jackpot_ensure(n, &open, JACKPOT_KEEP, NULL));
        configure.changes = values[i];
        GIVES(JACKPOT_INVALID_OPERATION, jackpot_configure(n, &configure, NULL));
        SAYS(n, words[i]);
    }
    open.configuration = values[1];
    open.configuration.fields = JACKPOT_HAS_NO_CAP;
    GIVES(JACKPOT_INVALID_OPERATION, jackpot_open(n, &open, NULL));
    GIVES(JACKPOT_OK, open_seeded(n, "minor", 100));

    wager.game = game;
    wager.wager = 100;
    wager.pool_count = 1;
    GIVES(JACKPOT_INVALID_OPERATION, jackpot_contribute(n, &wager, NULL));
    SAYS(n, "has_pools");
    wager.pool_count = 0;
    wager.pools = &game;
    GIVES(JACKPOT_INVALID_OPERATION, jackpot_contribute(n, &wager, NULL));
    win.pool = "minor";
    win.game = game;
    win.player = "ann";
    win.amount = 10;
    GIVES(JACKPOT_INVALID_OPERATION, jackpot_win(n, &win, NULL));
    SAYS(n, "has_amount");
    CHECK(pool_of(n, "minor").current == 100);
    win.has_amount = 1;
    GIVES(JACKPOT_OK, jackpot_win(n, &win, NULL));
    CHECK(pool_of(n, "minor").total_wins == 10);
    jackpot_destroy(n);
}

static void test_wager(void) {
    jackpot_network* n = create(NULL);
    int64_t total = 99;
    GIVES(JACKPOT_OK, open_seeded(n, "minor", 100));
    GIVES(JACKPOT_OK, jackpot_wager(n, "slots", 1000, "bet-1", &total));
    CHECK(total == 20);
    GIVES(JACKPOT_OK, jackpot_wager(n, "slots", 1000, "bet-1", &total));
    GIVES(JACKPOT_OK, jackpot_wager(n, "slots", 1000, NULL, NULL));
    CHECK(total == 20 && pool_of(n, "minor").current == 140);
    GIVES(JACKPOT_INVALID_WAGER, jackpot_wager(n, "slots", 0, NULL, &total));
    GIVES(JACKPOT_INVALID_GAME, jackpot_wager(n, NULL, 1, NULL, &total));
    SAYS(n, "invalid_game");
    GIVES(JACKPOT_INVALID_OPERATION, jackpot_wager(NULL, "slots", 1, NULL, &total));
    CHECK(total == 20);
    jackpot_destroy(n);
}

static void test_ensure(void) {
    jackpot_network* n = create(NULL);
    jackpot_open_request r = JACKPOT_OPEN_REQUEST_INIT;
    jackpot_ensured e = JACKPOT_ENSURED_INIT;
    r.pool = "minor";
    r.configuration.fields = JACKPOT_HAS_SEED | JACKPOT_HAS_RATE;
    r.configuration.seed = 100;
    r.configuration.rate_ppb = 20000000;
    GIVES(JACKPOT_OK, jackpot_ensure(n, &r, JACKPOT_KEEP, &e));
    CHECK(e.opened == 1 && e.changed == 0 && e.differs == 0 && e.struct_size == sizeof e);
    GIVES(JACKPOT_OK, jackpot_ensure(n, &r, JACKPOT_KEEP, &e));
    CHECK(e.opened == 0 && e.changed == 0 && e.differs == 0);
    r.configuration.fields |= JACKPOT_HAS_CAP;
    r.configuration.cap = 1000;
    r.configuration.seed = 200;
    GIVES(JACKPOT_OK, jackpot_ensure(n, &r, JACKPOT_KEEP, &e));
    CHECK(e.differs == (JACKPOT_HAS_CAP | JACKPOT_HAS_SEED) && pool_of(n, "minor").version == 1);
    GIVES(JACKPOT_OK, jackpot_ensure(n, &r, JACKPOT_CHANGE_AFTER_WIN, &e));
    CHECK(e.changed == 1 && e.differs == (JACKPOT_HAS_CAP | JACKPOT_HAS_SEED));
    GIVES(JACKPOT_OK, jackpot_ensure(n, &r, JACKPOT_CHANGE_NOW, &e));
    CHECK(e.changed == 1 && e.differs == 0 && pool_of(n, "minor").configuration.cap == 1000);
    GIVES(JACKPOT_OK, jackpot_ensure(n, &r, JACKPOT_KEEP, NULL));
    GIVES(JACKPOT_INVALID_WHEN, jackpot_ensure(n, &r, 3, &e));
    SAYS(n, "(apply: 3)");
    GIVES(JACKPOT_INVALID_WHEN, jackpot_ensure(n, &r, -1, &e));
    e.struct_size = 0;
    GIVES(JACKPOT_INVALID_OPERATION, jackpot_ensure(n, &r, JACKPOT_KEEP, &e));
    r.pool = "";
    GIVES(JACKPOT_INVALID_POOL, jackpot_ensure(n, &r, JACKPOT_KEEP, NULL));
    GIVES(JACKPOT_INVALID_OPERATION, jackpot_ensure(n, NULL, JACKPOT_KEEP, NULL));
    GIVES(JACKPOT_INVALID_OPERATION, jackpot_ensure(NULL, &r, JACKPOT_KEEP, NULL));
    jackpot_destroy(n);
}

static void test_seal(void) {
    jackpot_network* n = create(NULL);
    GIVES(JACKPOT_OK, open_seeded(n, "minor", 100));
    GIVES(JACKPOT_OK, jackpot_seal(n, 1));
    GIVES(JACKPOT_STORE_SEALED, contribute(n, 100, NULL));
    GIVES(JACKPOT_OK, jackpot_seal(n, 0));
    GIVES(JACKPOT_OK, contribute(n, 100, NULL));
    jackpot_destroy(n);
}

/* A world that can be repeated. */
typedef struct world {
    int64_t now;
    uint64_t random;
    int slept;
} world;

static int64_t world_now(void* context) {
    world* w = context;
    return w->now += 1000;
}
static void world_sleep(void* context, int64_t microseconds) {
    world* w = context;
    w->now += microseconds;
    ++w->slept;
}
static uint64_t world_random(void* context) {
    world* w = context;
    return w->random = w->random * 6364136223846793005U + 1442695040888963407U;
}

typedef struct outcome {
    jackpot_receipt receipts[20];
    jackpot_part parts[20][2];
    jackpot_pool pools[2];
    world after;
} outcome;

static void play(outcome* to, int64_t start) {
    world w = {0};
    jackpot_options options = {0};
    jackpot_network* n = NULL;
    uint64_t count = 0;
    int i;
    w.now = start;
    w.random = 7;
    options.struct_size = sizeof options;
    options.environment.context = &w;
    options.environment.now = world_now;
    options.environment.sleep = world_sleep;
    options.environment.random = world_random;
    GIVES(JACKPOT_OK, jackpot_create(&options, &n, NULL, 0));
    GIVES(JACKPOT_OK, open_seeded(n, "major", 100));
    GIVES(JACKPOT_OK, open_seeded(n, "minor", 10));
    memset(to, 0, sizeof *to);
    for (i = 0; i < 20; ++i) {
        const jackpot_contribute_request r = wager_of(100 + i, NULL);
        to->receipts[i].struct_size = sizeof to->receipts[i];
        to->receipts[i].parts = to->parts[i];
        to->receipts[i].part_capacity = 2;
        to->receipts[i].part_size = sizeof to->parts[i][0];
        GIVES(JACKPOT_OK, jackpot_contribute(n, &r, &to->receipts[i]));
        to->receipts[i].parts = NULL;
    }
    to->pools[0].struct_size = sizeof to->pools[0];
    GIVES(JACKPOT_OK, jackpot_pools(n, to->pools, 2, &count));
    jackpot_destroy(n);
    to->after = w;
}

static void test_environment(void) {
    static outcome first;
    static outcome second;
    play(&first, 1000000);
    play(&second, 1000000);
    CHECK(memcmp(&first, &second, sizeof first) == 0);
    CHECK(first.receipts[19].at == first.after.now && first.after.random != 7 && first.after.slept == 0);
    play(&second, 2000000);
    CHECK(memcmp(&first, &second, sizeof first) != 0);
}

static void test_history_limit(void) {
    jackpot_options options = {0};
    jackpot_network* n = NULL;
    uint64_t operations = 0;
    char key[16];
    int i;
    options.struct_size = sizeof options;
    options.history_limit = 10;
    options.reserve_journal = 1;
    GIVES(JACKPOT_OK, jackpot_create(&options, &n, NULL, 0));
    GIVES(JACKPOT_OK, open_seeded(n, "minor", 100));
    for (i = 0; i < 20000; ++i) {
        snprintf(key, sizeof key, "k%d", i);
        if (!GIVES(JACKPOT_OK, contribute(n, 50, key))) {
            break;
        }
    }
    GIVES(JACKPOT_OK, jackpot_audit(n, &operations));
    CHECK(operations >= 10 && operations < 10000);
    CHECK(pool_of(n, "minor").version == 20001);
    GIVES(JACKPOT_KEY_CONFLICT, contribute(n, 51, key));
    /* The history that kept this one is gone. */
    GIVES(JACKPOT_OK, contribute(n, 51, "k0"));
    jackpot_destroy(n);
}

static void test_sqlite(const char* folder) {
    char url[4096];
    char nowhere[4200];
    jackpot_options options = {0};
    jackpot_network* n = create(fresh_store(&url, folder, "interface"));
    jackpot_network* beside;
    const jackpot_contribute_request wager = wager_of(1000, "bet-1");
    jackpot_receipt receipt = {0};
    receipt.struct_size = sizeof receipt;
    GIVES(JACKPOT_OK, open_seeded(n, "minor", 100));
    GIVES(JACKPOT_OK, jackpot_contribute(n, &wager, &receipt));
    CHECK(receipt.sequence == 2 && !receipt.replayed);
    jackpot_destroy(n);

    n = create(url);
    beside = create(url);
    CHECK(pool_of(n, "minor").current == 120);
    GIVES(JACKPOT_OK, jackpot_contribute(n, &wager, &receipt));
    CHECK(receipt.sequence == 2 && receipt.replayed);
    GIVES(JACKPOT_OK, contribute(beside, 1000, NULL));
    GIVES(JACKPOT_OK, contribute(n, 1000, NULL));
    CHECK(pool_of(beside, "minor").current == 160);
    /* Each has lost the race by now, and tries again. */
    GIVES(JACKPOT_OK, contribute(beside, 1000, NULL));
    GIVES(JACKPOT_OK, contribute(n, 1000, NULL));
    CHECK(pool_of(beside, "minor").current == 200);
    GIVES(JACKPOT_OK, jackpot_seal(beside, 1));
    GIVES(JACKPOT_STORE_SEALED, contribute(n, 1000, NULL));
    jackpot_destroy(beside);
    jackpot_destroy(n);

    options.struct_size = sizeof options;
    options.store = nowhere;
    snprintf(nowhere, sizeof nowhere, "sqlite://%s/no/such/folder/pools.db", folder);
    refuse(&options, JACKPOT_UNAVAILABLE, "/no/such/folder/pools.db");
}

int main(int argc, char** argv) {
    test_last_error();
    test_null();
    test_limits_of_values();
    test_values_not_meant();
    test_wager();
    test_ensure();
    test_seal();
    test_environment();
    test_history_limit();
    if (argc > 1) {
        test_sqlite(argv[1]);
    } else {
        jackpot_options options = {0};
        options.struct_size = sizeof options;
        options.store = "sqlite://jackpots.db";
        refuse(&options, JACKPOT_UNSUPPORTED, "this build has no SQL stores");
    }
    printf("%d failures\n", failures);
    return failures != 0;
}
