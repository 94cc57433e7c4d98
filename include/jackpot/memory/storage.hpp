// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_MEMORY_STORAGE_HPP
#define JACKPOT_MEMORY_STORAGE_HPP

#include <jackpot/memory/state.hpp>

#include <mutex>

namespace jackpot { inline namespace v1 {

/// The lock policy of a store that one thread uses.
struct null_lock {
    void lock() noexcept {}
    void unlock() noexcept {}
};

/// A store in memory. Every verb takes the lock once, so that threads can share one; with `null_lock` it
/// costs nothing and one thread must own it. `exclusive` holds the lock: do not call the store itself
/// from its body.
template <amount Amount = std::int64_t, class Lock = std::mutex>
class memory_storage {
public:
    using amount_type = Amount;

    explicit memory_storage(memory_options options = {}) : state_(options) {}

    /// Allocates in advance. Error: out_of_memory, and what could not be reserved will be allocated later.
    [[nodiscard]] expected<void> reserve(const memory_capacity& capacity) {
        return locked([&](auto& s) { return s.reserve(capacity); });
    }

    [[nodiscard]] expected<void> load(basic_snapshot<Amount>& states) {
        return locked([&](auto& s) { return s.load(states); });
    }
    [[nodiscard]] expected<commit_result> commit(const basic_commit<Amount>& c) {
        return locked([&](auto& s) { return s.commit(c); });
    }
    [[nodiscard]] bool contribute(const basic_contribute_request<Amount>& r, const operation_stamp& stamp,
                                  basic_receipt<Amount>& into) {
        return locked([&](auto& s) { return s.contribute(r, stamp, into); });
    }
    /// Errors: invalid_game, out_of_memory.
    [[nodiscard]] expected<basic_game_handle<Amount>> resolve_game(const name& game) {
        return locked([&](auto& s) { return s.resolve_game(game); });
    }
    [[nodiscard]] JACKPOT_INLINE bool contribute(const basic_game_handle<Amount>& game,
                                                 const basic_wager<Amount>& w, const operation_stamp& stamp,
                                                 basic_receipt<Amount>& into) {
        const holder held(*this);  // no `locked`: compilers would not inline what it calls
        return state_.contribute(game, w, stamp, into);
    }
    /// Errors: invalid_pool, unknown_pool, out_of_memory.
    [[nodiscard]] expected<basic_pool_handle<Amount>> resolve_pool(const name& wanted) {
        return locked([&](auto& s) { return s.resolve_pool(wanted); });
    }
    /// The pool as the newest commit left it. Takes no lock and waits for nobody, but for a handle of another
    /// store, which stands for its name. Errors: unknown_pool, where there is no such pool, or a rewrite or a
    /// checkpoint of another store left none; invalid_pool, for a handle that no store made.
    [[nodiscard]] expected<basic_meters<Amount>> meters(const basic_pool_handle<Amount>& handle) const {
        const auto* cell = state_.cell_of(handle);
        if (cell == nullptr) {
            const std::lock_guard<Lock> guard(lock_);
            return state_.meters(handle.name());
        }
        expected<basic_meters<Amount>> meters(cell->read());
        if (meters->version == 0) {
            return fail(errc::unknown_pool, "pool", handle.name());
        }
        return meters;
    }
    [[nodiscard]] expected<bool> find(const name& key, basic_operation<Amount>& found) {
        return locked([&](auto& s) { return s.find(key, found); });
    }
    [[nodiscard]] expected<void> read(const history_query& q, std::vector<basic_operation<Amount>>& page) {
        return locked([&](auto& s) { return s.read(q, page); });
    }
    [[nodiscard]] expected<void> seal(bool sealed) {
        return locked([&](auto& s) { return s.seal(sealed); });
    }
    [[nodiscard]] expected<commit_result> rewrite(const basic_snapshot<Amount>& states) {
        return locked([&](auto& s) { return s.rewrite(states); });
    }
    [[nodiscard]] expected<void> retain(std::uint64_t after) {
        return locked([&](auto& s) { return s.retain(after); });
    }
    template <class Body>
    auto exclusive(Body&& body) {
        return locked(std::forward<Body>(body));
    }

private:
    /// Who holds the lock; readers without it see what was changed before others may change more.
    class holder {
    public:
        JACKPOT_INLINE explicit holder(memory_storage& store) : store_(store) { store_.lock_.lock(); }
        holder(const holder&) = delete;
        holder& operator=(const holder&) = delete;
        JACKPOT_INLINE ~holder() {
            store_.state_.publish();
            store_.lock_.unlock();
        }

    private:
        memory_storage& store_;
    };

    template <class Body>
    auto locked(Body&& body) {
        const holder held(*this);
        return body(state_);
    }

    mutable Lock lock_;
    detail::memory_state<Amount> state_;
};

static_assert(storage<memory_storage<>>);
static_assert(exclusive_storage<memory_storage<>>);
static_assert(rewritable_storage<memory_storage<>>);
static_assert(retaining_storage<memory_storage<>>);
static_assert(contributing_storage<memory_storage<>>);
static_assert(resolving_storage<memory_storage<>>);
static_assert(metered_storage<memory_storage<>>);

}}  // namespace jackpot::v1

#endif
