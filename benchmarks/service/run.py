#!/usr/bin/python3
# SPDX-License-Identifier: BSL-1.0
"""run.py [--seconds S] [--turns N] [--short] [--json FILE] SERVICE LOAD SERVERS_SH THREAD_A_CONNECTION

Measures the service under load, beside the same contributions by a server with a thread a connection, in turns, on a
durable PostgreSQL of its own in TMPDIR (/var/tmp); prints a table. Every load must end without an error, with as many
operations in the journal as were acknowledged. --short: few connections, one turn, and no speed is looked at."""
import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "../../tests/examples/service"))
from running import Running  # noqa: E402
from service import POOLS  # noqa: E402


class Watch(threading.Thread):
    """Looks at a process until it is told to end: its threads and its memory, the most of each."""

    def __init__(self, pid):
        super().__init__()
        self.pid, self.ending, self.threads, self.memory_mb = pid, threading.Event(), 0, 0.0

    def run(self):
        while not self.ending.wait(0.1):
            with open(f"/proc/{self.pid}/status") as status:
                words = dict(line.split(":", 1) for line in status)
            self.threads = max(self.threads, int(words["Threads"]))
            self.memory_mb = int(words["VmHWM"].split()[0]) / 1024


def processor_seconds(pid):
    with open(f"/proc/{pid}/stat") as stat:
        user, system = stat.read().rsplit(")", 1)[1].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


class Bench:
    def __init__(self, options, url):
        self.options, self.url, self.figures = options, url, {}

    def measure(self, program, connections, **more):
        """One load on one server that is started for it."""
        o = self.options
        words = [f"--{name}={value}" for name, value in {"connections": connections, "seconds": o.seconds, **more}.items()]
        # With half of its threads in a commit, the other server is at its fastest.
        settings = {"BATCH": connections // 2} if program == o.thread_a_connection else {}
        with Running(program, self.url, {"pools": POOLS}, **settings) as server:
            before = server.ask("GET", "/api/jackpot/pools")[2]["sequence"]
            watch = Watch(server.process.pid)
            watch.start()
            used = processor_seconds(server.process.pid)
            try:
                done = subprocess.run([o.load, f"--port={server.port}", *words], check=True, stdout=subprocess.PIPE,
                                      timeout=o.seconds + 120)
            finally:
                watch.ending.set()
                watch.join()
            got = json.loads(done.stdout)
            used = processor_seconds(server.process.pid) - used
            written = server.ask("GET", "/api/jackpot/pools")[2]["sequence"] - before
            assert not got["errors"], (got, server.said()[-2000:])
            assert got["acknowledged"] == written > 0, (got, written)
            got.update(threads=watch.threads, memory_mb=watch.memory_mb, cpu_us=1e6 * used / written)
            if program == o.service:
                got["kpis"] = server.ask("GET", "/api/metrics/jackpot", headers={"Accept": "application/json"})[2]["kpis"]
        print(os.path.basename(program), *words, json.dumps(got), flush=True)
        return got

    def note(self, figure, target, value):
        self.figures.setdefault((figure, target), []).append(value)

    def turn(self, number):
        o = self.options
        many, most, heard = (20, 100, 10) if o.short else (1000, 10_000, 1000)
        sides = [o.service, o.thread_a_connection]
        # Whoever is first finds the machine as the other does not.
        both = {side: self.measure(side, many) for side in (sides if number % 2 == 0 else sides[::-1])}
        ours, theirs = both[o.service], both[o.thread_a_connection]
        self.note(f"{many} connections, requests, to a thread a connection", "≥ 1.2",
                  ours["requests_per_second"] / theirs["requests_per_second"])
        self.note("the same, processor time of a request", "≤ 0.5", ours["cpu_us"] / theirs["cpu_us"])
        self.note("the same, p99", "", ours["contributions_ms"]["p99"] / theirs["contributions_ms"]["p99"])
        self.note("the same, requests a second of the service", "", ours["requests_per_second"])

        crowd = self.measure(o.service, most)
        self.note(f"{most} connections that all post, requests a second", "", crowd["requests_per_second"])
        self.note("the same, threads", "≤ 4", crowd["threads"])
        self.note("the same, memory, MB", "≤ 150", crowd["memory_mb"])

        ways = [0, heard]
        listened = {way: self.measure(o.service, 64, listeners=way) for way in (ways if number % 2 == 0 else ways[::-1])}
        self.note(f"64 posters, requests beside {heard} listeners, to without", "≥ 0.8",
                  listened[heard]["requests_per_second"] / listened[0]["requests_per_second"])
        assert listened[heard]["frames"] >= heard, listened[heard]

        mixed = self.measure(o.service, 64, wins=0.02)
        self.note("64 connections, contribution p95 as the KPI says, ms", "< 100", 1000 * mixed["kpis"]["contributionTime"]["value"])
        self.note("the same, win p95, ms", "< 150", 1000 * mixed["kpis"]["winTime"]["value"])
        self.note("the same, contribution p95 as a client sees it, ms", "", mixed["contributions_ms"]["p95"])

    def show(self):
        print("\n| figure | median | range | target |\n| --- | --- | --- | --- |")
        for (figure, target), values in self.figures.items():
            low, middle, high = (f"{v:.3g}" if v < 1000 else f"{v:.0f}" for v in
                                 (min(values), statistics.median(values), max(values)))
            print(f"| {figure} | {middle} | {low} to {high} | {target} |")


def main():
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--seconds", type=float)
    words.add_argument("--turns", type=int)
    words.add_argument("--short", action="store_true")
    words.add_argument("--json")
    for program in ("service", "load", "servers", "thread_a_connection"):
        words.add_argument(program)
    options = words.parse_args()
    options.seconds = options.seconds or (0.5 if options.short else 5)
    options.turns = options.turns or (1 if options.short else 3)
    with tempfile.TemporaryDirectory(prefix="jackpot.", dir=os.environ.get("TMPDIR", "/var/tmp")) as folder:
        os.chmod(folder, 0o711)
        server = [options.servers, "start", "postgresql", f"{folder}/postgresql"]
        url = subprocess.run(server, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()
        try:
            bench = Bench(options, url)
            for number in range(options.turns):
                print("load of the machine:", *os.getloadavg(), flush=True)
                bench.turn(number)
        finally:
            subprocess.run([options.servers, "stop", "postgresql", f"{folder}/postgresql"], check=True)
    bench.show()
    if options.json:
        with open(options.json, "w") as out:
            json.dump({figure: {"target": target, "values": values} for (figure, target), values in bench.figures.items()}, out, indent=1)


main()
