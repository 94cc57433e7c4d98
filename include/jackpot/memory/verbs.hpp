// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_MEMORY_VERBS_HPP
#define JACKPOT_MEMORY_VERBS_HPP

#include <jackpot/memory/state.hpp>

// The verbs of a store in memory. Not in the class, where they would be inline: see store/view.hpp.

namespace jackpot { inline namespace v1 { namespace detail {

template <amount Amount>
memory_state<Amount>::memory_state(const memory_options& options)
    : options_(options), journal_(options.history_limit != 0) {
}

template <amount Amount>
memory_state<Amount>::~memory_state() = default;

template <amount Amount>
void memory_state<Amount>::publish_seldom() {
    publish();
}

template <amount Amount>
expected<void> memory_state<Amount>::reserve(const memory_capacity& capacity) {
    states_.pools.reserve(capacity.pools);
    counts_.reserve(capacity.pools);
    if (!journal_.try_reserve(capacity.journal_bytes, capacity.pools) || !keys_.try_reserve(capacity.keys)) {
        return fail(errc::out_of_memory);
    }
    return success();
}

template <amount Amount>
bool memory_state<Amount>::bring_along(basic_snapshot<Amount>& states) {
    const auto& now = std::as_const(states_.pools);
    const std::uint64_t since = states_.head.sequence - states.head.sequence;
    if (states.head.sequence > rewritten_ && since < now.size() / 4) {
        bool told = true;
        const auto put_changed = [&](std::uint64_t, const unsigned char* bytes) {
            journal_.read(bytes, scratch_);
            for (const auto& part : scratch_.parts) {
                const auto* after = now.find(part.pool);
                const auto* before = states.pools.find(part.pool);
                told = told && after != nullptr && scratch_.kind() != operation_kind::checkpoint;
                if (told && (before == nullptr || before->sequence != after->sequence)) {
                    states.pools.put(*after);
                }
            }
            return told;
        };
        const bool is_known = states.head.sequence == known_.sequence;
        journal_.each_after(states.head.sequence, put_changed, is_known ? known_end_ : place_type{});
        return told && states.pools.size() == now.size();
    }
    const auto& old = std::as_const(states.pools);
    bool same = old.size() == now.size();
    for (std::size_t i = 0; same && i < now.size(); ++i) {
        same = old[i].pool == now[i].pool;
        if (same && old[i].sequence != now[i].sequence) {
            states.pools.put(now[i]);
        }
    }
    return same;
}

template <amount Amount>
expected<void> memory_state<Amount>::load(basic_snapshot<Amount>& states) {
    if (!was_at(states.head) || !bring_along(states)) {
        states.pools = states_.pools;
    }
    know();
    states.head = known_;
    return success();
}

template <amount Amount>
expected<commit_result> memory_state<Amount>::commit(const basic_commit<Amount>& c) {
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
    if (c.sequence != states_.head.sequence || c.newest != states_.head.newest) {
        return commit_result::conflict;
    }
    const bool leap = c.operations.front().kind() == operation_kind::checkpoint;
    const auto opened = leap ? expected<std::size_t>(c.pools.size()) : check_versions(c);
    if (!opened) {
        return tl::unexpected(opened.error());
    }
    states_.pools.reserve_more(*opened);  // so that nothing can fail once the journal has it
    if (!append(c)) {
        return fail(errc::out_of_memory);
    }
    if (leap) {
        replace_all([&] {
            states_.pools.clear();
            for (const auto* pool : c.pools) {
                states_.pools.put(*pool);
            }
        });
    } else {
        keep_changed(c);
    }
    states_.head.identity = c.identity;
    states_.head.sequence = c.operations.back().sequence;
    states_.head.newest = c.operations.back().id;
    states_.head.at = c.operations.back().at;
    headroom_.grant(states_);
    know();
    trim();
    return commit_result::committed;
}

template <amount Amount>
bool memory_state<Amount>::contribute(const basic_contribute_request<Amount>& r, const operation_stamp& stamp,
                                      basic_receipt<Amount>& into) {
    if (r.pools) {
        return false;
    }
    auto* known = handles_.named(r.game);
    return known != nullptr && take(*known, entry(r.game, r, stamp), into);
}

template <amount Amount>
expected<basic_game_handle<Amount>> memory_state<Amount>::resolve_game(const name& game) {
    if (!is_valid(game)) {
        return fail(errc::invalid_game, "game", game);
    }
    const auto handle = handles_.game(game);
    return handle ? expected<basic_game_handle<Amount>>(*handle) : fail(errc::out_of_memory);
}

template <amount Amount>
expected<basic_pool_handle<Amount>> memory_state<Amount>::resolve_pool(const name& pool) {
    const auto known = known_pool(pool);
    if (!known) {
        return tl::unexpected(known.error());
    }
    const auto handle = handles_.pool(**known);
    return handle ? expected<basic_pool_handle<Amount>>(*handle) : fail(errc::out_of_memory);
}

template <amount Amount>
expected<basic_reading<Amount>> memory_state<Amount>::meters(const name& pool) const {
    const auto known = known_pool(pool);
    if (!known) {
        return tl::unexpected(known.error());
    }
    meters_cell<Amount> cell;
    cell.publish(**known);
    return cell.read();
}

template <amount Amount>
expected<bool> memory_state<Amount>::find(const name& key, basic_operation<Amount>& found) {
    return keys_.find(key, [&](std::uint64_t sequence) {
        read_at(sequence, found);
        const name* held = found.key();
        return held != nullptr && *held == key;
    }) != nullptr;
}

template <amount Amount>
expected<void> memory_state<Amount>::read(const history_query& q,
                                          std::vector<basic_operation<Amount>>& page) {
    std::size_t count = 0;
    const auto next = [&]() -> basic_operation<Amount>& {
        return count < page.size() ? page[count] : page.emplace_back();
    };
    const auto checkpoint = [&] {
        if (count < q.limit && journal_.before() != nullptr && journal_.before()->head.sequence > q.after) {
            next() = checkpoint_of(*journal_.before());
            count += matches(q, page[count]) ? 1 : 0;
        }
    };
    const auto record = [&](std::uint64_t sequence, const unsigned char* bytes) {
        if (q.newest_first ? sequence <= q.after : sequence >= q.before) {
            return false;
        }
        if (!q.kind || *q.kind == journal_.kind_at(bytes)) {
            journal_.read(bytes, next());
            count += matches(q, page[count]) ? 1 : 0;
        }
        return count < q.limit;
    };
    if (!q.newest_first) {
        checkpoint();
        if (count < q.limit) {
            journal_.each_after(q.after, record);
        }
    } else if (q.limit > 0) {
        if (!journal_.each_before(q.before, record)) {
            return fail(errc::out_of_memory);
        }
        checkpoint();
    }
    page.resize(count);
    return success();
}

template <amount Amount>
expected<void> memory_state<Amount>::seal(bool sealed) {
    states_.head.sealed = sealed;
    headroom_.grant(states_);
    return success();
}

template <amount Amount>
expected<commit_result> memory_state<Amount>::rewrite(const basic_snapshot<Amount>& states) {
    if (states.head.sequence != states_.head.sequence || states.head.newest != states_.head.newest) {
        return commit_result::conflict;
    }
    replace_all([&] { states_.pools = states.pools; });
    rewritten_ = states_.head.sequence;
    return commit_result::committed;
}

template <amount Amount>
expected<void> memory_state<Amount>::retain(std::uint64_t after) {
    retained_after_ = after;
    trim();
    return success();
}

JACKPOT_INSTANCE(class memory_state<std::int64_t>);

}}}  // namespace jackpot::v1::detail

#endif
