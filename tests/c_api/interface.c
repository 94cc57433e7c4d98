/* SPDX-License-Identifier: BSL-1.0 */
/* interface [FOLDER]: what the C interface adds to the library; with SQLite stores in FOLDER, where built in.
 */
#include "check.h"

static const char* last_error(const jackpot_network* n) {
    static char text[600];
    jackpot_last_error(n, text, sizeof text);
    return text;
}
#define SAYS(n, words) CHECK(strstr(last_error(n), (words)) != NULL)

static jackpot_status open_seeded(jackpot_network* n, const char* pool, int64_t seed) {
    jackpot_open_request r = {0};
    r.struct_size = sizeof r;
    r.pool = pool;
    r.configuration.fields = JACKPOT_HAS_SEED | JACKPOT_HAS_RATE;
    r.configuration.seed = seed;
    r.configuration.rate_ppb = 20000000;
    return jackpot_open(n, &r, NULL);
}

static jackpot_contribute_request wager_of(int64_t amount, const char* key) {
    jackpot_contribute_request r = {0};
    r.struct_size = sizeof r;
    r.game = "slots";
    r.wager = amount;
    r.key = key;
    return r;
}

static jackpot_status contribute(jackpot_network* n, int64_t amount, const char* key) {
    const jackpot_contribute_request r = wager_of(amount, key);
    return jackpot_contribute(n, &r, NULL);
}

static jackpot_pool pool_of(jackpot_network* n, const char* name) {
    jackpot_pool pool = {0};
    pool.struct_size = sizeof pool;
    GIVES(JACKPOT_OK, jackpot_pool_state(n, name, &pool));
    return pool;
}

static void test_facts(void) {
    jackpot_status s;
    CHECK(jackpot_abi_version() == JACKPOT_ABI_VERSION);
    CHECK(strcmp(jackpot_version(), JACKPOT_TESTS_VERSION) == 0);
    for (s = JACKPOT_OK; s <= JACKPOT_UNSUPPORTED; ++s) {
        const int again = s == JACKPOT_CONFLICT || s == JACKPOT_UNAVAILABLE || s == JACKPOT_OVERLOADED;
        CHECK(strcmp(jackpot_status_name(s), "unknown") != 0);
        CHECK(strlen(jackpot_status_meaning(s)) > 3);
        CHECK(jackpot_status_retryable(s) == again);
    }
    CHECK(strcmp(jackpot_status_name(JACKPOT_OK), "ok") == 0);
    CHECK(strcmp(jackpot_status_name(JACKPOT_EMPTY_CONFIGURATION), "empty_configuration") == 0);
    CHECK(strcmp(jackpot_status_name(JACKPOT_KEY_CONFLICT), "key_conflict") == 0);
    CHECK(strcmp(jackpot_status_name(JACKPOT_SCHEMA_MISMATCH), "schema_mismatch") == 0);
    CHECK(strcmp(jackpot_status_name(JACKPOT_UNSUPPORTED + 1), "unknown") == 0);
    CHECK(strcmp(jackpot_status_name(-1), "unknown") == 0);
    CHECK(strcmp(jackpot_status_name(256 + JACKPOT_POOL_EMPTY), "unknown") == 0);
    CHECK(jackpot_status_retryable(INT32_MIN) == 0);
}

/* Creating fails, and says why with these words. */
static void refuse(const jackpot_options* options, jackpot_status wanted, const char* words) {
    char message[600] = "?";
    jackpot_network* n = (jackpot_network*)message;
    GIVES(wanted, jackpot_create(options, &n, message, sizeof message));
    CHECK(n == NULL);
    if (!CHECK(strstr(message, words) != NULL)) {
        fprintf(stderr, "  %s, and not: %s\n", message, words);
    }
    CHECK(strncmp(message, jackpot_status_name(wanted), strlen(jackpot_status_name(wanted))) == 0);
}

static int64_t no_time(void* context) {
    (void)context;
    return 0;
}

