// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_CORE_OPERATION_HPP
#define JACKPOT_CORE_OPERATION_HPP

#include <jackpot/core/identifier.hpp>
#include <jackpot/core/request.hpp>

namespace jackpot { inline namespace v1 {

/// Says what an operation did to one pool. An amount that does not belong to the operation's kind is 0.
template <amount Amount>
struct basic_part : basic_balance<Amount> {  // after the operation, as is the version
    std::uint64_t version = 0;
    name pool{};
    Amount to_pool{};        ///< contributed, released, transferred, closed: what current took,
    Amount to_overflow{};    ///< what was set aside,
    Amount to_reserve{};     ///< contributed, released: and what the reserve took
    Amount forgone{};        ///< contributed: what was not taken; reverted: what had not been taken
    Amount paid{};           ///< won, held, confirmed: the amount of the win
    Amount from_house{};     ///< won, held, reverted: what the house put in
    Amount from_overflow{};  ///< what left the overflow: for current; or, transferred and reverted, the pool
    Amount from_reserve{};   ///< won, held: what the reserve gave to current; reverted: what left it
    Amount from_pool{};      ///< transferred, reverted: what left current
    Amount to_house{};       ///< released, closed: what went back to the house
    /// closed: what the closed pool's part gave to that of the other, whose to_pool and to_overflow hold the
    /// contribution of the fractions besides.
    Amount transferred{};
    std::shared_ptr<const basic_pool<Amount>> state{};  ///< restored, checkpoint: the whole state, after
};

/// An amount of a part, and the kinds of operations that have it.
template <amount Amount>
struct part_amount {
    std::string_view name;
    Amount basic_part<Amount>::*amount;
    std::uint32_t kinds;  ///< a bit for each, by its number

    [[nodiscard]] constexpr bool belongs_to(operation_kind kind) const noexcept {
        return ((kinds >> static_cast<unsigned>(kind)) & 1U) != 0;
    }
};

namespace detail {
template <class... Kinds>
[[nodiscard]] constexpr std::uint32_t kinds(Kinds... of) noexcept {
    return ((std::uint32_t(1) << static_cast<unsigned>(of)) | ...);
}
}  // namespace detail

/// All amounts of a part, in the order in which stores and texts have them. Code that keeps, checks or
/// compares parts goes through this list; only the rules name them.
template <amount Amount>
inline constexpr auto part_amounts = [] {
    using enum operation_kind;
    using part = basic_part<Amount>;
    using detail::kinds;
    return std::to_array<part_amount<Amount>>({
        {"to_pool", &part::to_pool, kinds(contributed, released, transferred, closed)},
        {"to_overflow", &part::to_overflow, kinds(contributed, released, transferred, closed)},
        {"forgone", &part::forgone, kinds(contributed, reverted)},
        {"paid", &part::paid, kinds(won, held, confirmed)},
        {"from_house", &part::from_house, kinds(won, held, reverted)},
        {"from_overflow", &part::from_overflow,
         kinds(won, held, configured, adjusted, transferred, reverted)},
        {"to_reserve", &part::to_reserve, kinds(contributed, released)},
        {"from_reserve", &part::from_reserve, kinds(won, held, reverted)},
        {"from_pool", &part::from_pool, kinds(transferred, reverted)},
        {"to_house", &part::to_house, kinds(released, closed)},
        {"transferred", &part::transferred, kinds(operation_kind::closed)},
    });
}();

template <amount Amount>
bool operator==(const basic_part<Amount>& a, const basic_part<Amount>& b) {
    return a.pool == b.pool && a.version == b.version && detail::balance_of(a) == detail::balance_of(b) &&
           std::all_of(part_amounts<Amount>.begin(), part_amounts<Amount>.end(),
                       [&](const auto& m) { return a.*m.amount == b.*m.amount; }) &&
           (a.state == b.state || (a.state && b.state && *a.state == *b.state));
}

template <amount Amount>
using basic_parts = list<basic_part<Amount>, 4>;

/// One entry of a store's journal: the request, and a part for each pool that it changed, in byte order of
/// their names.
template <amount Amount>
struct basic_operation {
    std::uint64_t sequence = 0;
    identifier id{};
    timestamp at = 0;
    basic_request<Amount> request{};
    basic_parts<Amount> parts{};

    [[nodiscard]] operation_kind kind() const noexcept { return kind_of<Amount>(request); }
    [[nodiscard]] const name* key() const noexcept { return key_of<Amount>(request); }

    friend bool operator==(const basic_operation&, const basic_operation&) = default;
};

namespace detail {

/// Checks that the rules can have made such parts: pools in order, each once, with amounts in range. Error:
/// corrupt.
template <amount Amount>
[[nodiscard]] expected<void> check_parts(const basic_operation<Amount>& o) {
    const bool whole = o.kind() == operation_kind::restored || o.kind() == operation_kind::checkpoint;
    const basic_part<Amount>* before = nullptr;
    for (const auto& part : o.parts) {
        if (before != nullptr && !(before->pool < part.pool)) {
            return fail(errc::corrupt, part.pool, "the operation's parts are not in order");
        }
        before = &part;
        const auto sound = [](const Amount& value) { return value >= 0 && in_range(value); };
        bool all_sound = true;
        for (const auto& m : part_amounts<Amount>) {
            all_sound = all_sound && sound(part.*m.amount);
        }
        for (const auto& m : balance_meters<Amount>) {
            all_sound = all_sound && (m.amount == nullptr || sound(part.*m.amount));
        }
        if (!all_sound) {
            return fail(errc::corrupt, part.pool, "an amount of the operation is out of range");
        }
        if ((part.state != nullptr) != whole ||
            (whole && (part.state->pool != part.pool || part.state->version != part.version ||
                       part.state->configuration == nullptr))) {
            return fail(errc::corrupt, part.pool, "a part that does not agree with its state");
        }
    }
    const auto* opened = std::get_if<basic_open_request<Amount>>(&o.request);
    if (o.parts.empty() || (opened != nullptr && (o.parts.size() != 1 || o.parts[0].pool != opened->pool))) {
        return fail(errc::corrupt, "an operation without the part that belongs to it");
    }
    return success();
}

}  // namespace detail

}}  // namespace jackpot::v1

#endif
