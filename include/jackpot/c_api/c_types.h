/* SPDX-License-Identifier: BSL-1.0 */
#ifndef JACKPOT_C_API_C_TYPES_H
#define JACKPOT_C_API_C_TYPES_H

/* The numbers and the structs of c_api.h, which says how they are used. */
#include <stdint.h>

/* Grows by one where a program made for the older number would no longer work. */
#define JACKPOT_ABI_VERSION 2

/* The library's own errors under the library's own numbers; 0 is success. */
typedef int32_t jackpot_status;
enum {
    JACKPOT_OK = 0,
    JACKPOT_INVALID_OPERATION = 1,
    JACKPOT_INVALID_KEY,
    JACKPOT_INVALID_POOL,
    JACKPOT_INVALID_GAME,
    JACKPOT_INVALID_PLAYER,
    JACKPOT_INVALID_ACTOR,
    JACKPOT_INVALID_REASON,
    JACKPOT_INVALID_WAGER,
    JACKPOT_INVALID_AMOUNT,
    JACKPOT_INVALID_SEED,
    JACKPOT_INVALID_CAP,
    JACKPOT_INVALID_RATE,
    JACKPOT_INVALID_ROUNDING,
    JACKPOT_INVALID_ON_CAP,
    JACKPOT_INVALID_MIN_WAGER,
    JACKPOT_INVALID_WHEN,
    JACKPOT_EMPTY_CONFIGURATION,
    JACKPOT_UNKNOWN_POOL,
    JACKPOT_POOL_EXISTS,
    JACKPOT_POOL_SUSPENDED,
    JACKPOT_POOL_ACTIVE,
    JACKPOT_POOL_EMPTY,
    JACKPOT_AMOUNT_EXCEEDS_POOL,
    JACKPOT_CAP_BELOW_CURRENT,
    JACKPOT_CAP_EXCEEDED,
    JACKPOT_AMOUNT_OVERFLOW,
    JACKPOT_KEY_CONFLICT,
    JACKPOT_CONFLICT,
    JACKPOT_UNAVAILABLE,
    JACKPOT_OVERLOADED,
    JACKPOT_STORE_SEALED,
    JACKPOT_DIVERGED,
    JACKPOT_CORRUPT,
    JACKPOT_SCHEMA_MISMATCH,
    JACKPOT_PERMISSION_DENIED,
    JACKPOT_OUT_OF_MEMORY,
    JACKPOT_UNSUPPORTED,
    JACKPOT_CANCELLED,
    JACKPOT_INVALID_MAX_WAGER,
    JACKPOT_INVALID_SEED_RATE,
    JACKPOT_INVALID_RESERVE_CAP,
    JACKPOT_INVALID_SEED_FROM,
    JACKPOT_INVALID_CHANGES,
    JACKPOT_INVALID_ROUND,
    JACKPOT_INVALID_SITE,
    JACKPOT_INVALID_HOLD,
    JACKPOT_INVALID_TO,
    JACKPOT_WAGER_TOO_LARGE,
    JACKPOT_CHANGES_LOCKED,
    JACKPOT_POOL_CLOSED,
    JACKPOT_POOL_HELD,
    JACKPOT_POOL_NOT_EMPTY,
    JACKPOT_AMOUNT_EXCEEDS_SEED,
    JACKPOT_HOLD_EXISTS,
    JACKPOT_TOO_MANY_HOLDS,
    JACKPOT_UNKNOWN_HOLD,
    JACKPOT_UNKNOWN_WAGER
};

/* Where the pools are kept. */
enum {
    JACKPOT_MODE_DIRECT = 0, /* every operation is in the store before it is answered */
    JACKPOT_MODE_BEHIND = 1, /* memory answers; jackpot_pump carries it into the store */
    JACKPOT_MODE_THROUGH = 2 /* as behind, but each operation waits until the store has it */
};

/* Answers the library's questions to the world, in place of the system: every function, or none of them. */
typedef struct jackpot_environment {
    void* context;
    int64_t (*now)(void* context);
    void (*sleep)(void* context, int64_t microseconds);
    uint64_t (*random)(void* context);
} jackpot_environment;

typedef struct jackpot_options {
    uint32_t struct_size;
    int32_t mode;
    const char* store;      /* NULL = memory alone; or "sqlite://FILE", made where it is missing; see below */
    uint64_t history_limit; /* operations that memory keeps; 0 = all */
    uint64_t lag_limit;     /* behind: operations that may wait, then JACKPOT_OVERLOADED; 0 = any */
    uint64_t reserve_pools; /* 0 = 8; at most 65536 */
    uint64_t reserve_journal;        /* bytes; 0 = 1 MiB; at most 2 GiB */
    uint64_t reserve_keys;           /* keyed operations at one time; at most 16777216 */
    jackpot_environment environment; /* all NULL = the system's */
} jackpot_options;