static void test_create(void) {
    struct {
        jackpot_options known;
        uint64_t newer[4];
    } o = {0};
    jackpot_options* const options = &o.known;
    jackpot_network* n = NULL;
    char message[8];
    refuse(NULL, JACKPOT_INVALID_OPERATION, "NULL");
    refuse(options, JACKPOT_INVALID_OPERATION, "struct_size: 0");
    options->struct_size = sizeof *options - 8;
    refuse(options, JACKPOT_INVALID_OPERATION, "struct_size");
    options->struct_size = UINT32_MAX;
    refuse(options, JACKPOT_INVALID_OPERATION, "struct_size: 4294967295");

    options->struct_size = sizeof o;
    o.newer[3] = 1;
    refuse(options, JACKPOT_UNSUPPORTED, "fields that this version does not know");
    o.newer[3] = 0;
    GIVES(JACKPOT_OK, jackpot_create(options, &n, NULL, 100));
    jackpot_destroy(n);

    options->mode = 7;
    refuse(options, JACKPOT_INVALID_OPERATION, "mode: 7");
    options->mode = JACKPOT_MODE_BEHIND;
    refuse(options, JACKPOT_INVALID_OPERATION, "mode");
    options->mode = JACKPOT_MODE_DIRECT;
    options->environment.now = no_time;
    refuse(options, JACKPOT_INVALID_OPERATION, "environment: every function, or none");
    options->environment.now = NULL;
    options->reserve_pools = UINT64_MAX;
    refuse(options, JACKPOT_INVALID_OPERATION, "reserve_pools: more than 65536");
    options->reserve_pools = 1;
    options->reserve_journal = UINT64_MAX;
    refuse(options, JACKPOT_INVALID_OPERATION, "reserve_journal: more than 2147483648");
    options->reserve_journal = 1;
    options->reserve_keys = UINT64_MAX;
    refuse(options, JACKPOT_INVALID_OPERATION, "reserve_keys: more than 16777216");
    options->reserve_keys = 1;

    options->store = "";
    refuse(options, JACKPOT_UNSUPPORTED, "unsupported");
    options->store = "mongodb://me:secret@host/db";
    refuse(options, JACKPOT_UNSUPPORTED, "unsupported");
    GIVES(JACKPOT_UNSUPPORTED, jackpot_create(options, &n, message, sizeof message));
    CHECK(strcmp(message, "unsuppo") == 0);
    GIVES(JACKPOT_INVALID_OPERATION, jackpot_create(options, NULL, NULL, 0));
    jackpot_destroy(NULL);
}

/* A request's size and its unknown fields, of any operation: the compiler checks neither. */
#define CHECK_SIZES(Request, operation, fill)                              \
    do {                                                                   \
        struct {                                                           \
            Request known;                                                 \
            uint64_t newer;                                                \
        } r = {0};                                                         \
        fill;                                                              \
        GIVES(JACKPOT_INVALID_OPERATION, operation(n, NULL, NULL));        \
        GIVES(JACKPOT_INVALID_OPERATION, operation(n, &r.known, NULL));    \
        r.known.struct_size = sizeof r.known - 8;                          \
        GIVES(JACKPOT_INVALID_OPERATION, operation(n, &r.known, NULL));    \
        r.known.struct_size = 4104;                                        \
        GIVES(JACKPOT_INVALID_OPERATION, operation(n, &r.known, NULL));    \
        r.known.struct_size = sizeof r;                                    \
        r.newer = (uint64_t)1 << 63;                                       \
        GIVES(JACKPOT_UNSUPPORTED, operation(n, &r.known, NULL));          \
        r.newer = 0;                                                       \
        GIVES(JACKPOT_OK, operation(n, &r.known, NULL));                   \
        GIVES(JACKPOT_INVALID_OPERATION, operation(NULL, &r.known, NULL)); \
    } while (0)

static void test_sizes(void) {
    jackpot_network* n = create(NULL);
    CHECK_SIZES(jackpot_open_request, jackpot_open, r.known.pool = "minor");
    CHECK_SIZES(
        jackpot_configure_request, jackpot_configure,
        (r.known.pool = "minor", r.known.changes.fields = JACKPOT_HAS_RATE, r.known.changes.rate_ppb = 1000));
    CHECK_SIZES(jackpot_adjust_request, jackpot_adjust,
                (r.known.pool = "minor", r.known.delta = 5, r.known.actor = "a", r.known.reason = "r"));
    CHECK_SIZES(jackpot_contribute_request, jackpot_contribute, (r.known.game = "g", r.known.wager = 100));
    CHECK_SIZES(jackpot_win_request, jackpot_win,
                (r.known.pool = "minor", r.known.game = "g", r.known.player = "p"));
    CHECK_SIZES(jackpot_status_request, jackpot_suspend, r.known.pool = "minor");
    CHECK_SIZES(jackpot_status_request, jackpot_resume, r.known.pool = "minor");
    CHECK(pool_of(n, "minor").version == 7);
    jackpot_destroy(n);
}

