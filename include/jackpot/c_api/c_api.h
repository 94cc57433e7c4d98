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
 * programs and libraries of different ages agree. Set all other fields to 0 first: where a field that the
 * library does not know is not 0, the call returns JACKPOT_UNSUPPORTED. An array tells the size of its
 * elements: the first one's struct_size stands for all, and a receipt has part_size. jackpot_configuration,
 * within other structs, has spare room instead. So JACKPOT_ABI_VERSION need not change for a field more. The
 * caller owns every buffer, and frees nothing but networks, by jackpot_destroy. A struct's JACKPOT_..._INIT
 * is all zeros with its size set: `jackpot_options options = JACKPOT_OPTIONS_INIT;`.
 *
 * A field beside it (`fields`, has_pools, has_amount) says whether an optional value counts. A value without
 * it is JACKPOT_INVALID_OPERATION, which names the value; none is ignored.
 *
 * Every function returns a jackpot_status unless it says otherwise, changes nothing where that is not
 * JACKPOT_OK, and throws nothing. Bad input is answered, never asserted. A network belongs to one thread at
 * a time; jackpot_pump, jackpot_flush and jackpot_lag_of may run on one other beside it, and
 * jackpot_submit_..., jackpot_cancel, jackpot_close and jackpot_waiting on any number.
 */
#include <jackpot/c_api/c_events.h>
#include <jackpot/c_api/c_requests.h>

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

/* JACKPOT_ABI_VERSION and the version ("0.1.0") that the library was built with. */
JACKPOT_API uint32_t jackpot_abi_version(void) JACKPOT_NOEXCEPT;
JACKPOT_API const char* jackpot_version(void) JACKPOT_NOEXCEPT;

/* "unknown_pool" and so on; what it means, in a sentence; and whether the same call can succeed later,
 * unchanged (1 or 0): keyed operations are then safe to send again. */
JACKPOT_API const char* jackpot_status_name(jackpot_status status) JACKPOT_NOEXCEPT;
JACKPOT_API const char* jackpot_status_meaning(jackpot_status status) JACKPOT_NOEXCEPT;
JACKPOT_API int32_t jackpot_status_retryable(jackpot_status status) JACKPOT_NOEXCEPT;

typedef struct jackpot_network jackpot_network;

/* Opens a store and its pools; *network is NULL where that fails, and `message`, unless NULL, says why in at
 * most `message_size` bytes. Errors: invalid_operation (options), unsupported (a store that was not built
 * in), unavailable, permission_denied, schema_mismatch, corrupt, out_of_memory. */
JACKPOT_API jackpot_status jackpot_create(const jackpot_options* options, jackpot_network** network,
                                          char* message, uint32_t message_size) JACKPOT_NOEXCEPT;

/* Does not wait for a store behind: call jackpot_flush first. Requests that still wait are answered with
 * cancelled, on this thread. NULL is no error. */
JACKPOT_API void jackpot_destroy(jackpot_network* network) JACKPOT_NOEXCEPT;

/* Why the calling thread's last call on the network failed: the status by name, field and value, or the
 * engine's words, on one line; "" where it did not. Every function that takes a network sets it,
 * jackpot_pump, jackpot_flush, jackpot_lag_of and jackpot_submit_... too; those that are called on threads
 * beside the owner's leave the owner's alone, and share one among themselves. As many whole characters as
 * fit, and a NUL; returns the bytes of the whole text.
 */
JACKPOT_API uint32_t jackpot_last_error(const jackpot_network* network, char* text,
                                        uint32_t text_size) JACKPOT_NOEXCEPT;

/* The operations. Each is whole, and in the store (mode direct and through) or in memory (behind), before the
 * function returns. `receipt` may be NULL. Errors: those of the rules in their order, then the store's:
 * conflict, unavailable (perhaps done: send a keyed operation again), overloaded, store_sealed, corrupt,
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
JACKPOT_API jackpot_status jackpot_hold(jackpot_network* network, const jackpot_hold_request* request,
                                        jackpot_receipt* receipt) JACKPOT_NOEXCEPT;
JACKPOT_API jackpot_status jackpot_confirm(jackpot_network* network, const jackpot_settle_request* request,
                                           jackpot_receipt* receipt) JACKPOT_NOEXCEPT;
JACKPOT_API jackpot_status jackpot_release(jackpot_network* network, const jackpot_settle_request* request,
                                           jackpot_receipt* receipt) JACKPOT_NOEXCEPT;
JACKPOT_API jackpot_status jackpot_transfer(jackpot_network* network, const jackpot_transfer_request* request,
                                            jackpot_receipt* receipt) JACKPOT_NOEXCEPT;
/* Ends a suspended pool for ever; jackpot_close is another thing. */
JACKPOT_API jackpot_status jackpot_close_pool(jackpot_network* network, const jackpot_close_request* request,
                                              jackpot_receipt* receipt) JACKPOT_NOEXCEPT;
