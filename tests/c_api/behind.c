/* SPDX-License-Identifier: BSL-1.0 */
#define _POSIX_C_SOURCE 200809L /* popen, threads */
/* behind FOLDER: memory before a SQLite store in FOLDER. */
#include "check.h"

#include <pthread.h>
#include <time.h>

static int slept = 0;

static int64_t now(void* context) {
    return *(int64_t*)context += 1000;
}
static void sleep_counted(void* context, int64_t microseconds) {
    (void)context;
    (void)microseconds;
    ++slept;
}
static uint64_t random_number(void* context) {
    return (uint64_t) * (int64_t*)context * 6364136223846793005U;
}

static jackpot_network* create_before(const char* store, int32_t mode, uint64_t lag_limit) {
    static int64_t time = 1000000;
    jackpot_options options = {0};
    jackpot_network* n = NULL;
    options.struct_size = sizeof options;
    options.mode = mode;
    options.store = store;
    options.lag_limit = lag_limit;
    options.environment.context = &time;
    options.environment.now = now;
    options.environment.sleep = sleep_counted;
    options.environment.random = random_number;
    time += 1000000; /* so that no two writers share ids */
    GIVES(JACKPOT_OK, jackpot_create(&options, &n, NULL, 0));
    return n;
}

static uint64_t lag_of(jackpot_network* n) {
    jackpot_lag lag = {0};
    lag.struct_size = sizeof lag;
    GIVES(JACKPOT_OK, jackpot_lag_of(n, &lag));
    CHECK((lag.oldest_at != 0) == (lag.operations != 0));
    return lag.operations;
}

/* How many pools another program sees. */
static uint64_t seen(const char* store) {
    jackpot_network* n = create(store);
    uint64_t count = 99;
    GIVES(JACKPOT_OK, jackpot_pools(n, NULL, 0, &count));
    jackpot_destroy(n);
    return count;
}

static void test_behind(const char* store) {
    jackpot_network* n = create_before(store, JACKPOT_MODE_BEHIND, 4);
    uint64_t left = 99;
    CHECK(lag_of(n) == 0);
    GIVES(JACKPOT_OK, open_seeded(n, "a", 1));
    GIVES(JACKPOT_OK, open_seeded(n, "b", 1));
    GIVES(JACKPOT_OK, contribute(n, 1000, "bet-1"));
    CHECK(lag_of(n) == 3 && seen(store) == 0);
    GIVES(JACKPOT_OK, jackpot_pump(n, 1, &left));
    CHECK(left == 2 && lag_of(n) == 2 && seen(store) == 1);
    GIVES(JACKPOT_OK, jackpot_flush(n));
    CHECK(lag_of(n) == 0 && seen(store) == 2);

    GIVES(JACKPOT_OK, contribute(n, 1, NULL));
    GIVES(JACKPOT_OK, contribute(n, 2, NULL));
    GIVES(JACKPOT_OK, contribute(n, 3, NULL));
    GIVES(JACKPOT_OK, contribute(n, 4, NULL));
    GIVES(JACKPOT_OVERLOADED, contribute(n, 5, NULL));
    CHECK(slept == 0 && lag_of(n) == 4);
    GIVES(JACKPOT_OK, jackpot_pump(n, 2, NULL));
    CHECK(strcmp(last_error(n), "") == 0);
    GIVES(JACKPOT_OK, contribute(n, 5, NULL));
    CHECK(pool_of(n, "a").total_wagered == 1015);
    jackpot_destroy(n);

    /* What was not pumped is lost; a key that was pumped counts still. */
    n = create_before(store, JACKPOT_MODE_BEHIND, 0);
    CHECK(pool_of(n, "a").total_wagered == 1003);
    GIVES(JACKPOT_OK, contribute(n, 1000, "bet-1"));
    CHECK(pool_of(n, "a").total_wagered == 1003 && lag_of(n) == 0);
    jackpot_destroy(n);
}

static void test_through(const char* store) {
    jackpot_network* n = create_before(store, JACKPOT_MODE_THROUGH, 0);
    GIVES(JACKPOT_OK, open_seeded(n, "a", 1));
    CHECK(lag_of(n) == 0 && seen(store) == 1);
    jackpot_destroy(n);
}

/* A pump's failure, told to the thread that pumped. */
typedef struct pumped {
    jackpot_network* network;
    jackpot_status status;
    char said[600];
} pumped;

static void* pump_beside(void* context) {
    pumped* p = context;
    p->status = jackpot_pump(p->network, 0, NULL);
    jackpot_last_error(p->network, p->said, sizeof p->said);
    return NULL;
}

