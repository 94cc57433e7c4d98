#!/bin/sh
# SPDX-License-Identifier: BSL-1.0
# headers.sh SOURCE COMPILER: every header compiles alone under the strict warnings (by clang++, which takes half the
# time), the core ones after the macros that Windows, Unreal and X11 define too, and c_api.h as C99 as well as C++11.
set -eu
source=$1
compiler=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

compile() {
    "$compiler" -std=c++20 -fsyntax-only -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror \
        "-I$source/include" "$1"
}

cd "$source/include"
# What users include: the SQL store's own parts come with soci.hpp.
headers=$(find jackpot -name '*.hpp' -not -path '*/soci/*' | sort)
[ "$compiler" = clang++ ] && alone=$headers || alone=jackpot/jackpot.hpp
for header in $alone; do
    echo "#include <$header>" >"$work/alone.cpp"
    compile "$work/alone.cpp" || { echo "$header does not compile alone"; exit 1; }
done

{
    echo '#include <jackpot/c_api/c_api.h>'
    echo 'void use(void);'
    echo 'void use(void) {'
    grep -ohE '\bJACKPOT_[A-Z_]+_INIT\b' jackpot/c_api/c_types.h jackpot/c_api/c_requests.h jackpot/c_api/c_events.h | sort -u | while read -r init; do
        type=$(echo "${init%_INIT}" | tr A-Z a-z)
        echo "{ $type one = $init; (void)one; }"
    done
    echo '}'
} >"$work/c_api"
[ "$(wc -l <"$work/c_api")" -ge 24 ] || { echo "c_types.h has no JACKPOT_..._INIT"; exit 1; }
for language in 'c -std=c99' 'c++ -std=c++11'; do
    <"$work/c_api" "$compiler" -x $language -fsyntax-only -pedantic -Wall -Wextra -Werror -I. - ||
        { echo "jackpot/c_api/c_api.h is not $language"; exit 1; }
done

# The other libraries' headers come first: libstdc++ undefines min and max, and a macro that is gone
# shows nothing. Macros act on text and every header is read once, so one file does for all.
core=$(echo "$headers" | grep -v -e '^jackpot/soci' -e '^jackpot/asio')
{
    cat $core | grep '^#include <' | grep -v '<jackpot/' | sort -u
    echo '#define min(a, b) macro_min(a, b)'
    echo '#define max(a, b) macro_max(a, b)'
    for macro in check checkf verify verifyf ensure TEXT UE_LOG; do
        echo "#define $macro(...) macro_$macro"
    done
    for macro in near far small interface IN OUT OPTIONAL ERROR DELETE CONST TRUE FALSE PI INDEX_NONE \
        None Status Bool Success Always; do
        echo "#define $macro macro_$macro"
    done
    for header in $core; do
        echo "#include <$header>"
    done
    for macro in min max check; do
        printf '#ifndef %s\n#error %s is gone\n#endif\n' $macro $macro
    done
} >"$work/macros.cpp"
compile "$work/macros.cpp" || { echo "the core headers do not survive the macros"; exit 1; }
