#!/bin/sh
# SPDX-License-Identifier: BSL-1.0
# format.sh SOURCE: every source file is as .clang-format has it.
set -eu
cd "$1"
failed=0
for file in $(find include examples tests benchmarks -name '*.[ch]' -o -name '*.[ch]pp'); do
    clang-format "$file" | diff -u --label "$file" --label "$file, formatted" "$file" - || failed=1
done
exit $failed
