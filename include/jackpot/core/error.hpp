// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_CORE_ERROR_HPP
#define JACKPOT_CORE_ERROR_HPP

#include <jackpot/core/text.hpp>

#include <tl/expected.hpp>

namespace jackpot { inline namespace v1 {

/// Names what went wrong. The enumerators keep their order and values: they are part of the interface.
enum class errc : std::uint8_t {
    // refused by the rules
    invalid_operation = 1,
    invalid_key,
    invalid_pool,
    invalid_game,
    invalid_player,
    invalid_actor,
    invalid_reason,
    invalid_wager,
    invalid_amount,
    invalid_seed,
    invalid_cap,
    invalid_rate,
    invalid_rounding,
    invalid_on_cap,
    invalid_min_wager,
    invalid_when,
    empty_configuration,
    unknown_pool,
    pool_exists,
    pool_suspended,
    pool_active,
    pool_empty,
    amount_exceeds_pool,
    cap_below_current,
    cap_exceeded,
    amount_overflow,
    key_conflict,
    // said by a store
    conflict,
    unavailable,
    overloaded,
    store_sealed,
    diverged,
    corrupt,
    schema_mismatch,
    permission_denied,
    out_of_memory,
    unsupported,
    cancelled,
    // refused by the rules, of later kinds
    invalid_max_wager,
    invalid_seed_rate,
    invalid_reserve_cap,
    invalid_seed_from,
    invalid_changes,
    invalid_round,
    invalid_site,
    invalid_hold,
    invalid_to,
    wager_too_large,
    changes_locked,
    pool_closed,
    pool_held,
    pool_not_empty,
    amount_exceeds_seed,
    hold_exists,
    too_many_holds,
    unknown_hold,
    unknown_wager,
};

/// Says what a caller can do about an error. rejected: change the request. conflict: another writer was
/// faster, try again. transient: try again later. fatal: a person must look.
enum class category : std::uint8_t { rejected, conflict, transient, fatal };

namespace detail {

struct errc_facts {
    std::string_view name;
    category kind;
    std::string_view meaning;
};

inline constexpr errc_facts errc_table[] = {
    {"invalid_operation", category::rejected, "this is no operation"},
    {"invalid_key", category::rejected, "a key is 1 to 128 bytes of UTF-8 without control characters"},
    {"invalid_pool", category::rejected,
     "a pool's name is 1 to 128 bytes of UTF-8 without control characters, and stands in a list once"},
    {"invalid_game", category::rejected,
     "a game is 1 to 128 bytes of UTF-8 without control characters, and a pool names at most 4096"},
    {"invalid_player", category::rejected, "a player is 1 to 128 bytes of UTF-8 without control characters"},
    {"invalid_actor", category::rejected, "an actor is 1 to 128 bytes of UTF-8 without control characters"},
    {"invalid_reason", category::rejected, "a reason is 1 to 128 bytes of UTF-8 without control characters"},
    {"invalid_wager", category::rejected, "a wager is a whole number of minor units, 1 or more"},
    {"invalid_amount", category::rejected,
     "an amount is a whole number of minor units: 1 or more, but not 0 for a correction, and 0 or more for "
     "what goes to the house"},
    {"invalid_seed", category::rejected, "a seed is a whole number of minor units, 0 or more"},
    {"invalid_cap", category::rejected, "a cap is a whole number of minor units above the seed, or none"},
    {"invalid_rate", category::rejected,
     "a rate is a decimal from 0 to 1: 1 to 10 digits, then optionally a point and 1 to 9 digits"},
    {"invalid_rounding", category::rejected, "rounding is carry or floor"},
    {"invalid_on_cap", category::rejected, "on_cap is divert or stop"},
    {"invalid_min_wager", category::rejected, "a minimum wager is a whole number of minor units, 0 or more"},
    {"invalid_when", category::rejected,
     "when is now, after_win or discard, and discard takes no other field"},
    {"empty_configuration", category::rejected, "there is nothing to configure or to discard"},
    {"unknown_pool", category::rejected, "there is no pool of this name"},
    {"pool_exists", category::rejected, "there is a pool of this name already"},
    {"pool_suspended", category::rejected, "the pool is suspended"},
    {"pool_active", category::rejected, "the pool is active"},
    {"pool_empty", category::rejected, "the pool holds nothing to win"},
    {"amount_exceeds_pool", category::rejected, "the pool holds less than that"},
    {"cap_below_current", category::rejected, "the pool holds more than the new cap"},
    {"cap_exceeded", category::rejected, "the pool would hold more than its cap"},
    {"amount_overflow", category::rejected, "a meter or a sum would not fit the amount type"},
    {"key_conflict", category::rejected, "this key was used for another request"},
    {"conflict", category::conflict, "others changed the store each time, and the retries are used up"},
    {"unavailable", category::transient, "the store cannot be reached or is busy"},
    {"overloaded", category::transient, "the queue is full"},
    {"store_sealed", category::fatal, "the store is sealed: it takes no more operations"},
    {"diverged", category::fatal, "the two stores have different histories"},
    {"corrupt", category::fatal, "what is stored breaks a law"},
    {"schema_mismatch", category::fatal,
     "the tables are not those of this library's version and amount type"},
    {"permission_denied", category::fatal, "the store does not permit that"},
    {"out_of_memory", category::fatal, "there is no memory left for that"},
    {"unsupported", category::fatal, "the store cannot do that"},
    {"cancelled", category::transient, "it was taken back before its commit: nothing changed"},
    {"invalid_max_wager", category::rejected,
     "a maximum wager is a whole number of minor units, 1 or more and not below the minimum, or none"},
    {"invalid_seed_rate", category::rejected,
     "a seed rate is a decimal from 0 to 1: 1 to 10 digits, then optionally a point and 1 to 9 digits"},
    {"invalid_reserve_cap", category::rejected,
     "a reserve's cap is a whole number of minor units, 0 or more, or none"},
    {"invalid_seed_from", category::rejected, "seed_from is house or overflow"},
    {"invalid_changes", category::rejected, "changes is any, after_win or suspended"},
    {"invalid_round", category::rejected, "a round is 1 to 128 bytes of UTF-8 without control characters"},
    {"invalid_site", category::rejected, "a site is 1 to 128 bytes of UTF-8 without control characters"},
    {"invalid_hold", category::rejected,
     "a hold's name is 1 to 128 bytes of UTF-8 without control characters"},
    {"invalid_to", category::rejected,
     "the other pool's name is 1 to 128 bytes of UTF-8 without control characters, and not the pool's own"},
    {"wager_too_large", category::rejected, "a pool that it would feed takes no wager as large"},
    {"changes_locked", category::rejected, "the pool's configuration does not allow this change now"},
    {"pool_closed", category::rejected, "the pool is closed for ever"},
    {"pool_held", category::rejected, "the pool has a hold that is not settled"},
    {"pool_not_empty", category::rejected, "the pool holds something, and nothing says where it goes"},
    {"amount_exceeds_seed", category::rejected, "the house has put in less than that"},
    {"hold_exists", category::rejected, "the pool has an open hold of this name already"},
    {"too_many_holds", category::rejected, "a pool has at most 1024 open holds"},
    {"unknown_hold", category::rejected, "the pool has no open hold of this name"},
    {"unknown_wager", category::rejected, "there is no contribution under this key"},
};

[[nodiscard]] inline const errc_facts& facts(errc code) noexcept {
    static constexpr errc_facts unknown{"unknown", category::fatal, "no error of this library"};
    const auto index = static_cast<std::size_t>(code) - 1;
    return index < sizeof errc_table / sizeof *errc_table ? errc_table[index] : unknown;
}

}  // namespace detail

/// Spells the code as receipts do: "unknown_pool", …
[[nodiscard]] inline std::string_view to_string(errc code) noexcept {
    return detail::facts(code).name;
}
[[nodiscard]] inline category category_of(errc code) noexcept {
    return detail::facts(code).kind;
}

/// Says why a call was refused or failed; `detail` names the field and the value, or holds the engine's
/// words.
struct error {
    errc code{};
    basic_text<240> detail{};

