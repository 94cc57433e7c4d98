// SPDX-License-Identifier: BSL-1.0
// What people forget, one in each CASE: see concepts.sh. Without one it compiles.
#include <jackpot/memory/storage.hpp>
#include <jackpot/network/network.hpp>
#include <jackpot/network/shared_network.hpp>
#include <jackpot/replication/audit.hpp>
#include <jackpot/replication/replicate.hpp>
#include <jackpot/replication/write_behind.hpp>
#include <jackpot/testing/faulty_storage.hpp>
#if CASE != SYSTEM_HEADER
#include <jackpot/core/system.hpp>
#endif

struct has_type {
    using amount_type = std::int64_t;
    static constexpr bool is_thread_safe = true;
};
struct has_load {
    jackpot::expected<void> load(jackpot::snapshot&);
};
struct has_commit {
    jackpot::expected<jackpot::commit_result> commit(const jackpot::basic_commit<std::int64_t>&);
};
struct has_find {
    jackpot::expected<bool> find(const jackpot::name&, jackpot::operation&);
};
struct has_read {
    jackpot::expected<void> read(const jackpot::history_query&, std::vector<jackpot::operation>&);
};
struct has_seal {
    jackpot::expected<void> seal(bool);
};

struct handle {
    jackpot::name name() const;
};
struct gives_handles {
    using game_handle = handle;
    using pool_handle = handle;
};
struct has_resolve {
    jackpot::expected<handle> resolve_game(const jackpot::name&);
    jackpot::expected<handle> resolve_pool(const jackpot::name&);
};
struct has_contribute {
    bool contribute(const jackpot::contribute_request&, const jackpot::operation_stamp&, jackpot::receipt&);
    bool contribute(const handle&, const jackpot::wager&, const jackpot::operation_stamp&, jackpot::receipt&);
};
struct has_meters {
    jackpot::expected<jackpot::reading> meters(const handle&);
};

template <class... Parts>
struct store_of : Parts... {};

struct clock_alone {
    jackpot::timestamp now();
};

void use() {
    using namespace jackpot;
    [[maybe_unused]] memory_storage<> store;
    [[maybe_unused]] memory_storage<std::int64_t, null_lock> for_one_thread;
    [[maybe_unused]] store_of<has_load, has_commit, has_find, has_read, has_seal> no_type;
    [[maybe_unused]] store_of<has_type, has_commit, has_find, has_read, has_seal> no_load;
    [[maybe_unused]] store_of<has_type, has_load, has_find, has_read, has_seal> no_commit;
    [[maybe_unused]] store_of<has_type, has_load, has_commit, has_read, has_seal> no_find;
    [[maybe_unused]] store_of<has_type, has_load, has_commit, has_find, has_seal> no_read;
    [[maybe_unused]] store_of<has_type, has_load, has_commit, has_find, has_read> no_seal;
    using all = store_of<has_type, has_load, has_commit, has_find, has_read, has_seal>;
    [[maybe_unused]] all whole;
    [[maybe_unused]] store_of<all, gives_handles, has_contribute, has_meters> no_resolve;
    [[maybe_unused]] store_of<all, gives_handles, has_resolve, has_meters> no_contribute;
    [[maybe_unused]] store_of<all, gives_handles, has_resolve, has_contribute> no_meters;
#if CASE == SYSTEM_HEADER
    network net(store);
#elif CASE == NO_ENVIRONMENT
    network net(store, clock_alone());
#elif CASE == NO_TYPE
    network net(no_type, seeded_environment(1));
#elif CASE == NO_LOAD
    network net(no_load, seeded_environment(1));
#elif CASE == NO_COMMIT
    shared_network net(no_commit, seeded_environment(1));
#elif CASE == NO_FIND
    write_behind front(no_find);
#elif CASE == NO_READ
    testing::fault_plan plan;
    testing::faulty_storage faulty(no_read, plan);
#elif CASE == NO_SEAL
    seeded_environment world(1);
    replicator copying(store, no_seal, world);
#elif CASE == NO_SEAL_TO_AUDIT
    static_cast<void>(audit(no_seal));
#elif CASE == UNSHARED_MEMORY
    shared_network net(for_one_thread, seeded_environment(1));
#elif CASE == UNSHARED_FRONT
    write_behind<memory_storage<>, null_lock> front(store);
    shared_network net(front, seeded_environment(1));
#elif CASE == NO_RESOLVE
    network net(no_resolve, seeded_environment(1));
#elif CASE == NO_CONTRIBUTE
    network net(no_contribute, seeded_environment(1));
#elif CASE == NO_METERS
    network net(no_meters, seeded_environment(1));
#elif CASE == RATE_TEXT
    network net(store, seeded_environment(1));
    static_cast<void>(net.open({.pool = "minor", .configuration = {.rate = "0.02"}}));
#elif CASE == RATE_NUMBER
    network net(store, seeded_environment(1));
    static_cast<void>(net.open({.pool = "minor", .configuration = {.rate = 0.02}}));
#elif CASE == RATE_PATCH
    network net(store, seeded_environment(1));
    static_cast<void>(net.configure({.pool = "minor", .patch = {.rate = "0.02"}}));
#elif CASE == RATE_LITERAL
    static_cast<void>("0,02"_rate);
#else
    network net(store);
    shared_network shared(whole, system_environment());
#endif
}
