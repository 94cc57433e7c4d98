/* SPDX-License-Identifier: BSL-1.0 */
#ifndef JACKPOT_TESTS_C_API_CHECK_H
#define JACKPOT_TESTS_C_API_CHECK_H

#include <jackpot/c_api.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int failures = 0;

static int check(int holds, const char* condition, const char* file, int line) {
    if (!holds) {
        fprintf(stderr, "%s:%d: %s\n", file, line, condition);
        ++failures;
    }
    return holds;
}
#define CHECK(condition) check((condition) != 0, #condition, __FILE__, __LINE__)

/* What a call gave, by name: jackpot_status_name is a part of what is tested. */
static int check_status(jackpot_status got, jackpot_status wanted, const char* call, const char* file,
                        int line) {
    if (got != wanted) {
        fprintf(stderr, "%s:%d: %s gave %s, not %s\n", file, line, call, jackpot_status_name(got),
                jackpot_status_name(wanted));
        ++failures;
    }
    return got == wanted;
}
#define GIVES(wanted, call) check_status((call), (wanted), #call, __FILE__, __LINE__)

/* A network over a store, or the end of the program. */
static jackpot_network* create(const char* store) {
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

/* "sqlite://FOLDER/NAME.db", of a file that is not there any more. */
static const char* fresh_store(char (*url)[4096], const char* folder, const char* name) {
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

#endif