JACKPOT_API jackpot_status jackpot_revert(jackpot_network* network, const jackpot_revert_request* request,
                                          jackpot_receipt* receipt) JACKPOT_NOEXCEPT;

/* A wager in a game by itself, with its key or NULL, for every pool that the game feeds: jackpot_contribute
 * without its structs. *total, unless NULL, is what they take of it. */
JACKPOT_API jackpot_status jackpot_wager(jackpot_network* network, const char* game, int64_t wager,
                                         const char* key, int64_t* total) JACKPOT_NOEXCEPT;

/*
 * Requests that wait for a commit, for programs that must not wait themselves. jackpot_submit_... copies a
 * request into the queue and returns, on any thread; jackpot_commit, on the network's, commits all that wait
 * together and calls `answered` of each, in the order of submission; then each has its own receipt or error,
 * as from the functions above.
 *
 * After JACKPOT_OK `answered` is called once, unless jackpot_cancel says 1, and perhaps before
 * jackpot_submit_... has returned. It may call every function of the network but jackpot_commit and
 * jackpot_destroy. After another status it is not called; errors: invalid_operation and unsupported, for the
 * structs; overloaded, where 65536 requests wait already; cancelled, after jackpot_close; out_of_memory. What
 * is wrong with the request itself is answered. The request and the submission are the caller's again when
 * the call returns.
 */
JACKPOT_API jackpot_status jackpot_submit_open(jackpot_network* network, const jackpot_open_request* request,
                                               jackpot_submission* submission) JACKPOT_NOEXCEPT;
JACKPOT_API jackpot_status jackpot_submit_contribute(jackpot_network* network,
                                                     const jackpot_contribute_request* request,
                                                     jackpot_submission* submission) JACKPOT_NOEXCEPT;
JACKPOT_API jackpot_status jackpot_submit_win(jackpot_network* network, const jackpot_win_request* request,
                                              jackpot_submission* submission) JACKPOT_NOEXCEPT;
JACKPOT_API jackpot_status jackpot_submit_configure(jackpot_network* network,
                                                    const jackpot_configure_request* request,
                                                    jackpot_submission* submission) JACKPOT_NOEXCEPT;
JACKPOT_API jackpot_status jackpot_submit_adjust(jackpot_network* network,
                                                 const jackpot_adjust_request* request,
                                                 jackpot_submission* submission) JACKPOT_NOEXCEPT;
JACKPOT_API jackpot_status jackpot_submit_suspend(jackpot_network* network,
                                                  const jackpot_status_request* request,
                                                  jackpot_submission* submission) JACKPOT_NOEXCEPT;
JACKPOT_API jackpot_status jackpot_submit_resume(jackpot_network* network,
                                                 const jackpot_status_request* request,
                                                 jackpot_submission* submission) JACKPOT_NOEXCEPT;
JACKPOT_API jackpot_status jackpot_submit_hold(jackpot_network* network, const jackpot_hold_request* request,
                                               jackpot_submission* submission) JACKPOT_NOEXCEPT;
JACKPOT_API jackpot_status jackpot_submit_confirm(jackpot_network* network,
                                                  const jackpot_settle_request* request,
                                                  jackpot_submission* submission) JACKPOT_NOEXCEPT;
JACKPOT_API jackpot_status jackpot_submit_release(jackpot_network* network,
                                                  const jackpot_settle_request* request,
                                                  jackpot_submission* submission) JACKPOT_NOEXCEPT;
JACKPOT_API jackpot_status jackpot_submit_transfer(jackpot_network* network,
                                                   const jackpot_transfer_request* request,
                                                   jackpot_submission* submission) JACKPOT_NOEXCEPT;
JACKPOT_API jackpot_status jackpot_submit_close_pool(jackpot_network* network,
                                                     const jackpot_close_request* request,
                                                     jackpot_submission* submission) JACKPOT_NOEXCEPT;
JACKPOT_API jackpot_status jackpot_submit_revert(jackpot_network* network,
                                                 const jackpot_revert_request* request,
                                                 jackpot_submission* submission) JACKPOT_NOEXCEPT;

/* One commit for all that wait, at most 256 of them, and their answers. *more, unless NULL, is 1 where others
 * wait by now and nobody else was told: call it again. It takes as long as the store does (see
 * jackpot_options). What becomes of the requests is in their answers, and not in the status. Error:
 * invalid_operation, from within a function that it calls. */
JACKPOT_API jackpot_status jackpot_commit(jackpot_network* network, int32_t* more) JACKPOT_NOEXCEPT;

/* Takes a request back by its ticket. 1: it was still in the queue, nothing changed, and `answered` will not
 * be called. 0: it is in a commit, or answered, or the ticket was never given. */
JACKPOT_API int32_t jackpot_cancel(jackpot_network* network, uint64_t ticket) JACKPOT_NOEXCEPT;

/* Refuses to let in requests from now on; those that wait are still to be committed. */
JACKPOT_API void jackpot_close(jackpot_network* network) JACKPOT_NOEXCEPT;

