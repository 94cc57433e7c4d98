// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_TESTS_SIMULATION_WORLD_HPP
#define JACKPOT_TESTS_SIMULATION_WORLD_HPP

#include "store.hpp"

#include <jackpot/replication/audit.hpp>
#include <jackpot/rules/decide.hpp>
#include <jackpot/rules/revert.hpp>
#include <jackpot/testing/random_requests.hpp>

#include <deque>

namespace simulation {

/// What a world is made of, drawn from its seed.
struct nature {
    enum class scene : std::uint8_t { networks, behind, moving };

    scene what = scene::networks;
    bool fails_over =
        false;           ///< the store is replaced by its standby, and goes on without the newest operations
    bool stale = false;  ///< reads may be answered by the standby
    std::size_t processes = 1;
    std::size_t faults = 0;  ///< percent of the calls to a store
    std::size_t slow = 0;    ///< percent of the others
    std::size_t kills = 0;   ///< of 10,000 steps
    std::size_t wagers = 0;  ///< percent of the requests are plain wagers
    std::size_t keyed = 0;   ///< percent of the requests have a key
    std::size_t attempts = 1;
    bool late = false;  ///< a commit that was given up for lost may land
    std::int64_t amount_max = 0;

    explicit nature(std::uint64_t seed) {
        dice draw(seed);
        const std::size_t kind = draw.below(100);
        what = kind < 55 ? scene::networks : kind < 80 ? scene::behind : scene::moving;
        fails_over = what == scene::networks && draw.percent(30);
        stale = what == scene::networks && draw.percent(25);
        processes = 1 + draw.below(4);
        faults = draw.one_of({std::size_t(0), std::size_t(1), std::size_t(4), std::size_t(20)});
        slow = draw.one_of({std::size_t(0), std::size_t(10), std::size_t(40)});
        kills = draw.one_of({std::size_t(0), std::size_t(10), std::size_t(100)});
        wagers = draw.one_of({std::size_t(50), std::size_t(80), std::size_t(90)});
        keyed = draw.one_of({std::size_t(30), std::size_t(70), std::size_t(100)});
        attempts = 1 + draw.below(6);
        late = draw.percent(60);
        amount_max = std::int64_t(1) << draw.one_of({20, 40, 62});
    }

    /// Is every answer to be as the rules have it, for the history and what is read of it are the newest?
    [[nodiscard]] bool is_strict() const noexcept { return what == scene::networks && !fails_over && !stale; }

    [[nodiscard]] step draw_step(dice& draw) const {
        step s{.who = std::uint8_t(draw.below(16)), .draw = std::uint32_t(draw.any())};
        const std::size_t what_happens = draw.below(10'000);
        if (what_happens < kills) {
            s.what = verb::kill;
        } else if (what_happens < kills + 100) {
            s.what = verb::land;
        } else if (what_happens < kills + 150) {
            s.what = draw.one_in(3) ? verb::pause : verb::clock;
        } else if ((fails_over || stale) && what_happens < kills + 1000) {
            s.what = fails_over && what_happens < kills + 180 ? verb::fail_over : verb::catch_up;
        } else if (draw.percent(faults)) {
            s.fate =
                draw.one_of({fate::lost_request, fate::lost_answer, fate::lost_answer,
                             late ? fate::late : fate::lost_request, fate::busy,
                             draw.one_of({fate::denied, fate::corrupt, fate::no_memory, fate::too_large})});
        } else if (draw.percent(slow)) {
            s.fate = fate::slow;
        } else if (stale && draw.percent(30)) {
            s.fate = fate::stale;
        }
        return s;
    }
};

/// A request under way, and what its caller may expect.
struct asked {
    basic_request<std::int64_t> request{};
    hearing expects{};
    unsigned lives = 0;          ///< when it was asked: the histories that there were,
    std::uint64_t sequence = 0;  ///< and the first store's sequence and seals
    unsigned seals = 0;
};

/// The stores, the threads, and everything that they share.
class world {
public:
    explicit world(std::uint64_t seed) : is(seed), seed_(seed) {
        engines.push_back(std::make_unique<engine>(judged, is.fails_over || is.stale));
    }
    ~world() {
        for (const auto& p : processes) {
            kill(*p);
        }
        for (const auto& t : threads) {
            t->stopping = true;
            resume(*t);
        }
    }
    world(const world&) = delete;
    world& operator=(const world&) = delete;

