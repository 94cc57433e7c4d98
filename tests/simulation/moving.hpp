// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_TESTS_SIMULATION_MOVING_HPP
#define JACKPOT_TESTS_SIMULATION_MOVING_HPP

#include "processes.hpp"

#include <jackpot/replication/cut_over.hpp>
#include <jackpot/replication/replicate.hpp>

namespace simulation {

/// A client that knows both stores: what one refuses because it is sealed, it asks of the other.
class moving_caller final : public process {
public:
    explicit moving_caller(world& w)
        : world_(&w), stores_{connection_type(*w.engines[0]), connection_type(*w.engines[1])} {
        begin();
        w.add_thread(*this);
    }
    void begin() override {
        for (std::size_t i = 0; i < 2; ++i) {
            nets_[i].emplace(stores_[i], surroundings(*world_, *this), tries(*world_));
        }
    }
    void act(thread& me) override {
        auto a = world_->ask(me.draw, world_->states());
        expected<receipt> told;
        for (int turn = 0; turn < 6; ++turn) {
            told = nets_[at_]->submit(a->request);
            if (told || told.error().code != errc::store_sealed) {
                break;
            }
            at_ = 1 - at_;
        }
        world_->answer(*a, told);
    }

private:
    using connection_type = connection<locking::offered>;

    world* world_;
    connection_type stores_[2];
    std::optional<network<connection_type, surroundings>> nets_[2];
    std::size_t at_ = 0;
};

/// An operator with a migrator: follows one store with the other, cuts over, gives up, begins anew after a
/// kill; and then the other way.
class mover final : public process {
public:
    mover(world& w, bool alone)
        : world_(&w), alone_(alone), stores_{connection_type(*w.engines[0]), connection_type(*w.engines[1])} {
        w.add_thread(*this);
    }
    void begin() override {}
    void act(thread& me) override {
        dice draw(me.draw);
        auto& from = stores_[from_];
        auto& to = stores_[1 - from_];
        if (draw.one_in(12)) {
            static_cast<void>(take_over(from, to));  // refused where the target has gone on
            return;
        }
        if (draw.one_in(24)) {
            // Nor does one get far who cannot wait: but where the target is whole, and perhaps open already.
            if (take_over(to, from) && !me.home->dead) {
                from_ = 1 - from_;
            }
            return;
        }
        if (auto moved = move(from, to, draw); !moved) {
            explain(me, moved);
        } else if (*moved && !me.home->dead) {
            from_ = 1 - from_;
        }
    }

private:
    using connection_type = connection<locking::offered>;

    /// True where the target has taken over.
    [[nodiscard]] expected<bool> move(connection_type& from, connection_type& to, dice& draw) {
        snapshot source;
        snapshot target;
        for (auto loaded : {from.load(source), to.load(target)}) {
            if (!loaded) {
                return tl::unexpected(loaded.error());
            }
        }
        const bool ahead = target.head.sequence > source.head.sequence;
        const bool whole = source.head.sealed && target.head.sequence == source.head.sequence;
        if (!target.head.sealed && (ahead || whole)) {
            return source.head.sealed ? take_over(to, from).map([] { return true; }) : false;
        }
        // At most one of the two is open, from before the first batch on.
        if (!target.head.sealed) {
            if (auto sealed = to.seal(true); !sealed) {
                return tl::unexpected(sealed.error());
            }
            target.head.sealed = true;
        }
        surroundings around(*world_, *this);
        replicator copies(
            from, to, around,
            {.batch = 1 + draw.below(24), .attempts = 2, .pause_us = 10, .sealed = target.head.sealed});
        const auto all = [](const replicate_progress&) { return true; };
        // Follows for a while, then cuts over or is ended.
        bool is_sealed = source.head.sealed;
        for (std::size_t rounds = draw.below(60);; --rounds) {
            if (auto copied = copies.run(all); !copied) {
                return tl::unexpected(copied.error());
            }
            if (is_sealed) {
                break;
            }
            if (rounds == 0) {
                if (!draw.one_in(3)) {
                    return false;
                }
                if (auto sealed = from.seal(true); !sealed) {
                    return tl::unexpected(sealed.error());
                }
                is_sealed = true;
            }
        }
        return take_over(to, from).map([] { return true; });
    }

    template <class T>
    void explain(const thread& me, const expected<T>& done) {
        if (alone_ && !me.home->dead && !done && done.error().kind() == category::fatal &&
            done.error().code != errc::store_sealed &&
            ((me.injected >> unsigned(done.error().code)) & 1U) == 0) {
            world_->judged.fail("the stores cannot be moved: " + std::string(to_text(done.error()).view()));
        }
    }

    world* world_;
    bool alone_;
    connection_type stores_[2];
    std::size_t from_ = 0;
};

}  // namespace simulation

#endif
