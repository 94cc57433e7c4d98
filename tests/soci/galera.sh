#!/bin/sh
# SPDX-License-Identifier: BSL-1.0
#
# galera.sh up FOLDER PID
#         starts a Galera cluster of three MariaDB nodes in the empty FOLDER, and prints their URLs, each on a line;
#         they end when the process PID does, however it ends
# galera.sh start|kill|pause|resume FOLDER NODE
#         starts a node again, which gets what it lacks from the others; ends it as a crash would; stops its processes
#         where they are, or lets them go on
# galera.sh down FOLDER
#         ends the nodes and removes FOLDER
#
# Clients reach a node by its Unix socket in FOLDER; the nodes reach each other by ports of 127.0.0.1 that are free.
# shellcheck disable=SC2086 # $unprivileged is one word an argument
set -eu
export LC_ALL=C
# shellcheck source=tests/server_tools.sh
. "$(dirname "$0")/../server_tools.sh"

url() { # NODE
    echo "mysql://jackpot@localhost/jackpot?socket=$folder/$1/mysql.sock"
}

# Six ports in a row, below those that systems give out by themselves.
choose_ports() {
    for _ in 1 2 3 4 5 6 7 8 9; do
        first=$((20000 + $(od -An -N2 -tu2 /dev/urandom) % 12000))
        taken=
        for port in $(seq $first $((first + 5))); do
            ! grep -qi ":$(printf %04X "$port") " /proc/net/tcp /proc/net/tcp6 2>/dev/null || taken=1
        done
        [ -n "$taken" ] || { echo $first >ports; return; }
    done
    fail "no ports are free"
}

# Timeouts are shorter than the default ones, so that a test sees a node leave.
launch() { # NODE [server option...]
    node=$1
    shift
    first=$(cat ports)
    own=$((first + 2 * (node - 1)))
    rm -f "$node/pid"
    # A session of its own, so that what a terminal or ctest sends to the caller's group is not for the server.
    # shellcheck disable=SC2016 # $$ is the shell's that becomes the server
    setsid sh -c 'echo $$ >"$0/pid"; exec "$@"' "$node" $unprivileged env PATH="$folder:$PATH" mariadbd --no-defaults \
        --datadir="$folder/$node/data" --tmpdir="$folder/$node" --socket="$folder/$node/mysql.sock" --skip-networking \
        --binlog-format=ROW --innodb-autoinc-lock-mode=2 --innodb-flush-log-at-trx-commit=2 \
        --innodb-flush-method=nosync --wsrep-on=ON --wsrep-provider="$provider" --wsrep-cluster-name="jackpot$first" \
        --wsrep-node-name="node$node" --wsrep-node-address="127.0.0.1:$own" --wsrep-sst-method=copy \
        --wsrep-provider-options="gmcast.listen_addr=tcp://127.0.0.1:$own;ist.recv_addr=127.0.0.1:$((own + 1));$timeouts" \
        "$@" </dev/null >>"$node/log" 2>&1 &
}
timeouts="evs.keepalive_period=PT0.3S;evs.suspect_timeout=PT2S;evs.inactive_timeout=PT4S;evs.install_timeout=PT3S"
all_nodes() {
    first=$(cat ports)
    echo "gcomm://127.0.0.1:$first,127.0.0.1:$((first + 2)),127.0.0.1:$((first + 4))"
}
wait_for() { # NODE
    give_up=$(($(date +%s) + limit))
    until timeout 10 mariadb --no-defaults -S "$folder/$1/mysql.sock" -u jackpot -Nse "SHOW STATUS LIKE 'wsrep_ready'" \
        2>/dev/null | grep -q ON; do
        # Without a pid it is about to begin.
        if [ "$(date +%s)" -ge "$give_up" ] || { [ -s "$1/pid" ] && ! kill -0 "$(cat "$1/pid")" 2>/dev/null; }; then
            tail -n 30 "$1/log" >&2
            fail "node $1 does not answer"
        fi
        sleep 0.1
    done
}