    const nature is;
    judge judged;
    timestamp now = 1'750'000'000'000'000;
    std::uint64_t answers = 0;
    std::vector<std::unique_ptr<engine>> engines{};
    std::vector<std::unique_ptr<process>> processes{};
    std::vector<std::unique_ptr<thread>> threads{};

    [[nodiscard]] std::uint64_t random() noexcept { return seeds_.random(); }

    void add_thread(process& of) {
        const std::size_t number = threads.size();
        threads.push_back(std::make_unique<thread>(of, number, [this, number] {
            thread& me = *threads[number];
            while (!me.stopping) {
                me.idle = false;
                me.injected = 0;
                me.luck = me.draw;
                me.home->act(me);
                me.idle = true;
                me.run.yield();
            }
        }));
    }

    void play(const step& s) {
        now += 1 + s.draw % 1000;
        thread::steps() += 1;
        narrate(s);
        switch (s.what) {
            case verb::run: {
                thread& t = *threads[s.who % threads.size()];
                t.fate = s.fate;
                t.draw = s.draw;
                if (t.paused_until < thread::steps()) {
                    resume(t);
                }
                break;
            }
            case verb::kill:
                kill(*processes[s.who % processes.size()]);
                break;
            case verb::land:
                engines[s.who % engines.size()]->land(s.draw);
                break;
            case verb::catch_up:
                engines[0]->catch_up(1 + s.draw % 64);
                break;
            case verb::fail_over:
                if (is.fails_over) {
                    lives += 1;
                    engines[0]->fail_over();
                }
                break;
            case verb::pause:
                threads[s.who % threads.size()]->paused_until = thread::steps() + s.draw % 1500;
                break;
            case verb::clock:
                processes[s.who % processes.size()]->skew = std::int64_t(s.draw % 4'000'000) - 2'000'000;
                break;
        }
    }

    void kill(process& p) {
        p.dead = true;
        for (int turn = 0; turn < 1000; ++turn) {
            bool busy = false;
            for (thread* t : p.threads) {
                if (!t->idle) {
                    resume(*t);
                    busy = busy || !t->idle;
                }
            }
            if (!busy) {
                break;
            }
            if (turn == 999) {
                judged.fail("a dead process does not end");
            }
        }
        if (!p.threads.empty()) {
            thread::current() = p.threads.front();
            p.drain();
            thread::current() = nullptr;
        }
        p.begin();
        p.dead = false;
    }

    // What callers ask.

    /// Draws a request, new or sent again.
    [[nodiscard]] std::unique_ptr<asked> ask(std::uint32_t seed, const snapshot& states) {
        testing::random_values<std::int64_t> draw(seed, is.amount_max);
        auto a = std::make_unique<asked>();
        const std::uint32_t newest = judged.newest();
        if (newest > 0 && draw.one_in(4)) {
            const std::uint32_t again =
                earlier(std::uint32_t(draw.below(1 << 30)), draw.one_in(3) ? remembered : 16);
            const record& r = judged.of(again);
            if (r.keyed && (r.unclear || draw.one_in(4))) {
                a->request = requests_[again % remembered];
                tell(again, "asks again");
                hear(*a, again);
                return a;
            }
        }
        draw_new(draw, seed, states, a->request);
        const bool keyed = draw.percent(std::uint32_t(is.keyed));
        const std::uint32_t tag = judged.add(keyed, kind_of<std::int64_t>(a->request), seed);
        name key = name_of(tag);
        bool taken = false;
        if (keyed && newest > 0 && is.is_strict() && judged.of(tag).kind != operation_kind::reverted &&
            draw.one_in(30)) {
            const std::uint32_t other = earlier(seed, remembered);
            taken = judged.of(other).landed != 0 && judged.of(other).keyed &&
                    judged.of(other).kind != operation_kind::reverted;
            key = taken ? name_of(other) : key;
        }
        mark(a->request, tag, keyed ? &key : nullptr);
        basic_request<std::int64_t> sound = a->request;
        const bool valid = normalize<std::int64_t>(sound).has_value();
        judged.of(tag).keyed = keyed && !taken;
        requests_[tag % remembered] = a->request;
        tell(tag, keyed ? "asks with a key" : "asks");
        hear(*a, tag);
        a->expects.key_taken = taken && valid;
        return a;
    }

