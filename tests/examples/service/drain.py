#!/usr/bin/python3
# SPDX-License-Identifier: BSL-1.0
"""drain.py SERVICE: SIGTERM under load. Every answer that a client got is in the journal once, no request of which a byte
was sent is cut, a request that came half before is read and answered, and listeners are told."""
import http.client
import os
import signal
import sys
import tempfile
import threading
import time

from running import Running


class Poster(threading.Thread):
    """Posts on one connection until it is told that this one ends, or nobody is there any more."""

    def __init__(self, service, number):
        super().__init__()
        self.service, self.number, self.keys, self.cut = service, number, [], []

    def run(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.service.port, timeout=20)
        for count in range(100_000):
            key = f"d{self.number}-{count}"
            try:
                connection.request("POST", "/api/jackpot/contribute", '{"gameId":"g","wagerAmount":1000}',
                                   {"Content-Type": "application/json", "Idempotency-Key": key})
                answer = connection.getresponse()
                text = answer.read()
            except (ConnectionError, http.client.RemoteDisconnected):
                return  # a connection that was idle as the service ended
            except (OSError, http.client.HTTPException) as e:
                self.cut.append(repr(e))
                return
            if answer.status != 200:
                self.cut.append(text)
                return
            self.keys.append(key)
            if answer.getheader("Connection") == "close":
                return


def drain_under_load(program, url):
    with Running(program, url) as service:
        posters = [Poster(service, i) for i in range(16)]
        for poster in posters:
            poster.start()
        stream = service.connect()
        stream.sendall(b"GET /api/jackpot/events HTTP/1.1\r\nHost: x\r\n\r\n")
        # Half a request: it has begun.
        body = b'{"gameId":"half","wagerAmount":1000}'
        half = service.connect()
        half.sendall(b"POST /api/jackpot/contribute HTTP/1.1\r\nHost: x\r\nIdempotency-Key: half\r\n"
                     b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body) + body[:9])
        time.sleep(0.5)
        service.process.send_signal(signal.SIGTERM)
        time.sleep(0.3)
        half.sendall(body[9:])
        answer = read_all(half)
        assert answer.startswith(b"HTTP/1.1 200 ") and b"\r\nConnection: close\r\n" in answer, answer
        assert b"event: bye" in read_all(stream)
        for poster in posters:
            poster.join()
        assert service.process.wait(30) == 0, service.said()
        cut = [c for poster in posters for c in poster.cut]
        assert not cut, cut[:3]
        keys = {key for poster in posters for key in poster.keys} | {"half"}
        assert len(keys) > 30, len(keys)
        service.start()
        journal = [o.get("key") for o in service.history() if o["kind"] == "contributed"]
        assert len(journal) == len(set(journal))
        assert keys <= set(journal), keys - set(journal)
        print(len(keys), "acknowledged,", len(journal), "in the journal")


def read_all(connection):
    connection.settimeout(20)
    data = b""
    while piece := connection.recv(65536):
        data += piece
    return data


def not_ready_first(program):
    with Running(program, DRAIN_DELAY=1) as service:
        service.process.send_signal(signal.SIGTERM)
        time.sleep(0.2)
        status, fields, text = service.ask("GET", "/readyz")
        assert status == 503 and "draining" in text and fields["Connection"] == "close", (status, text)
        assert service.ask("GET", "/livez")[0] == 200
        status, _, body = service.ask("POST", "/api/jackpot/contribute", {"gameId": "g", "wagerAmount": 1})
        assert status == 200, body  # what comes before the delay is over is served
        assert service.process.wait(20) == 0


def at_once(program):
    with Running(program, DRAIN_DELAY=30) as service:
        service.process.send_signal(signal.SIGINT)
        time.sleep(0.2)
        service.process.send_signal(signal.SIGINT)
        assert service.process.wait(10) == 130
    with Running(program, DRAIN_TIMEOUT=1) as service:
        half = service.connect()
        half.sendall(b"GET / HTTP/1.1\r\n")
        time.sleep(0.2)
        assert service.end() == 1, service.said()
        assert "the time to drain is over" in service.said()


with tempfile.TemporaryDirectory(prefix="jackpot-", dir="/dev/shm" if os.path.isdir("/dev/shm") else None) as folder:
    drain_under_load(sys.argv[1], f"sqlite://{folder}/drain.sqlite")
not_ready_first(sys.argv[1])
at_once(sys.argv[1])
