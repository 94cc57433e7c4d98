// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_REPLICATION_ACCOUNTS_HPP
#define JACKPOT_REPLICATION_ACCOUNTS_HPP

#include <jackpot/core/request.hpp>

#include <array>

// What a statement is made of, and the law that it keeps. statement.hpp makes one.

namespace jackpot { inline namespace v1 {

/// A value of each meter, in the order of `all_meters`; fractions are in parts per billion of a minor unit.
/// What says a change, or what one site's operations came to, may be below 0.
template <amount Amount>
struct basic_statement_line {
    std::array<Amount, all_meters<Amount>.size()> values{};

    /// The value of a meter: `line[&meters::total_wins]`.
    [[nodiscard]] const Amount& operator[](Amount basic_meters<Amount>::*meter) const { return of(meter); }
    [[nodiscard]] const Amount& operator[](std::uint64_t basic_meters<Amount>::*meter) const {
        return of(meter);
    }
    [[nodiscard]] const Amount& operator[](std::uint32_t basic_meters<Amount>::*meter) const {
        return of(meter);
    }

    friend bool operator==(const basic_statement_line&, const basic_statement_line&) = default;

private:
    template <class Meter>
    [[nodiscard]] const Amount& of(Meter wanted) const {
        const Amount* found = nullptr;
        const Amount* at = values.data();
        each_meter<Amount>([&](const auto&, auto meter) {
            if constexpr (std::is_same_v<decltype(meter), Meter>) {
                found = meter == wanted ? at : found;
            }
            ++at;
        });
        return *found;
    }
};

/// What all operations of one kind did in the period.
template <amount Amount>
struct basic_movement {
    operation_kind kind{};
    std::uint64_t operations = 0;
    basic_statement_line<Amount> change{};
};

/// Where something stood, what moved it, in the order of kinds, and where it stands.
template <amount Amount>
struct basic_account {
    basic_statement_line<Amount> opening{};
    std::vector<basic_movement<Amount>> movements{};  ///< of the kinds that occurred
    basic_statement_line<Amount> closing{};
};

/// What the operations of one site came to in a pool, since the journal began and in the period.
template <amount Amount>
struct basic_site_account : basic_account<Amount> {
    std::optional<name> site{};  ///< none: operations that belong to no site
};

template <amount Amount>
struct basic_pool_account : basic_account<Amount> {
    name pool{};
    std::vector<basic_site_account<Amount>> sites{};  ///< in byte order; those without a site stand first
};

/// The operations behind `after`, up to and with `until`, in microseconds: what one statement closes with the
/// next one opens with, if it begins where the first one ends. Without `after` it opens before everything.
struct statement_period {
    std::optional<timestamp> after{};
    timestamp until = timestamp_max;
};

template <amount Amount>
struct basic_statement {
    statement_period period{};
    std::uint64_t opened_at_sequence = 0;             ///< the last operation before the period,
    std::uint64_t closed_at_sequence = 0;             ///< and the last one of it
    std::vector<basic_pool_account<Amount>> pools{};  ///< in byte order of names
};

namespace detail {

/// False where a sum leaves the range.
template <amount Amount>
[[nodiscard]] bool add(basic_statement_line<Amount>& to, const basic_statement_line<Amount>& line) {
    bool fits = true;
    for (std::size_t i = 0; i < to.values.size(); ++i) {
        fits = fits && add(to.values[i], line.values[i]);
    }
    return fits;
}

/// The account at that name, which is made where there is none yet.
template <class Accounts, class Member, class Name>
[[nodiscard]] auto& account_of(Accounts& accounts, Member key, const Name& wanted) {
    auto at = std::lower_bound(accounts.begin(), accounts.end(), wanted,
                               [&](const auto& a, const Name& n) { return a.*key < n; });
    if (at == accounts.end() || wanted < (*at).*key) {
        at = accounts.emplace(at);
        (*at).*key = wanted;
    }
    return *at;
}

/// False where a count leaves the range of amounts.
template <amount Amount>
[[nodiscard]] bool read_line(const basic_meters<Amount>& meters, basic_statement_line<Amount>& line) {
    constexpr auto most = static_cast<std::uint64_t>((std::numeric_limits<std::int64_t>::max)());
    bool fits = true;
    std::size_t at = 0;
    each_meter<Amount>([&](const auto&, auto meter) {
        const auto& value = meters.*meter;
        if constexpr (std::is_same_v<std::decay_t<decltype(value)>, Amount>) {
            line.values[at] = value;
        } else {
            fits = fits && value <= most;
            line.values[at] = Amount(static_cast<std::int64_t>(value));
        }
        ++at;
    });
    return fits;
}

// Each of the checks says whether a law holds, and clears `fits` where a sum leaves the range.

/// Of each column, opening and movements are the closing.
template <amount Amount>
[[nodiscard]] bool adds_up(const basic_account<Amount>& a, bool& fits) {
    auto sum = a.opening;
    for (const auto& m : a.movements) {
        fits = fits && add(sum, m.change);
    }
    return sum == a.closing;
}

/// Both sides of R8's identity moved alike.
template <amount Amount>
[[nodiscard]] bool is_even(const basic_statement_line<Amount>& line, bool& fits) {
    Amount left{};
    Amount right{};
    each_on<Amount>(meter_side::left, [&](const auto& m) { fits = fits && add(left, line[m.amount]); });
    each_on<Amount>(meter_side::right, [&](const auto& m) { fits = fits && add(right, line[m.amount]); });
    return left == right;
}

/// Calls `each(what, operations, line)` for the lines of an account, in order.
template <class Account, class Each>
void each_line(const Account& a, Each&& each) {
    each(std::string_view("opening"), 0U, a.opening);
    for (const auto& m : a.movements) {
        each(to_string(m.kind), m.operations, m.change);
    }
    each(std::string_view("closing"), 0U, a.closing);
}

/// The sites' lines together are the pool's.
template <amount Amount>
[[nodiscard]] bool sites_add_up(const basic_pool_account<Amount>& p, bool& fits) {
    bool sound = true;
    each_line(p, [&](std::string_view what, std::uint64_t operations, const auto& whole) {
        basic_statement_line<Amount> sum;
        std::uint64_t count = 0;
        for (const auto& site : p.sites) {
            each_line(site, [&](std::string_view of_site, std::uint64_t of_it, const auto& line) {
                if (of_site == what) {
                    fits = fits && add(sum, line);
                    count += of_it;
                }
            });
        }
        sound = sound && sum == whole && count == operations;
    });
    return sound;
}

}  // namespace detail

/// Checks that a statement adds up, to the unit:
/// - down: of each account and each meter, the opening and all movements together are the closing;
/// - across: each line of a pool moves both sides of R8's identity alike, which are current + overflow +
///   reserve + held + total_wins, and funded + total_contributions + adjusted + transferred;
/// - by site: the lines of a pool's sites together are the pool's lines.
///
/// Errors: amount_overflow, where a sum does not fit the amount type; corrupt, naming the pool.
template <amount Amount>
[[nodiscard]] expected<void> check_statement(const basic_statement<Amount>& s) {
    for (const auto& p : s.pools) {
        bool fits = true;
        bool sound = detail::adds_up<Amount>(p, fits);
        sound = detail::sites_add_up(p, fits) && sound;
        detail::each_line(p, [&](std::string_view, std::uint64_t, const auto& line) {
            sound = detail::is_even(line, fits) && sound;
        });
        for (const auto& site : p.sites) {
            sound = detail::adds_up<Amount>(site, fits) && sound;
        }
        if (!fits) {
            return fail(errc::amount_overflow, "a sum of the statement of pool", p.pool);
        }
        if (!sound) {
            return fail(errc::corrupt, p.pool, "its statement does not add up");
        }
    }
    return success();
}

}}  // namespace jackpot::v1

#endif
