// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_TESTS_TESTING_BROKEN_STORAGE_HPP
#define JACKPOT_TESTS_TESTING_BROKEN_STORAGE_HPP

#include "../../examples/custom_storage/vector_storage.hpp"

#include <jackpot/store/name_changed.hpp>

#include <string>

namespace test {

using namespace jackpot;

/// What is wrong with a broken_storage.
enum class defect {
    none,
    // in what a commit does
    drops_parts,
    keeps_half_of_what_it_refuses,
    keeps_the_rows_of_what_it_refuses,
    takes_the_identity_of_what_it_refuses,
    ignores_the_guard,
    guards_only_the_past,
    guards_by_the_sequence_alone,
    accepts_gaps,
    accepts_any_version,
    accepts_any_pools,
    ignores_keys,
    ignores_keys_within_a_commit,
    compares_keys_without_case,
    says_conflict_first,
    ignores_the_seal,
    unseals_by_a_copy,
    copies_into_open_stores,
    ignores_identity,
    takes_no_checkpoint_later,
    keeps_rows_through_a_checkpoint,
    // in what it keeps
    cuts_names,
    trims_names,
    cuts_amounts,
    cuts_counters,
    cuts_times,
    loses_pending,
    loses_cap_none,
    loses_empty_games,
    loses_the_list_asked_for,
    loses_the_amount_asked_for,
    loses_the_carry,
    loses_states_in_parts,
    sorts_pools_without_case,
    forgets_on_reopen,
    unseals_on_reopen,
    // in what it says
    loads_only_known_pools,
    loads_half_of_the_changes,
    loads_onto_any_history,
    loads_no_seal,
    finds_any_operation,
    finds_nothing,
    is_silent_when_sealed,
    ends_pages_early,
    repeats_an_operation,
    takes_after_as_signed,
    reads_only_the_parts_asked_for,
    ignores_the_kind,
    matches_games_without_case,
};

[[nodiscard]] inline std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out) {
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    return out;
}

/// A vector_storage with one defect.
class broken_storage {
public:
    using amount_type = std::int64_t;

    broken_storage(tables<std::int64_t>& t, defect d) : tables_(t), sound_(t), defect_(d) {
        if (has(defect::forgets_on_reopen) && !t.journal.empty()) {
            t.journal.pop_back();
        }
        if (has(defect::unseals_on_reopen)) {
            t.states.head.sealed = false;
        }
    }

    expected<void> load(snapshot& states) {
        const auto known = states.pools;
        const auto at = states.head;
        auto loaded = sound_.load(states);
        if (has(defect::loads_no_seal)) {
            states.head.sealed = false;
        }
        if (has(defect::loads_only_known_pools) && !known.empty()) {
            auto kept = std::vector<pool>(states.pools);
            std::erase_if(kept, [&](const pool& p) { return detail::find_pool(known, p.pool) == nullptr; });
            states.pools = kept;
        }
        if (has(defect::loads_onto_any_history) && at.sequence <= states.head.sequence) {
            for (pool& p : states.pools) {
                const auto* old = detail::find_pool(known, p.pool);
                p = old != nullptr && p.sequence <= at.sequence ? *old : p;
            }
        }
        if (has(defect::loads_half_of_the_changes)) {
            std::copy(known.begin() + std::ptrdiff_t(known.size() + 1) / 2, known.end(),
                      states.pools.begin() + std::ptrdiff_t(known.size() + 1) / 2);
        }
        return loaded;
    }

