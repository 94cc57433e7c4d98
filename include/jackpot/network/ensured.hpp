// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_NETWORK_ENSURED_HPP
#define JACKPOT_NETWORK_ENSURED_HPP

#include <jackpot/core/pool.hpp>

namespace jackpot { inline namespace v1 {

/// What `network::ensure` found, or made.
template <amount Amount>
struct basic_ensured {
    basic_pool<Amount> pool{};  ///< as it is now
    bool opened = false;        ///< by this call: there was none of that name
    bool changed = false;       ///< by this call, as it was asked to
    basic_patch<Amount>
        differs{};  ///< what would make its configuration now the one asked for; often nothing
};

using ensured = basic_ensured<std::int64_t>;

namespace detail {

/// What makes `to` of `from`: the fields of `to` that are others there.
template <amount Amount>
[[nodiscard]] basic_patch<Amount> difference(const basic_configuration<Amount>& from,
                                             const basic_configuration<Amount>& to) {
    basic_patch<Amount> changes;
    const auto compare = [](auto& change, const auto& old, const auto& wanted) {
        if (!(old == wanted)) {
            change = wanted;
        }
    };
    compare(changes.seed, from.seed, to.seed);
    compare(changes.cap, from.cap, to.cap);
    compare(changes.rate, from.rate, to.rate);
    compare(changes.rounding, from.rounding, to.rounding);
    compare(changes.on_cap, from.on_cap, to.on_cap);
    compare(changes.min_wager, from.min_wager, to.min_wager);
    compare(changes.games, from.games, to.games);
    return changes;
}

}  // namespace detail

/// The fields that a patch names, and their values, on one line: "cap none, rate 0.02, games 3". "nothing"
/// where it names none.
template <amount Amount>
[[nodiscard]] basic_text<512> to_text(const basic_patch<Amount>& p) {
    basic_text<512> out;
    const auto add = [&](std::string_view field, std::string_view value) {
        out.append(out.empty() ? "" : ", ").append(field).append(" ").append(value);
    };
    const auto add_amount = [&](std::string_view field, const std::optional<Amount>& value) {
        if (value) {
            add(field, amount_traits<Amount>::to_text(*value));
        }
    };
    add_amount("seed", p.seed);
    add_amount("cap", *p.cap);
    if (p.cap && !*p.cap) {
        add("cap", "none");
    }
    if (p.rate) {
        add("rate", to_text(*p.rate));
    }
    if (p.rounding) {
        add("rounding", to_string(*p.rounding));
    }
    if (p.on_cap) {
        add("on_cap", to_string(*p.on_cap));
    }
    add_amount("min_wager", p.min_wager);
    if (p.games) {
        add("games", amount_traits<std::int64_t>::to_text(static_cast<std::int64_t>(p.games->size())));
    }
    return out.empty() ? out.append("nothing") : out;
}

}}  // namespace jackpot::v1

#endif
