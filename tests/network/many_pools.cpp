// SPDX-License-Identifier: BSL-1.0
#include "../support.hpp"

#include <jackpot/replication.hpp>

#include <memory>
#include <string>

using namespace jackpot;
using namespace test;

// A wager, a win or a query costs nothing for pools that it does not touch. Not the time is measured but the
// work: how often an amount is copied, compared or computed with. Each pool has eight, so that whatever looks
// at all pools, or copies them, gives itself away.

namespace {

struct counted {
    counted() = default;
    template <std::integral Number>
    counted(Number n) noexcept : value(static_cast<std::int64_t>(n)) {}
    counted(const counted& other) noexcept : value(other.value) { ++uses; }
    counted& operator=(const counted& other) noexcept {
        value = other.value;
        ++uses;
        return *this;
    }
    ~counted() = default;
    explicit operator std::uint64_t() const noexcept { return static_cast<std::uint64_t>(value); }

    friend counted operator+(const counted& a, const counted& b) noexcept { return a.value + b.value; }
    friend counted operator-(const counted& a, const counted& b) noexcept { return a.value - b.value; }
    friend counted operator*(const counted& a, const counted& b) noexcept { return a.value * b.value; }
    friend counted operator/(const counted& a, const counted& b) noexcept { return a.value / b.value; }
    friend counted operator%(const counted& a, const counted& b) noexcept { return a.value % b.value; }
    counted operator-() const noexcept { return -value; }
    counted& operator+=(const counted& b) noexcept { return *this = *this + b; }
    counted& operator-=(const counted& b) noexcept { return *this = *this - b; }
    friend bool operator==(const counted& a, const counted& b) noexcept { return ++uses, a.value == b.value; }
    friend std::strong_ordering operator<=>(const counted& a, const counted& b) noexcept {
        ++uses;
        return a.value <=> b.value;
    }

    std::int64_t value = 0;
    static inline std::uint64_t uses = 0;
};

}  // namespace

template <>
struct jackpot::amount_traits<counted> {
    using plain = amount_traits<std::int64_t>;
    static constexpr std::string_view type_name = "counted";
    static constexpr std::size_t bytes = plain::bytes;

    static counted amount_max() noexcept { return plain::amount_max(); }
    static auto to_text(const counted& a) noexcept { return plain::to_text(a.value); }
    static std::optional<counted> from_text(text_view text) noexcept {
        const auto value = plain::from_text(text);
        return value ? std::optional<counted>(*value) : std::nullopt;
    }
    static void write(const counted& a, unsigned char* to) noexcept { plain::write(a.value, to); }
    static counted read(const unsigned char* from) noexcept { return plain::read(from); }
};

namespace {

using store_type = memory_storage<counted>;

/// A store that takes no wager by itself.
class by_commits {
public:
    using amount_type = counted;

    explicit by_commits(const memory_options& o) : store_(o) {}
    expected<void> load(basic_snapshot<counted>& states) { return store_.load(states); }
    expected<commit_result> commit(const basic_commit<counted>& c) { return store_.commit(c); }
    expected<bool> find(const name& key, basic_operation<counted>& found) { return store_.find(key, found); }
    expected<void> read(const history_query& q, std::vector<basic_operation<counted>>& page) {
        return store_.read(q, page);
    }
    expected<void> seal(bool sealed) { return store_.seal(sealed); }

private:
    store_type store_;
};

/// Before another store, which gets nothing in the meantime.
class in_front : public write_behind<by_commits> {
public:
    explicit in_front(const memory_options& o)
        : write_behind(behind_of(o), {.history_limit = static_cast<std::size_t>(o.history_limit)}) {}

private:
    static by_commits& behind_of(const memory_options& o) {
        static std::vector<std::unique_ptr<by_commits>> all;
        return *all.emplace_back(std::make_unique<by_commits>(o));
    }
};

name pool_of(std::size_t i) {
    return "pool " + std::to_string(i);
}
/// Each feeds three pools.
name game_of(std::size_t i) {
    return "game " + std::to_string(i / 3);
}

template <class Store>
struct network_of_many {
    network_of_many(std::size_t count, const memory_options& o)
        : pools(count), store(o), net(store, seeded_environment(1)) {
        // The last pools first, so that each goes before all others.
        for (std::size_t i = count; i-- > 0;) {
            value_of(open(i));
        }
        game.emplace(value_of(net.resolve_game(game_of(count / 2))));
    }

    auto open(std::size_t i) {
        return net.open(
            {.pool = pool_of(i),
             .configuration = {.seed = 10, .cap = 1000, .rate = rate_of("0.5"), .games = {game_of(i)}}});
    }

