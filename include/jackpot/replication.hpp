// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_REPLICATION_HPP
#define JACKPOT_REPLICATION_HPP

// Everything about copies of a store: to make one, to compare two, to change over to one, to answer from
// memory and copy behind; and about a store by its own journal: to audit it, and to repair it. Reports have
// headers of their own: statement.hpp, as_of.hpp and csv.hpp.
#include <jackpot/replication/audit.hpp>
#include <jackpot/replication/compare.hpp>
#include <jackpot/replication/cut_over.hpp>
#include <jackpot/replication/repair.hpp>
#include <jackpot/replication/replicate.hpp>
#include <jackpot/replication/write_behind.hpp>

#endif
