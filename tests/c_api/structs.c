/* SPDX-License-Identifier: BSL-1.0 */
/* What the header fixes: numbers, the sizes of structs, and whose room is filled how far. */
#include "check.h"

static void test_facts(void) {
    jackpot_status s;
    CHECK(jackpot_abi_version() == JACKPOT_ABI_VERSION);
    CHECK(strcmp(jackpot_version(), JACKPOT_TESTS_VERSION) == 0);
    for (s = JACKPOT_OK; s <= JACKPOT_UNKNOWN_WAGER; ++s) {
        const int again = s == JACKPOT_CONFLICT || s == JACKPOT_UNAVAILABLE || s == JACKPOT_OVERLOADED ||
                          s == JACKPOT_CANCELLED;
        CHECK(strcmp(jackpot_status_name(s), "unknown") != 0);
        CHECK(strlen(jackpot_status_meaning(s)) > 3);
        CHECK(jackpot_status_retryable(s) == again);
    }
    CHECK(strcmp(jackpot_status_name(JACKPOT_OK), "ok") == 0);
    CHECK(strcmp(jackpot_status_name(JACKPOT_EMPTY_CONFIGURATION), "empty_configuration") == 0);
    CHECK(strcmp(jackpot_status_name(JACKPOT_KEY_CONFLICT), "key_conflict") == 0);
    CHECK(strcmp(jackpot_status_name(JACKPOT_SCHEMA_MISMATCH), "schema_mismatch") == 0);
    CHECK(strcmp(jackpot_status_name(JACKPOT_UNKNOWN_WAGER), "unknown_wager") == 0);
    CHECK(strcmp(jackpot_status_name(JACKPOT_UNKNOWN_WAGER + 1), "unknown") == 0);
    CHECK(strcmp(jackpot_status_name(-1), "unknown") == 0);
    CHECK(strcmp(jackpot_status_name(256 + JACKPOT_POOL_EMPTY), "unknown") == 0);
    CHECK(jackpot_status_retryable(INT32_MIN) == 0);
}

static int64_t no_time(void* context) {
    (void)context;
    return 0;
}

static void no_sleep(void* context, int64_t microseconds) {
    (void)context;
    (void)microseconds;
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
    options->environment.sleep = no_sleep;
    refuse(options, JACKPOT_INVALID_OPERATION, "environment: every function, or none");
    options->environment.now = NULL;
    options->environment.sleep = NULL;
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

static void adjust(jackpot_network* n, const char* pool, int64_t delta) {
    jackpot_adjust_request r = JACKPOT_ADJUST_REQUEST_INIT;
    r.pool = pool;
    r.delta = delta;
    r.actor = "a";
    r.reason = "r";
    GIVES(JACKPOT_OK, jackpot_adjust(n, &r, NULL));
}

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
    CHECK_SIZES(jackpot_hold_request, jackpot_hold,
                (r.known.pool = "minor", r.known.game = "g", r.known.player = "p", r.known.hold = "h",
                 r.known.has_amount = 1, r.known.amount = 1, adjust(n, "minor", 100)));
    CHECK_SIZES(jackpot_settle_request, jackpot_confirm,
                (r.known.pool = "minor", r.known.hold = "h", r.known.actor = "a"));
    GIVES(JACKPOT_OK, hold(n, "minor", "i", 2));
    CHECK_SIZES(jackpot_settle_request, jackpot_release,
                (r.known.pool = "minor", r.known.hold = "i", r.known.actor = "a", r.known.reason = "r"));
    GIVES(JACKPOT_OK, contribute(n, 1000, "k"));
    CHECK_SIZES(jackpot_revert_request, jackpot_revert,
                (r.known.reverts = "k", r.known.actor = "a", r.known.reason = "r"));
    GIVES(JACKPOT_OK, open_seeded(n, "mega", 1));
    GIVES(JACKPOT_OK, suspend(n, "minor"));
    CHECK_SIZES(jackpot_transfer_request, jackpot_transfer,
                (r.known.from = "minor", r.known.to = "mega", r.known.amount = 1, r.known.actor = "a",
                 r.known.reason = "r"));
    CHECK_SIZES(jackpot_close_request, jackpot_close_pool,
                (r.known.pool = "minor", r.known.to = "mega", r.known.actor = "a", r.known.reason = "r"));
    CHECK(pool_of(n, "minor").status == JACKPOT_CLOSED && pool_of(n, "mega").transferred > 1);
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
    open.configuration.fields = 2 * JACKPOT_HAS_CHANGES;
    GIVES(JACKPOT_UNSUPPORTED, jackpot_open(n, &open, NULL));
    open.configuration.fields = 0;
    open.configuration.reserved = 1;
    GIVES(JACKPOT_UNSUPPORTED, jackpot_open(n, &open, NULL));
    open.configuration.reserved = 0;
    open.configuration.spare[7] = 1;
    GIVES(JACKPOT_UNSUPPORTED, jackpot_open(n, &open, NULL));
    open.configuration.spare[7] = 0;
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
    GIVES(JACKPOT_INVALID_OPERATION, jackpot_contribute(n, &wager, receipt));
    SAYS(n, "part_size: 0");
    receipt->part_size = sizeof parts[0] - 8;
    GIVES(JACKPOT_INVALID_OPERATION, jackpot_contribute(n, &wager, receipt));
    receipt->part_size = sizeof parts[0];
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

/* A program that was made for larger parts: each goes where it looks for it, and nothing else is touched. */
static void test_larger_parts(void) {
    jackpot_network* n = create(NULL);
    const jackpot_contribute_request wager = wager_of(1000, "k");
    struct {
        jackpot_part known;
        int64_t newer;
    } parts[3] = {0};
    jackpot_receipt receipt = JACKPOT_RECEIPT_INIT;
    GIVES(JACKPOT_OK, open_seeded(n, "a", 1));
    GIVES(JACKPOT_OK, open_seeded(n, "b", 2));
    receipt.parts = &parts[0].known;
    receipt.part_capacity = 3;
    receipt.part_size = sizeof parts[0];
    parts[0].newer = 7;
    GIVES(JACKPOT_OK, jackpot_contribute(n, &wager, &receipt));
    CHECK(strcmp(parts[0].known.pool, "a") == 0 && parts[0].newer == 7);
    CHECK(strcmp(parts[1].known.pool, "b") == 0 && parts[1].known.current == 22 && parts[1].newer == 0);
    CHECK(JACKPOT_PART(&receipt, 1) == &parts[1].known && parts[2].known.version == 0);
    receipt.part_size = 4104;
    GIVES(JACKPOT_INVALID_OPERATION, jackpot_contribute(n, &wager, &receipt));
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

int main(void) {
    test_facts();
    test_create();
    test_sizes();
    test_unknown_fields();
    test_receipts();
    test_larger_parts();
    test_lists();
    printf("%d failures\n", failures);
    return failures != 0;
}
