#!/bin/sh
# SPDX-License-Identifier: BSL-1.0
# sql.sh MIGRATOR SERVERS SERVERS_FILE: the scripts for a DBA are what the library makes, and run in each engine's own
# client; the migrator takes a store that was made so; what monitoring.sql says of it is right.
set -eu
migrator=$1
servers=$2
servers_file=$3
sql=$(dirname "$0")/../../examples/migrator/sql
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

folder=$(sed -n 's/^folder=//p' "$servers_file")
sh "$servers" new "$servers_file" >"$work/places"
postgresql=$(grep ^postgresql "$work/places")
mysql=$(grep ^mysql "$work/places")
sqlite=sqlite://$work/store
database=${mysql%%\?*}

client() { # ENGINE FILE
    case $1 in
    sqlite) sqlite3 -bail -batch "$work/store" <"$2" ;;
    postgresql) psql -q -At -v ON_ERROR_STOP=1 "$postgresql" <"$2" ;;
    mysql) mariadb --no-defaults -N -S "$folder/mysql/mysql.sock" -u jackpot "${database##*/}" <"$2" | tr '\t' '|' ;;
    esac
}

for engine in sqlite postgresql mysql; do
    "$migrator" schema print $engine | diff - "$sql/schema-$engine.sql" ||
        { echo "$sql/schema-$engine.sql is not what \`migrator schema print $engine\` prints"; exit 1; }
    client $engine "$sql/schema-$engine.sql" >/dev/null
    eval "url=\$$engine"
    "$migrator" migrate --from memory --to "$url" --wagers 500 --quiet >"$work/log" || { cat "$work/log"; exit 1; }
    # The engines show the same numbers and times with and without zeros at the end.
    client $engine "$sql/monitoring.sql" | sed 's/+00//g; s/\(\.[0-9]*[1-9]\)0*|/\1|/g; s/\(\.[0-9]*[1-9]\)0*$/\1/; s/NULL//g' \
        >"$work/$engine"
    [ "$(grep -c '^contributed|500$' "$work/$engine")" = 1 ] || { cat "$work/$engine"; exit 1; }
    cmp "$work/sqlite" "$work/$engine" || { diff "$work/sqlite" "$work/$engine" | head -20; exit 1; }
done
# Minor, major and mega in each of the first three, the store, no row in the next two, kinds, wins.
[ "$(head -n 9 "$work/sqlite" | cut -d'|' -f1 | sort | uniq -c | awk '{ print $1 $2 }' | tr '\n' ' ')" = '3major 3mega 3minor ' ]
[ "$(sed -n 11p "$work/sqlite" | cut -d'|' -f1)" = contributed ]
