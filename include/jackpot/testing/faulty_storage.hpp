// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_TESTING_FAULTY_STORAGE_HPP
#define JACKPOT_TESTING_FAULTY_STORAGE_HPP

#include <jackpot/replication/repair.hpp>
#include <jackpot/replication/replicate.hpp>

namespace jackpot { inline namespace v1 { namespace testing {

/// Says where a call is lost: on the way to the store, which then does nothing, or on the way back, after it
/// has taken effect.
enum class lost : std::uint8_t { request, answer };

/// Counts calls, and decides which are lost. Several handles may share one plan.
struct fault_plan {
    std::uint64_t call = 0;  ///< the call that is lost, counted from 1; 0 = none
    testing::lost lost = lost::request;
    bool for_good = false;    ///< every later call is lost too, as if the process was killed
    std::uint64_t calls = 0;  ///< so far

    /// Counts a call. True where it is lost.
    [[nodiscard]] bool next() noexcept {
        calls += 1;
        return call != 0 && (for_good ? calls >= call : calls == call);
    }
};

/// Wraps a store so that calls fail with unavailable as the plan says: for tests that run a scenario once for
/// each of its calls, and lose the first, then the second, and so on. Other errors are the store's own.
template <class Storage>
class faulty_storage {
    static_assert(jackpot::detail::storage_needs<Storage>::said);

public:
    using amount_type = typename Storage::amount_type;

    faulty_storage(Storage& store, fault_plan& plan) noexcept : store_(store), plan_(plan) {}

    [[nodiscard]] expected<void> load(basic_snapshot<amount_type>& states) {
        return through([&] { return store_.load(states); });
    }
    [[nodiscard]] expected<commit_result> commit(const basic_commit<amount_type>& c) {
        return through([&] { return store_.commit(c); });
    }
    [[nodiscard]] expected<bool> find(const name& key, basic_operation<amount_type>& found) {
        return through([&] { return store_.find(key, found); });
    }
    [[nodiscard]] expected<void> read(const history_query& query,
                                      std::vector<basic_operation<amount_type>>& page) {
        return through([&] { return store_.read(query, page); });
    }
    [[nodiscard]] expected<void> seal(bool sealed) {
        return through([&] { return store_.seal(sealed); });
    }

    /// Taking the lock counts as a call: where it is lost, on either way, `body` does not run.
    template <class Body>
    [[nodiscard]] auto exclusive(Body&& body)
        -> decltype(body(std::declval<faulty_storage&>())) requires exclusive_storage<Storage> {
        if (plan_.next()) {
            return fail(errc::unavailable, "the lock was lost");
        }
        return store_.exclusive([&](auto& locked) {
            faulty_storage<std::remove_reference_t<decltype(locked)>> view(locked, plan_);
            return body(view);
        });
    }
    [[nodiscard]] expected<commit_result> rewrite(const basic_snapshot<amount_type>& states) requires
        rewritable_storage<Storage> {
        return through([&] { return store_.rewrite(states); });
    }
    [[nodiscard]] expected<void> retain(std::uint64_t after) requires retaining_storage<Storage> {
        return through([&] { return store_.retain(after); });
    }
    [[nodiscard]] expected<void> trace_keys(
        const sequence_range& range, std::vector<key_trace>& traces) requires tracing_storage<Storage> {
        return through([&] { return store_.trace_keys(range, traces); });
    }

private:
    template <class Call>
    auto through(Call&& call) -> decltype(call()) {
        const bool fails = plan_.next();
        if (fails && plan_.lost == lost::request) {
            return fail(errc::unavailable, "the request was lost");
        }
        auto answer = call();
        if (fails) {
            return fail(errc::unavailable, "the answer was lost");
        }
        return answer;
    }

    Storage& store_;
    fault_plan& plan_;
};

}}}  // namespace jackpot::v1::testing

#endif
