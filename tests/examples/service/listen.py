#!/usr/bin/python3
# SPDX-License-Identifier: BSL-1.0
"""listen.py SERVICE: it listens at the file of a socket, at a descriptor that it is given, and at the socket of systemd, to
which it tells that it is ready and that it ends. Clients who come while it is started anew wait there, and are answered."""
import json
import os
import signal
import socket
import sys

from running import Running

WAGER = {"gameId": "g", "wagerAmount": 1000}


def serves(service):
    status, _, body = service.ask("POST", "/api/jackpot/contribute", WAGER)
    assert (status, body["success"]) == (200, True), body
    # Whoever has said all may shut its side: the answers come, and the end.
    with service.connect() as s:
        s.sendall(b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n" * 2)
        s.shutdown(socket.SHUT_WR)
        answers = b""
        while piece := s.recv(65536):
            answers += piece
        assert answers.count(b"HTTP/1.1 200 OK\r\n") == 2, answers
    with service.connect() as s:
        s.sendall(b"GET /api/jackpot/events HTTP/1.1\r\nHost: x\r\n\r\n")
        frames = b""
        while b'"meters"' not in frames:
            piece = s.recv(65536)
            assert piece, frames
            frames += piece


class AtFile(Running):
    def command(self):
        self.file = os.path.join(self.folder.name, "socket")
        return [self.program, f"--listen=unix:{self.file}"]

    def connect(self, timeout=10):
        s = socket.socket(socket.AF_UNIX)
        s.settimeout(timeout)
        s.connect(self.file)
        return s


def at_file(program):
    with AtFile(program) as service:
        serves(service)
        service.end(signal.SIGKILL)
        assert os.path.exists(service.file)  # and is no hindrance
        service.start()
        serves(service)
        assert service.end() == 0, service.said()


class Given(Running):
    """The test holds the socket, as descriptor 3."""

    inherited = (3,)

    def __init__(self, program, socket_3, words, **settings):
        super().__init__(program, **settings)
        self.port = socket_3.getsockname()[1]
        self.words = words

    def command(self):
        return [*self.words[:-1], self.program, self.words[-1]]


def waits_while_it_starts(service):
    """Nobody is refused while it is down."""
    service.end(signal.SIGKILL)
    with service.connect(20) as early:
        body = json.dumps(WAGER).encode()
        early.sendall(b"POST /api/jackpot/contribute HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                      b"Content-Length: %d\r\n\r\n" % len(body) + body)
        service.start()
        answer = early.recv(65536)
        assert answer.startswith(b"HTTP/1.1 200 "), answer


def at_descriptor(program, socket_3):
    with Given(program, socket_3, ["--listen=fd:3"]) as service:
        serves(service)
        waits_while_it_starts(service)


def at_systemd(program, socket_3):
    # $$ stays the process's number when the service takes the shell's place. Its own address comes after the socket.
    shell = ["sh", "-c", 'LISTEN_PID=$$ exec "$@"', "sh", "--listen=127.0.0.1:1"]
    service = Given(program, socket_3, shell)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(os.path.join(service.folder.name, "notify"))
        systemd.settimeout(20)
        service.settings.update(LISTEN_FDS="1", NOTIFY_SOCKET=systemd.getsockname())
        with service:
            assert systemd.recv(100) == b"READY=1"
            serves(service)
            waits_while_it_starts(service)
            assert systemd.recv(100) == b"READY=1"
            assert service.end() == 0, service.said()
            assert systemd.recv(100) == b"STOPPING=1"


def main():
    program = sys.argv[1]
    at_file(program)
    listening = socket.create_server(("127.0.0.1", 0))
    os.dup2(listening.fileno(), 3)
    at_descriptor(program, listening)
    at_systemd(program, listening)


main()
