/* SPDX-License-Identifier: BSL-1.0 */
/* holds: wins that wait to be verified, what becomes of them, and how the journal tells of pools that were
 * closed and wagers that were cancelled. */
#include "check.h"

static jackpot_settle_request settles(const char* hold) {
    jackpot_settle_request r = JACKPOT_SETTLE_REQUEST_INIT;
    r.pool = "mega";
    r.hold = hold;
    r.actor = "ann";
    r.reason = "verified";
    return r;
}

static void test_list(void) {
    jackpot_network* n = create(NULL);
    const jackpot_settle_request settle_b = settles("b");
    const jackpot_settle_request settle_c = settles("c");
    jackpot_receipt receipt = JACKPOT_RECEIPT_INIT;
    jackpot_part part;
    uint64_t count = 99;
    struct {
        jackpot_held known;
        uint64_t newer;
    } holds[3] = {0};
    receipt.parts = &part;
    receipt.part_capacity = 1;
    GIVES(JACKPOT_OK, open_seeded(n, "mega", 1000));
    GIVES(JACKPOT_UNKNOWN_POOL, jackpot_holds(n, "none", NULL, 0, &count));
    GIVES(JACKPOT_INVALID_POOL, jackpot_holds(n, NULL, NULL, 0, &count));
    GIVES(JACKPOT_OK, jackpot_holds(n, "mega", NULL, 0, &count));
    CHECK(count == 0);
    GIVES(JACKPOT_OK, hold(n, "mega", "c", 30));
    GIVES(JACKPOT_OK, hold(n, "mega", "a", 10));
    GIVES(JACKPOT_OK, hold(n, "mega", "b", 20));
    GIVES(JACKPOT_HOLD_EXISTS, hold(n, "mega", "b", 20));
    CHECK(pool_of(n, "mega").hold_count == 3 && pool_of(n, "mega").held == 60);
    CHECK(pool_of(n, "mega").win_count == 0 && pool_of(n, "mega").reset_sequence == 4);

    GIVES(JACKPOT_INVALID_OPERATION, jackpot_holds(n, "mega", &holds[0].known, 3, &count));
    holds[0].known.struct_size = sizeof holds[0];
    holds[1].newer = 7;
    GIVES(JACKPOT_OK, jackpot_holds(n, "mega", &holds[0].known, 2, &count));
    CHECK(count == 3 && holds[1].newer == 7 && holds[2].known.struct_size == 0);
    CHECK(strcmp(holds[0].known.hold, "a") == 0 && strcmp(holds[1].known.hold, "b") == 0);
    CHECK(holds[1].known.amount == 20 && holds[1].known.sequence == 4 && holds[1].known.from_house == 20);
    CHECK(strcmp(holds[1].known.game, "slots") == 0 && strcmp(holds[1].known.player, "zoe") == 0);
    CHECK(strcmp(holds[1].known.round, "r1") == 0 && holds[1].known.site[0] == '\0');
    CHECK(holds[1].known.seeded_paid == 20 && holds[1].known.at != 0);

    GIVES(JACKPOT_OK, jackpot_confirm(n, &settle_c, &receipt));
    CHECK(part.paid == 30 && pool_of(n, "mega").total_wins == 30 && pool_of(n, "mega").held == 30);
    CHECK(strcmp(pool_of(n, "mega").last_win_player, "zoe") == 0);
    GIVES(JACKPOT_OK, jackpot_release(n, &settle_b, &receipt));
    CHECK(part.to_house == 20 && part.to_pool == 0 && pool_of(n, "mega").funded == 1040);
    GIVES(JACKPOT_UNKNOWN_HOLD, jackpot_release(n, &settle_b, &receipt));
    GIVES(JACKPOT_OK, jackpot_holds(n, "mega", &holds[0].known, 3, &count));
    CHECK(count == 1 && strcmp(holds[0].known.hold, "a") == 0);
    jackpot_destroy(n);
}

/* The last operation that was read, and its first part. */
typedef struct last {
    jackpot_request request;
    jackpot_part part;
} last;

