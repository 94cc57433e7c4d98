#!/bin/sh
# SPDX-License-Identifier: BSL-1.0
# test.sh: does run.sh tell an error that is noticed from one that lives? On a project of one function that is tested
# and one that is not.
set -eu
run=$(cd "$(dirname "$0")" && pwd)/run.sh
project=$(mktemp -d)
trap 'rm -rf "$project"' EXIT
cd "$project"
mkdir -p cmake examples include tests/mutants
cp "$run" tests/mutants
cat >CMakePresets.json <<'END'
{"version": 6, "configurePresets": [{"name": "dev", "generator": "Ninja", "binaryDir": "${sourceDir}/build/dev"}]}
END
cat >CMakeLists.txt <<'END'
cmake_minimum_required(VERSION 3.25)
project(sums LANGUAGES CXX)
enable_testing()
add_executable(test_sum tests/sum.cpp)
add_test(NAME sum COMMAND test_sum)
END
cat >include/sum.hpp <<'END'
inline int sum(int a, int b) {
    return a + b;
}
inline int twice(int a) {
    return 2 * a;
}
END
cat >tests/sum.cpp <<'END'
#include "../include/sum.hpp"
int main() { return sum(1, 2) == 3 ? 0 : 1; }
END

entry() { # LIST OLD NEW HOW
    printf 'file: include/sum.hpp\n-%s\n+%s\n%s\nuser: a wrong sum\n\n' "$2" "$3" "$4" >>"tests/mutants/$1.list"
}
entry noticed 'a + b' 'a - b' 'by: sum'
entry noticed 'a + b' 'b + a' 'equal: addition commutes'
entry lives '2 * a' '3 * a' 'by: sum'
entry broken 'return a + b' 'return a + c' 'by: sum'
entry twice 'int a' 'long a' 'by: sum'
entry gone 'a * b' 'a / b' 'by: sum'
entry same 'a + b' 'a + b' 'by: sum'

failed=0
expect() { # CODE WORDS ARGUMENT...
    code=$1
    words=$2
    shift 2
    got=0
    said=$(tests/mutants/run.sh "$@" 2>&1) || got=$?
    if [ $got -ne "$code" ] || ! echo "$said" | grep -qF -e "$words"; then
        echo "run.sh $*: exit $got, wanted $code and '$words':"
        echo "$said"
        failed=1
    fi
}
list() {
    echo "tests/mutants/$1.list"
}
expect 0 '' check "$(list noticed)" "$(list lives)"
expect 1 'does not hold this exactly once: int a' check "$(list twice)"
expect 1 'does not hold this exactly once: a * b' check "$(list gone)"
expect 2 'an entry changes nothing' check "$(list same)"
expect 0 '2 errors, 1 noticed, 1 shown to change nothing, 0 not noticed' run "$(list noticed)"
expect 1 '2 errors, 0 noticed, 0 shown to change nothing, 2 not noticed' run "$(list lives)" "$(list broken)"
expect 1 'a wrong sum: lives' run "$(list lives)"
expect 1 'a wrong sum: does not compile' run "$(list broken)"
expect 0 '1 errors, 1 noticed' run --shard 1/2 "$(list noticed)"
expect 2 'no entry is left' run --only nothing "$(list noticed)"
# What was tried is not tried again, until a test changes.
sed -i 's/ lives$/ noticed by memory/' build/mutants/outcomes
expect 0 'a wrong sum: noticed by memory' run "$(list lives)"
echo 'int main() { return sum(1, 2) == 3 && twice(2) == 4 ? 0 : 1; }' | sed 's,^,#include "../include/sum.hpp"\n,' >tests/sum.cpp
expect 0 'a wrong sum: noticed by sum' run "$(list lives)"
echo 'int main() { return 1; }' >tests/sum.cpp
expect 2 'sum fails without any error put in' run "$(list lives)"
exit $failed
