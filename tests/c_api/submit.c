/* SPDX-License-Identifier: BSL-1.0 */
/* submit: requests that wait for a commit: whose answers they get, in which order, and each once. */
#include "check.h"

#include <pthread.h>
#include <stddef.h>

enum { parts_most = 4 };

/* What became of one request. */
typedef struct asked {
    int answers;
    jackpot_status status;
    jackpot_receipt receipt;
    jackpot_part parts[parts_most];
    char why[200];
    int place; /* among all that are answered */
    uint64_t ticket;
    int32_t first;
} asked;

static int answered_so_far;

static void note(void* user, jackpot_status status, const jackpot_receipt* receipt, const char* why) {
    asked* a = user;
    ++a->answers;
    a->status = status;
    a->place = answered_so_far++;
    strncpy(a->why, why, sizeof a->why - 1);
    CHECK((receipt != NULL) == (status == JACKPOT_OK));
    if (receipt != NULL) {
        a->receipt = *receipt;
        CHECK(receipt->part_count <= parts_most && receipt->part_capacity >= receipt->part_count);
        memcpy(a->parts, receipt->parts, (size_t)receipt->part_count * sizeof *a->parts);
    }
}

/* A submission of `a`, which is forgotten as soon as the call returns. */
#define SUBMIT(verb, n, request, a) submitted(jackpot_submit_##verb(n, request, to(a)), a)
static jackpot_submission submission;

static jackpot_submission* to(asked* a) {
    const jackpot_submission fresh = JACKPOT_SUBMISSION_INIT;
    submission = fresh;
    submission.answered = note;
    submission.user = a;
    return &submission;
}

static jackpot_status submitted(jackpot_status status, asked* a) {
    a->ticket = submission.ticket;
    a->first = submission.first;
    memset(&submission, 0x5A, sizeof submission);
    return status;
}

static int32_t commit(jackpot_network* n) {
    int32_t more = 77;
    GIVES(JACKPOT_OK, jackpot_commit(n, &more));
    return more;
}

static int64_t tick(void* context) {
    return *(int64_t*)context += 1000;
}

static void no_sleep(void* context, int64_t microseconds) {
    (void)context;
    (void)microseconds;
}

static uint64_t constant(void* context) {
    (void)context;
    return 7;
}

/* Two of them answer alike. */
static jackpot_network* create_with_clock(int64_t* clock) {
    jackpot_options options = JACKPOT_OPTIONS_INIT;
    jackpot_network* n = NULL;
    options.environment.context = clock;
    options.environment.now = tick;
    options.environment.sleep = no_sleep;
    options.environment.random = constant;
    GIVES(JACKPOT_OK, jackpot_create(&options, &n, NULL, 0));
    return n;
}

static void check_equal(const asked* later, jackpot_status status, const jackpot_receipt* at_once,
                        const jackpot_part* parts) {
    uint64_t i;
    CHECK(later->answers == 1 && later->status == status);
    if (status == JACKPOT_OK) {
        CHECK(later->receipt.replayed == at_once->replayed && later->receipt.sequence == at_once->sequence);
        CHECK(later->receipt.at == at_once->at && later->receipt.total == at_once->total);
        CHECK(later->receipt.part_count == at_once->part_count);
        for (i = 0; i < at_once->part_count; ++i) {
            CHECK(strcmp(later->parts[i].pool, parts[i].pool) == 0);
            CHECK(memcmp(&later->parts[i].version, &parts[i].version,
                         sizeof parts[i] - offsetof(jackpot_part, version)) == 0);
        }
    }
}

