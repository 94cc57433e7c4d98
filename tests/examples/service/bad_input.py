#!/usr/bin/python3
# SPDX-License-Identifier: BSL-1.0
"""bad_input.py SERVICE: requests that no client should send, byte by byte over sockets. Every answer is a problem of
RFC 9457 or what the contract says; at the end the service lives, serves, and holds no more descriptors than before."""
import hashlib
import json
import os
import re
import signal
import socket
import struct
import subprocess
import sys
import threading
import time

from running import Running

BODY = b'{"gameId":"g","wagerAmount":1000}'
PATH = b"/api/jackpot/contribute"


def head(line, *fields):
    return b"\r\n".join((line, b"Host: x") + fields) + b"\r\n\r\n"


def post(body, *fields, path=PATH, length=None, type=b"Content-Type: application/json"):
    length = len(body) if length is None else length
    return head(b"POST " + path + b" HTTP/1.1", *((type,) if type else ()), b"Content-Length: %d" % length, *fields) + body


def get(path, *fields):
    return head(b"GET " + path + b" HTTP/1.1", *fields)


def chunked(*pieces, fields=()):
    return head(b"POST " + PATH + b" HTTP/1.1", b"Content-Type: application/json", b"Transfer-Encoding: chunked",
                *fields) + b"".join(pieces)


def parse(data):
    """The answers in these bytes: status, fields, body."""
    answers = []
    while data:
        top, _, data = data.partition(b"\r\n\r\n")
        lines = top.decode("latin-1").split("\r\n")
        status = int(re.fullmatch(r"HTTP/1\.1 (\d{3}) .+", lines[0])[1])
        fields = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines[1:])}
        size = int(fields.get("content-length", 0))
        assert len(data) >= size, (top, data)
        answers.append((status, fields, data[:size]))
        data = data[size:]
    return answers


def check(answer):
    """Is it a valid problem, where it is one?"""
    status, fields, body = answer
    assert status == 100 or re.fullmatch(r"[A-Za-z0-9._-]{1,128}", fields["x-request-id"]), fields
    assert status == 100 or fields["x-content-type-options"] == "nosniff"
    if status >= 400:
        assert fields["content-type"] == "application/problem+json", fields
        problem = json.loads(body)
        assert list(problem) == ["type", "title", "status", "detail", "code", "retryable", "requestId"], problem
        assert problem["status"] == status and problem["type"] == "/problems/" + problem["code"], problem
        assert problem["title"] and problem["requestId"] == fields["x-request-id"], problem
        assert (status == 503) == ("retry-after" in fields)
        assert status != 405 or fields["allow"]
        assert status < 500, problem
        return problem["code"]
    return ""


def exchange(service, data, half_close=True, seconds=10):
    with service.connect(seconds) as s:
        try:
            s.sendall(data)
            if half_close:
                s.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # it has answered already
        got = b""
        while piece := s.recv(65536):
            got += piece
        return parse(got)


