#!/bin/sh
# SPDX-License-Identifier: BSL-1.0
# layering.sh SOURCE: nine folders in storeys. A header includes headers of its own folder and of lower storeys, and
# none of a folder beside it; the doors at the top are for users, and nothing inside opens one. Of other libraries,
# and of the standard headers that are costly or touch the world, a header includes only what is named for it.
set -eu
cd "$1/include/jackpot"

storeys='core rules store memory,soci,network replication c_api,testing'
named='
asio.hpp boost/asio/any_io_executor.hpp boost/asio/associated_allocator.hpp boost/asio/associated_executor.hpp boost/asio/associated_cancellation_slot.hpp boost/asio/async_result.hpp boost/asio/dispatch.hpp boost/asio/executor_work_guard.hpp boost/asio/post.hpp boost/asio/strand.hpp boost/version.hpp
c_api/c_types.h stdint.h
c_api/network.hpp mutex thread
c_api/submissions.hpp mutex
core/error.hpp tl/expected.hpp
core/system.hpp chrono random sys/random.h thread time.h
memory/storage.hpp mutex
network/call_queue.hpp mutex thread
network/group_writer.hpp condition_variable
soci/cells.hpp soci/soci.h chrono
soci/dialect.hpp functional
soci/engines/mysql/session.hpp soci/mysql/soci-mysql.h
soci/engines/postgresql/connect.hpp soci/version.h stdexcept
soci/engines/postgresql/session.hpp libpq-fe.h libpq-events.h soci/postgresql/soci-postgresql.h poll.h sys/socket.h cerrno
soci/engines/sqlite/dialect.hpp soci/version.h
soci/engines/sqlite/errors.hpp soci/sqlite3/soci-sqlite3.h
soci/engines/sqlite/url.hpp filesystem
testing/concurrency.hpp thread
wide.hpp boost/multiprecision/cpp_int.hpp
'
costly='chrono condition_variable exception filesystem format fstream functional future iomanip ios
iosfwd iostream istream locale mutex ostream random regex semaphore shared_mutex sstream stdexcept
stop_token syncstream thread typeindex typeinfo'

find . -name '*.hpp' -o -name '*.h' -o -name '*.cpp' | sed 's,^\./,,' | sort | xargs awk \
    -v storeys="$storeys" -v named="$named" -v costly="$costly" '
    function fail(why) { print FILENAME ":" FNR ": " why; failed = 1 }
    # A header of a folder that is not listed has no storey: nothing is below it, and it is below nothing.
    function storey(header, path) { return split(header, path, "/") == 1 ? doors : floor[path[1]] }
    function folder(header) { sub("/.*", "", header); return header }
    BEGIN {
        doors = split(storeys, word, " ") + 1
        for (i in word) { count = split(word[i], beside, ","); for (j = 1; j <= count; ++j) { floor[beside[j]] = i + 0 } }
        count = split(named, line, "\n")
        for (i = 1; i <= count; ++i) { header = line[i]; sub(" .*", "", header); may_include[header] = line[i] " " }
        count = split(costly, word, /[ \n]+/)
        for (i = 1; i <= count; ++i) { is_costly[word[i]] = 1 }
    }
    FNR == 1 && !storey(FILENAME) { fail("in a folder that is not in the list") }
    /^ *# *include/ {
        header = $0
        if (!sub(/^ *# *include *</, "", header)) { fail("write <jackpot/...>"); next }
        sub(/>.*/, "", header)
        if (sub(/^jackpot\//, "", header)) {
            if ((getline text <header) < 0) { fail("no such header: " header) }
            close(header)
            if (storey(header) > storey(FILENAME)) { fail("includes upward: " header) }
            if (storey(header) == storey(FILENAME) && storey(header) < doors && folder(header) != folder(FILENAME)) {
                fail("includes a folder beside its own: " header)
            }
        } else if ((header ~ /[.\/]/ || header in is_costly) && !index(may_include[FILENAME], " " header " ")) {
            fail("must not include " header)
        }
    }
    END { exit failed }
'
