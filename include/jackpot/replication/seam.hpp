// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_REPLICATION_SEAM_HPP
#define JACKPOT_REPLICATION_SEAM_HPP

#include <jackpot/store/storage.hpp>

#include <iterator>

namespace jackpot { inline namespace v1 { namespace detail {

/// Reads one journal out of two: that of the store behind up to the seam, where the front's begins, and the
/// front's from there on. The seam may move meanwhile. Errors: those of the two.
template <class Front, class Behind, amount Amount>
[[nodiscard]] expected<void> read_over_seam(Front& front, Behind& behind, const history_query& q,
                                            std::vector<basic_operation<Amount>>& page) {
    std::uint64_t seam = 0;
    if (auto read = front.read(q, page, seam); !read || seam == 0) {
        return read;
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
            if (auto read = behind.read({.after = rest.after, .limit = 1}, first); !read) {
                return read;
            }
            less = !first.empty() && first.front().sequence > seam;
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