BAD, JSON, TYPE = "bad_request", "malformed_json", "invalid_type"
HTTP = {  # what is sent: the codes of the answers
    "no host": (b"GET / HTTP/1.1\r\n\r\n", [BAD]),
    "two hosts": (get(b"/", b"Host: y"), [BAD]),
    "HTTP/0.9": (b"GET /livez\r\n", [BAD]),
    "HTTP/2": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", [BAD]),
    "TLS hello": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"x" * 500, [BAD]),
    "no method": (b"contribute\r\n\r\n", [BAD]),
    "unknown method": (head(b"contribute " + PATH + b" HTTP/1.1"), ["method_not_allowed"]),
    "TRACE": (head(b"TRACE / HTTP/1.1"), ["method_not_allowed"]),
    "CONNECT": (head(b"CONNECT x:443 HTTP/1.1"), [BAD]),
    "PUT": (head(b"PUT " + PATH + b" HTTP/1.1"), ["method_not_allowed"]),
    "//": (get(b"//"), ["not_found"]),
    "dots": (get(b"/../etc/passwd"), ["not_found"]),
    "hidden dots": (get(b"/%2e%2e"), ["not_found"]),
    "NUL in a path": (get(b"/api/jackpot/pools/%00"), [BAD]),
    "no hex": (get(b"/api/jackpot/pools/%zz"), [BAD]),
    "9 KiB": (get(b"/" + b"x" * 9000), ["uri_too_long"]),
    "query twice": (get(b"/api/jackpot/history?limit=1&limit=2"), ["bad_query"]),
    "no colon": (get(b"/livez", b"colon"), [BAD]),
    "NUL": (get(b"/livez", b"A: b\0c"), [BAD]),
    "CR": (get(b"/livez", b"A: b\rc"), [BAD]),
    "bare LF": (b"GET /livez HTTP/1.1\nHost: x\n\n", [BAD]),
    "folded": (get(b"/livez", b"A: b", b" c"), [BAD]),
    "space before the colon": (get(b"/livez", b"A : b"), [BAD]),
    "8 KiB + 1": (get(b"/livez", b"A: " + b"b" * 8192), ["headers_too_large"]),
    "65 fields": (get(b"/livez", *[b"A: b"] * 65), ["headers_too_large"]),
    **{f"length {length}": (head(b"POST " + PATH + b" HTTP/1.1", b"Content-Length: " + length) + BODY, [BAD])
       for length in (b"-1", b"+5", b"5, 5", b"0x5", b"", b"18446744073709551616")},
    "two lengths": (post(BODY, b"Content-Length: 5"), [BAD]),
    "too large": (post(b"", length=65537), ["payload_too_large"]),
    "too large, chunked": (chunked(b"20000\r\n", b"x" * 0x20000, b"\r\n0\r\n\r\n"), ["payload_too_large"]),
    "half a body": (post(BODY, length=100), [BAD]),
    "a short length": (post(BODY + b"GET", length=len(BODY)) + b" /livez HTTP/1.1\r\nHost: x\r\n\r\n", ["", ""]),
    "length and chunks": (chunked(b"0\r\n\r\n", fields=(b"Content-Length: 5",)), [BAD]),
    "gzip, chunked": (head(b"POST " + PATH + b" HTTP/1.1", b"Transfer-Encoding: gzip, chunked"), [BAD]),
    "xchunked": (head(b"POST " + PATH + b" HTTP/1.1", b"Transfer-Encoding: xchunked"), [BAD]),
    "chunk -1": (chunked(b"-1\r\n"), [BAD]),
    "chunk of 17 digits": (chunked(b"1" * 17 + b"\r\n"), [BAD, "payload_too_large"]),
    "no last chunk": (chunked(b"21\r\n" + BODY + b"\r\n"), [BAD]),
    "chunks": (chunked(b"1;a=b\r\n{\r\n", b"20\r\n" + BODY[1:] + b"\r\n0\r\n\r\n"), [""]),
    "trailers": (chunked(b"21\r\n" + BODY + b"\r\n0\r\nIdempotency-Key: \r\n\r\n"), [""]),
    "Expect: 200": (post(BODY, b"Expect: 200"), ["expectation_failed"]),
    "Expect: 100-continue": (post(BODY, b"Expect: 100-continue"), ["", ""]),
    "100 pipelined": (get(b"/livez") * 100, [""] * 100),
    "behind close": (get(b"/livez", b"Connection: close") + get(b"/livez"), [""]),
    "HTTP/1.0": (b"GET /livez HTTP/1.0\r\n\r\n", [""]),
    "a line too many": (post(BODY) + b"\r\n" + get(b"/livez"), ["", ""]),
    "Range": (get(b"/api/jackpot/pools", b"Range: bytes=0-1"), [""]),
    "If-None-Match garbage": (get(b"/api/jackpot/pools", b'If-None-Match: ,",W/,'), [""]),
    "If-None-Match *": (get(b"/api/jackpot/pools", b"If-None-Match: *"), [""]),
    "not acceptable": (get(b"/api/jackpot/pools", b"Accept: image/png"), ["not_acceptable"]),
    "token in the query": (get(b"/api/jackpot/pools?token=hidden-word"), [""]),
    "no type": (post(BODY, type=None), ["unsupported_media_type"]),
    **{f"type {kind}": (post(BODY, type=b"Content-Type: " + kind), ["unsupported_media_type"])
       for kind in (b"text/plain", b"application/json; charset=utf-16", b"multipart/form-data; boundary=x")},
    "charset": (post(BODY, type=b"Content-Type: Application/JSON; Charset=UTF-8"), [""]),
    "gzip": (post(b"\x1f\x8b\x08", b"Content-Encoding: gzip"), ["unsupported_media_type"]),
    **{f"history {query}": (get(b"/api/jackpot/history?" + query), ["bad_query"])
       for query in (b"after=-1", b"after=18446744073709551616", b"limit=0", b"limit=1001", b"limit=1e1", b"kind=x", b"what=1",
                     b"after=" + b"0" * 32, b"group=", b"group=%ff")},
    "key twice": (post(BODY, b"Idempotency-Key: a", b"Idempotency-Key: a"), ["invalid_key"]),
    "no key": (post(BODY, b"Idempotency-Key: "), ["invalid_key"]),
    "empty key": (post(BODY, b'Idempotency-Key: ""'), ["invalid_key"]),
    "open quote": (post(BODY, b'Idempotency-Key: "a'), ["invalid_key"]),
    "long key": (post(BODY, b"Idempotency-Key: " + b"k" * 129), ["invalid_key"]),
    "key of no UTF-8": (post(BODY, b"Idempotency-Key: \xff"), ["invalid_key"]),
    "unknown pool": (get(b"/api/jackpot/pools/__proto__"), ["unknown_pool"]),
    "unknown pool to win": (post(b'{"group":"constructor","gameId":"g","userId":"u"}', path=b"/api/jackpot/win"), ["unknown_pool"]),
    **{f"win {amount}": (post(b'{"group":"minor","gameId":"g","userId":"u","winAmount":%s}' % amount, path=b"/api/jackpot/win"), [code])
       for amount, code in ((b"0", "invalid_amount"), (b"null", TYPE), (b"999999999", "amount_exceeds_pool"))},
}