    void tell(std::uint32_t tag, std::string_view what) const {
        if (narrator() != nullptr) {
            narrate("    thread ", thread::current()->number, ' ', what, ": request ", tag, ", ",
                    to_string(kind_of<std::int64_t>(requests_[tag % remembered])));
        }
    }

    /// The caller is told.
    void answer(asked& a, const expected<receipt>& told, bool durable = true) {
        thread& me = *thread::current();
        if (me.home->dead) {
            judged.silence(a.expects);
            return;
        }
        answers += 1;
        tell(a.expects.tag, !told            ? to_string(told.error().code)
                            : told->replayed ? "is told again"
                                             : "is told");
        a.expects.lenient = is.stale || a.lives != lives;
        a.expects.injected = me.injected;
        told ? judged.answered(a.expects, *told, durable) : judged.answered(a.expects, told.error());
        if (is.is_strict() && a.sequence == engines[0]->sequence() && a.expects.injected == 0 &&
            !a.expects.key_taken) {
            check_unchanged(a, told);
        }
        // A front whose store is sealed has nowhere to go with what it takes.
        if (is.what == nature::scene::behind && told && !told->replayed && !told->parts.empty() &&
            a.seals == engines[0]->seals && engines[0]->sealed()) {
            judged.fail(a.expects.tag, "acknowledged, and the store behind is sealed");
        }
    }
    [[nodiscard]] const basic_request<std::int64_t>& request_of(std::uint32_t tag) const {
        return requests_[tag % remembered];
    }

    /// The newest states of the first store, for requests that fit.
    [[nodiscard]] const snapshot& states() {
        static_cast<void>(engines[0]->store().load(states_));
        return states_;
    }

    /// What must hold when all is over.
    void conclude() {
        for (const auto& p : processes) {
            kill(*p);
        }
        for (const auto& e : engines) {
            const auto report = audit(*e);
            if (!report || !report->clean()) {
                judged.fail("the audit: " +
                            (report ? report->findings.front().where + ": " + report->findings.front().what
                                    : std::string(to_text(report.error()).view())));
            } else if (report->operations != e->sequence()) {
                judged.fail("the journal is not as long as the store says");
            }
        }
    }

    unsigned lives = 0;

private:
    static constexpr std::uint32_t remembered = 512;

    void resume(thread& t) {
        if (!t.run.ended()) {
            thread::current() = &t;
            t.run.resume();
            thread::current() = nullptr;
        }
    }

    void hear(asked& a, std::uint32_t tag) {
        a.expects = judged.ask(tag);
        a.lives = lives;
        a.sequence = engines[0]->sequence();
        a.seals = engines[0]->seals;
    }