/*
 * How long a call may block on the store. Where another program holds a SQLite file's lock, a call that
 * writes waits for it: 5000 ms, and then it is JACKPOT_UNAVAILABLE and changed nothing.
 * "sqlite://FILE?busy_timeout=20" makes that 20 ms, and 0 no wait at all. In JACKPOT_MODE_DIRECT that is one
 * try of an operation, of up to 12 with pauses of 0.1 s at most between; in JACKPOT_MODE_BEHIND it concerns
 * jackpot_pump and jackpot_flush, which try once, and wagers with a key that memory does not hold any more. A
 * game loop that pumps in the frame sets what a frame can bear, and pumps again in the next one; or it pumps
 * on another thread.
 */

/* A pool's configuration, or changes to one: `fields` says which are meant, and a value other than 0 that is
 * not is JACKPOT_INVALID_OPERATION. */
enum {
    JACKPOT_HAS_SEED = 1,
    JACKPOT_HAS_CAP = 2,
    JACKPOT_HAS_NO_CAP = 4, /* the pool has no ceiling: a cap that was there is lifted */
    JACKPOT_HAS_RATE = 8,
    JACKPOT_HAS_ROUNDING = 16,
    JACKPOT_HAS_ON_CAP = 32,
    JACKPOT_HAS_MIN_WAGER = 64,
    JACKPOT_HAS_GAMES = 128,
    JACKPOT_HAS_SEED_RATE = 256,
    JACKPOT_HAS_RESERVE_CAP = 512,
    JACKPOT_HAS_NO_RESERVE_CAP = 1024,
    JACKPOT_HAS_SEED_FROM = 2048,
    JACKPOT_HAS_MAX_WAGER = 4096,
    JACKPOT_HAS_NO_MAX_WAGER = 8192,
    JACKPOT_HAS_CHANGES = 16384
};
enum { JACKPOT_ROUNDING_CARRY = 0, JACKPOT_ROUNDING_FLOOR = 1 };
enum { JACKPOT_ON_CAP_DIVERT = 0, JACKPOT_ON_CAP_STOP = 1 };
enum { JACKPOT_SEED_FROM_HOUSE = 0, JACKPOT_SEED_FROM_OVERFLOW = 1 };
enum { JACKPOT_CHANGES_ANY = 0, JACKPOT_CHANGES_AFTER_WIN = 1, JACKPOT_CHANGES_SUSPENDED = 2 };
enum { JACKPOT_ACTIVE = 0, JACKPOT_SUSPENDED = 1, JACKPOT_CLOSED = 2 };

typedef struct jackpot_configuration {
    uint32_t fields;
    int32_t rounding;
    int32_t on_cap;
    int32_t seed_from; /* what a new seed is taken from, where the reserve has too little */
    int32_t changes;   /* when the configuration may change */
    uint32_t reserved;
    int64_t seed;
    int64_t cap;
    int64_t rate_ppb;
    int64_t min_wager;
    int64_t max_wager;
    int64_t seed_rate_ppb; /* the share of a wager that is set aside for the next seed */
    int64_t reserve_cap;
    const char* const* games; /* of a request; NULL in an answer: see jackpot_pool_games */
    uint64_t game_count;
    int64_t spare[8]; /* 0; for settings to come */
} jackpot_configuration;

/* A name with its NUL: at most 128 bytes of text. */
#define JACKPOT_NAME_SIZE 136

/* What an operation did to one pool; amounts that its kind does not name are 0. An array of them tells its
 * element's size beside it, so that they can grow. */
typedef struct jackpot_part {
    char pool[JACKPOT_NAME_SIZE];
    uint64_t version;
    int64_t current; /* this and the next four: after the operation */
    int64_t overflow;
    int64_t carry; /* parts per billion of a minor unit */
    int64_t reserve;
    int64_t reserve_carry;
    int64_t to_pool;
    int64_t to_overflow;
    int64_t to_reserve;
    int64_t forgone;
    int64_t paid; /* of a win; or into a hold, or out of it */
    int64_t from_house;
    int64_t from_overflow;
    int64_t from_reserve;
    int64_t from_pool;
    int64_t to_house;
    int64_t transferred; /* what a closed pool gave to the other one */
} jackpot_part;

/* An answer. The caller gives the room for parts, and the size of each: sizeof(jackpot_part), which
 * JACKPOT_RECEIPT_INIT sets. Where there are more parts than room the operation stands all the same, and
 * part_count says how many it has. */
typedef struct jackpot_receipt {
    uint32_t struct_size;
    uint32_t replayed; /* 1: the first receipt again, for a key that was used before */
    uint64_t sequence; /* 0: no pool was changed */
    int64_t at;
    int64_t total; /* the contributions to all pools together */
    jackpot_part* parts;
    uint64_t part_capacity;
    uint64_t part_count;
    uint32_t part_size;
    uint32_t reserved;
} jackpot_receipt;

/* A part of a receipt that the library gives, also where it was built for larger ones. */
#define JACKPOT_PART(receipt, i) \
    ((const jackpot_part*)((const char*)(receipt)->parts + (uint64_t)(i) * (receipt)->part_size))

