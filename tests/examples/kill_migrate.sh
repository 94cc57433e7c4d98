#!/bin/sh
# SPDX-License-Identifier: BSL-1.0
# kill_migrate.sh MIGRATOR [KILLS=20]: kills a migration at random moments until KILLS of them left a part of
# the copy behind. Each time the file must hold whole operations, running again must complete it, and running
# once more must change nothing.
set -eu
migrator=$1
kills=${2-20}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

run() { # FILE BATCH
    exec "$migrator" migrate --from memory --to "sqlite://$1" --wagers 4000 --batch-size "$2" --quiet
}
again() { # FILE
    (run "$1" 1000) >"$work/log" || { cat "$work/log"; exit 1; }
}
rows() { # FILE
    sqlite3 "$1" 'SELECT * FROM jackpots; SELECT * FROM jackpot_journal; SELECT * FROM jackpot_store'
}
random_below() { # BOUND
    echo $(($(od -An -N4 -tu4 /dev/urandom) % $1))
}
milliseconds() {
    echo $(($(date +%s%N) / 1000000))
}

# Every wager feeds all three pools: a wager without a part for each of them was torn.
torn="
    SELECT count(*) FROM (SELECT kind, count(*) AS parts FROM jackpot_journal GROUP BY sequence)
        WHERE parts <> CASE kind WHEN 'contributed' THEN 3 ELSE 1 END;
    SELECT s.sequence <> (SELECT coalesce(max(sequence), 0) FROM jackpot_journal) OR
           s.sequence <> (SELECT coalesce(max(sequence), 0) FROM jackpots) FROM jackpot_store s;"

check() { # FILE WHAT
    rows "$1" | cmp -s - "$work/whole.rows" || { echo "$2: it is not equal to a run that was not killed"; exit 1; }
}

began=$(milliseconds)
(run "$work/whole" 50) >/dev/null
duration=$(($(milliseconds) - began))
rows "$work/whole" >"$work/whole.rows"
last=$(sqlite3 "$work/whole" 'SELECT sequence FROM jackpot_store')
[ "$last" -gt 4000 ]

parts=0
tries=0
while [ "$parts" -lt "$kills" ]; do
    tries=$((tries + 1))
    [ "$tries" -le $((kills * 20)) ] || { echo "only $parts of $tries kills left a part of the copy"; exit 1; }
    case $((tries % 3)) in 0) batch=7 ;; 1) batch=50 ;; *) batch=300 ;; esac
    delay=$(random_below "$duration")
    file=$work/killed
    rm -f "$file" "$file-wal" "$file-shm"

    run "$file" "$batch" >/dev/null &
    pid=$!
    sleep "$(printf '%d.%03d' $((delay / 1000)) $((delay % 1000)))"
    kill -KILL "$pid" 2>/dev/null || :
    wait "$pid" 2>/dev/null || :

    reached=0
    if [ -s "$file" ]; then
        # Looked at in a copy: the migrator itself shall find what the kill left.
        for left in "$file" "$file-wal" "$file-shm"; do
            [ ! -e "$left" ] || cp "$left" "$work/copy${left#"$file"}"
        done
        if reached=$(sqlite3 "$work/copy" 'SELECT sequence FROM jackpot_store' 2>/dev/null); then
            [ "$(sqlite3 "$work/copy" "$torn" | tr -d '\n')" = 00 ] || { echo "killed after $delay ms: torn"; exit 1; }
        fi
        rm -f "$work/copy"*
    fi
    again "$file"
    check "$file" "killed after $delay ms, batch $batch, at operation ${reached:-0}"
    before=$(rows "$file" | cksum)
    again "$file"
    [ "$before" = "$(rows "$file" | cksum)" ] || { echo "killed after $delay ms: running it once more changed it"; exit 1; }
    if [ "${reached:-0}" -gt 0 ] && [ "$reached" -lt "$last" ]; then
        parts=$((parts + 1))
        echo "killed after $delay ms in batches of $batch: $reached of $last operations, whole; completed"
    fi
done