    /// While it was asked for, nothing changed: what is told is what the rules say of the states.
    void check_unchanged(const asked& a, const expected<receipt>& told) {
        if (told ? !told->parts.empty()
                 : told.error().kind() != category::rejected || told.error().code == errc::key_conflict) {
            return;
        }
        operation o{.request = a.request};
        auto decided = normalize<std::int64_t>(o.request);
        if (decided) {
            if (auto* revert = std::get_if<revert_request>(&o.request)) {
                operation found;
                const auto held = engines[0]->find(revert->reverts, found);
                detail::find_contribution<std::int64_t>(*revert, held && *held ? &found : nullptr);
            }
            decided = detail::decide_normalized(states(), now, o);
        }
        if (decided ? !told || !o.parts.empty() : told || told.error().code != decided.error().code) {
            judged.fail(a.expects.tag, "answered otherwise than the rules say: " +
                                           std::string(told ? "nothing" : to_string(told.error().code)));
        }
    }
    [[nodiscard]] static name name_of(std::uint32_t tag) {
        return testing::random_values<std::int64_t>::numbered(tag_stem, tag);
    }

    void draw_new(testing::random_values<std::int64_t>& draw, std::uint32_t seed, const snapshot& states,
                  basic_request<std::int64_t>& into) {
        if (states.pools.empty() || draw.one_in(states.pools.size() < 3 ? 6 : 200)) {
            into =
                open_request{.pool = draw.pool(),
                             .configuration = {.seed = std::int64_t(draw.below(1000)), .rate = draw.rate()}};
        } else if (draw.percent(std::uint32_t(is.wagers))) {
            into = contribute_request{.game = draw.game(), .wager = std::int64_t(draw.below(5000))};
        } else if (draw.one_in(4)) {
            into = win_request{.pool = draw.pool(), .game = draw.game(), .player = draw.player()};
        } else if (draw.one_in(6)) {
            const bool any = judged.newest() > 0;
            into =
                revert_request{.reverts = name_of(any ? earlier(seed, remembered) : 0), .actor = "operator"};
        } else {
            into = testing::random_requests<std::int64_t>(seed, {.bad_percent = 0, .restores = false},
                                                          is.amount_max >> 20)
                       .next(states);
        }
    }

    /// One of the newest requests. It hangs on little else that was asked: what shrinks a history leaves out
    /// the rest.
    [[nodiscard]] std::uint32_t earlier(std::uint32_t draw, std::uint32_t among) {
        const std::uint32_t newest = judged.newest();
        std::uint32_t chosen = newest;
        std::uint32_t least = 0xFFFF'FFFF;
        for (std::uint32_t tag = newest; tag > 0 && tag + among > newest; --tag) {
            const std::uint32_t mixed = (judged.of(tag).salt ^ draw) * 2'654'435'761U;
            if (mixed < least) {
                least = mixed;
                chosen = tag;
            }
        }
        return chosen;
    }

    /// So long that a block of a journal in memory is soon full.
    static constexpr std::string_view long_site =
        "the site of a brand with so long a name that a block of a journal is full after few of its wagers: "
        "Jackpots Ltd";

    static void mark(basic_request<std::int64_t>& request, std::uint32_t tag, const name* key) {
        std::visit(
            [&](auto& r) {
                if constexpr (requires { r.site; }) {
                    r.site = long_site;
                }
                if constexpr (requires { r.round; }) {
                    r.round = name_of(tag);
                } else if constexpr (requires { r.reason; }) {
                    r.reason = name_of(tag);
                }
                if constexpr (
                    requires { r.key; } && !requires { r.reverts; }) {
                    r.key.reset();
                    if (key != nullptr) {
                        r.key = *key;
                    }
                }
            },
            request);
    }

    std::uint64_t seed_;
    seeded_environment seeds_{seed_};
    snapshot states_;
    std::vector<basic_request<std::int64_t>> requests_ = std::vector<basic_request<std::int64_t>>(remembered);
};

/// The clock and the luck of a process.
class surroundings {
public:
    surroundings(world& w, process& home) noexcept : world_(&w), home_(&home), luck_(w.random()) {}
    [[nodiscard]] timestamp now() const noexcept { return world_->now + home_->skew; }
    void sleep(std::int64_t microseconds) noexcept { world_->now += microseconds; }
    [[nodiscard]] std::uint64_t random() noexcept { return luck_.random(); }

private:
    world* world_;
    process* home_;
    seeded_environment luck_;
};

}  // namespace simulation

#endif
