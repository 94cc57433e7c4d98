// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_MEMORY_STORAGE_HPP
#define JACKPOT_MEMORY_STORAGE_HPP

#include <jackpot/detail/checkpoint.hpp>
#include <jackpot/detail/key_table.hpp>
#include <jackpot/detail/memory_journal.hpp>
#include <jackpot/rules.hpp>
#include <jackpot/storage.hpp>

#include <limits>
#include <mutex>

namespace jackpot::inline v1 {

/// The lock policy of a store that one thread uses.
struct null_lock {
    void lock() noexcept {}
    void unlock() noexcept {}
};

struct memory_options {
    /// How many of the newest operations to keep, at least; older ones go in blocks, and a checkpoint
    /// stands for them. 0 = all.
    std::uint64_t history_limit = 0;
};

/// What to allocate in advance, so that contributions and wins allocate nothing.
struct memory_capacity {
    std::size_t pools = 8;
    std::size_t journal_bytes = 1024 * 1024;  ///< a contribution to three pools takes about 300 bytes
    std::size_t keys = 0;                     ///< keyed operations kept at one time
};

namespace detail {

/// The operation of a wager, as it stands in its request and its receipt: nothing is copied to record it.
template <amount Amount>
struct wager_entry {
    std::uint64_t sequence;
    identifier id;
    timestamp at;
    const basic_contribute_request<Amount>& request;
    const basic_parts<Amount>& parts;

    [[nodiscard]] static constexpr operation_kind kind() noexcept { return operation_kind::contributed; }
};

/// What a memory_storage holds, and its verbs without the lock.
template <amount Amount>
class memory_state {
public:
    using amount_type = Amount;

    explicit memory_state(memory_options options) : options_(options) {}

    [[nodiscard]] expected<void> reserve(const memory_capacity& capacity) {
        states_.pools.reserve(capacity.pools);
        if (!journal_.try_reserve(capacity.journal_bytes, capacity.pools) ||
            !keys_.try_reserve(capacity.keys)) {
            return fail(errc::out_of_memory);
        }
        return success();
    }

    [[nodiscard]] expected<void> load(basic_snapshot<Amount>& states) {
        const bool known =
            states.head.identity == states_.head.identity && states.pools.size() == states_.pools.size();
        for (std::size_t i = 0; known && i < states_.pools.size(); ++i) {
            if (states.pools[i].sequence != states_.pools[i].sequence ||
                states.pools[i].pool != states_.pools[i].pool) {
                states.pools[i] = states_.pools[i];
            }
        }
        if (!known) {
            states.pools = states_.pools;
        }
        states.head = states_.head;
        return success();
    }

    [[nodiscard]] expected<commit_result> commit(const basic_commit<Amount>& c) {
        if (auto admitted = admit(states_.head, c); !admitted) {
            return tl::unexpected(admitted.error());
        }
        const auto duplicate = holds_a_key_of(c);
        if (!duplicate) {
            return tl::unexpected(duplicate.error());
        }
        if (*duplicate) {
            return commit_result::duplicate;
        }
        if (c.sequence != states_.head.sequence) {
            return commit_result::conflict;
        }
        const bool leap = c.operations.front().kind() == operation_kind::checkpoint;
        if (auto counted = leap ? success() : check_versions(c); !counted) {
            return tl::unexpected(counted.error());
        }
        states_.pools.reserve(c.pools.size());  // so that nothing can fail once the journal has it
        if (!append(c)) {
            return fail(errc::out_of_memory);
        }
        if (leap) {
            states_.pools.assign(c.pools.begin(), c.pools.end());
        } else {
            keep_changed(c);
        }
        sound_ = false;
        newest_id_ = c.operations.back().id;
        states_.head.identity = c.identity;
        states_.head.sequence = c.operations.back().sequence;
        states_.head.at = c.operations.back().at;
        trim();
        return commit_result::committed;
    }

