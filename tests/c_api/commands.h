/* SPDX-License-Identifier: BSL-1.0 */
#ifndef JACKPOT_TESTS_C_API_COMMANDS_H
#define JACKPOT_TESTS_C_API_COMMANDS_H

/* Commands in JSON as requests. */
#include "check.h"

#include <jansson.h>

enum { names_most = 8192 };

/* Whether requests are submitted, and wait for a commit. */
static int submits;

/* The answer to a request that was submitted. */
typedef struct awaited {
    jackpot_receipt* receipt;
    int answers;
    jackpot_status status;
} awaited;

static void keep_answer(void* user, jackpot_status status, const jackpot_receipt* receipt, const char* why) {
    awaited* a = user;
    ++a->answers;
    a->status = status;
    CHECK((status == JACKPOT_OK) == (why[0] == '\0'));
    if (status == JACKPOT_OK) {
        jackpot_receipt kept = *receipt;
        kept.parts = a->receipt->parts;
        kept.part_capacity = a->receipt->part_capacity;
        CHECK(kept.part_count <= kept.part_capacity);
        memcpy(kept.parts, receipt->parts, (size_t)kept.part_count * sizeof *kept.parts);
        *a->receipt = kept;
    }
}

static jackpot_submission* submission_to(jackpot_submission* s, awaited* a) {
    const jackpot_submission fresh = JACKPOT_SUBMISSION_INIT;
    *s = fresh;
    s->answered = keep_answer;
    s->user = a;
    return s;
}

static jackpot_status wait_for(jackpot_network* n, jackpot_status submitted, const awaited* a) {
    if (submitted != JACKPOT_OK) {
        return submitted;
    }
    CHECK(a->answers == 0);
    GIVES(JACKPOT_OK, jackpot_commit(n, NULL));
    CHECK(a->answers == 1);
    return a->status;
}

