/* SPDX-License-Identifier: BSL-1.0 */
#ifndef JACKPOT_TESTS_C_API_RECEIPTS_H
#define JACKPOT_TESTS_C_API_RECEIPTS_H

/* Answers as receipts in JSON. */
#include "check.h"

#include <jansson.h>

static json_t* rate_text(int64_t ppb) {
    char decimal[32];
    size_t length = (size_t)snprintf(decimal, sizeof decimal, "%d.%09d", (int)(ppb / 1000000000),
                                     (int)(ppb % 1000000000));
    while (decimal[length - 1] == '0') {
        --length;
    }
    length -= decimal[length - 1] == '.' ? 1 : 0;
    return json_stringn(decimal, length);
}

/* The fields that `from` has; `games` are read from the network. */
static void add_fields(json_t* to, const jackpot_configuration* from, jackpot_network* n, const char* pool,
                       int32_t pending) {
    if ((from->fields & JACKPOT_HAS_SEED) != 0) {
        json_object_set_new(to, "seed", json_integer(from->seed));
    }
    if ((from->fields & JACKPOT_HAS_CAP) != 0) {
        json_object_set_new(to, "cap", json_integer(from->cap));
    }
    if ((from->fields & JACKPOT_HAS_NO_CAP) != 0) {
        json_object_set_new(to, "cap", json_null());
    }
    if ((from->fields & JACKPOT_HAS_RATE) != 0) {
        json_object_set_new(to, "rate", rate_text(from->rate_ppb));
    }
    if ((from->fields & JACKPOT_HAS_ROUNDING) != 0) {
        json_object_set_new(to, "rounding",
                            json_string(from->rounding == JACKPOT_ROUNDING_CARRY ? "carry" : "floor"));
    }
    if ((from->fields & JACKPOT_HAS_ON_CAP) != 0) {
        json_object_set_new(to, "on_cap",
                            json_string(from->on_cap == JACKPOT_ON_CAP_DIVERT ? "divert" : "stop"));
    }
    if ((from->fields & JACKPOT_HAS_MIN_WAGER) != 0) {
        json_object_set_new(to, "min_wager", json_integer(from->min_wager));
    }
    if ((from->fields & JACKPOT_HAS_GAMES) != 0) {
        json_t* games = json_array();
        uint64_t count = from->game_count;
        uint64_t i;
        char(*names)[JACKPOT_NAME_SIZE] = malloc((size_t)(count + 1) * sizeof *names);
        GIVES(JACKPOT_OK, jackpot_pool_games(n, pool, pending, names, count, &count));
        CHECK(count == from->game_count);
        for (i = 0; i < count; ++i) {
            json_array_append_new(games, json_string(names[i]));
        }
        free(names);
        json_object_set_new(to, "games", games);
    }
}

static json_t* state(jackpot_network* n, const jackpot_pool* p) {
    json_t* to =
        json_pack("{ss ss}", "pool", p->pool, "status", p->status == JACKPOT_ACTIVE ? "active" : "suspended");
    json_t* pending = p->pending.fields == 0 ? json_null() : json_object();
    json_t* last_win = json_null();
    if (p->win_count != 0) {
        last_win = json_pack("{sI ss ss}", "amount", (json_int_t)p->last_win_amount, "game", p->last_win_game,
                             "player", p->last_win_player);
    }
    add_fields(to, &p->configuration, n, p->pool, 0);
    add_fields(pending, &p->pending, n, p->pool, 1);
    json_object_update_new(
        to, json_pack("{sI sI sI sI sI sI sI sI sI sI so so}", "current", (json_int_t)p->current, "overflow",
                      (json_int_t)p->overflow, "carry", (json_int_t)p->carry, "funded", (json_int_t)p->funded,
                      "adjusted", (json_int_t)p->adjusted, "total_wagered", (json_int_t)p->total_wagered,
                      "total_contributions", (json_int_t)p->total_contributions, "total_wins",
                      (json_int_t)p->total_wins, "win_count", (json_int_t)p->win_count, "version",
                      (json_int_t)p->version, "last_win", last_win, "pending", pending));
    return to;
}

static json_t* contributed(const jackpot_receipt* r) {
    json_t* contributions = json_array();
    uint64_t i;
    for (i = 0; i < r->part_count; ++i) {
        const jackpot_part* p = &r->parts[i];
        json_array_append_new(
            contributions,
            json_pack("{ss sI sI sI sI sI}", "pool", p->pool, "to_pool", (json_int_t)p->to_pool,
                      "to_overflow", (json_int_t)p->to_overflow, "forgone", (json_int_t)p->forgone, "current",
                      (json_int_t)p->current, "version", (json_int_t)p->version));
    }
    return json_pack("{sI so}", "total", (json_int_t)r->total, "contributions", contributions);
}

/* What an operation of that name answers, `ok` and `replayed` aside. */
static json_t* answered(const char* op, const jackpot_receipt* r) {
    const jackpot_part* p = r->parts;
    if (strcmp(op, "contribute") == 0) {
        return contributed(r);
    }
    CHECK(r->part_count == 1);
    if (strcmp(op, "win") == 0) {
        return json_pack("{ss sI sI sI sI sI}", "pool", p->pool, "paid", (json_int_t)p->paid, "from_house",
                         (json_int_t)p->from_house, "from_overflow", (json_int_t)p->from_overflow, "current",
                         (json_int_t)p->current, "version", (json_int_t)p->version);
    }
    if (strcmp(op, "adjust") == 0) {
        return json_pack("{ss sI sI}", "pool", p->pool, "current", (json_int_t)p->current, "version",
                         (json_int_t)p->version);
    }
    return json_pack("{ss sI}", "pool", p->pool, "version", (json_int_t)p->version);
}

#endif
