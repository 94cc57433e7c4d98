/* SPDX-License-Identifier: BSL-1.0 */
#ifndef JACKPOT_TESTS_C_API_CHECK_H
#define JACKPOT_TESTS_C_API_CHECK_H

#include <jackpot/c_api/c_api.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern int failures;

int check(int holds, const char* condition, const char* file, int line);
/* What a call gave, by name: jackpot_status_name is a part of what is tested. */
int check_status(jackpot_status got, jackpot_status wanted, const char* call, const char* file, int line);

#define CHECK(condition) check((condition) != 0, #condition, __FILE__, __LINE__)
#define GIVES(wanted, call) check_status((call), (wanted), #call, __FILE__, __LINE__)

/* A network over a store, or the end of the program. */
jackpot_network* create(const char* store);
/* "sqlite://FOLDER/NAME.db", of a file that is not there any more. */
const char* fresh_store(char (*url)[4096], const char* folder, const char* name);
/* Creating fails, and says why with these words. */
void refuse(const jackpot_options* options, jackpot_status wanted, const char* words);
const char* last_error(const jackpot_network* n);
#define SAYS(n, words) CHECK(strstr(last_error(n), (words)) != NULL)
/* Opens a pool that takes 2 %. */
jackpot_status open_seeded(jackpot_network* n, const char* pool, int64_t seed);
jackpot_contribute_request wager_of(int64_t amount, const char* key);
jackpot_status contribute(jackpot_network* n, int64_t amount, const char* key);
jackpot_status hold(jackpot_network* n, const char* pool, const char* name, int64_t amount);
jackpot_status suspend(jackpot_network* n, const char* pool);
jackpot_pool pool_of(jackpot_network* n, const char* name);

#endif