static void test_last_error(const char* store) {
    jackpot_network* n = create_before(store, JACKPOT_MODE_BEHIND, 0);
    jackpot_network* other;
    pumped beside = {0};
    pthread_t thread;
    GIVES(JACKPOT_OK, open_seeded(n, "a", 1));
    GIVES(JACKPOT_OK, jackpot_flush(n));
    other = create(store);
    GIVES(JACKPOT_OK, jackpot_seal(other, 1));
    GIVES(JACKPOT_OK, contribute(n, 1000, "bet-1"));
    GIVES(JACKPOT_UNKNOWN_POOL, jackpot_pool_games(n, "b", 0, NULL, 0, NULL));

    /* Beside the owner: its last error stays its own. */
    beside.network = n;
    CHECK(pthread_create(&thread, NULL, pump_beside, &beside) == 0);
    CHECK(pthread_join(thread, NULL) == 0);
    CHECK(beside.status == JACKPOT_STORE_SEALED && strstr(beside.said, "store_sealed") == beside.said);
    SAYS(n, "unknown_pool");

    GIVES(JACKPOT_STORE_SEALED, jackpot_pump(n, 0, NULL));
    SAYS(n, "store_sealed");
    CHECK(lag_of(n) == 1 && strcmp(last_error(n), "") == 0);
    GIVES(JACKPOT_STORE_SEALED, jackpot_flush(n));
    SAYS(n, "store_sealed");
    GIVES(JACKPOT_INVALID_OPERATION, jackpot_lag_of(n, NULL));
    SAYS(n, "invalid_operation");
    GIVES(JACKPOT_OK, jackpot_seal(other, 0));
    GIVES(JACKPOT_OK, jackpot_flush(n));
    CHECK(strcmp(last_error(n), "") == 0 && lag_of(n) == 0);
    jackpot_destroy(other);
    jackpot_destroy(n);
}

/* A file that another program holds locked: a pump waits for as long as the URL says. */
static void test_locked(const char* store, const char* folder) {
    char url[4200];
    char command[9000];
    jackpot_network* n;
    FILE* holder;
    int64_t waited;
    time_t before;
    uint64_t left = 99;
    snprintf(url, sizeof url, "%s?busy_timeout=50", store);
    n = create_before(url, JACKPOT_MODE_BEHIND, 0);
    GIVES(JACKPOT_OK, open_seeded(n, "a", 1));
    GIVES(JACKPOT_OK, jackpot_flush(n));
    GIVES(JACKPOT_OK, contribute(n, 1000, NULL));
    snprintf(command, sizeof command, "%s/held", folder);
    remove(command);
    snprintf(command, sizeof command, "sqlite3 '%s'", store + strlen("sqlite://"));
    holder = popen(command, "w");
    fprintf(holder, "BEGIN IMMEDIATE;\n.shell touch '%s/held'\n", folder);
    fflush(holder);
    snprintf(command, sizeof command, "while [ ! -e '%s/held' ]; do sleep 0.02; done", folder);
    CHECK(system(command) == 0);
    before = time(NULL);
    GIVES(JACKPOT_UNAVAILABLE, jackpot_pump(n, 0, &left));
    waited = time(NULL) - before;
    CHECK(waited <= 3 && left == 99 && lag_of(n) == 1);
    fprintf(holder, "ROLLBACK;\n");
    pclose(holder);
    GIVES(JACKPOT_OK, jackpot_pump(n, 0, &left));
    CHECK(left == 0);
    jackpot_destroy(n);
}

/* What a program does that is started again and again. */
static void test_second_start(const char* store) {
    jackpot_ensured e = JACKPOT_ENSURED_INIT;
    jackpot_open_request r = JACKPOT_OPEN_REQUEST_INIT;
    int start;
    r.pool = "a";
    for (start = 0; start < 2; ++start) {
        jackpot_network* n = create_before(store, JACKPOT_MODE_BEHIND, 0);
        GIVES(JACKPOT_OK, jackpot_ensure(n, &r, JACKPOT_KEEP, &e));
        CHECK(e.opened == (start == 0 ? 1U : 0U) && e.differs == 0);
        GIVES(JACKPOT_OK, jackpot_flush(n));
        jackpot_destroy(n);
    }
}

static void test_nothing_behind(void) {
    jackpot_network* n = create(NULL);
    uint64_t left = 99;
    GIVES(JACKPOT_OK, open_seeded(n, "a", 1));
    GIVES(JACKPOT_OK, jackpot_pump(n, 1, &left));
    CHECK(left == 0 && lag_of(n) == 0);
    GIVES(JACKPOT_OK, jackpot_flush(n));
    GIVES(JACKPOT_INVALID_OPERATION, jackpot_lag_of(n, NULL));
    jackpot_destroy(n);
    GIVES(JACKPOT_INVALID_OPERATION, jackpot_pump(NULL, 1, &left));
    GIVES(JACKPOT_INVALID_OPERATION, jackpot_flush(NULL));
    GIVES(JACKPOT_INVALID_OPERATION, jackpot_lag_of(NULL, NULL));
}

int main(int argc, char** argv) {
    char url[4096];
    if (argc != 2) {
        return 2;
    }
    test_nothing_behind();
    test_behind(fresh_store(&url, argv[1], "behind"));
    test_through(fresh_store(&url, argv[1], "through"));
    test_last_error(fresh_store(&url, argv[1], "sealed"));
    test_locked(fresh_store(&url, argv[1], "locked"), argv[1]);
    test_second_start(fresh_store(&url, argv[1], "started"));
    printf("%d failures\n", failures);
    return failures != 0;
}
