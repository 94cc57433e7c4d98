// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_CORE_POOLS_HPP
#define JACKPOT_CORE_POOLS_HPP

#include <jackpot/core/feed_index.hpp>
#include <jackpot/core/pool_iterator.hpp>

namespace jackpot { inline namespace v1 {

/// The pools of a store, each once, in byte order of names. What is asked of one pool, or of those that a
/// game feeds, costs the same however many there are: an index has both. `find`, `touch`, `put` and
/// `each_fed_by` use the index. Whatever gives pools to change freely (the iterators, [], front and back of
/// pools that are not const) gives it up, and the next `touch` or `put` makes it anew, at the cost of all
/// pools; until then the const functions look at the pools themselves. A copy has no index before it needs
/// one.
///
/// A pool stays where it is until it is erased: pointers to it remain valid.
template <amount Amount>
class basic_pools {
public:
    using value_type = basic_pool<Amount>;
    using iterator = detail::pool_iterator<value_type>;
    using const_iterator = detail::pool_iterator<const value_type>;

    basic_pools() = default;
    basic_pools(const std::vector<value_type>& pools) { assign(pools); }
    basic_pools(std::initializer_list<value_type> pools) { assign(pools); }
    basic_pools(const basic_pools& other) { assign(other); }
    basic_pools(basic_pools&& other) noexcept { swap(other); }
    basic_pools& operator=(const basic_pools& other) {
        if (this != &other) {
            assign(other);
        }
        return *this;
    }
    basic_pools& operator=(basic_pools&& other) noexcept {
        swap(other);
        return *this;
    }
    ~basic_pools() = default;

    operator std::vector<value_type>() const { return std::vector<value_type>(begin(), end()); }

    [[nodiscard]] std::size_t size() const noexcept { return order_.size(); }
    [[nodiscard]] bool empty() const noexcept { return order_.empty(); }
    [[nodiscard]] const_iterator begin() const noexcept { return const_iterator(order_.data()); }
    [[nodiscard]] const_iterator end() const noexcept { return begin() + std::ptrdiff_t(size()); }
    [[nodiscard]] iterator begin() noexcept { return loosen(), iterator(order_.data()); }
    [[nodiscard]] iterator end() noexcept { return begin() + std::ptrdiff_t(size()); }
    [[nodiscard]] const value_type& operator[](std::size_t i) const noexcept { return *order_[i]; }
    [[nodiscard]] value_type& operator[](std::size_t i) noexcept { return loosen(), *order_[i]; }
    [[nodiscard]] const value_type& front() const noexcept { return *order_.front(); }
    [[nodiscard]] value_type& front() noexcept { return loosen(), *order_.front(); }
    [[nodiscard]] const value_type& back() const noexcept { return *order_.back(); }
    [[nodiscard]] value_type& back() noexcept { return loosen(), *order_.back(); }

    /// The pool of that name, or null.
    [[nodiscard]] const value_type* find(std::string_view wanted) const noexcept;
    /// The same, to be changed in all but its name and its configuration.
    [[nodiscard]] value_type* touch(std::string_view wanted) {
        index();
        return const_cast<value_type*>(find(wanted));
    }
    /// Changes a pool of these by `change(p)`, in all but its name, and returns what that returns.
    template <class Change>
    auto change(value_type& p, Change&& change) {
        const auto before = p.configuration;
        auto result = change(p);
        const auto& after = p.configuration;
        if (indexed_ && after != before &&
            (before == nullptr || after == nullptr || after->games != before->games)) {
            auto newer = std::exchange(p.configuration, before);
            fed_.remove(p);
            p.configuration = std::move(newer);
            fed_.add(p);
        }
        return result;
    }
    /// Keeps the state in place of that of the same name, or beside the others where there is none.
    template <class State>
    value_type& put(State&& state);

    /// Calls `each(pool)`, in byte order of names, for the pools whose configurations say that the game feeds
    /// them.
    template <class Each>
    void each_fed_by(const name& game, Each&& each) const;
    /// How many those are, at most.
    [[nodiscard]] std::size_t count_fed_by(const name& game) const noexcept {
        return indexed_ ? fed_.count(game) : size();
    }

    void push_back(const value_type& p) {
        loosen();
        order_.push_back(take_slot());
        *order_.back() = p;
    }
    void erase(const_iterator at) {
        loosen();
        const auto place = order_.begin() + (at - std::as_const(*this).begin());
        give_back(*place);
        order_.erase(place);
    }
    void clear() noexcept;
    /// Room for so many.
    void reserve(std::size_t pools);
    /// Room for so many more, and now and then for others that may come.
    void reserve_more(std::size_t pools) {
        if (spare_.size() < pools) {
            add_slots((std::max)(pools, std::clamp<std::size_t>(size(), 4, slots_max)));
        }
        if (order_.capacity() - size() < pools) {
            order_.reserve((std::max)(size() + pools, size() + size() / 2));
        }
        reserve_names(size() + pools);
    }

    /// Makes the index where there is none.
    void index();
    /// Is there an index?
    [[nodiscard]] bool indexed() const noexcept { return indexed_; }

    /// From now on `each_changed` knows what changes, but for pools that are touched.
    void note_changes() noexcept {
        noting_ = true;
        all_changed_ = false;
        changed_.clear();
    }
    /// Calls `each(pool)`, which returns true to go on, for every pool that was put, or may have changed
    /// otherwise, since `note_changes`. Notes no more.
    template <class Each>
    bool each_changed(Each&& each) {
        noting_ = false;
        const auto& pools = all_changed_ ? order_ : changed_;
        return std::all_of(pools.begin(), pools.end(), [&](const value_type* p) { return each(*p); });
    }

