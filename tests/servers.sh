#!/bin/sh
# SPDX-License-Identifier: BSL-1.0
#
# servers.sh start postgresql|mysql FOLDER [server option...]
#         starts a server on the data in FOLDER, which is made where it is missing; prints the URL of its database
# servers.sh stop|kill postgresql|mysql FOLDER
#         ends that server cleanly, or as a crash would; its data stays, and `start` goes on with it
# servers.sh up FILE
#         starts both servers on empty data that no crash survives, and writes their URLs into FILE; they end when
#         the caller does, however it ends
# servers.sh new FILE
#         makes a new, empty place for a store on each of them, and prints their URLs
# servers.sh down FILE
#         ends what `up FILE` started and removes all of it
#
# The servers listen on a Unix socket in FOLDER alone. FOLDER is short: the path of a socket has at most 107 bytes.
# shellcheck disable=SC2086 # $unprivileged is one word an argument
set -eu
export LC_ALL=C
# shellcheck source=tests/server_tools.sh
. "$(dirname "$0")/server_tools.sh"

# The server and its children hold a lock on FOLDER/lock, inherited as descriptor 9. It is free when the last of them
# is gone, which no process id tells: one may be a zombie, or another's by now.
runs() {
    ! flock --nonblock lock true
}
end() { # SIGNAL
    tries=0
    while runs; do
        [ "$tries" -lt "$limit" ] || fail "the server in $folder does not end, $limit s after SIG$1"
        tries=$((tries + 1))
        # Without a pid a start is under way, whose server will have one.
        [ ! -s pid ] || kill -s "$1" "$(cat pid)" 2>/dev/null || :
        flock --timeout 1 lock true || :
    done
}

start() { # [server option...]
    case $engine in
    postgresql)
        need postgres postgresql
        url="postgresql:///jackpot?host=$folder&user=jackpot"
        initialise() {
            $unprivileged initdb -D new -U jackpot -A trust -E UTF8 --locale=C --no-sync &&
                echo 'CREATE DATABASE jackpot' | $unprivileged postgres --single -F -D new postgres
        }
        answers() { timeout 10 psql -X -c 'SELECT 1' "$url"; }
        set -- postgres -D "$folder/data" -k "$folder" -c listen_addresses= -c max_connections=100 "$@"
        ;;
    mysql)
        need mariadbd mariadb-server-core
        need mariadb mariadb-client-core
        url="mysql://jackpot@localhost/jackpot?socket=$folder/mysql.sock"
        initialise() {
            # Each statement ends with its line. Grants are not in force while the tables that hold them are made.
            printf '%s;\n' 'FLUSH PRIVILEGES' 'CREATE USER jackpot@localhost' \
                'GRANT ALL ON *.* TO jackpot@localhost WITH GRANT OPTION' \
                'CREATE DATABASE jackpot CHARACTER SET utf8mb4' >users.sql
            $unprivileged mkdir -p tmp &&
                $unprivileged mariadb-install-db --no-defaults --datadir="$folder/new" --tmpdir="$folder/tmp" \
                    --extra-file=users.sql --auth-root-authentication-method=normal --skip-test-db --force
        }
        answers() { timeout 10 mariadb --no-defaults -S mysql.sock -u jackpot -e 'SELECT 1' jackpot; }
        set -- mariadbd --no-defaults --datadir="$folder/data" --tmpdir="$folder/tmp" --skip-networking \
            --socket="$folder/mysql.sock" "$@"
        ;;
    esac

    exec 9>lock
    flock --nonblock 9 || fail "a server runs in $folder already"
    # PostgreSQL would not start while the process it names in its own lock files is a zombie.
    rm -rf pid new data/postmaster.pid .s.PGSQL.5432.lock
    if [ ! -e data ]; then
        initialise >>log 2>&1 || { cat log >&2; fail "$engine: no data could be made in $folder"; }
        mv new data
    fi
    # A session of its own, so that what a terminal or ctest sends to the caller's group is not for the server.
    # shellcheck disable=SC2016 # $$ is the shell's that becomes the server
    setsid sh -c 'echo $$ >pid; exec "$@"' sh $unprivileged "$@" </dev/null >>log 2>&1 &
    exec 9>&-

    give_up=$(($(date +%s) + limit))
    until answers >/dev/null 2>&1; do
        if ! runs || [ "$(date +%s)" -ge "$give_up" ]; then
            tail -n 20 log >&2
            end KILL
            fail "$engine in $folder does not answer"
        fi
        sleep 0.1
    done
    echo "$url"
}

