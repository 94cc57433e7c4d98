/* SPDX-License-Identifier: BSL-1.0 */
/* observe: what an observer in C is told of a network's requests. */
#include "check.h"

typedef struct book {
    char lines[400]; /* what was told, in order */
    jackpot_request request;
    char key[JACKPOT_NAME_SIZE];
    char pool[JACKPOT_NAME_SIZE];
    char player[JACKPOT_NAME_SIZE];
    jackpot_receipt receipt;
    jackpot_part part;
    jackpot_commit_report report;
    int64_t time;
    jackpot_network* network;
} book;

static void tell(book* b, const char* word) {
    CHECK(strlen(b->lines) + strlen(word) + 2 < sizeof b->lines);
    strcat(strcat(b->lines, b->lines[0] == '\0' ? "" : " "), word);
}

static void keep_text(char (*to)[JACKPOT_NAME_SIZE], const char* text) {
    strncpy(*to, text == NULL ? "NULL" : text, JACKPOT_NAME_SIZE - 1);
}

static void keep(book* b, const jackpot_request* request, const jackpot_receipt* receipt) {
    b->request = *request;
    keep_text(&b->key, request->key);
    keep_text(&b->pool, request->pool);
    keep_text(&b->player, request->player);
    if (receipt != NULL) {
        b->receipt = *receipt;
        CHECK(receipt->part_count >= 1 && receipt->part_capacity >= receipt->part_count);
        b->part = receipt->parts[0];
    }
}

static void committed(void* context, const jackpot_request* request, const jackpot_receipt* receipt) {
    tell(context, "committed");
    keep(context, request, receipt);
}

static void replayed(void* context, const jackpot_request* request, const jackpot_receipt* first) {
    tell(context, "replayed");
    keep(context, request, first);
}

static void refused(void* context, const jackpot_request* request, jackpot_status status, const char* why) {
    tell(context, jackpot_status_name(status));
    keep(context, request, NULL);
    CHECK(strstr(why, jackpot_status_name(status)) == why);
}

static void retried(void* context, jackpot_status status, const char* why) {
    tell(context, "retried");
    CHECK(status == JACKPOT_CONFLICT && why[0] != '\0');
}

static void commit_done(void* context, const jackpot_commit_report* report) {
    tell(context, "done");
    ((book*)context)->report = *report;
}

static int64_t clock_of(void* context) {
    return ((book*)context)->time += 5;
}

#define TOLD(wanted)                                                          \
    do {                                                                      \
        if (!CHECK(strcmp(b.lines, wanted) == 0)) {                           \
            fprintf(stderr, "  wanted %s\n  got    %s\n", (wanted), b.lines); \
        }                                                                     \
        b.lines[0] = '\0';                                                    \
    } while (0)

static jackpot_observer observer_of(book* b) {
    jackpot_observer o = JACKPOT_OBSERVER_INIT;
    o.context = b;
    o.committed = committed;
    o.replayed = replayed;
    o.refused = refused;
    o.retried = retried;
    o.commit_done = commit_done;
    o.clock = clock_of;
    return o;
}

static void no_answer(void* user, jackpot_status status, const jackpot_receipt* receipt, const char* why) {
    (void)receipt;
    (void)why;
    tell(user, status == JACKPOT_OK ? "answer" : "error");
}

