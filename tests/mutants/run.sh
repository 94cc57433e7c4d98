#!/bin/sh
# SPDX-License-Identifier: BSL-1.0
#
# run.sh check [LIST...]
#         says whether every entry applies: its file is there, and holds the old text exactly once
# run.sh run [--shard N/OF] [--only WORD] [--folder FOLDER] [LIST...]
#         puts each error into a copy of the project, one at a time, and runs the tests that should notice. Prints a
#         line each and a summary; fails where an error lives. --only takes entries that have WORD in them.
#
# LIST is a file of entries, *.list beside this script where none is named. An entry is
#         file: PATH
#         -what stands there, as it is; over several lines where one alone is not unique
#         +what the error makes of it
#         by: the tests that should notice, as ctest names them, the cheapest first
#         user: what somebody would see of the error
# or has, in place of `by:`, `equal:` and the reason why the error changes nothing. Entries stand apart by a blank
# line; # begins a comment.
#
# FOLDER (build/mutants) holds the copy and the outcomes: what was tried on the very same sources is not tried again.
# An error that makes a test hang is noticed after five minutes.
set -eu
export LC_ALL=C
here=$(cd "$(dirname "$0")" && pwd)
source=${here%/tests/mutants}
limit=300 # seconds, for one test

fail() {
    echo "run.sh: $1" >&2
    exit 2
}

# Splits the lists into a folder an entry: list, file, old, new, by, equal, user. Text keeps its line breaks.
split() { # FOLDER LIST...
    into=$1
    shift
    awk -v into="$into" '
        function complain(text) { print FILENAME ":" FNR ": " text >"/dev/stderr"; failed = 1 }
        function add(key, text) {
            if (key in has) text = has[key] "\n" text
            has[key] = text
        }
        function finish(    folder, key) {
            if (!open) return
            if (!("file" in has) || !("old" in has) || !("new" in has) || !("user" in has)) complain("an entry lacks a line")
            if (("by" in has) == ("equal" in has)) complain("an entry has either by: or equal:")
            if (has["old"] == has["new"]) complain("an entry changes nothing")
            folder = sprintf("%s/%04d", into, ++count)
            system("mkdir " folder)
            for (key in has) { print has[key] >(folder "/" key); close(folder "/" key) }
            delete has
            open = 0
        }
        FNR == 1 { finish(); name = FILENAME; sub(".*/", "", name); sub("[.]list$", "", name) }
        /^#/ { next }
        /^$/ { finish(); next }
        { if (!open) { open = 1; has["list"] = name } }
        /^-/ { add("old", substr($0, 2)); next }
        /^[+]/ { add("new", substr($0, 2)); next }
        match($0, /^(file|by|equal|user): /) { add(substr($0, 1, RLENGTH - 2), substr($0, RLENGTH + 1)); next }
        { complain("neither a comment nor a line of an entry") }
        END { finish(); exit failed }' "$@" || fail "the lists are not well formed"
}

# Prints FILE with NEW in place of OLD; fails where OLD does not occur exactly once.
replaced() { # OLD NEW FILE
    awk '
        function whole(path,    line, text, separator) {
            while ((getline line <path) > 0) { text = text separator line; separator = "\n" }
            close(path)
            return text
        }
        BEGIN {
            old = whole(ARGV[1]); text = whole(ARGV[3]); at = index(text, old)
            if (at == 0 || index(substr(text, at + 1), old) != 0) exit 1
            print substr(text, 1, at - 1) whole(ARGV[2]) substr(text, at + length(old))
        }' "$@"
}

