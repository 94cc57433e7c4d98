// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_MEMORY_STORAGE_HPP
#define JACKPOT_MEMORY_STORAGE_HPP

#include <jackpot/memory/verbs.hpp>

#include <mutex>

namespace jackpot { inline namespace v1 {

/// The lock policy of a store that one thread uses.
struct null_lock {
    void lock() noexcept {}
    void unlock() noexcept {}
};

/// A store in memory. Every verb takes the lock once, so that threads can share the store. With `null_lock`
/// the lock costs nothing, and one thread must own the store. `exclusive` holds the lock while its body runs:
/// do not call the store itself from there.
template <amount Amount = std::int64_t, class Lock = std::mutex>
class memory_storage {
public:
    using amount_type = Amount;
    using game_handle = basic_game_handle<Amount>;
    using pool_handle = basic_pool_handle<Amount>;
    static constexpr bool is_thread_safe = !std::is_same_v<Lock, null_lock>;

    explicit memory_storage(memory_options options = {}) : state_(options) {}

    /// Allocates in advance. Error: out_of_memory; the store then allocates later what it could not reserve.
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
        const holder held(*this);
        return state_.contribute(r, stamp, into);
    }
    /// Errors: invalid_game, out_of_memory.
    [[nodiscard]] expected<game_handle> resolve_game(const name& game) {
        return locked([&](auto& s) { return s.resolve_game(game); });
    }
    [[nodiscard]] JACKPOT_INLINE bool contribute(const game_handle& game, const basic_wager<Amount>& w,
                                                 const operation_stamp& stamp, basic_receipt<Amount>& into) {
        const holder held(*this);  // no `locked`: compilers would not inline what it calls
        return state_.contribute(game, w, stamp, into);
    }
    /// Errors: invalid_pool, unknown_pool, out_of_memory.
    [[nodiscard]] expected<pool_handle> resolve_pool(const name& wanted) {
        return locked([&](auto& s) { return s.resolve_pool(wanted); });
    }
    /// The pool's meters as the newest commit left them. Takes no lock and waits for no writer, except for a
    /// handle of another store, which stands for its name. Errors: unknown_pool, where there is no such pool,
    /// or a rewrite or another store's checkpoint has removed it; invalid_pool, for a handle that no store
    /// made.
    [[nodiscard]] expected<basic_reading<Amount>> meters(const pool_handle& handle) const {
        const auto* cell = state_.cell_of(handle);
        if (cell == nullptr) {
            const std::lock_guard<Lock> guard(lock_);
            return state_.meters(handle.name());
        }
        expected<basic_reading<Amount>> meters(cell->read());
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
    /// Holds the lock. Before it releases it, it publishes the changes to readers without the lock.
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

    /// The same for all but wagers, each of which would have all of `publish` in it.
    class verb_holder {
    public:
        explicit verb_holder(memory_storage& store) : store_(store) { store_.lock_.lock(); }
        verb_holder(const verb_holder&) = delete;
        verb_holder& operator=(const verb_holder&) = delete;
        ~verb_holder() {
            store_.state_.publish_seldom();
            store_.lock_.unlock();
        }

    private:
        memory_storage& store_;
    };

    template <class Body>
    auto locked(Body&& body) {
        const verb_holder held(*this);
        return body(state_);
    }

    mutable Lock lock_;
    detail::memory_state<Amount> state_;
};

// It models every concept of a store: compiled.cpp and tests prove that, and not each file again.

}}  // namespace jackpot::v1

#endif
