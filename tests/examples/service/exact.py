#!/usr/bin/python3
# SPDX-License-Identifier: BSL-1.0
"""exact.py SERVICE MIGRATOR sqlite|postgresql|mysql SERVERS_SH [KILLS]: keyed clients that try again while the service is
killed and started, and the database, too. At the end each acknowledged key is in the journal once, the meters are the
sum of it exactly, and the migrator finds nothing."""
import http.client
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time

from running import Running

CLIENTS = 8


class Database:
    """A server of its own, whose data outlive it, or a file."""

    def __init__(self, engine, servers, folder):
        self.engine, self.servers, self.folder = engine, servers, os.path.join(folder, "data")
        if engine != "sqlite":
            os.mkdir(self.folder)
            os.chmod(folder, 0o711)
        self.url = f"sqlite://{self.folder}.sqlite" if engine == "sqlite" else self.start()

    def start(self):
        return subprocess.run([self.servers, "start", self.engine, self.folder], check=True, stdout=subprocess.PIPE,
                              text=True).stdout.strip()

    def kill(self):
        if self.engine != "sqlite":
            subprocess.run([self.servers, "kill", self.engine, self.folder], check=True, stdout=subprocess.DEVNULL)

    def stop(self):
        if self.engine != "sqlite":
            subprocess.run([self.servers, "stop", self.engine, self.folder], check=False, stdout=subprocess.DEVNULL)


class Client(threading.Thread):
    def __init__(self, service, number, ending):
        super().__init__()
        self.service, self.number, self.ending = service, number, ending
        self.acknowledged, self.retries, self.wrong = {}, 0, []

    def run(self):
        connection = None
        count = 0
        while not self.ending.is_set():
            count += 1
            key = f"c{self.number}-{count}"
            body = json.dumps({"gameId": "g", "wagerAmount": 1000 + self.number})
            while True:
                try:
                    connection = connection or http.client.HTTPConnection("127.0.0.1", self.service.port, timeout=15)
                    connection.request("POST", "/api/jackpot/contribute", body,
                                       {"Content-Type": "application/json", "Idempotency-Key": key})
                    answer = connection.getresponse()
                    text = answer.read()
                    if answer.status == 200:
                        self.acknowledged[key] = json.loads(text)["totalContribution"]
                        break
                    if answer.status != 503:
                        self.wrong.append(text)
                        return
                except (OSError, http.client.HTTPException):
                    connection = None
                self.retries += 1
                time.sleep(0.02)


def audit(migrator, url):
    subprocess.run([migrator, "validate", url], check=True, env={"PATH": os.environ["PATH"]}, stdout=subprocess.DEVNULL)


def main():
    program, migrator, engine, servers = sys.argv[1:5]
    kills = int(sys.argv[5]) if len(sys.argv) > 5 else 3
    seed = random.randrange(10**9)
    print("seed", seed)
    draw = random.Random(seed)
    with tempfile.TemporaryDirectory(prefix="jackpot-", dir="/dev/shm" if os.path.isdir("/dev/shm") else None) as folder:
        database = Database(engine, servers, folder)
        try:
            with Running(program, database.url) as service:
                ending = threading.Event()
                clients = [Client(service, i, ending) for i in range(CLIENTS)]
                for client in clients:
                    client.start()
                try:
                    for turn in range(kills):
                        time.sleep(draw.uniform(0.2, 0.6))
                        # Every other time the service, and in order every third time; else the database.
                        if engine == "sqlite" or turn % 2 == 0:
                            service.end(signal.SIGTERM if turn % 3 == 2 else signal.SIGKILL)
                            service.start()
                        else:
                            database.kill()
                            time.sleep(draw.uniform(0, 0.5))
                            database.start()
                    time.sleep(0.3)
                finally:
                    ending.set()
                    for client in clients:
                        client.join()
                check(service, clients)
                assert service.end() == 0, service.said()
            audit(migrator, database.url)
        finally:
            database.stop()


def check(service, clients):
    wrong = [text for client in clients for text in client.wrong]
    assert not wrong, wrong[:3]
    acknowledged = {key: sum for client in clients for key, sum in client.acknowledged.items()}
    assert len(acknowledged) > 50, len(acknowledged)
    keys = [o["key"] for o in service.history() if o["kind"] == "contributed"]
    assert len(set(keys)) == len(keys), "a key counts twice"
    assert set(keys) == set(acknowledged), set(keys) ^ set(acknowledged)
    status, _, sums = service.ask("GET", "/api/jackpot/statistics")
    assert status == 200 and sums["totalContributions"] == sum(acknowledged.values()), (sums, sum(acknowledged.values()))
    print(len(acknowledged), "acknowledged,", sum(c.retries for c in clients), "retries")


main()
