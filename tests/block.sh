#!/bin/sh
# SPDX-License-Identifier: BSL-1.0
# block.sh FILE LANGUAGE TEST: prints what stands in FILE, a document of the project, between ```LANGUAGE TEST and the
# next ```, for the test of that name to compile or run. Fails where there is no such block.
set -eu
cd "$(dirname "$0")/.."
awk -v first="\`\`\`$2 $3" '
    !inside && $0 == first { inside = found = 1; next }
    inside && /^```$/ { inside = 0 }
    inside
    END { exit !found }' "$1" || { echo "$1 has no block of $2 for the test $3" >&2; exit 1; }