static void test_events(void) {
    static book b;
    jackpot_network* n = create(NULL);
    const jackpot_observer o = observer_of(&b);
    jackpot_adjust_request adjust = JACKPOT_ADJUST_REQUEST_INIT;
    jackpot_contribute_request wager = wager_of(1000, NULL);
    jackpot_submission s = JACKPOT_SUBMISSION_INIT;
    jackpot_win_request win = JACKPOT_WIN_REQUEST_INIT;
    GIVES(JACKPOT_OK, jackpot_observe(n, &o));
    GIVES(JACKPOT_OK, open_seeded(n, "a", 100));
    TOLD("committed done");
    CHECK(b.request.kind == JACKPOT_KIND_OPEN && strcmp(b.pool, "a") == 0 && strcmp(b.key, "NULL") == 0);
    CHECK(b.report.operations == 1 && b.report.attempts == 1 && b.report.microseconds == 5);
    GIVES(JACKPOT_OK, contribute(n, 1000, "k"));
    TOLD("committed"); /* by memory itself */
    CHECK(b.request.kind == JACKPOT_KIND_CONTRIBUTE && b.request.amount == 1000 && strcmp(b.key, "k") == 0);
    CHECK(b.receipt.sequence == 2 && b.receipt.total == 20 && b.part.current == 120 &&
          b.request.pool == NULL);
    GIVES(JACKPOT_OK, contribute(n, 1000, "k"));
    CHECK(b.receipt.replayed == 1 && b.receipt.sequence == 2);
    CHECK(strstr(b.lines, "replayed") != NULL);
    b.lines[0] = '\0';
    adjust.pool = "none";
    adjust.delta = -3;
    adjust.actor = "me";
    adjust.reason = "r";
    GIVES(JACKPOT_UNKNOWN_POOL, jackpot_adjust(n, &adjust, NULL));
    TOLD("unknown_pool");
    CHECK(b.request.kind == JACKPOT_KIND_ADJUST && b.request.amount == -3 && b.request.actor != NULL);

    s.answered = no_answer;
    s.user = &b;
    win.pool = "a";
    win.game = "g";
    win.player = "ann";
    GIVES(JACKPOT_OK, jackpot_submit_contribute(n, &wager, &s));
    wager.wager = 0;
    GIVES(JACKPOT_OK, jackpot_submit_contribute(n, &wager, &s));
    GIVES(JACKPOT_OK, jackpot_submit_win(n, &win, &s));
    GIVES(JACKPOT_OK, jackpot_commit(n, NULL));
    TOLD("committed invalid_wager committed done answer error answer");
    CHECK(b.request.kind == JACKPOT_KIND_WIN && strcmp(b.player, "ann") == 0 && b.part.paid == 140);
    CHECK(b.report.operations == 1); /* memory takes the wager itself */

    GIVES(JACKPOT_OK, jackpot_observe(n, NULL));
    GIVES(JACKPOT_OK, contribute(n, 1000, NULL));
    TOLD("");
    jackpot_destroy(n);
}

static void test_wrong_arguments(void) {
    static book b;
    jackpot_network* n = create(NULL);
    struct {
        jackpot_observer known;
        uint64_t newer;
    } o = {0};
    o.known = observer_of(&b);
    GIVES(JACKPOT_INVALID_OPERATION, jackpot_observe(NULL, &o.known));
    o.known.struct_size -= 8;
    GIVES(JACKPOT_INVALID_OPERATION, jackpot_observe(n, &o.known));
    o.known.struct_size = sizeof o;
    o.newer = 1;
    GIVES(JACKPOT_UNSUPPORTED, jackpot_observe(n, &o.known));
    o.newer = 0;
    o.known.reserved = 1;
    GIVES(JACKPOT_UNSUPPORTED, jackpot_observe(n, &o.known));
    o.known.reserved = 0;
    GIVES(JACKPOT_OK, open_seeded(n, "a", 1));
    TOLD("");
    /* With a size alone it observes nothing. */
    memset(&o.known, 0, sizeof o.known);
    o.known.struct_size = sizeof o;
    GIVES(JACKPOT_OK, jackpot_observe(n, &o.known));
    GIVES(JACKPOT_OK, open_seeded(n, "b", 1));
    GIVES(JACKPOT_OK, contribute(n, 100, "k"));
    GIVES(JACKPOT_OK, contribute(n, 100, "k"));
    GIVES(JACKPOT_POOL_EXISTS, open_seeded(n, "b", 1));
    jackpot_destroy(n);
}

int main(void) {
    test_events();
    test_wrong_arguments();
    printf("%d failures\n", failures);
    return failures != 0;
}
