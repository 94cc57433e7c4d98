// SPDX-License-Identifier: BSL-1.0
#include "node_history.hpp"

#include <jackpot/core/environment.hpp>
#include <jackpot/replication/repair.hpp>
#include <jackpot/store/checkpoint.hpp>
#include <jackpot/store/name_changed.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace migrator {

namespace {

template <class Entry, class Amount>
std::int64_t sum_of(const std::vector<Entry>& entries, Amount&& amount) {
    std::int64_t sum = 0;
    for (const auto& entry : entries) {
        if (!jackpot::detail::add(sum, amount(entry))) {
            return jackpot::amount_traits<std::int64_t>::amount_max();
        }
    }
    return sum;
}

/// A pool that a checkpoint stands for, and what it does not say of itself.
struct checkpointed {
    jackpot::pool pool{};
    std::string broken{};  // why it does not add up
    std::string reckoned{};
};

/// `funded` is what the meters leave for it, where our rules can have put in that: a seed for the opening,
/// and up to one for each win.
checkpointed checkpoint_of(const node_pool& p) {
    checkpointed result;
    auto& pool = result.pool;
    pool.pool = p.pool;
    pool.configuration = std::make_shared<const jackpot::configuration>(configuration_of(p));
    pool.current = p.current;
    pool.total_contributions = p.total_contributions;
    pool.total_wins = p.total_wins;
    pool.version = (std::max<std::uint64_t>)(p.version, 1);
    pool.opened_at = steps_of(p).front().at;
    pool.modified_at = (std::max)(p.modified_at.value_or(0), pool.opened_at);
    const auto amount = [](const auto& entry) { return entry.amount; };
    if (sum_of(p.contributions, amount) == p.total_contributions) {
        pool.total_wagered = sum_of(p.contributions, [](const auto& entry) { return entry.wager; });
    }
    if (!p.wins.empty()) {
        const auto& newest = *std::max_element(p.wins.begin(), p.wins.end(),
                                               [](const auto& a, const auto& b) { return a.at < b.at; });
        pool.last_win = {newest.amount, newest.game, newest.player, newest.at};
    }

    const std::int64_t missing = p.current + p.total_wins - p.total_contributions;
    const bool told = sum_of(p.wins, amount) == p.total_wins;
    pool.win_count = told ? p.wins.size() : (std::max<std::size_t>)(p.wins.size(), 1);
    if (!told && p.seed > 0 && missing > p.seed && missing % p.seed == 0) {
        pool.win_count = static_cast<std::uint64_t>(missing / p.seed - 1);
        result.reckoned = fmt::format("; the seeds that it took make {} wins", pool.win_count);
    }
    // Half of all amounts, so that no sum with it leaves their range.
    const auto seeds_max =
        jackpot::amount_traits<std::int64_t>::amount_max() / 2 / (std::max<std::int64_t>)(p.seed, 1);
    const auto seeds = (std::min)(static_cast<std::int64_t>(pool.win_count) + 1, seeds_max);
    pool.funded = (std::clamp)(missing, p.seed, p.seed * seeds);
    if (pool.funded != missing) {
        pool.funded = p.seed * seeds;
        result.broken = fmt::format(
            "its current {} and total_wins {} do not add up with {} seeds of {} and "
            "total_contributions {}",
            p.current, p.total_wins, seeds, p.seed, p.total_contributions);
    }
    return result;
}

class importer {
public:
    importer(const node_service& from, const import_options& how) : how_(how), world_(seed_of(from)) {
        result_.store = std::make_unique<jackpot::memory_storage<>>();
        result_.report = from.notes;
        for (const auto& p : from.pools) {
            pools_.push_back(&p);
        }
        std::sort(pools_.begin(), pools_.end(),
                  [](const auto* a, const auto* b) { return a->pool < b->pool; });
    }

    tl::expected<imported, std::string> run() {
        for (std::size_t i = 0; i < pools_.size(); ++i) {
            sort_out(i);
        }
        if (!refused_.empty()) {
            return tl::unexpected(refused_);
        }
        identity_ = {world_.random(), world_.random()};
        auto done = take_histories();
        done = done ? take_checkpoint() : done;
        done = done ? adopt() : done;
        done = done ? commit() : done;
        if (!done) {
            return tl::unexpected(done.error());
        }
        return std::move(result_);
    }

private:
    using outcome = tl::expected<void, std::string>;

