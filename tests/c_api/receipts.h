/* SPDX-License-Identifier: BSL-1.0 */
#ifndef JACKPOT_TESTS_C_API_RECEIPTS_H
#define JACKPOT_TESTS_C_API_RECEIPTS_H

/* Answers as receipts in JSON. */
#include "commands.h"

/* A number by its name. */
typedef struct named_number {
    const char* name;
    int64_t value;
} named_number;

static json_t* with_numbers(json_t* to, const named_number* numbers, size_t count) {
    size_t i;
    for (i = 0; i < count; ++i) {
        json_object_set_new(to, numbers[i].name, json_integer(numbers[i].value));
    }
    return to;
}
#define WITH_NUMBERS(to, numbers) with_numbers(to, numbers, sizeof(numbers) / sizeof *(numbers))

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
    const struct {
        uint32_t bit; /* and, for a limit, the next one: none */
        int is_limit;
        const char* name;
        int64_t value;
    } numbers[] = {{JACKPOT_HAS_SEED, 0, "seed", from->seed},
                   {JACKPOT_HAS_CAP, 1, "cap", from->cap},
                   {JACKPOT_HAS_MIN_WAGER, 0, "min_wager", from->min_wager},
                   {JACKPOT_HAS_RESERVE_CAP, 1, "reserve_cap", from->reserve_cap},
                   {JACKPOT_HAS_MAX_WAGER, 1, "max_wager", from->max_wager}};
    const char* const roundings[] = {"carry", "floor"};
    const char* const on_caps[] = {"divert", "stop"};
    const char* const seeds_from[] = {"house", "overflow"};
    const char* const changes[] = {"any", "after_win", "suspended"};
    size_t at;
    for (at = 0; at < sizeof numbers / sizeof *numbers; ++at) {
        if ((from->fields & numbers[at].bit) != 0) {
            json_object_set_new(to, numbers[at].name, json_integer(numbers[at].value));
        } else if (numbers[at].is_limit && (from->fields & numbers[at].bit << 1) != 0) {
            json_object_set_new(to, numbers[at].name, json_null());
        }
    }
    if ((from->fields & JACKPOT_HAS_RATE) != 0) {
        json_object_set_new(to, "rate", rate_text(from->rate_ppb));
    }
    if ((from->fields & JACKPOT_HAS_SEED_RATE) != 0) {
        json_object_set_new(to, "seed_rate", rate_text(from->seed_rate_ppb));
    }
    if ((from->fields & JACKPOT_HAS_ROUNDING) != 0) {
        json_object_set_new(to, "rounding", json_string(roundings[from->rounding]));
    }
    if ((from->fields & JACKPOT_HAS_ON_CAP) != 0) {
        json_object_set_new(to, "on_cap", json_string(on_caps[from->on_cap]));
    }
    if ((from->fields & JACKPOT_HAS_SEED_FROM) != 0) {
        json_object_set_new(to, "seed_from", json_string(seeds_from[from->seed_from]));
    }
    if ((from->fields & JACKPOT_HAS_CHANGES) != 0) {
        json_object_set_new(to, "changes", json_string(changes[from->changes]));
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

static json_t* name_or_null(const char* text) {
    return text[0] == '\0' ? json_null() : json_string(text);
}

static json_t* holds_of(jackpot_network* n, const jackpot_pool* p) {
    json_t* to = json_array();
    jackpot_held* holds = calloc((size_t)p->hold_count + 1, sizeof *holds);
    uint64_t count = 0;
    uint64_t i;
    holds[0].struct_size = sizeof *holds;
    GIVES(JACKPOT_OK, jackpot_holds(n, p->pool, holds, p->hold_count, &count));
    CHECK(count == p->hold_count);
    for (i = 0; i < count; ++i) {
        const jackpot_held* h = &holds[i];
        json_array_append_new(to, json_pack("{ss sI ss ss so so}", "hold", h->hold, "amount",
                                            (json_int_t)h->amount, "game", h->game, "player", h->player,
                                            "round", name_or_null(h->round), "site", name_or_null(h->site)));
    }
    free(holds);
    return to;
}

static json_t* state(jackpot_network* n, const jackpot_pool* p) {
    const char* const statuses[] = {"active", "suspended", "closed"};
    const named_number numbers[] = {{"current", p->current},
                                    {"overflow", p->overflow},
                                    {"carry", p->carry},
                                    {"reserve", p->reserve},
                                    {"reserve_carry", p->reserve_carry},
                                    {"held", p->held},
                                    {"funded", p->funded},
                                    {"seeded", p->seeded},
                                    {"adjusted", p->adjusted},
                                    {"transferred", p->transferred},
                                    {"total_wagered", p->total_wagered},
                                    {"wager_count", (int64_t)p->wager_count},
                                    {"total_contributions", p->total_contributions},
                                    {"total_forgone", p->total_forgone},
                                    {"total_wins", p->total_wins},
                                    {"win_count", (int64_t)p->win_count},
                                    {"version", (int64_t)p->version}};
    json_t* to =
        json_pack("{ss ss so}", "pool", p->pool, "status", statuses[p->status], "holds", holds_of(n, p));
    json_t* pending = p->pending.fields == 0 ? json_null() : json_object();
    json_t* last_win = json_null();
    if (p->win_count != 0) {
        last_win = json_pack("{sI ss ss}", "amount", (json_int_t)p->last_win_amount, "game", p->last_win_game,
                             "player", p->last_win_player);
    }
    add_fields(to, &p->configuration, n, p->pool, 0);
    add_fields(pending, &p->pending, n, p->pool, 1);
    json_object_set_new(to, "last_win", last_win);
    json_object_set_new(to, "pending", pending);
    return WITH_NUMBERS(to, numbers);
}

static json_t* statistics(const jackpot_statistics* s) {
    const named_number numbers[] = {{"pools", (int64_t)s->pools},
                                    {"current", s->current},
                                    {"overflow", s->overflow},
                                    {"reserve", s->reserve},
                                    {"held", s->held},
                                    {"funded", s->funded},
                                    {"adjusted", s->adjusted},
                                    {"transferred", s->transferred},
                                    {"total_wagered", s->total_wagered},
                                    {"wager_count", (int64_t)s->wager_count},
                                    {"total_contributions", s->total_contributions},
                                    {"total_forgone", s->total_forgone},
                                    {"total_wins", s->total_wins},
                                    {"win_count", (int64_t)s->win_count}};
    return WITH_NUMBERS(json_pack("{sb}", "ok", 1), numbers);
}

/* The members of a part that stand in the list, apart by spaces. */
static json_t* part_of(const jackpot_part* p, const char* members) {
    const named_number numbers[] = {{"to_pool", p->to_pool},
                                    {"to_overflow", p->to_overflow},
                                    {"to_reserve", p->to_reserve},
                                    {"forgone", p->forgone},
                                    {"paid", p->paid},
                                    {"from_house", p->from_house},
                                    {"from_overflow", p->from_overflow},
                                    {"from_reserve", p->from_reserve},
                                    {"from_pool", p->from_pool},
                                    {"to_house", p->to_house},
                                    {"transferred", p->transferred},
                                    {"current", p->current},
                                    {"version", (int64_t)p->version}};
    json_t* to = json_pack("{ss}", "pool", p->pool);
    size_t i;
    for (i = 0; i < sizeof numbers / sizeof *numbers; ++i) {
        const char* found = strstr(members, numbers[i].name);
        const size_t length = strlen(numbers[i].name);
        /* Its name, and not the end or the beginning of another's. */
        while (found != NULL &&
               ((found != members && found[-1] != ' ') || (found[length] != ' ' && found[length] != '\0'))) {
            found = strstr(found + 1, numbers[i].name);
        }
        if (found != NULL) {
            json_object_set_new(to, numbers[i].name, json_integer(numbers[i].value));
        }
    }
    return to;
}

static json_t* parts_of(const jackpot_receipt* r, const char* first, const char* members,
                        const char* others) {
    json_t* parts = json_array();
    uint64_t i;
    for (i = 0; i < r->part_count; ++i) {
        const int is_first = first == NULL || strcmp(r->parts[i].pool, first) == 0;
        json_array_append_new(parts, part_of(&r->parts[i], is_first ? members : others));
    }
    return parts;
}

/* What an operation of that name answers, `ok` and `replayed` aside. */
static json_t* answered(const char* op, const command* c, const jackpot_receipt* r) {
    const char* const taken = "to_pool to_overflow current version";
    json_t* to;
    if (strcmp(op, "contribute") == 0) {
        return json_pack("{sI so}", "total", (json_int_t)r->total, "contributions",
                         parts_of(r, NULL, "to_pool to_overflow to_reserve forgone current version", ""));
    }
    if (strcmp(op, "transfer") == 0) {
        return json_pack("{sI so}", "amount", (json_int_t)integer(c, "amount", 0), "parts",
                         parts_of(r, text(c, "from"), "from_overflow from_pool current version", taken));
    }
    if (strcmp(op, "close") == 0) {
        return json_pack("{ss so}", "pool", text(c, "pool"), "parts",
                         parts_of(r, text(c, "pool"), "to_house transferred current version", taken));
    }
    if (strcmp(op, "revert") == 0) {
        return json_pack(
            "{so}", "parts",
            parts_of(r, NULL, "from_reserve from_overflow from_pool from_house current version", ""));
    }
    CHECK(r->part_count == 1);
    to = part_of(r->parts, strcmp(op, "win") == 0 || strcmp(op, "hold") == 0
                               ? "paid from_reserve from_house from_overflow current version"
                           : strcmp(op, "release") == 0
                               ? "to_house to_reserve to_pool to_overflow current version"
                           : strcmp(op, "confirm") == 0 ? "paid version"
                           : strcmp(op, "adjust") == 0  ? "current version"
                                                        : "version");
    if (strcmp(op, "hold") == 0 || strcmp(op, "confirm") == 0 || strcmp(op, "release") == 0) {
        json_object_set_new(to, "hold", json_string(text(c, "hold")));
    }
    return to;
}

#endif
