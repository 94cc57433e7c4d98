/* SPDX-License-Identifier: BSL-1.0 */
/* history: operations are read from the journal as they were asked for and answered, by each filter, oldest
 * and newest first. */
#include "check.h"

/* What was read: sequences apart by spaces, and the last operation. */
typedef struct book {
    char sequences[200];
    jackpot_request request;
    jackpot_configuration configuration;
    jackpot_part part;
    jackpot_network* network;
} book;

static void note(void* user, const jackpot_request* request, const jackpot_receipt* receipt) {
    book* b = user;
    const size_t length = strlen(b->sequences);
    snprintf(b->sequences + length, sizeof b->sequences - length, "%s%d", length == 0 ? "" : " ",
             (int)receipt->sequence);
    b->request = *request;
    if (request->configuration != NULL) {
        b->configuration = *request->configuration;
    }
    CHECK(receipt->struct_size == sizeof *receipt && receipt->part_size == sizeof(jackpot_part));
    CHECK(receipt->part_count >= 1 && receipt->part_capacity >= receipt->part_count && !receipt->replayed);
    b->part = receipt->parts[receipt->part_count - 1];
    GIVES(JACKPOT_OK, jackpot_statistics_of(b->network, &(jackpot_statistics)JACKPOT_STATISTICS_INIT));
}

static int64_t minutes(void* context) {
    return *(int64_t*)context += 60;
}

static void no_sleep(void* context, int64_t microseconds) {
    (void)context;
    (void)microseconds;
}

static uint64_t constant(void* context) {
    (void)context;
    return 7;
}

static void wager(jackpot_network* n, const char* game, const char* player, const char* round,
                  const char* site) {
    jackpot_contribute_request r = JACKPOT_CONTRIBUTE_REQUEST_INIT;
    r.game = game;
    r.player = player;
    r.round = round;
    r.site = site;
    r.wager = 1000;
    GIVES(JACKPOT_OK, jackpot_contribute(n, &r, NULL));
}

/* Its operations: 1 opens a, 2 opens b, 3 to 6 are wagers, 7 configures b, 8 is a win of a, 9 suspends it. */
static jackpot_network* played(void) {
    static int64_t now;
    jackpot_options options = JACKPOT_OPTIONS_INIT;
    jackpot_open_request open = JACKPOT_OPEN_REQUEST_INIT;
    jackpot_configure_request configure = JACKPOT_CONFIGURE_REQUEST_INIT;
    jackpot_win_request win = JACKPOT_WIN_REQUEST_INIT;
    jackpot_status_request suspend = JACKPOT_STATUS_REQUEST_INIT;
    jackpot_network* n = NULL;
    static const char* const games[] = {"slots", "dice"};
    now = 0;
    options.environment.context = &now;
    options.environment.now = minutes;
    options.environment.sleep = no_sleep;
    options.environment.random = constant;
    GIVES(JACKPOT_OK, jackpot_create(&options, &n, NULL, 0));
    GIVES(JACKPOT_OK, open_seeded(n, "a", 100));
    open.pool = "b";
    open.configuration.fields =
        JACKPOT_HAS_RATE | JACKPOT_HAS_GAMES | JACKPOT_HAS_RESERVE_CAP | JACKPOT_HAS_SEED_RATE;
    open.configuration.rate_ppb = 10000000;
    open.configuration.seed_rate_ppb = 5000000;
    open.configuration.reserve_cap = 50;
    open.configuration.games = games;
    open.configuration.game_count = 2;
    open.actor = "ann";
    open.reason = "new";
    GIVES(JACKPOT_OK, jackpot_open(n, &open, NULL));
    wager(n, "slots", "zoe", "r1", "north");
    wager(n, "slots", "bob", "r2", "north");
    wager(n, "dice", "zoe", "r3", "south");
    wager(n, "wheel", NULL, NULL, NULL);
    configure.key = "c";
    configure.pool = "b";
    configure.when = JACKPOT_WHEN_AFTER_WIN;
    configure.changes.fields = JACKPOT_HAS_NO_RESERVE_CAP | JACKPOT_HAS_SEED_FROM;
    configure.changes.seed_from = JACKPOT_SEED_FROM_OVERFLOW;
    GIVES(JACKPOT_OK, jackpot_configure(n, &configure, NULL));
    win.pool = "a";
    win.game = "slots";
    win.player = "bob";
    win.round = "r2";
    win.site = "south";
    win.has_amount = 1;
    win.amount = 30;
    GIVES(JACKPOT_OK, jackpot_win(n, &win, NULL));
    suspend.pool = "a";
    suspend.reason = "night";
    GIVES(JACKPOT_OK, jackpot_suspend(n, &suspend, NULL));
    return n;
}

#define READS(wanted, query)                                                      \
    do {                                                                          \
        memset(&b, 0, sizeof b);                                                  \
        b.network = n;                                                            \
        GIVES(JACKPOT_OK, jackpot_history(n, (query), note, &b));                 \
        if (!CHECK(strcmp(b.sequences, (wanted)) == 0)) {                         \
            fprintf(stderr, "  wanted %s\n  got    %s\n", (wanted), b.sequences); \
        }                                                                         \
    } while (0)