check() { # ENTRIES
    failed=0
    for entry in "$1"/*; do
        file=$source/$(cat "$entry/file")
        if [ ! -f "$file" ]; then
            echo "there is no $(cat "$entry/file")"
            failed=1
        elif ! replaced "$entry/old" "$entry/new" "$file" >/dev/null; then
            echo "$(cat "$entry/file") does not hold this exactly once: $(cat "$entry/old")"
            failed=1
        fi
    done
    return $failed
}

# The program that a test runs, and ninja can build.
target_of() { # TEST
    case $1 in
    c_api.vectors_*) echo c_api_vectors ;;
    c_api.*) echo "c_api_${1#c_api.}" ;;
    kill_migrate | migrate_around) echo migrator ;;
    *) echo "test_$1" ;;
    esac
}

build() { # TARGET...
    cmake --build "$tree/build/dev" --target "$@" >"$folder/build.log" 2>&1
}
passes() { # TEST
    ctest --test-dir "$tree/build/dev" --fixture-exclude-any '^servers$' --no-tests=error --timeout $limit \
        -R "^$1\$" >"$folder/test.log" 2>&1
}

# A copy in which what differs is new, so that it is built again: an error that a killed run left in it, too.
prepare() { # TEST...
    mkdir -p "$tree"
    (cd "$source" && find . \( -path ./build -o -path ./.git \) -prune -o -type f -print) | while read -r file; do
        if ! cmp -s "$source/$file" "$tree/$file"; then
            mkdir -p "$tree/${file%/*}"
            cp "$source/$file" "$tree/$file"
        fi
    done
    (cd "$tree" && cmake --preset dev -DCMAKE_CXX_FLAGS= -DCMAKE_CXX_FLAGS_DEBUG=-O0 >"$folder/build.log" 2>&1) ||
        { cat "$folder/build.log"; fail "the copy is not configured"; }
    names=$(echo "$*" | tr ' ' '|')
    if ctest --test-dir "$tree/build/dev" -N -R "^($names)\$" | grep -q ' servers\.up$'; then
        "$tree/tests/servers.sh" up "$tree/build/dev/tests/servers.txt"
    fi
    # What fails anyhow notices nothing.
    for test in "$@"; do
        build "$(target_of "$test")" || { cat "$folder/build.log"; fail "$test is not built"; }
        passes "$test" || { cat "$folder/test.log"; fail "$test fails without any error put in"; }
    done
}

# Says what became of one error: the test that noticed it, or that it lives.
outcome() { # ENTRY
    file=$(cat "$1/file")
    cp "$tree/$file" "$folder/sound"
    replaced "$1/old" "$1/new" "$folder/sound" >"$tree/$file"
    said=lives
    for test in $(cat "$1/by"); do
        if ! build "$(target_of "$test")"; then
            said="does not compile"
            break
        fi
        if ! passes "$test"; then
            said="noticed by $test"
            break
        fi
    done
    cp "$folder/sound" "$tree/$file"
    echo "$said"
}

shard=1/1
only=
folder=$source/build/mutants
verb=${1-}
[ $# -eq 0 ] || shift
while [ $# -ge 2 ]; do
    case $1 in
    --shard) shard=$2 ;;
    --only) only=$2 ;;
    --folder) folder=$2 ;;
    *) break ;;
    esac
    shift 2
done
[ $# -gt 0 ] || set -- "$here"/*.list

case $verb in
check)
    entries=$(mktemp -d)
    trap 'rm -rf "$entries"' EXIT
    split "$entries" "$@"
    check "$entries"
    ;;
run)
    mkdir -p "$folder"
    folder=$(cd "$folder" && pwd)
    tree=$folder/tree
    entries=$folder/entries
    outcomes=$folder/outcomes
    rm -rf "$entries"
    mkdir "$entries"
    touch "$outcomes"
    split "$entries" "$@"
    check "$entries" || fail "the lists do not fit the sources"
    [ -z "$only" ] || for entry in "$entries"/*; do
        cat "$entry"/* | grep -qF -e "$only" || rm -r "$entry"
    done
    number=0
    for entry in "$entries"/*; do
        number=$((number + 1))
        [ $((number % ${shard#*/})) -eq $((${shard%/*} % ${shard#*/})) ] || rm -r "$entry"
    done
    ls "$entries"/* >/dev/null 2>&1 || fail "no entry is left to run"
    # shellcheck disable=SC2046 # one word a test
    prepare $(cat "$entries"/*/by 2>/dev/null | tr ' ' '\n' | sort -u)
    sources=$(cd "$tree" && find CMakeLists.txt CMakePresets.json cmake examples include tests -type f ! -path 'tests/mutants/*' |
        sort | xargs sha256sum | sha256sum)

    noticed=0
    equal=0
    wrong=0
    for entry in "$entries"/*; do
        if [ -e "$entry/equal" ]; then
            said="changes nothing: $(cat "$entry/equal")"
            equal=$((equal + 1))
        else
            key=$(echo "$sources" | cat - "$entry/file" "$entry/old" "$entry/new" "$entry/by" | sha256sum | cut -c 1-64)
            said=$(sed -n "s/^$key //p" "$outcomes")
            if [ -z "$said" ]; then
                said=$(outcome "$entry")
                echo "$key $said" >>"$outcomes"
            fi
            case $said in
            noticed*) noticed=$((noticed + 1)) ;;
            *) wrong=$((wrong + 1)) ;;
            esac
        fi
        echo "$(cat "$entry/list"), $(sed 's,^include/jackpot/,,' "$entry/file"): $(head -n 1 "$entry/user"): $said"
        case $said in lives | "does not compile") sed 's/^/  -/' "$entry/old"; sed 's/^/  +/' "$entry/new" ;; esac
    done
    echo "$((noticed + equal + wrong)) errors, $noticed noticed, $equal shown to change nothing, $wrong not noticed"
    [ "$wrong" -eq 0 ] || exit 1
    ;;
*)
    sed -n '4,9s/^# \{0,1\}//p' "$0"
    exit 2
    ;;
esac
