// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_MEMORY_STATE_HPP
#define JACKPOT_MEMORY_STATE_HPP

#include <jackpot/core/key_table.hpp>
#include <jackpot/memory/headroom.hpp>
#include <jackpot/memory/journal.hpp>
#include <jackpot/memory/options.hpp>
#include <jackpot/memory/resolved.hpp>
#include <jackpot/store/checkpoint.hpp>
#include <jackpot/store/direct_storage.hpp>

#include <limits>

namespace jackpot { inline namespace v1 { namespace detail {

/// A wager whose fields stand where the caller has them: nothing is copied to decide and to record it. Named
/// as those of basic_contribute_request and basic_operation; there is no list of pools.
template <amount Amount>
struct wager_entry {
    const name& game;
    Amount wager;  // a copy: a reference would be followed again after each store
    const std::optional<name>& player;
    const std::optional<name>& round;
    const std::optional<name>& site;
    const std::optional<name>& key;
    std::uint64_t sequence;
    identifier id;
    timestamp at;
};

/// What a memory_storage holds, and its verbs without the lock.
template <amount Amount>
class memory_state {
public:
    using amount_type = Amount;

    explicit memory_state(const memory_options& options);
    ~memory_state();

    [[nodiscard]] expected<void> reserve(const memory_capacity& capacity);

    [[nodiscard]] expected<void> load(basic_snapshot<Amount>& states);

    [[nodiscard]] expected<commit_result> commit(const basic_commit<Amount>& c);

    /// Declines lists of pools, and everything that is not simply done.
    [[nodiscard]] bool contribute(const basic_contribute_request<Amount>& r, const operation_stamp& stamp,
                                  basic_receipt<Amount>& into);
    [[nodiscard]] JACKPOT_INLINE bool contribute(const basic_game_handle<Amount>& game,
                                                 const basic_wager<Amount>& w, const operation_stamp& stamp,
                                                 basic_receipt<Amount>& into) {
        auto* known = handles_.resolved(game);
        return known != nullptr && take(*known, entry(known->game, w, stamp), into);
    }

    [[nodiscard]] expected<basic_game_handle<Amount>> resolve_game(const name& game);
    [[nodiscard]] expected<basic_pool_handle<Amount>> resolve_pool(const name& pool);

    /// Where those read a pool's meters who take no lock; null for a handle that this store did not make.
    [[nodiscard]] const meters_cell<Amount>* cell_of(const basic_pool_handle<Amount>& pool) const noexcept {
        return handles_.cell_of(pool);
    }
    [[nodiscard]] expected<basic_reading<Amount>> meters(const name& pool) const;

    /// Shows those who read without the lock what this holder of it has changed.
    JACKPOT_INLINE void publish() { handles_.publish(); }
    JACKPOT_COLD void publish_seldom();

    [[nodiscard]] expected<bool> find(const name& key, basic_operation<Amount>& found);

    [[nodiscard]] expected<void> read(const history_query& q, std::vector<basic_operation<Amount>>& page);

    [[nodiscard]] expected<void> seal(bool sealed);

    [[nodiscard]] expected<commit_result> rewrite(const basic_snapshot<Amount>& states);

    [[nodiscard]] expected<void> retain(std::uint64_t after);

private:
    using place_type = typename memory_journal<Amount>::place;

    [[nodiscard]] expected<const basic_pool<Amount>*> known_pool(const name& pool) const {
        if (!is_valid(pool)) {
            return fail(errc::invalid_pool, "pool", pool);
        }
        const auto* known = find_pool(states_.pools, pool);
        return known != nullptr ? expected<const basic_pool<Amount>*>(known)
                                : fail(errc::unknown_pool, "pool", pool);
    }

    template <class Wager>
    [[nodiscard]] JACKPOT_INLINE wager_entry<Amount> entry(const name& game, const Wager& w,
                                                           const operation_stamp& stamp) const {
        return {.game = game,
                .wager = w.wager,
                .player = w.player,
                .round = w.round,
                .site = w.site,
                .key = w.key,
                .sequence = states_.head.sequence + 1,
                .id = {stamp.id.high, stamp.id.low},
                .at = next_time(states_.head, stamp.now)};
    }

