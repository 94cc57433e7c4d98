// SPDX-License-Identifier: BSL-1.0
#include "../../examples/custom_storage/vector_storage.hpp"

#include <jackpot/memory/storage.hpp>
#include <jackpot/testing/concurrency.hpp>
#include <jackpot/testing/conformance.hpp>

#include <doctest/doctest.h>

#include <memory>

using namespace jackpot;

namespace {

enum class defect {
    none,
    // of wagers that it declines
    keeps_what_it_declines,
    counts_what_it_declines,
    shows_what_it_declines,
    // of wagers that it takes
    takes_when_sealed,
    takes_held_keys,
    takes_what_changes_nothing,
    gives_another_receipt,
    says_replayed,
    keeps_another_id,
    keeps_another_time,
    loses_the_player,
    loses_the_key,
    // of handles
    feeds_what_it_fed,
    resolves_any_game,
    resolves_any_pool,
    has_no_name,
    forgets_changed_pools,
    keeps_pools_that_are_gone,
    // of meters
    shows_the_meters_before,
    shows_two_moments,
    shows_no_status,
};

/// A vector_storage with one defect in the verbs of a direct_storage.
class broken_direct : public vector_storage<std::int64_t> {
    using base = vector_storage<std::int64_t>;

public:
    struct game_handle {
        jackpot::name game;
        std::vector<jackpot::name> fed;  // when it was resolved
        bool named = true;
        [[nodiscard]] jackpot::name name() const { return named ? game : jackpot::name(); }
    };
    struct pool_handle {
        jackpot::name pool;
        reading first{};  // when it was resolved
        [[nodiscard]] jackpot::name name() const { return pool; }
    };

    broken_direct(tables<std::int64_t>& t, defect d) : base(t), tables_(t), defect_(d) {}

    expected<commit_result> commit(const basic_commit<std::int64_t>& c) {
        before_ = tables_.states.pools;
        return base::commit(c);
    }

    expected<game_handle> resolve_game(const name& game) {
        if (auto sound = base::resolve_game(game); !sound && !has(defect::resolves_any_game)) {
            return tl::unexpected(sound.error());
        }
        game_handle handle{game, {}, !has(defect::has_no_name)};
        for (const pool& p : tables_.states.pools) {
            if (p.status == pool_status::active && feeds(*p.configuration, game)) {
                handle.fed.push_back(p.pool);
            }
        }
        return handle;
    }
    expected<pool_handle> resolve_pool(const name& wanted) {
        if (auto sound = base::resolve_pool(wanted); !sound && !has(defect::resolves_any_pool)) {
            return tl::unexpected(sound.error());
        }
        return pool_handle{wanted, base::meters({wanted}).value_or(reading{})};
    }

    bool contribute(const contribute_request& r, const operation_stamp& stamp, receipt& into) {
        auto& [states, journal] = tables_;
        operation o;
        o.id = stamp.id;
        o.request = r;
        const bool decided = decide(states, stamp.now, o) &&
                             (!o.parts.empty() || (has(defect::takes_what_changes_nothing) && !r.key));
        const bool held = r.key && tables_.holder_of(*r.key) != nullptr;
        if (!decided || (states.head.sealed && !has(defect::takes_when_sealed)) ||
            (held && !has(defect::takes_held_keys))) {
            return decided && decline(o);
        }
        if (r.pools && has_to_decline()) {
            return decline(o);
        }
        return keep(std::move(o), into);
    }
    bool contribute(const game_handle& game, const wager& w, const operation_stamp& stamp, receipt& into) {
        auto r = in_game(game.game, w);
        if (!has(defect::feeds_what_it_fed) || game.fed.empty()) {
            return contribute(r, stamp, into);
        }
        // As if nothing had become of those pools; what is kept names no list, as the long way keeps it.
        operation o;
        o.id = stamp.id;
        o.request = r;
        std::get<contribute_request>(o.request).pools.emplace(game.fed.begin(), game.fed.end());
        if ((r.key && tables_.holder_of(*r.key) != nullptr) || tables_.states.head.sealed ||
            !decide(tables_.states, stamp.now, o) || o.parts.empty()) {
            return false;
        }
        std::get<contribute_request>(o.request).pools.reset();
        return keep(std::move(o), into);
    }

    expected<reading> meters(const pool_handle& handle) const {
        auto seen = base::meters({handle.pool});
        const pool* before = detail::find_pool(before_, handle.pool);
        if (!seen && has(defect::keeps_pools_that_are_gone)) {
            return handle.first;
        }
        if (seen && has(defect::forgets_changed_pools) && seen->version > handle.first.version + 4) {
            return fail(errc::unknown_pool);
        }
        if (seen && before != nullptr && has(defect::shows_the_meters_before)) {
            return reading{*before, before->version, before->sequence, before->modified_at, before->status};
        }
        if (seen && before != nullptr && has(defect::shows_two_moments)) {
            seen->current = before->current;
        }
        if (seen && has(defect::shows_no_status)) {
            seen->status = pool_status::active;
        }
        if (seen) {
            seen->current += shown_;
        }
        return seen;
    }

private:
    [[nodiscard]] bool has(defect d) const noexcept { return defect_ == d; }
    [[nodiscard]] bool has_to_decline() const noexcept {
        return defect_ >= defect::keeps_what_it_declines && defect_ <= defect::shows_what_it_declines;
    }

