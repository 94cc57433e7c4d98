// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_REPLICATION_FRONT_HPP
#define JACKPOT_REPLICATION_FRONT_HPP

#include <jackpot/memory/storage.hpp>
#include <jackpot/replication/journal_link.hpp>
#include <jackpot/replication/write_behind_options.hpp>

#include <atomic>

namespace jackpot { inline namespace v1 { namespace detail {

/// Are the amounts that the commit leaves behind all within `amount_max`? Those of a wager, a win and a seed
/// that was paid are parts of meters.
template <amount Amount>
[[nodiscard]] bool within(const basic_commit<Amount>& c, const Amount& amount_max) {
    const auto fits = [&](const Amount& value) { return value <= amount_max && value >= -amount_max; };
    const auto holds = [&](const basic_configuration<Amount>& k) {
        bool all = true;
        each_setting<Amount>([&]<class T>(const setting<T, Amount>& s) {
            if constexpr (std::is_same_v<T, Amount>) {
                all = all && fits(k.*s.in_force);
            } else if constexpr (std::is_same_v<T, std::optional<Amount>>) {
                all = all && fits((k.*s.in_force).value_or(Amount{}));
            }
        });
        return all;
    };
    return std::all_of(c.pools.begin(), c.pools.end(), [&](const basic_pool<Amount>* p) {
        return std::all_of(all_meters<Amount>.begin(), all_meters<Amount>.end(),
                           [&](const auto& m) { return m.amount == nullptr || fits(p->*m.amount); }) &&
               holds(*p->configuration) && (p->pending == nullptr || holds(p->pending->configuration));
    });
}

/// Who answers a commit to a write_behind. `at_once` is left only under the front's lock, the others under
/// that of the store behind.
enum class answering : std::uint8_t {
    unsettled,  ///< nobody yet: the store behind may hold operations that the front does not have
    at_once,    ///< the front
    through,    ///< the store behind, and then the front
};

/// The store in memory of a write_behind: what it takes alone, and how far the store behind is with its
/// journal. It never waits for the store behind. Any thread may call what says nothing else.
template <storage Behind, class Lock>
class front_store {
public:
    using amount_type = typename Behind::amount_type;
    using store_type = memory_storage<amount_type, Lock>;

    front_store(Behind& behind, const write_behind_options& o)
        : history_limit_(o.history_limit),
          lag_limit_(o.lag_limit),
          amount_max_(jackpot::amount_max(behind)),
          limited_(amount_max_ < amount_traits<amount_type>::amount_max()),
          store_({.history_limit = o.history_limit}),
          link_(store_, behind, o.batch) {}

    [[nodiscard]] store_type& store() noexcept { return store_; }
    [[nodiscard]] const store_type& store() const noexcept { return store_; }
    /// Belongs to the lock of the store behind.
    [[nodiscard]] journal_link<store_type, Behind>& link() noexcept { return link_; }

    [[nodiscard]] answering mode() const noexcept { return mode_; }
    [[nodiscard]] std::uint64_t sequence() const noexcept { return sequence_; }
    [[nodiscard]] bool sealed() const noexcept { return sealed_; }
    [[nodiscard]] const amount_type& amount_max() const noexcept { return amount_max_; }

    /// How many operations the store behind lacks.
    [[nodiscard]] std::uint64_t waiting() const noexcept {
        const std::uint64_t reached = link_.reached();
        const std::uint64_t taken = sequence_;
        return taken > reached ? taken - reached : 0;
    }

    /// May the store behind know keys that the front does not? Once it does, it always may, but for those of
    /// other writers, which it has in durable mode alone. Exact under the front's lock; without it, no is
    /// true of every look at the front that came before.
    [[nodiscard]] bool forgets() const noexcept {
        return mode_ != answering::at_once || link_.began_later() ||
               (history_limit_ != 0 && sequence_ > history_limit_);
    }

    /// Error: amount_overflow.
    [[nodiscard]] expected<void> check_fits(const basic_commit<amount_type>& c) const {
        if (limited_ && !within(c, amount_max_)) {
            return fail(errc::amount_overflow, "the store behind cannot hold such an amount");
        }
        return success();
    }

    /// What the front takes alone. A conflict where it no longer answers: the commit is to be decided again.
    /// Errors: overloaded, those of the store in memory.
    [[nodiscard]] expected<commit_result> commit(const basic_commit<amount_type>& c) {
        return store_.exclusive([&](auto& store) -> expected<commit_result> {
            return mode_ == answering::at_once ? commit_at_once(store, c) : commit_result::conflict;
        });
    }