WAGERS = {  # a body of a wager: the answer's code
    **{body: JSON for body in (b"", b"{", b'{"gameId":"g",}', b"\xef\xbb\xbf{}", BODY.decode().encode("utf-16"), b'"\xc0\x80"',
                               b'"\\ud800"', b"// c\n{}", b'{"gameId":"g","wagerAmount":NaN}', BODY + b"{}", b"[" * 60_000,
                               b'{"a":' * 9 + b"1" + b"}" * 9)},
    **{body: TYPE for body in (b"null", b"[]", b'"x"', b"1")},
    b'{"gameId":"g","gameId":"g","wagerAmount":1}': "duplicate_field",
    b'{"gameid":"g","wagerAmount":1}': "missing_field",
    b'{"gameId":"g","wagerAmount":1,"x":1}': "unknown_field",
    b'{"gameId":"","wagerAmount":1}': "invalid_game",
    b'{"gameId":"%s","wagerAmount":1}' % (b"g" * 129): "invalid_game",
    b'{"gameId":"%s","wagerAmount":1}' % (b"g" * 128): "",
    b'{"gameId":"\\u0000","wagerAmount":1}': "invalid_game",
    '{"gameId":"\u202e\u05d0e\u0301","wagerAmount":1}'.encode(): "",
    b'{"gameId":"g","wagerAmount":1,"groups":[]}': "",
    b'{"gameId":"g","wagerAmount":1,"groups":["minor","minor"]}': "invalid_pool",
    b'{"gameId":"g","wagerAmount":1,"groups":["x"]}': "unknown_pool",
    b'{"gameId":"g","wagerAmount":1,"groups":[%s]}' % b",".join(b'"x%d"' % i for i in range(5000)): None,
    **{b'{"gameId":"g","wagerAmount":%s}' % amount: code for amount, code in (
        (b"0", "invalid_wager"), (b"-1", "invalid_wager"), (b"-0", "invalid_wager"), (b"1.0", TYPE), (b"1e3", TYPE), (b"1.5", TYPE),
        (b'"1000"', TYPE), (b"true", TYPE), (b"9007199254740993", ""), (b"9223372036854775808", TYPE), (b"1e400", JSON),
        (b"0123", JSON), (b"9" * 1000, None))},
}


def table(service):
    for name, (data, codes) in HTTP.items():
        answers = exchange(service, data)
        found = [check(answer) for answer in answers]
        ok = found == codes or (len(found) == 1 and name.startswith("chunk of") and found[0] in codes)
        assert ok, f"{name}: {found}, not {codes}: {answers}"
    for body, code in WAGERS.items():
        answers = exchange(service, post(body))
        found = [check(answer) for answer in answers]
        assert len(found) == 1 and (code is None and found[0] or found == [code]), f"{body[:60]}: {found}, not {code}"
    whole = b'{"gameId":"g","wagerAmount":1000,"groups":["minor"]}'
    for size in range(len(whole)):
        assert [check(a) for a in exchange(service, post(whole[:size]))] == [JSON], whole[:size]


