#!/bin/sh
# SPDX-License-Identifier: BSL-1.0
# Each header may include only headers above it in this list; of other libraries, and of the standard
# headers that are costly or touch the world, only what its line names. A header not listed fails.
set -eu
cd "$1/include/jackpot"

order='
core/config.hpp
core/text.hpp
core/list.hpp
core/error.hpp tl/expected.hpp
core/amount.hpp
wide.hpp boost/multiprecision/cpp_int.hpp
core/rate.hpp
core/configuration.hpp
core/pool.hpp
core/operation.hpp
core/statistics.hpp
core/notation.hpp
rules/normalize.hpp
rules/room.hpp
rules/contribution.hpp
rules/parts.hpp
rules/restore.hpp
rules/apply.hpp
rules/decide.hpp
memory/record.hpp
memory/meters_cell.hpp
memory/handles.hpp
store/storage.hpp
core/environment.hpp
core/system.hpp chrono random thread
store/checkpoint.hpp
store/key_table.hpp
memory/resolved.hpp
memory/journal.hpp
memory/state.hpp
network/calls.hpp
network/lost_commits.hpp
network/writer.hpp
network/group_writer.hpp mutex condition_variable thread
memory/storage.hpp mutex
network/network.hpp
network/shared_network.hpp
jackpot.hpp
replication/fold.hpp
replication/cut_over.hpp
replication/copy_batch.hpp
replication/journal_link.hpp
replication/journal_pair.hpp
replication/compare.hpp
replication/audit.hpp
replication/replicate.hpp
replication/write_behind.hpp
replication/repair.hpp
c_api/c_api.h
c_api/values.hpp
c_api/network.hpp
testing/laws/ledger.hpp
testing/random_values.hpp
testing/random_requests.hpp
testing/laws/trial.hpp
testing/laws/commits.hpp
testing/laws/reading.hpp
testing/laws/faithful.hpp
testing/laws/optional.hpp
testing/conformance.hpp
testing/concurrency.hpp thread
testing/faulty_storage.hpp
soci/cells.hpp soci/soci.h chrono
soci/dialect.hpp functional
soci/tables.hpp
soci/failure.hpp
soci/engines/postgresql/session.hpp libpq-fe.h libpq-events.h soci/postgresql/soci-postgresql.h poll.h sys/socket.h cerrno
soci/engines/postgresql/connect.hpp soci/version.h stdexcept
soci/engines/url.hpp
soci/engines/sqlite/dialect.hpp soci/sqlite3/soci-sqlite3.h filesystem soci/version.h
soci/engines/postgresql/dialect.hpp
soci/engines/mysql/session.hpp soci/mysql/soci-mysql.h
soci/engines/mysql/dialect.hpp
soci/engines.hpp
soci/connection.hpp
soci/connection_pool.hpp
soci/transport/insert.hpp
soci/journal.hpp
soci/pages.hpp
soci/pools.hpp
soci/transport/at_once.hpp
soci/session_storage.hpp
soci/schema.hpp
soci/verify.hpp
soci/storage.hpp
soci.hpp
c_api/options.hpp
'
named_only='chrono condition_variable exception filesystem format fstream functional future iomanip ios
iosfwd iostream istream locale mutex ostream random regex semaphore shared_mutex sstream stdexcept
stop_token syncstream thread typeindex typeinfo'

find . -name '*.hpp' | sed 's,^\./,,' | sort | xargs awk -v order="$order" -v named_only="$named_only" '
    function fail(why) { print FILENAME ":" FNR ": " why; failed = 1 }
    BEGIN {
        count = split(order, line, "\n")
        for (i = 1; i <= count; ++i) {
            split(line[i], word, " ")
            rank[word[1]] = i
            named[word[1]] = line[i] " "
        }
        count = split(named_only, word, /[ \n]+/)
        for (i = 1; i <= count; ++i) { costly[word[i]] = 1 }
    }
    FNR == 1 && !(FILENAME in rank) { fail("not in the list of layers") }
    /^ *# *include/ {
        header = $0
        if (!sub(/^ *# *include *</, "", header)) { fail("write <jackpot/...>"); next }
        sub(/>.*/, "", header)
        if (sub(/^jackpot\//, "", header)) {
            if (!(header in rank)) { fail("no such header: " header) }
            else if (rank[header] >= rank[FILENAME]) { fail("includes upward: " header) }
        } else if ((header ~ /[.\/]/ || header in costly) && !index(named[FILENAME], " " header " ")) {
            fail("must not include " header)
        }
    }
    END { exit failed }
'
