// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_EXAMPLES_MIGRATOR_DRY_RUN_HPP
#define JACKPOT_EXAMPLES_MIGRATOR_DRY_RUN_HPP

#include <jackpot/storage.hpp>

namespace migrator {

/// Answers like the store behind it, accepts what that would accept, and writes nothing.
template <jackpot::storage Storage>
class dry_run_storage {
public:
    using amount_type = typename Storage::amount_type;

    explicit dry_run_storage(Storage& store) : store_(&store) {}

    [[nodiscard]] jackpot::expected<void> load(jackpot::basic_snapshot<amount_type>& states) {
        return store_->load(states);
    }
    [[nodiscard]] jackpot::expected<jackpot::commit_result> commit(
        const jackpot::basic_commit<amount_type>& c) {
        jackpot::basic_snapshot<amount_type> states;
        return store_->load(states).and_then([&] { return jackpot::admit(states.head, c); }).map([] {
            return jackpot::commit_result::committed;
        });
    }
    [[nodiscard]] jackpot::expected<bool> find(const jackpot::name& key,
                                               jackpot::basic_operation<amount_type>& found) {
        return store_->find(key, found);
    }
    [[nodiscard]] jackpot::expected<void> read(const jackpot::history_query& query,
                                               std::vector<jackpot::basic_operation<amount_type>>& page) {
        return store_->read(query, page);
    }
    [[nodiscard]] jackpot::expected<void> seal(bool) { return jackpot::fail(jackpot::errc::unsupported); }

private:
    Storage* store_;
};

}  // namespace migrator

#endif