    bool decline(const operation& o) {
        if (has(defect::keeps_what_it_declines)) {
            tables_.journal.push_back(o);
        }
        if (has(defect::counts_what_it_declines)) {
            tables_.states.head.sequence += 1;
        }
        if (has(defect::shows_what_it_declines)) {
            shown_ += 1;
        }
        return false;
    }

    bool keep(operation o, receipt& into) {
        if (has(defect::keeps_another_time)) {
            o.at += 1;
        }
        if (has(defect::keeps_another_id)) {
            o.id.low += 1;
        }
        into = {o.sequence, o.at, has(defect::says_replayed), o.parts};
        if (has(defect::gives_another_receipt)) {
            into.parts.begin()->to_pool += 1;
        }
        before_ = tables_.states.pools;
        if (!o.parts.empty() && !apply(tables_.states, o)) {
            return false;
        }
        auto& request = std::get<contribute_request>(o.request);
        if (has(defect::loses_the_player)) {
            request.player.reset();
        }
        if (has(defect::loses_the_key)) {
            request.key.reset();
        }
        tables_.journal.push_back(std::move(o));
        return true;
    }

    tables<std::int64_t>& tables_;
    defect defect_;
    std::vector<pool> before_{};  // the newest operation
    std::int64_t shown_ = 0;
};
static_assert(direct_storage<broken_direct>);

/// The laws that the suite names, each once.
std::vector<std::string> broken_by(defect d) {
    std::unique_ptr<tables<std::int64_t>> kept;
    const auto report = testing::check_conformance([&] {
        kept = std::make_unique<tables<std::int64_t>>();
        return broken_direct(*kept, d);
    });
    std::vector<std::string> laws;
    for (const auto& broken : report.broken) {
        if (laws.empty() || laws.back() != broken.law) {
            laws.push_back(broken.law);
        }
    }
    return laws;
}

/// A memory_storage whose meters are torn for every thread but the one that made it, which writes.
struct torn_memory : memory_storage<> {
    std::thread::id maker = std::this_thread::get_id();
    mutable std::atomic<std::int64_t> first = -1;

    expected<reading> meters(const pool_handle& handle) const {
        auto seen = memory_storage<>::meters(handle);
        if (seen && std::this_thread::get_id() != maker) {
            std::int64_t none = -1;
            first.compare_exchange_strong(none, seen->total_wagered);
            seen->total_wagered = first;
        }
        return seen;
    }
};

struct law_of {
    defect broken;
    const char* law;
};
constexpr law_of laws[] = {
    {defect::keeps_what_it_declines, "declined"}, {defect::counts_what_it_declines, "declined"},
    {defect::shows_what_it_declines, "declined"}, {defect::takes_when_sealed, "decided"},
    {defect::takes_held_keys, "decided"},         {defect::takes_what_changes_nothing, "decided"},
    {defect::gives_another_receipt, "decided"},   {defect::says_replayed, "decided"},
    {defect::keeps_another_id, "decided"},        {defect::keeps_another_time, "decided"},
    {defect::loses_the_player, "decided"},        {defect::loses_the_key, "decided"},
    {defect::feeds_what_it_fed, "handles"},       {defect::resolves_any_game, "handles"},
    {defect::resolves_any_pool, "handles"},       {defect::has_no_name, "handles"},
    {defect::forgets_changed_pools, "handles"},   {defect::keeps_pools_that_are_gone, "handles"},
    {defect::shows_the_meters_before, "metered"}, {defect::shows_two_moments, "metered"},
    {defect::shows_no_status, "metered"},
};

}  // namespace

TEST_CASE("the suite names the one law of a direct_storage that a broken store breaks") {
    CHECK(broken_by(defect::none).empty());
    for (const law_of& l : laws) {
        CAPTURE(int(l.broken));
        CHECK(broken_by(l.broken) == std::vector<std::string>{l.law});
    }
}

TEST_CASE("a store that declines every wager, or all but those by name, keeps the laws") {
    struct declining : vector_storage<std::int64_t> {
        using vector_storage::vector_storage;
        bool by_name = false;
        bool contribute(const contribute_request& r, const operation_stamp& stamp, receipt& into) {
            return by_name && vector_storage::contribute(r, stamp, into);
        }
        bool contribute(const game_handle&, const wager&, const operation_stamp&, receipt&) { return false; }
    };
    for (const bool by_name : {false, true}) {
        std::unique_ptr<tables<std::int64_t>> kept;
        const auto report = testing::check_conformance([&] {
            kept = std::make_unique<tables<std::int64_t>>();
            declining store(*kept);
            store.by_name = by_name;
            return store;
        });
        CHECK(to_text(report) == "");
    }
}

TEST_CASE("the suite sees meters that are torn while another thread writes") {
    memory_storage<> sound;
    CHECK(to_text(testing::check_concurrency(sound, sound)) == "");
    torn_memory torn;
    const auto report = testing::check_concurrency(torn, torn);
    CHECK_FALSE(report.passed());
    for (const auto& broken : report.broken) {
        CHECK(broken.law == "metered");
    }
}
