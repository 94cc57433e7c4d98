// SPDX-License-Identifier: BSL-1.0
// A store with all its parts; and with LACKS defined, stores that lack one each. See concepts.sh.
#include <jackpot/store/storage.hpp>

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

template <class... Parts>
struct store : Parts... {};

static_assert(jackpot::storage<store<typed, loading, committing, finding, reading, sealing>>);
#ifdef LACKS
static_assert(jackpot::storage<store<loading, committing, finding, reading, sealing>>);
static_assert(jackpot::storage<store<typed, committing, finding, reading, sealing>>);
static_assert(jackpot::storage<store<typed, loading, finding, reading, sealing>>);
static_assert(jackpot::storage<store<typed, loading, committing, reading, sealing>>);
static_assert(jackpot::storage<store<typed, loading, committing, finding, sealing>>);
static_assert(jackpot::storage<store<typed, loading, committing, finding, reading>>);
#endif
