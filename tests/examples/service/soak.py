#!/usr/bin/python3
# SPDX-License-Identifier: BSL-1.0
"""soak.py SERVICE LOAD SERVERS_SH [SECONDS]: as many seconds (JACKPOT_SOAK_SECONDS, 600) of load on PostgreSQL, with wins,
listeners, connections that stay, and clients who come and go in the midst of a request. No answer is an error, everything
acknowledged is in the journal, and the service's memory and descriptors are at the end what they were after the beginning."""
import json
import os
import random
import socket
import statistics
import struct
import subprocess
import sys
import tempfile
import threading
import time

from running import Running

HALF = b"POST /api/jackpot/contribute HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"


def come_and_go(service, ending):
    """Connections with half a request, which are closed, half closed, or reset."""
    chance = random.Random(1)
    while not ending.wait(0.02):
        with service.connect() as s:
            s.sendall(HALF[:chance.randrange(len(HALF))])
            how = chance.randrange(3)
            if how == 0:
                s.shutdown(socket.SHUT_WR)
                while s.recv(65536):
                    pass
            elif how == 1:
                s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def memory_kb(pid):
    with open(f"/proc/{pid}/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS:"))


def soak(service, load, seconds):
    before = service.ask("GET", "/api/jackpot/pools")[2]["sequence"]
    clients = subprocess.Popen([load, f"--port={service.port}", "--connections=64", "--listeners=100", "--idle=200", "--wins=0.01",
                                f"--seconds={seconds}"], stdout=subprocess.PIPE)
    ending, samples = threading.Event(), []
    visitor = threading.Thread(target=come_and_go, args=(service, ending))
    visitor.start()
    try:
        while clients.poll() is None:
            time.sleep(min(1, seconds / 30))
            folder = f"/proc/{service.process.pid}/fd"
            samples.append((memory_kb(service.process.pid), len(os.listdir(folder))))
    finally:
        ending.set()
        visitor.join()
        clients.kill()
    got = json.loads(clients.communicate()[0])
    written = service.ask("GET", "/api/jackpot/pools")[2]["sequence"] - before
    assert not got["errors"] and got["acknowledged"] == written > 0, (got, written)

    # Without the first fifth, in which connections and caches grow, and the last moment, in which clients leave.
    samples = samples[len(samples) // 5:-2]
    part = max(1, len(samples) // 4)
    for name, of, room in (("memory, kB", 0, 2048), ("descriptors", 1, 8)):
        first, last = (statistics.median(s[of] for s in some) for some in (samples[:part], samples[-part:]))
        print(f"{name}: {first} after a fifth, {last} at the end; from {min(s[of] for s in samples)} to {max(s[of] for s in samples)}")
        assert last <= 1.02 * first + room, f"{name} grow"
    print(got["acknowledged"], "operations acknowledged, all in the journal;", got["frames"], "frames")


def main():
    program, load, servers = sys.argv[1:4]
    seconds = float(sys.argv[4] if len(sys.argv) > 4 else os.environ.get("JACKPOT_SOAK_SECONDS", 600))
    with tempfile.TemporaryDirectory(prefix="jackpot-") as folder:
        os.chmod(folder, 0o711)
        server = [servers, "start", "postgresql", os.path.join(folder, "postgresql")]
        url = subprocess.run(server, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()
        try:
            # Those who only stay are not to be sent away.
            with Running(program, url, IDLE_TIMEOUT_MS=24 * 3600 * 1000) as service:
                soak(service, load, seconds)
        finally:
            subprocess.run([servers, "stop", *server[2:]], check=True)


main()
