/* SPDX-License-Identifier: BSL-1.0 */
#ifndef JACKPOT_C_API_C_API_H
#define JACKPOT_C_API_C_API_H

/*
 * jackpot for engines that are not C++: jackpot/c_api/c_api.cpp behind a C99 interface, 64-bit amounts.
 *
 * Text is UTF-8 and ends with a NUL; where a field is optional, NULL means none. Amounts are whole minor
 * units, rates parts per billion (20000000 is 2 %), times microseconds since 1970, UTC.
 *
 * Every struct that a caller passes begins with struct_size, which the caller sets to sizeof of it: so
 * programs and libraries of different ages agree. Set all other fields to 0 first; what a library does not
 * know must be 0, or it is JACKPOT_UNSUPPORTED. The structs within structs and arrays (jackpot_environment,
 * jackpot_configuration, jackpot_part) have no size: they change with JACKPOT_ABI_VERSION alone. The caller
 * owns every buffer; nothing that is returned needs to be freed but networks, by jackpot_destroy.
 *
 * Every function returns a jackpot_status unless it says otherwise, changes nothing where that is not
 * JACKPOT_OK, and throws nothing. Bad input is answered, never asserted. A network belongs to one thread at
 * a time; jackpot_pump, jackpot_flush and jackpot_lag_of alone may run on another beside it.
 */
#include <stdint.h>

#if defined(_WIN32) && defined(JACKPOT_C_API_BUILD)
#define JACKPOT_API __declspec(dllexport)
#elif defined(_WIN32) && defined(JACKPOT_C_API_SHARED)
#define JACKPOT_API __declspec(dllimport)
#elif defined(__GNUC__)
#define JACKPOT_API __attribute__((visibility("default")))
#else
#define JACKPOT_API
#endif

#ifdef __cplusplus
#define JACKPOT_NOEXCEPT noexcept
extern "C" {
#else
#define JACKPOT_NOEXCEPT
#endif

/* Grows by one where a program made for the older number would no longer work. */
#define JACKPOT_ABI_VERSION 1

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
    JACKPOT_UNSUPPORTED
};

/* JACKPOT_ABI_VERSION and the version ("0.1.0") that the library was built with. */
JACKPOT_API uint32_t jackpot_abi_version(void) JACKPOT_NOEXCEPT;
JACKPOT_API const char* jackpot_version(void) JACKPOT_NOEXCEPT;

/* "unknown_pool" and so on; what it means, in a sentence; and whether the same call can succeed later,
 * unchanged (1 or 0): keyed operations are then safe to send again. */
JACKPOT_API const char* jackpot_status_name(jackpot_status status) JACKPOT_NOEXCEPT;
JACKPOT_API const char* jackpot_status_meaning(jackpot_status status) JACKPOT_NOEXCEPT;
JACKPOT_API int32_t jackpot_status_retryable(jackpot_status status) JACKPOT_NOEXCEPT;

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
    const char* store;               /* NULL = memory alone; or "sqlite://FILE", made where it is missing */
    uint64_t history_limit;          /* operations that memory keeps; 0 = all */
    uint64_t lag_limit;              /* behind: operations that may wait, then JACKPOT_OVERLOADED; 0 = any */
    uint64_t reserve_pools;          /* 0 = 8; at most 65536 */
    uint64_t reserve_journal;        /* bytes; 0 = 1 MiB; at most 2 GiB */
    uint64_t reserve_keys;           /* keyed operations at one time; at most 16777216 */
    jackpot_environment environment; /* all NULL = the system's */
} jackpot_options;

typedef struct jackpot_network jackpot_network;

/* Opens a store and its pools; *network is NULL where that fails, and `message`, unless NULL, says why in at
 * most `message_size` bytes. Errors: invalid_operation (options), unsupported (a store that was not built
 * in), unavailable, permission_denied, schema_mismatch, corrupt, out_of_memory. */
JACKPOT_API jackpot_status jackpot_create(const jackpot_options* options, jackpot_network** network,
                                          char* message, uint32_t message_size) JACKPOT_NOEXCEPT;

/* Does not wait for a store behind: call jackpot_flush first. NULL is no error. */
JACKPOT_API void jackpot_destroy(jackpot_network* network) JACKPOT_NOEXCEPT;

/* Why the last call of the thread that owns the network failed: field and value, or the engine's words; ""
 * where it did not. As many whole characters as fit, and a NUL; returns the bytes of the whole text. */
JACKPOT_API uint32_t jackpot_last_error(const jackpot_network* network, char* text,
                                        uint32_t text_size) JACKPOT_NOEXCEPT;

