#!/bin/sh
# SPDX-License-Identifier: BSL-1.0
# kill_write_behind.sh EXAMPLE [KILLS=5]: kills the game loop at random moments and starts it again on the same
# file. Each time the file must pass its audit, be as of the last pump that was printed, or later, and hold
# every durable wager that was printed.
set -eu
example=$1
kills=${2-5}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
url=sqlite://$work/pools
touch "$work/said"

kill_number=0
while [ "$kill_number" -lt "$kills" ]; do
    kill_number=$((kill_number + 1))
    delay=$(($(od -An -N4 -tu4 /dev/urandom) % 600))
    before=$(wc -l <"$work/said")
    "$example" "$url" >>"$work/said" 2>"$work/trouble" &
    pid=$!
    # From the first frame on, so that a slow start is not all that is killed; one in five in the start.
    if [ $((kill_number % 5)) -ne 0 ]; then
        waited=0
        while [ "$(wc -l <"$work/said")" -eq "$before" ]; do
            waited=$((waited + 1))
            [ "$waited" -le 1000 ] || { echo "it does not play"; cat "$work/trouble"; kill -KILL "$pid"; exit 1; }
            sleep 0.02
        done
    fi
    sleep "$(printf '0.%03d' "$delay")"
    kill -0 "$pid" 2>/dev/null || { echo "it ended by itself"; cat "$work/trouble"; exit 1; }
    kill -KILL "$pid"
    wait "$pid" 2>/dev/null || :
    [ ! -s "$work/trouble" ] || { cat "$work/trouble"; exit 1; }
    # A line that the kill cut short was not said.
    if [ -n "$(tail -c 1 "$work/said")" ]; then
        sed -i '$d' "$work/said"
    fi
    printf 'killed %d ms into run %d: ' "$delay" "$kill_number"
    "$example" "$url" --check "$work/said"
done
"$example" "$url" 20 >>"$work/said"
"$example" "$url" --check "$work/said"
grep -q '^durable' "$work/said"
grep -q '^pumped' "$work/said"
