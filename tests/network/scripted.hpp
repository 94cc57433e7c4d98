// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_TESTS_NETWORK_SCRIPTED_HPP
#define JACKPOT_TESTS_NETWORK_SCRIPTED_HPP

#include "../support.hpp"

#include <jackpot/core/system.hpp>

#include <functional>

namespace test {

using commit_type = basic_commit<std::int64_t>;

/// A store in which a test says what becomes of each commit, and what happens between two calls.
class scripted_storage {
public:
    using amount_type = std::int64_t;
    using step = std::function<expected<commit_result>(scripted_storage&, const commit_type&)>;

    explicit scripted_storage(memory_storage<>& store) : store_(&store) {}

    std::vector<step> steps{};  // of the first commits; later ones are as the store takes them
    std::function<void(unsigned)> before_load;  // with the number of loads so far
    unsigned stale_reads = 0;                   // so many pages are empty, as of a copy that is behind
    unsigned lost_finds = 0;
    unsigned commits = 0;

    expected<void> load(snapshot& states) {
        ++loads_;
        if (before_load) {
            before_load(loads_);
        }
        return store_->load(states);
    }
    expected<commit_result> commit(const commit_type& c) {
        ++commits;
        return commits <= steps.size() ? steps[commits - 1](*this, c) : store_->commit(c);
    }
    expected<bool> find(const name& key, operation& found) {
        if (lost_finds > 0) {
            --lost_finds;
            return fail(errc::unavailable, "the answer was lost");
        }
        return store_->find(key, found);
    }
    expected<void> read(const history_query& q, std::vector<operation>& page) {
        if (stale_reads > 0) {
            --stale_reads;
            page.clear();
            return success();
        }
        return store_->read(q, page);
    }
    expected<void> seal(bool sealed) { return store_->seal(sealed); }

    memory_storage<>& store() noexcept { return *store_; }
    void replace_by(memory_storage<>& store) noexcept { store_ = &store; }

    /// Keeps a commit that is under way when its caller gives it up for lost.
    void hold(const commit_type& c) { held_.keep(c); }
    /// It arrives.
    expected<commit_result> land() { return store_->commit(held_.commit); }
    [[nodiscard]] const std::vector<operation>& held() const noexcept { return held_.operations; }

private:
    memory_storage<>* store_;
    unsigned loads_ = 0;
    kept_commit held_;
};
static_assert(storage<scripted_storage>);

inline expected<commit_result> lose_request(scripted_storage&, const commit_type&) {
    return fail(errc::unavailable, "the request was lost");
}
inline expected<commit_result> lose_answer(scripted_storage& s, const commit_type& c) {
    CHECK(value_of(s.store().commit(c)) == commit_result::committed);
    return fail(errc::unavailable, "the answer was lost");
}
inline expected<commit_result> hold_back(scripted_storage& s, const commit_type& c) {
    s.hold(c);
    return fail(errc::unavailable, "no answer yet");
}
inline expected<commit_result> conflict(scripted_storage&, const commit_type&) {
    return commit_result::conflict;
}
inline scripted_storage::step failing(errc code) {
    return [code](scripted_storage&, const commit_type&) -> expected<commit_result> { return fail(code); };
}
/// What `first` does, and then what somebody else does.
template <class Then>
scripted_storage::step followed(scripted_storage::step first, Then then) {
    return [first, then](scripted_storage& s, const commit_type& c) {
        auto answer = first(s, c);
        then();
        return answer;
    };
}

inline constexpr retry_policy quick{.attempts = 4, .first_us = 1, .longest_us = 1};

inline constexpr std::uint64_t rival_seed = 77;

/// A store with one pool that takes all of every wager, and others who use it.
struct table {
    memory_storage<> store;
    scripted_storage scripted{store};

    explicit table(memory_options options = {}) : store(options) {
        value_of(network(store, seeded_environment(rival_seed))
                     .open({.pool = "p", .configuration = {.rate = rate_of("1")}}));
    }

    [[nodiscard]] std::int64_t current() { return test::snapshot_of<std::int64_t>(store).pools[0].current; }
    [[nodiscard]] std::vector<operation> journal() {
        std::vector<operation> all;
        value_of(store.read({}, all));
        return all;
    }
};

/// Somebody else's wagers.
inline void feed(memory_storage<>& store, int wagers, std::int64_t wager = 1) {
    network<memory_storage<>, system_environment> net(store);
    for (int i = 0; i < wagers; ++i) {
        value_of(net.contribute({.game = "rival", .wager = wager}));
    }
}

}  // namespace test

#endif