/* How many requests are not answered yet. */
JACKPOT_API uint64_t jackpot_waiting(const jackpot_network* network) JACKPOT_NOEXCEPT;

/* Allocates in advance, so that as many requests as `submissions` (at most 65536) can wait and are answered
 * without an allocation of the network's, but for lists of more than 8 names, and parts of more pools than
 * reserve_pools. Without it the network allocates when more wait than ever before. Nothing is given back
 * before jackpot_destroy. */
JACKPOT_API jackpot_status jackpot_reserve(jackpot_network* network, uint64_t submissions) JACKPOT_NOEXCEPT;

/* From now on calls the observer's functions, or none (NULL): on the thread that commits, before the answer.
 * Each request ends as one of committed, replayed and refused (but for a wager that no pool takes a share
 * of); then a commit tells how many operations it brought, unless it was a wager that memory took itself.
 * After refused with unavailable an operation may be in the journal: the keyed request that settles it is
 * replayed. The functions may call jackpot_submit_..., jackpot_cancel, jackpot_close and jackpot_waiting. */
JACKPOT_API jackpot_status jackpot_observe(jackpot_network* network,
                                           const jackpot_observer* observer) JACKPOT_NOEXCEPT;

/* What a program does when it starts: opens the pool where there is none of that name. Where there is one,
 * nothing is changed, and `ensured` (or NULL) says what differs; unless `apply` asks for the change. Safe to
 * try again. Errors: invalid_when (apply); of the request's fields, as for jackpot_open; the store's;
 * key_conflict, where it opens; those of jackpot_configure, where it changes. */
JACKPOT_API jackpot_status jackpot_ensure(jackpot_network* network, const jackpot_open_request* request,
                                          int32_t apply, jackpot_ensured* ensured) JACKPOT_NOEXCEPT;

/* sealed 1: the store refuses every change from now on. 0: it takes changes again. */
JACKPOT_API jackpot_status jackpot_seal(jackpot_network* network, int32_t sealed) JACKPOT_NOEXCEPT;

/* One pool as it is now. Errors: invalid_pool, unknown_pool, the store's. */
JACKPOT_API jackpot_status jackpot_pool_state(jackpot_network* network, const char* pool,
                                              jackpot_pool* state) JACKPOT_NOEXCEPT;

/* Every pool, all of one moment, in byte order of names: as many as fit into `capacity` structs. Set the
 * struct_size of the first one, which stands for all. *count says how many pools there are. */
JACKPOT_API jackpot_status jackpot_pools(jackpot_network* network, jackpot_pool* states, uint64_t capacity,
                                         uint64_t* count) JACKPOT_NOEXCEPT;

/* The games of a pool's configuration, or (pending 1) of what waits for the next win. */
JACKPOT_API jackpot_status jackpot_pool_games(jackpot_network* network, const char* pool, int32_t pending,
                                              char (*games)[JACKPOT_NAME_SIZE], uint64_t capacity,
                                              uint64_t* count) JACKPOT_NOEXCEPT;

/* The open holds of a pool, in byte order of their names; room and count as for jackpot_pools. Errors:
 * invalid_pool, unknown_pool, the store's. */
JACKPOT_API jackpot_status jackpot_holds(jackpot_network* network, const char* pool, jackpot_held* holds,
                                         uint64_t capacity, uint64_t* count) JACKPOT_NOEXCEPT;

/* Calls `read` with each operation of the journal that matches the query, in order, or newest first where
 * that is asked for. It may call every function of the network but jackpot_destroy. Errors:
 * invalid_operation; invalid_pool, _game, _player, _round, _site, of those names; the store's. */
JACKPOT_API jackpot_status jackpot_history(jackpot_network* network, const jackpot_history_query* query,
                                           jackpot_reader read, void* user) JACKPOT_NOEXCEPT;

/* The sums over all pools. Error: amount_overflow, the store's. */
JACKPOT_API jackpot_status jackpot_statistics_of(jackpot_network* network,
                                                 jackpot_statistics* sums) JACKPOT_NOEXCEPT;

/* Decides the whole journal again and compares: corrupt, and why, where anything differs. */
JACKPOT_API jackpot_status jackpot_audit(jackpot_network* network, uint64_t* operations) JACKPOT_NOEXCEPT;

/* Carries at most `budget` operations (0 = all) into the store behind; *left, unless NULL, says how many
 * still wait. Errors are that store's: nothing is lost, and the next call goes on. It blocks while the store
 * is at work, and up to busy_timeout where that is locked by others (see jackpot_options). */
JACKPOT_API jackpot_status jackpot_pump(jackpot_network* network, uint64_t budget,
                                        uint64_t* left) JACKPOT_NOEXCEPT;
JACKPOT_API jackpot_status jackpot_flush(jackpot_network* network) JACKPOT_NOEXCEPT;
JACKPOT_API jackpot_status jackpot_lag_of(jackpot_network* network, jackpot_lag* lag) JACKPOT_NOEXCEPT;

#ifdef __cplusplus
}
#endif

#endif
