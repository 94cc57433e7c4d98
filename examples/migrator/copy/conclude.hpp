// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_EXAMPLES_MIGRATOR_COPY_CONCLUDE_HPP
#define JACKPOT_EXAMPLES_MIGRATOR_COPY_CONCLUDE_HPP

#include "../verbs/migrate_options.hpp"
#include "closed_target.hpp"
#include "copy.hpp"
#include "follower.hpp"

namespace migrator {

inline int violated(report& out, const tally& taken, outcome result, const std::string& what,
                    const std::string& further = {}) {
    result.validation = "failed";
    return out.failed({"Migration validation failed: data integrity violation",
                       {what, std::string("which pool it is: migrator validate STORE --detailed; then ") +
                                  repair_remedy + further},
                       exit_failed},
                      taken, result);
}

/// Can anybody but this program write to the source?
template <jackpot::storage From>
inline constexpr bool is_shared = std::is_same_v<From, jackpot::soci_storage>;

/// Behind another remedy: what the seals mean where a run did not come to its end.
template <jackpot::storage From>
std::string remedy_of(const closed_target<From>& closed, const follower<From>& follow) {
    return !closed.sealed() ? "" : follow.may_be_sealed() ? cut_over_remedy : target_remedy;
}

/// What there is to compare where the target took over before, and went on: all that the source has.
template <jackpot::storage From>
jackpot::expected<jackpot::replicate_result> source_of(From& from, report& out) {
    jackpot::snapshot source;
    return from.load(source).map([&] {
        out.log().info("The target took over from the source, and went on since");
        return jackpot::replicate_result{.sequence = source.head.sequence, .complete = true};
    });
}

/// Repeats what a store that is not there refuses, as long as the follower waits for it.
template <class Follow, class Step>
auto repeat(Follow& follow, Step&& step) {
    auto done = step();
    while (!done && follow.waits(done.error())) {
        done = step();
    }
    return done;
}

/// Proves what was copied, up to that sequence, opens the target where the source takes no changes any more,
/// and shows the results.
template <jackpot::storage From>
int conclude(From& from, jackpot::soci_storage& to, closed_target<From>& closed, follower<From>& follow,
             const migrate_options& o, report& out, const tally& taken, outcome result,
             std::uint64_t sequence) {
    const auto waits = remedy_of(closed, follow);
    const auto failed = [&](const jackpot::error& e) {
        auto why = store_trouble(e);
        why.remedy += waits;
        return out.failed({"Migration failed", why, exit_failed}, taken, result);
    };
    out.log().info("Migration completed in {}ms", out.took_ms());
    if (o.validates()) {
        out.log().info("Comparing the two stores, and auditing the target...");
        const auto wrong = repeat(follow, [&] { return validate(from, to, sequence, out); });
        if (!wrong && wrong.error().retryable()) {
            return failed(wrong.error());
        }
        if (!wrong || !wrong->empty()) {
            return violated(out, taken, std::move(result), wrong ? *wrong : words_of(wrong.error()), waits);
        }
        result.validation = "passed";
    }
    if (const bool opens = follow.done() || !is_shared<From>; opens) {
        const unbroken to_the_end;
        if (const auto open = repeat(follow, [&] { return closed.open(); }); !open) {
            return failed(open.error());
        }
    }
    if (closed.sealed()) {
        result.next =
            "The target is sealed while the source may take changes. To go on with it: the same command with "
            "--cut-over";
    }
    out.succeeded(taken, result);
    out.say(o.validates()
                ? "✅ Migration validation passed\n🎉 Migration completed successfully!"
                : "🎉 Migration completed successfully! It was not validated: run `migrator validate`.");
    if (closed.sealed()) {
        out.say(result.next);
    }
    return 0;
}

}  // namespace migrator

#endif
