// SPDX-License-Identifier: BSL-1.0
// All of the core and the C interface in one object file, for globals.sh to look at.
#include <jackpot/c_api/c_api.cpp>
#include <jackpot/core/system.hpp>
#include <jackpot/jackpot.hpp>
#include <jackpot/replication/repair.hpp>
#include <jackpot/replication/replicate.hpp>

using memory = jackpot::memory_storage<>;
template class jackpot::memory_storage<>;
template class jackpot::network<memory>;

bool use(memory& from, memory& to, jackpot::system_environment& environment) {
    const auto copied = jackpot::replicate(
        from, to, {}, [](const auto&) { return true; }, environment);
    return copied && jackpot::compare(from, to) && jackpot::audit(to) && jackpot::repair_from_journal(to);
}