static void note(void* user, const jackpot_request* request, const jackpot_receipt* receipt) {
    last* l = user;
    l->request = *request;
    l->part = *JACKPOT_PART(receipt, 0);
}

static last read_last(jackpot_network* n) {
    last l;
    jackpot_history_query q = JACKPOT_HISTORY_QUERY_INIT;
    memset(&l, 0, sizeof l);
    GIVES(JACKPOT_OK, jackpot_history(n, &q, note, &l));
    return l;
}

static void test_journal(void) {
    jackpot_network* n = create(NULL);
    jackpot_settle_request settle = settles("a");
    jackpot_transfer_request transfer = JACKPOT_TRANSFER_REQUEST_INIT;
    jackpot_close_request close = JACKPOT_CLOSE_REQUEST_INIT;
    jackpot_revert_request revert = JACKPOT_REVERT_REQUEST_INIT;
    last l;
    GIVES(JACKPOT_OK, open_seeded(n, "mega", 1000));
    GIVES(JACKPOT_OK, open_seeded(n, "minor", 50));
    GIVES(JACKPOT_OK, contribute(n, 500, "bet"));

    GIVES(JACKPOT_OK, hold(n, "mega", "a", 10));
    l = read_last(n);
    CHECK(l.request.kind == JACKPOT_KIND_HOLD && strcmp(l.request.hold, "a") == 0);
    CHECK(l.request.has_amount == 1 && l.request.amount == 10 && l.part.paid == 10);
    settle.reason = NULL;
    GIVES(JACKPOT_OK, jackpot_confirm(n, &settle, NULL));
    l = read_last(n);
    CHECK(l.request.kind == JACKPOT_KIND_CONFIRM && strcmp(l.request.actor, "ann") == 0);
    CHECK(l.request.reason == NULL && strcmp(l.request.hold, "a") == 0 && l.part.paid == 10);

    revert.reverts = "bet";
    revert.actor = "bob";
    revert.reason = "cancelled";
    revert.key = "k";
    GIVES(JACKPOT_INVALID_KEY, jackpot_revert(n, &revert, NULL));
    revert.key = NULL;
    GIVES(JACKPOT_OK, jackpot_revert(n, &revert, NULL));
    GIVES(JACKPOT_OK, jackpot_revert(n, &revert, NULL)); /* sent again */
    l = read_last(n);
    CHECK(l.request.kind == JACKPOT_KIND_REVERT && strcmp(l.request.reverts, "bet") == 0);
    CHECK(l.request.key == NULL && l.request.refers_to == 3);
    CHECK(l.part.from_pool + l.part.from_house == 10 && pool_of(n, "minor").wager_count == 0);

    GIVES(JACKPOT_OK, suspend(n, "mega"));
    transfer.from = "mega";
    transfer.to = "minor";
    transfer.amount = 300;
    transfer.actor = "ann";
    transfer.reason = "end of season";
    GIVES(JACKPOT_OK, jackpot_transfer(n, &transfer, NULL));
    l = read_last(n);
    CHECK(l.request.kind == JACKPOT_KIND_TRANSFER && strcmp(l.request.pool, "mega") == 0);
    CHECK(strcmp(l.request.to, "minor") == 0 && l.request.amount == 300 && l.part.from_pool == 300);

    close.pool = "mega";
    close.actor = "ann";
    close.reason = "end of season";
    GIVES(JACKPOT_POOL_NOT_EMPTY, jackpot_close_pool(n, &close, NULL));
    close.to = "minor";
    close.to_house = 100;
    GIVES(JACKPOT_OK, jackpot_close_pool(n, &close, NULL));
    l = read_last(n);
    CHECK(l.request.kind == JACKPOT_KIND_CLOSE && l.request.amount == 100 && l.part.to_house == 100);
    CHECK(strcmp(l.request.to, "minor") == 0 && l.part.transferred == pool_of(n, "minor").transferred - 300);
    CHECK(pool_of(n, "mega").status == JACKPOT_CLOSED);
    GIVES(JACKPOT_POOL_CLOSED, suspend(n, "mega"));
    jackpot_destroy(n);
}

int main(void) {
    test_list();
    test_journal();
    printf("%d failures\n", failures);
    return failures != 0;
}
