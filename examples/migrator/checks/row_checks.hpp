// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_EXAMPLES_MIGRATOR_CHECKS_ROW_CHECKS_HPP
#define JACKPOT_EXAMPLES_MIGRATOR_CHECKS_ROW_CHECKS_HPP

#include "validation.hpp"

#include <jackpot/replication/compare.hpp>

#include <fmt/format.h>

#include <map>
#include <set>
#include <vector>

namespace migrator {

/// What a value of this type is, where the text of a column is none.
template <class T>
std::string what_is_wanted() {
    using field_type = jackpot::sql::field_of<T>;
    using jackpot::sql::value_kind;
    switch (field_type::kind) {
        case value_kind::rate:
            return "a rate is a decimal from 0 to 1";
        case value_kind::integer:
            return "a whole number, 0 or more, is wanted";
        case value_kind::amount:
        case value_kind::wide_amount:
            return "a whole number is wanted";
        case value_kind::moment:
            return "a time is wanted";
        case value_kind::name:
            return "1 to 128 bytes of UTF-8 without control characters are wanted";
        case value_kind::word:
            return "that is none of its words";
        default:
            return "it cannot be read";
    }
}

/// Checks one pool's row as it is stored: each column has a value of its own, and R8 holds of them. Where a
/// column has none, what is said of it and others together is left out.
template <jackpot::amount Amount>
class row_checker {
public:
    using row_type = jackpot::sql::pool_row<Amount>;

    row_checker(std::vector<step>& steps, const jackpot::sql::store_row& store)
        : steps_(&steps), store_(store) {}

    /// `holds`: the sum of the pool's open holds, and none where one of them cannot be read.
    void look_at(const jackpot::sql::stored_row<row_type>& stored, const std::optional<Amount>& holds) {
        holds_ = holds;
        pool_ = "pool " + stored.values.front().value_or("NULL");
        unreadable_.clear();
        const row_type row = stored.read([&](std::string_view column, const std::string& text,
                                             const auto* value) { look_at(column, text, value); });
        identity(row);
        relations(row);
    }

private:
    template <class T>
    void look_at(std::string_view column, const std::string& text, const T* value) {
        std::string wrong;
        if (value == nullptr) {
            wrong = fmt::format("is {}: {}", text, what_is_wanted<T>());
            unreadable_.insert(column);
        } else if constexpr (jackpot::sql::field_of<T>::kind == jackpot::sql::field<Amount>::kind) {
            const bool signed_meter =
                std::any_of(jackpot::all_meters<Amount>.begin(), jackpot::all_meters<Amount>.end(),
                            [&](const auto& m) { return m.column() == column && m.negative; });
            if (!signed_meter && std::optional<Amount>(*value).value_or(Amount(0)) < 0) {
                wrong = fmt::format("is {}, below 0", text);
            }
        }
        steps_->push_back({fmt::format("{}: {}", pool_, column), std::move(wrong)});
    }

    /// A relation between columns, which says what is wrong where it does not hold.
    void relation(std::string_view what, const std::vector<std::string_view>& columns, bool holds,
                  const std::string& wrong) {
        const bool readable = std::none_of(columns.begin(), columns.end(),
                                           [&](auto column) { return unreadable_.contains(column); });
        if (readable) {
            steps_->push_back({fmt::format("{}: {}", pool_, what), holds ? std::string() : wrong});
        }
    }

    void identity(const row_type& row) {
        using jackpot::meter_side;
        Amount left{};
        Amount right{};
        const bool fits = jackpot::detail::add_side<Amount>(meter_side::left, row, left) &&
                          jackpot::detail::add_side<Amount>(meter_side::right, row, right);
        const auto show = [](const Amount& a) { return jackpot::detail::show(a); };
        std::string identity;
        std::vector<std::string_view> columns;
        jackpot::detail::append_identity<Amount>(
            identity, " = ", [&](const auto& m) { return columns.emplace_back(m.column()); });
        relation(identity, columns, fits && left == right,
                 fits ? fmt::format("{} is not {} (current_amount is {})", show(left), show(right),
                                    show(row.current))
                      : "a sum is out of range");
    }