# A joining node gets all data from another one, the donor, whose server runs this too: both read from its standard
# output how far it is. https://mariadb.com/kb/en/introduction-to-state-snapshot-transfers-ssts/
transfer() { # --OPTION VALUE..., where --bypass has none: the donor then sends what is newer by itself
    bypass=
    while [ $# -gt 0 ]; do
        case $1 in
        --role) role=$2 ;;
        --datadir) data=${2%/} ;;
        --address) address=$2 ;;
        --gtid) position=$2 ;;
        --bypass) bypass=1 ;;
        esac
        shift
    done
    case $role in
    joiner)
        node=${data%/data}
        rm -f "$node/transferred"
        echo "ready 127.0.0.1:${node##*/}"
        until [ -s "$node/transferred" ]; do sleep 0.1; done
        cat "$node/transferred"
        ;;
    donor)
        to=${data%/*/data}/${address##*:}
        if [ -z "$bypass" ]; then
            echo "flush tables"
            until [ -s "$data/tables_flushed" ]; do sleep 0.1; done
            position=$(cat "$data/tables_flushed")
            rm -rf "${to:?}"/data/*
            tar -C "$data" -c --exclude=./galera.cache --exclude=./grastate.dat --exclude=./gvwstate.dat \
                --exclude=./tables_flushed . | tar -C "$to/data" -x
            rm -f "$data/tables_flushed"
        fi
        echo continue
        echo "$position" >"$to/arriving"
        mv "$to/arriving" "$to/transferred"
        echo "done $position"
        ;;
    esac
}

signal() { # SIGNAL NODE
    kill -s "$1" "$(cat "$2/pid")" 2>/dev/null || :
}

make_nodes() {
    mkdir 1 2 3
    [ -z "$unprivileged" ] || chown nobody:nogroup . 1 2 3
    # Each statement ends with its line. Grants are not in force while the tables that hold them are made.
    printf '%s;\n' 'FLUSH PRIVILEGES' 'CREATE USER jackpot@localhost' \
        'GRANT ALL ON *.* TO jackpot@localhost WITH GRANT OPTION' 'CREATE DATABASE jackpot CHARACTER SET utf8mb4' \
        >users.sql
    $unprivileged mariadb-install-db --no-defaults --datadir="$folder/1/data" --tmpdir="$folder/1" \
        --extra-file="$folder/users.sql" --auth-root-authentication-method=normal --skip-test-db --force >log 2>&1 ||
        { cat log >&2; fail "no data could be made in $folder"; }
    $unprivileged mkdir 2/data 3/data
    # The server finds a method of state transfer by this name. It may not be allowed to read where this is.
    mkdir soci
    cp "$script" soci/galera.sh
    cp "${script%/*}/../server_tools.sh" .
    printf '#!/bin/sh\nexec sh "%s" transfer "$@"\n' "$folder/soci/galera.sh" >wsrep_sst_copy
    chmod -R a+rX soci server_tools.sh
    chmod 755 wsrep_sst_copy
    choose_ports
    launch 1 --wsrep-cluster-address=gcomm://
    wait_for 1
    for node in 2 3; do
        launch $node --wsrep-cluster-address="$(all_nodes)"
        wait_for $node
    done
    for node in 1 2 3; do url $node; done
}

take_down() { # FOLDER
    case $1 in
    */jackpot.??????) ;;
    *) fail "'$1' is no folder that \`up\` made" ;;
    esac
    for node in 1 2 3; do
        [ ! -s "$1/$node/pid" ] || kill -s KILL "$(cat "$1/$node/pid")" 2>/dev/null || :
    done
    # What a server was about to write, it writes until it is gone.
    until rm -rf "$1" 2>/dev/null; do sleep 0.1; done
}

[ -n "${2-}" ] || { sed -n '4,15s/^# \{0,1\}//p' "$0"; exit 2; }
need mariadbd mariadb-server-core
need mariadb mariadb-client-core
provider=$(find /usr/lib -name libgalera_smm.so -print -quit)
[ -n "$provider" ] || fail "there is no libgalera_smm.so: install the Debian package galera-4"
script=$(realpath "$0")
case $1:$# in
transfer:*)
    shift
    transfer "$@"
    ;;
up:3)
    case $2 in
    */jackpot.??????) ;;
    *) fail "'$2' does not end with jackpot. and six characters, as mktemp makes them" ;;
    esac
    chmod 711 "$2"
    setsid sh "$0" watch "$2" "$3" </dev/null >/dev/null 2>&1 &
    cd "$2"
    folder=$(pwd)
    make_nodes
    ;;
start:3 | kill:3 | pause:3 | resume:3)
    cd "$2"
    folder=$(pwd)
    case $1 in
    start)
        launch "$3" --wsrep-cluster-address="$(all_nodes)"
        wait_for "$3"
        ;;
    kill) signal KILL "$3" ;;
    pause) signal STOP "$3" ;;
    resume) signal CONT "$3" ;;
    esac
    ;;
watch:3) # FOLDER PID: the process behind `up`
    wait_for_end "$2" "$3"
    [ ! -d "$2" ] || take_down "$2"
    ;;
down:2)
    take_down "$2"
    ;;
*)
    fail "'$*' is no command: see the head of this file"
    ;;
esac
