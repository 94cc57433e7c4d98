// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_EXAMPLES_MIGRATOR_COPY_COPY_HPP
#define JACKPOT_EXAMPLES_MIGRATOR_COPY_COPY_HPP

#include "../console/report.hpp"

#include <jackpot/core/system.hpp>
#include <jackpot/replication/audit.hpp>
#include <jackpot/replication/replicate.hpp>

namespace migrator {

/// Has the source's journal the operation at which the target is, so that the two can be compared? One that
/// begins with a checkpoint hides what came before, and other operations than the target's may have.
template <jackpot::storage From>
[[nodiscard]] jackpot::expected<void> check_known(From& from, const jackpot::store_head& source,
                                                  const jackpot::store_head& target) {
    if (target.sequence == 0 || target.identity != source.identity) {
        return jackpot::success();
    }
    std::vector<jackpot::basic_operation<typename From::amount_type>> page;
    if (auto read = from.read({.after = target.sequence - 1, .limit = 1}, page); !read) {
        return read;
    }
    const bool hidden = !page.empty() && page.front().sequence > target.sequence;
    return hidden ? jackpot::fail(
                        jackpot::errc::diverged,
                        "the source begins with a checkpoint, and does not know the target's operation",
                        std::to_string(target.sequence))
                  : jackpot::success();
}

/// Copies what the target lacks, a batch after the other, until `interrupted()`, and whatever comes while
/// `follow`, a follower, waits for more.
template <jackpot::storage From, jackpot::storage To, class Interrupted, class Follow>
[[nodiscard]] jackpot::expected<jackpot::replicate_result> copy(From& from, To& to,
                                                                const jackpot::replicate_options& o,
                                                                report& out, Interrupted&& interrupted,
                                                                Follow&& follow) {
    jackpot::basic_snapshot<typename From::amount_type> source;
    jackpot::basic_snapshot<typename From::amount_type> before;
    for (auto loaded : {from.load(source), to.load(before)}) {
        if (!loaded) {
            return tl::unexpected(loaded.error());
        }
    }
    if (auto known = check_known(from, source.head, before.head); !known) {
        return tl::unexpected(known.error());
    }
    std::sort(source.pools.begin(), source.pools.end(),
              [](const auto& a, const auto& b) { return a.opened_at < b.opened_at; });
    for (const auto& pool : source.pools) {
        if (pool.sequence > before.head.sequence) {
            out.migrating(pool.pool);
        }
    }
    jackpot::system_environment world;
    jackpot::replicator copies(from, to, world, o);
    out.begin_copy();
    std::uint64_t reached = before.head.sequence;
    std::uint64_t done = 0;  // a checkpoint stands for many sequences, and is one operation
    for (;;) {
        auto copied = copies.run([&](const jackpot::replicate_progress& at) {
            reached = at.sequence;
            if (!follow.copied(at.sequence)) {
                out.at(at.sequence, at.last);
            }
            return !interrupted();
        });
        done += copied ? copied->operations : 0;
        const auto more = copied.and_then([&](const jackpot::replicate_result& result) {
            return result.complete ? follow(result.sequence) : jackpot::expected<bool>(false);
        });
        if (more ? *more : follow.waits(more.error())) {
            continue;
        }
        if (!more) {
            out.end((std::max)(done, reached - before.head.sequence));
            return tl::unexpected(more.error());
        }
        out.end_copy(done, reached, (std::max)(reached, source.head.sequence));
        if (done == 0 && copied->complete) {
            out.log().info("There is nothing to copy: the target has {} operations", before.head.sequence);
        }
        return copied;
    }
}

/// Is the target what the source was at that sequence, since which it may have gone on, and sound by its own
/// journal? What is wrong first, or nothing.
template <jackpot::storage From, jackpot::storage To>
[[nodiscard]] jackpot::expected<std::string> validate(From& from, To& to, std::uint64_t sequence,
                                                      report& out) {
    const auto tell = [&](std::uint64_t at, std::uint64_t last) { out.at(at, last); };
    out.begin("Compared");
    const auto compared = compare(from, to, sequence, tell);
    out.end(sequence);
    if (!compared) {
        return tl::unexpected(compared.error());
    }
    if (!compared->equal()) {
        const auto& d = compared->differences.front();
        return fmt::format("{} differences, first {}, {}: {} in the source, {} in the target",
                           compared->count, d.where, d.what, d.left, d.right);
    }
    out.begin("Audited");
    const auto audited = audit(to, tell);
    out.end(audited ? audited->operations : 0);
    if (!audited) {
        return tl::unexpected(audited.error());
    }
    if (!audited->clean()) {
        const auto& f = audited->findings.front();
        return fmt::format("{} findings, first {}: {}", audited->count, f.where, f.what);
    }
    return std::string();
}

}  // namespace migrator

#endif
