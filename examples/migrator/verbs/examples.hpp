// SPDX-License-Identifier: BSL-1.0
#ifndef JACKPOT_EXAMPLES_MIGRATOR_VERBS_EXAMPLES_HPP
#define JACKPOT_EXAMPLES_MIGRATOR_VERBS_EXAMPLES_HPP

#include <string_view>

namespace migrator {

struct verb_example {
    std::string_view verb;
    std::string_view lines;
};

/// What --help and the manual's page show of each verb.
inline constexpr verb_example verb_examples[] = {
    {"backup", "  migrator backup postgresql://jackpot@localhost/jackpot --output rollback-data.json"},
    {"cut-over",
     "  migrator cut-over postgresql://jackpot@localhost/new --in 600\n"
     "  migrator cut-over postgresql://jackpot@localhost/new --cancel"},
    {"generate-rollback-data",
     "  pg_dump --no-owner postgresql://jackpot@localhost/jackpot | migrator generate-rollback-data "
     "--backup-file=-"},
    {"history",
     "  migrator history sqlite://jackpots.db --kind won --newest-first | head\n"
     "  migrator history sqlite://jackpots.db --from 2025-11-01 --csv >november.csv"},
    {"migrate",
     "  migrator migrate --from memory --wagers 1000 --to sqlite://jackpots.db\n"
     "  migrator migrate --from sqlite://jackpots.db --to postgresql://jackpot@localhost/jackpot --dry-run\n"
     "  migrator migrate --from @/run/secrets/old --to @/run/secrets/new --follow"},
    {"repair", "  migrator repair sqlite://jackpots.db --from-journal --dry-run"},
    {"report",
     "  migrator report sqlite://new.db --against sqlite://old.db --expect-pools minor,major,mega --html "
     "ticket.html"},
    {"rollback",
     "  migrator rollback sqlite://jackpots.db --rollback-data-file=rollback-data.json --dry-run"},
    {"schema apply", "  migrator schema apply postgresql://jackpot@localhost/jackpot"},
    {"schema status", "  migrator schema status sqlite://jackpots.db"},
    {"schema print", "  migrator schema print postgresql | psql jackpot"},
    {"seal", "  migrator seal --off --other OTHER STORE"},
    {"statement",
     "  migrator statement sqlite://jackpots.db --after 2025-10-01 --until 2025-11-01 --csv >october.csv"},
    {"status", "  migrator status sqlite://jackpots.db --expect-pools minor,major,mega --max-age 60"},
    {"validate", "  migrator validate sqlite://jackpots.db --against postgresql://jackpot@localhost/jackpot"},
    {"completion", "  eval \"$(migrator completion bash)\""},
    {"man", "  migrator man >migrator.1 && man -l migrator.1"},
};

}  // namespace migrator

#endif
