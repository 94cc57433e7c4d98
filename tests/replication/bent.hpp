// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_TESTS_REPLICATION_BENT_HPP
#define JACKPOT_TESTS_REPLICATION_BENT_HPP

#include "../support.hpp"

#include <functional>

namespace test {

/// A store in memory whose answers a test can bend.
class bent_storage {
public:
    using amount_type = std::int64_t;

    memory_storage<> store;
    std::function<void(std::vector<operation>&)> bend_page = [](auto&) {};
    std::function<void(store_head&)> bend_head = [](auto&) {};
    std::function<name(const name&)> bend_key = [](const auto& key) { return key; };
    bool forgets_keys = false;
    bool rewrites_late = false;
    bool commits_late = false;

    expected<void> load(snapshot& states) {
        auto done = store.load(states);
        bend_head(states.head);
        return done;
    }
    expected<commit_result> commit(const basic_commit<std::int64_t>& c) {
        return commits_late ? commit_result::conflict : store.commit(c);
    }
    expected<bool> find(const name& key, operation& found) {
        return forgets_keys ? expected<bool>(false) : store.find(bend_key(key), found);
    }
    expected<void> read(const history_query& q, std::vector<operation>& page) {
        auto done = store.read(q, page);
        bend_page(page);
        return done;
    }
    expected<void> seal(bool sealed) { return store.seal(sealed); }
    expected<commit_result> rewrite(const snapshot& states) {
        return rewrites_late ? commit_result::conflict : store.rewrite(states);
    }
};

template <class Store>
void play(Store& store) {
    network net(store, seeded_environment(1));
    open_pools(net);
    for (int i = 0; i < 20; ++i) {
        value_of(net.contribute({.game = "g", .wager = 999, .key = name("bet " + std::to_string(i))}));
    }
    value_of(net.win({.pool = "minor", .game = "g", .player = "ann"}));
    value_of(net.configure({.pool = "minor", .when = when::after_win, .patch = {.seed = 5}}));
    value_of(net.adjust({.pool = "major", .delta = -7, .actor = "ann", .reason = "test"}));
    value_of(net.suspend({.pool = "mega"}));
}

}  // namespace test

#endif
