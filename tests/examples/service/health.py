#!/usr/bin/python3
# SPDX-License-Identifier: BSL-1.0
"""health.py SERVICE SERVERS_SH: what the service says of itself is measured. PostgreSQL is stopped under load and started
again, a row is edited by hand, a store is sealed, a KPI is missed."""
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


def stopped_database(program, servers, folder):
    data = os.path.join(folder, "postgresql")
    os.mkdir(data)
    os.chmod(folder, 0o711)

    def server(verb):
        return subprocess.run([servers, verb, "postgresql", data], check=True, stdout=subprocess.PIPE, text=True).stdout.strip()

    url = server("start")
    try:
        with Running(program, url) as service:
            ending, statuses = threading.Event(), set()

            def load():
                while not ending.is_set():
                    statuses.add(service.ask("POST", "/api/jackpot/contribute", {"gameId": "g", "wagerAmount": 1000})[0])
                    time.sleep(0.01)

            posters = [threading.Thread(target=load) for _ in range(4)]
            for poster in posters:
                poster.start()
            until(10, "ready", lambda: service.ask("GET", "/readyz")[0] == 200)
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
            ending.set()
            for poster in posters:
                poster.join()
            assert statuses == {200, 503}, statuses
            assert "jackpot_store_up 1\n" in service.ask("GET", "/metrics")[2]
    finally:
        server("stop")


def edited_row(program, folder):
    file = f"{folder}/edited.sqlite"
    with Running(program, f"sqlite://{file}") as service:
        until(5, "sound", lambda: service.ask("GET", "/api/health/jackpot")[0] == 200)
        with sqlite3.connect(file, timeout=10) as rows:
            rows.execute("PRAGMA ignore_check_constraints = ON")
            rows.execute("UPDATE jackpots SET current_amount = current_amount + 1 WHERE \"group\" = 'minor'")
        until(5, "the edited row is seen", lambda: service.ask("GET", "/api/health/jackpot")[0] == 503)
        _, _, report = service.ask("GET", "/api/health/jackpot")
        assert report["pools"]["minor"]["status"] == "fail" and report["pools"]["major"]["status"] == "pass", report
        assert "jackpot_audit_clean 0\n" in service.ask("GET", "/metrics")[2]


def sealed(program):
    with Running(program) as service:
        assert service.ask("POST", "/api/jackpot/seal")[2]["sealed"]
        until(5, "the seal is seen", lambda: service.ask("GET", "/readyz")[2] == "store: store_sealed\n")
        status, fields, body = service.ask("POST", "/api/jackpot/contribute", {"gameId": "g", "wagerAmount": 1000})
        assert (status, fields["Retry-After"], body["code"]) == (503, "30", "store_sealed"), body
        assert not service.ask("POST", "/api/jackpot/unseal")[2]["sealed"]
        until(5, "ready", lambda: service.ask("GET", "/readyz")[0] == 200)


def missed_kpi(program, folder):
    """A contribution behind somebody's lock takes longer than its target."""
    file = f"{folder}/slow.sqlite"
    with Running(program, f"sqlite://{file}") as service:
        other = sqlite3.connect(file, isolation_level=None, timeout=10)
        other.execute("BEGIN IMMEDIATE")
        poster = threading.Thread(target=service.ask, args=("POST", "/api/jackpot/contribute", {"gameId": "g", "wagerAmount": 1}))
        poster.start()
        time.sleep(0.8)
        other.execute("COMMIT")
        other.close()
        poster.join()
        kpis = service.ask("GET", "/api/metrics/jackpot", headers={"Accept": "application/json"})[2]["kpis"]
        assert kpis["contributionTime"]["status"] == "fail" and kpis["contributionTime"]["value"] > 0.5, kpis
        assert kpis["winTime"]["status"] == "pass" and kpis["winTime"]["value"] is None, kpis
        assert service.ask("GET", "/api/health/jackpot")[2]["status"] == "fail"
        assert service.ask("GET", "/readyz")[0] == 200  # slow is not gone


with tempfile.TemporaryDirectory(prefix="jackpot-", dir="/dev/shm" if os.path.isdir("/dev/shm") else None) as folder:
    stopped_database(sys.argv[1], sys.argv[2], folder)
    edited_row(sys.argv[1], folder)
    sealed(sys.argv[1])
    missed_kpi(sys.argv[1], folder)
