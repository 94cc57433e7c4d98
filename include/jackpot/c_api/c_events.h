/* SPDX-License-Identifier: BSL-1.0 */
#ifndef JACKPOT_C_API_C_EVENTS_H
#define JACKPOT_C_API_C_EVENTS_H

/* What c_api.h calls a program with: answers of requests that were submitted, events of an observer, and
 * operations of the journal. */
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

/* What kind of request an observer or a reader is told of. */
enum {
    JACKPOT_KIND_OPEN = 0,
    JACKPOT_KIND_CONTRIBUTE = 1,
    JACKPOT_KIND_WIN = 2,
    JACKPOT_KIND_CONFIGURE = 3,
    JACKPOT_KIND_ADJUST = 4,
    JACKPOT_KIND_SUSPEND = 5,
    JACKPOT_KIND_RESUME = 6,
    JACKPOT_KIND_RESTORE = 7,    /* an earlier state was brought back, by another tool */
    JACKPOT_KIND_CHECKPOINT = 8, /* stands for all operations up to its sequence */
    JACKPOT_KIND_HOLD = 9,
    JACKPOT_KIND_CONFIRM = 10,
    JACKPOT_KIND_RELEASE = 11,
    JACKPOT_KIND_TRANSFER = 12,
    JACKPOT_KIND_CLOSE = 13,
    JACKPOT_KIND_REVERT = 14
};

/* A request, told to an observer or a reader. What its kind does not have, or was left out, is NULL or 0. */
typedef struct jackpot_request {
    uint32_t struct_size;
    int32_t kind; /* JACKPOT_KIND_... */
    const char* key;
    const char* pool; /* of a transfer, the one that gives */
    const char* to;
    const char* game;
    const char* player;
    const char* round;
    const char* site;
    const char* hold;
    const char* reverts;
    const char* actor;
    const char* reason;
    int64_t
        amount; /* the wager, the amount of a win, hold or transfer, the delta, or what goes to the house */
    uint64_t refers_to; /* the sequence of the wager that is reverted, or of the state that is restored */
    const jackpot_configuration* configuration; /* of an open request; or what a configure request changes */
    int32_t when;                               /* of a configure request */
    int32_t has_amount;                         /* of a win or a hold; 0: all that the pool holds */
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

/* Which operations of the journal to read: those that match every field that is set. Times and kind count
 * where `fields` says so, and are 0 elsewhere. */
enum { JACKPOT_QUERY_KIND = 1, JACKPOT_QUERY_FROM = 2, JACKPOT_QUERY_TO = 4 };
typedef struct jackpot_history_query {
    uint32_t struct_size;
    uint32_t fields;
    uint64_t after;  /* after this sequence; to go on, that of the last one read */
    uint64_t before; /* before this one, 0 = any; to go on newest first */
    uint64_t limit;  /* at most; 0 = 1000 */
    int32_t newest_first;
    int32_t kind; /* JACKPOT_KIND_... */
    int64_t from; /* not before this time, */
    int64_t to;   /* and not after this one */
    const char* pool;
    const char* game;
    const char* player;
    const char* round;
    const char* site;
} jackpot_history_query;

/* Calls with one operation of the journal. What it is given is good until it returns. */
typedef void (*jackpot_reader)(void* user, const jackpot_request* request, const jackpot_receipt* receipt);

#define JACKPOT_HISTORY_QUERY_INIT JACKPOT_INIT(jackpot_history_query)
#define JACKPOT_SUBMISSION_INIT JACKPOT_INIT(jackpot_submission)
#define JACKPOT_OBSERVER_INIT JACKPOT_INIT(jackpot_observer)

#endif
