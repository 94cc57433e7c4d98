// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_EXAMPLES_MIGRATOR_COPY_TARGET_HPP
#define JACKPOT_EXAMPLES_MIGRATOR_COPY_TARGET_HPP

#include "load_watch.hpp"

#include <jackpot/store/storage.hpp>

#include <functional>
#include <set>
#include <string>

namespace migrator {

/// What was committed.
struct tally {
    std::set<jackpot::name> pools;
    std::uint64_t contributions = 0;
    std::uint64_t wins = 0;
};

/// A store that counts what it takes, and tells `under_load`, once, where the store behind it is slow or
/// busy. In a dry run it accepts what that store would accept, and writes nothing.
template <jackpot::storage Storage>
class target {
public:
    using amount_type = typename Storage::amount_type;
    using load_listener = std::function<void(const std::string& why)>;

    target(Storage& store, bool dry_run, load_listener under_load)
        : store_(&store), dry_run_(dry_run), under_load_(std::move(under_load)) {}

    [[nodiscard]] const tally& taken() const noexcept { return taken_; }

    [[nodiscard]] jackpot::expected<void> load(jackpot::basic_snapshot<amount_type>& states) {
        return store_->load(states);
    }
    [[nodiscard]] jackpot::expected<jackpot::commit_result> commit(
        const jackpot::basic_commit<amount_type>& c) {
        const auto began = std::chrono::steady_clock::now();
        auto result = dry_run_ ? pretend(c) : store_->commit(c);
        watch(result, std::chrono::steady_clock::now() - began);
        if (result && *result == jackpot::commit_result::committed) {
            count(c);
        }
        return result;
    }
    [[nodiscard]] jackpot::expected<bool> find(const jackpot::name& key,
                                               jackpot::basic_operation<amount_type>& found) {
        return store_->find(key, found);
    }
    [[nodiscard]] jackpot::expected<void> read(const jackpot::history_query& query,
                                               std::vector<jackpot::basic_operation<amount_type>>& page) {
        return store_->read(query, page);
    }
    [[nodiscard]] jackpot::expected<void> seal(bool sealed) {
        auto result = dry_run_ ? jackpot::expected<void>() : store_->seal(sealed);
        if (!result) {
            watch(tl::unexpected(result.error()), {});
        }
        return result;
    }

private:
    [[nodiscard]] jackpot::expected<jackpot::commit_result> pretend(
        const jackpot::basic_commit<amount_type>& c) {
        jackpot::basic_snapshot<amount_type> states;
        return store_->load(states).and_then([&] { return jackpot::admit(states.head, c); }).map([] {
            return jackpot::commit_result::committed;
        });
    }

    void watch(const jackpot::expected<jackpot::commit_result>& result, load_watch::duration took) {
        const bool busy = !result && result.error().retryable();
        if (under_load_ && (busy || (result && watch_.took(took)))) {
            std::exchange(under_load_, nullptr)(
                busy ? "a batch has to wait: " + std::string(to_text(result.error()).view())
                     : "batches take several times as long as the first ones");
        }
    }

    void count(const jackpot::basic_commit<amount_type>& c) {
        for (const auto& o : c.operations) {
            taken_.contributions += o.kind() == jackpot::operation_kind::contributed ? 1 : 0;
            taken_.wins += o.kind() == jackpot::operation_kind::won ? 1 : 0;
        }
        for (const auto* pool : c.pools) {
            taken_.pools.insert(pool->pool);
        }
    }

    Storage* store_;
    bool dry_run_;
    load_listener under_load_;
    load_watch watch_;
    tally taken_;
};

}  // namespace migrator

#endif