    /// The same pools give the same identity and ids, so that an import can be stopped and run again.
    static std::uint64_t seed_of(const node_service& from) {
        std::uint64_t hash = 0xCBF2'9CE4'8422'2325;  // FNV-1a
        const auto mix = [&](std::string_view bytes) {
            for (const char c : bytes) {
                hash = (hash ^ static_cast<unsigned char>(c)) * 0x100'0000'01B3;
            }
        };
        const auto optional = [](const auto& value) { return value ? std::to_string(*value) : "none"; };
        for (const auto& p : from.pools) {
            mix(fmt::format("pool {}\n{} {} {} {} {} {} {} {} {}\n", p.pool.view(), p.current, p.seed,
                            optional(p.cap), p.rate.ppb(), p.total_contributions, p.total_wins, p.version,
                            optional(p.opened_at), optional(p.modified_at)));
            for (const auto& c : p.contributions) {
                mix(fmt::format("contribution {} {} {}\n{}\n{}\n", c.at, c.wager, c.amount, c.game.view(),
                                c.player ? c.player->view() : std::string_view()));
            }
            for (const auto& w : p.wins) {
                mix(fmt::format("win {} {}\n{}\n{}\n", w.at, w.amount, w.game.view(), w.player.view()));
            }
        }
        return hash;
    }

    void refuse(const node_pool& p, std::string_view why) {
        refused_ += fmt::format("{}pool {}: {}", refused_.empty() ? "" : "\n", p.pool.view(), why);
    }

    /// With its history, by a checkpoint, or not at all.
    void sort_out(std::size_t i) {
        const auto& p = *pools_[i];
        if (i > 0 && pools_[i - 1]->pool == p.pool) {
            return refuse(p, "is there twice");
        }
        jackpot::basic_request<std::int64_t> opening =
            jackpot::open_request{.pool = p.pool, .configuration = configuration_of(p)};
        if (const auto sound = jackpot::normalize<std::int64_t>(opening); !sound) {
            return refuse(p, in_words(sound.error()));
        }
        auto explanation = explain(p);
        if (explanation.configuration) {
            configurations_.emplace_back(i, *std::move(explanation.configuration));
            return;
        }
        auto c = checkpoint_of(p);
        result_.report.push_back(fmt::format("pool {}: a checkpoint stands for its history ({}{})",
                                             p.pool.view(), explanation.why, c.reckoned));
        if (p.cap && p.current > *p.cap) {
            const auto above = p.current - *p.cap;
            if (!how_.adopt) {
                return refuse(p, fmt::format("its current {} is above its cap {}: raise the cap in the older "
                                             "service to keep all of it, or --adopt it, which takes {} out "
                                             "and books them as adjusted",
                                             p.current, *p.cap, above));
            }
            c.broken = fmt::format("{} above its cap left it", above);
            c.pool.current = *p.cap;
        }
        if (!c.broken.empty()) {
            if (!how_.adopt) {
                return refuse(p, fmt::format("{}, and its history was not taken ({}); --adopt books the "
                                             "difference as adjusted",
                                             c.broken, explanation.why));
            }
            return adopt_later(c);
        }
        checkpointed_.push_back(std::move(c.pool));
    }

    void adopt_later(checkpointed& c) {
        auto booked = jackpot::detail::book_as_adjusted(c.pool);
        booked = booked ? check_meters(c.pool) : booked;
        if (!booked) {
            refused_ += fmt::format("{}{}", refused_.empty() ? "" : "\n", in_words(booked.error()));
            return;
        }
        result_.report.push_back(fmt::format("pool {}: {} were booked as adjusted: {}", c.pool.pool.view(),
                                             c.pool.adjusted, c.broken));
        // Until it is adopted, it is as it was opened.
        auto& before = checkpointed_.emplace_back();
        before.pool = c.pool.pool;
        before.configuration = c.pool.configuration;
        before.current = before.funded = before.configuration->seed;
        before.version = c.pool.version;
        before.opened_at = before.modified_at = c.pool.opened_at;
        adopted_.push_back(std::move(c.pool));
    }

