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
                                           std::optional<Enum> (*parse)(std::string_view)) const {
        constexpr auto refused = static_cast<Enum>(0xFF);
        return read(field, [&](const member& m) { return parse(text_of(m)).value_or(refused); });
    }

    [[nodiscard]] jackpot::basic_patch<Amount> patch() const {
        return {.seed = amount("seed", -1),
                .cap = read("cap",
                            [](const member& m) {
                                return m.is == member::kind::null
                                           ? std::nullopt
                                           : std::optional(to_amount(m).value_or(Amount(-1)));
                            }),
                .rate = read("rate",
                             [](const member& m) {
                                 constexpr auto refused = jackpot::rate::from_ppb(-1);
                                 return jackpot::rate::parse(text_of(m)).value_or(refused);
                             }),
                .rounding = word("rounding", jackpot::parse_rounding),
                .on_cap = word("on_cap", jackpot::parse_on_cap),
                .min_wager = amount("min_wager", -1),
                .games = list<std::vector<jackpot::name>>("games")};
    }

    [[nodiscard]] jackpot::basic_configuration<Amount> configuration() const {
        const auto p = patch();
        return {.seed = p.seed.value_or(0),
                .cap = p.cap.value_or(std::nullopt),
                .rate = p.rate.value_or(jackpot::rate()),
                .rounding = p.rounding.value_or(jackpot::rounding::carry),
                .on_cap = p.on_cap.value_or(jackpot::on_cap::divert),
                .min_wager = p.min_wager.value_or(0),
                .games = p.games.value_or(std::vector<jackpot::name>())};
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