/* Each kind, refused and not: the receipts and errors of the calls that wait. */
static void test_equal(void) {
    int64_t clocks[2] = {0, 0};
    jackpot_network* now = create_with_clock(&clocks[0]);
    jackpot_network* later = create_with_clock(&clocks[1]);
    static const char* const pools[] = {"b"};
    jackpot_open_request open = JACKPOT_OPEN_REQUEST_INIT;
    jackpot_contribute_request wager = wager_of(1000, "k");
    jackpot_win_request win = JACKPOT_WIN_REQUEST_INIT;
    jackpot_configure_request configure = JACKPOT_CONFIGURE_REQUEST_INIT;
    jackpot_adjust_request adjust = JACKPOT_ADJUST_REQUEST_INIT;
    jackpot_status_request status = JACKPOT_STATUS_REQUEST_INIT;
#define BOTH(verb, request)                                                              \
    do {                                                                                 \
        asked a = {0};                                                                   \
        jackpot_part parts[parts_most];                                                  \
        jackpot_receipt r = JACKPOT_RECEIPT_INIT;                                        \
        jackpot_status s;                                                                \
        r.parts = parts;                                                                 \
        r.part_capacity = parts_most;                                                    \
        s = jackpot_##verb(now, request, &r);                                            \
        GIVES(JACKPOT_OK, SUBMIT(verb, later, request, &a));                             \
        CHECK(a.first == 1 && jackpot_waiting(later) == 1 && a.answers == 0);            \
        CHECK(commit(later) == 0);                                                       \
        CHECK(jackpot_waiting(later) == 0);                                              \
        check_equal(&a, s, &r, parts);                                                   \
        CHECK(s == JACKPOT_OK ? a.why[0] == '\0' : strcmp(a.why, last_error(now)) == 0); \
    } while (0)
    open.pool = "a";
    open.configuration.fields = JACKPOT_HAS_SEED | JACKPOT_HAS_RATE;
    open.configuration.seed = 100;
    open.configuration.rate_ppb = 20000000;
    BOTH(open, &open);
    BOTH(open, &open);
    open.pool = "b";
    BOTH(open, &open);
    BOTH(contribute, &wager);
    BOTH(contribute, &wager);
    wager.key = NULL;
    wager.has_pools = 1;
    wager.pools = pools;
    wager.pool_count = 1;
    BOTH(contribute, &wager);
    wager.pool_count = 0;
    BOTH(contribute, &wager);
    wager.wager = -1;
    BOTH(contribute, &wager);
    configure.pool = "a";
    configure.changes.fields = JACKPOT_HAS_CAP;
    configure.changes.cap = 500;
    BOTH(configure, &configure);
    adjust.pool = "a";
    adjust.delta = 7;
    adjust.actor = "me";
    adjust.reason = "r";
    BOTH(adjust, &adjust);
    status.pool = "a";
    BOTH(suspend, &status);
    BOTH(suspend, &status);
    BOTH(resume, &status);
    win.pool = "a";
    win.game = "g";
    win.player = "ann";
    BOTH(win, &win);
    win.pool = NULL;
    BOTH(win, &win);
    CHECK(pool_of(now, "a").current == pool_of(later, "a").current);
    jackpot_destroy(now);
    jackpot_destroy(later);
}

static void test_order(void) {
    enum { count = 300 };
    static asked all[count];
    jackpot_network* n = create(NULL);
    const jackpot_contribute_request wager = wager_of(100, NULL);
    int i;
    memset(all, 0, sizeof all);
    GIVES(JACKPOT_OK, open_seeded(n, "a", 1));
    GIVES(JACKPOT_OK, jackpot_reserve(n, count));
    answered_so_far = 0;
    for (i = 0; i < count; ++i) {
        GIVES(JACKPOT_OK, SUBMIT(contribute, n, &wager, &all[i]));
        CHECK(all[i].first == (i == 0));
    }
    CHECK(pool_of(n, "a").version == 1 && answered_so_far == 0);
    CHECK(commit(n) == 1);
    CHECK(answered_so_far == 256 && jackpot_waiting(n) == count - 256);
    CHECK(commit(n) == 0);
    for (i = 0; i < count; ++i) {
        CHECK(all[i].answers == 1 && all[i].place == i && all[i].receipt.sequence == (uint64_t)i + 2);
    }
    CHECK(commit(n) == 0 && jackpot_waiting(n) == 0);
    GIVES(JACKPOT_OK, SUBMIT(contribute, n, &wager, &all[0]));
    CHECK(all[0].first == 1);
    GIVES(JACKPOT_OK, jackpot_commit(n, NULL));
    CHECK(all[0].answers == 2);
    jackpot_destroy(n);
}

static void test_cancel_and_close(void) {
    jackpot_network* n = create(NULL);
    const jackpot_contribute_request wager = wager_of(100, NULL);
    asked all[5];
    int i;
    memset(all, 0, sizeof all);
    GIVES(JACKPOT_OK, open_seeded(n, "a", 1));
    for (i = 0; i < 3; ++i) {
        GIVES(JACKPOT_OK, SUBMIT(contribute, n, &wager, &all[i]));
    }
    CHECK(jackpot_cancel(n, all[1].ticket) == 1);
    CHECK(jackpot_cancel(n, all[1].ticket) == 0);
    CHECK(jackpot_waiting(n) == 2);
    GIVES(JACKPOT_OK, SUBMIT(contribute, n, &wager, &all[3])); /* in the node of the one taken back */
    CHECK(jackpot_cancel(n, all[1].ticket) == 0);
    CHECK(commit(n) == 0);
    CHECK(all[0].answers == 1 && all[1].answers == 0 && all[2].answers == 1 && all[3].answers == 1);
    CHECK(jackpot_cancel(n, all[0].ticket) == 0);
    CHECK(jackpot_cancel(n, UINT64_MAX) == 0 && jackpot_cancel(NULL, 0) == 0);

    GIVES(JACKPOT_OK, SUBMIT(contribute, n, &wager, &all[0]));
    CHECK(jackpot_cancel(n, all[0].ticket) == 1);
    GIVES(JACKPOT_OK, SUBMIT(contribute, n, &wager, &all[1]));
    CHECK(all[1].first == 0); /* somebody was told, and pumps in vain otherwise */
    jackpot_close(n);
    GIVES(JACKPOT_CANCELLED, SUBMIT(contribute, n, &wager, &all[4]));
    SAYS(n, "cancelled");
    CHECK(commit(n) == 0);
    CHECK(all[0].answers == 1 && all[1].answers == 1 && all[4].answers == 0);
    CHECK(pool_of(n, "a").version == 5);
    jackpot_close(NULL);
    CHECK(jackpot_waiting(NULL) == 0);
    jackpot_destroy(n);
}

