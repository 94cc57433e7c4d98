# SPDX-License-Identifier: BSL-1.0
"""A service that a test starts, kills and starts again on the same port, and clients that try until they are answered."""
import http.client
import json
import os
import signal
import socket
import subprocess
import tempfile
import time

POOLS = {"pools": [
    {"group": "minor", "seedAmount": 100000, "contributionRate": "0.02"},
    {"group": "major", "seedAmount": 1000000, "contributionRate": "0.01"}]}


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Running:
    """`with Running(program, url) as service:` its variables are the settings alone."""

    inherited = ()  # descriptors

    def __init__(self, program, url="memory", pools=POOLS, **settings):
        self.folder = tempfile.TemporaryDirectory(prefix="jackpot-")
        self.program, self.port, self.process = program, free_port(), None
        file = os.path.join(self.folder.name, "pools.json")
        with open(file, "w") as out:
            json.dump(pools, out)
        self.log = open(os.path.join(self.folder.name, "log"), "w+")
        self.settings = {"JACKPOT_URL": url, "JACKPOT_POOLS_FILE": file, **{f"JACKPOT_{k}": str(v) for k, v in settings.items()}}

    def command(self):
        return [self.program, f"--listen=127.0.0.1:{self.port}"]

    def start(self, wait=True):
        self.process = subprocess.Popen(self.command(), env=self.settings, stdout=self.log, stderr=self.log,
                                        pass_fds=self.inherited)
        until = time.monotonic() + 20
        while wait:
            try:
                return self.connect().close()
            except OSError:
                if self.process.poll() is not None or time.monotonic() > until:
                    raise AssertionError("it does not start:\n" + self.said())
                time.sleep(0.01)

    def connect(self, timeout=10):
        return socket.create_connection(("127.0.0.1", self.port), timeout)

    def end(self, how=signal.SIGTERM):
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(how)
        return self.process.wait(40)

    def said(self):
        self.log.flush()
        with open(self.log.name, errors="replace") as log:
            return log.read()

    def ask(self, method, path, body=None, headers=()):
        """One request on a connection of its own: status, fields, JSON or text."""
        client = http.client.HTTPConnection("127.0.0.1", self.port)
        client.sock = self.connect(20)
        try:
            fields = {"Content-Type": "application/json"} if body is not None else {}
            client.request(method, path, None if body is None else json.dumps(body), {**fields, **dict(headers)})
            answer = client.getresponse()
            text = answer.read().decode()
            return answer.status, dict(answer.getheaders()), json.loads(text) if text.startswith(("{", "[")) else text
        finally:
            client.close()

    def history(self):
        after, all = "", []
        while True:
            status, _, page = self.ask("GET", "/api/jackpot/history?limit=1000" + after)
            assert status == 200, page
            all += page["operations"]
            if "next" not in page:
                return all
            after = "&after=" + page["next"]

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        try:
            self.end(signal.SIGKILL)
        finally:
            self.log.close()
            self.folder.cleanup()
