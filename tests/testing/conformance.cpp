// SPDX-License-Identifier: BSL-1.0
#include "broken_storage.hpp"

#include <jackpot/testing/conformance.hpp>

#include <doctest/doctest.h>

#include <memory>

using namespace jackpot;

namespace {

testing::conformance_report report_on(test::defect d) {
    std::unique_ptr<tables<std::int64_t>> kept;
    const auto make = [&] {
        kept = std::make_unique<tables<std::int64_t>>();
        return test::broken_storage(*kept, d);
    };
    return testing::check_conformance(make, [&] { return test::broken_storage(*kept, d); });
}

struct broken_store {
    test::defect defect;
    const char* law;  ///< which the report must name
};

constexpr broken_store broken_stores[] = {
    {test::defect::drops_parts, "atomic"},
    {test::defect::keeps_half_of_what_it_refuses, "atomic"},
    {test::defect::keeps_the_rows_of_what_it_refuses, "guarded"},
    {test::defect::takes_the_identity_of_what_it_refuses, "guarded"},
    {test::defect::ignores_the_guard, "guarded"},
    {test::defect::guards_only_the_past, "guarded"},
    {test::defect::guards_by_the_sequence_alone, "guarded"},
    {test::defect::accepts_gaps, "gapless"},
    {test::defect::accepts_any_version, "gapless"},
    {test::defect::accepts_any_pools, "exact"},
    {test::defect::ignores_keys, "idempotent"},
    {test::defect::ignores_keys_within_a_commit, "idempotent"},
    {test::defect::compares_keys_without_case, "idempotent"},
    {test::defect::says_conflict_first, "idempotent"},
    {test::defect::ignores_the_seal, "sealed"},
    {test::defect::unseals_by_a_copy, "sealed"},
    {test::defect::copies_into_open_stores, "sealed"},
    {test::defect::ignores_identity, "identity"},
    {test::defect::takes_no_checkpoint_later, "checkpoint"},
    {test::defect::keeps_rows_through_a_checkpoint, "checkpoint"},
    {test::defect::cuts_names, "faithful"},
    {test::defect::trims_names, "faithful"},
    {test::defect::cuts_amounts, "faithful"},
    {test::defect::cuts_counters, "faithful"},
    {test::defect::cuts_times, "faithful"},
    {test::defect::loses_pending, "faithful"},
    {test::defect::loses_cap_none, "faithful"},
    {test::defect::loses_empty_games, "faithful"},
    {test::defect::loses_the_list_asked_for, "faithful"},
    {test::defect::loses_the_amount_asked_for, "faithful"},
    {test::defect::loses_the_carry, "faithful"},
    {test::defect::loses_states_in_parts, "faithful"},
    {test::defect::sorts_pools_without_case, "faithful"},
    {test::defect::forgets_on_reopen, "durable"},
    {test::defect::unseals_on_reopen, "durable"},
    {test::defect::loads_only_known_pools, "isolated"},
    {test::defect::loads_half_of_the_changes, "isolated"},
    {test::defect::loads_onto_any_history, "isolated"},
    {test::defect::loads_no_seal, "sealed"},
    {test::defect::finds_any_operation, "idempotent"},
    {test::defect::finds_nothing, "idempotent"},
    {test::defect::is_silent_when_sealed, "sealed"},
    {test::defect::ends_pages_early, "read"},
    {test::defect::repeats_an_operation, "read"},
    {test::defect::takes_after_as_signed, "read"},
    {test::defect::reads_only_the_parts_asked_for, "read"},
    {test::defect::ignores_the_kind, "read"},
    {test::defect::matches_games_without_case, "read"},
};

}  // namespace

TEST_CASE("the suite finds nothing wrong with a sound store") {
    CHECK(to_text(report_on(test::defect::none)) == "");
}

TEST_CASE("the suite names the law that a broken store breaks") {
    for (const broken_store& b : broken_stores) {
        CAPTURE(int(b.defect));
        const auto report = report_on(b.defect);
        const std::string text = to_text(report);
        CAPTURE(text);
        CHECK_FALSE(report.passed());
        CHECK(std::any_of(report.broken.begin(), report.broken.end(),
                          [&](const auto& broken) { return broken.law == b.law; }));
    }
}
