#!/bin/sh
# SPDX-License-Identifier: BSL-1.0
# text.sh SOURCE: what every file of the project has and has not.
set -eu
cd "$1"
failed=0
complain() {
    echo "$1:"
    echo "$2" | sed 's/^/  /'
    failed=1
}

top='CHANGELOG.md|CMakeLists.txt|CMakePresets.json|CONTRIBUTING.md|LICENSE|README.md|benchmarks|cmake|examples|include|tests|vcpkg.json'
extra=$(ls | grep -vxE "$top|build|backups|logs") || true
[ -z "$extra" ] || complain "has no place at the top level" "$extra"

files=$(find $(echo "$top" | tr '|' ' ') .ci .clang-format .clang-tidy .gitignore -type f)
sources=$(echo "$files" | grep -E '\.([ch](pp)?|cs|lua|sh|cmake|in|sql)$|CMakeLists.txt$|^cmake/run$|^\.ci/' |
    grep -v '/sql/schema-')  # those are printed by the library

unlicensed=$(for file in $sources; do
    head -n 2 "$file" | grep -q 'SPDX-License-Identifier: BSL-1.0' || echo "$file"
done)
[ -z "$unlicensed" ] || complain "no SPDX line at the top" "$unlicensed"

# The brackets keep this line from finding itself.
unfinished=$(grep -nIwE 'TO[D]O|FIX[M]E|XX[X]|HAC[K]|[Ss]tu[b]|[Pp]lacehol[d]er|[Nn]ot (yet )?im[p]lemented' $files) || true
[ -z "$unfinished" ] || complain "unfinished" "$unfinished"

blanks=$(grep -nIE '[[:blank:]]$' $(echo "$files" | grep -vE 'LICENSE|jsonl$|^tests/fixtures/.*sql$')) || true
[ -z "$blanks" ] || complain "blanks at the end of a line" "$blanks"

# doctest leaves them out of a build whose other assertions take no exceptions: they check nothing.
unchecked=$(grep -rnE '(CHECK|REQUIRE|WARN)_(NO)?THRO[W]' tests) || true
[ -z "$unchecked" ] || complain "an assertion that does nothing" "$unchecked"

unguarded=$(for header in $(echo "$files" | grep '^include/.*\.hpp$'); do
    guard=$(echo "${header#include/}" | tr 'a-z/.' 'A-Z__')
    [ "$(grep -cE "^#(ifndef|define) $guard\$" "$header")" -eq 2 ] || echo "$header wants $guard"
done)
[ -z "$unguarded" ] || complain "another include guard" "$unguarded"
exit $failed
