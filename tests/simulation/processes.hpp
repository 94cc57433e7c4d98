// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_TESTS_SIMULATION_PROCESSES_HPP
#define JACKPOT_TESTS_SIMULATION_PROCESSES_HPP

#include "world.hpp"

#include <jackpot/network/async_network.hpp>
#include <jackpot/network/shared_network.hpp>

#include <algorithm>

namespace simulation {

[[nodiscard]] inline retry_policy tries(const world& w) {
    return {.attempts = unsigned(w.is.attempts), .first_us = 100, .longest_us = 5000};
}

template <class Network>
[[nodiscard]] expected<receipt> contribute_by_handle(Network& net, const contribute_request& r) {
    const auto game = net.resolve_game(r.game);
    return game ? net.contribute(
                      *game,
                      {.wager = r.wager, .player = r.player, .round = r.round, .site = r.site, .key = r.key})
                : tl::unexpected(game.error());
}

inline constexpr auto always = [] { return true; };

/// Sends what was drawn through a network: one request, a list of wagers, or a question. `durable()` says,
/// when the answer is there, whether it promises that the journal has it.
template <class Network, class Durable>
void call(world& w, Network& net, dice& draw, Durable&& durable) {
    const snapshot& states = w.states();
    if (draw.one_in(50)) {
        const auto all = net.pools();
        for (std::size_t i = 0; all && i < all->size(); ++i) {
            if (!check_meters((*all)[i])) {
                w.judged.fail("a pool that breaks R8 is shown");
            }
        }
        return;
    }
    const auto submit = [&](std::unique_ptr<asked> a) {
        const auto* wager = std::get_if<contribute_request>(&a->request);
        const auto told = wager == nullptr                 ? net.submit(a->request)
                          : wager->pools || draw.one_in(2) ? net.contribute(*wager)
                                                           : contribute_by_handle(net, *wager);
        w.answer(*a, told, durable());
    };
    std::vector<std::unique_ptr<asked>> all;
    std::vector<contribute_request> wagers;
    const std::size_t count = draw.one_in(6) ? 1 + draw.below(6) : 0;
    for (std::size_t i = 0; i < count; ++i) {
        auto a = w.ask(std::uint32_t(draw.any()), states);
        if (const auto* wager = std::get_if<contribute_request>(&a->request)) {
            wagers.push_back(*wager);
            all.push_back(std::move(a));
        } else {
            submit(std::move(a));
        }
    }
    if (count == 0) {
        submit(w.ask(std::uint32_t(draw.any()), states));
        return;
    }
    std::vector<expected<receipt>> answers(wagers.size());
    static_cast<void>(net.contribute(wagers, answers));
    for (std::size_t i = 0; i < all.size(); ++i) {
        w.answer(*all[i], answers[i], durable());
    }
}

/// One thread that calls one network.
template <class Network, locking Locking>
class caller final : public process {
public:
    explicit caller(world& w) : world_(&w), store_(*w.engines[0]) {
        begin();
        w.add_thread(*this);
    }
    void begin() override {
        if constexpr (std::is_same_v<Network, network<connection<Locking>, surroundings>>) {
            net_.emplace(store_, surroundings(*world_, *this), tries(*world_));
        } else {
            net_.emplace(store_, surroundings(*world_, *this), group_policy{.retry = tries(*world_)});
        }
    }
    void act(thread& me) override {
        dice draw(me.draw);
        call(*world_, *net_, draw, always);
    }

private:
    world* world_;
    connection<Locking> store_;
    std::optional<Network> net_;
};

template <locking Locking>
using lone_caller = caller<network<connection<Locking>, surroundings>, Locking>;
template <locking Locking>
using sharing_caller = caller<shared_network<connection<Locking>, surroundings>, Locking>;

/// A thread that submits, and one that pumps.
class pumping_caller final : public process {
public:
    explicit pumping_caller(world& w) : world_(&w), store_(*w.engines[0]) {
        begin();
        w.add_thread(*this);
        w.add_thread(*this);
    }
    void begin() override {
        net_.emplace(store_, surroundings(*world_, *this),
                     group_policy{.retry = tries(*world_), .batch = 5, .waiting_max = 10, .gather = false});
    }
    void act(thread& me) override {
        if (&me == threads[0]) {
            const auto answers = net_->pump();
            return;
        }
        dice draw(me.draw);
        for (std::size_t count = draw.below(5); count > 0; --count) {
            auto a = std::make_unique<slot>(*this, world_->ask(std::uint32_t(draw.any()), world_->states()));
            if (const auto taken = net_->submit(*a); taken) {
                slots_.push_back(std::move(a));
            } else {
                world_->answer(*a->what, tl::unexpected(taken.error()));
            }
        }
        if (!slots_.empty() && draw.one_in(8)) {
            auto& one = slots_[draw.below(slots_.size())];
            if (net_->cancel(*one)) {
                one->told(jackpot::fail(errc::cancelled));
            }
        }
    }
    void drain() override {
        for (int turn = 0; net_->waiting() != 0; ++turn) {
            const auto answers = net_->pump();
            if (turn == 100) {
                world_->judged.fail("a queue does not empty");
                std::abort();  // its requests cannot be dropped
            }
        }
    }

private:
    struct slot final : basic_submission<std::int64_t> {
        slot(pumping_caller& c, std::unique_ptr<asked> a)
            : basic_submission<std::int64_t>(a->request, into, &slot::done), of(&c), what(std::move(a)) {}

        static void done(basic_submission<std::int64_t>& s) noexcept {
            auto& self = static_cast<slot&>(s);
            self.told(self.result() ? expected<receipt>(self.into) : tl::unexpected(self.result().error()));
        }
        /// It is gone after that.
        void told(const expected<receipt>& answer) {
            of->world_->answer(*what, answer);
            auto& all = of->slots_;
            all.erase(
                std::find_if(all.begin(), all.end(), [&](const auto& each) { return each.get() == this; }));
        }

        pumping_caller* of;
        std::unique_ptr<asked> what;
        receipt into{};
    };

    world* world_;
    connection<locking::none> store_;
    std::vector<std::unique_ptr<slot>> slots_;
    std::optional<async_network<connection<locking::none>, surroundings>> net_;
};

}  // namespace simulation

#endif
