#!/bin/sh
# SPDX-License-Identifier: BSL-1.0
#
# pooler.sh up FOLDER SERVER session|transaction|statement PID
#         starts a pgbouncer in FOLDER, which is made, before the PostgreSQL whose socket is in SERVER, and prints the
#         URL of its database; it ends when the process PID does, however it ends
# pooler.sh down FOLDER
#         ends it
set -eu
export LC_ALL=C
# shellcheck source=tests/server_tools.sh
. "$(dirname "$0")/../server_tools.sh"
folder=$2

case ${1-}:$# in
up:5)
    need pgbouncer pgbouncer
    mkdir "$folder"
    [ -z "$unprivileged" ] || chown nobody:nogroup "$folder"
    cat >"$folder/ini" <<END
[databases]
jackpot = host=$3 user=jackpot
[pgbouncer]
listen_addr =
unix_socket_dir = $folder
auth_type = any
pool_mode = $4
logfile = $folder/log
pidfile = $folder/pid
END
    # shellcheck disable=SC2086 # one word an argument
    $unprivileged pgbouncer -q -d "$folder/ini" </dev/null >/dev/null 2>&1
    # shellcheck disable=SC2016 # $ is for the shell that waits
    setsid sh -c 'while [ -d "$1" ] && grep -q "^State:.[^ZX]" "/proc/$2/status"; do sleep 1; done; sh "$0" down "$1"' \
        "$0" "$folder" "$5" </dev/null >/dev/null 2>&1 &
    echo "postgresql:///jackpot?host=$folder&port=6432&user=jackpot"
    ;;
down:2)
    [ ! -s "$folder/pid" ] || kill -s TERM "$(cat "$folder/pid")" 2>/dev/null || :
    ;;
*)
    sed -n '4,8s/^# \{0,1\}//p' "$0"
    exit 2
    ;;
esac