    /// Declines lists of pools, and everything that is not simply done.
    [[nodiscard]] bool contribute(const basic_contribute_request<Amount>& r, const operation_stamp& stamp,
                                  basic_receipt<Amount>& into) {
        into.parts.clear();
        if (states_.head.sealed || states_.head.sequence == 0 || !is_normal(r) || !is_sound() ||
            !decide_parts(states_, r, into.parts) || into.parts.empty()) {
            return false;
        }
        if (r.key && (*find(*r.key, scratch_) || !keys_.try_reserve(keys_.size() + 1))) {
            return false;
        }
        const wager_entry<Amount> o{.sequence = states_.head.sequence + 1,
                                    .id = stamp.id,
                                    .at = next_time(states_.head, stamp.now),
                                    .request = r,
                                    .parts = into.parts};
        if (!journal_.append(std::span(&o, 1), states_, newest_id_)) {
            return false;
        }
        if (r.key) {
            keys_.insert(*r.key, o.sequence);
        }
        auto part = into.parts.begin();
        for (auto& pool : states_.pools) {
            if (takes(pool, r)) {
                [[maybe_unused]] const bool applied = apply_part(pool, r, *part, o.at);
                JACKPOT_ASSERT(applied);
                take_over(pool, *part++, o);
            }
        }
        into.sequence = states_.head.sequence = o.sequence;
        into.at = states_.head.at = o.at;
        into.replayed = false;
        newest_id_ = o.id;
        trim();
        return true;
    }

    [[nodiscard]] expected<bool> find(const name& key, basic_operation<Amount>& found) {
        return keys_.find(key, [&](std::uint64_t sequence) {
            read_at(sequence, found);
            const name* held = found.key();
            return held != nullptr && *held == key;
        }) != nullptr;
    }

    [[nodiscard]] expected<void> read(const history_query& q, std::vector<basic_operation<Amount>>& page) {
        std::size_t count = 0;
        const auto next = [&]() -> basic_operation<Amount>& {
            return count < page.size() ? page[count] : page.emplace_back();
        };
        if (q.limit > 0 && journal_.before() != nullptr && q.after < journal_.before()->head.sequence) {
            next() = checkpoint_of(*journal_.before(), journal_.before()->id);
            count += matches(q, page[count]) ? 1 : 0;
        }
        if (count < q.limit) {
            journal_.each_after(q.after, [&](std::uint64_t, const unsigned char* bytes) {
                if (!q.kind || *q.kind == journal_.kind_at(bytes)) {
                    journal_.read(bytes, next());
                    count += matches(q, page[count]) ? 1 : 0;
                }
                return count < q.limit;
            });
        }
        page.resize(count);
        return success();
    }

    [[nodiscard]] expected<void> seal(bool sealed) {
        states_.head.sealed = sealed;
        return success();
    }

    [[nodiscard]] expected<commit_result> rewrite(const basic_snapshot<Amount>& states) {
        if (states.head.sequence != states_.head.sequence) {
            return commit_result::conflict;
        }
        states_.pools = states.pools;
        sound_ = false;
        return commit_result::committed;
    }

    [[nodiscard]] expected<void> retain(std::uint64_t after) {
        retained_after_ = after;
        trim();
        return success();
    }

private:
    /// Do R8's meters hold? What this store decided itself keeps them; what others gave is looked at once.
    [[nodiscard]] bool is_sound() {
        if (!sound_) {
            sound_ = std::all_of(states_.pools.begin(), states_.pools.end(),
                                 [](const auto& pool) { return check_meters(pool).has_value(); });
        }
        return sound_;
    }

    void read_at(std::uint64_t sequence, basic_operation<Amount>& o) const {
        journal_.each_after(sequence - 1, [&](std::uint64_t, const unsigned char* bytes) {
            journal_.read(bytes, o);
            return false;
        });
    }