    template <class Contribute>
    [[nodiscard]] bool contribute(const std::optional<name>& key, basic_receipt<amount_type>& into,
                                  Contribute&& contribute) {
        if (limited_) {
            return false;
        }
        return store_.exclusive([&](auto& store) {
            // All of it under this lock: what the front forgets, it forgets under the same.
            if (mode_ != answering::at_once || (key && forgets()) || above_limit(sequence_ + 1) ||
                !contribute(store)) {
                return false;
            }
            sequence_ = into.sequence;
            return true;
        });
    }

    /// Of the front alone: `page`; or in `seam` where its journal begins, which is what the store behind has
    /// to be asked up to.
    [[nodiscard]] expected<void> read(const history_query& q, std::vector<basic_operation<amount_type>>& page,
                                      std::uint64_t& seam) {
        return store_.exclusive([&](auto& store) -> expected<void> {
            if (auto first = store.read({.after = q.after, .limit = 1}, page); !first) {
                return first;
            }
            if (!page.empty() && page.front().kind() == operation_kind::checkpoint &&
                page.front().sequence <= link_.reached()) {
                seam = page.front().sequence;
                return success();
            }
            return store.read(q, page);
        });
    }

    [[nodiscard]] write_behind_lag lag() {
        return store_.exclusive([&](auto& store) {
            write_behind_lag result{.operations = waiting()};
            std::vector<basic_operation<amount_type>> oldest;
            if (result.operations != 0 && store.read({.after = link_.reached(), .limit = 1}, oldest) &&
                !oldest.empty()) {
                result.since = oldest.front().at;
            }
            return result;
        });
    }

    // What follows is called under the lock of the store behind.

    /// When this returns, no call is in the front that began under another mode.
    void answer(answering mode) {
        store_.exclusive([&](auto&) { mode_ = mode; });
    }

    void seal(bool sealed) {
        sealed_ = sealed;
        static_cast<void>(store_.seal(sealed));
    }

    /// Takes what the store behind has taken. False: it cannot, and has to follow.
    [[nodiscard]] bool take(const basic_commit<amount_type>& c) {
        if (const auto taken = store_.commit(c); !taken || *taken != commit_result::committed) {
            return false;
        }
        sequence_ = c.operations.back().sequence;
        link_.reach(sequence_);
        return true;
    }

    /// Takes all that the store behind has more. Errors: those of the link.
    [[nodiscard]] expected<void> follow() {
        static_cast<void>(store_.seal(false));  // it may have to take what the store behind took
        if (auto settled = link_.settle(true); !settled) {
            return settled;
        }
        sequence_ = (std::max)(sequence_.load(), link_.reached());
        return success();
    }

private:
    /// Would more operations wait than may, with this one the newest?
    [[nodiscard]] bool above_limit(std::uint64_t last) const noexcept {
        const std::uint64_t reached = link_.reached();
        return lag_limit_ != 0 && last > reached && last - reached > lag_limit_;
    }

    template <class Store>
    [[nodiscard]] expected<commit_result> commit_at_once(Store& store, const basic_commit<amount_type>& c) {
        const std::uint64_t last = c.operations.empty() ? 0 : c.operations.back().sequence;
        if (above_limit(last)) {
            for (const auto& o : c.operations) {
                basic_operation<amount_type> found;
                if (const auto held = o.key() != nullptr ? store.find(*o.key(), found) : false;
                    held && *held) {
                    return commit_result::duplicate;
                }
            }
            return fail(errc::overloaded, "operations wait for the store behind, and there is a limit",
                        std::to_string(lag_limit_));
        }
        auto result = store.commit(c);
        if (result && *result == commit_result::committed) {
            sequence_ = last;
        }
        return result;
    }

    std::uint64_t history_limit_;
    std::uint64_t lag_limit_;
    amount_type amount_max_;
    bool limited_;
    store_type store_;
    std::atomic<answering> mode_ = answering::unsettled;
    std::atomic<std::uint64_t> sequence_ = 0;  // of the newest operation in the front
    std::atomic<bool> sealed_ = false;
    journal_link<store_type, Behind> link_;
};

}}}  // namespace jackpot::v1::detail

#endif