def keys(service):
    """The same key, quoted or bare, at once and again: one commit, and one answer."""
    bodies = []

    def send(key):
        bodies.append(json.loads(exchange(service, post(BODY, b"Idempotency-Key: " + key))[0][2]))

    threads = [threading.Thread(target=send, args=(key,)) for key in (b"same", b'"same"') * 25]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({body["sequence"] for body in bodies}) == 1
    assert sorted(body["replayed"] for body in bodies) == [False] + [True] * 49
    other = post(b'{"gameId":"other","wagerAmount":1000}', b"Idempotency-Key: same")
    assert check(exchange(service, other)[0]) == "key_conflict"
    win = post(b'{"group":"minor","gameId":"g","userId":"u"}', b"Idempotency-Key: same", path=b"/api/jackpot/win")
    assert check(exchange(service, win)[0]) == "key_conflict"
    big = b'{"gameId":"g","wagerAmount":9007199254740993}'
    assert json.loads(exchange(service, post(big))[0][2])["contributions"]["minor"] == 180143985094819 + 1


def slow(service):
    """A byte now and then does not keep a connection, and an answer that nobody takes neither."""
    began = time.monotonic()
    clients = []
    for start in (b"", b"GET /livez HTTP/1.1\r\nHost: ", post(BODY)[:-5]):
        s = service.connect(20)
        s.sendall(start)
        clients.append(s)
    for _ in range(8):
        time.sleep(0.1)
        for s in clients[1:]:
            try:
                s.sendall(b"1")
            except OSError:
                pass
    for s, codes in zip(clients, ([], ["request_timeout"], ["request_timeout"])):
        got = b""
        while piece := s.recv(65536):
            got += piece
        # The last one's bytes make its body whole, which then is no JSON, and begin a request.
        found = [check(a) for a in parse(got)]
        assert found in (codes, [JSON, *codes]), found
        s.close()
    assert time.monotonic() - began < 15
    deaf = service.connect(20)
    deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    try:
        deaf.sendall(get(b"/metrics") * 2000)
    except OSError:
        pass
    # It ends by itself: otherwise the count of descriptors at the end shows it.
    gone = service.connect()
    gone.sendall(post(BODY)[:-5])
    gone.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    gone.close()
    return deaf


def descriptors(service):
    return len(os.listdir(f"/proc/{service.process.pid}/fd"))


def tokens(program):
    lines = [f"{name} {scopes} {hashlib.sha256(token.encode()).hexdigest()}"
             for name, scopes, token in (("alice", "read", "reader"), ("bob", "play", "player"), ("eve", "play", "other"),
                                          ("carol", "settle", "checker"), ("dave", "read,play,admin,metrics", "nearlyall"))]
    with Running(program) as service:
        service.end()
        file = os.path.join(service.folder.name, "tokens")
        with open(file, "w") as out:
            out.write("\n".join(lines))
        service.settings["JACKPOT_TOKENS_FILE"] = file
        service.start()

        def code(data):
            return check(exchange(service, data)[0])

        pools = b"/api/jackpot/pools"
        assert code(get(pools)) == "unauthorized"
        for field in (b"Basic reader", b"Bearer", b"Bearer ", b"Bearer reade", b"Bearer reader1", b"reader"):
            assert code(get(pools, b"Authorization: " + field)) == "unauthorized", field
        assert code(get(pools, b"Authorization: Bearer reader", b"Authorization: Bearer reader")) == "unauthorized"
        assert code(get(pools + b"?access_token=reader")) == "unauthorized"
        assert code(get(pools, b"Authorization: Bearer reader")) == ""
        assert code(get(pools, b"Authorization: Bearer player")) == "forbidden"
        assert code(post(BODY, b"Authorization: Bearer reader")) == "forbidden"
        bob, eve = (json.loads(exchange(service, post(BODY, b"Idempotency-Key: k", b"Authorization: Bearer " + t))[0][2])
                    for t in (b"player", b"other"))
        assert not bob["replayed"] and not eve["replayed"] and bob["sequence"] != eve["sequence"]
        # Who plays has a win held, and another one settles it.
        for hold, to in (b"1", b"confirm"), (b"2", b"release"):
            asked = b'{"group":"minor","gameId":"g","userId":"ann","winAmount":5,"hold":"' + hold + b'"}'
            settled = b'{"hold":"' + hold + b'","actor":"carol","reason":"looked at"}'
            for token, expected in (b"checker", "forbidden"), (b"player", ""):
                assert code(post(asked, b"Authorization: Bearer " + token, path=b"/api/jackpot/hold")) == expected, (hold, token)
            for token, expected in (b"reader", "forbidden"), (b"player", "forbidden"), (b"nearlyall", "forbidden"), (b"checker", ""), \
                    (b"checker", "unknown_hold"):
                answer = code(post(settled, b"Authorization: Bearer " + token, path=b"/api/jackpot/pools/minor/" + to))
                assert answer == expected, (to, token, answer)
        assert code(post(BODY, b"Authorization: Bearer checker")) == "forbidden"
        assert code(get(pools, b"Authorization: Bearer checker")) == "forbidden"
        assert code(get(b"/livez")) == ""
        # A file that is wrong changes nothing; one that is right, all.
        for text, expected in (("nonsense", ""), (lines[1], "unauthorized")):
            with open(file, "w") as out:
                out.write(text)
            service.process.send_signal(signal.SIGHUP)
            until = time.monotonic() + 5
            while code(get(pools, b"Authorization: Bearer reader")) != expected or "line 1: scopes are" not in service.said():
                assert time.monotonic() < until, text
                time.sleep(0.02)
        said = service.said()
        for secret in ("reader", "player", "other"):
            assert secret not in said, said


