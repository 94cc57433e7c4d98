// SPDX-License-Identifier: BSL-1.0
#include "scenes.hpp"

#include "behind.hpp"
#include "moving.hpp"

namespace simulation {

namespace {

void add_callers(world& w) {
    for (std::size_t i = 0; i < w.is.processes; ++i) {
        const auto kind = w.random() % 5;
        auto& all = w.processes;
        switch (kind) {
            case 0:
                all.push_back(std::make_unique<lone_caller<locking::none>>(w));
                break;
            case 1:
                all.push_back(std::make_unique<lone_caller<locking::offered>>(w));
                break;
            case 2:
                all.push_back(std::make_unique<sharing_caller<locking::offered>>(w));
                break;
            default:
                all.push_back(std::make_unique<pumping_caller>(w));
                break;
        }
    }
}

void populate(world& w) {
    auto& all = w.processes;
    switch (w.is.what) {
        case nature::scene::networks:
            add_callers(w);
            break;
        case nature::scene::behind: {
            const bool shares = !w.is.late && w.is.processes == 4;
            all.push_back(std::make_unique<fronted_caller>(w, shares));
            if (shares) {
                all.push_back(std::make_unique<lone_caller<locking::offered>>(w));
            }
            break;
        }
        case nature::scene::moving: {
            w.engines.push_back(std::make_unique<engine>(w.judged, false));
            w.engines[1]->number = 1;
            w.engines[0]->twin = w.engines[1].get();
            w.engines[1]->twin = w.engines[0].get();
            const std::size_t movers = w.random() % 4 == 0 ? 2 : 1;
            for (std::size_t i = 0; i < movers; ++i) {
                all.push_back(std::make_unique<mover>(w, movers == 1));
            }
            for (std::size_t i = 0; i < w.is.processes; ++i) {
                all.push_back(std::make_unique<moving_caller>(w));
            }
            break;
        }
    }
}

}  // namespace

outcome play(const script& s, std::ostream* story) {
    narrator() = story;
    outcome result;
    world w(s.world);
    populate(w);
    for (const step& each : s.steps) {
        if (w.judged.failed()) {
            break;
        }
        w.play(each);
        result.steps += 1;
    }
    if (!w.judged.failed()) {
        w.conclude();
    }
    result.wrong = w.judged.what();
    result.answers = w.answers;
    result.journal = w.engines[0]->sequence();
    return result;
}

script draw_script(std::uint64_t seed, std::size_t steps) {
    script s{.world = seed};
    const nature is(seed);
    dice draw(seed ^ 0x5EED'5EED'5EED'5EED);
    s.steps.reserve(steps);
    for (std::size_t i = 0; i < steps; ++i) {
        s.steps.push_back(is.draw_step(draw));
    }
    return s;
}

}  // namespace simulation
