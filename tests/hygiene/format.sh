#!/bin/sh
# SPDX-License-Identifier: BSL-1.0
# format.sh SOURCE: every source file is as .clang-format has it.
set -eu
cd "$1"
find include examples tests benchmarks \( -name '*.[ch]' -o -name '*.[ch]pp' \) -exec clang-format --dry-run -Werror {} +
