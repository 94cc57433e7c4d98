// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_TESTING_RANDOM_VALUES_HPP
#define JACKPOT_TESTING_RANDOM_VALUES_HPP

#include <jackpot/core/configuration.hpp>
#include <jackpot/core/environment.hpp>

namespace jackpot { inline namespace v1 { namespace testing {

/// Draws random fields of requests. A seed gives the same fields on every platform: the class uses no
/// distribution of the standard library, and no expression draws twice in an order that the language leaves
/// open, neither here nor in its users.
template <amount Amount>
class random_values {
public:
    static constexpr std::string_view pools[6] = {"minor", "major",  "mega",
                                                  "MINOR", "minor ", "\xC3\xA9toile"};
    static constexpr std::string_view games[5] = {"slots-1", "slots-2", "poker", "keno",
                                                  "jeu d'\xC3\xA9t\xC3\xA9"};
    /// The pool of the largest amounts. Only its own game feeds it, for where a pool's meters are at the end
    /// of the type's range, the rules refuse every wager that would feed it.
    static constexpr std::string_view vault = "vault";
    static constexpr std::string_view vault_game = "vault game";

    random_values(std::uint64_t seed, const Amount& amount_max) noexcept
        : world_(seed), amount_max_(amount_max) {}

    [[nodiscard]] std::size_t below(std::size_t bound) noexcept {
        return static_cast<std::size_t>(world_.random() % bound);
    }
    [[nodiscard]] bool one_in(std::size_t n) noexcept { return below(n) == 0; }
    [[nodiscard]] bool percent(std::uint32_t p) noexcept { return below(100) < p; }
    template <class T, std::size_t N>
    [[nodiscard]] const T& one_of(const T (&items)[N]) noexcept {
        return items[below(N)];
    }

    [[nodiscard]] name pool() noexcept {
        return one_in(30) ? vault : one_in(60) ? std::string_view("no such pool") : one_of(pools);
    }
    [[nodiscard]] name game() noexcept { return one_of(games); }
    [[nodiscard]] name player() noexcept { return numbered("player-", below(50)); }
    [[nodiscard]] static name numbered(std::string_view stem, std::uint64_t number) noexcept {
        return name(stem).append(amount_traits<std::int64_t>::to_text(static_cast<std::int64_t>(number)));
    }
    [[nodiscard]] std::vector<name> games_for(const name& pool) {
        if (pool == vault) {
            return {vault_game};
        }
        std::vector<name> some;
        for (std::size_t count = one_in(2) ? 0 : below(4); count > 0; --count) {
            some.push_back(game());
        }
        return some;
    }

    /// Small amounts are as likely as large ones, and a hundred thousand large ones fill no meter.
    [[nodiscard]] Amount amount() { return amount_of_bits(bits_of_amount_max() / 3); }
    [[nodiscard]] Amount huge_amount() {
        switch (below(4)) {
            case 0:
                return amount_max_;
            case 1:
                return amount_max_ / 2;
            case 2:
                return amount_max_ - amount();
            default:
                return amount_of_bits(bits_of_amount_max());
        }
    }
    [[nodiscard]] Amount amount_for(const name& pool) { return pool == vault ? huge_amount() : amount(); }
    /// The value, one less or one more.
    [[nodiscard]] Amount close_to(const Amount& value) {
        const int step = static_cast<int>(below(3)) - 1;
        return value >= amount_max_ ? value : Amount(value + step);
    }
    /// The value and an amount for the pool, as far as the type goes.
    [[nodiscard]] Amount above(const Amount& value, const name& pool) {
        const Amount step = amount_for(pool);
        return value > amount_max_ - step ? amount_max_ : Amount(value + step);
    }

    [[nodiscard]] jackpot::rate rate() noexcept {
        static constexpr std::int64_t rates_ppb[] = {0,           1,           2'900'000,    20'000'000,
                                                     333'333'333, 999'999'999, 1'000'000'000};
        return rate::from_ppb(one_in(3) ? static_cast<std::int64_t>(below(1'000'000'000))
                                        : one_of(rates_ppb));
    }
    [[nodiscard]] jackpot::rounding rounding() noexcept {
        return one_in(3) ? rounding::floor : rounding::carry;
    }
    [[nodiscard]] jackpot::on_cap on_cap() noexcept { return one_in(3) ? on_cap::stop : on_cap::divert; }

    [[nodiscard]] jackpot::seed_from seed_from() noexcept {
        return one_in(3) ? seed_from::overflow : seed_from::house;
    }
    /// Mostly that a configuration may change.
    [[nodiscard]] jackpot::changes changes() noexcept {
        return one_in(12) ? changes::after_win : one_in(10) ? changes::suspended : changes::any;
    }
    [[nodiscard]] name round() noexcept { return numbered("round-", below(200)); }
    [[nodiscard]] name site() noexcept {
        static constexpr std::string_view sites[] = {"north", "south",
                                                     "s\xC3\xBC"
                                                     "d"};
        return one_of(sites);
    }

    // What no request may hold.

    [[nodiscard]] name odd_name() noexcept {
        static constexpr std::string_view names[] = {"", "a\tb", "\x7F", "\xC3(", "\xED\xA0\x80", "\xFF"};
        const name half = "sixty-four bytes long: a name may have a hundred and twenty-eight";
        return one_in(6) ? name(half).append(half) : name(one_of(names));
    }
    [[nodiscard]] Amount odd_amount() {
        return one_in(2) ? Amount(-1) : Amount(-amount_traits<Amount>::amount_max() - 1);
    }

private:
    [[nodiscard]] std::size_t bits_of_amount_max() const {
        std::size_t bits = 0;
        for (Amount rest = amount_max_; rest > 0; rest /= 2) {
            ++bits;
        }
        return bits;
    }
    Amount amount_of_bits(std::size_t bits) {
        Amount value = 0;
        for (std::size_t left = below(bits + 1); left > 0; --left) {
            value = value * 2 + static_cast<int>(below(2));
        }
        return value;
    }

    seeded_environment world_;
    Amount amount_max_;
};

}}}  // namespace jackpot::v1::testing

#endif