static void test_overloaded_and_destroyed(void) {
    enum { most = 65536 };
    jackpot_network* n = create(NULL);
    const jackpot_contribute_request wager = wager_of(100, NULL);
    asked* all = calloc(most + 1, sizeof *all);
    int i;
    int wrong = 0;
    GIVES(JACKPOT_OK, open_seeded(n, "a", 1));
    for (i = 0; i < most; ++i) {
        wrong += jackpot_submit_contribute(n, &wager, to(&all[i])) != JACKPOT_OK;
    }
    CHECK(wrong == 0);
    GIVES(JACKPOT_OVERLOADED, SUBMIT(contribute, n, &wager, &all[most]));
    CHECK(jackpot_waiting(n) == most);
    jackpot_destroy(n);
    for (i = 0; i < most; ++i) {
        wrong += all[i].answers != 1 || all[i].status != JACKPOT_CANCELLED;
    }
    CHECK(wrong == 0 && all[most].answers == 0);
    free(all);
}

/* What a function that is called with an answer may do. */
typedef struct follower {
    jackpot_network* network;
    asked next;
    int answers;
} follower;

static void follow(void* user, jackpot_status status, const jackpot_receipt* receipt, const char* why) {
    follower* f = user;
    const jackpot_contribute_request wager = wager_of(100, NULL);
    char pool[JACKPOT_NAME_SIZE];
    (void)why;
    CHECK(status == JACKPOT_OK);
    memcpy(pool, receipt->parts[0].pool, sizeof pool);
    ++f->answers;
    GIVES(JACKPOT_INVALID_OPERATION, jackpot_commit(f->network, NULL));
    SAYS(f->network, "jackpot_commit");
    GIVES(JACKPOT_OK, SUBMIT(contribute, f->network, &wager, &f->next));
    GIVES(JACKPOT_OK, contribute(f->network, 100, NULL));
    CHECK(pool_of(f->network, "a").version == 3);
    CHECK(strcmp(receipt->parts[0].pool, pool) == 0 && receipt->parts[0].version == 2);
}

static void test_calls_from_an_answer(void) {
    follower f = {0};
    const jackpot_contribute_request wager = wager_of(100, NULL);
    jackpot_submission s = JACKPOT_SUBMISSION_INIT;
    f.network = create(NULL);
    s.answered = follow;
    s.user = &f;
    GIVES(JACKPOT_OK, open_seeded(f.network, "a", 1));
    GIVES(JACKPOT_OK, jackpot_submit_contribute(f.network, &wager, &s));
    CHECK(commit(f.network) == 0);
    CHECK(f.answers == 1 && f.next.answers == 0 && f.next.first == 1);
    CHECK(commit(f.network) == 0);
    CHECK(f.next.answers == 1 && f.next.receipt.sequence == 4);
    jackpot_destroy(f.network);
}

