#!/bin/sh
# SPDX-License-Identifier: BSL-1.0
# documents.sh SOURCE: what every Markdown file of the project keeps.
# - A fenced block names, behind its language, the test that compiles or runs it. Of ```cpp NAME, the text stands
#   between two lines `// [NAME]` of a source that a CMakeLists.txt lists. Any other block is taken out of the document by
#   the test NAME: a file of the tests asks block.sh for FILE LANGUAGE NAME. Blocks of `console` are for the
#   test of the migration guide, which runs all of its own document.
# - A relative link leads to a file, and a header that is mentioned as jackpot/… is there (but in CHANGELOG.md).
# - README.md has at most 120 lines.
set -eu
cd "$1"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0
complain() {
    echo "$1"
    failed=1
}

find . -name '*.md' -not -path './build/*' | sed 's,^\./,,' | sort >"$work/documents"
[ "$(wc -l <"$work/documents")" -gt 10 ] || complain "there are few documents: are they where they were?"
[ "$(wc -l <README.md)" -le 120 ] || complain "README.md has $(wc -l <README.md) lines, not 120"

# A line a fenced block and a line a link, of all documents: what FILE LINE and the rest.
# shellcheck disable=SC2016 # awk's own
xargs awk '
    FNR == 1 && inside { print "open", last, begun; inside = 0 }
    { last = FILENAME }
    /^ *```/ {
        if (inside) { inside = 0; next }
        inside = 1
        begun = FNR
        sub(/^ *```/, "")
        print "block", FILENAME, FNR, $0
        next
    }
    !inside {
        rest = $0
        while (match(rest, /\]\([^)]*\)/)) {
            print "link", FILENAME, FNR, substr(rest, RSTART + 2, RLENGTH - 3)
            rest = substr(rest, RSTART + RLENGTH)
        }
    }
    END { if (inside) print "open", last, begun }' <"$work/documents" >"$work/found"

while read -r what file line rest; do
    [ "$what" != open ] || complain "$file:$line: the block does not end"
    [ "$what" = link ] || continue
    case $rest in
    http*) ;;
    *) [ -e "$(dirname "$file")/${rest%%#*}" ] || complain "$file:$line: it links to $rest, which is not there" ;;
    esac
done <"$work/found"

while read -r file; do
    [ "$file" != CHANGELOG.md ] || continue
    for header in $(grep -oE '(^|[^/a-z]|include/)jackpot/[a-z_/]+\.(hpp|h|cpp)' "$file" | sed 's,^.*jackpot/,jackpot/,' | sort -u); do
        [ -e "include/$header" ] || complain "$file: it mentions $header, which is not there"
    done
done <"$work/documents"

# Is the text of the cpp block between two lines // [NAME] of the source, which is indented perhaps?
shows() { # SOURCE NAME
    awk -v mark="// [$2]" '{ line = $0; sub(/^ */, "", line) } line == mark { on = !on; next } on' "$1" |
        awk 'NR == 1 { match($0, /^ */); indent = RLENGTH } { print substr($0, 1, indent) ~ /^ *$/ ? substr($0, indent + 1) : $0 }' |
        cmp -s - "$work/block"
}
is_compiled() { # SOURCE
    folder=$(dirname "$1")
    grep -qsF "$(basename "$1")" "$folder/CMakeLists.txt" "$folder/../CMakeLists.txt"
}
check_compiled() { # FILE:LINE FILE NAME
    sh tests/block.sh "$2" cpp "$3" >"$work/block"
    for source in $(grep -rlF --include='*.cpp' "// [$3]" examples tests); do
        if shows "$source" "$3"; then
            is_compiled "$source" || complain "$1: the block is in $source, which no CMakeLists.txt lists"
            return
        fi
    done
    complain "$1: the block is not between // [$3] and // [$3] of any source, or differs there"
}

while read -r what file line language name rest; do
    [ "$what" = block ] || continue
    at=$file:$line
    if [ "$language" = console ]; then
        grep -qF "JACKPOT_GUIDE=\"\${PROJECT_SOURCE_DIR}/$file\"" tests/examples/CMakeLists.txt ||
            complain "$at: a console block in a document that the guide's test does not run"
    elif [ -z "$language" ] || [ -z "$name" ] || [ -n "$rest" ]; then
        complain "$at: write \`\`\`LANGUAGE TEST: no test covers this block"
    elif [ "$language" = cpp ] && grep -rqF --include='*.cpp' "// [$name]" examples tests; then
        check_compiled "$at" "$file" "$name"
    else
        grep -rqE --include=CMakeLists.txt "(NAME |\()([a-z_]+\.)?${name##*.}( |\)|$)" tests ||
            complain "$at: there is no test $name"
        grep -rqF --include='*.sh' --include='*.cpp' --include=CMakeLists.txt "$file $language $name" tests ||
            complain "$at: the test $name does not take the block: nothing in tests asks for $file $language $name"
    fi
done <"$work/found"
exit $failed