    std::size_t pools;
    Store store;
    network<Store, seeded_environment> net;
    std::optional<typename network<Store, seeded_environment>::game_type> game{};
    std::size_t turn = 0;
};

/// What a work costs with so many pools, on average, after the first few.
template <class Store, class Work>
std::uint64_t cost(std::size_t pools, Work&& work, const memory_options& o = {}) {
    network_of_many<Store> many(pools, o);
    constexpr unsigned times = 400;
    for (many.turn = 0; many.turn < 50; ++many.turn) {
        work(many);
    }
    counted::uses = 0;
    for (; many.turn < 50 + times; ++many.turn) {
        work(many);
    }
    return counted::uses / times;
}

constexpr std::size_t few = 30;
constexpr std::size_t lots = 3000;

template <class Store>
void check_works(const memory_options& o = {}) {
    const auto check = [&](const char* what, auto&& work) {
        CAPTURE(std::string(what));
        const std::uint64_t least = cost<Store>(few, work, o);
        const std::uint64_t now = cost<Store>(lots, work, o);
        CAPTURE(least);
        // What is done now and then to every meter of all pools may show, and nothing that is done each time.
        CHECK(now <= least + least / 4 + 5 * all_meters<std::int64_t>.size());
    };
    const auto wager = [](auto& m) { value_of(m.net.contribute(*m.game, {.wager = 100})); };
    const auto game = [](auto& m) { return game_of(m.turn * 7 % m.pools); };
    const auto pool = [](auto& m) { return pool_of(m.turn * 7 % m.pools); };
    const auto win = [&](auto& m) {
        value_of(m.net.win({.pool = pool(m), .game = "g", .player = "ann", .amount = 1}));
    };

    check("a wager by handle", wager);
    check("a wager by name, each in another game",
          [&](auto& m) { value_of(m.net.contribute({.game = game(m), .wager = 100})); });
    check("a wager with a list of pools", [&](auto& m) {
        value_of(m.net.contribute({.game = "g", .wager = 100, .pools = name_list{pool(m)}}));
    });
    check("a wager with a key", [&](auto& m) {
        value_of(
            m.net.contribute({.game = game(m), .wager = 100, .key = name("key " + std::to_string(m.turn))}));
    });
    check("a wager that feeds nothing",
          [&](auto& m) { value_of(m.net.contribute({.game = "none", .wager = 100})); });
    check("a win", win);
    check("a win after a wager", [&](auto& m) {
        wager(m);
        win(m);
    });
    check("a win that is refused", [&](auto& m) {
        CHECK(code_of(m.net.win({.pool = pool(m), .game = "g", .player = "ann", .amount = 100'000})) ==
              errc::amount_exceeds_pool);
    });
    check("a pool", [&](auto& m) { value_of(m.net.pool(pool(m))); });
    check("a pool after a wager", [&](auto& m) {
        wager(m);
        value_of(m.net.pool(pool(m)));
    });
    check("what a game feeds", [&](auto& m) {
        value_of(m.net.feeds(game(m)));
        value_of(m.net.rate(game(m)));
    });
    check("a change of configuration", [&](auto& m) {
        value_of(m.net.configure({.pool = pool(m), .patch = {.games = std::vector<name>{game(m), "new"}}}));
    });
    check("a suspension, and its end", [&](auto& m) {
        value_of(m.net.suspend({.pool = pool(m)}));
        value_of(m.net.resume({.pool = pool(m)}));
    });
    check("a pool that is opened, and a wager behind it", [&](auto& m) {
        value_of(m.open(m.pools + 3 * m.turn));
        value_of(m.net.contribute({.game = game_of(m.pools + 3 * m.turn), .wager = 100}));
    });
}

}  // namespace

TEST_CASE("what is done costs nothing for pools that it does not touch: memory") {
    check_works<store_type>();
}

TEST_CASE("what is done costs nothing for pools that it does not touch: memory with a limited history") {
    check_works<store_type>({.history_limit = 50});
}

TEST_CASE("what is done costs nothing for pools that it does not touch: a store that takes commits alone") {
    check_works<by_commits>();
}

TEST_CASE("what is done costs nothing for pools that it does not touch: write_behind") {
    check_works<in_front>();
}

TEST_CASE("meters that are read by handle, by many, cost a wager nothing for other pools") {
    const auto reads = [](auto& m) {
        if (m.turn == 0) {
            for (std::size_t i = 0; i < m.pools; ++i) {
                value_of(m.net.resolve_pool(pool_of(i)));
                value_of(m.net.resolve_game(game_of(i)));
            }
        }
        value_of(m.net.contribute(*m.game, {.wager = 100}));
        value_of(
            m.net.win({.pool = pool_of(m.turn * 7 % m.pools), .game = "g", .player = "ann", .amount = 1}));
    };
    CHECK(cost<store_type>(lots, reads) <= 2 * cost<store_type>(few, reads));
}
