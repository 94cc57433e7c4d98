#!/bin/sh
# SPDX-License-Identifier: BSL-1.0
# alone.sh SOURCE COMPILER: c_api.cpp as an engine compiles it, one file without exceptions and RTTI, over memory
# alone; the programs in C run over it, linked in, and as a shared library it exports what it should.
set -eu
source=$1
compiler=$2
tests=$source/tests/c_api
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
warnings='-Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror'
version=$(awk '/^#define JACKPOT_VERSION_/ { printf "%s%s", dot, $3; dot = "." }' "$source/include/jackpot/core/config.hpp")

"$compiler" -std=c++20 -O0 -fPIC -fvisibility=hidden -fno-exceptions -fno-rtti $warnings "-I$source/include" \
    -c "$source/include/jackpot/c_api/c_api.cpp" -o "$work/c_api.o"
"$compiler" -shared "-Wl,--version-script=$source/cmake/c_api.map" "$work/c_api.o" -o "$work/libjackpot.so"
sh "$tests/exports.sh" "$source" "$work/libjackpot.so" 'stdc\+\+|gcc_s|m|c'

compile() { # PROGRAM
    "$compiler" -x c -std=c99 $warnings "-DJACKPOT_TESTS_VERSION=\"$version\"" "-I$source/include" \
        -c "$tests/$1.c" -o "$work/$1.o"
}
compile check
for program in vectors structs calls submit observe history holds; do
    compile $program
    "$compiler" "$work/$program.o" "$work/check.o" "$work/c_api.o" -ljansson -pthread -o "$work/$program"
done
"$work/vectors" memory "$source"/tests/contract/vectors/*.commands.jsonl
"$work/vectors" --submit memory "$source"/tests/contract/vectors/*.commands.jsonl
"$work/structs"
"$work/submit"
"$work/observe"
"$work/history"
"$work/holds"
"$work/calls"
