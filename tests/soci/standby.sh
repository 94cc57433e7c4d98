#!/bin/sh
# SPDX-License-Identifier: BSL-1.0
#
# standby.sh up FOLDER sync|async PID
#         starts two PostgreSQL servers, FOLDER/a and its standby FOLDER/b, and prints the URL that leads to both;
#         FOLDER is new, and is removed when the process PID ends
# standby.sh pause|resume FOLDER a|b
#         stops every process of that server in the middle of whatever it does, or lets them go on
# standby.sh cut FOLDER
#         the standby receives nothing any more
# standby.sh fail FOLDER
#         ends a as a crash would, and makes b the primary
# standby.sh stop FOLDER
#         ends both
#
# They listen on Unix sockets in FOLDER alone, and run as servers.sh has them.
set -eu
export LC_ALL=C
servers=$(dirname "$0")/../servers.sh
# shellcheck source=tests/server_tools.sh
. "${servers%/*}/server_tools.sh"
folder=$2

ask() { # a|b SQL
    psql -XAtq -h "$folder/$1" -U jackpot -c "$2" jackpot
}
wait_for() { # a|b SQL ANSWER
    tries=0
    until [ "$(ask "$1" "$2" 2>/dev/null)" = "$3" ]; do
        [ $tries -lt 600 ] || fail "'$2' does not become '$3'"
        tries=$((tries + 1))
        sleep 0.1
    done
}
# No word of theirs is English, where the machine has the German ones.
start() { # a|b
    LANGUAGE=de sh "$servers" start postgresql "$folder/$1" -c fsync=off -c lc_messages=C.UTF-8 >/dev/null
}
signal() { # SIGNAL a|b
    first=$(cat "$folder/$2/pid")
    # shellcheck disable=SC2046 # one word a process
    kill -s "$1" "$first" $(ps -o pid= --ppid "$first")
}

case ${1-}:$# in
up:4)
    mkdir -m 711 "$folder" "$folder/b"
    setsid sh "$servers" watch "$folder" "$4" </dev/null >/dev/null 2>&1 &
    start a
    touch "$folder/b/lock"
    [ -z "$unprivileged" ] || chown -R nobody:nogroup "$folder/b"
    # shellcheck disable=SC2086 # one word an argument
    $unprivileged pg_basebackup -d "host=$folder/a user=jackpot application_name=b" -D "$folder/b/data" -R -C -S b \
        -c fast --no-sync
    start b
    if [ "$3" = sync ]; then
        ask a "ALTER SYSTEM SET synchronous_standby_names = 'b'"
        ask a 'SELECT pg_reload_conf()' >/dev/null
    fi
    wait_for a "SELECT sync_state FROM pg_stat_replication WHERE state = 'streaming'" "$3"
    echo "postgresql:///jackpot?host=$folder/a,$folder/b&user=jackpot"
    ;;
pause:3) signal STOP "$3" ;;
resume:3) signal CONT "$3" ;;
cut:2)
    ask b "ALTER SYSTEM SET primary_conninfo = ''"
    ask b 'SELECT pg_reload_conf()' >/dev/null
    wait_for b 'SELECT count(*) FROM pg_stat_wal_receiver' 0
    ;;
fail:2)
    sh "$servers" kill postgresql "$folder/a"
    [ "$(ask b 'SELECT pg_promote()')" = t ]
    ;;
stop:2)
    for each in a b; do
        signal CONT $each 2>/dev/null || :
        sh "$servers" stop postgresql "$folder/$each"
    done
    ;;
*)
    sed -n '4,17s/^# \{0,1\}//p' "$0"
    exit 2
    ;;
esac
