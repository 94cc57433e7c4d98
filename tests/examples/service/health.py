#!/usr/bin/python3
# SPDX-License-Identifier: BSL-1.0
"""health.py SERVICE SERVERS_SH: what the service says of itself is measured. Under load PostgreSQL is stopped, a disk is
full, a row is edited by hand, a store is sealed, a KPI is missed. Each time clients, health, readiness and metrics are told
the same, nothing that was acknowledged is lost, and all comes back without a restart."""
import contextlib
import itertools
import os
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time

from running import Running


def until(seconds, what, check):
    end = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < end, what
        time.sleep(0.05)


WAGER = {"gameId": "g", "wagerAmount": 1000}


@contextlib.contextmanager
def clients(service):
    """Four clients with keys, who try again until they are answered. At the end each of their keys is in the journal once,
    and no other. Gives the set of the answers so far: their statuses and codes."""
    ending, answers, keys = threading.Event(), set(), []

    def post(name):
        for count in itertools.count():
            key, status, end = f"{name}-{count}", None, time.monotonic() + 60
            while status != 200 and time.monotonic() < end:
                status, _, body = service.ask("POST", "/api/jackpot/contribute", WAGER, {"Idempotency-Key": key})
                answers.add((status, body.get("code")))
                time.sleep(0.01)
            if status == 200:
                keys.append(key)
            if ending.is_set():
                return

    threads = [threading.Thread(target=post, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    try:
        until(10, "a wager is taken", lambda: keys)
        yield answers
    finally:
        ending.set()
        for thread in threads:
            thread.join()
    journal = [o["key"] for o in service.history() if "key" in o]
    assert sorted(journal) == sorted(keys), (len(journal), len(keys))


def stopped_database(program, servers, folder):
    data = os.path.join(folder, "postgresql")
    os.mkdir(data)
    os.chmod(folder, 0o711)

    def server(verb):
        return subprocess.run([servers, verb, "postgresql", data], check=True, stdout=subprocess.PIPE, text=True).stdout.strip()

    url = server("start")
    try:
        with Running(program, url) as service:
            until(10, "ready", lambda: service.ask("GET", "/readyz")[0] == 200)
            with clients(service) as answers:
                server("kill")
                try:
                    # Three seconds, and as much again for a machine with other work.
                    until(6, "the database is seen to be gone", lambda: service.ask("GET", "/api/health/database")[0] == 503)
                    status, _, report = service.ask("GET", "/api/health/database")
                    assert report["status"] == "fail" and "host=" not in str(report), report
                    assert service.ask("GET", "/livez")[0] == 200
                    status, _, text = service.ask("GET", "/readyz")
                    assert status == 503 and text.startswith("store: "), text
                    assert "jackpot_store_up 0\n" in service.ask("GET", "/metrics")[2]
                    assert service.ask("GET", "/api/jackpot/pools")[0] == 503
                finally:
                    server("start")
                until(20, "the database is seen again", lambda: service.ask("GET", "/api/health/database")[0] == 200)
                until(5, "ready again", lambda: service.ask("GET", "/readyz")[0] == 200)
            assert {status for status, _ in answers} == {200, 503}, answers
            assert "jackpot_store_up 1\n" in service.ask("GET", "/metrics")[2]
    finally:
        server("stop")


class OnSmallDisk(Running):
    """Its folder `disk` is a file system of a megabyte that nobody else sees."""

    def command(self):
        self.disk = os.path.join(self.folder.name, "disk")
        os.makedirs(self.disk, exist_ok=True)
        mount = 'mount -t tmpfs -o size=1m jackpot "$0" && exec "$@"'
        return ["unshare", "--mount", "sh", "-c", mount, self.disk, *super().command()]

    def ballast(self):
        return f"/proc/{self.process.pid}/root{self.disk}/ballast"

    def fill(self):
        with open(self.ballast(), "wb", buffering=0) as file:
            for size in (4096, 1):
                with contextlib.suppress(OSError):
                    while file.write(b"x" * size):
                        pass


def full_disk(program):
    if os.geteuid() != 0 and os.environ.get("CI") != "true":
        print("no full disk: only root mounts one")
        return
    with OnSmallDisk(program) as service:
        service.end()
        service.settings["JACKPOT_URL"] = f"sqlite://{service.disk}/full.sqlite"
        service.start()
        with clients(service) as answers:
            service.fill()
            until(10, "a wager is refused", lambda: (503, "unavailable") in answers)
            # What was committed can still be read: the store is up. That commits fail, the KPI of errors shows.
            until(10, "the errors are seen", lambda: service.ask("GET", "/api/health/jackpot")[0] == 503)
            report = service.ask("GET", "/api/health/jackpot")[2]
            assert report["checks"]["kpi:errorRate"][0]["status"] == "fail", report
            assert service.ask("GET", "/api/jackpot/pools")[0] == 200
            assert service.ask("GET", "/livez")[0] == service.ask("GET", "/readyz")[0] == 200
            assert value(service, 'jackpot_operations_total{operation="contribute",result="unavailable"}') > 0
            os.unlink(service.ballast())
            taken = value(service, 'jackpot_operations_total{operation="contribute",result="ok"}')
            until(10, "wagers are taken again",
                  lambda: value(service, 'jackpot_operations_total{operation="contribute",result="ok"}') > taken)
        assert {status for status, _ in answers} == {200, 503}, answers
        assert service.ask("GET", "/api/health/database")[0] == 200


def value(service, metric):
    return float(next(line for line in service.ask("GET", "/metrics")[2].splitlines() if line.startswith(metric + " ")).split()[-1])


def edited_row(program, folder):
    file = f"{folder}/edited.sqlite"

    def edit(by):
        with contextlib.closing(sqlite3.connect(file, timeout=10)) as rows, rows:
            rows.execute("PRAGMA ignore_check_constraints = ON")
            rows.execute("UPDATE jackpots SET current_amount = current_amount + ? WHERE \"group\" = 'minor'", (by,))

    with Running(program, f"sqlite://{file}") as service:
        until(5, "sound", lambda: service.ask("GET", "/api/health/jackpot")[0] == 200)
        edit(1)
        until(5, "the edited row is seen", lambda: service.ask("GET", "/api/health/jackpot")[0] == 503)
        _, _, report = service.ask("GET", "/api/health/jackpot")
        assert report["pools"]["minor"]["status"] == "fail" and report["pools"]["major"]["status"] == "pass", report
        assert "jackpot_audit_clean 0\n" in service.ask("GET", "/metrics")[2]
        assert service.ask("GET", "/health")[0] == 503
        edit(-1)
        until(5, "the row is sound again", lambda: service.ask("GET", "/api/health/jackpot")[0] == 200)
        assert "jackpot_audit_clean 1\n" in service.ask("GET", "/metrics")[2]
        with clients(service) as answers:
            pass
        assert answers == {(200, None)}, answers


def sealed(program):
    with Running(program) as service, clients(service) as answers:
        assert service.ask("POST", "/api/jackpot/seal")[2]["sealed"]
        until(5, "the seal is seen", lambda: service.ask("GET", "/readyz")[2] == "store: store_sealed\n")
        status, fields, body = service.ask("POST", "/api/jackpot/contribute", WAGER)
        assert (status, fields["Retry-After"], body["code"]) == (503, "30", "store_sealed"), body
        report = service.ask("GET", "/api/health/jackpot")[2]
        assert report["checks"]["journal:sealed"][0]["status"] == "fail", report
        assert service.ask("GET", "/api/health/database")[0] == 200  # it is there, and takes nothing
        assert not service.ask("POST", "/api/jackpot/unseal")[2]["sealed"]
        until(5, "ready", lambda: service.ask("GET", "/readyz")[0] == 200)
    assert answers == {(200, None), (503, "store_sealed")}, answers


def missed_kpi(program, folder):
    """A contribution behind somebody's lock takes longer than its target; many that do not make it one of few."""
    file = f"{folder}/slow.sqlite"

    def kpis():
        return service.ask("GET", "/api/metrics/jackpot", headers={"Accept": "application/json"})[2]["kpis"]

    with Running(program, f"sqlite://{file}") as service:
        other = sqlite3.connect(file, isolation_level=None, timeout=10)
        other.execute("BEGIN IMMEDIATE")
        poster = threading.Thread(target=service.ask, args=("POST", "/api/jackpot/contribute", WAGER))
        poster.start()
        time.sleep(0.8)
        other.execute("COMMIT")
        other.close()
        poster.join()
        missed = kpis()
        assert missed["contributionTime"]["status"] == "fail" and missed["contributionTime"]["value"] > 0.5, missed
        assert missed["winTime"]["status"] == "pass" and missed["winTime"]["value"] is None, missed
        assert service.ask("GET", "/api/health/jackpot")[2]["status"] == "fail"
        assert value(service, 'jackpot_operation_duration_seconds_bucket{operation="contribute",le="0.5"}') == 0
        assert value(service, 'jackpot_operation_duration_seconds_count{operation="contribute"}') == 1
        assert service.ask("GET", "/readyz")[0] == 200  # slow is not gone
        until(60, "the KPI is met again", lambda: service.ask("POST", "/api/jackpot/contribute", WAGER)[0] == 200
              and kpis()["contributionTime"]["status"] == "pass")
        assert service.ask("GET", "/api/health/jackpot")[2]["checks"]["kpi:contributionTime"][0]["status"] == "pass"


with tempfile.TemporaryDirectory(prefix="jackpot-", dir="/dev/shm" if os.path.isdir("/dev/shm") else None) as folder:
    stopped_database(sys.argv[1], sys.argv[2], folder)
    full_disk(sys.argv[1])
    edited_row(sys.argv[1], folder)
    sealed(sys.argv[1])
    missed_kpi(sys.argv[1], folder)