    expected<commit_result> commit(const basic_commit<std::int64_t>& c) {
        const auto before = tables_.states;
        auto& head = tables_.states.head;
        auto accepted = c;
        if (has(defect::ignores_the_seal)) {
            head.sealed = false;
        }
        if (has(defect::copies_into_open_stores)) {
            accepted.sealed = c.sealed && head.sealed;
        }
        if (has(defect::ignores_identity)) {
            accepted.identity = head.sequence == 0 ? identifier{1, 1} : head.identity;
        }
        if (has(defect::guards_by_the_sequence_alone)) {
            accepted.newest = head.newest;
        }
        named_pools<std::int64_t> changed;
        auto after = tables_.states;
        if (has(defect::accepts_any_pools) &&
            std::all_of(c.operations.begin(), c.operations.end(),
                        [&](auto& o) { return apply(after, o).has_value(); })) {
            accepted.pools = name_changed(after, c.operations, changed);
        }
        const bool admitted = admit(head, accepted).has_value();
        if (admitted && c.sequence != head.sequence) {
            if (has(defect::says_conflict_first)) {
                return commit_result::conflict;
            }
            if (has(defect::ignores_the_guard) ||
                (has(defect::guards_only_the_past) && c.sequence > head.sequence)) {
                head.sequence = c.sequence;
                head.newest = c.newest;
            }
        }
        if (has(defect::takes_no_checkpoint_later) && head.sequence != 0 &&
            c.operations.front().kind() == operation_kind::checkpoint) {
            return commit_result::conflict;
        }
        if (has(defect::compares_keys_without_case) && holds_a_key_without_case(c)) {
            return commit_result::duplicate;
        }
        auto result = sound_.commit(accepted);
        head.sealed = before.head.sealed && !(has(defect::unseals_by_a_copy) && c.sealed);
        if (result && *result == commit_result::committed) {
            spoil_what_was_kept(c, before);
            return result;
        }
        head.sequence = before.head.sequence;
        head.newest = before.head.newest;
        return spoil_what_was_refused(c, result);
    }

    expected<bool> find(const name& key, operation& found) {
        if (has(defect::is_silent_when_sealed) && tables_.states.head.sealed) {
            return fail(errc::store_sealed);
        }
        if (has(defect::finds_nothing)) {
            return false;
        }
        auto held = sound_.find(key, found);
        if (!*held && has(defect::finds_any_operation) && !tables_.journal.empty()) {
            found = tables_.journal.back();
            return true;
        }
        return held;
    }

    expected<void> read(const history_query& query, std::vector<operation>& page) {
        history_query q = query;
        if (has(defect::repeats_an_operation) && q.after > 0) {
            q.after -= 1;
        }
        if (has(defect::takes_after_as_signed) && static_cast<std::int64_t>(q.after) < 0) {
            q.after = 0;
        }
        if (has(defect::ignores_the_kind)) {
            q.kind.reset();
        }
        if (has(defect::matches_games_without_case) && q.game) {
            q.game = name(lower(*q.game));
        }
        auto done = sound_.read(q, page);
        if (has(defect::ends_pages_early) && page.size() > 1 && page.size() == q.limit) {
            page.pop_back();
        }
        if (has(defect::reads_only_the_parts_asked_for) && q.pool) {
            for (operation& o : page) {
                const auto asked = std::find_if(o.parts.begin(), o.parts.end(),
                                                [&](const auto& part) { return part.pool == *q.pool; });
                o.parts = {*asked};
            }
        }
        return done;
    }

    expected<void> seal(bool sealed) { return sound_.seal(sealed); }

private:
    [[nodiscard]] bool has(defect d) const noexcept { return defect_ == d; }

    [[nodiscard]] bool holds_a_key_without_case(const basic_commit<std::int64_t>& c) const {
        std::vector<std::string> keys;
        for (const auto* operations : {&tables_.journal}) {
            for (const operation& o : *operations) {
                keys.push_back(o.key() != nullptr ? lower(*o.key()) : std::string());
            }
        }
        for (const operation& o : c.operations) {
            const std::string key = o.key() != nullptr ? lower(*o.key()) : std::string();
            if (!key.empty() && std::find(keys.begin(), keys.end(), key) != keys.end()) {
                return true;
            }
            keys.push_back(key);
        }
        return false;
    }

    void keep_rows(const basic_commit<std::int64_t>& c) {
        for (const pool* p : c.pools) {
            tables_.states.pools.put(*p);
        }
    }

    /// Keeps a commit that was refused, whatever was wrong with it.
    commit_result keep(const basic_commit<std::int64_t>& c) {
        tables_.journal.insert(tables_.journal.end(), c.operations.begin(), c.operations.end());
        keep_rows(c);
        tables_.states.head.identity = c.identity;
        tables_.states.head.sequence = c.operations.back().sequence;
        tables_.states.head.newest = c.operations.back().id;
        tables_.states.head.at = c.operations.back().at;
        return commit_result::committed;
    }