    /// Everything that can fail comes first; then each pool that the game feeds is decided, changed and
    /// recorded in one pass.
    [[nodiscard]] JACKPOT_INLINE bool take(resolved_game<Amount>& game, const wager_entry<Amount>& o,
                                           basic_receipt<Amount>& into) {
        if (o.wager < 1 || !headroom_.has(o.wager, states_) || !has_valid_names(o) ||
            !handles_.look_up(game, states_.pools) || o.wager < game.least || o.wager > game.most ||
            (o.key && !is_new(*o.key)) || !has_parts(into, game.pools.size()) || !is_journal_ready(game)) {
            return false;
        }
        const taken begun{journal_.begin_wager(game, o), into.parts.begin()};
        const taken done = game.saves ? take_saving(game, o, begun) : take_shares<false>(game, o, begun);
        const auto parts = static_cast<std::size_t>(done.end - into.parts.begin());
        if (into.parts.size() != parts) {
            drop_parts(into.parts, parts);
        }
        journal_.end_wager(done.record, o.sequence);
        if (o.key) {
            keep_key(*o.key, o.sequence);
        }
        headroom_.take(o.wager);
        into.sequence = states_.head.sequence = o.sequence;
        into.at = states_.head.at = o.at;
        into.replayed = false;
        states_.head.newest.high = o.id.high;
        states_.head.newest.low = o.id.low;
        handles_.moved(game);
        return true;
    }

    /// A wager in the making. It goes by value, and so stays in registers.
    struct taken {
        typename memory_journal<Amount>::wager_record record;
        basic_part<Amount>* end;  // of the receipt's parts
    };

    /// Each pool's share of the wager.
    template <bool Saves>
    [[nodiscard]] JACKPOT_INLINE static taken take_shares(const resolved_game<Amount>& game,
                                                          const wager_entry<Amount>& o, taken t) {
        std::uint32_t place = 0;
        for (const auto& source : game.pools) {
            if (o.wager >= source.configuration->min_wager) {
                const auto part = take_share<Saves>(*source.pool, *source.configuration, o);
                t.record.template add<Saves>(place, part);
                part.store(*t.end++);
            }
            ++place;
        }
        return t;
    }
    /// The same where there is a reserve: a function of its own, for inlined it would take the other's
    /// registers.
    [[nodiscard]] JACKPOT_OUTLINE static taken take_saving(const resolved_game<Amount>& game,
                                                           wager_entry<Amount> o, taken t) {
        return take_shares<true>(game, o, t);
    }

    [[nodiscard]] JACKPOT_INLINE bool is_journal_ready(resolved_game<Amount>& game) {
        return journal_.is_ready_for(game) || get_journal_ready(game);
    }
    JACKPOT_COLD bool get_journal_ready(resolved_game<Amount>& game) {
        const bool ready = journal_.get_ready_for(game, states_);
        trim();
        return ready;
    }

    JACKPOT_COLD void keep_key(const name& key, std::uint64_t sequence) { keys_.insert(key, sequence); }

    /// Is the key unused, and is there room for it?
    JACKPOT_COLD bool is_new(const name& key) {
        return !*find(key, scratch_) && keys_.try_reserve(keys_.size() + 1);
    }

    /// So many parts at least, as those of a wager are: without an amount of another kind.
    [[nodiscard]] JACKPOT_INLINE static bool has_parts(basic_receipt<Amount>& receipt, std::size_t count) {
        return (receipt.kind == operation_kind::contributed && receipt.parts.size() >= count) ||
               add_parts(receipt, count);
    }
    JACKPOT_COLD static void drop_parts(basic_parts<Amount>& parts, std::size_t count) {
        parts.truncate(count);
    }
    JACKPOT_COLD static bool add_parts(basic_receipt<Amount>& receipt, std::size_t count) {
        receipt.parts.clear();
        receipt.kind = operation_kind::contributed;
        const bool reserved = receipt.parts.try_reserve(count);
        while (reserved && receipt.parts.size() < count) {
            receipt.parts.emplace_back();
        }
        return reserved;
    }

