// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_REPLICATION_AUDIT_HPP
#define JACKPOT_REPLICATION_AUDIT_HPP

#include <jackpot/replication/compare.hpp>
#include <jackpot/rules/decide.hpp>

namespace jackpot { inline namespace v1 {

/// Optional: `trace_keys(range, traces)` replaces `traces` by where the keys lead: for each operation of the
/// range that has a key, in order, its sequence and the sequence of the operation that `find` of that key
/// would find, 0 where it would find none. Every key is looked up by what also tells a commit that a key is a
/// duplicate; that an operation has a key proves nothing. It changes nothing, and may be called again after
/// any error: those of `find`. Only `audit` uses it, which else calls `find` for each key.
template <class S>
concept tracing_storage = storage<S> &&
    requires(S& store, const sequence_range& range, std::vector<key_trace>& traces) {
    { store.trace_keys(range, traces) } -> std::same_as<expected<void>>;
};

/// One place in a store that breaks the rules.
struct finding {
    std::string where;  ///< "operation 17", "pool minor"
    std::string what;
};

struct audit_report {
    static constexpr std::size_t kept_max = 100;

    std::uint64_t operations = 0;
    std::uint64_t contributions = 0;
    std::uint64_t wins = 0;
    std::uint64_t pools = 0;
    std::vector<finding> findings;  ///< the first `kept_max` of them
    std::uint64_t count = 0;        ///< all of them

    [[nodiscard]] bool clean() const noexcept { return count == 0; }

    void add(finding f) {
        if (count++ < kept_max) {
            findings.push_back(std::move(f));
        }
    }
};

namespace detail {

/// What a store of the first schema could keep of a state.
template <amount Amount>
[[nodiscard]] basic_pool<Amount> as_first_schema(basic_pool<Amount> p) {
    each_meter<Amount>([&](const auto& m, auto meter) {
        if (m.later) {
            p.*meter = {};
        }
    });
    p.reset_sequence = 0;
    return p;
}

/// Decides every operation again.
template <storage Storage>
class auditor {
public:
    using amount_type = typename Storage::amount_type;
    using operation_type = basic_operation<amount_type>;

    auditor(Storage& store, audit_report& report) : store_(&store), report_(&report) {}

    /// Looks ahead for operations that return to earlier states, so that the audit keeps those states when it
    /// passes them. Error: the store's.
    [[nodiscard]] expected<void> look_ahead() {
        history_query restored{.kind = operation_kind::restored};
        std::vector<operation_type> page;
        do {
            if (auto read = store_->read(restored, page); !read) {
                return read;
            }
            for (const auto& o : page) {
                const auto& r = *std::get_if<basic_restore_request<amount_type>>(&o.request);
                if (r.returned_to + 1 < o.sequence) {
                    earlier_.push_back({{.sequence = r.returned_to}, {}});
                }
                restored.after = o.sequence;
            }
        } while (!page.empty());
        const auto before = [](const auto& a, const auto& b) { return a.head.sequence < b.head.sequence; };
        std::sort(earlier_.begin(), earlier_.end(), before);
        return {};
    }

    /// False where the journal cannot be folded any further. Error: the store's.
    [[nodiscard]] expected<bool> examine(const operation_type& o) {
        ++report_->operations;
        report_->contributions += o.kind() == operation_kind::contributed ? 1 : 0;
        report_->wins += o.kind() == operation_kind::won ? 1 : 0;
        if (o.id.is_null()) {
            found(o, "no id");
        }
        if (o.kind() != operation_kind::checkpoint) {
            if (auto decided = decide_again(o); !decided) {
                return tl::unexpected(decided.error());
            }
        }
        if (const name* key = o.key()) {
            const auto found_at = look_up(o.sequence, *key);
            if (!found_at) {
                return tl::unexpected(found_at.error());
            }
            if (*found_at != o.sequence) {
                found(o, "its key does not lead back to it: " + std::string(key->view()));
            }
        }
        if (auto applied = apply(states_, o); !applied) {
            found(o, std::string(to_text(applied.error()).view()));
            return false;
        }
        for (const auto& part : o.parts) {
            const auto& pool = *find_pool(states_.pools, part.pool);
            if (pool.opened_at > pool.modified_at || pool.modified_at > o.at) {
                found(o, "the times of a pool are in another order: " + std::string(part.pool.view()));
            }
            const auto sound = check_meters(pool);
            if (!sound) {
                // Nothing can be decided on such states.
                found(o, std::string(to_text(sound.error()).view()));
                return false;
            }
        }
        for (; passed_ < earlier_.size() && earlier_[passed_].head.sequence <= o.sequence; ++passed_) {
            if (earlier_[passed_].head.sequence == o.sequence) {
                earlier_[passed_] = states_;
            }
        }
        return true;
    }

