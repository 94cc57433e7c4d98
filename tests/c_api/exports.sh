#!/bin/sh
# SPDX-License-Identifier: BSL-1.0
# exports.sh SOURCE LIBRARY NEEDED: the shared library exports the functions of c_api.h and nothing else, and
# needs no library that the extended regular expression NEEDED does not name.
set -eu
export LC_ALL=C
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

tr '\n' ' ' <"$1/include/jackpot/c_api/c_api.h" | grep -oE 'JACKPOT_API [^;]*;' |
    grep -oE 'jackpot_[a-z_]+\(' | tr -d '(' | sort >"$work/declared"
nm -D --defined-only "$2" | awk '$2 != "A" { sub(/@.*/, "", $3); print $3 }' | sort >"$work/exported"
[ -s "$work/declared" ] || { echo "no function found in c_api.h"; exit 1; }
diff -u "$work/declared" "$work/exported"

more=$(objdump -p "$2" | awk '$1 == "NEEDED" { print $2 }' | grep -vE "^lib($3)\.so" | grep -v '^ld-linux') || true
[ -z "$more" ] || { echo "needs $more"; exit 1; }
