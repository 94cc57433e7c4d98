// SPDX-License-Identifier: BSL-1.0
#include "account.hpp"

#include <jackpot/replication/compare.hpp>
#include <jackpot/wide.hpp>

#include <map>

namespace migrator {

namespace {

/// What became of a meter within as many operations as one column of the picture stands for.
template <jackpot::amount Amount>
struct column {
    bool any = false;
    Amount first{};
    Amount least{};
    Amount most{};
    Amount last{};

    void take(const Amount& value) {
        first = any ? first : value;
        least = any && least < value ? least : value;
        most = any && value < most ? most : value;
        last = value;
        any = true;
    }
};

template <jackpot::amount Amount>
using course = std::vector<column<Amount>>;

constexpr std::uint64_t plot_columns = plot::width / 2;

template <jackpot::amount Amount>
using courses = std::map<jackpot::name, course<Amount>>;

/// Reads the journal up to there.
template <jackpot::amount Amount>
jackpot::expected<courses<Amount>> read_courses(jackpot::basic_soci_storage<Amount>& store,
                                                std::uint64_t sequence) {
    courses<Amount> all;
    std::vector<jackpot::basic_operation<Amount>> page;
    std::optional<std::uint64_t> first;
    for (std::uint64_t after = 0; after < sequence; after = page.back().sequence) {
        if (const auto read = store.read({.after = after}, page); !read) {
            return tl::unexpected(read.error());
        }
        if (page.empty()) {
            break;
        }
        first = first.value_or(page.front().sequence);
        for (const auto& o : page) {
            if (o.sequence > sequence) {
                break;
            }
            const auto column = (o.sequence - *first) * plot_columns / (sequence - *first + 1);
            for (const auto& part : o.parts) {
                auto& of_pool = all.try_emplace(part.pool, plot_columns).first->second;
                of_pool[column].take(part.current);
            }
        }
    }
    return all;
}

/// Whole numbers alone, whatever the amounts: where the range is large, a point is a part of it.
template <jackpot::amount Amount>
int y_of(const Amount& value, const Amount& least, const Amount& range) {
    constexpr int exact_max = 1'000'000;
    const Amount above = value - least;
    const Amount height = plot::height;
    const Amount y = range == 0          ? Amount(0)
                     : range < exact_max ? Amount(above * height / range)
                                         : Amount(above / (range / height + 1));
    return plot::height - static_cast<int>(y);
}

template <jackpot::amount Amount>
plot plot_of(const course<Amount>& all) {
    column<Amount> whole;
    for (const auto& c : all) {
        if (c.any) {
            whole.take(c.least);
            whole.take(c.most);
        }
    }
    plot result{jackpot::detail::show(whole.least), jackpot::detail::show(whole.most)};
    const Amount range = whole.most - whole.least;
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (!all[i].any) {
            continue;
        }
        for (const auto* value : {&all[i].first, &all[i].least, &all[i].most, &all[i].last}) {
            const std::pair point(static_cast<int>(i) * plot::width / static_cast<int>(plot_columns),
                                  y_of(*value, whole.least, range));
            if (result.points.empty() || result.points.back() != point) {
                result.points.push_back(point);
            }
        }
    }
    return result;
}

template <jackpot::amount Amount>
jackpot::expected<jackpot::basic_soci_storage<Amount>> open_loaded(const std::string& url,
                                                                   jackpot::basic_snapshot<Amount>& states) {
    auto store = jackpot::basic_soci_storage<Amount>::open(url, jackpot::open_mode::existing);
    const auto loaded = store ? store->load(states) : tl::unexpected(store.error());
    return loaded ? std::move(store) : tl::unexpected(loaded.error());
}

template <jackpot::amount Amount>
jackpot::expected<void> read_pools(const std::string& url, const std::string& against, account& a) {
    using jackpot::detail::show;
    jackpot::basic_snapshot<Amount> states;
    auto store = open_loaded(url, states);
    if (!store) {
        return tl::unexpected(store.error());
    }
    jackpot::basic_snapshot<Amount> others;
    if (!against.empty()) {
        if (const auto other = open_loaded(against, others); !other) {
            return tl::unexpected(other.error());
        }
    }
    a.sealed = states.head.sealed;
    a.sequence = states.head.sequence;
    a.there_sequence = others.head.sequence;
    return read_courses(*store, a.sequence).map([&](const courses<Amount>& all) {
        for (const auto& p : states.pools) {
            const auto& c = *p.configuration;
            auto& told = a.pools.emplace_back(pool_account{.pool = std::string(p.pool.view()),
                                                           .status = std::string(to_string(p.status)),
                                                           .current = show(p.current),
                                                           .seed = show(c.seed),
                                                           .cap = show(c.cap),
                                                           .rate = show(c.rate),
                                                           .contributions = show(p.total_contributions),
                                                           .wins = show(p.total_wins),
                                                           .wager_count = p.wager_count,
                                                           .win_count = p.win_count,
                                                           .version = p.version});
            if (!against.empty()) {
                const auto* other = jackpot::detail::find_pool(others.pools, p.pool.view());
                told.there = other == nullptr ? "none" : show(other->current);
            }
            if (const auto of_pool = all.find(p.pool); of_pool != all.end()) {
                told.course = plot_of(of_pool->second);
            }
        }
    });
}

}  // namespace

jackpot::expected<void> read_account(const std::string& url, const std::string& against, account& a) {
    return a.amounts == "int256" ? read_pools<jackpot::wide_amount>(url, against, a)
                                 : read_pools<std::int64_t>(url, against, a);
}

}  // namespace migrator
