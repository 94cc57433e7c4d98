#!/bin/sh
# SPDX-License-Identifier: BSL-1.0
# budget.sh SOURCE COMPILER: what an include costs, in lines after the preprocessor. Times would be the
# real cost, but lines do not depend on the machine; on ours, 60,000 of them are about a second.
set -eu
include=$1/include
compiler=$2
failed=0

budget() {
    lines=$(echo "#include <$1>" | "$compiler" -std=c++20 "-I$include" -x c++ -E -P - | wc -l)
    echo "$1: $lines lines of $2"
    [ "$lines" -le "$2" ] || failed=1
}
budget jackpot/core/operation.hpp 65000
budget jackpot/jackpot.hpp 75000

# Everything that the umbrella pulls in, however deep. (libstdc++ has <ostream> in <memory> itself.)
heavy=$(echo '#include <jackpot/jackpot.hpp>' | "$compiler" -std=c++20 "-I$include" -x c++ -M - |
    tr ' ' '\n' | grep -E '/(soci|boost|fmt)/|/(iostream|fstream|sstream|regex|sqlite3\.h)$') || true
if [ -n "$heavy" ]; then
    echo "the umbrella must not include:"
    echo "$heavy"
    failed=1
fi
exit $failed
