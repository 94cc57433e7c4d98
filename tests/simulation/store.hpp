// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_TESTS_SIMULATION_STORE_HPP
#define JACKPOT_TESTS_SIMULATION_STORE_HPP

#include "fiber.hpp"
#include "judge.hpp"
#include "script.hpp"

#include <jackpot/memory/storage.hpp>
#include <jackpot/rules/apply.hpp>
#include <jackpot/store/name_changed.hpp>

#include <unordered_set>

namespace simulation {

using memory_type = memory_storage<std::int64_t, null_lock>;
using commit_type = basic_commit<std::int64_t>;

struct thread;

/// Where a script that is played alone tells what happens; null while many are played.
inline std::ostream*& narrator() noexcept {
    static std::ostream* out = nullptr;
    return out;
}
template <class... Words>
void narrate(const Words&... words) {
    if (narrator() != nullptr) {
        ((*narrator() << words), ...);
        *narrator() << '\n';
    }
}

/// What dies together, and has a clock.
struct process {
    virtual ~process() = default;
    /// What a thread of it does next.
    virtual void act(thread& me) = 0;
    /// Answers what waits, on a thread of it, before it is dropped: it is dead, and hears nothing any more.
    virtual void drain() {}
    /// Drops everything that was in its memory, and begins anew.
    virtual void begin() = 0;

    bool dead = false;
    std::int64_t skew = 0;
    std::vector<thread*> threads{};
};

/// A thread of a process: it stops at every call to a store, until a step of the script says what becomes of
/// that.
struct thread {
    thread(process& of, std::size_t n, std::function<void()> body)
        : home(&of), number(n), run(std::move(body)) {
        of.threads.push_back(this);
    }

    process* home;
    std::size_t number = 0;
    fiber run;
    simulation::fate fate = fate::done;
    std::uint32_t draw = 0;
    bool idle = true;
    bool stopping = false;
    std::uint64_t paused_until = 0;  ///< the step
    std::uint32_t luck = 0;          ///< whether it is interrupted before it takes a lock
    std::uint64_t injected = 0;      ///< a bit for each error that it was given since its call began

    /// Waits for the next step. False: the process is dead by then.
    [[nodiscard]] bool wait() {
        if (!home->dead) {
            run.yield();
        }
        return !home->dead;
    }

    /// How many steps were played.
    static std::uint64_t& steps() noexcept {
        static std::uint64_t played = 0;
        return played;
    }
    static thread*& current() noexcept {
        static thread* now = nullptr;
        return now;
    }
};

/// A lock between the threads of a process. Before it is taken, others may run.
class turn_lock {
public:
    void lock() {
        thread* const me = thread::current();
        if (me == nullptr) {
            return;  // the process is looked at from outside
        }
        me->luck = me->luck * 1'664'525 + 1'013'904'223;
        if (me->luck >> 29 == 0 && !me->home->dead) {
            // Sometimes for so long that others fill a journal meanwhile.
            if ((me->luck >> 24) % 16 == 0) {
                me->paused_until = thread::steps() + (me->luck >> 8) % 1024;
            }
            me->run.yield();
        }
        while (owner_ != nullptr) {
            me->run.yield();
        }
        owner_ = me;
    }
    void unlock() noexcept { owner_ = nullptr; }

private:
    thread* owner_ = nullptr;
};

/// A copy of a commit that is still under way.
struct kept_commit {
    std::vector<operation> operations;
    std::vector<pool> pools;
    named_pools<std::int64_t> named{};
    commit_type commit;

    explicit kept_commit(const commit_type& c)
        : operations(c.operations.begin(), c.operations.end()), commit(c) {
        for (const pool* p : c.pools) {
            pools.push_back(*p);
        }
        for (const pool& p : pools) {
            named.push_back(&p);
        }
        commit.operations = operations;
        commit.pools = named;
    }
};

/// A simulated store: one in memory, whose every commit is judged, and a standby that has an earlier moment
/// of it.
class engine {
public:
    engine(simulation::judge& j, bool has_standby) : judge_(&j), has_standby_(has_standby) {
        begin_standby();
    }

    [[nodiscard]] memory_type& store() noexcept { return *store_; }
    [[nodiscard]] memory_type& standby() noexcept { return *standby_; }
    [[nodiscard]] bool has_standby() const noexcept { return has_standby_; }
    [[nodiscard]] std::uint64_t sequence() const noexcept { return ids_.size(); }
    [[nodiscard]] bool sealed() const noexcept { return sealed_; }
    [[nodiscard]] const identifier& id_at(std::uint64_t sequence) const noexcept {
        return ids_[sequence - 1];
    }

    thread* locked_by = nullptr;
    std::size_t number = 0;
    unsigned seals = 0;      ///< counts how often it was sealed or opened
    unsigned life = 0;       ///< counts the histories
    engine* twin = nullptr;  ///< the other store of a cut-over
    std::vector<std::unique_ptr<kept_commit>> late{};

