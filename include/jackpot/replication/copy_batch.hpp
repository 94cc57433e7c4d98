// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_REPLICATION_COPY_BATCH_HPP
#define JACKPOT_REPLICATION_COPY_BATCH_HPP

#include <jackpot/rules/apply.hpp>
#include <jackpot/store/name_changed.hpp>

#include <string>

namespace jackpot { inline namespace v1 { namespace detail {

/// About how much memory an operation takes: what is long in it are lists of games.
template <amount Amount>
[[nodiscard]] std::size_t bytes_of(const basic_operation<Amount>& o) {
    const auto bytes_of_games = [](const basic_configuration<Amount>& c) {
        return c.games.size() * sizeof(name);
    };
    std::size_t bytes = sizeof(o) + o.parts.size() * sizeof(basic_part<Amount>);
    if (const auto* opened = std::get_if<basic_open_request<Amount>>(&o.request)) {
        bytes += bytes_of_games(opened->configuration);
    } else if (const auto* configured = std::get_if<basic_configure_request<Amount>>(&o.request)) {
        bytes += configured->patch.games ? configured->patch.games->size() * sizeof(name) : 0;
    }
    for (const auto& part : o.parts) {
        if (part.state != nullptr) {
            const auto* pending = part.state->pending.get();
            bytes += sizeof(*part.state) + bytes_of_games(*part.state->configuration);
            bytes += pending == nullptr ? 0 : sizeof(*pending) + 2 * bytes_of_games(pending->configuration);
        }
    }
    return bytes;
}

/// Does a page that was read from the operation at `head` on begin with it, and so belong to its history? Or
/// with a checkpoint that may stand for it.
template <amount Amount>
[[nodiscard]] bool goes_on_from(const store_head& head, const std::vector<basic_operation<Amount>>& page) {
    if (page.empty()) {
        return false;
    }
    const auto& first = page.front();
    return first.sequence == head.sequence ? first.id == head.newest
                                           : first.kind() == operation_kind::checkpoint;
}

/// Commits to `to`, whose states are `states`, what follows them in the journal of `from`: at most `limit`
/// operations. Brings `states` along, and returns those that were copied, which lie in `page`; none where
/// `from` has no more. `to` is to be sealed, or not, as `sealed` says. After an error `states` are
/// unspecified. Errors beside the stores': conflict; diverged, where either is another history than the
/// states'.
template <storage From, storage To>
[[nodiscard]] expected<std::span<const basic_operation<typename From::amount_type>>> copy_batch(
    From& from, To& to, basic_snapshot<typename From::amount_type>& states,
    std::vector<basic_operation<typename From::amount_type>>& page, std::size_t limit, bool sealed) {
    const store_head before = states.head;
    const std::uint64_t reached = before.sequence;
    // With the operation that both have, which shows that they still do.
    const std::size_t shared = reached == 0 ? 0 : 1;
    if (auto read = from.read({.after = reached - shared, .limit = (std::max)(limit, limit + shared)}, page);
        !read) {
        return tl::unexpected(read.error());
    }
    if (shared != 0 && !goes_on_from(before, page)) {
        return fail(errc::diverged, "the source no longer has the target's operation",
                    std::to_string(reached));
    }
    std::span<const basic_operation<typename From::amount_type>> copied(page);
    copied = copied.subspan(!copied.empty() && copied.front().sequence <= reached ? 1 : 0);
    // A checkpoint can only be the first operation of a commit.
    std::size_t count = 0;
    while (count < copied.size() && (count == 0 || copied[count].kind() != operation_kind::checkpoint)) {
        if (auto applied = apply(states, copied[count]); !applied) {
            return tl::unexpected(applied.error());
        }
        ++count;
    }
    copied = copied.first(count);
    if (copied.empty()) {
        return copied;
    }
    named_pools<typename From::amount_type> changed;
    const auto result = to.commit({.identity = states.head.identity,
                                   .sequence = reached,
                                   .newest = before.newest,
                                   .operations = copied,
                                   .pools = name_changed(states, copied, changed),
                                   .sealed = sealed});
    if (!result) {
        return tl::unexpected(result.error());
    }
    // A key that is there is said before a conflict is: the other writer may have copied this very operation.
    basic_snapshot<typename From::amount_type> now;
    if (*result == commit_result::duplicate) {
        if (auto loaded = to.load(now); !loaded) {
            return tl::unexpected(loaded.error());
        }
    }
    const bool moved = now.head.sequence > reached;
    if (*result == commit_result::duplicate && !moved) {
        return fail(errc::diverged,
                    "the target holds a key that the source used for another operation, after sequence",
                    std::to_string(reached));
    }
    if (*result != commit_result::committed) {
        return fail(errc::conflict, "another writer changed the target");
    }
    return copied;
}

}}}  // namespace jackpot::v1::detail

#endif
