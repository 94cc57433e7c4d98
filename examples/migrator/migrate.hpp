// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_EXAMPLES_MIGRATOR_MIGRATE_HPP
#define JACKPOT_EXAMPLES_MIGRATOR_MIGRATE_HPP

#include "report.hpp"

#include <jackpot/audit.hpp>
#include <jackpot/replicate.hpp>
#include <jackpot/system.hpp>

namespace migrator {

/// How far a copy came.
struct span {
    std::uint64_t first = 0;  ///< the target's sequence before
    std::uint64_t now = 0;    ///< and after
    std::uint64_t last = 0;   ///< the source's
};

inline std::string words_of(const jackpot::error& e) {
    return std::string(to_text(e).view());
}

/// Counts what the source's operations between two sequences hold.
template <jackpot::storage From>
[[nodiscard]] jackpot::expected<void> count(From& from, const span& copied, result& r) {
    jackpot::basic_snapshot<typename From::amount_type> states;
    if (auto loaded = from.load(states); !loaded) {
        return loaded;
    }
    for (const auto& pool : states.pools) {
        r.pools += pool.sequence > copied.first && pool.sequence <= copied.now ? 1 : 0;
    }
    std::vector<jackpot::basic_operation<typename From::amount_type>> page;
    for (std::uint64_t after = copied.first; after < copied.now; after = page.back().sequence) {
        if (auto read = from.read({.after = after}, page); !read || page.empty()) {
            return read;
        }
        for (const auto& o : page) {
            const bool counts = o.sequence <= copied.now;
            r.contributions += counts && o.kind() == jackpot::operation_kind::contributed ? 1 : 0;
            r.wins += counts && o.kind() == jackpot::operation_kind::won ? 1 : 0;
        }
    }
    return {};
}

/// Copies what the target lacks, a batch after the other, until `interrupted()`.
template <jackpot::storage From, jackpot::storage To, class Interrupted>
[[nodiscard]] jackpot::expected<span> copy(From& from, To& to, const jackpot::replicate_options& o,
                                           report& out, result& r, Interrupted&& interrupted) {
    jackpot::basic_snapshot<typename From::amount_type> source;
    jackpot::basic_snapshot<typename From::amount_type> target;
    for (auto loaded : {from.load(source), to.load(target)}) {
        if (!loaded) {
            return tl::unexpected(loaded.error());
        }
    }
    span copied{target.head.sequence, target.head.sequence, source.head.sequence};
    std::sort(source.pools.begin(), source.pools.end(),
              [](const auto& a, const auto& b) { return a.opened_at < b.opened_at; });
    for (const auto& pool : source.pools) {
        if (pool.sequence > copied.first) {
            out.migrating(pool.pool);
        }
    }
    if (copied.first >= copied.last) {
        out.log().info("There is nothing to copy: the target has {} operations", copied.first);
    }
    jackpot::system_environment world;
    const auto began = std::chrono::steady_clock::now();
    const auto done = replicate(
        from, to, o,
        [&](const jackpot::replicate_progress& at) {
            copied.now = at.sequence;
            out.progress(at.sequence, at.last);
            return !interrupted();
        },
        world);
    out.end_progress();
    r.took = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - began);
    if (auto counted = count(from, copied, r); !counted) {
        return tl::unexpected(counted.error());
    }
    if (!done) {
        return tl::unexpected(done.error());
    }
    return copied;
}

/// Is the target equal to the source, and sound by its own journal? What is wrong first, or nothing.
template <jackpot::storage From, jackpot::storage To>
[[nodiscard]] std::string validate(From& from, To& to) {
    const auto compared = compare(from, to);
    if (!compared) {
        return words_of(compared.error());
    }
    if (!compared->equal()) {
        const auto& d = compared->differences.front();
        return fmt::format("{} differences, first {}, {}: {} in the source, {} in the target",
                           compared->count, d.where, d.what, d.left, d.right);
    }
    const auto audited = audit(to);
    if (!audited) {
        return words_of(audited.error());
    }
    if (!audited->clean()) {
        const auto& f = audited->findings.front();
        return fmt::format("{} findings, first {}: {}", audited->count, f.where, f.what);
    }
    return {};
}

}  // namespace migrator

#endif