static void test_wrong_arguments(void) {
    jackpot_network* n = create(NULL);
    asked a = {0};
    struct {
        jackpot_contribute_request known;
        uint64_t newer;
    } r = {0};
    struct {
        jackpot_submission known;
        uint64_t newer;
    } s = {0};
    r.known = wager_of(100, NULL);
    s.known = *to(&a);
    GIVES(JACKPOT_INVALID_OPERATION, jackpot_submit_contribute(NULL, &r.known, &s.known));
    GIVES(JACKPOT_INVALID_OPERATION, jackpot_submit_contribute(n, NULL, &s.known));
    GIVES(JACKPOT_INVALID_OPERATION, jackpot_submit_contribute(n, &r.known, NULL));
    s.known.answered = NULL;
    GIVES(JACKPOT_INVALID_OPERATION, jackpot_submit_contribute(n, &r.known, &s.known));
    SAYS(n, "answered: NULL");
    s.known.answered = note;
    s.known.struct_size -= 8;
    GIVES(JACKPOT_INVALID_OPERATION, jackpot_submit_contribute(n, &r.known, &s.known));
    s.known.struct_size = sizeof s;
    s.newer = 1;
    GIVES(JACKPOT_UNSUPPORTED, jackpot_submit_contribute(n, &r.known, &s.known));
    s.newer = 0;
    r.known.struct_size = 0;
    GIVES(JACKPOT_INVALID_OPERATION, jackpot_submit_contribute(n, &r.known, &s.known));
    r.known.struct_size = sizeof r;
    r.newer = 1;
    GIVES(JACKPOT_UNSUPPORTED, jackpot_submit_contribute(n, &r.known, &s.known));
    r.newer = 0;
    r.known.pool_count = 1;
    GIVES(JACKPOT_INVALID_OPERATION, jackpot_submit_contribute(n, &r.known, &s.known));
    r.known.has_pools = 1;
    r.known.pool_count = UINT64_MAX;
    r.known.pools = (const char* const*)&r.known.game;
    GIVES(JACKPOT_OUT_OF_MEMORY, jackpot_submit_contribute(n, &r.known, &s.known));
    CHECK(jackpot_waiting(n) == 0 && a.answers == 0);
    r.known.has_pools = 0;
    r.known.pools = NULL;
    r.known.pool_count = 0;
    GIVES(JACKPOT_OK, jackpot_submit_contribute(n, &r.known, &s.known));
    CHECK(commit(n) == 0);
    CHECK(a.answers == 1 && a.receipt.sequence == 0);

    GIVES(JACKPOT_INVALID_OPERATION, jackpot_commit(NULL, NULL));
    GIVES(JACKPOT_INVALID_OPERATION, jackpot_reserve(NULL, 1));
    GIVES(JACKPOT_INVALID_OPERATION, jackpot_reserve(n, 65537));
    SAYS(n, "submissions: more than 65536");
    jackpot_destroy(n);
}

/* Threads that submit and take back, beside one that commits. */
enum { threads = 4, requests = 20000 };
typedef struct submitter {
    jackpot_network* network;
    asked* all;
    int cancelled;
    int refused;
} submitter;

static void count(void* user, jackpot_status status, const jackpot_receipt* receipt, const char* why) {
    asked* a = user;
    (void)receipt;
    (void)why;
    ++a->answers;
    a->status = status;
}

static void* submit_many(void* context) {
    submitter* me = context;
    const jackpot_contribute_request wager = wager_of(100, NULL);
    int i;
    for (i = 0; i < requests; ++i) {
        jackpot_submission s = JACKPOT_SUBMISSION_INIT;
        s.answered = count;
        s.user = &me->all[i];
        if (jackpot_submit_contribute(me->network, &wager, &s) != JACKPOT_OK) {
            ++me->refused;
            me->all[i].place = 1;
        } else if (i % 3 == 0 && jackpot_cancel(me->network, s.ticket) == 1) {
            ++me->cancelled;
            me->all[i].place = 1;
        }
    }
    return NULL;
}

static void test_threads(void) {
    jackpot_network* n = create(NULL);
    submitter all[threads];
    pthread_t running[threads];
    int i;
    int j;
    int answers = 0;
    int missing = 0;
    GIVES(JACKPOT_OK, open_seeded(n, "a", 1));
    for (i = 0; i < threads; ++i) {
        memset(&all[i], 0, sizeof all[i]);
        all[i].network = n;
        all[i].all = calloc(requests, sizeof *all[i].all);
        CHECK(pthread_create(&running[i], NULL, submit_many, &all[i]) == 0);
    }
    for (i = 0; i < 200; ++i) {
        (void)commit(n);
    }
    for (i = 0; i < threads; ++i) {
        CHECK(pthread_join(running[i], NULL) == 0);
    }
    while (jackpot_waiting(n) != 0) {
        (void)commit(n);
    }
    for (i = 0; i < threads; ++i) {
        for (j = 0; j < requests; ++j) {
            answers += all[i].all[j].answers;
            missing += all[i].all[j].answers != 1 - all[i].all[j].place || all[i].all[j].status != JACKPOT_OK;
        }
        CHECK(all[i].refused == 0);
        free(all[i].all);
    }
    CHECK(missing == 0);
    CHECK(pool_of(n, "a").version == 1 + (uint64_t)answers);
    jackpot_destroy(n);
}

int main(void) {
    test_equal();
    test_order();
    test_cancel_and_close();
    test_overloaded_and_destroyed();
    test_calls_from_an_answer();
    test_wrong_arguments();
    test_threads();
    printf("%d failures\n", failures);
    return failures != 0;
}
