#!/bin/sh
# SPDX-License-Identifier: BSL-1.0
# tests/long.sh [SEEDS=10] [KILLS=50]: what takes too long for every push. All tests under AddressSanitizer and
# UndefinedBehaviorSanitizer, the memory store's under ThreadSanitizer, 20,000 wagers through each crash, ten minutes of
# a Galera cluster whose nodes come and go, ten minutes (JACKPOT_SOAK_SECONDS) of load on the service, model runs from
# random seeds, 20,000 broken documents for a rollback, JACKPOT_SIMULATED=1000000000 operations simulated (a run that is
# stopped goes on in the next), the service's page in a real browser, killed migrations, 200,000 wagers from each engine
# to each other, the migrator's memory with journals of a million operations, ten minutes of each fuzzer, README.md's two
# commands on a bare machine, and every error of tests/mutants.
# `cmake/run test` installs what it needs, but for chromium, chromium-driver and python3-selenium.
set -eu
cd "$(dirname "$0")/.."
seeds=${1-10}
kills=${2-50}

for preset in asan tsan dev; do
    cmake --preset $preset
    cmake --build --preset $preset
done
ctest --preset asan
ctest --preset tsan
JACKPOT_HOT_WAGERS=20000 ctest --preset dev -R '^soci_hot_pool$'
JACKPOT_STANDBY_WAGERS=5000 ctest --preset dev -R '^soci_standby$' --timeout 7200
JACKPOT_GALERA_SECONDS=600 ctest --preset dev -R '^soci_galera$' --timeout 3600
JACKPOT_MODEL_STEPS=20000 ctest --preset dev -R '^soci_model$' --timeout 7200
JACKPOT_BROKEN_DOCUMENTS=20000 ctest --preset dev -R '^migrator_rollback$' --timeout 7200
python3 tests/examples/service/soak.py build/dev/examples/service/jackpot-service build/dev/benchmarks/service_load \
    tests/servers.sh
JACKPOT_MEMORY_WAGERS=1000000 ctest --preset dev -R '^migrator_memory$' --timeout 7200
cmake --preset fuzz -DJACKPOT_FUZZ_SECONDS=600
cmake --build --preset fuzz
ctest --preset fuzz

while [ "$seeds" -gt 0 ]; do
    seed=$(od -An -N4 -tu4 /dev/urandom | tr -d ' ')
    echo "model run from seed $seed"
    JACKPOT_MODEL_SEED=$seed JACKPOT_MODEL_STEPS=100000 build/dev/tests/contract/test_model
    seeds=$((seeds - 1))
done
c++ -std=c++20 -O2 -Iinclude tests/simulation/simulate.cpp tests/simulation/scenes.cpp -o build/simulate
build/simulate --seed 2 --operations "${JACKPOT_SIMULATED-1000000000}" --resume-file build/simulated
CI=true /usr/bin/python3 tests/examples/service/page.py "$PWD" build/dev/examples/service/jackpot-service
tests/contract/cross.sh build/dev/examples/replay
tests/examples/kill_migrate.sh build/dev/examples/migrator "$kills"
tests/examples/kill_write_behind.sh build/dev/examples/write_behind "$kills"
tests/examples/kill_love.sh build/dev/libjackpot.so build/dev/examples/migrator "$kills"
servers=$(mktemp -u)
tests/servers.sh up "$servers"
tests/examples/migrate_around.sh build/dev/examples/migrator tests/servers.sh "$servers" 200000
tests/servers.sh down "$servers"
tests/packaging/bare.sh whole
tests/mutants/run.sh run