    [[nodiscard]] expected<commit_result> commit(const commit_type& c) {
        const bool fits = c.sequence == sequence() &&
                          c.newest == (ids_.empty() ? identifier{} : ids_.back()) && c.sealed == sealed_;
        auto result = store_->commit(c);
        if (result && *result == commit_result::committed && !judge_->failed()) {
            if (!fits) {
                judge_->fail("the store took a commit that was decided on another history");
            }
            for (const operation& o : c.operations) {
                narrate("    store ", number, " has operation ", o.sequence, ", ", to_string(o.kind()),
                        ", request ", tag_of(o.request));
            }
            book_all(c);
        }
        return result;
    }

    expected<void> seal(bool on) {
        narrate("    store ", number, on ? " is sealed" : " is open");
        seals += sealed_ == on ? 0 : 1;
        sealed_ = on;
        return store_->seal(on);
    }

    void land(std::uint32_t draw) {
        if (!late.empty()) {
            const auto at = late.begin() + std::ptrdiff_t(draw % late.size());
            const auto kept = std::move(*at);
            late.erase(at);
            if (locked_by == nullptr) {
                static_cast<void>(commit(kept->commit));
            }
        }
    }

    void catch_up(std::size_t count) {
        if (!has_standby_) {
            return;
        }
        std::vector<operation>& page = page_;
        named_pools<std::int64_t> named;
        check(store_->read({.after = standby_states_.head.sequence, .limit = count}, page));
        if (page.empty()) {
            return;
        }
        const store_head before = standby_states_.head;
        for (const operation& o : page) {
            check(apply(standby_states_, o));
        }
        standby_states_.head.identity = identity_;
        const auto taken = standby_->commit({.identity = identity_,
                                             .sequence = before.sequence,
                                             .newest = before.newest,
                                             .operations = page,
                                             .pools = name_changed(standby_states_, page, named)});
        if (!taken || *taken != commit_result::committed) {
            judge_->fail("the standby cannot follow");
        }
    }

    /// The standby goes on in place of the store, without what it lacks.
    void fail_over() {
        if (!has_standby_ || standby_states_.head.sequence == 0) {
            return;
        }
        life += 1;
        locked_by = nullptr;
        late.clear();
        store_ = std::move(standby_);
        const std::uint64_t kept = standby_states_.head.sequence;
        judge_->forgotten(kept);
        ids_.resize(kept);
        keys_.clear();
        known_.clear();
        for (const identifier& id : ids_) {
            known_.insert(hash(id));
        }
        book_ = {};
        begin_standby();
        while (standby_states_.head.sequence < kept && !judge_->failed()) {
            catch_up(page_size);
            for (const operation& o : page_) {
                if (o.key() != nullptr) {
                    keys_.insert(hash(*o.key()));
                }
                static_cast<void>(book_.post(o));
            }
        }
        newest_at_ = standby_states_.head.at;
    }

    // What an audit asks. Its pages are short: operations are large, and long pages cost more than all else
    // here.

    using amount_type = std::int64_t;
    [[nodiscard]] expected<void> load(snapshot& states) { return store_->load(states); }
    [[nodiscard]] expected<bool> find(const name& key, operation& found) { return store_->find(key, found); }
    [[nodiscard]] expected<void> read(history_query q, std::vector<operation>& page) {
        q.limit = (std::min)(q.limit, page_size);
        return store_->read(q, page);
    }

private:
    static constexpr std::size_t page_size = 64;

    static std::size_t hash(const name& key) noexcept { return std::hash<std::string_view>()(key.view()); }

    void check(const expected<void>& done) {
        if (!done) {
            judge_->fail("the store: " + std::string(to_text(done.error()).view()));
        }
    }
    static std::size_t hash(const identifier& id) noexcept {
        return std::size_t((id.high ^ id.low) * 0x9E37'79B9'7F4A'7C15U);
    }

    void book_all(const commit_type& c) {
        identity_ = c.identity;
        for (const operation& o : c.operations) {
            if (o.sequence != sequence() + 1) {
                judge_->fail("a sequence does not count by one");
            }
            if (o.at < newest_at_) {
                judge_->fail("time runs backwards");
            }
            newest_at_ = o.at;
            if (o.key() != nullptr && !keys_.insert(hash(*o.key())).second) {
                judge_->fail("a key is in the journal twice: " + std::string(o.key()->view()));
            }
            if (const auto wrong = book_.post(o); !wrong.empty()) {
                judge_->fail(wrong + ", operation " + std::to_string(o.sequence));
            }
            ids_.push_back(o.id);
            if (!known_.insert(hash(o.id)).second) {
                judge_->fail("an id is in the journal twice, operation " + std::to_string(o.sequence));
            }
            const bool copied = twin != nullptr && o.sequence <= twin->sequence();
            if (copied && twin->id_at(o.sequence) != o.id) {
                judge_->fail("the two stores have different histories, from operation " +
                             std::to_string(o.sequence));
            }
            judge_->landed(o, copied);
        }
        for (const pool* p : c.pools) {
            if (const auto wrong = book_.check(*p); !wrong.empty()) {
                judge_->fail(wrong + ", operation " + std::to_string(sequence()));
            }
            check(check_meters(*p));
        }
    }

    void begin_standby() {
        standby_ = std::make_unique<memory_type>();
        standby_states_ = {};
    }

    simulation::judge* judge_;
    bool has_standby_;
    bool sealed_ = false;
    std::unique_ptr<memory_type> store_ = std::make_unique<memory_type>();
    std::unique_ptr<memory_type> standby_;
    snapshot standby_states_;
    identifier identity_;
    timestamp newest_at_ = 0;
    std::vector<identifier> ids_;
    std::unordered_set<std::size_t> keys_;   // hashes of those in the journal,
    std::unordered_set<std::size_t> known_;  // and of its ids
    book book_;
    std::vector<operation> page_;
};

/// Whether others are kept out of the store while a thread has its lock.
enum class locking : std::uint8_t { none, offered, held };

/// A process's way to a store: a storage whose every call stops its thread, and then meets its fate.
template <locking Locking>
class connection {
public:
    using amount_type = std::int64_t;
    static constexpr bool is_thread_safe = true;