# Cleanly, although the data goes too: PostgreSQL leaves shared memory behind where it is killed.
take_down() { # FOLDER
    case $1 in
    */jackpot.??????) ;;
    *) fail "'$1' is no folder that \`up\` made" ;;
    esac
    for each in "$1"/*/; do
        case $each in */mysql/) engine=mysql ;; *) engine=postgresql ;; esac
        sh "$0" stop $engine "$each" || sh "$0" kill $engine "$each"
    done
    rm -rf "$1"
}
take_down_file() { # FILE
    if [ -e "$1" ]; then
        take_down "$(sed -n 's/^folder=//p' "$1")"
        rm -f "$1"
    fi
}

case ${1-}:$# in
start:[3-9]* | start:[1-9][0-9]* | stop:3 | kill:3)
    verb=$1
    engine=$2
    case $engine in postgresql | mysql) ;; *) fail "'$engine' is neither postgresql nor mysql" ;; esac
    if [ ! -d "$3" ]; then
        [ "$verb" = start ] || exit 0
        mkdir "$3"
    fi
    cd "$3"
    folder=$(pwd)
    shift 3
    case $verb in
    start)
        [ -f lock ] || [ -z "$(ls -A)" ] || fail "$folder holds something else"
        chmod 700 .
        [ -z "$unprivileged" ] || chown nobody:nogroup .
        start "$@"
        ;;
    stop) if [ $engine = postgresql ]; then end INT; else end TERM; fi ;;
    kill) end KILL ;;
    esac
    ;;
up:2)
    take_down_file "$2"
    folder=$(mktemp -d "${TMPDIR:-/tmp}/jackpot.XXXXXX")
    chmod 711 "$folder"
    mkdir "$folder/postgresql" "$folder/mysql"
    setsid sh "$0" watch "$folder" $PPID </dev/null >/dev/null 2>&1 &
    sh "$0" start postgresql "$folder/postgresql" -c fsync=off -c full_page_writes=off >"$folder/postgresql.url" &
    postgresql=$!
    sh "$0" start mysql "$folder/mysql" --innodb-flush-log-at-trx-commit=0 --innodb-flush-method=nosync \
        >"$folder/mysql.url" || { take_down "$folder"; exit 1; }
    wait $postgresql || { take_down "$folder"; exit 1; }
    printf 'postgresql=%s\nmysql=%s\nfolder=%s\n' \
        "$(cat "$folder/postgresql.url")" "$(cat "$folder/mysql.url")" "$folder" >"$2"
    ;;
watch:3) # FOLDER PID: the process behind `up`
    wait_for_end "$2" "$3"
    take_down "$2"
    ;;
down:2)
    take_down_file "$2"
    ;;
new:2)
    folder=$(sed -n 's/^folder=//p' "$2")
    place=jackpot_$(od -An -N8 -tx8 /dev/urandom | tr -d ' ')
    psql -q -h "$folder/postgresql" -U jackpot -c "CREATE SCHEMA $place" jackpot
    mariadb --no-defaults -S "$folder/mysql/mysql.sock" -u jackpot -e "CREATE DATABASE $place"
    sed -n "s/^postgresql=\(.*\)/\1\&options=-csearch_path%3D$place/p; s,^mysql=\(.*\)/jackpot?,\1/$place?,p" "$2"
    ;;
*)
    sed -n '4,16s/^# \{0,1\}//p' "$0"
    exit 2
    ;;
esac