static void test_unknown_fields(void) {
    jackpot_network* n = create(NULL);
    jackpot_open_request open = {0};
    jackpot_status_request suspend = {0};
    open.struct_size = sizeof open;
    open.pool = "minor";
    open.reserved = 1;
    GIVES(JACKPOT_UNSUPPORTED, jackpot_open(n, &open, NULL));
    open.reserved = 0;
    open.configuration.fields = 256;
    GIVES(JACKPOT_UNSUPPORTED, jackpot_open(n, &open, NULL));
    open.configuration.fields = 0;
    open.configuration.reserved = 1;
    GIVES(JACKPOT_UNSUPPORTED, jackpot_open(n, &open, NULL));
    open.configuration.reserved = 0;
    open.configuration.fields = JACKPOT_HAS_CAP | JACKPOT_HAS_NO_CAP;
    GIVES(JACKPOT_INVALID_OPERATION, jackpot_open(n, &open, NULL));
    SAYS(n, "fields: a cap, and no cap");
    suspend.struct_size = sizeof suspend;
    suspend.pool = "minor";
    suspend.reserved = 1;
    GIVES(JACKPOT_UNSUPPORTED, jackpot_suspend(n, &suspend, NULL));
    jackpot_destroy(n);
}

static void test_receipts(void) {
    jackpot_network* n = create(NULL);
    const jackpot_contribute_request wager = wager_of(1000, "k");
    jackpot_part parts[3] = {0};
    struct {
        jackpot_receipt known;
        uint64_t newer;
    } r = {0};
    jackpot_receipt* const receipt = &r.known;
    GIVES(JACKPOT_OK, open_seeded(n, "a", 1));
    GIVES(JACKPOT_OK, open_seeded(n, "b", 1));
    GIVES(JACKPOT_OK, open_seeded(n, "c", 1));

    GIVES(JACKPOT_INVALID_OPERATION, jackpot_contribute(n, &wager, receipt));
    receipt->struct_size = sizeof r;
    r.newer = 1;
    GIVES(JACKPOT_UNSUPPORTED, jackpot_contribute(n, &wager, receipt));
    CHECK(pool_of(n, "a").version == 1);
    r.newer = 0;

    GIVES(JACKPOT_OK, jackpot_contribute(n, &wager, receipt));
    CHECK(receipt->part_count == 3 && receipt->total == 60 && receipt->sequence == 4 && !receipt->replayed);
    receipt->parts = parts;
    receipt->part_capacity = 2;
    memset(&parts[2], 0x5A, sizeof parts[2]);
    GIVES(JACKPOT_OK, jackpot_contribute(n, &wager, receipt));
    CHECK(receipt->part_count == 3 && receipt->replayed == 1 && receipt->sequence == 4);
    CHECK(strcmp(parts[1].pool, "b") == 0 && parts[1].to_pool == 20 && parts[1].current == 21);
    CHECK(parts[2].pool[0] == 0x5A && parts[2].from_overflow == 0x5A5A5A5A5A5A5A5A);
    receipt->part_capacity = 3;
    GIVES(JACKPOT_OK, jackpot_contribute(n, &wager, receipt));
    CHECK(strcmp(parts[2].pool, "c") == 0 && parts[2].version == 2);
    CHECK(receipt->parts == parts && receipt->part_capacity == 3 && receipt->struct_size == sizeof r);
    CHECK(pool_of(n, "a").version == 2);
    GIVES(JACKPOT_KEY_CONFLICT, contribute(n, 1001, "k"));
    SAYS(n, "(key: k)");
    jackpot_destroy(n);
}

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
    open.configuration.fields = JACKPOT_HAS_ON_CAP;
    open.configuration.on_cap = INT32_MIN;
    GIVES(JACKPOT_INVALID_ON_CAP, jackpot_open(n, &open, NULL));
    open.configuration.fields = JACKPOT_HAS_RATE;
    open.configuration.rate_ppb = 1000000001;
    GIVES(JACKPOT_INVALID_RATE, jackpot_open(n, &open, NULL));
    open.configuration.fields = JACKPOT_HAS_CAP;
    open.configuration.cap = INT64_MIN;
    GIVES(JACKPOT_INVALID_CAP, jackpot_open(n, &open, NULL));
    /* What `fields` does not name does not count. */
    open.configuration.fields = 0;
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