    outcome append(jackpot::operation& o) {
        o.id = {world_.random(), world_.random()};
        if (const auto applied = apply(states_, o); !applied) {
            return tl::unexpected(in_words(applied.error()));
        }
        batch_.push_back(o);
        return batch_.size() < batch_max ? outcome() : commit();
    }

    outcome commit() {
        if (batch_.empty()) {
            return {};
        }
        jackpot::named_pools<std::int64_t> changed;
        const auto done = result_.store->commit({.identity = identity_,
                                                 .sequence = committed_.sequence,
                                                 .newest = committed_.newest,
                                                 .operations = batch_,
                                                 .pools = name_changed(states_, batch_, changed)});
        if (!done || *done != jackpot::commit_result::committed) {
            return tl::unexpected(done ? "the store in memory took no commit" : in_words(done.error()));
        }
        committed_ = states_.head;
        batch_.clear();
        return {};
    }

    outcome take_histories() {
        struct due {
            event next;
            std::size_t pool;  // in configurations_
            std::size_t rank;  // within the pool
        };
        std::vector<due> all;
        for (std::size_t k = 0; k < configurations_.size(); ++k) {
            std::size_t rank = 0;
            for (const event& s : steps_of(*pools_[configurations_[k].first])) {
                all.push_back({s, k, rank++});
            }
        }
        std::sort(all.begin(), all.end(), [](const due& a, const due& b) {
            return std::tuple(a.next.at, a.pool, a.rank) < std::tuple(b.next.at, b.pool, b.rank);
        });
        jackpot::operation o;
        for (const auto& [next, k, rank] : all) {
            const auto& [i, c] = configurations_[k];
            o.request = request_of(*pools_[i], c, next);
            if (const auto decided = decide(states_, next.at, o); !decided) {
                return tl::unexpected(in_words(decided.error()));
            }
            if (auto done = append(o); !done) {
                return done;
            }
        }
        return {};
    }

    /// Behind the histories, for it is as new as the newest of its pools; it holds all pools, as they are.
    outcome take_checkpoint() {
        if (checkpointed_.empty()) {
            return {};
        }
        if (auto done = commit(); !done) {
            return done;
        }
        jackpot::snapshot all = states_;
        ++all.head.sequence;
        for (const auto& pool : checkpointed_) {
            all.head.at = (std::max)(all.head.at, pool.modified_at);
            all.head.sequence = (std::max)(all.head.sequence, pool.version);
        }
        for (auto& pool : checkpointed_) {
            pool.sequence = all.head.sequence;
            all.pools.put(pool);
        }
        auto o = jackpot::detail::checkpoint_of(all);
        return append(o);
    }

    /// As `repair --adopt` does it, with who and why.
    outcome adopt() {
        if (adopted_.empty()) {
            return {};
        }
        jackpot::operation o;
        jackpot::restore_request request{.actor = how_.actor,
                                         .reason = how_.reason,
                                         .returned_to = states_.head.sequence,
                                         .states = states_.pools};
        jackpot::timestamp at = 0;
        for (const auto& pool : adopted_) {
            *jackpot::detail::find_pool(request.states, pool.pool.view()) = pool;
            at = (std::max)(at, pool.modified_at);
        }
        o.request = std::move(request);
        if (const auto decided = decide(states_, at, o); !decided) {
            return tl::unexpected(in_words(decided.error()));
        }
        return append(o);
    }

    static constexpr std::size_t batch_max = 1000;

    const import_options& how_;
    jackpot::seeded_environment world_;
    jackpot::identifier identity_{};
    std::vector<const node_pool*> pools_;                                         // in byte order of names
    std::vector<std::pair<std::size_t, jackpot::configuration>> configurations_;  // of those with a history
    std::vector<jackpot::pool> checkpointed_;
    std::vector<jackpot::pool> adopted_;
    std::string refused_;
    jackpot::snapshot states_;
    std::vector<jackpot::operation> batch_;
    jackpot::store_head committed_{};
    imported result_;
};

}  // namespace

tl::expected<imported, std::string> to_store(const node_service& from, const import_options& how) {
    return importer(from, how).run();
}

}  // namespace migrator
