// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_EXAMPLES_MIGRATOR_VERBS_ROLLBACK_DATA_HPP
#define JACKPOT_EXAMPLES_MIGRATOR_VERBS_ROLLBACK_DATA_HPP

#include <jackpot/memory/storage.hpp>

#include <string>

namespace migrator {

inline constexpr std::string_view rollback_data_format = "jackpot-rollback-data";

/// A moment of a store: what a rollback returns to, and what a checkpoint begins a journal with.
struct rollback_data {
    jackpot::snapshot states;
    jackpot::identifier
        last_operation;  ///< the id of the operation at that sequence; null where it is not known
    /// 1: of a store of the first schema, which did not know what `later` meters and reset_sequence say.
    std::uint32_t version = 2;
};

/// One JSON document:
///
///     {"format":"jackpot-rollback-data","version":"2","amountType":"int64","identity":"<32 hexadecimal
///     digits>",
///      "sequence":"103","at":"<microseconds>","lastOperation":"<32 hexadecimal digits>",
///      "pools":[{"pool":"minor","status":"active","seed":"100000","cap":"none", ...}, ...],
///      "sha256":"<64 hexadecimal digits>"}
///
/// Numbers are strings, for not every reader of JSON keeps 64 bits. A pool's members are the lines that
/// jackpot/core/notation.hpp writes, in their order, and `holds` a list of those of each open hold. Documents
/// of version 1 are read, too. The digest is of the document without it, in one line.
[[nodiscard]] std::string to_text(const rollback_data& data);

/// What is wrong with pools alone, as the service before wrote them.
inline constexpr const char* bare_pools =
    "these are pools alone, without the moment that they are of and a digest";

/// What is wrong is said with the member that it is in. Nothing is repaired or passed over: not an unknown
/// member, nor one that is there twice, nor states that break a law.
[[nodiscard]] tl::expected<rollback_data, std::string> read_rollback_data(std::string_view text);

/// What `checked_text` says first.
inline constexpr const char* unsound_moment = "a backup of it could not be read again";

/// The document, once it was read again and gave the same data. What stands in the way otherwise: rows that
/// were edited by hand break laws, and a backup of them would be refused when it is needed.
[[nodiscard]] tl::expected<std::string, std::string> checked_text(const rollback_data& data);

/// Has the store, which is empty, begin with a checkpoint of that moment: a source to migrate from. Where the
/// last operation is not known, the checkpoint has an id by the document's digest, the same each time.
[[nodiscard]] jackpot::expected<void> put(const rollback_data& data, jackpot::memory_storage<>& store);

}  // namespace migrator

#endif
