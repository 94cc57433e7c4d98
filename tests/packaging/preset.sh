#!/bin/sh
# SPDX-License-Identifier: BSL-1.0
# preset.sh SOURCE FOLDER COMPILER: README's two commands for libjackpot alone, in FOLDER: what they make, a program in C
# links and runs, and nothing else is made. Unoptimised, for what is looked at is what is built.
set -eu
source=$1
folder=$2
cd "$source"
cmake --preset c-api --fresh -B "$folder" -DCMAKE_CXX_COMPILER="$3" -DCMAKE_CXX_FLAGS_RELEASE=-O0
cmake --build "$folder"
made=$(find "$folder" -maxdepth 1 -name 'libjackpot.so')
[ "$made" ] || { echo "no libjackpot"; exit 1; }
more=$(find "$folder" -name '*.o' | grep -v '/c_api\.cpp\.o$') || true
[ -z "$more" ] || { echo "it compiles more: $more"; exit 1; }
cc -std=c99 -Iinclude tests/packaging/c_api/consumer.c -L"$folder" -ljackpot -Wl,-rpath,"$folder" -o "$folder/consumer"
"$folder/consumer"
