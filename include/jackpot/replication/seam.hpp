// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_REPLICATION_SEAM_HPP
#define JACKPOT_REPLICATION_SEAM_HPP

#include <jackpot/store/storage.hpp>

#include <iterator>

namespace jackpot { inline namespace v1 { namespace detail {

/// Does the store behind keep less than the front, whose own checkpoint begins the journal then?
template <class Behind, amount Amount>
[[nodiscard]] expected<bool> keeps_less(Behind& behind, std::uint64_t after, std::uint64_t seam,
                                        std::vector<basic_operation<Amount>>& first) {
    return behind.read({.after = after, .limit = 1}, first).map([&] {
        return !first.empty() && first.front().kind() == operation_kind::checkpoint &&
               first.front().sequence > seam;
    });
}

/// What `read_over_seam` does, newest first: the front's operations above the seam, and then those of the
/// store behind.
template <class Front, class Behind, amount Amount>
[[nodiscard]] expected<void> read_newest_over_seam(Front& front, Behind& behind, const history_query& q,
                                                   std::vector<basic_operation<Amount>>& page,
                                                   std::uint64_t seam) {
    history_query above = q;
    for (std::uint64_t moved = seam; moved != 0;) {
        seam = moved;
        above.after = seam;
        moved = 0;
        if (auto read = front.read(above, page, moved); !read) {
            return read;
        }
    }
    std::vector<basic_operation<Amount>> more;
    const auto less = keeps_less(behind, q.after, seam, more);
    if (!less) {
        return tl::unexpected(less.error());
    }
    history_query below = q;
    below.limit = q.limit - page.size();
    below.before = (std::min)(q.before, seam + 1);
    if (auto read = *less ? front.store().read(below, more) : behind.read(below, more); !read) {
        return read;
    }
    std::move(more.begin(), more.end(), std::back_inserter(page));
    return success();
}

/// Reads one journal out of two: that of the store behind up to the seam, where the front's begins, and the
/// front's from there on. The seam may move meanwhile. Errors: those of the two.
template <class Front, class Behind, amount Amount>
[[nodiscard]] expected<void> read_over_seam(Front& front, Behind& behind, const history_query& q,
                                            std::vector<basic_operation<Amount>>& page) {
    std::uint64_t seam = 0;
    if (auto read = front.read(q, page, seam); !read || seam == 0) {
        return read;
    }
    if (q.newest_first) {
        return read_newest_over_seam(front, behind, q, page, seam);
    }
    history_query rest = q;
    page.clear();
    std::vector<basic_operation<Amount>> more;
    while (seam != 0 && page.size() < q.limit) {
        rest.limit = q.limit - page.size();
        if (auto read = behind.read(rest, more); !read) {
            return read;
        }
        // It may keep less than the front, whose own checkpoint begins the journal then; or that one is
        // where a copy leapt, behind other operations that do not match.
        bool less = !more.empty() && more.front().kind() == operation_kind::checkpoint &&
                    more.front().sequence > seam;
        if (less) {
            std::vector<basic_operation<Amount>> first;
            const auto keeps = keeps_less(behind, rest.after, seam, first);
            if (!keeps) {
                return tl::unexpected(keeps.error());
            }
            less = *keeps;
        }
        if (!less) {
            const auto above = [&](const auto& o) { return o.sequence > seam; };
            std::move(more.begin(), std::find_if(more.begin(), more.end(), above), std::back_inserter(page));
            rest.after = seam;
            rest.limit = q.limit - page.size();
        }
        seam = 0;
        if (auto read = less ? front.store().read(rest, more) : front.read(rest, more, seam); !read) {
            return read;
        }
        if (seam == 0) {
            std::move(more.begin(), more.end(), std::back_inserter(page));
        }
    }
    return success();
}

}}}  // namespace jackpot::v1::detail

#endif
