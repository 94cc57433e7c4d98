// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_TESTING_LAWS_TRIAL_HPP
#define JACKPOT_TESTING_LAWS_TRIAL_HPP

#include <jackpot/core/notation.hpp>
#include <jackpot/store/storage.hpp>
#include <jackpot/testing/laws/ledger.hpp>
#include <jackpot/testing/random_requests.hpp>

namespace jackpot { inline namespace v1 { namespace testing {

/// A law that a store broke, and how the suite noticed.
struct broken_law {
    std::string law;
    std::string seen;
};

/// The broken laws. An empty report: the store keeps every law that the suite checked.
struct conformance_report {
    std::vector<broken_law> broken{};

    [[nodiscard]] bool passed() const noexcept { return broken.empty(); }
};

/// One line for each broken law.
[[nodiscard]] inline std::string to_text(const conformance_report& report) {
    std::string out;
    for (const auto& b : report.broken) {
        out.append(b.law).append(": ").append(b.seen).append("\n");
    }
    return out;
}

/// Stands in for `reopen` where a store has no further handles.
struct no_reopen {};

namespace detail {

/// The first line in which `seen` differs from `wanted`, and the pool that it belongs to; empty where they
/// are the same.
[[nodiscard]] inline std::string first_difference(std::string_view seen, std::string_view wanted) {
    std::string where;
    while (!seen.empty() || !wanted.empty()) {
        const std::string_view s = seen.substr(0, seen.find('\n'));
        const std::string_view w = wanted.substr(0, wanted.find('\n'));
        if (s != w) {
            return where.append("'").append(s).append("' instead of '").append(w).append("'");
        }
        if (s.starts_with("pool ")) {
            where = std::string(s).append(": ");
        }
        seen.remove_prefix((std::min)(s.size() + 1, seen.size()));
        wanted.remove_prefix((std::min)(w.size() + 1, wanted.size()));
    }
    return {};
}

template <amount Amount>
[[nodiscard]] std::string describe(const store_head& head, const basic_pools<Amount>& pools) {
    const auto text = [](const identifier& id) {
        return std::to_string(id.high) + "-" + std::to_string(id.low);
    };
    std::string out = "identity " + text(head.identity) + "\nsequence " + std::to_string(head.sequence) +
                      "\nnewest " + text(head.newest) + "\nat " + std::to_string(head.at) + "\nsealed " +
                      (head.sealed ? "yes" : "no") + "\n";
    for (const auto& p : pools) {
        if (p.configuration == nullptr) {
            out.append("pool ").append(p.pool).append(" without a configuration\n");
        } else {
            notation::write(out, p);
        }
    }
    return out;
}

/// Says in words how the two differ; empty where they are equal.
template <amount Amount>
[[nodiscard]] std::string difference(const basic_snapshot<Amount>& seen,
                                     const basic_snapshot<Amount>& wanted) {
    if (seen == wanted) {
        return {};
    }
    const auto line = first_difference(describe(seen.head, seen.pools), describe(wanted.head, wanted.pools));
    return line.empty() ? "a pool's pending configuration differs" : line;
}

}  // namespace detail

/// The part that all checks share: how to make a store, the law that is being checked, and the report.
template <class Make, class Reopen>
class trial {
public:
    using storage_type = std::remove_cvref_t<decltype(std::declval<Make&>()())>;
    using amount_type = typename storage_type::amount_type;
    using ledger_type = ledger<amount_type>;
    static constexpr bool reopens = !std::is_same_v<std::remove_cvref_t<Reopen>, no_reopen>;

    trial(Make& make, Reopen& reopen, conformance_report& report)
        : make_(make), reopen_(reopen), report_(report), amount_max_(jackpot::amount_max(make_())) {}

    /// A new store without operations.
    [[nodiscard]] decltype(auto) make() { return make_(); }
    /// A further handle to the store that was made last.
    [[nodiscard]] decltype(auto) reopen() { return reopen_(); }

    /// The largest amount that such a store can hold.
    [[nodiscard]] const amount_type& amount_max() const noexcept { return amount_max_; }
    /// Random requests whose sums the store can hold, too.
    [[nodiscard]] random_requests<amount_type> requests(std::uint64_t seed) const {
        return random_requests<amount_type>(seed, {}, request_amount_max(amount_max_));
    }

    /// Reports under this law from now on.
    void law(std::string_view name) noexcept { law_ = name; }

    bool expect(bool holds, std::string seen) {
        if (!holds) {
            report_.broken.push_back({std::string(law_), std::move(seen)});
        }
        return holds;
    }

