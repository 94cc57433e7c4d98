// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_REPLICATION_REPLICATE_HPP
#define JACKPOT_REPLICATION_REPLICATE_HPP

#include <jackpot/core/environment.hpp>
#include <jackpot/replication/copy_batch.hpp>
#include <jackpot/replication/journal_pair.hpp>

namespace jackpot { inline namespace v1 {

/// Optional: `retain(after)` keeps every operation after that sequence, whatever the limit on history,
/// until it is called again; the largest sequence retains nothing.
template <class S>
concept retaining_storage = storage<S> && requires(S& store, std::uint64_t after) {
    { store.retain(after) } -> std::same_as<expected<void>>;
};

struct replicate_options {
    std::size_t batch = 1000;         ///< operations a commit, at most
    std::size_t bytes = 8 << 20;      ///< memory that a batch may take, about
    unsigned attempts = 4;            ///< how often one batch is tried before its error is returned
    std::int64_t pause_us = 100'000;  ///< the longest pause between two tries
    bool sealed = false;  ///< the target is sealed: it takes the copy and nothing else, and stays so
};

struct replicate_progress {
    std::uint64_t sequence;  ///< the target's
    std::uint64_t last;      ///< the source's, when last looked at
};

struct replicate_result {
    std::uint64_t operations = 0;  ///< copied by this call
    std::uint64_t sequence = 0;    ///< the target's
    bool complete = false;         ///< the sequences met; false where `progress` stopped the copy
    bool leapt = false;            ///< a checkpoint stood for operations that the source no longer had
};

/// Copies the journal of one store to another through `commit`; each call goes on where the last one stopped.
/// That is migration, backup, and live catch-up in one. While a replicator exists, a source with a limited
/// history trims no operation that is not copied; such a source takes one replicator at a time.
///
/// A copy may be killed at any moment and run again: the target holds whole operations only, and the next run
/// goes on after the last of them. The replicator holds at most two batches in memory.
template <class From, class To, class Environment>
class replicator {
    static_assert(detail::storage_needs<From>::said && detail::storage_needs<To>::said &&
                  detail::environment_needs<Environment>::said);

public:
    using amount_type = typename From::amount_type;

    replicator(From& from, To& to, Environment& environment, replicate_options options = {})
        : from_(&from), to_(&to), environment_(&environment), options_(options) {}
    replicator(const replicator&) = delete;
    replicator& operator=(const replicator&) = delete;
    ~replicator() {
        if constexpr (retaining_storage<From>) {
            static_cast<void>(from_->retain(sequence_max));
        }
    }

    /// Copies until the sequences meet, or `progress` returns false after a batch.
    ///
    /// The target must be empty, or have the source's identity and, at the target's sequence, the source's
    /// own operation and states. A source that begins with a checkpoint of a later moment no longer has that
    /// operation. Then the replicator checks that the source's pools can have followed the target's, which
    /// finds most other histories but not all: give such a source a target that is empty, or known to be its
    /// copy. Errors: diverged, with the first sequence that differs; store_sealed, where the target is sealed
    /// and the options say that it is not; conflict, in the reverse case; corrupt, where the source's journal
    /// cannot be folded; the stores' own, once a batch has failed `attempts` times. Operations that were
    /// copied before an error stay.
    template <class Progress>
    [[nodiscard]] expected<replicate_result> run(Progress&& progress) {
        replicate_result result;
        for (unsigned tries = 1;;) {
            const auto copied = copy_batch();
            if (!copied) {
                agreed_ = false;
                if (!copied.error().retryable() || tries++ >= options_.attempts) {
                    return tl::unexpected(copied.error());
                }
                const auto random = static_cast<std::int64_t>(environment_->random() >> 1);
                environment_->sleep(1 + random % (std::max<std::int64_t>)(options_.pause_us, 1));
                continue;
            }
            tries = 1;
            result.operations += copied->size();
            result.sequence = states_.head.sequence;
            result.leapt =
                result.leapt || (!copied->empty() && copied->front().kind() == operation_kind::checkpoint);
            result.complete = copied->empty();
            if (result.complete || !progress(replicate_progress{result.sequence, last_})) {
                return result;
            }
        }
    }

private:
    /// Checks that the target is an earlier moment of the source, and loads the target's states to go on
    /// from.
    [[nodiscard]] expected<void> agree() {
        basic_snapshot<amount_type> source;
        states_ = {};
        for (auto loaded : {to_->load(states_), from_->load(source)}) {
            if (!loaded) {
                return loaded;
            }
        }
        const std::uint64_t reached = states_.head.sequence;
        last_ = source.head.sequence;
        if constexpr (retaining_storage<From>) {
            if (auto retained = from_->retain(reached); !retained) {
                return retained;
            }
        }
        if (reached != 0) {
            if (states_.head.identity != source.head.identity) {
                return fail(errc::diverged, "the target holds another network of pools");
            }
            if (auto same = agree_up_to(reached); !same) {
                return same;
            }
        }
        states_.head.identity = source.head.identity;
        agreed_ = true;
        return {};
    }