static void test_filters(jackpot_network* n) {
    static book b;
    const jackpot_history_query all = JACKPOT_HISTORY_QUERY_INIT;
    jackpot_history_query q = all;
    READS("1 2 3 4 5 6 7 8 9", &q);
    q.limit = 3;
    READS("1 2 3", &q);
    q.after = 3;
    READS("4 5 6", &q);
    q.before = 6;
    READS("4 5", &q);
    q = all;
    q.newest_first = 1;
    q.limit = 2;
    READS("9 8", &q);
    q.before = 8;
    READS("7 6", &q);
    q = all;
    q.pool = "b";
    READS("2 3 4 5 7", &q);
    q.player = "zoe";
    READS("3 5", &q);
    q = all;
    q.game = "slots";
    READS("3 4 8", &q);
    q.site = "south";
    READS("8", &q);
    q = all;
    q.round = "r2";
    READS("4 8", &q);
    q.fields = JACKPOT_QUERY_KIND;
    q.kind = JACKPOT_KIND_WIN;
    READS("8", &q);
    q = all;
    q.fields = JACKPOT_QUERY_FROM;
    q.from = 180;
    READS("3 4 5 6 7 8 9", &q);
    q.fields |= JACKPOT_QUERY_TO;
    q.to = 240;
    READS("3 4", &q);
    q = all;
    q.player = "nobody";
    READS("", &q);
}

static void test_requests(jackpot_network* n) {
    static book b;
    jackpot_history_query q = JACKPOT_HISTORY_QUERY_INIT;
    q.limit = 1;
    q.after = 1;
    READS("2", &q);
    CHECK(b.request.kind == JACKPOT_KIND_OPEN && strcmp(b.request.pool, "b") == 0);
    CHECK(strcmp(b.request.actor, "ann") == 0 && strcmp(b.request.reason, "new") == 0);
    CHECK((b.configuration.fields & JACKPOT_HAS_NO_MAX_WAGER) != 0 && b.configuration.reserve_cap == 50);
    CHECK(b.configuration.seed_rate_ppb == 5000000 && b.configuration.game_count == 2);
    q.after = 2;
    READS("3", &q);
    CHECK(b.request.kind == JACKPOT_KIND_CONTRIBUTE && b.request.amount == 1000 && b.request.key == NULL);
    CHECK(strcmp(b.request.round, "r1") == 0 && strcmp(b.request.site, "north") == 0);
    CHECK(strcmp(b.request.player, "zoe") == 0 && b.request.configuration == NULL);
    CHECK(b.part.to_pool == 10 && b.part.to_reserve == 5 && b.part.reserve == 5 && b.part.current == 10);
    q.after = 5;
    READS("6", &q);
    CHECK(b.request.player == NULL && b.request.round == NULL && b.request.site == NULL);
    q.after = 6;
    READS("7", &q);
    CHECK(b.request.kind == JACKPOT_KIND_CONFIGURE && b.request.when == JACKPOT_WHEN_AFTER_WIN);
    CHECK(b.configuration.fields == (JACKPOT_HAS_NO_RESERVE_CAP | JACKPOT_HAS_SEED_FROM) &&
          b.configuration.seed_from == JACKPOT_SEED_FROM_OVERFLOW && strcmp(b.request.key, "c") == 0);
    q.after = 7;
    READS("8", &q);
    CHECK(b.request.has_amount == 1 && b.request.amount == 30 && b.part.paid == 30);
    CHECK(strcmp(b.request.site, "south") == 0);
    q.after = 8;
    READS("9", &q);
    CHECK(b.request.actor == NULL && strcmp(b.request.reason, "night") == 0);
}

static void test_wrong_queries(jackpot_network* n) {
    static book b;
    jackpot_history_query q = JACKPOT_HISTORY_QUERY_INIT;
    GIVES(JACKPOT_INVALID_OPERATION, jackpot_history(n, NULL, note, &b));
    GIVES(JACKPOT_INVALID_OPERATION, jackpot_history(n, &q, NULL, &b));
    SAYS(n, "read: NULL");
    GIVES(JACKPOT_INVALID_OPERATION, jackpot_history(NULL, &q, note, &b));
    q.fields = 8;
    GIVES(JACKPOT_UNSUPPORTED, jackpot_history(n, &q, note, &b));
    q.fields = 0;
    q.from = 1;
    GIVES(JACKPOT_INVALID_OPERATION, jackpot_history(n, &q, note, &b));
    q.from = 0;
    q.kind = JACKPOT_KIND_WIN;
    GIVES(JACKPOT_INVALID_OPERATION, jackpot_history(n, &q, note, &b));
    q.fields = JACKPOT_QUERY_KIND;
    q.kind = 99;
    GIVES(JACKPOT_INVALID_OPERATION, jackpot_history(n, &q, note, &b));
    SAYS(n, "kind: 99");
    q.kind = JACKPOT_KIND_REVERT;
    q.site = "";
    GIVES(JACKPOT_INVALID_SITE, jackpot_history(n, &q, note, &b));
    q.site = NULL;
    q.round = "a\nb";
    GIVES(JACKPOT_INVALID_ROUND, jackpot_history(n, &q, note, &b));
    CHECK(b.sequences[0] == '\0');
}

int main(void) {
    jackpot_network* n = played();
    test_filters(n);
    test_requests(n);
    test_wrong_queries(n);
    jackpot_destroy(n);
    printf("%d failures\n", failures);
    return failures != 0;
}
