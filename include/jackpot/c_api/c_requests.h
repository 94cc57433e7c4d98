/* SPDX-License-Identifier: BSL-1.0 */
#ifndef JACKPOT_C_API_C_REQUESTS_H
#define JACKPOT_C_API_C_REQUESTS_H

/* The requests of c_api.h. Keys are optional, and so are round and site, and where nothing else is said actor
 * and reason. */
#include <jackpot/c_api/c_types.h>

typedef struct jackpot_open_request {
    uint32_t struct_size;
    uint32_t reserved;
    const char* key;
    const char* pool;
    jackpot_configuration configuration;
    const char* actor;
    const char* reason;
} jackpot_open_request;

typedef struct jackpot_contribute_request {
    uint32_t struct_size;
    uint32_t has_pools; /* 1: feeds the pools of the list, none of an empty one; 0: every pool of the game */
    const char* key;
    const char* game;
    const char* player; /* optional */
    const char* round;
    const char* site;
    int64_t wager;
    const char* const* pools;
    uint64_t pool_count;
} jackpot_contribute_request;

typedef struct jackpot_win_request {
    uint32_t struct_size;
    uint32_t has_amount; /* 0: all that the pool holds */
    const char* key;
    const char* pool;
    const char* game;
    const char* player;
    const char* round;
    const char* site;
    int64_t amount;
} jackpot_win_request;

/* As a win, but paid is held until somebody has verified it. */
typedef struct jackpot_hold_request {
    uint32_t struct_size;
    uint32_t has_amount;
    const char* key;
    const char* pool;
    const char* game;
    const char* player;
    const char* hold; /* the name by which it is confirmed or released */
    const char* round;
    const char* site;
    int64_t amount;
} jackpot_hold_request;

/* A confirm or release request. A release needs a reason, too. */
typedef struct jackpot_settle_request {
    uint32_t struct_size;
    uint32_t reserved;
    const char* key;
    const char* pool;
    const char* hold;
    const char* actor; /* required */
    const char* reason;
} jackpot_settle_request;

enum { JACKPOT_WHEN_NOW = 0, JACKPOT_WHEN_AFTER_WIN = 1, JACKPOT_WHEN_DISCARD = 2 };

typedef struct jackpot_configure_request {
    uint32_t struct_size;
    int32_t when;
    const char* key;
    const char* pool;
    jackpot_configuration changes;
    const char* actor;
    const char* reason;
} jackpot_configure_request;

typedef struct jackpot_adjust_request {
    uint32_t struct_size;
    uint32_t reserved;
    const char* key;
    const char* pool;
    int64_t delta;
    const char* actor; /* required, as is the reason */
    const char* reason;
} jackpot_adjust_request;

/* A suspend or resume request. */
typedef struct jackpot_status_request {
    uint32_t struct_size;
    uint32_t reserved;
    const char* key;
    const char* pool;
    const char* actor;
    const char* reason;
} jackpot_status_request;

typedef struct jackpot_transfer_request {
    uint32_t struct_size;
    uint32_t reserved;
    const char* key;
    const char* from; /* a suspended pool */
    const char* to;
    int64_t amount;
    const char* actor; /* required, as is the reason */
    const char* reason;
} jackpot_transfer_request;

typedef struct jackpot_close_request {
    uint32_t struct_size;
    uint32_t reserved;
    const char* key;
    const char* pool;
    const char* to;    /* what the pool holds goes there; NULL where it holds nothing */
    int64_t to_house;  /* of what the house had put in, the amount that it takes back */
    const char* actor; /* required, as is the reason */
    const char* reason;
} jackpot_close_request;

/* Takes a cancelled wager out of the meters. */
typedef struct jackpot_revert_request {
    uint32_t struct_size;
    uint32_t reserved;
    const char* key;     /* NULL: another is JACKPOT_INVALID_KEY, for what is reverted is key enough */
    const char* reverts; /* the contribution's key */
    const char* actor;   /* required, as is the reason */
    const char* reason;
} jackpot_revert_request;

#define JACKPOT_OPEN_REQUEST_INIT JACKPOT_INIT(jackpot_open_request)
#define JACKPOT_CONTRIBUTE_REQUEST_INIT JACKPOT_INIT(jackpot_contribute_request)
#define JACKPOT_WIN_REQUEST_INIT JACKPOT_INIT(jackpot_win_request)
#define JACKPOT_HOLD_REQUEST_INIT JACKPOT_INIT(jackpot_hold_request)
#define JACKPOT_SETTLE_REQUEST_INIT JACKPOT_INIT(jackpot_settle_request)
#define JACKPOT_CONFIGURE_REQUEST_INIT JACKPOT_INIT(jackpot_configure_request)
#define JACKPOT_ADJUST_REQUEST_INIT JACKPOT_INIT(jackpot_adjust_request)
#define JACKPOT_STATUS_REQUEST_INIT JACKPOT_INIT(jackpot_status_request)
#define JACKPOT_TRANSFER_REQUEST_INIT JACKPOT_INIT(jackpot_transfer_request)
#define JACKPOT_CLOSE_REQUEST_INIT JACKPOT_INIT(jackpot_close_request)
#define JACKPOT_REVERT_REQUEST_INIT JACKPOT_INIT(jackpot_revert_request)

#endif
