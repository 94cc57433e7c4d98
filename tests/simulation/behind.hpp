// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_TESTS_SIMULATION_BEHIND_HPP
#define JACKPOT_TESTS_SIMULATION_BEHIND_HPP

#include "processes.hpp"

#include <jackpot/replication/write_behind.hpp>

namespace simulation {

/// A program that answers from memory: a thread pumps, and others call. Where it always is durable, the store
/// behind has another writer, too.
class fronted_caller final : public process {
public:
    explicit fronted_caller(world& w, bool shares)
        : world_(&w),
          store_(*w.engines[0]),
          shares_(shares),
          options_{.history_limit = history_limits[w.random() % std::size(history_limits)],
                   .lag_limit = w.random() % 3 == 0 ? std::uint64_t(64) : 0,
                   .batch = std::size_t(1) + w.random() % 40,
                   .durable = shares || w.random() % 3 == 0} {
        begin();
        w.add_thread(*this);
        for (std::size_t i = 0; i < clients; ++i) {
            w.add_thread(*this);
        }
    }

    void begin() override {
        engine& behind = *world_->engines[0];
        // What a dead client had under way is over before its successor looks.
        for (bool lands = false; !behind.late.empty(); lands = !lands) {
            lands ? behind.land(0) : behind.late.pop_back();
        }
        if (front_) {
            world_->judged.crashed(behind.sequence(), front_->lag().operations);
        }
        nets_.clear();
        front_.emplace(store_, options_);
        for (std::size_t i = 0; i < clients; ++i) {
            nets_.push_back(
                std::make_unique<network_type>(*front_, surroundings(*world_, *this), tries(*world_)));
        }
        durable_ = options_.durable;
        switches_ += 1;
    }

    void act(thread& me) override {
        dice draw(me.draw);
        if (&me == threads[0]) {
            tend(me, draw);
            return;
        }
        const auto at = std::size_t(std::find(threads.begin(), threads.end(), &me) - threads.begin());
        call(*world_, *nets_[at - 1], draw,
             [this, before = switches_] { return durable_ && switches_ == before; });
    }

private:
    static constexpr std::size_t clients = 3;
    static constexpr std::uint64_t history_limits[] = {0, 4, 64, 200, 300};
    using front_type = write_behind<connection<locking::none>, turn_lock>;
    using network_type = network<front_type, surroundings>;

    void tend(thread& me, dice& draw) {
        const std::size_t what = draw.below(100);
        const std::uint32_t newest = world_->judged.newest();
        if (what < 80) {
            explain(me, front_->pump(draw.one_in(4) ? 1 + draw.below(64) : sequence_max));
        } else if (what < 88) {
            world_->judged.begin_flush();
            const auto flushed = front_->flush();
            if (flushed && !me.home->dead) {
                world_->judged.flushed(newest);
            }
            explain(me, flushed);
        } else if (what < 92 && !shares_ && !world_->is.late) {
            const bool on = draw.one_in(2);
            durable_ = false;
            switches_ += 1;
            const auto switched = front_->set_durable(on);
            explain(me, switched);
            switches_ += 1;
            durable_ = on && switched;
        } else if (what < 96 && !shares_) {
            const bool on = draw.one_in(3);
            world_->judged.begin_flush();
            const auto sealed = front_->seal(on);
            explain(me, sealed);
            if (sealed && !me.home->dead) {
                if (world_->engines[0]->sealed() != on) {
                    world_->judged.fail("a seal that was answered is not there");
                }
                on ? world_->judged.flushed(newest) : void();
            }
        }
    }

    /// Nobody else writes: what the front took, the store behind can take.
    template <class T>
    void explain(const thread& me, const expected<T>& done) {
        if (!me.home->dead && !done && done.error().kind() == category::fatal &&
            done.error().code != errc::store_sealed &&
            ((me.injected >> unsigned(done.error().code)) & 1U) == 0) {
            world_->judged.fail("the front cannot be pumped: " + std::string(to_text(done.error()).view()));
        }
    }

    world* world_;
    connection<locking::none> store_;
    bool shares_;
    write_behind_options options_;
    std::optional<front_type> front_;
    std::vector<std::unique_ptr<network_type>> nets_;
    bool durable_ = false;
    unsigned switches_ = 0;
};

}  // namespace simulation

#endif