    /// Commits, and expects "committed", "conflict", "duplicate" or the name of an error.
    template <class Store>
    bool answers(Store& store, const basic_commit<amount_type>& c, std::string_view wanted,
                 std::string_view what) {
        static constexpr std::string_view results[] = {"committed", "conflict", "duplicate"};
        const auto result = store.commit(c);
        const auto seen = result ? jackpot::detail::spell(*result, results) : to_string(result.error().code);
        std::string sentence(what);
        sentence.append(": ").append(result ? seen : to_text(result.error()).view());
        return expect(seen == wanted, sentence.append(" instead of ").append(wanted));
    }

    /// Brings the store, which is at `sequence`, to where the ledger is.
    template <class Store>
    bool commits(Store& store, const ledger_type& l, std::uint64_t sequence) {
        return answers(store, l.commit_after(sequence), "committed", "a sound commit");
    }

    /// Expects a load that begins with `known` to give the ledger's states.
    template <class Store>
    bool loads(Store& store, const ledger_type& l, basic_snapshot<amount_type> known, std::string_view when) {
        std::string what = "load " + std::string(when) + ": ";
        if (const auto loaded = store.load(known); !loaded) {
            return expect(false, what.append(to_text(loaded.error())));
        }
        const std::string differs = detail::difference(known, l.states());
        return expect(differs.empty(), what.append(differs));
    }

    /// Reads every operation that matches, in order, page by page. False where the store returned an error.
    template <class Store>
    bool reads(Store& store, history_query query, std::vector<basic_operation<amount_type>>& all) {
        std::vector<basic_operation<amount_type>> page;
        all.clear();
        for (;;) {
            if (const auto read = store.read(query, page); !read) {
                return expect(false, std::string("read: ").append(to_text(read.error())));
            }
            if (page.empty()) {
                return true;
            }
            for (auto& o : page) {
                if (!expect(o.sequence > query.after, "read: an operation twice, or out of order")) {
                    return false;
                }
                query.after = o.sequence;
                all.push_back(std::move(o));
            }
        }
    }

    /// Expects the store to hold exactly the ledger's states, journal and keys. A journal may be shorter
    /// where it begins with a checkpoint that stands for the operations that are gone.
    template <class Store>
    bool holds(Store& store, const ledger_type& l, std::string_view when) {
        std::vector<basic_operation<amount_type>> seen;
        if (!loads(store, l, {}, when) || !reads(store, {.limit = 256}, seen)) {
            return false;
        }
        const bool shortened = !seen.empty() && seen.front().kind() == operation_kind::checkpoint;
        const auto wanted = shortened ? journal_from(l, seen.front().sequence) : l.journal();
        const std::string what = "read " + std::string(when) + ": ";
        if (!expect(seen.size() == wanted.size(), what + std::to_string(seen.size()) +
                                                      " operations instead of " +
                                                      std::to_string(wanted.size()))) {
            return false;
        }
        const auto differs = std::mismatch(seen.begin(), seen.end(), wanted.begin()).second;
        if (differs != wanted.end()) {
            return expect(false, what + "operation " + std::to_string(differs->sequence) + ", " +
                                     std::string(to_string(differs->kind())) +
                                     ", is not the one that was committed");
        }
        return std::all_of(seen.begin(), seen.end(),
                           [&](const auto& o) { return o.key() == nullptr || finds(store, o); });
    }

    /// Expects the operation's key to lead to the operation.
    template <class Store>
    bool finds(Store& store, const basic_operation<amount_type>& o) {
        basic_operation<amount_type> found;
        const auto result = store.find(*o.key(), found);
        const std::string what = "find '" + std::string(o.key()->view()) + "': ";
        return expect(result.has_value(), what + std::string(result ? "" : to_text(result.error()).view())) &&
               expect(*result, what + "no operation") && expect(found == o, what + "another operation");
    }

    /// Expects the key to be free.
    template <class Store>
    bool finds_none(Store& store, const name& key) {
        basic_operation<amount_type> found;
        const auto result = store.find(key, found);
        return expect(result && !*result,
                      "find '" + std::string(key.view()) + "' gives an operation or an error, not false");
    }

private:
    /// The ledger's journal as a store keeps it that has forgotten all operations before `sequence`.
    static std::vector<basic_operation<amount_type>> journal_from(const ledger_type& l,
                                                                  std::uint64_t sequence) {
        ledger_type gone(l.identity());
        std::vector<basic_operation<amount_type>> journal;
        for (const auto& o : l.journal()) {
            if (o.sequence > sequence) {
                journal.push_back(o);
            } else {
                gone.take(o);
            }
        }
        if (gone.sequence() == sequence && sequence != 0) {
            const auto& last = gone.journal().back();
            journal.insert(journal.begin(),
                           last.kind() == operation_kind::checkpoint ? last : gone.checkpoint());
        }
        return journal;
    }

    Make& make_;
    Reopen& reopen_;
    conformance_report& report_;
    amount_type amount_max_;
    std::string_view law_;
};

}}}  // namespace jackpot::v1::testing

#endif