    [[nodiscard]] category kind() const noexcept { return category_of(code); }
    /// True where the same call can succeed later, unchanged. A keyed operation is safe to send again.
    [[nodiscard]] bool retryable() const noexcept {
        return kind() == category::conflict || kind() == category::transient;
    }
    friend bool operator==(const error&, const error&) = default;
};

template <class T>
using expected = tl::expected<T, error>;

/// The success of a function that returns expected<void>. (`return {}` would fill the room for an error with
/// zeros each time.)
[[nodiscard]] inline expected<void> success() noexcept {
    expected<void> done;
    return done;
}

[[nodiscard]] inline tl::unexpected<error> fail(errc code) {
    return tl::unexpected<error>({code, {}});
}

/// An error whose detail reads `subject: value`.
[[nodiscard]] inline tl::unexpected<error> fail(errc code, text_view subject, text_view value = {}) {
    error e{code, subject};
    if (!value.empty()) {
        e.detail.append(": ").append(value);
    }
    return tl::unexpected<error>(e);
}

/// One line for a person: the code, its meaning, and the detail. Whatever bytes the detail has, the line does
/// not end within, and gives a terminal no command: `detail::each_printable` escapes such bytes.
[[nodiscard]] inline basic_text<512> to_text(const error& e) noexcept {
    basic_text<512> out(to_string(e.code));
    out.append(": ").append(detail::facts(e.code).meaning);
    if (!e.detail.empty()) {
        out.append(" (");
        detail::each_printable(e.detail, [&](std::string_view piece) { out.append(piece); });
        out.append(")");
    }
    return out;
}

}}  // namespace jackpot::v1

#endif
