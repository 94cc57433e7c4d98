#!/bin/sh
# SPDX-License-Identifier: BSL-1.0
# globals.sh SOURCE COMPILER: an object file that uses all of the core has nothing to run at start-up
# and no variable that is shared and written to, function-local ones and thread-local ones included.
set -eu
object=$(mktemp)
trap 'rm -f "$object"' EXIT
"$2" -std=c++20 "-I$1/include" -c "$1/tests/hygiene/umbrella.cpp" -o "$object"

# DW.ref.* is how exceptions find their handler; .data.rel.ro is read-only once the program has started.
writable=$(objdump -tC "$object" | awk '
    $0 ~ /\.(data|bss|tdata|tbss)/ && $0 !~ /\.data\.rel\.ro/ && $0 !~ /DW\.ref\./ && $0 !~ / d  / ')
startup=$(objdump -h "$object" | grep -E '\.(init_array|ctors|preinit_array)') || true
if [ -n "$writable$startup" ]; then
    echo "$writable"
    echo "$startup"
    exit 1
fi