/* A pool's configuration, or changes to one: `fields` says which are meant. */
enum {
    JACKPOT_HAS_SEED = 1,
    JACKPOT_HAS_CAP = 2,
    JACKPOT_HAS_NO_CAP = 4, /* the pool has no ceiling: a cap that was there is lifted */
    JACKPOT_HAS_RATE = 8,
    JACKPOT_HAS_ROUNDING = 16,
    JACKPOT_HAS_ON_CAP = 32,
    JACKPOT_HAS_MIN_WAGER = 64,
    JACKPOT_HAS_GAMES = 128
};
enum { JACKPOT_ROUNDING_CARRY = 0, JACKPOT_ROUNDING_FLOOR = 1 };
enum { JACKPOT_ON_CAP_DIVERT = 0, JACKPOT_ON_CAP_STOP = 1 };
enum { JACKPOT_ACTIVE = 0, JACKPOT_SUSPENDED = 1 };
enum { JACKPOT_WHEN_NOW = 0, JACKPOT_WHEN_AFTER_WIN = 1, JACKPOT_WHEN_DISCARD = 2 };

typedef struct jackpot_configuration {
    uint32_t fields;
    uint32_t reserved;
    int64_t seed;
    int64_t cap;
    int64_t rate_ppb;
    int64_t min_wager;
    int32_t rounding;
    int32_t on_cap;
    const char* const* games; /* of a request; NULL in an answer: see jackpot_pool_games */
    uint64_t game_count;
} jackpot_configuration;

typedef struct jackpot_open_request {
    uint32_t struct_size;
    uint32_t reserved;
    const char* key; /* optional, as all keys are */
    const char* pool;
    jackpot_configuration configuration;
} jackpot_open_request;

typedef struct jackpot_contribute_request {
    uint32_t struct_size;
    uint32_t has_pools; /* 1: feeds the pools of the list, none of an empty one; 0: every pool of the game */
    const char* key;
    const char* game;
    const char* player; /* optional */
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
    int64_t amount;
} jackpot_win_request;

typedef struct jackpot_configure_request {
    uint32_t struct_size;
    int32_t when;
    const char* key;
    const char* pool;
    jackpot_configuration changes;
} jackpot_configure_request;

typedef struct jackpot_adjust_request {
    uint32_t struct_size;
    uint32_t reserved;
    const char* key;
    const char* pool;
    int64_t delta;
    const char* actor;
    const char* reason;
} jackpot_adjust_request;

/* A suspend or resume request. */
typedef struct jackpot_status_request {
    uint32_t struct_size;
    uint32_t reserved;
    const char* key;
    const char* pool;
} jackpot_status_request;

/* A name with its NUL: at most 128 bytes of text. */
#define JACKPOT_NAME_SIZE 136

/* What an operation did to one pool; amounts that its kind does not name are 0. */
typedef struct jackpot_part {
    char pool[JACKPOT_NAME_SIZE];
    uint64_t version;
    int64_t current;
    int64_t overflow;
    int64_t carry; /* parts per billion of a minor unit */
    int64_t to_pool;
    int64_t to_overflow;
    int64_t forgone;
    int64_t paid;
    int64_t from_house;
    int64_t from_overflow;
} jackpot_part;

/* An answer. The caller gives the room for parts. Where there are more parts than room the operation
 * stands all the same, and part_count says how many it has. */
typedef struct jackpot_receipt {
    uint32_t struct_size;
    uint32_t replayed; /* 1: the first receipt again, for a key that was used before */
    uint64_t sequence; /* 0: no pool was changed */
    int64_t at;
    int64_t total; /* the contributions to all pools together */
    jackpot_part* parts;
    uint64_t part_capacity;
    uint64_t part_count;
} jackpot_receipt;

/* The operations, each whole and in the store (mode direct and through) or in memory (behind) before it
 * returns. `receipt` may be NULL. Errors of the rules in their order, then the store's: conflict,
 * unavailable (perhaps done: send a keyed one again), overloaded, store_sealed, corrupt,
 * permission_denied, out_of_memory. */
JACKPOT_API jackpot_status jackpot_open(jackpot_network* network, const jackpot_open_request* request,
                                        jackpot_receipt* receipt) JACKPOT_NOEXCEPT;
JACKPOT_API jackpot_status jackpot_contribute(jackpot_network* network,
                                              const jackpot_contribute_request* request,
                                              jackpot_receipt* receipt) JACKPOT_NOEXCEPT;
JACKPOT_API jackpot_status jackpot_win(jackpot_network* network, const jackpot_win_request* request,
                                       jackpot_receipt* receipt) JACKPOT_NOEXCEPT;
