// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_STORE_VIEW_HPP
#define JACKPOT_STORE_VIEW_HPP

#include <jackpot/store/storage.hpp>

namespace jackpot { inline namespace v1 { namespace detail {

/// The verbs of a store, whichever it is: what is long and asks for no more is compiled once for each amount
/// type, and not again for each store.
template <amount Amount>
class any_store {
public:
    using amount_type = Amount;

    [[nodiscard]] virtual expected<void> load(basic_snapshot<Amount>& states) = 0;
    [[nodiscard]] virtual expected<commit_result> commit(const basic_commit<Amount>& c) = 0;
    [[nodiscard]] virtual expected<bool> find(const name& key, basic_operation<Amount>& found) = 0;
    [[nodiscard]] virtual expected<void> read(const history_query& q,
                                              std::vector<basic_operation<Amount>>& page) = 0;

protected:
    any_store() = default;
    any_store(const any_store&) = default;
    any_store& operator=(const any_store&) = default;
    ~any_store() = default;
};

/// Those of that store, or of a view of one.
template <amount Amount, class Store>
class store_view final : public any_store<Amount> {
public:
    explicit store_view(Store& store) noexcept : store_(&store) {}

    [[nodiscard]] Store& operator*() const noexcept { return *store_; }
    [[nodiscard]] Store* operator->() const noexcept { return store_; }

    [[nodiscard]] expected<void> load(basic_snapshot<Amount>& states) override {
        return store_->load(states);
    }
    [[nodiscard]] expected<commit_result> commit(const basic_commit<Amount>& c) override {
        return store_->commit(c);
    }
    [[nodiscard]] expected<bool> find(const name& key, basic_operation<Amount>& found) override {
        return store_->find(key, found);
    }
    [[nodiscard]] expected<void> read(const history_query& q,
                                      std::vector<basic_operation<Amount>>& page) override {
        return store_->read(q, page);
    }

private:
    Store* store_;
};

}}}  // namespace jackpot::v1::detail

#endif