    [[nodiscard]] expected<void> agree_up_to(std::uint64_t reached) {
        detail::journal_pair journals(*from_, *to_, reached);
        auto walked = journals.walk([&]() -> expected<void> {
            return journals.agrees()
                       ? success()
                       : fail(errc::diverged, "first at sequence", std::to_string(journals.sequence()));
        });
        if (!walked) {
            return walked;
        }
        auto folded = journals.left_states();
        if (folded.head.sequence == reached) {
            return folded.pools == states_.pools
                       ? success()
                       : fail(errc::diverged,
                              "the target's pools are not as its journal left them, at sequence",
                              std::to_string(reached));
        }
        // A source that begins with a checkpoint cannot show which operation it had at that sequence.
        const auto* ahead = journals.left_ahead();
        if (ahead == nullptr || ahead->kind() != operation_kind::checkpoint) {
            return fail(errc::diverged, "a journal ends before sequence", std::to_string(reached));
        }
        if (auto applied = apply(folded, *ahead); !applied) {
            return applied;
        }
        return detail::may_lead_to(states_, folded)
                   ? success()
                   : fail(errc::diverged,
                          "the source's checkpoint cannot follow the target's pools, at sequence",
                          std::to_string(reached));
    }

    using copied_type = std::span<const basic_operation<amount_type>>;

    /// Copies a batch, and returns its operations; none where the source has no more.
    [[nodiscard]] expected<copied_type> copy_batch() {
        if (!agreed_) {
            if (auto same = agree(); !same) {
                return tl::unexpected(same.error());
            }
        }
        if (states_.head.identity.is_null()) {
            agreed_ = false;  // the source had no operation yet, and so no identity: what comes is for the
                              // next call
            return copied_type{};
        }
        const auto copied = detail::copy_batch(*from_, *to_, states_, page_, limit_, options_.sealed);
        if (!copied || copied->empty()) {
            return copied;
        }
        limit_ = next_limit(*copied);
        last_ = (std::max)(last_, states_.head.sequence);
        if constexpr (retaining_storage<From>) {
            if (auto retained = from_->retain(states_.head.sequence); !retained) {
                return tl::unexpected(retained.error());
            }
        }
        return copied;
    }

    /// The size of the next batch: as many operations as fit if they are as large as those of the last batch,
    /// and not many times more than the last batch had.
    [[nodiscard]] std::size_t next_limit(copied_type copied) const {
        std::size_t bytes = 0;
        for (const auto& o : copied) {
            bytes += detail::bytes_of(o);
        }
        const std::size_t fitting = options_.bytes / (bytes / copied.size());
        return std::clamp<std::size_t>((std::min)(fitting, 8 * copied.size()), 1, most());
    }
    [[nodiscard]] std::size_t most() const { return (std::max<std::size_t>)(options_.batch, 1); }

    static constexpr std::size_t first_limit = 64;

    From* from_;
    To* to_;
    Environment* environment_;
    replicate_options options_;
    std::size_t limit_ = (std::min)(first_limit, most());
    basic_snapshot<amount_type> states_;  // the target's, while agreed_
    std::uint64_t last_ = 0;
    bool agreed_ = false;
    std::vector<basic_operation<amount_type>> page_;
};

/// Copies once, until the sequences meet: see `replicator::run`.
template <storage From, storage To, class Progress, environment Environment>
[[nodiscard]] expected<replicate_result> replicate(From& from, To& to, const replicate_options& options,
                                                   Progress&& progress, Environment& environment) {
    return replicator<From, To, Environment>(from, to, environment, options).run(progress);
}

}}  // namespace jackpot::v1

#endif
