// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_TESTS_SIMULATION_BOOK_HPP
#define JACKPOT_TESTS_SIMULATION_BOOK_HPP

#include <jackpot/core/operation.hpp>
#include <jackpot/core/snapshot.hpp>

#include <string>
#include <vector>

namespace simulation {

using namespace jackpot;

/// Keeps the meters of every pool by adding up what the parts of the journal's operations say, in arithmetic
/// of its own: nothing of `apply` or of the rules is in it. What only a rule can know (fractions, and the
/// seed's part of current after what is no win) it takes from the parts and the states, and leaves to the
/// audit.
class book {
public:
    /// Books an operation, and says what is wrong with it, or nothing.
    [[nodiscard]] std::string post(const operation& o) {
        std::string wrong;
        for (std::size_t i = 0; i < o.parts.size() && wrong.empty(); ++i) {
            const auto& part = o.parts[i];
            account& a = account_of(part.pool);
            if (part.state != nullptr) {
                a.sums = detail::meters_of(*part.state);
            } else {
                post_part(a.sums, o, i);
                a.sums.carry = part.carry;
                a.sums.reserve_carry = part.reserve_carry;
            }
            a.version += 1;
            a.sequence = o.sequence;
            if (part.version != a.version) {
                wrong = "a version does not count by one";
            } else if (!(detail::balance_of(a.sums) == detail::balance_of(part))) {
                wrong = "a part's balance is not that of the parts before it";
            }
        }
        return wrong;
    }

    /// Is that the pool that the booked operations make?
    [[nodiscard]] std::string check(const pool& p) {
        account& a = account_of(p.pool);
        a.sums.seeded = p.seeded;
        if (a.version != p.version || a.sequence != p.sequence) {
            return "a pool's version or sequence is not the journal's";
        }
        return a.sums == detail::meters_of(p) ? ""
                                              : "a pool's meters are not the sums of the journal's parts";
    }

private:
    struct account {
        name pool;
        meters sums{};
        std::uint64_t version = 0;
        std::uint64_t sequence = 0;
    };

    account& account_of(const name& pool) {
        for (account& a : accounts_) {
            if (a.pool == pool) {
                return a;
            }
        }
        return accounts_.emplace_back(account{pool});
    }

    static void post_part(meters& m, const operation& o, std::size_t i) {
        const auto& part = o.parts[i];
        const std::int64_t in = part.to_pool + part.to_overflow;
        const std::int64_t out = part.from_pool + part.from_overflow;
        switch (o.kind()) {
            case operation_kind::opened: {
                const auto& c = std::get<open_request>(o.request).configuration;
                m.current = m.funded = c.seed;
                return;
            }
            case operation_kind::contributed:
                gain(m, part);
                m.total_contributions += in + part.to_reserve;
                m.total_wagered += std::get<contribute_request>(o.request).wager;
                m.total_forgone += part.forgone;
                m.wager_count += 1;
                return;
            case operation_kind::won:
            case operation_kind::held:
                (o.kind() == operation_kind::won ? m.total_wins : m.held) += part.paid;
                m.win_count += o.kind() == operation_kind::won ? 1 : 0;
                m.current += part.from_reserve + part.from_house + part.from_overflow - part.paid;
                m.reserve -= part.from_reserve;
                m.overflow -= part.from_overflow;
                m.funded += part.from_house;
                return;
            case operation_kind::adjusted:
                m.current += std::get<adjust_request>(o.request).delta;
                m.adjusted += std::get<adjust_request>(o.request).delta;
                [[fallthrough]];
            case operation_kind::configured:
                m.current += part.from_overflow;
                m.overflow -= part.from_overflow;
                return;
            case operation_kind::confirmed:
                m.held -= part.paid;
                m.total_wins += part.paid;
                m.win_count += 1;
                return;
            case operation_kind::released:
                gain(m, part);
                m.held -= in + part.to_reserve + part.to_house;
                m.funded -= part.to_house;
                return;
            case operation_kind::transferred:
                gain(m, part);
                m.current -= part.from_pool;
                m.overflow -= part.from_overflow;
                m.transferred += in - out;
                return;
            case operation_kind::closed:
                post_closed(m, o, i);
                return;
            case operation_kind::reverted:
                m.current -= part.from_pool;
                m.overflow -= part.from_overflow;
                m.reserve -= part.from_reserve;
                m.funded += part.from_house;
                m.total_contributions -= out + part.from_reserve + part.from_house;
                m.total_wagered -= std::get<revert_request>(o.request).wager;
                m.total_forgone -= part.forgone;
                m.wager_count -= 1;
                return;
            default:
                return;
        }
    }
    static void gain(meters& m, const basic_part<std::int64_t>& part) {
        m.current += part.to_pool;
        m.overflow += part.to_overflow;
        m.reserve += part.to_reserve;
    }
    /// The closed pool gives all that it has; what the other gets beyond that is a contribution, of the
    /// fractions.
    static void post_closed(meters& m, const operation& o, std::size_t i) {
        const auto& part = o.parts[i];
        if (part.pool == std::get<close_request>(o.request).pool) {
            m.transferred -= part.transferred;
            m.funded -= part.to_house;
            m.current = m.overflow = m.reserve = 0;
            return;
        }
        const std::int64_t got = o.parts[1 - i].transferred;
        gain(m, part);
        m.transferred += got;
        m.total_contributions += part.to_pool + part.to_overflow - got;
    }

    std::vector<account> accounts_;
};

}  // namespace simulation

#endif
