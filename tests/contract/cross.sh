#!/bin/sh
# SPDX-License-Identifier: BSL-1.0
# tests/contract/cross.sh REPLAY [TARGET...]: builds replay over the memory store for other machines, without exceptions
# and RTTI, runs the vectors there, 64 and 256 bits wide, and compares with what REPLAY, built for this one,
# prints: byte for byte. Targets, all by default, and the Debian packages that each takes:
#   i386 g++-i686-linux-gnu qemu-user-static       s390x g++-s390x-linux-gnu qemu-user-static
#   aarch64 g++-aarch64-linux-gnu qemu-user-static windows g++-mingw-w64-x86-64-posix wine
#   wasm emscripten                                clang16 clang-16
set -eu
cd "$(dirname "$0")/../.."
replay=$1
shift
[ $# -gt 0 ] || set -- i386 s390x aarch64 windows wasm clang16
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Of this machine's own headers only those that are the same on every other.
mkdir "$work/include"
for headers in tl boost nlohmann; do
    ln -s "/usr/include/$headers" "$work/include/"
done

compile() {
    "$@" -std=c++20 -O1 -fno-exceptions -fno-rtti -DBOOST_NO_EXCEPTIONS -Iinclude -isystem "$work/include" \
        examples/replay/main.cpp
}

for target in "$@"; do
    case $target in
    i386) compile i686-linux-gnu-g++ -static -o "$work/replay" && run="qemu-i386-static $work/replay" ;;
    s390x) compile s390x-linux-gnu-g++ -static -o "$work/replay" && run="qemu-s390x-static $work/replay" ;;
    aarch64) compile aarch64-linux-gnu-g++ -static -o "$work/replay" && run="qemu-aarch64-static $work/replay" ;;
    windows) compile x86_64-w64-mingw32-g++-posix -static -o "$work/replay.exe" && run="wine $work/replay.exe" ;;
    wasm)
        # Emscripten's start-up code takes the fetch of newer nodes for a browser's.
        compile em++ -sNODERAWFS -sALLOW_MEMORY_GROWTH -sEXIT_RUNTIME -o "$work/replay.js"
        run="node --no-experimental-fetch $work/replay.js"
        ;;
    clang16) compile clang++-16 -o "$work/replay" && run=$work/replay ;;
    *) echo "$0: no target $target" >&2 && exit 2 ;;
    esac
    count=0
    for commands in tests/contract/vectors/*.commands.jsonl; do
        for width in "" --wide; do
            # shellcheck disable=SC2086 # words
            "$replay" $width <"$commands" >"$work/here" 2>/dev/null
            # shellcheck disable=SC2086
            WINEDEBUG=-all $run $width <"$commands" 2>/dev/null | tr -d '\r' >"$work/there"  # Windows ends lines so
            cmp "$work/here" "$work/there" || { echo "$target: $commands $width differs" >&2 && exit 1; }
            count=$((count + $(wc -l <"$work/there")))
        done
    done
    echo "$target: $count receipts, the same"
    rm -f "$work"/replay*
done
