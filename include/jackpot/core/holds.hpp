// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_CORE_HOLDS_HPP
#define JACKPOT_CORE_HOLDS_HPP

#include <jackpot/core/amount.hpp>
#include <jackpot/core/timestamp.hpp>

#include <algorithm>
#include <iterator>
#include <memory>
#include <vector>

namespace jackpot { inline namespace v1 {

/// The most open holds that one pool can have (R13).
inline constexpr std::size_t holds_max = 1024;

/// A win that left the pool's current, and waits to be confirmed or released.
template <amount Amount>
struct basic_hold {
    name hold{};
    Amount amount{};
    name game{};
    name player{};
    std::optional<name> round{};
    std::optional<name> site{};
    timestamp at = 0;
    std::uint64_t sequence = 0;  ///< of the operation that made it
    Amount from_house{};         ///< the house put this in at the reset,
    Amount from_reserve{};       ///< and the reserve this
    Amount seeded_paid{};        ///< of the amount, the house had put this in

    friend bool operator==(const basic_hold&, const basic_hold&) = default;
};

/// The open holds of one pool, in byte order of their names. A copy shares them. Most pools have none, which
/// costs one null pointer.
template <amount Amount>
class basic_holds {
public:
    using value_type = basic_hold<Amount>;
    using pointer_type = std::shared_ptr<const value_type>;

    class const_iterator {
    public:
        using iterator_category = std::forward_iterator_tag;
        using value_type = basic_hold<Amount>;
        using difference_type = std::ptrdiff_t;
        using pointer = const value_type*;
        using reference = const value_type&;

        const_iterator() = default;
        explicit const_iterator(const pointer_type* at) noexcept : at_(at) {}
        reference operator*() const noexcept { return **at_; }
        pointer operator->() const noexcept { return at_->get(); }
        const_iterator& operator++() noexcept {
            ++at_;
            return *this;
        }
        const_iterator operator++(int) noexcept { return const_iterator(at_++); }
        friend bool operator==(const_iterator, const_iterator) noexcept = default;

    private:
        const pointer_type* at_ = nullptr;
    };

    basic_holds() = default;
    /// In byte order of their names, each once; else nothing is found by its name.
    explicit basic_holds(const std::vector<value_type>& open) {
        items_type items;
        items.reserve(open.size());
        for (const auto& one : open) {
            items.push_back(std::make_shared<const value_type>(one));
        }
        list_ = items.empty() ? nullptr : std::make_shared<const items_type>(std::move(items));
    }

    [[nodiscard]] std::size_t size() const noexcept { return list_ == nullptr ? 0 : list_->size(); }
    [[nodiscard]] bool empty() const noexcept { return list_ == nullptr; }
    [[nodiscard]] const_iterator begin() const noexcept {
        return const_iterator(list_ == nullptr ? nullptr : list_->data());
    }
    [[nodiscard]] const_iterator end() const noexcept {
        return const_iterator(list_ == nullptr ? nullptr : list_->data() + list_->size());
    }

    /// The hold of that name, or null.
    [[nodiscard]] const value_type* find(std::string_view wanted) const noexcept {
        const auto at = place_of(wanted);
        return at != size() && (*list_)[at]->hold.view() == wanted ? (*list_)[at].get() : nullptr;
    }
    /// Adds a hold, in place of that of its name where there is one.
    void put(const value_type& open) {
        auto items = list_ == nullptr ? items_type() : *list_;
        const auto at = items.begin() + static_cast<std::ptrdiff_t>(place_of(open.hold));
        auto added = std::make_shared<const value_type>(open);
        if (at != items.end() && (*at)->hold == open.hold) {
            *at = std::move(added);
        } else {
            items.insert(at, std::move(added));
        }
        list_ = std::make_shared<const items_type>(std::move(items));
    }
    /// Removes the hold of that name, where there is one.
    void erase(std::string_view wanted) {
        if (find(wanted) == nullptr) {
            return;
        }
        if (list_->size() == 1) {
            list_ = nullptr;
            return;
        }
        auto items = *list_;
        items.erase(items.begin() + static_cast<std::ptrdiff_t>(place_of(wanted)));
        list_ = std::make_shared<const items_type>(std::move(items));
    }

    friend bool operator==(const basic_holds& a, const basic_holds& b) {
        return a.list_ == b.list_ || std::equal(a.begin(), a.end(), b.begin(), b.end());
    }

private:
    using items_type = std::vector<pointer_type>;

    /// Where the hold of that name is, or would go.
    [[nodiscard]] std::size_t place_of(std::string_view wanted) const noexcept {
        if (list_ == nullptr) {
            return 0;
        }
        const auto at =
            std::lower_bound(list_->begin(), list_->end(), wanted,
                             [](const auto& h, std::string_view n) { return h->hold.view() < n; });
        return static_cast<std::size_t>(at - list_->begin());
    }

    std::shared_ptr<const items_type> list_;  // null, or at least one
};

using hold = basic_hold<std::int64_t>;
using holds = basic_holds<std::int64_t>;

}}  // namespace jackpot::v1

#endif
