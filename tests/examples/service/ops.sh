#!/bin/sh
# SPDX-License-Identifier: BSL-1.0
# ops.sh SOURCE [SERVICE]: what examples/service/ops holds is taken by the programs that it is for: the rules and their
# tests by promtool, the units by systemd, every query of the rules and of the dashboard by a real Prometheus. With
# SERVICE, Prometheus scrapes it: each query is about metrics that are there, and the alert of a stopped database fires.
set -eu
source=$1
service=${2-}
tests=$source/tests/examples/service
ops=$source/examples/service/ops
for program in promtool prometheus systemd-analyze; do
    command -v "$program" >/dev/null && continue
    echo "there is no $program: install the Debian packages prometheus and systemd"
    [ "${CI-}" != true ] || exit 1
    exit 77
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

promtool check config "$ops/prometheus.yml" >"$work/said" 2>&1 || { cat "$work/said"; exit 1; }
promtool test rules "$ops/alerts_test.yml" >"$work/said" 2>&1 || { cat "$work/said"; exit 1; }
# Each alert is tested where it fires and where it does not.
for alert in $(sed -n 's/^ *- alert: //p' "$ops/alerts.yml"); do
    grep -q "{alertname: $alert, .*exp_alerts: \[\]}" "$ops/alerts_test.yml" &&
        grep -q "alertname: $alert\$" "$ops/alerts_test.yml" || { echo "$alert is not tested just below and just above"; exit 1; }
done

# The units, with a program that is there.
mkdir "$work/units"
for unit in jackpot.service jackpot.socket; do
    sed 's,^ExecStart=.*,ExecStart=/bin/true,' "$ops/$unit" >"$work/units/$unit"
done
systemd-analyze verify --man=no "$work/units/jackpot.service" "$work/units/jackpot.socket" >"$work/said" 2>&1 ||
    { cat "$work/said"; exit 1; }
[ ! -s "$work/said" ] || { cat "$work/said"; exit 1; }
# 0 is the least that a service can do to its machine, 100 the most.
systemd-analyze security --offline=true --threshold=25 --no-pager "$work/units/jackpot.service" >"$work/said" 2>&1 ||
    { cat "$work/said"; exit 1; }

/usr/bin/python3 "$tests/ops.py" "$source" "$work" ${service:+"$service"}
