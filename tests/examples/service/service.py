# SPDX-License-Identifier: BSL-1.0
"""The running service with the guide's three pools, and what the tests of its page and its rules ask of it."""
import json
import time
import urllib.request

from running import Running, free_port  # noqa: F401

POOLS = [{"group": "minor", "seedAmount": 10_000, "maxAmount": 100_000_000, "contributionRate": "0.02"},
         {"group": "major", "seedAmount": 100_000, "maxAmount": 1_000_000_000, "contributionRate": "0.01"},
         {"group": "mega", "seedAmount": 1_000_000, "maxAmount": None, "contributionRate": "0.005"}]


def wait_for(process, said, done, otherwise, seconds=30):
    """Waits until `done()` is true, as long as the process lives; what it throws is not yet."""
    until = time.monotonic() + seconds
    while True:
        try:
            if done():
                return
        except OSError:
            pass
        if process.poll() is not None or time.monotonic() > until:
            raise AssertionError(f"{otherwise}:\n{said()[-2000:]}")
        time.sleep(0.05)


class Service(Running):
    def __init__(self, program, url="memory", pools=POOLS):
        super().__init__(program, url, {"pools": pools})

    def url_of(self, path):
        return f"http://127.0.0.1:{self.port}{path}"

    def get(self, path):
        with urllib.request.urlopen(self.url_of(path), timeout=10) as answer:
            return answer.read()

    def post(self, path, body):
        status, _, answer = self.ask("POST", path, body)
        assert status in (200, 201), answer
        return answer

    def amounts(self):
        return {group: pool["currentAmount"] for group, pool in json.loads(self.get("/api/jackpot/pools"))["pools"].items()}

    def wait(self, done, otherwise, seconds=30):
        wait_for(self.process, self.said, done, otherwise, seconds)
