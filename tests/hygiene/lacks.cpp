// SPDX-License-Identifier: BSL-1.0
// A store with all its parts; and with LACKS defined, stores that lack one each. See concepts.sh.
#include <jackpot/store/direct_storage.hpp>

struct typed {
    using amount_type = std::int64_t;
};
struct loading {
    jackpot::expected<void> load(jackpot::snapshot&);
};
struct committing {
    jackpot::expected<jackpot::commit_result> commit(const jackpot::basic_commit<std::int64_t>&);
};
struct finding {
    jackpot::expected<bool> find(const jackpot::name&, jackpot::operation&);
};
struct reading {
    jackpot::expected<void> read(const jackpot::history_query&, std::vector<jackpot::operation>&);
};
struct sealing {
    jackpot::expected<void> seal(bool);
};

struct handle {
    jackpot::name name() const;
};
struct with_handles {
    using game_handle = handle;
    using pool_handle = handle;
};
struct resolving {
    jackpot::expected<handle> resolve_game(const jackpot::name&);
    jackpot::expected<handle> resolve_pool(const jackpot::name&);
};
struct contributing {
    bool contribute(const jackpot::contribute_request&, const jackpot::operation_stamp&, jackpot::receipt&);
    bool contribute(const handle&, const jackpot::wager&, const jackpot::operation_stamp&, jackpot::receipt&);
};
struct metering {
    jackpot::expected<jackpot::reading> meters(const handle&);
};

template <class... Parts>
struct store : Parts... {};
using whole = store<typed, loading, committing, finding, reading, sealing>;

static_assert(jackpot::storage<whole>);
static_assert(jackpot::direct_storage<store<whole, with_handles, resolving, contributing, metering>>);
#ifdef LACKS
static_assert(jackpot::storage<store<loading, committing, finding, reading, sealing>>);
static_assert(jackpot::storage<store<typed, committing, finding, reading, sealing>>);
static_assert(jackpot::storage<store<typed, loading, finding, reading, sealing>>);
static_assert(jackpot::storage<store<typed, loading, committing, reading, sealing>>);
static_assert(jackpot::storage<store<typed, loading, committing, finding, sealing>>);
static_assert(jackpot::storage<store<typed, loading, committing, finding, reading>>);
static_assert(jackpot::direct_storage<store<whole, resolving, contributing, metering>>);
static_assert(jackpot::direct_storage<store<whole, with_handles, contributing, metering>>);
static_assert(jackpot::direct_storage<store<whole, with_handles, resolving, metering>>);
static_assert(jackpot::direct_storage<store<whole, with_handles, resolving, contributing>>);
#endif
