#!/usr/bin/python3
# SPDX-License-Identifier: BSL-1.0
"""ops.py SOURCE FOLDER [SERVICE]: a real Prometheus answers every query of the dashboard and of the rules. For ops.sh."""
import json
import re
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

from service import Service, free_port, wait_for

source, folder = Path(sys.argv[1]), Path(sys.argv[2])
ops = source / "examples/service/ops"


class Prometheus:
    """Quick: what the rules wait for in minutes takes it seconds."""

    def __init__(self, target):
        self.port = free_port()
        rules = re.sub(r"interval: 15s", "interval: 1s", (ops / "alerts.yml").read_text())
        (folder / "alerts.yml").write_text(re.sub(r"for: \w+", "for: 2s", rules))
        config = (ops / "prometheus.yml").read_text().replace("15s", "1s").replace("127.0.0.1:3000", target)
        (folder / "prometheus.yml").write_text(config)
        self.log = folder / "prometheus.log"
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                ["prometheus", f"--config.file={folder}/prometheus.yml", f"--storage.tsdb.path={folder}/data",
                 f"--web.listen-address=127.0.0.1:{self.port}"], stdout=log, stderr=log)
        self.wait(lambda: urllib.request.urlopen(f"http://127.0.0.1:{self.port}/-/ready", timeout=10), "it does not start")

    def ask(self, what, **query):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/api/v1/{what}?{urllib.parse.urlencode(query)}", timeout=10) as answer:
                return json.loads(answer.read())["data"]
        except urllib.error.HTTPError as refused:
            raise AssertionError(f"{query}: {refused.read().decode()}") from None

    def wait(self, done, otherwise, seconds=30):
        wait_for(self.process, self.log.read_text, done, otherwise, seconds)

    def alerts(self):
        return {each["labels"]["alertname"] for each in self.ask("alerts")["alerts"] if each["state"] == "firing"}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()


def queries():
    """Each query, with where it stands."""
    dashboard = json.loads((ops / "grafana.json").read_text())
    for panel in dashboard["panels"]:
        assert panel["fieldConfig"]["defaults"].get("unit"), f"the panel {panel['title']} has no unit"
        assert panel["targets"], panel["title"]
        for target in panel["targets"]:
            yield panel["title"], target["expr"]
    for note in dashboard["annotations"]["list"]:
        yield note["name"], note["expr"]
    for name, expr in re.findall(r"- (?:record|alert): (\S+)\n\s+expr: (.*)", (ops / "alerts.yml").read_text()):
        yield name, expr


def metrics_of(expr):
    """The metrics that a query names."""
    bare = re.sub(r'"[^"]*"|\{[^}]*\}|\[\w+\]|\bby \([^)]*\)', " ", expr)
    return {word for word in re.findall(r"[a-z][a-z0-9_:]*", bare) if re.match("jackpot|process_|up$", word)}


def check(prometheus, exposed):
    recorded = set(re.findall(r"- record: (\S+)", (ops / "alerts.yml").read_text()))
    every = list(queries())
    assert len(every) > 50, f"only {len(every)} queries were found"
    for where, expr in every:
        prometheus.ask("query", query=expr)
        assert metrics_of(expr), f"{where}: {expr}"
        lacking = metrics_of(expr) - recorded - {"up"} - exposed if exposed else set()
        assert not lacking, f"{where}: the service has no {lacking}"
    print(f"{len(every)} queries answered")


def play(service, wagers=20):
    for _ in range(wagers):
        service.post("/api/jackpot/contribute", {"gameId": "test_game", "wagerAmount": 1000})
    service.post("/api/jackpot/win", {"group": "minor", "gameId": "test_game", "userId": "ann"})


def with_service(binary):
    servers = source / "tests/servers.sh"
    database = subprocess.run(["mktemp", "-d", "/tmp/jackpot.XXXXXX"], check=True, capture_output=True, text=True).stdout.strip()
    Path(database).chmod(0o711)

    def server(verb):
        done = subprocess.run([servers, verb, "postgresql", f"{database}/pg", *(["-c", "fsync=off"] if verb == "start" else [])], check=True, capture_output=True, text=True)
        return done.stdout.strip()

    try:
        url = server("start")
        with Service(binary, url) as service, Prometheus(f"127.0.0.1:{service.port}") as prometheus:
            play(service)
            service.wait(lambda: b"jackpot_pool_wins_total{" in service.get("/metrics"), "it tells of no pool")
            text = service.get("/metrics")
            linted = subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True, check=False)
            assert linted.returncode == 0 and not linted.stderr, f"promtool check metrics: {linted.stderr.decode()}"
            exposed = set(re.findall(r"^([a-z]\w*)", text.decode(), re.M))
            prometheus.wait(lambda: prometheus.ask("query", query="jackpot_store_up == 1")["result"], "it is not scraped")
            play(service)
            check(prometheus, exposed)
            # The values of the KPIs are there as soon as there is a rate.
            for name in ("contribution_seconds:p95", "connections_free:ratio", "errors:ratio"):
                prometheus.wait(lambda name=name: prometheus.ask("query", query=f"jackpot:{name} >= 0")["result"], f"no jackpot:{name}")
            kpis = json.loads(urllib.request.urlopen(urllib.request.Request(
                service.url_of("/api/metrics/jackpot"), headers={"Accept": "application/json"}), timeout=10).read())["kpis"]
            rules = (ops / "alerts.yml").read_text()
            alert_of = {"contributionTime": "SlowContributions", "winTime": "SlowWins", "connectionPool": "ConnectionsShort",
                        "errorRate": "Errors", "migrationSuccess": "MigrationsFail"}
            ruled = {name: float(re.search(rf"alert: {alert}\n\s+expr: \S+ [<>] ([\d.]+)\n", rules)[1]) for name, alert in alert_of.items()}
            assert {name: each["alert"] for name, each in kpis.items()} == ruled, kpis
            assert not prometheus.alerts() - {"ConnectionsShort"}, prometheus.alerts()
            server("stop")
            prometheus.wait(lambda: "StoreDown" in prometheus.alerts(), "StoreDown does not fire")
            assert service.get("/livez")
            server("start")
            prometheus.wait(lambda: "StoreDown" not in prometheus.alerts(), "StoreDown fires on")
            service.wait(lambda: service.get("/readyz"), "it is not ready again")
            play(service, 1)
            service.end()
            prometheus.wait(lambda: "JackpotDown" in prometheus.alerts(), "JackpotDown does not fire")
            print("StoreDown and JackpotDown fired")
    finally:
        server("kill")
        subprocess.run(["rm", "-rf", database], check=True)


if len(sys.argv) > 3:
    with_service(sys.argv[3])
else:
    with Prometheus(f"127.0.0.1:{free_port()}") as alone:
        check(alone, set())
