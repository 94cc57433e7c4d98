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
    each_setting<Amount>([&](const auto& s) {
        if (!(from.*s.in_force == to.*s.in_force)) {
            changes.*s.change = to.*s.in_force;
        }
    });
    return changes;
}

// A value of each type that a setting has, on a line.

template <amount Amount>
[[nodiscard]] basic_text<128> shown(const Amount& value) {
    return amount_traits<Amount>::to_text(value);
}
template <amount Amount>
[[nodiscard]] basic_text<128> shown(const std::optional<Amount>& value) {
    return value ? shown(*value) : "none";
}
[[nodiscard]] inline basic_text<128> shown(const rate& value) {
    return to_text(value);
}
template <class Enum>
requires std::is_enum_v<Enum>
[[nodiscard]] basic_text<128> shown(Enum value) {
    return to_string(value);
}
[[nodiscard]] inline basic_text<128> shown(const std::vector<name>& value) {
    return shown(static_cast<std::int64_t>(value.size()));
}

}  // namespace detail

/// The fields that a patch names, and their values, on one line: "cap none, rate 0.02, games 3". "nothing"
/// where it names none.
template <amount Amount>
[[nodiscard]] basic_text<512> to_text(const basic_patch<Amount>& p) {
    basic_text<512> out;
    each_setting<Amount>([&](const auto& s) {
        if (const auto& change = p.*s.change) {
            out.append(out.empty() ? "" : ", ").append(s.name).append(" ").append(detail::shown(*change));
        }
    });
    return out.empty() ? out.append("nothing") : out;
}

}}  // namespace jackpot::v1

#endif
