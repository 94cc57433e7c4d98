#!/bin/sh
# SPDX-License-Identifier: BSL-1.0
# love.sh LIBRARY MIGRATOR: plays the LÖVE game by script, in a window and without one. The meters that it
# draws, the library's and the file's are the same, every win paid what the journal says, and a restart
# finds what the last run left.
set -eu
library=$1
migrator=$2
here=$(dirname "$0")
game=$here/../../examples/love
. "$here/love_display.sh"

complain() {
    echo "$1"
    cat "$work/out"
    exit 1
}
rows() { # SQL
    sqlite3 -separator ' ' "$work/store" "$1"
}

run=0
check_play() { # WHAT SPINS option...
    what=$1
    spins=$2
    shift 2
    run=$((run + 1))
    [ ! -e "$work/store" ] || rows 'SELECT max(sequence) FROM jackpot_journal' >"$work/before"
    play --store "$work/store" --spins "$spins" --seed $run "$@" >"$work/out" 2>&1 || complain "$what: it failed"
    sed -n 's/^meter \([a-z]*\) drawn \([0-9]*\) .*/\1 \2/p' "$work/out" | sort >"$work/drawn"
    sed -n 's/^meter .* library \([0-9]*\) version \([0-9]*\)$/\1 \2/p' "$work/out" | wc -l | grep -qx ' *3' ||
        complain "$what: not three meters"
    rows 'SELECT "group", current_amount FROM jackpots ORDER BY "group"' | diff "$work/drawn" - ||
        complain "$what: the meters drawn are not the file's"
    grep '^meter' "$work/out" | awk '$4 != $6 { bad = 1 } END { exit bad }' ||
        complain "$what: the meters drawn are not the library's"
    sed -n 's/^win //p' "$work/out" | sort >"$work/wins"
    rows "SELECT \"group\", paid, player FROM jackpot_journal
          WHERE kind = 'won' AND sequence > $(cat "$work/before")" | sort | diff "$work/wins" - ||
        complain "$what: the wins shown are not the journal's"
    grep -qE '^audit [1-9][0-9]* operations$' "$work/out" || complain "$what: no audit"
    "$migrator" validate "sqlite://$work/store" >"$work/validation" 2>&1 ||
        { cat "$work/validation"; complain "$what: migrator validate"; }
}
last_meters() {
    awk '/^meter/ { printf " %s %s %s", $2, $8, $6 }' "$work/out"
}
check_restart() { # WHAT
    grep -qx "start$left" "$work/out" || complain "$1: it began otherwise than the last run ended:$left"
}

echo 0 >"$work/before"
check_play "in a window" 12 --screenshot "$work/picture.png"
grep -q ' you$' "$work/wins" || complain "no spin won: the picture shows no celebration"
[ "$(rows "SELECT count(DISTINCT key) FROM jackpot_journal WHERE kind = 'contributed' AND player = 'you'")" = 12 ] ||
    complain "not one wager for each spin"
love "$here/picture" "$work/picture.png" | tee "$work/size" |
    { read -r width height colours && [ "$width $height" = "1280 720" ] && [ "$colours" -gt 100000 ]; } ||
    complain "a poor picture: $(cat "$work/size")"

# The commands of the examples' README, the last of them as it stands there.
sh "$here/../block.sh" examples/README.md sh love | sed 's/ *#.*//' >"$work/commands"
{
    read -r install
    read -r build
    read -r run_it
} <"$work/commands"
grep -qw "${install##* }" "$here/../../cmake/run" || complain "$install: not a package of the tests"
grep -q "\"name\": \"${build##* }\"" "$here/../../CMakePresets.json" || complain "$build: there is no such preset"
[ "$run_it" = "love examples/love" ] || complain "$run_it: another command"
(cd "$here/../.." && $run_it --library "$library" --store "$work/documented" --headless --seed 1 --spins 2) \
    >"$work/commands" 2>&1 || { cat "$work/commands"; complain "$run_it: it failed"; }

left=$(last_meters)
check_play "without a window" 25 --headless
grep -qE '^lag [1-9]' "$work/out" || complain "nothing was left for the end to bring to the file"
check_restart "without a window"
left=$(last_meters)
check_play "through" 3 --headless --mode through
check_restart "through"
left=$(last_meters)
check_play "direct" 3 --headless --mode direct
check_restart "direct"

! play --headless --spins many >"$work/out" 2>&1 || complain "an option that makes no sense was taken"
grep -q 'a whole number, not many' "$work/out" || complain "it does not say what is wrong with an option"

# While another program holds the file the game plays on; at the end it says that something was left over.
mkfifo "$work/lock"
sqlite3 "$work/store" <"$work/lock" >"$work/holder" &
holder=$!
exec 4>"$work/lock"
echo 'BEGIN IMMEDIATE; SELECT 1;' >&4
before=$(rows 'SELECT sequence FROM jackpot_store')
until ! sqlite3 "$work/store" 'BEGIN IMMEDIATE' 2>/dev/null; do sleep 0.05; done
! play --store "$work/store" --headless --seed 9 --spins 3 >"$work/out" 2>&1 || complain "what it could not bring to the file was not told"
grep -q '^unavailable: ' "$work/out" || complain "a held file: it failed otherwise"
[ "$(sed -n 's/^lag \([0-9]*\) .*/\1/p' "$work/out")" -gt 50 ] || complain "it did not play on while the file was held"
[ "$(rows 'SELECT sequence FROM jackpot_store')" = "$before" ] || complain "the file was not held"
exec 4>&-
wait $holder
left=$(rows 'SELECT "group", version, current_amount FROM jackpots ORDER BY current_amount' | tr '\n' ' ' | sed 's/^/ /; s/ $//')
check_play "after that" 3 --headless
check_restart "after that"
