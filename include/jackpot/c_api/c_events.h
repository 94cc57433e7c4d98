/* SPDX-License-Identifier: BSL-1.0 */
#ifndef JACKPOT_C_API_C_EVENTS_H
#define JACKPOT_C_API_C_EVENTS_H

/* What c_api.h calls a program with: answers of requests that were submitted, and events of an observer. */
#include <jackpot/c_api/c_types.h>

/* Calls with the answer of a request that was submitted: JACKPOT_OK and its receipt, or the error, why
 * on one line, and NULL. Both are good until it returns. */
typedef void (*jackpot_answered)(void* user, jackpot_status status, const jackpot_receipt* receipt,
                                 const char* why);

/* How a request is submitted. */
typedef struct jackpot_submission {
    uint32_t struct_size;
    int32_t first; /* filled in: 1: nothing waited before, see to a jackpot_commit; 0: somebody was told so */
    jackpot_answered answered;
    void* user;      /* of the program's, for `answered` */
    uint64_t ticket; /* filled in: for jackpot_cancel */
} jackpot_submission;

/* What kind of request an observer is told of. */
enum {
    JACKPOT_KIND_OPEN = 0,
    JACKPOT_KIND_CONTRIBUTE = 1,
    JACKPOT_KIND_WIN = 2,
    JACKPOT_KIND_CONFIGURE = 3,
    JACKPOT_KIND_ADJUST = 4,
    JACKPOT_KIND_SUSPEND = 5,
    JACKPOT_KIND_RESUME = 6
};

/* A request, told to an observer. What its kind does not have, or was left out, is NULL or 0. */
typedef struct jackpot_request {
    uint32_t struct_size;
    int32_t kind; /* JACKPOT_KIND_... */
    const char* key;
    const char* pool;
    const char* game;
    const char* player;
    const char* actor;
    const char* reason;
    int64_t amount; /* the wager, the amount of a win, or the delta of an adjustment */
} jackpot_request;

/* How operations came into the journal, told to an observer. */
typedef struct jackpot_commit_report {
    uint32_t struct_size;
    uint32_t attempts; /* 1, and one more for each `retried` before */
    uint64_t operations;
    int64_t microseconds; /* by the observer's clock, with all attempts */
} jackpot_commit_report;

/* Functions that are told what becomes of a network's requests, NULL for those that are not wanted; see
 * jackpot_observe. What they are given is good until they return. */
typedef struct jackpot_observer {
    uint32_t struct_size;
    uint32_t reserved;
    void* context;
    void (*committed)(void* context, const jackpot_request* request, const jackpot_receipt* receipt);
    void (*replayed)(void* context, const jackpot_request* request, const jackpot_receipt* first);
    void (*refused)(void* context, const jackpot_request* request, jackpot_status status, const char* why);
    void (*retried)(void* context, jackpot_status status, const char* why);
    void (*commit_done)(void* context, const jackpot_commit_report* report); /* not for wagers in memory */
    int64_t (*clock)(void* context); /* microseconds of a steady clock, for commit_done */
} jackpot_observer;

#define JACKPOT_SUBMISSION_INIT JACKPOT_INIT(jackpot_submission)
#define JACKPOT_OBSERVER_INIT JACKPOT_INIT(jackpot_observer)

#endif
