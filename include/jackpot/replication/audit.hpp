// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_REPLICATION_AUDIT_HPP
#define JACKPOT_REPLICATION_AUDIT_HPP

#include <jackpot/replication/compare.hpp>
#include <jackpot/rules/decide.hpp>

namespace jackpot { inline namespace v1 {

/// One thing in a store that is not as the rules have it.
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

/// Decides every operation again.
template <storage Storage>
class auditor {
public:
    using amount_type = typename Storage::amount_type;
    using operation_type = basic_operation<amount_type>;

    auditor(Storage& store, audit_report& report) : store_(&store), report_(&report) {}

    /// Looks ahead for operations that return to earlier states, so that those are kept when the audit
    /// comes by them. Error: the store's.
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

    /// Error: the store's. False where the journal cannot be folded any further.
    [[nodiscard]] expected<bool> examine(const operation_type& o) {
        ++report_->operations;
        report_->contributions += o.kind() == operation_kind::contributed ? 1 : 0;
        report_->wins += o.kind() == operation_kind::won ? 1 : 0;
        if (o.id.is_null()) {
            found(o, "no id");
        }
        if (o.kind() != operation_kind::checkpoint) {
            decide_again(o);
        }
        if (const name* key = o.key()) {
            const auto held = store_->find(*key, again_);
            if (!held) {
                return tl::unexpected(held.error());
            }
            if (!*held || again_.sequence != o.sequence) {
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
    void found(const operation_type& o, std::string what) {
        report_->add({"operation " + std::to_string(o.sequence), std::move(what)});
    }

    void decide_again(const operation_type& o) {
        again_.request = o.request;
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
    }

    /// The states to which a restored operation returned: of the journal itself where it reaches back.
    /// One that returned to the sequence before it adopted rows that were edited by hand, and its own
    /// parts are all there is to know of them.
    void find_restored(const operation_type& o, basic_restore_request<amount_type>& r) {
        const auto earlier =
            std::lower_bound(earlier_.begin(), earlier_.end(), r.returned_to,
                             [](const auto& e, std::uint64_t s) { return e.head.sequence < s; });
        // One before a checkpoint that the journal begins with was never passed, and has no time.
        if (r.returned_to + 1 < o.sequence && earlier != earlier_.end() &&
            earlier->head.sequence == r.returned_to && earlier->head.at != 0) {
            r.states = earlier->pools;
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

    Storage* store_;
    audit_report* report_;
    basic_snapshot<amount_type> states_;
    std::vector<basic_snapshot<amount_type>> earlier_;  // those that later operations return to
    std::size_t passed_ = 0;                            // how many of those have been filled in
    operation_type again_;
};

}  // namespace detail

/// Checks a store against its own journal: every operation is decided again on the states before it, R8
/// holds after it, sequences, versions and times count on, each key leads to its operation, and the
/// stored rows are what the journal folds to. `progress(sequence, last)` is called now and then.
///
/// Reads only, a page at a time; operations committed after the call began are not looked at. Error: the
/// store's own, corrupt among them where a row cannot be read at all.
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
