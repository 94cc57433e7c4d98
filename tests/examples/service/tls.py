#!/usr/bin/python3
# SPDX-License-Identifier: BSL-1.0
"""tls.py SERVICE: TLS with certificates made here, clients with and without one, and plain text on that port."""
import json
import signal
import ssl
import subprocess
import sys
import tempfile

from running import Running


def make(folder, name, *options):
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                    "-subj", f"/CN={name}", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", f"{folder}/{name}.key",
                    "-out", f"{folder}/{name}.crt", *options], check=True, stderr=subprocess.DEVNULL)


def ask(service, context, request=b"GET /livez HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"):
    with context.wrap_socket(service.connect(), server_hostname="127.0.0.1") as s:
        s.sendall(request)
        got = b""
        while piece := s.recv(65536):
            got += piece
        return got


def refused(service, context):
    try:
        return ask(service, context) == b""
    except (ssl.SSLError, ConnectionError):
        return True


with tempfile.TemporaryDirectory() as folder:
    for name in ("server", "client", "stranger"):
        make(folder, name)
    pem = {"TLS_CERT": f"{folder}/server.crt", "TLS_KEY": f"{folder}/server.key"}
    context = ssl.create_default_context(cafile=f"{folder}/server.crt")
    body = json.dumps({"gameId": "g", "wagerAmount": 1000}).encode()
    wager = (b"POST /api/jackpot/contribute HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n"
             b"Content-Length: %d\r\n\r\n" % len(body)) + body
    with Running(sys.argv[1], **pem) as service:
        assert ask(service, context).endswith(b"ok\n")
        assert b'"totalContribution":30' in ask(service, context, wager)
        with service.connect() as plain:
            plain.sendall(b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n")
            plain.settimeout(10)
            assert b"HTTP/1.1" not in plain.recv(1000)
        # It is deprecated, which is what is tried.
        old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        old.load_verify_locations(f"{folder}/server.crt")
        old.maximum_version = ssl.TLSVersion.TLSv1_1
        assert refused(service, old)
        # SIGTERM while a client is connected, and waits.
        idle = context.wrap_socket(service.connect(), server_hostname="127.0.0.1")
        assert service.end(signal.SIGTERM) == 0, service.said()
        idle.close()
    with Running(sys.argv[1], **pem, TLS_CLIENT_CA=f"{folder}/client.crt") as service:
        assert refused(service, context)
        for name, welcome in (("client", True), ("stranger", False)):
            mutual = ssl.create_default_context(cafile=f"{folder}/server.crt")
            mutual.load_cert_chain(f"{folder}/{name}.crt", f"{folder}/{name}.key")
            assert refused(service, mutual) != welcome, name
