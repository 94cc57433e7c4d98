#!/bin/sh
# SPDX-License-Identifier: BSL-1.0
# migrate_around.sh MIGRATOR SERVERS SERVERS_FILE [WAGERS=4000]: migrates a run from memory into each engine, and
# from each engine into each other. Each migration is killed in the middle; run again it must complete the copy and
# prove it, and run once more find nothing to copy.
# shellcheck disable=SC2046 # the flags of run_of are words
set -eu
migrator=$1
servers=$2
servers_file=$3
wagers=${4-4000}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

run_of() { # FROM
    [ "$1" != memory ] || echo "--wagers $wagers"
}

new_place() { # ENGINE
    if [ "$1" = sqlite ]; then
        mktemp -u "sqlite://$work/XXXXXX"
    else
        sh "$servers" new "$servers_file" | grep "^$1:"
    fi
}

migrate() { # FROM TO BATCH
    "$migrator" migrate --from "$1" --to "$2" $(run_of "$1") --batch-size "$3" --verbose
}

killed_in_the_middle() { # FROM TO
    (exec "$migrator" migrate --from "$1" --to "$2" $(run_of "$1") --batch-size $((wagers / 40)) --verbose) \
        >"$work/killed" &
    pid=$!
    # Some way on: the lines tell, and no time is assumed.
    until [ "$(grep -c 'Copied ' "$work/killed")" -ge 12 ]; do
        kill -0 $pid 2>/dev/null || { cat "$work/killed"; echo "it ended before it was killed"; exit 1; }
        sleep 0.01
    done
    kill -KILL $pid
    wait $pid 2>/dev/null || :
    ! grep -q 'Migration completed' "$work/killed" || { echo "killed too late to tell anything"; exit 1; }
}

check() { # FROM TO
    killed_in_the_middle "$1" "$2"
    migrate "$1" "$2" 1000 >"$work/log" || { cat "$work/log"; exit 1; }
    for words in 'Status: ✅ Success' '✅ Migration validation passed' 'Copied '; do
        grep -q "$words" "$work/log" || { cat "$work/log"; echo "not said: $words"; exit 1; }
    done
    migrate "$1" "$2" 1000 >"$work/log" || { cat "$work/log"; exit 1; }
    grep -q 'There is nothing to copy' "$work/log" || { cat "$work/log"; echo "it copied again"; exit 1; }
}

for engine in sqlite postgresql mysql; do
    place=$(new_place $engine)
    check memory "$place"
    eval "$engine=\$place"
    echo "memory to $engine: killed, completed, equal and audited"
done
for from in sqlite postgresql mysql; do
    for to in sqlite postgresql mysql; do
        if [ $from != $to ]; then
            eval "source=\$$from"
            check "$source" "$(new_place $to)"
            echo "$from to $to: killed, completed, equal and audited"
        fi
    done
done