    friend bool operator==(const basic_pools& a, const basic_pools& b) {
        return std::equal(a.begin(), a.end(), b.begin(), b.end());
    }

private:
    using pointers = std::vector<value_type*>;

    static constexpr std::size_t slots_max = 64;  // made at a time, unless more are reserved

    [[nodiscard]] static bool before(const value_type* p, std::string_view n) noexcept {
        return p->pool.view() < n;
    }
    [[nodiscard]] static std::uint64_t number_of(const value_type* p) noexcept {
        return reinterpret_cast<std::uintptr_t>(p);
    }
    [[nodiscard]] static const value_type* at_number(std::uint64_t number) noexcept {
        return reinterpret_cast<const value_type*>(static_cast<std::uintptr_t>(number));
    }

    void loosen() noexcept {
        indexed_ = false;
        all_changed_ = true;
    }
    void swap(basic_pools& other) noexcept;
    template <class Pools>
    void assign(const Pools& pools) {
        clear();
        reserve(pools.size());
        for (const value_type& p : pools) {
            push_back(p);
        }
    }

    [[nodiscard]] value_type* take_slot() {
        if (spare_.empty()) {
            reserve_more(1);
        }
        value_type* slot = spare_.back();
        spare_.pop_back();
        return slot;
    }
    void give_back(value_type* slot) noexcept {
        *slot = {};
        spare_.push_back(slot);  // there is room: it came from there
    }
    void add_slots(std::size_t count);

    void reserve_names(std::size_t pools) {
        if (!by_name_.try_reserve(pools)) {
            JACKPOT_ABORT();
        }
    }
    void add_to_index(const value_type& p) {
        reserve_names(by_name_.size() + 1);
        by_name_.insert(p.pool, number_of(&p));
        fed_.add(p);
    }

    std::vector<std::unique_ptr<value_type[]>> slots_;
    std::size_t slot_count_ = 0;
    pointers spare_;  // slots without a pool
    pointers order_;
    detail::key_table by_name_;  // leads to pools
    detail::feed_index<Amount> fed_;
    bool indexed_ = true;
    bool noting_ = false;
    bool all_changed_ = false;
    pointers changed_;
};

// Not in the class, where they would be inline.

template <amount Amount>
const basic_pool<Amount>* basic_pools<Amount>::find(std::string_view wanted) const noexcept {
    if (!indexed_) {
        const auto at = std::lower_bound(order_.begin(), order_.end(), wanted, before);
        return at != order_.end() && (*at)->pool.view() == wanted ? *at : nullptr;
    }
    const auto* found =
        by_name_.find(wanted, [&](std::uint64_t p) { return at_number(p)->pool.view() == wanted; });
    return found == nullptr ? nullptr : at_number(*found);
}

template <amount Amount>
template <class State>
basic_pool<Amount>& basic_pools<Amount>::put(State&& state) {
    value_type* at = touch(state.pool);
    if (at == nullptr) {
        at = take_slot();
        *at = std::forward<State>(state);
        order_.insert(std::lower_bound(order_.begin(), order_.end(), at->pool.view(), before), at);
        add_to_index(*at);
    } else {
        change(*at, [&](value_type& p) { return p = std::forward<State>(state), true; });
    }
    if (noting_) {
        changed_.push_back(at);
    }
    return *at;
}

template <amount Amount>
template <class Each>
void basic_pools<Amount>::each_fed_by(const name& game, Each&& each) const {
    if (indexed_) {
        fed_.each(game, each);
        return;
    }
    for (const value_type* p : order_) {
        if (feeds(*p->configuration, game)) {
            each(*p);
        }
    }
}

template <amount Amount>
void basic_pools<Amount>::clear() noexcept {
    for (value_type* p : order_) {
        give_back(p);
    }
    order_.clear();
    changed_.clear();
    indexed_ = false;
    index();
}

template <amount Amount>
void basic_pools<Amount>::reserve(std::size_t pools) {
    order_.reserve(pools);
    changed_.reserve(pools);
    reserve_names(pools);
    if (pools > slot_count_) {
        add_slots(pools - slot_count_);
    }
}

template <amount Amount>
void basic_pools<Amount>::index() {
    if (indexed_) {
        return;
    }
    by_name_.clear();
    fed_.clear();
    indexed_ = true;
    for (value_type* p : order_) {
        add_to_index(*p);
    }
}

template <amount Amount>
void basic_pools<Amount>::swap(basic_pools& other) noexcept {
    std::swap(slots_, other.slots_);
    std::swap(slot_count_, other.slot_count_);
    std::swap(spare_, other.spare_);
    std::swap(order_, other.order_);
    std::swap(by_name_, other.by_name_);
    std::swap(fed_, other.fed_);
    std::swap(indexed_, other.indexed_);
    all_changed_ = other.all_changed_ = true;
}

template <amount Amount>
void basic_pools<Amount>::add_slots(std::size_t count) {
    if (spare_.capacity() < slot_count_ + count) {
        spare_.reserve((std::max)(slot_count_ + count, slot_count_ + slot_count_ / 2));
    }
    slots_.emplace_back(new value_type[count]);  // make_unique would fill them with zeros first
    slot_count_ += count;
    for (std::size_t i = count; i-- > 0;) {
        spare_.push_back(&slots_.back()[i]);
    }
}

JACKPOT_INSTANCE(class basic_pools<std::int64_t>);

}}  // namespace jackpot::v1

#endif