    expected<commit_result> spoil_what_was_refused(const basic_commit<std::int64_t>& c,
                                                   const expected<commit_result>& result) {
        auto& head = tables_.states.head;
        if (!result) {
            const bool admitted = admit(head, c).has_value();
            const bool lenient = admitted ? has(defect::accepts_any_version) : has(defect::accepts_gaps);
            const bool corrupt = result.error().code == errc::corrupt && !c.operations.empty();
            return lenient && corrupt ? keep(c) : result;
        }
        if (*result == commit_result::duplicate && head.sequence == c.sequence) {
            const bool in_store = std::any_of(c.operations.begin(), c.operations.end(), [&](const auto& o) {
                return o.key() != nullptr && tables_.holder_of(*o.key()) != nullptr;
            });
            if (has(defect::ignores_keys) || (has(defect::ignores_keys_within_a_commit) && !in_store)) {
                return keep(c);
            }
            if (has(defect::keeps_half_of_what_it_refuses)) {
                tables_.journal.push_back(c.operations.front());
            }
        }
        if (*result == commit_result::conflict) {
            if (has(defect::keeps_the_rows_of_what_it_refuses)) {
                keep_rows(c);
            }
            if (has(defect::takes_the_identity_of_what_it_refuses) && head.sequence == 0) {
                head.identity = c.identity;
            }
        }
        return result;
    }

    void spoil_what_was_kept(const basic_commit<std::int64_t>& c, const snapshot& before) {
        const auto count = static_cast<std::ptrdiff_t>(c.operations.size());
        std::for_each(tables_.journal.end() - count, tables_.journal.end(), [&](auto& o) { spoil(o); });
        auto& pools = tables_.states.pools;
        for (pool& p : pools) {
            spoil(p);
            const auto* old = detail::find_pool(before.pools, p.pool);
            if (has(defect::keeps_rows_through_a_checkpoint) && old != nullptr && p.sequence <= c.sequence) {
                p = *old;
            }
        }
        if (has(defect::sorts_pools_without_case)) {
            std::stable_sort(pools.begin(), pools.end(),
                             [](const pool& a, const pool& b) { return lower(a.pool) < lower(b.pool); });
        }
    }

    void spoil(operation& o) const {
        auto* contributed = std::get_if<contribute_request>(&o.request);
        auto* won = std::get_if<win_request>(&o.request);
        auto* configured = std::get_if<configure_request>(&o.request);
        if (has(defect::drops_parts)) {
            o.parts.truncate(1);
        }
        if (has(defect::cuts_times)) {
            o.at -= o.at % 1000;
        }
        if (has(defect::cuts_names) && won != nullptr) {
            won->player = won->player.view().substr(0, 127);
        }
        if (has(defect::trims_names) && won != nullptr && won->game.view().ends_with(' ')) {
            won->game = won->game.view().substr(0, won->game.view().size() - 1);
        }
        if (has(defect::loses_the_amount_asked_for) && won != nullptr) {
            won->amount.reset();
        }
        if (has(defect::loses_the_list_asked_for) && contributed != nullptr) {
            contributed->pools.reset();
        }
        if (has(defect::loses_cap_none) && configured != nullptr && configured->patch.cap &&
            !*configured->patch.cap) {
            configured->patch.cap = {};
        }
        if (has(defect::loses_empty_games) && configured != nullptr && configured->patch.games &&
            configured->patch.games->empty()) {
            configured->patch.games.reset();
        }
        if (has(defect::loses_states_in_parts)) {
            for (auto& part : o.parts) {
                part.state = nullptr;
            }
        }
    }

    void spoil(pool& p) const {
        if (has(defect::cuts_amounts)) {
            p.total_wagered &= 0xFFFF'FFFF;
        }
        if (has(defect::cuts_counters)) {
            p.version &= 0xFFFF'FFFF;
        }
        if (has(defect::loses_pending)) {
            p.pending = nullptr;
        }
        if (has(defect::loses_the_carry)) {
            p.carry = 0;
        }
    }

    tables<std::int64_t>& tables_;
    vector_storage<std::int64_t> sound_;
    defect defect_;
};

}  // namespace test

#endif
