#!/bin/sh
# SPDX-License-Identifier: BSL-1.0
# readme.sh SERVICE SOURCE: the commands of examples/service/README.md answer, and its table has every setting.
set -eu
service=$1
cd "$2"
work=$(mktemp -d)
trap 'kill "$pid" 2>/dev/null || :; rm -rf "$work"' EXIT
pid=
for setting in $(env -i "$service" --help | grep -o 'JACKPOT_[A-Z_]*'); do
    case $setting in JACKPOT_CHECK | JACKPOT_HELP) continue ;; esac
    grep -q "^|.*\`$setting\`" examples/service/README.md || { echo "README.md does not have $setting"; exit 1; }
done
env -i "$service" --url="sqlite://$work/jackpots.sqlite" --pools-file=examples/service/pools.json --listen=127.0.0.1:0 >"$work/out" 2>"$work/err" &
pid=$!
waited=0
until port=$(sed -n 's,^listening on http://127.0.0.1:,,p' "$work/out") && [ -n "$port" ]; do
    waited=$((waited + 1))
    [ "$waited" -le 500 ] || { cat "$work/err"; exit 1; }
    sleep 0.02
done
# examples/service/README.md sh readme
sh tests/block.sh examples/service/README.md sh readme | sed "s/localhost:3000/127.0.0.1:$port/; s/^curl/curl -sS/" >"$work/block"
sh -eu "$work/block" >"$work/said"
for expected in '"group":"minor"' '"totalContribution":35' '"store:responseTime"' 'jackpot_store_up 1'; do
    grep -qF "$expected" "$work/said" || { echo "nothing says $expected:"; cat "$work/said" "$work/err"; exit 1; }
done
kill "$pid"
wait "$pid"
