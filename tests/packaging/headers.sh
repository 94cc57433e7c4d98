#!/bin/sh
# SPDX-License-Identifier: BSL-1.0
# headers.sh INCLUDE INSTALLED: the same headers are in both folders, byte for byte. Documents and lists of headers are not installed.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
list() { # FOLDER
    (cd "$1" && find . -type f ! -name README.md ! -name CMakeLists.txt -exec cksum {} + | sort -k 3)
}
list "$1" >"$work/ours"
list "$2" >"$work/installed"
[ -s "$work/ours" ]
diff "$work/ours" "$work/installed"
