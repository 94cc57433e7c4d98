// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_RULES_REVERT_HPP
#define JACKPOT_RULES_REVERT_HPP

#include <jackpot/rules/room.hpp>

namespace jackpot { inline namespace v1 { namespace detail {

/// Gives a revert what it takes back: `holder`, which holds the key that it names, where that is a
/// contribution; else, or where nobody holds the key (null), there is none.
template <amount Amount>
void find_contribution(basic_revert_request<Amount>& r, const basic_operation<Amount>* holder) {
    r.contribution = nullptr;
    if (holder == nullptr || holder->kind() != operation_kind::contributed) {
        return;
    }
    r.sequence = holder->sequence;
    r.wager = std::get_if<basic_contribute_request<Amount>>(&holder->request)->wager;
    r.contribution = std::make_shared<const basic_operation<Amount>>(*holder);
}

/// Is it the request of that operation (R9)? A revert whose contribution was not found, or not looked for, is
/// that of the contribution which the operation reverted.
template <amount Amount>
[[nodiscard]] bool is_request_of(basic_request<Amount>& request, const basic_operation<Amount>& o) {
    auto* revert = std::get_if<basic_revert_request<Amount>>(&request);
    const auto* first = std::get_if<basic_revert_request<Amount>>(&o.request);
    if (revert != nullptr && first != nullptr && revert->contribution == nullptr) {
        revert->sequence = first->sequence;
        revert->wager = first->wager;
    }
    return request == o.request;
}

/// Takes a cancelled wager's share out of the pool, as far as it is still there. What is not, somebody has
/// won: the house stands in for it, so that no other player's money pays.
template <amount Amount>
void take_share_out(const basic_pool<Amount>& pool, std::uint64_t sequence, const basic_part<Amount>& share,
                    basic_part<Amount>& part) {
    Amount rest = share.to_pool + share.to_overflow + share.to_reserve;
    if (pool.status != pool_status::closed && pool.reset_sequence < sequence) {
        const auto take = [&](Amount& from, const Amount& most) {
            const Amount taken = (std::min)(rest, most);
            from -= taken;
            rest -= taken;
            return taken;
        };
        part.from_reserve = take(part.reserve, (std::min)(part.reserve, share.to_reserve));
        part.from_overflow = take(part.overflow, part.overflow);
        part.from_pool = take(part.current, Amount(part.current - pool.seeded));
    }
    part.from_house = rest;
}

template <amount Amount>
[[nodiscard]] expected<void> decide_parts(const basic_snapshot<Amount>& before,
                                          const basic_revert_request<Amount>& r, basic_parts<Amount>& parts) {
    const auto unknown = [&] { return fail(errc::unknown_wager, "reverts", r.reverts); };
    // One that is newer than these states is theirs when they are read again.
    if (r.contribution == nullptr || r.sequence > before.head.sequence) {
        return unknown();
    }
    if (!parts.try_reserve(r.contribution->parts.size())) {
        return fail(errc::out_of_memory);
    }
    for (const auto& share : r.contribution->parts) {
        const auto found = existing(before, share.pool);
        if (!found) {
            return tl::unexpected(found.error());
        }
        const basic_pool<Amount>& pool = **found;
        basic_part<Amount>& part = begin_part(parts, pool);
        part.forgone = share.forgone;
        take_share_out(pool, r.sequence, share, part);
        // Where the pool returned to a state before the wager, its meters lack it. (Else all of them fit:
        // what funded grows by, the contributions fall by.)
        const Amount all = share.to_pool + share.to_overflow + share.to_reserve;
        if (pool.wager_count == 0 || pool.total_wagered < r.wager || pool.total_contributions < all ||
            pool.total_forgone < share.forgone) {
            return unknown();
        }
    }
    return success();
}

template <amount Amount>
bool apply_part(basic_pool<Amount>& pool, const basic_revert_request<Amount>& r,
                const basic_part<Amount>& part, const basic_operation<Amount>&) {
    pool.wager_count -= 1;
    const Amount share = part.from_reserve + part.from_overflow + part.from_pool + part.from_house;
    return add(pool.funded, part.from_house) && add(pool.total_wagered, Amount(-r.wager)) &&
           add(pool.total_contributions, Amount(-share)) && add(pool.total_forgone, Amount(-part.forgone));
}

}}}  // namespace jackpot::v1::detail

#endif