    /// Was this store at that moment, and does its journal still tell?
    [[nodiscard]] bool was_at(const store_head& head) const {
        if (head.identity != states_.head.identity || head.sequence == 0) {
            return false;
        }
        bool same = head.sequence == known_.sequence && head.newest == known_.newest;
        if (!same) {
            journal_.each_after(head.sequence - 1, [&](std::uint64_t sequence, const unsigned char* bytes) {
                same = sequence == head.sequence && journal_.id_at(bytes) == head.newest;
                return false;
            });
        }
        return same;
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
            !journal_.append(c.operations, states_)) {
            return false;
        }
        for (const auto& o : c.operations) {
            if (const name* key = o.key()) {
                keys_.insert(*key, o.sequence);
            }
        }
        return true;
    }

    /// Checks that each version counts on from the one that is stored, and returns how many pools the commit
    /// adds. Error: corrupt.
    [[nodiscard]] expected<std::size_t> check_versions(const basic_commit<Amount>& c) {
        count_parts(c, counts_);
        std::size_t opened = 0;
        for (std::size_t i = 0; i < c.pools.size(); ++i) {
            const auto& pool = *c.pools[i];
            const auto* stored = find_pool(states_.pools, pool.pool);
            const std::uint64_t before = stored == nullptr ? 0 : stored->version;
            if (pool.version != before + counts_[i]) {
                return fail(errc::corrupt, pool.pool, "its version does not count by one");
            }
            opened += stored == nullptr ? 1 : 0;
        }
        return opened;
    }

    void keep_changed(const basic_commit<Amount>& c) {
        for (const auto* pool : c.pools) {
            const auto* before = find_pool(states_.pools, pool->pool);
            const bool refed = before == nullptr || before->configuration != pool->configuration ||
                               before->status != pool->status || saves(*before) != saves(*pool);
            if (refed && before != nullptr) {
                handles_.feeds_changed(*before);
            }
            const auto& after = states_.pools.put(*pool);
            if (refed) {
                handles_.feeds_changed(after);
            }
            handles_.publish(after);
            journal_.touched(after);
            headroom_.look_at(after);
        }
    }

    /// Where all pools are replaced by others, which the next wager looks at.
    template <class Replace>
    void replace_all(Replace&& replace) {
        handles_.forget_feeds();
        journal_.all_touched();
        replace();
        handles_.publish_all(states_.pools);
        headroom_.forget();
        headroom_.grant(states_);
    }

    void know() noexcept {
        known_ = states_.head;
        known_end_ = journal_.end();
    }

    /// Brings earlier states of this store along with it: by what the journal says, or, where that is long,
    /// by comparison. False where neither can tell.
    [[nodiscard]] bool bring_along(basic_snapshot<Amount>& states);

    JACKPOT_COLD void trim() {
        while (options_.history_limit != 0) {
            const auto end = journal_.oldest_block_end();
            if (!end || *end > retained_after_ ||
                journal_.operations() - journal_.oldest_block_operations() < options_.history_limit) {
                return;
            }
            drop_oldest_block(*end);
        }
    }

    void drop_oldest_block(std::uint64_t end) {
        if (keys_.size() != 0) {
            journal_.each_after(0, [&](std::uint64_t sequence, const unsigned char* bytes) {
                if (const auto key = sequence <= end ? journal_.key_at(bytes) : std::nullopt) {
                    keys_.erase(*key, sequence);
                }
                return sequence < end;
            });
        }
        journal_.drop_oldest_block();
    }

    memory_options options_;
    basic_snapshot<Amount> states_;
    store_head known_;  // of the moment that a caller was given, or gave, last
    memory_journal<Amount> journal_;
    place_type known_end_;  // of the journal at that moment
    key_table keys_;
    key_table batch_keys_;  // of the commit at hand
    memory_handles<Amount> handles_;
    std::vector<std::uint64_t> counts_;  // of its parts
    memory_headroom<Amount> headroom_;
    std::uint64_t rewritten_ = 0;  // the sequence at the newest rewrite
    std::uint64_t retained_after_ = (std::numeric_limits<std::uint64_t>::max)();
    basic_operation<Amount> scratch_;
};

}}}  // namespace jackpot::v1::detail

#endif
