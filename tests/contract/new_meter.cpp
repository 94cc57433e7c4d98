// SPDX-License-Identifier: BSL-1.0
// Compiled by add_meter.sh alone, over headers in which pools have one more meter: total_missed.
#include <jackpot/c_api/values.hpp>
#include <jackpot/core/notation.hpp>
#include <jackpot/core/system.hpp>
#include <jackpot/memory/storage.hpp>
#include <jackpot/network/network.hpp>
#include <jackpot/replication/audit.hpp>
#include <jackpot/soci.hpp>

#include <cstdio>
#include <cstdlib>

using namespace jackpot;

namespace {

void require(bool holds, const char* what) {
    if (!holds) {
        std::printf("the new meter: %s\n", what);
        std::exit(1);
    }
}

template <class T>
T value_of(expected<T> result) {
    if (!result) {
        const auto text = to_text(result.error());
        std::printf("%.*s\n", static_cast<int>(text.view().size()), text.view().data());
        std::exit(1);
    }
    return *std::move(result);
}

/// By what the list says, as a dashboard would.
std::int64_t shown(const meters& of) {
    std::int64_t found = -1;
    each_meter<std::int64_t>([&](const auto& m, auto meter) {
        found = m.name == "total_missed" ? static_cast<std::int64_t>(of.*meter) : found;
    });
    return found;
}

/// 100 are wagered at a rate of 1, of which a pool that stops at 50 leaves 50.
template <class Store>
void play(Store& store) {
    network net(store, system_environment());
    constexpr auto all = rate::from_ppb(rate::one_ppb);
    value_of(net.open({.pool = "p", .configuration = {.cap = 50, .rate = all, .on_cap = on_cap::stop}}));
    value_of(net.contribute({.game = "g", .wager = 95}));
    value_of(net.contribute({.game = "g", .wager = 5, .pools = name_list{"p"}}));
}

template <class Store>
void look(Store& store) {
    network net(store, system_environment());
    const auto pool = value_of(net.pool("p"));
    require(shown(pool) == 50, "a state");
    require(shown(value_of(net.statistics())) == 50, "statistics");
    std::string text;
    notation::write(text, pool);
    require(text.find("\ntotal_missed 50\n") != std::string::npos, "a state as text");
    require(notation::read_pool<std::int64_t>(text) == pool, "a state as text, read");
    require(jackpot::detail::from_pool(pool).total_missed == 50, "a state in C");
    require(value_of(audit(store)).clean(), "the audit");
}

}  // namespace

int main(int, char** files) {
    memory_storage<> memory;
    play(memory);
    look(memory);
    network net(memory, system_environment());
    require(shown(value_of(net.meters(value_of(net.resolve_pool("p"))))) == 50, "a reading");
    const std::string url = std::string("sqlite://") + files[1];
    {
        auto sqlite = value_of(soci_storage::open(url));
        play(sqlite);
    }
    auto again = value_of(soci_storage::open(url));
    look(again);
}