static void test_lists(void) {
    jackpot_network* n = create(NULL);
    const char* games[] = {"roulette", "slots", "roulette"};
    char names[2][JACKPOT_NAME_SIZE] = {"", "?"};
    jackpot_configure_request configure = {0};
    jackpot_statistics sums = {0};
    struct {
        jackpot_pool known;
        uint64_t newer;
    } pools[3] = {0};
    uint64_t count = 99;
    GIVES(JACKPOT_OK, jackpot_pools(n, &pools[0].known, 3, &count));
    CHECK(count == 0);
    GIVES(JACKPOT_OK, open_seeded(n, "minor", 100));
    GIVES(JACKPOT_OK, open_seeded(n, "MINOR", 30));
    GIVES(JACKPOT_OK, open_seeded(n, "mega", 5));

    count = 99;
    GIVES(JACKPOT_INVALID_OPERATION, jackpot_pools(n, &pools[0].known, 3, &count));
    pools[0].known.struct_size = sizeof pools[0] + 1;
    GIVES(JACKPOT_INVALID_OPERATION, jackpot_pools(n, &pools[0].known, 3, &count));
    CHECK(count == 99);
    pools[0].known.struct_size = sizeof pools[0];
    pools[1].newer = 7;
    GIVES(JACKPOT_OK, jackpot_pools(n, &pools[0].known, 2, &count));
    CHECK(count == 3 && strcmp(pools[0].known.pool, "MINOR") == 0 &&
          strcmp(pools[1].known.pool, "mega") == 0);
    CHECK(pools[1].known.struct_size == sizeof pools[1] && pools[1].newer == 7);
    CHECK(pools[2].known.struct_size == 0 && pools[2].known.current == 0);
    GIVES(JACKPOT_OK, jackpot_pools(n, &pools[0].known, 3, &count));
    CHECK(pools[2].known.current == 100 && pools[2].known.configuration.rate_ppb == 20000000);

    configure.struct_size = sizeof configure;
    configure.pool = "minor";
    configure.when = JACKPOT_WHEN_AFTER_WIN;
    configure.changes.fields = JACKPOT_HAS_GAMES;
    configure.changes.games = games;
    configure.changes.game_count = 3;
    GIVES(JACKPOT_OK, jackpot_configure(n, &configure, NULL));
    GIVES(JACKPOT_OK, jackpot_pool_games(n, "minor", 0, names, 2, &count));
    CHECK(count == 0);
    GIVES(JACKPOT_OK, jackpot_pool_games(n, "minor", 1, names, 1, &count));
    CHECK(count == 2 && strcmp(names[0], "roulette") == 0 && strcmp(names[1], "?") == 0);
    CHECK(pool_of(n, "minor").pending.fields == JACKPOT_HAS_GAMES &&
          pool_of(n, "minor").pending.game_count == 2);

    sums.struct_size = sizeof sums;
    GIVES(JACKPOT_OK, jackpot_statistics_of(n, &sums));
    CHECK(sums.pools == 3 && sums.current == 135 && sums.funded == 135 && sums.win_count == 0);
    GIVES(JACKPOT_OK, open_seeded(n, "huge", INT64_MAX));
    GIVES(JACKPOT_AMOUNT_OVERFLOW, jackpot_statistics_of(n, &sums));
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
    test_facts();
    test_create();
    test_sizes();
    test_unknown_fields();
    test_receipts();
    test_last_error();
    test_null();
    test_limits_of_values();
    test_lists();
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
