#!/bin/sh
# SPDX-License-Identifier: BSL-1.0
# server.sh SERVER: examples/server on one file, one after another and two at once, ended by each signal that it is to
# end by. It says what it took, and the file holds exactly that.
set -eu
server=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
file=$work/jackpots.db

start() { # NAME
    "$server" "sqlite://$file" >"$work/$1" 2>"$work/$1.trouble" &
    pid=$!
    waited=0
    while ! grep -q 'after [1-9]' "$work/$1"; do
        waited=$((waited + 1))
        [ "$waited" -le 1000 ] || { echo "it does not serve"; cat "$work/$1.trouble"; kill -KILL "$pid"; exit 1; }
        sleep 0.02
    done
}
end() { # PID SIGNAL NAME
    kill -s "$2" "$1"
    wait "$1" || { echo "$3 ended with $?"; cat "$work/$3" "$work/$3.trouble"; exit 1; }
    grep '^ended in order: .* 0 without an answer' "$work/$3"
}

start first
end "$pid" INT first
start second
second=$pid
start third
end "$second" TERM second
end "$pid" INT third
! grep 'kept as it is' "$work/first" "$work/second" "$work/third"

said=$(cat "$work/first" "$work/second" "$work/third" | sed -n 's/^ended in order: \([0-9]*\) wagers.*/\1/p' |
    paste -s -d + | sed 's/$/ + 2/')
held=$(sqlite3 "$file" 'SELECT sequence FROM jackpot_store')
# shellcheck disable=SC2004 # it is a sum
[ "$(($said))" -eq "$held" ] || { echo "$said said, $held held"; exit 1; }
owed=$(sqlite3 "$file" 'SELECT sum(current_amount + overflow) FROM jackpots')
grep -q " $owed owed to players" "$work/third"