    [[nodiscard]] const basic_snapshot<amount_type>& states() const noexcept { return states_; }

private:
    static constexpr std::uint64_t width = 1000;  // of a range whose keys are traced at once

    void found(const operation_type& o, std::string what) {
        report_->add({"operation " + std::to_string(o.sequence), std::move(what)});
    }

    /// The sequence of the operation that a look-up of the key finds, 0 where there is none; `sequence` is
    /// that of the operation that has the key. Error: the store's.
    [[nodiscard]] expected<std::uint64_t> look_up(std::uint64_t sequence, const name& key) {
        if constexpr (tracing_storage<Storage>) {
            if (sequence <= traced_.after || sequence > traced_.until) {
                traced_.after = sequence - 1;
                traced_.until = traced_.after + (std::min)(width, sequence_max - traced_.after);
                if (auto traced = store_->trace_keys(traced_, traces_); !traced) {
                    return tl::unexpected(traced.error());
                }
            }
            const auto trace =
                std::lower_bound(traces_.begin(), traces_.end(), sequence,
                                 [](const key_trace& t, std::uint64_t s) { return t.sequence < s; });
            return trace != traces_.end() && trace->sequence == sequence ? trace->found : 0;
        } else {
            return store_->find(key, again_).map([&](bool held) { return held ? again_.sequence : 0; });
        }
    }

    /// Error: the store's.
    [[nodiscard]] expected<void> decide_again(const operation_type& o) {
        again_.request = o.request;
        if (auto* revert = std::get_if<basic_revert_request<amount_type>>(&again_.request)) {
            const auto is_there = find_reverted(o, *revert);
            if (!is_there || !*is_there) {
                return is_there.map([](bool) {});
            }
        }
        if (auto* restore = std::get_if<basic_restore_request<amount_type>>(&again_.request)) {
            find_restored(o, *restore);
        }
        if (const auto decided = decide(states_, o.at, again_); !decided) {
            found(o, "the rules refuse it: " + std::string(to_text(decided.error()).view()));
        } else if (!(again_.request == o.request)) {
            found(o, "its request is not in its normal form");
        } else if (again_.at != o.at || again_.sequence != o.sequence) {
            found(o, "its time or sequence is not the one decided");
        } else if (!(again_.parts == o.parts)) {
            found(o, "its parts are not the ones decided");
        }
        return success();
    }

    /// Gives a revert the contribution that it took back. False where a checkpoint stands for that, so that
    /// only the revert itself tells what it was. Error: the store's.
    [[nodiscard]] expected<bool> find_reverted(const operation_type& o,
                                               basic_revert_request<amount_type>& r) {
        std::vector<operation_type> page;
        if (auto read = store_->read({.after = r.sequence - 1, .limit = 1}, page); !read) {
            return tl::unexpected(read.error());
        }
        if (page.empty() || page[0].sequence > r.sequence || page[0].kind() == operation_kind::checkpoint) {
            return false;
        }
        const auto* wager = std::get_if<basic_contribute_request<amount_type>>(&page[0].request);
        if (wager == nullptr || r.sequence >= o.sequence || wager->key != r.reverts ||
            wager->wager != r.wager) {
            found(o, "it reverts another wager than it says");
            return false;
        }
        r.contribution = std::make_shared<const operation_type>(std::move(page[0]));
        return true;
    }

