// SPDX-License-Identifier: BSL-1.0
#include <jackpot/memory/storage.hpp>
#include <jackpot/testing/concurrency.hpp>
#include <jackpot/testing/conformance.hpp>

#include <doctest/doctest.h>

using namespace jackpot;

namespace {

enum class defect {
    none,
    // in the verbs that not every store has
    loses_the_bodys_error,
    commits_nothing_under_the_lock,
    rewrites_without_a_guard,
    rewrites_any_history,
    removes_no_rows,
    retains_nothing,
    traces_from_the_first,
    traces_to_the_end,
    traces_what_has_no_key,
    adds_to_the_traces,
    takes_a_range_as_signed,
    // in how threads meet
    shows_two_moments_at_once,
    claims_to_have_committed,
};

/// A memory_storage with every optional verb, and one defect.
class broken_memory {
public:
    using amount_type = std::int64_t;

    broken_memory(defect d, memory_options options) : store_(options), defect_(d) {}

    expected<void> load(snapshot& states) {
        if (!has(defect::shows_two_moments_at_once)) {
            return store_.load(states);
        }
        snapshot earlier = states;
        auto loaded = store_.load(earlier);
        wait_for_another(earlier.head.sequence);
        loaded = store_.load(states);
        states.pools.front() = earlier.pools.front();
        return loaded;
    }
    expected<commit_result> commit(const basic_commit<std::int64_t>& c) {
        if (has(defect::commits_nothing_under_the_lock) && locked_) {
            return commit_result::committed;
        }
        if (has(defect::claims_to_have_committed) && c.sequence > 4) {
            wait_for_another(c.sequence);
        }
        auto result = store_.commit(c);
        const bool lies = has(defect::claims_to_have_committed) && result == commit_result::conflict;
        return lies ? commit_result::committed : result;
    }
    expected<bool> find(const name& key, operation& found) { return store_.find(key, found); }
    expected<void> read(const history_query& q, std::vector<operation>& page) { return store_.read(q, page); }
    expected<void> seal(bool sealed) { return store_.seal(sealed); }

    template <class Body>
    auto exclusive(Body&& body) -> decltype(body(std::declval<broken_memory&>())) {
        locked_ = true;
        auto answer = body(*this);
        locked_ = false;
        return !answer && has(defect::loses_the_bodys_error) ? decltype(answer){} : answer;
    }
    expected<commit_result> rewrite(const snapshot& states) {
        snapshot accepted = states;
        snapshot now;
        const auto loaded = store_.load(now);
        if (has(defect::rewrites_without_a_guard)) {
            accepted.head = now.head;
        }
        if (has(defect::rewrites_any_history)) {
            accepted.head.newest = now.head.newest;
        }
        if (has(defect::removes_no_rows)) {
            for (const auto& p : now.pools) {
                if (detail::find_pool(accepted.pools, p.pool) == nullptr) {
                    accepted.pools.put(p);
                }
            }
        }
        return loaded ? store_.rewrite(accepted) : tl::unexpected(loaded.error());
    }
    expected<void> retain(std::uint64_t after) {
        return has(defect::retains_nothing) ? expected<void>() : store_.retain(after);
    }
    expected<void> trace_keys(const sequence_range& range, std::vector<key_trace>& traces) {
        if (!has(defect::adds_to_the_traces)) {
            traces.clear();
        }
        std::uint64_t after = range.after - (has(defect::traces_from_the_first) && range.after > 0 ? 1 : 0);
        if (has(defect::takes_a_range_as_signed) && static_cast<std::int64_t>(after) < 0) {
            after = 0;
        }
        std::vector<operation> page;
        operation found;
        auto read = store_.read({.after = after}, page);
        for (const operation& o : page) {
            const bool within = o.sequence <= range.until || has(defect::traces_to_the_end);
            if (within && (o.key() != nullptr || has(defect::traces_what_has_no_key))) {
                const bool held = o.key() != nullptr && store_.find(*o.key(), found).value_or(false);
                traces.push_back({o.sequence, held ? found.sequence : 0});
            }
        }
        return read;
    }

private:
    [[nodiscard]] bool has(defect d) const noexcept { return defect_ == d; }

    /// The first thread that comes here goes on when another has committed: chance decides nothing.
    void wait_for_another(std::uint64_t sequence) {
        snapshot now;
        if (!waited_.exchange(true)) {
            while (store_.load(now) && now.head.sequence <= sequence) {
                std::this_thread::yield();
            }
        }
    }

    memory_storage<> store_;
    defect defect_;
    bool locked_ = false;
    std::atomic<bool> waited_ = false;
};

bool names(const testing::conformance_report& report, std::string_view law) {
    return std::any_of(report.broken.begin(), report.broken.end(),
                       [&](const auto& broken) { return broken.law == law; });
}

testing::conformance_report report_on(defect d) {
    return testing::check_conformance([&] { return broken_memory(d, {.history_limit = 10}); });
}

testing::conformance_report report_of_threads_on(defect d) {
    broken_memory shared(d, {});
    return testing::check_concurrency(shared, shared);
}

}  // namespace

TEST_CASE("the suite checks the verbs that a store may have beside the five") {
    CHECK(to_text(report_on(defect::none)) == "");
    CHECK(names(report_on(defect::loses_the_bodys_error), "exclusive"));
    CHECK(names(report_on(defect::commits_nothing_under_the_lock), "exclusive"));
    CHECK(names(report_on(defect::rewrites_without_a_guard), "rewritable"));
    CHECK(names(report_on(defect::rewrites_any_history), "rewritable"));
    CHECK(names(report_on(defect::removes_no_rows), "rewritable"));
    CHECK(names(report_on(defect::retains_nothing), "retaining"));
    for (const defect d :
         {defect::traces_from_the_first, defect::traces_to_the_end, defect::traces_what_has_no_key,
          defect::adds_to_the_traces, defect::takes_a_range_as_signed}) {
        CAPTURE(int(d));
        CHECK(names(report_on(d), "tracing"));
    }
}

TEST_CASE("the suite sees what two threads do to each other") {
    CHECK(to_text(report_of_threads_on(defect::none)) == "");
    CHECK(names(report_of_threads_on(defect::shows_two_moments_at_once), "isolated"));
    CHECK(names(report_of_threads_on(defect::claims_to_have_committed), "guarded"));
}
