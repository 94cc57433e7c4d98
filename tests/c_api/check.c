/* SPDX-License-Identifier: BSL-1.0 */
#include "check.h"

int failures = 0;

int check(int holds, const char* condition, const char* file, int line) {
    if (!holds) {
        fprintf(stderr, "%s:%d: %s\n", file, line, condition);
        ++failures;
    }
    return holds;
}

int check_status(jackpot_status got, jackpot_status wanted, const char* call, const char* file, int line) {
    if (got != wanted) {
        fprintf(stderr, "%s:%d: %s gave %s, not %s\n", file, line, call, jackpot_status_name(got),
                jackpot_status_name(wanted));
        ++failures;
    }
    return got == wanted;
}

jackpot_network* create(const char* store) {
    jackpot_options options = {0};
    jackpot_network* network = NULL;
    char message[600];
    options.struct_size = sizeof options;
    options.store = store;
    if (jackpot_create(&options, &network, message, sizeof message) != JACKPOT_OK) {
        fprintf(stderr, "%s: %s\n", store == NULL ? "memory" : store, message);
        exit(1);
    }
    return network;
}

const char* fresh_store(char (*url)[4096], const char* folder, const char* name) {
    static const char* const ends[] = {"", "-wal", "-shm"};
    char file[4200];
    size_t i;
    for (i = 0; i < sizeof ends / sizeof *ends; ++i) {
        snprintf(file, sizeof file, "%s/%s.db%s", folder, name, ends[i]);
        remove(file);
    }
    snprintf(*url, sizeof *url, "sqlite://%s/%s.db", folder, name);
    return *url;
}

const char* last_error(const jackpot_network* n) {
    static char text[600];
    jackpot_last_error(n, text, sizeof text);
    return text;
}

jackpot_status open_seeded(jackpot_network* n, const char* pool, int64_t seed) {
    jackpot_open_request r = {0};
    r.struct_size = sizeof r;
    r.pool = pool;
    r.configuration.fields = JACKPOT_HAS_SEED | JACKPOT_HAS_RATE;
    r.configuration.seed = seed;
    r.configuration.rate_ppb = 20000000;
    return jackpot_open(n, &r, NULL);
}

jackpot_contribute_request wager_of(int64_t amount, const char* key) {
    jackpot_contribute_request r = {0};
    r.struct_size = sizeof r;
    r.game = "slots";
    r.wager = amount;
    r.key = key;
    return r;
}

jackpot_status contribute(jackpot_network* n, int64_t amount, const char* key) {
    const jackpot_contribute_request r = wager_of(amount, key);
    return jackpot_contribute(n, &r, NULL);
}

jackpot_status hold(jackpot_network* n, const char* pool, const char* name, int64_t amount) {
    jackpot_hold_request r = JACKPOT_HOLD_REQUEST_INIT;
    r.pool = pool;
    r.game = "slots";
    r.player = "zoe";
    r.hold = name;
    r.has_amount = 1;
    r.amount = amount;
    r.round = "r1";
    return jackpot_hold(n, &r, NULL);
}

jackpot_status suspend(jackpot_network* n, const char* pool) {
    jackpot_status_request r = JACKPOT_STATUS_REQUEST_INIT;
    r.pool = pool;
    return jackpot_suspend(n, &r, NULL);
}

jackpot_pool pool_of(jackpot_network* n, const char* name) {
    jackpot_pool pool = {0};
    pool.struct_size = sizeof pool;
    GIVES(JACKPOT_OK, jackpot_pool_state(n, name, &pool));
    return pool;
}

void refuse(const jackpot_options* options, jackpot_status wanted, const char* words) {
    char message[600] = "?";
    jackpot_network* n = (jackpot_network*)message;
    GIVES(wanted, jackpot_create(options, &n, message, sizeof message));
    CHECK(n == NULL);
    if (!CHECK(strstr(message, words) != NULL)) {
        fprintf(stderr, "  %s, and not: %s\n", message, words);
    }
    CHECK(strncmp(message, jackpot_status_name(wanted), strlen(jackpot_status_name(wanted))) == 0);
}