    /// The states to which a restored operation returned, as the journal gives them where it reaches back
    /// that far. An operation that returned to the sequence right before its own adopted rows that were
    /// edited by hand; only its own parts tell what those rows were.
    void find_restored(const operation_type& o, basic_restore_request<amount_type>& r) {
        const auto earlier =
            std::lower_bound(earlier_.begin(), earlier_.end(), r.returned_to,
                             [](const auto& e, std::uint64_t s) { return e.head.sequence < s; });
        // A moment before the checkpoint that the journal begins with was never passed: it has no time.
        if (r.returned_to + 1 < o.sequence && earlier != earlier_.end() &&
            earlier->head.sequence == r.returned_to && earlier->head.at != 0) {
            r.states = earlier->pools;
            forget_later(o, r);
            return;
        }
        r.states = states_.pools;
        for (const auto& part : o.parts) {
            if (part.state == nullptr) {
                continue;
            }
            const auto at = lower_bound(r.states, part.pool);
            if (at != r.states.end() && at->pool == part.pool) {
                *at = *part.state;
            } else {
                r.states.insert(at, *part.state);
            }
        }
    }

    /// A journal of the first schema kept less of the states that it returned to: makes them as they were
    /// there.
    void forget_later(const operation_type& o, basic_restore_request<amount_type>& r) const {
        const auto is_first = [](const auto& part) { return *part.state == as_first_schema(*part.state); };
        if (!std::all_of(o.parts.begin(), o.parts.end(), is_first)) {
            return;
        }
        for (const auto& pool : states_.pools) {
            const auto at = lower_bound(r.states, pool.pool);
            const bool is_there = at != r.states.end() && at->pool == pool.pool;
            const bool changed = std::any_of(o.parts.begin(), o.parts.end(),
                                             [&](const auto& part) { return part.pool == pool.pool; });
            if (changed && is_there) {
                *at = as_first_schema(*at);
            } else if (changed) {
                // It is younger, and so was suspended.
                r.states.insert(at, as_first_schema(pool))->status = pool_status::suspended;
            } else if (is_there && as_first_schema(returned_to(pool, *at)) == as_first_schema(pool)) {
                *at = pool;
            }
        }
    }

    Storage* store_;
    audit_report* report_;
    basic_snapshot<amount_type> states_;
    std::vector<basic_snapshot<amount_type>> earlier_;  // those that later operations return to
    std::size_t passed_ = 0;                            // how many of those have been filled in
    operation_type again_;
    sequence_range traced_;
    std::vector<key_trace> traces_;  // of that range
};

}  // namespace detail

/// Checks a store against its own journal: decides every operation again on the states before it, and checks
/// that R8 holds after it, that sequences, versions and times count on, that each key leads to its operation,
/// and that the stored rows are the journal's fold. Calls `progress(sequence, last)` now and then.
///
/// The audit only reads, a page at a time, and ignores operations that are committed after the call began.
/// Error: the store's, which is corrupt where a row cannot be read at all.
template <storage Storage, class Progress>
[[nodiscard]] expected<audit_report> audit(Storage& store, Progress&& progress) {
    basic_snapshot<typename Storage::amount_type> rows;
    if (auto loaded = store.load(rows); !loaded) {
        return tl::unexpected(loaded.error());
    }
    audit_report report;
    report.pools = rows.pools.size();
    detail::auditor<Storage> auditor(store, report);
    if (auto looked = auditor.look_ahead(); !looked) {
        return tl::unexpected(looked.error());
    }
    detail::journal_reader<Storage> journal(store);
    for (;;) {
        const auto o = journal.next();
        if (!o) {
            return tl::unexpected(o.error());
        }
        if (*o == nullptr || (*o)->sequence > rows.head.sequence) {
            break;
        }
        const auto checked = auditor.examine(**o);
        if (!checked) {
            return tl::unexpected(checked.error());
        }
        if (!*checked) {
            return report;
        }
        if (report.operations % 1000 == 0) {
            progress((*o)->sequence, rows.head.sequence);
        }
    }
    const auto& states = auditor.states();
    if (states.head.sequence != rows.head.sequence || states.head.at != rows.head.at) {
        report.add({"store", "its sequence or time is not that of the journal's last operation"});
    }
    detail::compare_pools(
        states.pools, rows.pools,
        [&](std::string where, std::string_view what, const std::string& folded, const std::string& row) {
            report.add({std::move(where),
                        std::string(what).append(" is ").append(row).append(", and ").append(folded).append(
                            " by the journal")});
        });
    return report;
}

template <storage Storage>
[[nodiscard]] expected<audit_report> audit(Storage& store) {
    return audit(store, [](std::uint64_t, std::uint64_t) {});
}

}}  // namespace jackpot::v1

#endif
