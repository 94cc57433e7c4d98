#!/bin/sh
# SPDX-License-Identifier: BSL-1.0
# concepts.sh SOURCE COMPILER: a store that lacks something does not compile, and of each the compiler
# says in one line which part of the concept it lacks.
set -eu
export LC_ALL=C
source=$1
compiler=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
parts='has_amount_type loads_states commits_operations finds_keys reads_journal seals
    has_handles resolves_names takes_wagers reads_meters'
parts=$(echo $parts)

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

# What people forget is said in words, by the first error. A constraint on a function is named somewhere.
number=0
numbers=
cases='SYSTEM_HEADER NO_ENVIRONMENT NO_TYPE NO_LOAD NO_COMMIT NO_FIND NO_READ NO_SEAL NO_SEAL_TO_AUDIT UNSHARED_MEMORY
    UNSHARED_FRONT NO_RESOLVE NO_CONTRIBUTE NO_METERS RATE_TEXT RATE_NUMBER RATE_PATCH RATE_LITERAL'
for each in $cases; do
    number=$((number + 1))
    numbers="$numbers -D$each=$number"
done
# What all cases include is compiled once.
sed '/^#if/,$d' "$source/tests/hygiene/causes.cpp" >"$work/causes.hpp"
"$compiler" -std=c++20 "-I$source/include" -x c++-header "$work/causes.hpp" -o "$work/causes.hpp.gch"
# shellcheck disable=SC2086 # one word a case
forgotten() { # CASE
    "$compiler" -std=c++20 -fsyntax-only "-I$source/include" -include "$work/causes.hpp" $numbers "-DCASE=$1" \
        "$source/tests/hygiene/causes.cpp" 2>&1
}
says() { # CASE WORDS
    if log=$(forgotten "$1"); then
        echo "$1 compiles"
        exit 1
    fi
    if ! echo "$log" | grep -m 1 'error:' | grep -qF "$2"; then
        echo "$log"
        echo "$1: the first error does not say: $2"
        exit 1
    fi
}
forgotten 0 || { echo "nothing forgotten does not compile"; exit 1; }
says SYSTEM_HEADER 'include <jackpot/core/system.hpp>'
says NO_ENVIRONMENT 'now(), sleep(microseconds) and random()'
says NO_TYPE 'the store lacks amount_type'
says NO_LOAD 'the store lacks the verb load: expected<void> load(basic_snapshot<amount_type>&)'
says NO_COMMIT 'the store lacks the verb commit'
says NO_FIND 'the store lacks the verb find'
says NO_READ 'the store lacks the verb read'
says NO_SEAL 'the store lacks the verb seal'
says UNSHARED_MEMORY 'a lock other than null_lock'
says UNSHARED_FRONT 'a lock other than null_lock'
says NO_RESOLVE 'the store has handles, and lacks the verbs that give them'
says NO_CONTRIBUTE 'the store has handles, and lacks the verb contribute'
says NO_METERS 'the store has handles, and lacks the verb meters'
says RATE_TEXT 'the field `rate`: write'
says RATE_NUMBER 'the field `rate`: write'
says RATE_PATCH 'the field `rate`: write'
says RATE_LITERAL 'this literal is no rate: a decimal from 0 to 1'
log=$(forgotten NO_SEAL_TO_AUDIT) && { echo "a store without seal is audited"; exit 1; }
echo "$log" | grep -q "satisf.*seals" || { echo "$log"; exit 1; }
