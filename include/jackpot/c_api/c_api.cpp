// SPDX-License-Identifier: BSL-1.0
//
// The one source of the C interface: an engine compiles it with its own flags, or takes jackpot::c_api.
// With JACKPOT_C_API_SOCI it serves the stores of jackpot::soci, too, and then needs exceptions and RTTI.
#include <jackpot/c_api/calls.hpp>
#include <jackpot/c_api/operations.hpp>
#include <jackpot/c_api/options.hpp>

using namespace jackpot;
using namespace jackpot::detail;

static_assert(static_cast<int>(errc::invalid_operation) == JACKPOT_INVALID_OPERATION);
static_assert(static_cast<int>(errc::key_conflict) == JACKPOT_KEY_CONFLICT);
static_assert(static_cast<int>(errc::cancelled) == JACKPOT_CANCELLED);
static_assert(static_cast<int>(errc::unknown_wager) == JACKPOT_UNKNOWN_WAGER);

extern "C" {

uint32_t jackpot_abi_version(void) JACKPOT_NOEXCEPT {
    return JACKPOT_ABI_VERSION;
}

const char* jackpot_version(void) JACKPOT_NOEXCEPT {
#define JACKPOT_TEXT(major, minor, patch) #major "." #minor "." #patch
#define JACKPOT_VERSION_TEXT(major, minor, patch) JACKPOT_TEXT(major, minor, patch)
    return JACKPOT_VERSION_TEXT(JACKPOT_VERSION_MAJOR, JACKPOT_VERSION_MINOR, JACKPOT_VERSION_PATCH);
}

const char* jackpot_status_name(jackpot_status status) JACKPOT_NOEXCEPT {
    return status == JACKPOT_OK ? "ok" : facts(to_enum<errc>(status)).name.data();
}

const char* jackpot_status_meaning(jackpot_status status) JACKPOT_NOEXCEPT {
    return status == JACKPOT_OK ? "done" : facts(to_enum<errc>(status)).meaning.data();
}

int32_t jackpot_status_retryable(jackpot_status status) JACKPOT_NOEXCEPT {
    return status != JACKPOT_OK && error{to_enum<errc>(status)}.retryable() ? 1 : 0;
}

jackpot_status jackpot_create(const jackpot_options* options, jackpot_network** network, char* message,
                              uint32_t message_size) JACKPOT_NOEXCEPT {
    if (network == nullptr) {
        return JACKPOT_INVALID_OPERATION;
    }
    *network = nullptr;
    const auto done = guarded([&]() -> expected<void> {
        jackpot_options o;
        if (auto sound = take(options, o); !sound) {
            return sound;
        }
        auto n = made_as_asked(o);
        if (!n) {
            return tl::unexpected(n.error());
        }
        *network = n->release();
        return success();
    });
    copy_text(done ? std::string_view() : to_text(done.error()).view(), message, message_size);
    return status_of(done);
}

void jackpot_destroy(jackpot_network* network) JACKPOT_NOEXCEPT {
    if (network != nullptr) {
        network->submitted.abandon();
        delete network;
    }
}

uint32_t jackpot_last_error(const jackpot_network* network, char* text, uint32_t text_size) JACKPOT_NOEXCEPT {
    const basic_text<512> last = network == nullptr ? "no network" : network->last_error.get();
    copy_text(last, text, text_size);
    return static_cast<uint32_t>(last.size());
}

jackpot_status jackpot_ensure(jackpot_network* network, const jackpot_open_request* request, int32_t apply,
                              jackpot_ensured* ensured) JACKPOT_NOEXCEPT {
    return call(network, [&](jackpot_network& n) -> expected<void> {
        jackpot_open_request taken;
        if (auto sound = take(request, taken).and_then([&] {
                return ensured == nullptr ? success() : check_size(ensured, sizeof *ensured);
            });
            !sound) {
            return sound;
        }
        if (apply < JACKPOT_KEEP || apply > JACKPOT_CHANGE_AFTER_WIN) {
            return fail(errc::invalid_when, "apply", amount_traits<std::int64_t>::to_text(apply));
        }
        open_request wanted;
        if (auto made = to_request(taken, wanted); !made) {
            return made;
        }
        const auto done = n.find_or_open(
            wanted, apply == JACKPOT_KEEP ? std::nullopt : std::optional(to_enum<when>(apply - 1)));
        if (!done) {
            return tl::unexpected(done.error());
        }
        jackpot_ensured out{};
        out.opened = done->opened ? 1 : 0;
        out.changed = done->changed ? 1 : 0;
        out.differs = from_patch(done->differs).fields;
        return ensured == nullptr ? success() : give(out, ensured);
    });
}

jackpot_status jackpot_wager(jackpot_network* network, const char* game, int64_t wager, const char* key,
                             int64_t* total) JACKPOT_NOEXCEPT {
    jackpot_contribute_request request{};
    request.struct_size = sizeof request;
    request.game = game;
    request.wager = wager;
    request.key = key;
    jackpot_receipt receipt{};
    receipt.struct_size = sizeof receipt;
    const jackpot_status status = jackpot_contribute(network, &request, &receipt);
    if (status == JACKPOT_OK && total != nullptr) {
        *total = receipt.total;
    }
    return status;
}

jackpot_status jackpot_commit(jackpot_network* network, int32_t* more) JACKPOT_NOEXCEPT {
    return answer(
        network,
        [](jackpot_network& n) {
            return n.submitted.commit([&](taken_calls<std::int64_t> requests) {
                const auto done = guarded([&] {
                    n.commit(requests);
                    return success();
                });
                for (auto* request : requests) {
                    // Memory may have taken some before.
                    if (!done && request->receipt(0).sequence == 0) {
                        request->refuse(0, done.error());
                    }
                }
            });
        },
        [&](bool others) -> expected<void> {
            if (more != nullptr) {
                *more = others ? 1 : 0;
            }
            return success();
        });
}

int32_t jackpot_cancel(jackpot_network* network, uint64_t ticket) JACKPOT_NOEXCEPT {
    return network != nullptr && network->submitted.cancel(ticket) ? 1 : 0;
}

void jackpot_close(jackpot_network* network) JACKPOT_NOEXCEPT {
    if (network != nullptr) {
        network->submitted.close();
    }
}

uint64_t jackpot_waiting(const jackpot_network* network) JACKPOT_NOEXCEPT {
    return network == nullptr ? 0 : network->submitted.waiting();
}

jackpot_status jackpot_reserve(jackpot_network* network, uint64_t submissions) JACKPOT_NOEXCEPT {
    return call(network, [&](jackpot_network& n) { return n.reserve_submissions(submissions); });
}

jackpot_status jackpot_observe(jackpot_network* network, const jackpot_observer* observer) JACKPOT_NOEXCEPT {
    return call(network, [&](jackpot_network& n) -> expected<void> {
        jackpot_observer taken{};
        if (observer != nullptr) {
            if (auto sound = take(observer, taken); !sound) {
                return sound;
            }
        }
        n.told.functions = taken;
        return success();
    });
}

jackpot_status jackpot_seal(jackpot_network* network, int32_t sealed) JACKPOT_NOEXCEPT {
    return call(network, [&](jackpot_network& n) { return n.seal(sealed != 0); });
}

jackpot_status jackpot_pool_state(jackpot_network* network, const char* pool,
                                  jackpot_pool* state) JACKPOT_NOEXCEPT {
    return answer(
        network, [&](jackpot_network& n) { return n.pool(to_name(pool)); },
        [&](const jackpot::pool& p) -> expected<void> { return give(from_pool(p), state); });
}

jackpot_status jackpot_pools(jackpot_network* network, jackpot_pool* states, uint64_t capacity,
                             uint64_t* count) JACKPOT_NOEXCEPT {
    return answer(
        network, [](jackpot_network& n) { return n.pools(); },
        [&](const std::vector<pool>& pools) -> expected<void> {
            return give_list(pools, states, capacity, count, from_pool);
        });
}

jackpot_status jackpot_holds(jackpot_network* network, const char* pool, jackpot_held* holds,
                             uint64_t capacity, uint64_t* count) JACKPOT_NOEXCEPT {
    return answer(
        network, [&](jackpot_network& n) { return n.pool(to_name(pool)); },
        [&](const jackpot::pool& p) { return give_list(p.holds, holds, capacity, count, from_hold); });
}

jackpot_status jackpot_history(jackpot_network* network, const jackpot_history_query* query,
                               jackpot_reader read, void* user) JACKPOT_NOEXCEPT {
    return answer(
        network,
        [&](jackpot_network& n) {
            jackpot_history_query taken;
            return take(query, taken)
                .and_then([&]() -> expected<history_query> {
                    if (read == nullptr) {
                        return fail(errc::invalid_operation, "read", "NULL");
                    }
                    return to_query(taken);
                })
                .and_then([&](const history_query& q) { return n.history(q); });
        },
        [&](const std::vector<operation>& page) -> expected<void> {
            receipt_room room;
            for (const operation& o : page) {
                const jackpot::receipt got{.sequence = o.sequence, .at = o.at, .parts = o.parts};
                visit_request(
                    [&](const auto& request) {
                        const described_request described(request);
                        read(user, &described.request, room.put(got));
                    },
                    o.request);
            }
            return success();
        });
}

jackpot_status jackpot_pool_games(jackpot_network* network, const char* pool, int32_t pending,
                                  char (*games)[JACKPOT_NAME_SIZE], uint64_t capacity,
                                  uint64_t* count) JACKPOT_NOEXCEPT {
    return answer(
        network, [&](jackpot_network& n) { return n.pool(to_name(pool)); },
        [&](const jackpot::pool& p) -> expected<void> {
            std::span<const name> named = p.configuration->games;
            if (pending != 0) {
                named =
                    p.pending && p.pending->patch.games ? *p.pending->patch.games : std::span<const name>();
            }
            const auto fits = (std::min<std::uint64_t>)(games == nullptr ? 0 : capacity, named.size());
            for (std::size_t i = 0; i < fits; ++i) {
                give_name(games[i], named[i]);
            }
            return give_count(named.size(), count);
        });
}

jackpot_status jackpot_statistics_of(jackpot_network* network, jackpot_statistics* sums) JACKPOT_NOEXCEPT {
    return answer(
        network, [](jackpot_network& n) { return n.statistics(); },
        [&](const statistics& s) -> expected<void> {
            jackpot_statistics out{};
            out.pools = s.pools;
            give_meters(s, out);
            return give(out, sums);
        });
}

jackpot_status jackpot_audit(jackpot_network* network, uint64_t* operations) JACKPOT_NOEXCEPT {
    return answer(
        network, [](jackpot_network& n) { return n.audit(); },
        [&](const audit_report& report) -> expected<void> {
            if (!report.clean()) {
                return fail(errc::corrupt, report.findings.front().where, report.findings.front().what);
            }
            return give_count(report.operations, operations);
        });
}

jackpot_status jackpot_pump(jackpot_network* network, uint64_t budget, uint64_t* left) JACKPOT_NOEXCEPT {
    return call_beside(network, [&](jackpot_network& n) -> expected<void> {
        const auto pumped = n.pump(budget);
        return pumped ? give_count(pumped->left, left) : tl::unexpected(pumped.error());
    });
}

jackpot_status jackpot_flush(jackpot_network* network) JACKPOT_NOEXCEPT {
    return jackpot_pump(network, 0, nullptr);
}

jackpot_status jackpot_lag_of(jackpot_network* network, jackpot_lag* lag) JACKPOT_NOEXCEPT {
    return call_beside(network, [&](jackpot_network& n) -> expected<void> {
        const auto now = n.lag();
        jackpot_lag out{};
        out.operations = now.operations;
        out.oldest_at = now.since;
        return give(out, lag);
    });
}

}  // extern "C"