    explicit connection(engine& to) noexcept : engine_(&to), life_(to.life) {}

    [[nodiscard]] expected<void> load(snapshot& states) {
        return through<call::read>([&](memory_type& s) { return s.load(states); });
    }
    [[nodiscard]] expected<commit_result> commit(const commit_type& c) {
        return through<call::commit>([&](memory_type&) { return engine_->commit(c); }, &c);
    }
    [[nodiscard]] expected<bool> find(const name& key, operation& found) {
        return through<call::read>([&](memory_type& s) { return s.find(key, found); });
    }
    [[nodiscard]] expected<void> read(const history_query& q, std::vector<operation>& page) {
        return through<call::read>([&](memory_type& s) { return s.read(q, page); });
    }
    [[nodiscard]] expected<void> seal(bool sealed) {
        return through<call::seal>([&](memory_type&) { return engine_->seal(sealed); });
    }
    template <class Body>
    [[nodiscard]] auto exclusive(Body&& body)
        -> decltype(body(std::declval<connection<locking::held>&>())) requires(Locking == locking::offered) {
        thread& me = *thread::current();
        if (!me.wait() || me.fate == fate::lost_request || !wait_for_lock(me)) {
            return jackpot::fail(errc::unavailable, "the lock was lost");
        }
        engine_->locked_by = &me;
        connection<locking::held> held(*engine_);
        auto answer = body(held);
        if (engine_->locked_by == &me) {
            engine_->locked_by = nullptr;
        }
        return answer;
    }

private:
    enum class call : std::uint8_t { read, commit, seal };
    static constexpr std::string_view call_names[] = {"read", "commit", "seal"};

    /// False where the wait was given up.
    [[nodiscard]] bool wait_for_lock(thread& me) {
        while (engine_->locked_by != nullptr && engine_->locked_by != &me) {
            if (!me.wait() || me.fate == fate::lost_request || me.fate == fate::late) {
                return false;
            }
        }
        return true;
    }

    template <call Call, class Effect>
    auto through(Effect&& effect, const commit_type* c = nullptr)
        -> decltype(effect(std::declval<memory_type&>())) {
        thread& me = *thread::current();
        narrate("    thread ", me.number, " calls ", call_names[std::size_t(Call)], " of store ",
                engine_->number);
        const unsigned before = Locking == locking::held ? life_ : engine_->life;
        if (!me.wait()) {
            return jackpot::fail(errc::unavailable, "the process is dead");
        }
        // A read goes to whatever store is there: a lost connection is replaced in silence.
        if ((Call != call::read || Locking == locking::held) && engine_->life != before) {
            return jackpot::fail(errc::unavailable, "the connection was lost");
        }
        if (Call != call::read && !wait_for_lock(me)) {
            return jackpot::fail(errc::unavailable, "the lock was lost");
        }
        switch (me.fate) {
            case fate::late:
                if (c != nullptr && engine_->late.size() < 8) {
                    engine_->late.push_back(std::make_unique<kept_commit>(*c));
                }
                [[fallthrough]];
            case fate::lost_request:
                return jackpot::fail(errc::unavailable, "the request was lost");
            case fate::denied:
                return inject(me, errc::permission_denied);
            case fate::corrupt:
                return inject(me, errc::corrupt);
            case fate::no_memory:
                return inject(me, errc::out_of_memory);
            case fate::too_large:
                if constexpr (Call == call::commit) {
                    return inject(me, errc::amount_overflow);
                }
                break;
            case fate::busy:
                if constexpr (Call == call::commit) {
                    return commit_result::conflict;
                }
                break;
            case fate::stale:
                if (Call == call::read && Locking != locking::held && engine_->has_standby()) {
                    return effect(engine_->standby());
                }
                break;
            default:
                break;
        }
        auto answer = effect(engine_->store());
        if (me.fate == fate::lost_answer || (me.fate == fate::slow && !me.wait())) {
            return jackpot::fail(errc::unavailable, "the answer was lost");
        }
        return answer;
    }

    static tl::unexpected<error> inject(thread& me, errc code) {
        me.injected |= std::uint64_t(1) << unsigned(code);
        return jackpot::fail(code, "as the simulation has it");
    }
    engine* engine_;
    unsigned life_;
};

}  // namespace simulation

#endif