/* What jackpot_ensure is to do where the pool has another configuration than was asked for. */
enum { JACKPOT_KEEP = 0, JACKPOT_CHANGE_NOW = 1, JACKPOT_CHANGE_AFTER_WIN = 2 };

/* What jackpot_ensure found, or did. */
typedef struct jackpot_ensured {
    uint32_t struct_size;
    uint32_t opened;  /* 1: by this call, for there was no pool of that name */
    uint32_t changed; /* 1: its configuration, by this call, as it was asked to */
    uint32_t differs; /* JACKPOT_HAS_...: the fields that are now others than was asked for */
} jackpot_ensured;

typedef struct jackpot_pool {
    uint32_t struct_size;
    int32_t status; /* JACKPOT_ACTIVE, ... */
    char pool[JACKPOT_NAME_SIZE];
    jackpot_configuration configuration;
    jackpot_configuration pending; /* what waits for the next win; fields 0 = nothing */
    int64_t current;
    int64_t overflow;
    int64_t carry;
    int64_t reserve; /* set aside from wagers for the next seed */
    int64_t reserve_carry;
    int64_t funded;
    int64_t seeded; /* of current, what the house put in and has not been paid out */
    int64_t adjusted;
    int64_t transferred; /* from other pools, less what went to them */
    int64_t total_wagered;
    int64_t total_contributions;
    int64_t total_forgone;
    int64_t held; /* won, and not confirmed yet; see jackpot_holds */
    int64_t total_wins;
    uint64_t wager_count;
    uint64_t win_count;
    uint64_t hold_count;
    uint64_t reset_sequence; /* the operation that last started it from its seed; 0: not known any more */
    uint64_t version;
    int64_t opened_at;
    int64_t modified_at;
    int64_t last_win_amount; /* of the newest of win_count wins, as the next three */
    int64_t last_win_at;
    char last_win_game[JACKPOT_NAME_SIZE];
    char last_win_player[JACKPOT_NAME_SIZE];
} jackpot_pool;

/* An open hold: a win that waits to be confirmed or released. Texts that it has not are "". */
typedef struct jackpot_held {
    uint32_t struct_size;
    uint32_t reserved;
    char hold[JACKPOT_NAME_SIZE];
    char game[JACKPOT_NAME_SIZE];
    char player[JACKPOT_NAME_SIZE];
    char round[JACKPOT_NAME_SIZE];
    char site[JACKPOT_NAME_SIZE];
    int64_t amount;
    int64_t at;
    uint64_t sequence;
    int64_t from_house;   /* the house put this in at the reset, */
    int64_t from_reserve; /* and the reserve this */
    int64_t seeded_paid;  /* of the amount, the house had put this in */
} jackpot_held;

typedef struct jackpot_statistics {
    uint32_t struct_size;
    uint32_t reserved;
    uint64_t pools;
    int64_t current;
    int64_t overflow;
    int64_t reserve;
    int64_t funded;
    int64_t adjusted;
    int64_t transferred;
    int64_t total_wagered;
    int64_t total_contributions;
    int64_t total_forgone;
    int64_t held;
    int64_t total_wins;
    uint64_t wager_count;
    uint64_t win_count;
} jackpot_statistics;

/* What waits for the store behind: what a crash would lose now. */
typedef struct jackpot_lag {
    uint32_t struct_size;
    uint32_t reserved;
    uint64_t operations;
    int64_t oldest_at; /* 0 = none waits */
} jackpot_lag;

#ifdef __cplusplus
/* All zeros, and its size. Its linkage is stated, for this file may be included within extern "C". */
extern "C++" {
template <class Struct>
inline Struct jackpot_sized() noexcept {
    Struct s = Struct();
    s.struct_size = sizeof(Struct);
    return s;
}
inline jackpot_receipt jackpot_sized_receipt() noexcept {
    jackpot_receipt r = jackpot_sized<jackpot_receipt>();
    r.part_size = sizeof(jackpot_part);
    return r;
}
}
#define JACKPOT_INIT(type) jackpot_sized<type>()
#define JACKPOT_CONFIGURATION_INIT jackpot_configuration()
#define JACKPOT_RECEIPT_INIT jackpot_sized_receipt()
#else
#define JACKPOT_INIT(type) \
    { .struct_size = sizeof(type) }
#define JACKPOT_CONFIGURATION_INIT \
    { 0 }
#define JACKPOT_RECEIPT_INIT \
    { .struct_size = sizeof(jackpot_receipt), .part_size = sizeof(jackpot_part) }
#endif
#define JACKPOT_OPTIONS_INIT JACKPOT_INIT(jackpot_options)
#define JACKPOT_ENSURED_INIT JACKPOT_INIT(jackpot_ensured)
#define JACKPOT_HELD_INIT JACKPOT_INIT(jackpot_held)
#define JACKPOT_POOL_INIT JACKPOT_INIT(jackpot_pool)
#define JACKPOT_STATISTICS_INIT JACKPOT_INIT(jackpot_statistics)
#define JACKPOT_LAG_INIT JACKPOT_INIT(jackpot_lag)

#endif
