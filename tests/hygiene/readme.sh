#!/bin/sh
# SPDX-License-Identifier: BSL-1.0
# readme.sh SOURCE: the README's first C++ block is hello.cpp between its markers, and what it links
# to is there.
set -eu
cd "$1"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

awk '/^```cpp$/ { on = 1; next } /^```$/ && on { exit } on' README.md >"$work/readme"
awk '/^\/\/ \[hello\]$/ { on = !on; next } on' examples/hello.cpp >"$work/hello"
[ -s "$work/hello" ] || { echo "examples/hello.cpp has nothing between // [hello] and // [hello]"; exit 1; }
diff "$work/readme" "$work/hello" || { echo "README.md and examples/hello.cpp differ"; exit 1; }

failed=0
for path in $(grep -oE '\]\([^)]+\)' README.md | tr -d '])('); do
    [ -e "$path" ] || { echo "README.md links to $path, which is not there"; failed=1; }
done
exit $failed
