// SPDX-License-Identifier: BSL-1.0
// All of the core in one object file, for globals.sh to look at.
#include <jackpot/jackpot.hpp>
#include <jackpot/repair.hpp>
#include <jackpot/replicate.hpp>
#include <jackpot/system.hpp>

using store = jackpot::memory_storage<>;
template class jackpot::memory_storage<>;
template class jackpot::network<store>;

bool use(store& from, store& to, jackpot::system_environment& environment) {
    const auto copied = jackpot::replicate(
        from, to, {}, [](const auto&) { return true; }, environment);
    return copied && jackpot::compare(from, to) && jackpot::audit(to) && jackpot::repair_from_journal(to);
}
