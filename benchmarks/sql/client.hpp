// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_BENCHMARKS_SQL_CLIENT_HPP
#define JACKPOT_BENCHMARKS_SQL_CLIENT_HPP

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

// What both sides of a comparison are: clients that feed the pool "mega" of a store. Every wager is made in
// the game "slots" by the player "alice"; amounts and keys differ.

namespace bench {

/// The share of a wager that "mega" takes, in parts of 10⁹: odd enough that a carry is left every time.
inline constexpr std::int64_t rate_ppb = 5'123'457;
inline constexpr std::int64_t seed = 1'000'000;

struct wager {
    std::int64_t amount = 0;
    std::string key{};  // empty = none
};

/// Belongs to one thread, unless it says otherwise. Every failure is thrown.
class client {
public:
    virtual ~client() = default;
    /// One wager, durable when this returns.
    virtual void make(const wager& w) = 0;
    /// All in one commit.
    virtual void make(std::span<const wager> wagers) = 0;
};

/// Every value as its text; NULL is empty.
using text_rows = std::vector<std::vector<std::string>>;

/// Hand-written over an engine's own client library: the baseline.
class raw_client : public client {
public:
    virtual text_rows query(const std::string& sql) = 0;
    /// Keeps the rows of the three tables as they are now, and returns what loads them, in one transaction,
    /// into a store of the same engine that has none.
    [[nodiscard]] virtual std::function<void(raw_client&)> dump() = 0;
    /// Lets the engine finish what it put off while rows came in bulk.
    virtual void settle() = 0;
    /// Engine, client library and how durable a commit is, one "name: value" each.
    [[nodiscard]] virtual std::vector<std::pair<std::string, std::string>> about() = 0;
};

[[nodiscard]] std::unique_ptr<raw_client> open_sqlite(const std::string& url);
[[nodiscard]] std::unique_ptr<raw_client> open_postgresql(const std::string& url);
/// With four trips, a wager takes one each for START TRANSACTION, UPDATE, INSERT and COMMIT; otherwise they
/// are sent together.
enum class trips { one, four };
[[nodiscard]] std::unique_ptr<raw_client> open_mysql(const std::string& url, trips how = trips::one);
[[nodiscard]] std::unique_ptr<raw_client> open_raw(const std::string& url);

/// The meters of "mega", and the sequence of its store, as a program keeps them that is the only writer.
struct meters {
    std::int64_t current = seed;
    std::int64_t carry = 0;
    std::int64_t total_wagered = 0;
    std::int64_t total_contributions = 0;
    std::int64_t version = 1;
    std::int64_t sequence = 1;

    /// Returns what goes to the pool.
    std::int64_t take(std::int64_t amount) {
        const std::int64_t raw = amount * rate_ppb + carry;
        const std::int64_t credit = raw / 1'000'000'000;
        carry = raw % 1'000'000'000;
        current += credit;
        total_wagered += amount;
        total_contributions += credit;
        ++version;
        ++sequence;
        return credit;
    }
};

/// The meters that a store has now.
[[nodiscard]] meters read_meters(raw_client& from);

/// Now, as the journal writes it: 2000-01-01 00:00:00.000000.
[[nodiscard]] std::string now_text();

/// The ids of a writer's operations: its random half, and a count.
class id_source {
public:
    id_source();
    [[nodiscard]] const std::string& next();

private:
    std::uint64_t low_;
    std::string text_;
};

// The library's side.

/// Makes the tables in an empty place.
void make_tables(const std::string& url);
/// And opens "mega".
void open_pool(const std::string& url);
/// A `network`, for one thread.
[[nodiscard]] std::unique_ptr<client> open_network(const std::string& url);
/// A `shared_network`, for any number of threads.
[[nodiscard]] std::unique_ptr<client> open_shared_network(const std::string& url);
/// An `async_network`: many wagers at once wait for their commits, on one thread.
[[nodiscard]] std::unique_ptr<client> open_async_network(const std::string& url);
/// Judges the whole store by its journal. Throws the first finding.
void audit(const std::string& url);

/// A store to be copied.
class source {
public:
    virtual ~source() = default;
    /// What was wagered in all, where the store is in memory.
    [[nodiscard]] virtual std::int64_t amount() const = 0;
    /// Copies all into a place that has the tables, and returns how many seconds that took.
    [[nodiscard]] virtual double replicate(const std::string& url) = 0;
    /// Throws where the place does not hold the same.
    virtual void compare(const std::string& url) = 0;
};
/// A memory store with that many wagers in its journal, every second of them keyed or none.
[[nodiscard]] std::unique_ptr<source> make_source(std::uint64_t wagers, bool keyed = false);
[[nodiscard]] std::unique_ptr<source> open_source(const std::string& url);

}  // namespace bench

#endif
