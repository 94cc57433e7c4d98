#!/bin/sh
# SPDX-License-Identifier: BSL-1.0
# table.sh: every row of README.md that names a file of this folder has a test case there of its number.
set -eu
cd "$(dirname "$0")"
failed=0
rows=0
while IFS='|' read -r _ number _ _ shown _; do
    number=$(echo "$number" | tr -d ' ')
    case $number in *[!0-9]* | '') continue ;; esac
    rows=$((rows + 1))
    for file in $(echo "$shown" | grep -oE '\]\([a-z]+\.cpp\)' | tr -d '])('); do
        if ! sed -n 's/^TEST_CASE("\([0-9, ]*\):.*/\1/p' "$file" | tr -s ', ' '\n' | grep -qx "$number"; then
            echo "$number: no test case of $file begins with it"
            failed=1
        fi
    done
done <README.md
[ "$rows" -ge 50 ] || { echo "README.md has $rows rows"; failed=1; }
exit $failed
