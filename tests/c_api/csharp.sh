#!/bin/sh
# SPDX-License-Identifier: BSL-1.0
# csharp.sh SOURCE LIBRARY: examples/csharp by Mono. Its structs are the C header's, field by field and byte for
# byte, its functions are the library's, and its game plays as expected, in memory and over a restart.
set -eu
export LC_ALL=C.UTF-8
source=$1
LD_LIBRARY_PATH=$(dirname "$2")
export LD_LIBRARY_PATH
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Of every struct of the header a line with its size, and one a field with its offset.
{
    echo '#include <jackpot/c_api/c_api.h>'
    echo '#include <stddef.h>'
    echo '#include <stdio.h>'
    echo 'int main(void) {'
    awk '
        /^typedef struct [a-z_]+ \{/ { name = $3; printf "printf(\"%s %%zu\\n\", sizeof(%s));\n", name, name; next }
        /^\}/ { name = "" }
        name != "" {
            sub(/\/\*.*/, "")
            if (match($0, /\(\*[a-z_]+\)/)) { field = substr($0, RSTART + 2, RLENGTH - 3) }
            else if (match($0, /[a-z_]+(\[[A-Z_0-9]+\])?; *$/)) { field = substr($0, RSTART); sub(/[[;].*/, "", field) }
            else { next }
            printf "printf(\"%s.%s %%zu\\n\", offsetof(%s, %s));\n", name, field, name, field
        }' "$source/include/jackpot/c_api/c_types.h" "$source/include/jackpot/c_api/c_requests.h" \
        "$source/include/jackpot/c_api/c_events.h"
    echo '}'
} >"$work/layout.c"
cc -std=c99 "-I$source/include" "$work/layout.c" -o "$work/layout"
"$work/layout" | sort >"$work/c"
[ "$(wc -l <"$work/c")" -gt 100 ]

cd "$source"
mcs -out:"$work/layout.exe" tests/c_api/Layout.cs examples/csharp/Native.cs examples/csharp/Jackpot.cs
mono "$work/layout.exe" >"$work/csharp"
sort "$work/csharp" | diff -u "$work/c" -

cat >"$work/expected" <<'END'
minor: 1500 cents, 0 won
mega: 100050 cents, 0 won
spin-100 again: replayed, took 7
zoë wins 1500, the house puts in 1000
zoë wins 100050, the overflow puts in 50
minor: 1000 cents, 1 won
mega: 100050 cents, 1 won
InvalidWager, retry False: invalid_wager: a wager is a whole number of minor units, 1 or more (wager: 0)
2 spins wait, more False
RanToCompletion took 6
RanToCompletion took 6
audit: 106 operations
END
mcs -out:"$work/game.exe" examples/csharp/*.cs
mono "$work/game.exe" >"$work/played"
diff -u "$work/expected" "$work/played"

# Where the library has SQL stores: the pools are there after a restart, and the game goes on with them. Its keys are
# those of the first run, so its wagers are that run's.
cat >"$work/again" <<'END'
minor: 1010 cents, 1 won
mega: 100050 cents, 1 won
spin-100 again: replayed, took 7
zoë wins 1010, the house puts in 1000
zoë wins 100050, the overflow puts in 27
minor: 1000 cents, 2 won
mega: 100027 cents, 2 won
InvalidWager, retry False: invalid_wager: a wager is a whole number of minor units, 1 or more (wager: 0)
2 spins wait, more False
RanToCompletion took 6
RanToCompletion took 6
audit: 108 operations
END
if mono "$work/game.exe" "sqlite://$work/pools.db" >"$work/played" 2>"$work/said"; then
    diff -u "$work/expected" "$work/played"
    mono "$work/game.exe" "sqlite://$work/pools.db" >"$work/played"
    diff -u "$work/again" "$work/played"
else
    grep 'this build has no SQL stores' "$work/said"
fi
