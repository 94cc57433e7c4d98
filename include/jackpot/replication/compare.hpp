// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_REPLICATION_COMPARE_HPP
#define JACKPOT_REPLICATION_COMPARE_HPP

#include <jackpot/replication/journal_pair.hpp>

namespace jackpot { inline namespace v1 {

/// One difference between two stores.
struct difference {
    std::string where;  ///< "store", "pool minor", "operation 17"
    std::string what;   ///< the field
    std::string left;
    std::string right;
};

struct comparison {
    static constexpr std::size_t kept_max = 100;

    std::vector<difference> differences;  ///< the first `kept_max` of them
    std::uint64_t count = 0;              ///< all of them

    [[nodiscard]] bool equal() const noexcept { return count == 0; }

    void add(difference d) {
        if (count++ < kept_max) {
            differences.push_back(std::move(d));
        }
    }
    /// Appends all that another comparison found.
    void add(comparison&& other) {
        const std::uint64_t all = count + other.count;
        for (auto& d : other.differences) {
            add(std::move(d));
        }
        count = all;
    }
};

namespace detail {

template <class Value>
[[nodiscard]] std::string show(const Value& value) {
    if constexpr (std::is_enum_v<Value>) {
        return std::string(to_string(value));
    } else if constexpr (std::is_unsigned_v<Value>) {
        return std::to_string(value);
    } else if constexpr (std::is_same_v<Value, rate>) {
        return std::string(to_text(value).view());
    } else if constexpr (amount<Value>) {
        return std::string(amount_traits<Value>::to_text(value).view());
    } else if constexpr (std::is_same_v<Value, name>) {
        return std::string(value.view());
    } else if constexpr (std::is_same_v<Value, std::vector<name>>) {
        std::string text;
        for (const name& n : value) {
            text.append(text.empty() ? "" : ", ").append(n.view());
        }
        return text;
    } else {
        return value ? show(*value) : "none";
    }
}

/// Names each field in which two states of a pool differ.
template <amount Amount, class Report>
void compare_pools(const basic_pool<Amount>& a, const basic_pool<Amount>& b, Report&& report) {
    const auto field = [&](std::string_view what, const auto& left, const auto& right) {
        if (!(left == right)) {
            report(what, show(left), show(right));
        }
    };
    field("status", a.status, b.status);
    if (a.configuration != nullptr && b.configuration != nullptr) {
        const auto& c = *a.configuration;
        const auto& d = *b.configuration;
        each_setting<Amount>([&](const auto& s) { field(s.name, c.*s.in_force, d.*s.in_force); });
    }
    const auto pending = [](const basic_pool<Amount>& p) {
        return p.pending ? p.pending->patch : basic_patch<Amount>{};
    };
    if (!(pending(a) == pending(b))) {
        report("pending", a.pending ? "another patch" : "none", b.pending ? "another patch" : "none");
    }
    each_meter<Amount>([&](const auto& m, auto meter) { field(m.name, a.*meter, b.*meter); });
    if (!(a.last_win == b.last_win)) {
        const auto amount_of = [](const basic_pool<Amount>& p) {
            return p.last_win ? show(p.last_win->amount) : std::string("none");
        };
        report("last_win", amount_of(a), amount_of(b));
    }
    const auto holds = [&](const basic_pool<Amount>& p, const basic_pool<Amount>& other, bool left) {
        for (const auto& h : p.holds) {
            const auto* same = other.holds.find(h.hold);
            const auto what = "hold " + std::string(h.hold.view());
            if (same == nullptr) {
                report(what, left ? show(h.amount) : "none", left ? "none" : show(h.amount));
            } else if (left && !(*same == h)) {
                report(what, show(h.amount), same->amount == h.amount ? "another" : show(same->amount));
            }
        }
    };
    holds(a, b, true);
    holds(b, a, false);
    field("version", a.version, b.version);
    field("sequence", a.sequence, b.sequence);
    field("reset_sequence", a.reset_sequence, b.reset_sequence);
    field("opened_at", static_cast<std::uint64_t>(a.opened_at), static_cast<std::uint64_t>(b.opened_at));
    field("modified_at", static_cast<std::uint64_t>(a.modified_at),
          static_cast<std::uint64_t>(b.modified_at));
}

/// Names each pool that is in one list only, and each field in which the others differ.
template <amount Amount, class Report>
void compare_pools(const basic_pools<Amount>& left, const basic_pools<Amount>& right, Report&& report) {
    const auto where = [](const basic_pool<Amount>& p) { return "pool " + std::string(p.pool.view()); };
    for (const auto& p : left) {
        const auto* other = find_pool(right, p.pool);
        if (other == nullptr) {
            report(where(p), "pool", "there", "missing");
            continue;
        }
        compare_pools(p, *other, [&](std::string_view what, const std::string& a, const std::string& b) {
            report(where(p), what, a, b);
        });
    }
    for (const auto& p : right) {
        if (find_pool(left, p.pool) == nullptr) {
            report(where(p), "pool", "missing", "there");
        }
    }
}

}  // namespace detail

/// Compares two stores: identity, sequence, time, every field of every pool, and the journals operation by
/// operation, up to where the newer of the two had come when the call began. With `last`, compares the stores
/// as they were at that sequence, although both may have gone on since; the pools are then those that the
/// journals fold to. Seals do not count. Calls `progress(sequence, last)` now and then. The comparison only
/// reads, a page at a time. Errors: the stores'; corrupt where a journal cannot be folded.
template <storage Left, storage Right, class Progress>
[[nodiscard]] expected<comparison> compare(Left& left, Right& right, std::uint64_t last,
                                           Progress&& progress) {
    using amount_type = typename Left::amount_type;
    basic_snapshot<amount_type> a;
    basic_snapshot<amount_type> b;
    for (auto loaded : {left.load(a), right.load(b)}) {
        if (!loaded) {
            return tl::unexpected(loaded.error());
        }
    }
    comparison operations;
    const std::uint64_t end = (std::min)(last, (std::max)(a.head.sequence, b.head.sequence));
    detail::journal_pair journals(left, right, end);
    std::uint64_t compared = 0;
    const auto walked = journals.walk([&] {
        if (!journals.agrees()) {
            operations.add({"operation " + std::to_string(journals.sequence()), "journal",
                            journals.in_left() ? "one" : "missing",
                            journals.in_right() ? "another" : "missing"});
        }
        if (++compared % 1000 == 0) {
            progress(journals.sequence(), end);
        }
        return success();
    });
    if (!walked) {
        return tl::unexpected(walked.error());
    }
    comparison result;
    if (a.head.identity != b.head.identity) {
        result.add({"store", "identity", "one", "another"});
    }
    if (a.head.sequence > last) {
        a = journals.left_states();
    }
    if (b.head.sequence > last) {
        b = journals.right_states();
    }
    if (a.head.sequence != b.head.sequence) {
        result.add({"store", "sequence", detail::show(a.head.sequence), detail::show(b.head.sequence)});
    }
    if (a.head.at != b.head.at) {
        result.add({"store", "newest at", std::to_string(a.head.at), std::to_string(b.head.at)});
    }
    detail::compare_pools(a.pools, b.pools,
                          [&](std::string where, std::string_view what, std::string x, std::string y) {
                              result.add({std::move(where), std::string(what), std::move(x), std::move(y)});
                          });
    result.add(std::move(operations));
    return result;
}

template <storage Left, storage Right>
[[nodiscard]] expected<comparison> compare(Left& left, Right& right, std::uint64_t last = sequence_max) {
    return compare(left, right, last, [](std::uint64_t, std::uint64_t) {});
}

}}  // namespace jackpot::v1

#endif
