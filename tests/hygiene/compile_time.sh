#!/bin/sh
# SPDX-License-Identifier: BSL-1.0
# compile_time.sh SOURCE COMPILER...: what it costs to compile a file that uses the library, without optimisation, as
# a multiple of what it costs to include <fmt/format.h> alone. User time, taken in turn. Another processor has other
# ratios too, by half (cmake/README.md has what two gave). Where one turn says that it is too much, the least of three
# tells, then of five: others on the machine only ever add to a time. `c` after a name: with the companion, as its
# targets' users compile. Several compilers are measured side by side.
set -eu
source=$1
shift
if [ $# -gt 1 ]; then
    runs=
    for compiler in "$@"; do
        sh "$0" "$source" "$compiler" &
        runs="$runs $!"
    done
    for run in $runs; do
        wait "$run" || failed=1
    done
    exit ${failed-0}
fi
compiler=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

echo '#include <fmt/format.h>' >"$work/fmt.cpp"
echo '#include <jackpot/jackpot.hpp>' >"$work/include.cpp"
cp "$source/examples/hello.cpp" "$work/hello.cpp"
cat >"$work/sqlite.cpp" <<'END'
#include <jackpot/jackpot.hpp>
#include <jackpot/soci.hpp>

int main() {
    auto store = jackpot::soci_storage::open("sqlite://jackpots");
    jackpot::network net(*store);
    const auto opened = net.open({.pool = "minor", .configuration = {.seed = 100'000}});
    const auto wager = net.contribute({.game = "slots", .wager = 2'500, .key = "bet-1"});
    return opened && wager && net.win({.pool = "minor", .game = "slots", .player = "ann"}) ? 0 : 1;
}
END

# The user time, in seconds, of all that the shell had run when it wrote its `times` into a file. A shell of its own,
# such as that of $(...), has run nothing.
seconds() { # FILE
    sed -n 2p "$1" | awk '{ split($1, part, /[ms]/); print 60 * part[1] + part[2] }'
}
compile() { # NAME FLAG...
    name=$1
    shift
    times >"$work/before"
    "$compiler" -std=c++20 -O0 "-I$source/include" "$@" -c "$work/${name%.c}.cpp" -o "$work/object"
    times >"$work/after"
    echo "$name $(seconds "$work/before") $(seconds "$work/after")" >>"$work/log"
}

companion='-DJACKPOT_COMPILED'
sql='-DJACKPOT_SOCI_SQLITE3'
take_turns() { # NUMBER...
    for turn in "$@"; do
        compile fmt
        compile include
        compile hello
        compile hello.c $companion
        compile sqlite $sql
        compile sqlite.c $sql $companion -DJACKPOT_SOCI_COMPILED
    done
}

ratio() { # NAME MOST
    awk -v name="$1" -v most="$2" '
        !($1 in least) || $3 - $2 < least[$1] { least[$1] = $3 - $2 }
        END {
            ratio = least[name] / least["fmt"]
            printf "%s: %.2f times <fmt/format.h>, at most %.2f\n", name, ratio, most
            exit !(ratio > 0 && ratio <= most)
        }' "$work/log" || failed=1
}
# What was reached on the machine that gave most, and about a fifth more. The standard headers that the library cannot
# do without (memory, string, variant, optional, vector, atomic, mutex, and what tl/expected.hpp includes) are 1.25 of
# the first.
ratios() {
    failed=0
    case $compiler in
    g++)
        ratio include 2.2
        ratio hello 14.5
        ratio hello.c 3.1
        ratio sqlite 27.0
        ratio sqlite.c 3.4
        ;;
    *)
        ratio include 2.2
        ratio hello 7.6
        ratio hello.c 3.0
        ratio sqlite 14.4
        ratio sqlite.c 3.2
        ;;
    esac
}
take_turns 1
ratios
for more in '2 3' '4 5'; do
    if [ $failed -ne 0 ]; then
        # shellcheck disable=SC2086 # a word a turn
        take_turns $more
        ratios
    fi
done

# Everything that the door pulls in, however deep. (libstdc++ has <ostream> in <memory> itself.)
heavy=$(echo '#include <jackpot/jackpot.hpp>' | "$compiler" -std=c++20 "-I$source/include" -x c++ -M - |
    tr ' ' '\n' | grep -E '/(soci|boost|fmt)/|/(iostream|fstream|sstream|regex|sqlite3\.h)$') || true
if [ -n "$heavy" ]; then
    echo "the door must not include:"
    echo "$heavy"
    failed=1
fi
exit $failed
