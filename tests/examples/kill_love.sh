#!/bin/sh
# SPDX-License-Identifier: BSL-1.0
# kill_love.sh LIBRARY MIGRATOR [KILLS=50]: kills the LÖVE game at random moments, in a window, without one,
# and played by script. Each time the next start must find every pool as of the last pump that was told, or
# later, and the audit and `migrator validate` nothing.
set -eu
library=$1
migrator=$2
kills=${3-50}
here=$(dirname "$0")
game=$here/../../examples/love
. "$here/love_display.sh"

complain() {
    echo "killed $1: $2"
    tail -n 3 "$work/out"
    cat "$work/again"
    exit 1
}

kill_number=0
pumps=0
while [ "$kill_number" -lt "$kills" ]; do
    kill_number=$((kill_number + 1))
    case $((kill_number % 3)) in
    0) how="--spins 1000000" ;;
    1) how="--headless" ;;
    *) how="--headless --spins 1000000" ;;
    esac
    : >"$work/out"
    # shellcheck disable=SC2086 # one word an option
    love "$game" --library "$library" --store "$work/store" --seed $kill_number $how >"$work/out" 2>&1 &
    pid=$!
    until grep -q ^start "$work/out"; do
        kill -0 $pid 2>/dev/null || { cat "$work/out"; exit 1; }
        sleep 0.02
    done
    delay=$(($(od -An -N4 -tu4 /dev/urandom) % 2000))
    sleep "$(printf '%d.%03d' $((delay / 1000)) $((delay % 1000)))"
    kill -KILL $pid
    wait $pid 2>/dev/null || :
    what="after $delay ms, played with $how"

    pumps=$((pumps + $(grep -c ^pumped "$work/out" || :)))
    told=$(grep -E '^(start|pumped) ' "$work/out" | tail -n 1)
    play --store "$work/store" --headless --mode direct --spins 0 >"$work/again" 2>&1 || complain "$what" "no restart"
    found=$(grep ^start "$work/again")
    echo "$told $found" | awk '{
        for (i = 3; i <= 9; i += 3) {
            if ($(i + 10) < $i || ($(i + 10) == $i && $(i + 11) != $(i + 1))) { exit 1 }
        }
    }' || complain "$what" "less than was told: $told; $found"
    grep -qE '^audit [1-9][0-9]* operations$' "$work/again" || complain "$what" "no audit"
    "$migrator" validate "sqlite://$work/store" >"$work/validation" 2>&1 ||
        { cat "$work/validation"; complain "$what" "migrator validate"; }
    echo "killed $what: $found"
done
[ "$pumps" -ge "$kills" ] || { echo "only $pumps pumps in $kills runs: the kills hit nothing"; exit 1; }