    [[nodiscard]] expected<bool> holds_a_key_of(const basic_commit<Amount>& c) {
        const auto operations = c.operations;
        if (operations.size() > 1 && !batch_keys_.try_reserve(operations.size())) {
            return fail(errc::out_of_memory);
        }
        batch_keys_.clear();
        for (std::size_t i = 0; i < operations.size(); ++i) {
            const name* key = operations[i].key();
            if (key == nullptr) {
                continue;
            }
            const auto holds = [&](std::uint64_t earlier) { return *operations[earlier].key() == *key; };
            if (*find(*key, scratch_) || batch_keys_.find(*key, holds) != nullptr) {
                return true;
            }
            if (operations.size() > 1) {
                batch_keys_.insert(*key, i);
            }
        }
        return false;
    }

    [[nodiscard]] bool append(const basic_commit<Amount>& c) {
        const auto keyed = [](const basic_operation<Amount>& o) { return o.key() != nullptr; };
        const auto keys = std::count_if(c.operations.begin(), c.operations.end(), keyed);
        if (!keys_.try_reserve(keys_.size() + static_cast<std::size_t>(keys)) ||
            !journal_.append(c.operations, states_, newest_id_)) {
            return false;
        }
        for (const auto& o : c.operations) {
            if (const name* key = o.key()) {
                keys_.insert(*key, o.sequence);
            }
        }
        return true;
    }

    /// Does each pool's version count on from the one that is stored?
    [[nodiscard]] expected<void> check_versions(const basic_commit<Amount>& c) const {
        for (const auto& pool : c.pools) {
            if (pool.sequence <= c.sequence) {
                continue;
            }
            const auto* stored = find_pool(states_.pools, pool.pool);
            const std::uint64_t before = stored == nullptr ? 0 : stored->version;
            if (pool.version != before + parts_of(c, pool.pool)) {
                return fail(errc::corrupt, pool.pool, "its version does not count by one");
            }
        }
        return success();
    }

    void keep_changed(const basic_commit<Amount>& c) {
        // The same pools in the same order, but for those that this commit opens.
        auto at = states_.pools.begin();
        for (const auto& pool : c.pools) {
            if (at == states_.pools.end() || at->pool != pool.pool) {
                at = lower_bound(states_.pools, pool.pool);
            }
            if (at == states_.pools.end() || at->pool != pool.pool) {
                at = states_.pools.insert(at, pool);
            } else if (pool.sequence > c.sequence) {
                *at = pool;
            }
            ++at;
        }
    }

    void trim() {
        while (options_.history_limit != 0) {
            const auto end = journal_.oldest_block_end();
            if (!end || *end > retained_after_ ||
                journal_.operations() - journal_.oldest_block_operations() < options_.history_limit) {
                return;
            }
            if (keys_.size() != 0) {
                journal_.each_after(0, [&](std::uint64_t sequence, const unsigned char* bytes) {
                    if (const auto key = sequence <= *end ? journal_.key_at(bytes) : std::nullopt) {
                        keys_.erase(*key, sequence);
                    }
                    return sequence < *end;
                });
            }
            journal_.drop_oldest_block();
        }
    }

    memory_options options_;
    basic_snapshot<Amount> states_;
    memory_journal<Amount> journal_;
    key_table keys_;
    key_table batch_keys_;  // of the commit at hand
    identifier newest_id_;
    bool sound_ = false;  // the pools were seen to keep R8 since others gave them
    std::uint64_t retained_after_ = (std::numeric_limits<std::uint64_t>::max)();
    basic_operation<Amount> scratch_;
};

}  // namespace detail

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
    template <class Body>
    auto locked(Body&& body) {
        const std::lock_guard<Lock> guard(lock_);
        return body(state_);
    }

    Lock lock_;
    detail::memory_state<Amount> state_;
};

static_assert(storage<memory_storage<>>);
static_assert(exclusive_storage<memory_storage<>>);
static_assert(rewritable_storage<memory_storage<>>);
static_assert(retaining_storage<memory_storage<>>);
static_assert(contributing_storage<memory_storage<>>);

}  // namespace jackpot::inline v1

#endif