JACKPOT_API jackpot_status jackpot_configure(jackpot_network* network,
                                             const jackpot_configure_request* request,
                                             jackpot_receipt* receipt) JACKPOT_NOEXCEPT;
JACKPOT_API jackpot_status jackpot_adjust(jackpot_network* network, const jackpot_adjust_request* request,
                                          jackpot_receipt* receipt) JACKPOT_NOEXCEPT;
JACKPOT_API jackpot_status jackpot_suspend(jackpot_network* network, const jackpot_status_request* request,
                                           jackpot_receipt* receipt) JACKPOT_NOEXCEPT;
JACKPOT_API jackpot_status jackpot_resume(jackpot_network* network, const jackpot_status_request* request,
                                          jackpot_receipt* receipt) JACKPOT_NOEXCEPT;

/* From now on the store refuses every change (1), or takes them again (0). */
JACKPOT_API jackpot_status jackpot_seal(jackpot_network* network, int32_t sealed) JACKPOT_NOEXCEPT;

typedef struct jackpot_pool {
    uint32_t struct_size;
    int32_t status; /* JACKPOT_ACTIVE or JACKPOT_SUSPENDED */
    char pool[JACKPOT_NAME_SIZE];
    jackpot_configuration configuration;
    jackpot_configuration pending; /* what waits for the next win; fields 0 = nothing */
    int64_t current;
    int64_t overflow;
    int64_t carry;
    int64_t funded;
    int64_t adjusted;
    int64_t total_wagered;
    int64_t total_contributions;
    int64_t total_wins;
    uint64_t win_count;
    uint64_t version;
    int64_t opened_at;
    int64_t modified_at;
    int64_t last_win_amount; /* of the newest of win_count wins, as the next three */
    int64_t last_win_at;
    char last_win_game[JACKPOT_NAME_SIZE];
    char last_win_player[JACKPOT_NAME_SIZE];
} jackpot_pool;

/* One pool as it is now. Errors: invalid_pool, unknown_pool, the store's. */
JACKPOT_API jackpot_status jackpot_pool_state(jackpot_network* network, const char* pool,
                                              jackpot_pool* state) JACKPOT_NOEXCEPT;

/* Every pool, of one moment, in byte order of names: as many as fit into `capacity` structs, the first of
 * which has its struct_size set and so gives that of all. *count says how many there are. */
JACKPOT_API jackpot_status jackpot_pools(jackpot_network* network, jackpot_pool* states, uint64_t capacity,
                                         uint64_t* count) JACKPOT_NOEXCEPT;

/* The games of a pool's configuration, or (pending 1) of what waits for the next win. */
JACKPOT_API jackpot_status jackpot_pool_games(jackpot_network* network, const char* pool, int32_t pending,
                                              char (*games)[JACKPOT_NAME_SIZE], uint64_t capacity,
                                              uint64_t* count) JACKPOT_NOEXCEPT;

typedef struct jackpot_statistics {
    uint32_t struct_size;
    uint32_t reserved;
    uint64_t pools;
    int64_t current;
    int64_t overflow;
    int64_t funded;
    int64_t adjusted;
    int64_t total_wagered;
    int64_t total_contributions;
    int64_t total_wins;
    uint64_t win_count;
} jackpot_statistics;

/* The sums over all pools. Error: amount_overflow, the store's. */
JACKPOT_API jackpot_status jackpot_statistics_of(jackpot_network* network,
                                                 jackpot_statistics* sums) JACKPOT_NOEXCEPT;

/* Decides the whole journal again and compares: corrupt, and why, where anything differs. */
JACKPOT_API jackpot_status jackpot_audit(jackpot_network* network, uint64_t* operations) JACKPOT_NOEXCEPT;

/* What waits for the store behind: what a crash would lose now. */
typedef struct jackpot_lag {
    uint32_t struct_size;
    uint32_t reserved;
    uint64_t operations;
    int64_t oldest_at; /* 0 = none waits */
} jackpot_lag;

/* Carries at most `budget` operations (0 = all) into the store behind; *left, unless NULL, says how many
 * still wait. Errors are that store's: nothing is lost, and the next call goes on. */
JACKPOT_API jackpot_status jackpot_pump(jackpot_network* network, uint64_t budget,
                                        uint64_t* left) JACKPOT_NOEXCEPT;
JACKPOT_API jackpot_status jackpot_flush(jackpot_network* network) JACKPOT_NOEXCEPT;
JACKPOT_API jackpot_status jackpot_lag_of(jackpot_network* network, jackpot_lag* lag) JACKPOT_NOEXCEPT;

#ifdef __cplusplus
}
#endif

#endif
