#!/bin/sh
# SPDX-License-Identifier: BSL-1.0
# Each header may include only headers above it in this list; of other libraries, and of the standard
# headers that are costly or touch the world, only what its line names. A header not listed fails.
set -eu
cd "$1/include/jackpot"

order='
config.hpp
text.hpp
list.hpp
error.hpp tl/expected.hpp
amount.hpp
wide.hpp boost/multiprecision/cpp_int.hpp
rate.hpp
configuration.hpp
pool.hpp
operation.hpp
statistics.hpp
notation.hpp
rules/normalize.hpp
rules/room.hpp
rules/contribution.hpp
rules/parts.hpp
rules/restore.hpp
rules/apply.hpp
rules/decide.hpp
rules.hpp
detail/record.hpp
detail/meters_cell.hpp
handles.hpp
storage.hpp
environment.hpp
system.hpp chrono random thread
detail/checkpoint.hpp
detail/key_table.hpp
detail/memory_handles.hpp
detail/memory_journal.hpp
detail/memory_state.hpp
detail/calls.hpp
detail/lost_commits.hpp
detail/writer.hpp
detail/group_writer.hpp mutex condition_variable thread
memory_storage.hpp mutex
network.hpp
shared_network.hpp
jackpot.hpp
fold.hpp
cut_over.hpp
detail/copy_batch.hpp
detail/journal_link.hpp
detail/journal_pair.hpp
compare.hpp
audit.hpp
replicate.hpp
write_behind.hpp
repair.hpp
c_api.h
detail/c_values.hpp
detail/c_network.hpp
testing/ledger.hpp
testing/random_values.hpp
testing/random_requests.hpp
testing/trial.hpp
testing/commit_laws.hpp
testing/reading_laws.hpp
testing/faithful_law.hpp
testing/optional_laws.hpp
testing/conformance.hpp
testing/concurrency.hpp thread
testing/faulty_storage.hpp
soci/fields.hpp soci/soci.h chrono
soci/dialect.hpp functional
soci/tables.hpp
soci/failure.hpp
soci/postgresql_session.hpp libpq-fe.h libpq-events.h soci/postgresql/soci-postgresql.h poll.h sys/socket.h cerrno
soci/postgresql_connect.hpp soci/version.h stdexcept
soci/url.hpp
soci/sqlite.hpp soci/sqlite3/soci-sqlite3.h filesystem soci/version.h
soci/postgresql.hpp
soci/mysql_session.hpp soci/mysql/soci-mysql.h
soci/mysql.hpp
soci/dialects.hpp
soci/connection.hpp
soci/connections.hpp
soci/insert.hpp
soci/journal.hpp
soci/pages.hpp
soci/pools.hpp
soci/at_once.hpp
soci/session_storage.hpp
soci/schema.hpp
soci/verify.hpp
soci/storage.hpp
soci.hpp
detail/c_options.hpp
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