#define ASK(verb, n, request, receipt)                                                                   \
    (submits ? wait_for(n, jackpot_submit_##verb(n, request, submission_to(&waiting, &answer)), &answer) \
             : jackpot_##verb(n, request, receipt))

/* A command, and room for the list that its request points to. */
typedef struct command {
    json_t* members;
    const char* names[names_most];
} command;

/* A member that is missing or of the wrong JSON type becomes a value that the rules refuse for that very
 * field: so the order of the checks stays the rules' own. */
static const char* text_of(const json_t* value) {
    /* A NUL would end the text early and so make it another one. */
    return json_is_string(value) && strlen(json_string_value(value)) == json_string_length(value)
               ? json_string_value(value)
               : "";
}

static const char* text(const command* c, const char* field) {
    const json_t* value = json_object_get(c->members, field);
    return value == NULL ? NULL : text_of(value);
}

static int64_t integer(const command* c, const char* field, int64_t refused) {
    const json_t* value = json_object_get(c->members, field);
    return json_is_integer(value) ? (int64_t)json_integer_value(value) : refused;
}

/* The place of a member's text among the words; 77, which no enumeration has, for another. */
static int32_t word(const command* c, const char* field, const char* first, const char* second,
                    const char* third) {
    const char* value = text(c, field);
    return strcmp(value, first) == 0    ? 0
           : strcmp(value, second) == 0 ? 1
           : strcmp(value, third) == 0  ? 2
                                        : 77;
}

static const char* const* list(command* c, const char* field, uint64_t* count) {
    const json_t* value = json_object_get(c->members, field);
    size_t i;
    if (!json_is_array(value)) {
        *count = 1;
        return NULL;
    }
    *count = json_array_size(value);
    CHECK(*count <= names_most);
    for (i = 0; i < *count && i < names_most; ++i) {
        c->names[i] = text_of(json_array_get(value, i));
    }
    return c->names;
}

/* Parts per billion of a decimal: 1 to 10 digits, then optionally a point and 1 to 9 digits; or -1. */
static int64_t rate_ppb(const char* decimal) {
    const size_t whole = strspn(decimal, "0123456789");
    const char* fraction = decimal[whole] == '.' ? decimal + whole + 1 : "0";
    const size_t digits = strspn(fraction, "0123456789");
    int64_t ppb = 0;
    size_t i;
    if (whole < 1 || whole > 10 || digits < 1 || digits > 9 || fraction[digits] != '\0' ||
        (decimal[whole] != '.' && decimal[whole] != '\0')) {
        return -1;
    }
    for (i = 0; i < whole; ++i) {
        ppb = ppb * 10 + (decimal[i] - '0');
    }
    if (ppb > 1) {
        return -1;
    }
    for (i = 0; i < 9; ++i) {
        ppb = ppb * 10 + (i < digits ? fraction[i] - '0' : 0);
    }
    return ppb;
}

static jackpot_configuration configuration(command* c) {
    jackpot_configuration to = {0};
    /* In the order of their bits; "" is none, of the limit before it. */
    const char* const fields[] = {
        "seed",      "cap",         "", "rate",      "rounding",  "on_cap", "min_wager", "games",
        "seed_rate", "reserve_cap", "", "seed_from", "max_wager", "",       "changes",   "-"};
    uint32_t i;
    for (i = 0; i < 15; ++i) {
        const json_t* value = json_object_get(c->members, fields[i]);
        const int is_none = json_is_null(value) && fields[i + 1][0] == '\0';
        to.fields |= value == NULL ? 0 : is_none ? 2U << i : 1U << i;
    }
    to.seed = (to.fields & JACKPOT_HAS_SEED) != 0 ? integer(c, "seed", -1) : 0;
    to.cap = (to.fields & JACKPOT_HAS_CAP) != 0 ? integer(c, "cap", -1) : 0;
    to.min_wager = (to.fields & JACKPOT_HAS_MIN_WAGER) != 0 ? integer(c, "min_wager", -1) : 0;
    to.rate_ppb = (to.fields & JACKPOT_HAS_RATE) != 0 ? rate_ppb(text(c, "rate")) : 0;
    to.rounding = (to.fields & JACKPOT_HAS_ROUNDING) != 0 ? word(c, "rounding", "carry", "floor", "-") : 0;
    to.on_cap = (to.fields & JACKPOT_HAS_ON_CAP) != 0 ? word(c, "on_cap", "divert", "stop", "-") : 0;
    to.seed_rate_ppb = (to.fields & JACKPOT_HAS_SEED_RATE) != 0 ? rate_ppb(text(c, "seed_rate")) : 0;
    to.reserve_cap = (to.fields & JACKPOT_HAS_RESERVE_CAP) != 0 ? integer(c, "reserve_cap", -1) : 0;
    to.seed_from =
        (to.fields & JACKPOT_HAS_SEED_FROM) != 0 ? word(c, "seed_from", "house", "overflow", "-") : 0;
    to.max_wager = (to.fields & JACKPOT_HAS_MAX_WAGER) != 0 ? integer(c, "max_wager", -1) : 0;
    to.changes =
        (to.fields & JACKPOT_HAS_CHANGES) != 0 ? word(c, "changes", "any", "after_win", "suspended") : 0;
    if ((to.fields & JACKPOT_HAS_GAMES) != 0) {
        to.games = list(c, "games", &to.game_count);
    }
    return to;
}

static jackpot_status run_contribute(jackpot_network* n, command* c, jackpot_receipt* receipt) {
    jackpot_contribute_request r = {0};
    awaited answer = {receipt, 0, JACKPOT_OK};
    jackpot_submission waiting;
    r.struct_size = sizeof r;
    r.key = text(c, "key");
    r.game = text(c, "game");
    r.player = text(c, "player");
    r.round = text(c, "round");
    r.site = text(c, "site");
    r.wager = integer(c, "wager", 0);
    if (json_object_get(c->members, "pools") != NULL) {
        r.has_pools = 1;
        r.pools = list(c, "pools", &r.pool_count);
    }
    return ASK(contribute, n, &r, receipt);
}

static jackpot_status run_win(jackpot_network* n, const command* c, jackpot_receipt* receipt) {
    jackpot_win_request r = {0};
    awaited answer = {receipt, 0, JACKPOT_OK};
    jackpot_submission waiting;
    r.struct_size = sizeof r;
    r.has_amount = json_object_get(c->members, "amount") != NULL;
    r.key = text(c, "key");
    r.pool = text(c, "pool");
    r.game = text(c, "game");
    r.player = text(c, "player");
    r.round = text(c, "round");
    r.site = text(c, "site");
    r.amount = integer(c, "amount", 0);
    return ASK(win, n, &r, receipt);
}

static jackpot_status run_hold(jackpot_network* n, const command* c, jackpot_receipt* receipt) {
    jackpot_hold_request r = JACKPOT_HOLD_REQUEST_INIT;
    awaited answer = {receipt, 0, JACKPOT_OK};
    jackpot_submission waiting;
    r.has_amount = json_object_get(c->members, "amount") != NULL;
    r.key = text(c, "key");
    r.pool = text(c, "pool");
    r.game = text(c, "game");
    r.player = text(c, "player");
    r.hold = text(c, "hold");
    r.round = text(c, "round");
    r.site = text(c, "site");
    r.amount = integer(c, "amount", 0);
    return ASK(hold, n, &r, receipt);
}

static jackpot_status run_settle(jackpot_network* n, const command* c, jackpot_receipt* receipt,
                                 int confirm) {
    jackpot_settle_request r = JACKPOT_SETTLE_REQUEST_INIT;
    awaited answer = {receipt, 0, JACKPOT_OK};
    jackpot_submission waiting;
    r.key = text(c, "key");
    r.pool = text(c, "pool");
    r.hold = text(c, "hold");
    r.actor = text(c, "actor");
    r.reason = text(c, "reason");
    return confirm ? ASK(confirm, n, &r, receipt) : ASK(release, n, &r, receipt);
}

static jackpot_status run_transfer(jackpot_network* n, const command* c, jackpot_receipt* receipt) {
    jackpot_transfer_request r = JACKPOT_TRANSFER_REQUEST_INIT;
    awaited answer = {receipt, 0, JACKPOT_OK};
    jackpot_submission waiting;
    r.key = text(c, "key");
    r.from = text(c, "from");
    r.to = text(c, "to");
    r.amount = integer(c, "amount", 0);
    r.actor = text(c, "actor");
    r.reason = text(c, "reason");
    return ASK(transfer, n, &r, receipt);
}

static jackpot_status run_close(jackpot_network* n, const command* c, jackpot_receipt* receipt) {
    jackpot_close_request r = JACKPOT_CLOSE_REQUEST_INIT;
    awaited answer = {receipt, 0, JACKPOT_OK};
    jackpot_submission waiting;
    r.key = text(c, "key");
    r.pool = text(c, "pool");
    r.to = text(c, "to");
    r.to_house = json_object_get(c->members, "to_house") == NULL ? 0 : integer(c, "to_house", -1);
    r.actor = text(c, "actor");
    r.reason = text(c, "reason");
    return ASK(close_pool, n, &r, receipt);
}

static jackpot_status run_revert(jackpot_network* n, const command* c, jackpot_receipt* receipt) {
    jackpot_revert_request r = JACKPOT_REVERT_REQUEST_INIT;
    awaited answer = {receipt, 0, JACKPOT_OK};
    jackpot_submission waiting;
    r.key = text(c, "key");
    r.reverts = text(c, "reverts");
    r.actor = text(c, "actor");
    r.reason = text(c, "reason");
    return ASK(revert, n, &r, receipt);
}

static jackpot_status run_configure(jackpot_network* n, command* c, jackpot_receipt* receipt) {
    jackpot_configure_request r = {0};
    awaited answer = {receipt, 0, JACKPOT_OK};
    jackpot_submission waiting;
    r.struct_size = sizeof r;
    r.key = text(c, "key");
    r.pool = text(c, "pool");
    r.when = text(c, "when") == NULL ? JACKPOT_WHEN_NOW : word(c, "when", "now", "after_win", "discard");
    r.changes = configuration(c);
    r.actor = text(c, "actor");
    r.reason = text(c, "reason");
    return ASK(configure, n, &r, receipt);
}

static jackpot_status run_adjust(jackpot_network* n, const command* c, jackpot_receipt* receipt) {
    jackpot_adjust_request r = {0};
    awaited answer = {receipt, 0, JACKPOT_OK};
    jackpot_submission waiting;
    r.struct_size = sizeof r;
    r.key = text(c, "key");
    r.pool = text(c, "pool");
    r.delta = integer(c, "delta", 0);
    r.actor = text(c, "actor");
    r.reason = text(c, "reason");
    return ASK(adjust, n, &r, receipt);
}

static jackpot_status run_open(jackpot_network* n, command* c, jackpot_receipt* receipt) {
    jackpot_open_request r = {0};
    awaited answer = {receipt, 0, JACKPOT_OK};
    jackpot_submission waiting;
    r.struct_size = sizeof r;
    r.key = text(c, "key");
    r.pool = text(c, "pool");
    r.configuration = configuration(c);
    r.actor = text(c, "actor");
    r.reason = text(c, "reason");
    return ASK(open, n, &r, receipt);
}

static jackpot_status run_status(jackpot_network* n, const command* c, jackpot_receipt* receipt, int resume) {
    jackpot_status_request r = {0};
    awaited answer = {receipt, 0, JACKPOT_OK};
    jackpot_submission waiting;
    r.struct_size = sizeof r;
    r.key = text(c, "key");
    r.pool = text(c, "pool");
    r.actor = text(c, "actor");
    r.reason = text(c, "reason");
    return resume ? ASK(resume, n, &r, receipt) : ASK(suspend, n, &r, receipt);
}

#endif
