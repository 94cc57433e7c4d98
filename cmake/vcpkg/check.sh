#!/bin/sh
# SPDX-License-Identifier: BSL-1.0
# check.sh VCPKG_ROOT [option...]: installs the port from a clone of this checkout's last commit with a real
# vcpkg (a git checkout of it, bootstrapped), as an overlay and from the registry, and builds a consumer that
# finds the library there. Options go to each `vcpkg install`. The first failure ends it.
set -eu
root=$(cd "$1" && pwd)
shift
checkout=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
git clone -q "$checkout" "$work/jackpot"
port=$work/jackpot/cmake/vcpkg
cd "$work" # away from vcpkg.json, beside which vcpkg would install that

"$root/vcpkg" format-manifest "$work/jackpot/vcpkg.json" "$port/ports/jackpot/vcpkg.json"
git -C "$work/jackpot" diff --exit-code
echo "format-manifest changes nothing"

# The checks after a build are errors, not warnings; no binary of an older checkout is taken from a cache.
install() {
    installed=$1
    shift
    "$root/vcpkg" install --vcpkg-root="$root" --enforce-port-checks --no-binarycaching \
        --x-install-root="$installed" --x-buildtrees-root="$work/buildtrees" \
        --x-packages-root="$work/packages" "$@" >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
    if grep -i 'warning' "$work/log"; then exit 1; fi
}

# consumer INSTALLED [component]
consumer() {
    cmake -S "$work/jackpot/tests/packaging/find_package" -B "$1/consumer" -G Ninja -DCOMPONENTS="${2-}" \
        -DCMAKE_TOOLCHAIN_FILE="$root/scripts/buildsystems/vcpkg.cmake" \
        -DVCPKG_MANIFEST_MODE=OFF -DVCPKG_INSTALLED_DIR="$1" >"$work/log" 2>&1 &&
        cmake --build "$1/consumer" >>"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
    "$1/consumer/consumer"
}

install "$work/core" --overlay-ports="$port/ports" jackpot "$@"
consumer "$work/core"
echo "jackpot: installed, its consumer runs"

# As cmake/README.md says it.
said=$(sh "$checkout/tests/block.sh" cmake/README.md sh vcpkg)
eval "install \"\$work/sql\" ${said#vcpkg install} \"\$@\""
consumer "$work/sql" soci
echo "jackpot[soci,sqlite3]: installed, its consumer runs"

install "$work/compiled" --overlay-ports="$port/ports" 'jackpot[compiled,soci,sqlite3]' "$@"
consumer "$work/compiled" compiled
consumer "$work/compiled" soci_compiled
echo "jackpot[compiled,soci,sqlite3]: installed, its consumers run"

mkdir project
cd project
cat >vcpkg.json <<'END'
{ "dependencies": ["jackpot"] }
END
sh "$checkout/tests/block.sh" cmake/README.md json vcpkg |
    sed "s/a commit of vcpkg/$(git -C "$root" rev-parse HEAD)/" >vcpkg-configuration.json
install "$work/project/installed" "$@"
consumer "$work/project/installed"
echo "jackpot from the registry: installed, its consumer runs"
