#!/bin/sh
# SPDX-License-Identifier: BSL-1.0
# concepts.sh SOURCE COMPILER: a store that lacks something does not compile, and of each the compiler
# says in one line which part of the concept it lacks.
set -eu
export LC_ALL=C
source=$1
compiler=$2
parts='has_amount_type loads_states commits_operations finds_keys reads_journal seals'

compile() {
    "$compiler" -std=c++20 -fsyntax-only "-I$source/include" "$@" "$source/tests/hygiene/lacks.cpp" 2>&1
}
compile || { echo "a whole store does not compile"; exit 1; }
if log=$(compile -DLACKS); then
    echo "stores that lack parts compile"
    exit 1
fi

# g++: "required for the satisfaction of 'seals<S>'"; clang++: "'store<...>' does not satisfy 'seals'".
said=$(echo "$log" | grep -oE "satisf(y|action of) .($(echo $parts | tr ' ' '|'))\b" | sed 's/.*[^a-z_]//' | xargs)
if [ "$said" != "$parts" ]; then
    echo "$log"
    echo "wanted: $parts"
    echo "said:   $said"
    exit 1
fi