def settings(program):
    with Running(program, REQUIRE_KEY=1) as service:
        assert check(exchange(service, post(BODY))[0]) == "missing_key"
        assert check(exchange(service, post(BODY, b"Idempotency-Key: k"))[0]) == ""
        assert service.ask("POST", "/api/jackpot/pools/minor/suspend")[0] == 200
    for words, environment in ((["--listen=127.0.0.1:65536"], {}), (["--listen=x"], {}), ([], {"JACKPOT_WHAT": "1"}),
                               ([], {"JACKPOT_TOKENS_FILE": "/nowhere"}), ([], {"JACKPOT_BATCH": "0"}), (["--listen=0.0.0.0:0"], {}),
                               (["--url=postgresql://me:hidden-word@127.0.0.1:1/d"], {})):
        done = subprocess.run([program, *words], env={"JACKPOT_URL": "memory", **environment}, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, timeout=20)
        assert done.returncode in (1, 2) and done.stdout and "hidden-word" not in done.stdout, (words, environment, done)


def listeners(program):
    """Many who ask to listen at once, of whom three may; when one goes, another one may."""
    with Running(program, SSE_MAX=3) as service:

        def ask(s):
            s.sendall(get(b"/api/jackpot/events"))
            return s

        def status(s):
            return int(s.recv(65536).split()[1])

        crowd = [ask(s) for s in [service.connect() for _ in range(20)]]
        statuses = [status(s) for s in crowd]
        assert sorted(statuses) == [200] * 3 + [503] * 17, statuses
        assert 'jackpot_limits_total{limit="streams"} 17\n' in service.ask("GET", "/metrics")[2]
        crowd[statuses.index(200)].close()
        until = time.monotonic() + 10
        while status(ask(service.connect())) != 200:
            assert time.monotonic() < until
            time.sleep(0.05)
        for s in crowd:
            s.close()


def main():
    program = sys.argv[1]
    with Running(program, REQUEST_TIMEOUT_MS=1000, IDLE_TIMEOUT_MS=2000, WRITE_TIMEOUT_MS=1000) as service:
        before = descriptors(service)
        table(service)
        keys(service)
        deaf = slow(service)
        crowd = [service.connect() for _ in range(500)]
        assert check(exchange(service, get(b"/livez"))[0]) == ""
        until = time.monotonic() + 20
        while descriptors(service) > before + 2 and time.monotonic() < until:
            time.sleep(0.1)
        assert descriptors(service) <= before + 2, "descriptors leak"
        for s in [deaf, *crowd]:
            s.close()
        assert service.ask("GET", "/api/health/jackpot")[0] in (200, 503)
        assert "hidden-word" not in service.said()
        assert service.end() == 0, service.said()
    listeners(program)
    tokens(program)
    settings(program)


main()
