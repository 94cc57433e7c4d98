// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_EXAMPLES_REPLAY_REQUESTS_HPP
#define JACKPOT_EXAMPLES_REPLAY_REQUESTS_HPP

#include "command.hpp"

#include <jackpot/core/operation.hpp>

#include <type_traits>

namespace replay {

/// Reads a command's members as the fields of requests. A member that is missing or of the wrong JSON
/// type becomes a value that the rules refuse for that very field, so that it is refused in its turn: the
/// order of the checks stays the rules' own.
template <jackpot::amount Amount>
class fields {
public:
    explicit fields(const command& members) : members_(members) {}

    [[nodiscard]] jackpot::name text(std::string_view field) const {
        return optional_text(field).value_or(jackpot::name());
    }
    [[nodiscard]] std::optional<jackpot::name> optional_text(std::string_view field) const {
        return read(field, [](const member& m) { return to_name(m); });
    }
    [[nodiscard]] std::optional<Amount> amount(std::string_view field, int refused) const {
        return read(field, [&](const member& m) { return to_amount(m).value_or(Amount(refused)); });
    }

    template <class List>
    [[nodiscard]] std::optional<List> list(std::string_view field) const {
        return read(field, [](const member& m) {
            return m.is == member::kind::list ? List(m.items.begin(), m.items.end()) : List{jackpot::name()};
        });
    }
    template <class Enum>
    [[nodiscard]] std::optional<Enum> word(std::string_view field,
                                           std::optional<Enum> (*parse)(jackpot::text_view)) const {
        constexpr auto refused = static_cast<Enum>(0xFF);
        return read(field, [&](const member& m) { return parse(text_of(m)).value_or(refused); });
    }

    [[nodiscard]] jackpot::basic_patch<Amount> patch() const {
        jackpot::basic_patch<Amount> p;
        jackpot::each_setting<Amount>([&]<class T>(const jackpot::setting<T, Amount>& s) {
            if constexpr (std::is_enum_v<T>) {
                p.*s.change = word<T>(s.name, [](jackpot::text_view text) {
                    return jackpot::detail::unspell<T>(text, jackpot::detail::words_of(T()));
                });
            } else if constexpr (std::is_same_v<T, Amount>) {
                p.*s.change = amount(s.name, -1);
            } else if constexpr (std::is_same_v<T, jackpot::rate>) {
                p.*s.change = read(s.name, [](const member& m) {
                    constexpr auto refused = jackpot::rate::from_ppb(-1);
                    return jackpot::rate::parse(text_of(m)).value_or(refused);
                });
            } else if constexpr (std::is_same_v<T, std::vector<jackpot::name>>) {
                p.*s.change = list<T>(s.name);
            } else {
                const auto cap = read(s.name, [](const member& m) {
                    return m.is == member::kind::null ? std::nullopt
                                                      : std::optional(to_amount(m).value_or(Amount(-1)));
                });
                if (cap) {
                    p.*s.change = *cap;
                }
            }
        });
        return p;
    }

    [[nodiscard]] jackpot::basic_configuration<Amount> configuration() const {
        jackpot::basic_configuration<Amount> c;
        jackpot::detail::overlay(c, patch());
        return c;
    }

private:
    template <class Read>
    [[nodiscard]] auto read(std::string_view field, Read&& as) const
        -> std::optional<std::invoke_result_t<Read, const member&>> {
        const auto found = members_.find(field);
        if (found == members_.end()) {
            return std::nullopt;
        }
        return as(found->second);
    }

    [[nodiscard]] static std::string_view text_of(const member& m) {
        return m.is == member::kind::text ? std::string_view(m.value) : std::string_view();
    }
    [[nodiscard]] static jackpot::name to_name(const member& m) { return text_of(m); }

    /// Only digits make an amount: 1e3 and 1.0 do not. Wide ones may be texts, as they are printed.
    [[nodiscard]] static std::optional<Amount> to_amount(const member& m) {
        constexpr bool wide = !std::is_same_v<Amount, std::int64_t>;
        const bool fits = m.is == member::kind::number || (wide && m.is == member::kind::text);
        return fits ? jackpot::amount_traits<Amount>::from_text(m.value) : std::nullopt;
    }

    const command& members_;
};

}  // namespace replay

#endif
