#!/bin/sh
# SPDX-License-Identifier: BSL-1.0
# add_meter.sh SOURCE COMPILER: adds a meter to a copy of the headers, as CONTRIBUTING.md says, with edits in no more
# files than it names. What is built of them counts it, keeps it in memory and in SQLite, and shows it everywhere.
set -eu
export LC_ALL=C
source=$1
compiler=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp -R "$source/include" "$work/include"
cd "$work/include/jackpot"

# The line that has this text in it, with a line behind it, or with other lines in its place.
edit() { # FILE TEXT LINES BEHIND
    echo "$1" >>"$work/edited"
    text=$2 lines=$3 awk -v behind="$4" '
        !index($0, ENVIRON["text"]) { print; next }
        { if (behind) print; print ENVIRON["lines"]; ++count }
        END { exit count != 1 }' "$1" >"$work/new" || { echo "$1 does not have this in one line: $2"; exit 1; }
    cat "$work/new" >"$1"
}
behind() { edit "$@" 1; }
in_place() { edit "$@" 0; }
compile() { "$compiler" -std=c++20 "-I$work/include" "$@"; }

# 1. What it is.
behind core/meters.hpp 'Amount total_contributions{};' '    Amount total_missed{};  ///< what was not taken above the cap'
in_place core/meters.hpp '{.name = "total_wins",' \
    '    {.name = "total_missed", .amount = &basic_meters<Amount>::total_missed, .moves = true},
    {.name = "total_wins", .amount = &basic_meters<Amount>::total_wins, .side = meter_side::left},'

# The C interface spells its structs: it does not compile until they are looked at.
echo '#include <jackpot/c_api/values.hpp>' >"$work/c_api.cpp"
if log=$(compile -fsyntax-only "$work/c_api.cpp" 2>&1) || ! echo "$log" | grep -q 'static.*assert'; then
    echo "the C interface is not told of a new meter"
    exit 1
fi

# 2. What moves it: a wager that is decided and applied at once, and one that is read from a journal.
in_place rules/apply.hpp 'return add(pool.total_wagered, r.wager)' \
    '    return add(pool.total_missed, part.forgone) && add(pool.total_wagered, r.wager) && add(pool.total_contributions, part.to_pool) &&'
behind rules/apply.hpp 'pool.total_wagered += o.wager;' '    pool.total_missed += part.forgone;'

# 3. and 4. The structs of the C interface, and what fills them.
behind c_api/c_types.h 'char last_win_player[JACKPOT_NAME_SIZE];' '    int64_t total_missed;'
in_place c_api/c_types.h '} jackpot_statistics;' '    int64_t total_missed;
} jackpot_statistics;'
in_place c_api/values.hpp 'all_meters<std::int64_t>.size() ==' \
    'static_assert(setting_count<std::int64_t> == 12 && all_meters<std::int64_t>.size() == 17);'
behind c_api/values.hpp 'to.total_wins = from.total_wins;' '    to.total_missed = from.total_missed;'

files=$(sort -u "$work/edited" | wc -l)
[ "$files" -le 4 ] || { echo "$files files were edited"; exit 1; }

compile -O0 -DJACKPOT_SOCI_SQLITE3 -o "$work/new_meter" "$source/tests/contract/new_meter.cpp" \
    -lsoci_sqlite3 -lsoci_core -lsqlite3 -pthread
"$work/new_meter" "$work/store.sqlite"