    void relations(const row_type& row) {
        const auto show = [](const auto& value) { return jackpot::detail::show(value); };
        const auto& c = row.configuration;
        relation("current_amount <= max_amount", {"current_amount", "max_amount"},
                 !c.cap || row.current <= *c.cap,
                 fmt::format("current_amount is {}, max_amount {}", show(row.current), show(c.cap)));
        relation("seed_amount < max_amount", {"seed_amount", "max_amount"}, !c.cap || c.seed < *c.cap,
                 fmt::format("seed_amount is {}, max_amount {}", show(c.seed), show(c.cap)));
        relation("overflow only while current_amount is max_amount",
                 {"overflow", "current_amount", "max_amount"},
                 row.overflow == 0 || (c.cap && row.current == *c.cap),
                 fmt::format("overflow is {}, current_amount {}, max_amount {}", show(row.overflow),
                             show(row.current), show(c.cap)));
        const std::uint32_t end = c.rounding == jackpot::rounding::carry ? jackpot::rate::one_ppb : 1;
        for (const auto& m : jackpot::all_meters<Amount>) {
            if (m.fraction != nullptr) {
                relation(
                    fmt::format("{} below one minor unit, and 0 where rounding is floor", m.column()),
                    {m.column(), "rounding"}, row.*m.fraction < end,
                    fmt::format("{} is {}, rounding {}", m.column(), row.*m.fraction, to_string(c.rounding)));
            }
        }
        relation("seeded <= current_amount", {"seeded", "current_amount"}, row.seeded <= row.current,
                 fmt::format("seeded is {}, current_amount {}", show(row.seeded), show(row.current)));
        if (holds_) {
            relation("held = the sum of its rows in jackpot_holds", {"held"}, row.held == *holds_,
                     fmt::format("held is {}, the sum {}", show(row.held), show(*holds_)));
        }
        const bool closed = row.status == jackpot::pool_status::closed;
        relation("empty where it is closed", {"status", "current_amount", "overflow", "reserve", "held"},
                 !closed || (row.current == 0 && row.overflow == 0 && row.reserve == 0 && row.held == 0 &&
                             !row.pending),
                 fmt::format("it is closed, and holds {}, {} overflow, {} reserve, {} held, or changes wait",
                             show(row.current), show(row.overflow), show(row.reserve), show(row.held)));
        const int parts = row.last_win_amount.has_value() + row.last_win_game.has_value() +
                          row.last_win_player.has_value() + row.last_win_at.has_value();
        relation("last win whole or not there",
                 {"last_win_amount", "last_win_game", "last_win_player", "last_win_at"},
                 parts == 0 || parts == 4, "only some of last_win_* are there");
        relation("version 1 or more", {"version"}, row.version > 0, "version is 0");
        relation("sequence from 1 to the store's", {"sequence"},
                 row.sequence > 0 && row.sequence <= store_.sequence,
                 fmt::format("sequence is {}, the store's {}", row.sequence, store_.sequence));
        relation(
            "opened_at <= last_modified_at <= the store's newest time", {"opened_at", "last_modified_at"},
            row.opened_at.value <= row.modified_at.value && row.modified_at.value <= store_.newest_at.value,
            "the times are in another order");
        const auto patch = row.pending ? jackpot::notation::read_patch<Amount>(*row.pending) : std::nullopt;
        relation("pending can be read", {"pending"}, !row.pending || (patch && !patch->empty()),
                 "pending is " + row.pending.value_or(""));
    }

    std::vector<step>* steps_;
    jackpot::sql::store_row store_;
    std::string pool_;
    std::optional<Amount> holds_;
    std::set<std::string_view> unreadable_;
};

/// The sums of the open holds by pool; none for a pool one of whose rows cannot be read, which is said.
template <jackpot::amount Amount>
std::map<std::optional<std::string>, std::optional<Amount>> check_holds(jackpot::sql::connection& c,
                                                                        std::vector<step>& steps) {
    std::map<std::optional<std::string>, std::optional<Amount>> sums;
    for (const auto& row : jackpot::sql::read_stored<jackpot::sql::hold_row<Amount>>(c)) {
        auto& sum = sums.try_emplace(row.values.front(), Amount{}).first->second;
        bool sound = true;
        const auto hold = row.read([&](std::string_view column, const std::string& text, const auto* value) {
            if (value == nullptr) {
                sound = false;
                steps.push_back(
                    {fmt::format("jackpot_holds, pool {}: {}", row.values.front().value_or("NULL"), column),
                     fmt::format("is {}: it cannot be read", text)});
            }
        });
        if (!sound || !sum || hold.hold.amount < 1 || !jackpot::detail::add(*sum, hold.hold.amount)) {
            sum.reset();
        }
    }
    return sums;
}

/// The guide's integrity query, and every law of a row by itself, over all pools.
template <jackpot::amount Amount>
void check_rows(jackpot::sql::connection& c, std::vector<step>& steps) {
    using namespace jackpot::sql;
    // One moment of all tables, whoever writes meanwhile.
    c.begin_reading();
    std::optional<store_row> store;
    c.prepared(select_from<store_row>()).template select<store_row>([&](const store_row& r) { store = r; });
    steps.push_back({"jackpot_store: one row", store ? "" : "has none"});
    if (!store) {
        return c.commit();
    }
    steps.push_back({std::string(identity_step), store->identity.is_null() && store->sequence != 0
                                                     ? "is 0: the store refuses every change"
                                                     : ""});
    row_checker<Amount> checker(steps, *store);
    std::set<std::optional<std::string>> pools;
    const auto holds = check_holds<Amount>(c, steps);
    for (const auto& row : read_stored<pool_row<Amount>>(c)) {
        pools.insert(row.values.front());
        const auto sum = holds.find(row.values.front());
        checker.look_at(row, sum == holds.end() ? Amount{} : sum->second);
    }
    for (const auto& [pool, sum] : holds) {
        if (!pools.contains(pool)) {
            steps.push_back(
                {fmt::format("jackpot_holds: pool {}", pool.value_or("NULL")), "there is no such pool"});
        }
    }
    for (const auto& row : read_stored<game_row>(c)) {
        if (!pools.contains(row.values.front())) {
            steps.push_back({fmt::format("jackpot_games: pool {}", row.values.front().value_or("NULL")),
                             "there is no such pool"});
        }
    }
    c.commit();
}

}  // namespace migrator

#endif
