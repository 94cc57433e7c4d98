# SPDX-License-Identifier: BSL-1.0
"""The service as the tests start it: in a folder of its own, on a free port of 127.0.0.1, and ended at the end."""
import json
import os
import signal
import socket
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path

# The guide's three pools.
POOLS = [{"group": "minor", "seedAmount": 10_000, "maxAmount": 100_000_000, "contributionRate": "0.02"},
         {"group": "major", "seedAmount": 100_000, "maxAmount": 1_000_000_000, "contributionRate": "0.01"},
         {"group": "mega", "seedAmount": 1_000_000, "maxAmount": None, "contributionRate": "0.005"}]


def free_port():
    with socket.socket() as any_socket:
        any_socket.bind(("127.0.0.1", 0))
        return any_socket.getsockname()[1]


class Service:
    def __init__(self, binary, url="memory", pools=True, port=None, **environment):
        self.binary, self.url, self.port = binary, url, port or free_port()
        self.environment = environment
        self.folder = tempfile.TemporaryDirectory(prefix="jackpot-")
        self.process = None
        self.start()
        if pools:
            for pool in POOLS if pools is True else pools:
                self.post("/api/jackpot/pools", pool)

    def start(self):
        # What the caller has of our variables is not for this one: an unknown one would be an error.
        clean = {name: value for name, value in os.environ.items() if not name.startswith("JACKPOT_")}
        settings = {"JACKPOT_URL": self.url, "JACKPOT_LISTEN": f"127.0.0.1:{self.port}", **self.environment}
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen([self.binary], env={**clean, **settings}, stdout=log, stderr=log, cwd=self.folder.name)
        self.wait(lambda: self.get("/livez"), "it does not serve")

    @property
    def log(self):
        return Path(self.folder.name) / "log"

    def wait(self, done, otherwise, seconds=30):
        """Waits until `done()` is true; what it throws is not yet."""
        until = time.monotonic() + seconds
        while True:
            try:
                if done():
                    return
            except OSError:
                pass
            if self.process.poll() is not None or time.monotonic() > until:
                raise AssertionError(f"{otherwise}:\n{self.log.read_text(errors='replace')[-2000:]}")
            time.sleep(0.05)

    def url_of(self, path):
        return f"http://127.0.0.1:{self.port}{path}"

    def get(self, path):
        with urllib.request.urlopen(self.url_of(path), timeout=10) as answer:
            return answer.read()

    def post(self, path, body):
        request = urllib.request.Request(self.url_of(path), json.dumps(body).encode(), {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.loads(answer.read())

    def pools(self):
        return json.loads(self.get("/api/jackpot/pools"))["pools"]

    def end(self, how=signal.SIGTERM):
        if self.process.poll() is None:
            self.process.send_signal(how)
        return self.process.wait(60)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end(signal.SIGKILL)
        self.folder.cleanup()
