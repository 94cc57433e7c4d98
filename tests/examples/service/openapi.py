#!/usr/bin/python3
# SPDX-License-Identifier: BSL-1.0
"""openapi.py SOURCE [SERVICE]: examples/service/openapi.json is sound, has every error of the library and of the
service with its status, and its examples are of their schemas; and SERVICE, where it is given, answers by it.

As a module: Contract().check(...) refuses an answer that is not as the document says, and Client asks and checks.
Skipped (77) where there is no python3-jsonschema, but not under CI=true."""
import http.client
import json
import os
import re
import sys
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

try:
    from jsonschema import Draft202012Validator
except ImportError:
    print("there is no jsonschema: install the Debian package python3-jsonschema")
    sys.exit(1 if os.environ.get("CI") == "true" else 77)

SOURCE = Path(__file__).resolve().parents[3]


def strict_json(text):
    """Reads JSON in which no object has a name twice, and no number is none."""
    def once(pairs):
        names = [name for name, _ in pairs]
        assert len(set(names)) == len(names), f"a name stands twice: {names}"
        return dict(pairs)

    def refuse(word):
        raise AssertionError(f"this is no JSON: {word}")

    return json.loads(text, object_pairs_hook=once, parse_constant=refuse)


class Contract:
    def __init__(self, source=SOURCE):
        self.document = strict_json((Path(source) / "examples/service/openapi.json").read_text("utf-8"))
        self.seen = set()  # (operationId, status) of the answers that were checked

    def resolve(self, node):
        while "$ref" in node:
            at = self.document
            for step in node["$ref"].removeprefix("#/").split("/"):
                at = at[step]
            node = at
        return node

    def faults(self, schema, value):
        whole = {**schema, "components": self.document["components"]}
        return [f"{'/'.join(map(str, e.absolute_path))}: {e.message}" for e in Draft202012Validator(whole).iter_errors(value)]

    def operation(self, method, target):
        """The operation of a request, and its path as the document spells it; None where there is none."""
        parts = urlsplit(target).path.split("/")
        best = None
        for path, item in self.document["paths"].items():
            wanted = path.split("/")
            fits = len(wanted) == len(parts) and all(w == unquote(p) or (w.startswith("{") and p) for w, p in zip(wanted, parts))
            if fits and (best is None or "{" not in path):
                best = (item, path)
        if best is None:
            return None, None
        return best[0].get({"HEAD": "get"}.get(method, method.lower())), best[1]

    def check(self, method, target, status, headers, body):
        """Raises AssertionError where an answer is not as the document says. `headers`: a dict; `body`: bytes."""
        headers = {name.lower(): value for name, value in headers.items()}
        where = f"{method} {target} -> {status}"
        operation, path = self.operation(method, target)
        if method == "OPTIONS" and path is not None:
            assert status == 204 and not body, where
            return
        responses = operation["responses"] if operation else {"default": {"$ref": "#/components/responses/Problem"}}
        response = self.resolve(responses.get(str(status), responses["default"]))
        for name, each in response.get("headers", {}).items():
            each = self.resolve(each)
            value = headers.get(name.lower())
            assert value is not None or not each.get("required"), f"{where}: it lacks {name}"
            faults = [] if value is None else self.faults(each["schema"], value)
            assert not faults, f"{where}: {name}: {faults}"
        if "content" in response and method != "HEAD":
            media = headers.get("content-type", "").split(";")[0].strip()
            assert media in response["content"], f"{where}: it is {media}, not one of {list(response['content'])}: {body[:200]}"
            schema = response["content"][media]["schema"]
            value = strict_json(body.decode("utf-8")) if "json" in media else body.decode("utf-8")
            if media == "application/problem+json":  # the default one is of any status: this one has its own codes
                schema = {"$ref": f"#/components/schemas/Problem{status}"}
                assert self.resolve(schema)
            faults = self.faults(schema, value)
            assert not faults, f"{where}: {faults[:5]}: {body[:400]}"
        elif "content" not in response:
            assert not body, f"{where}: it has a body: {body[:200]}"
        if operation:
            self.seen.add((operation["operationId"], status))


class Client:
    """Sends requests, each on a connection of its own, and checks every answer by the contract."""

    def __init__(self, port, contract=None, token=None):
        self.port, self.contract, self.token = port, contract or Contract(), token

    def send(self, method, target, body=None, headers=None, timeout=10):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        headers = dict(headers or {})
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        if body is not None and not isinstance(body, (bytes, str)):
            body = json.dumps(body)
            headers.setdefault("Content-Type", "application/json")
        try:
            connection.request(method, target, body, headers)
            answer = connection.getresponse()
            data = answer.read()
        finally:
            connection.close()
        self.contract.check(method, target, answer.status, dict(answer.getheaders()), data)
        is_json = "json" in answer.getheader("Content-Type", "") and data
        return answer.status, strict_json(data.decode()) if is_json else data, answer

    def wants(self, status, method, target, body=None, headers=None):
        got, value, answer = self.send(method, target, body, headers)
        assert got == status, f"{method} {target}: {got}, not {status}: {value}"
        return value, answer


# ---- the document itself

def each_node(node, path=""):
    yield path, node
    for name, child in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
        yield from each_node(child, f"{path}/{name}")


def codes_of_sources(source):
    """Every error that can be answered, as the sources have them: {code: status}; None where they tell no status."""
    library = re.search(r"errc_table\[\] = \{(.*?)\n\};", (source / "include/jackpot/core/error.hpp").read_text(), re.S)[1]
    codes = dict.fromkeys(re.findall(r'\{"(\w+)", category::', library))
    assert len(codes) > 30
    table = source / "examples/service/problem.cpp"
    if table.exists():
        text = table.read_text()
        for cases, status in re.findall(r"((?:case errc::\w+:\s*)+)return \{(\d+),", text):
            codes.update(dict.fromkeys(re.findall(r"errc::(\w+)", cases), int(status)))
        codes.update({code: int(status) for code, status in re.findall(r'\{"(\w+)", (\d{3}), "', text)})
    return codes


def check_document(contract, source):
    document = contract.document
    schemas = document["components"]["schemas"]
    used = set()
    for path, node in each_node(document):
        if not isinstance(node, dict):
            continue
        if "$ref" in node:
            assert contract.resolve(node) is not None, path
            used.add(node["$ref"])
        if node.get("type") == "object" and "/properties/" not in path:
            assert "additionalProperties" in node or path.startswith("/paths//openapi.json/"), f"{path}: it takes any field"
        if "schema" in node and "example" in node:
            assert not contract.faults(node["schema"], node["example"]), f"{path}: {contract.faults(node['schema'], node['example'])}"
    for name, schema in schemas.items():
        Draft202012Validator.check_schema(schema)
        for example in schema.get("examples", []):
            assert not contract.faults(schema, example), f"{name}: {contract.faults(schema, example)}"
        # No answer is one alone: they are told by the code, and by the events' names.
        assert f"#/components/schemas/{name}" in used or re.search("^Problem|Event$", name), f"{name}: nothing uses it"
    ids = [node["operationId"] for _, node in each_node(document["paths"]) if isinstance(node, dict) and "operationId" in node]
    assert len(set(ids)) == len(ids) > 20
    for path, item in document["paths"].items():
        for method, operation in item.items():
            named = {contract.resolve(p)["name"] for p in operation["parameters"] if contract.resolve(p)["in"] == "path"}
            assert named == set(re.findall(r"\{(\w+)\}", path)), f"{method} {path}"
            assert "default" in operation["responses"] and len(operation["responses"]) > 1, f"{method} {path}"
    said = {}
    for name, schema in schemas.items():
        if re.fullmatch(r"Problem\d{3}", name):
            for code in schema["properties"]["code"]["enum"]:
                said.setdefault(code, set()).add(schema["properties"]["status"]["const"])
    sources = codes_of_sources(source)
    own = {code for code in said if code not in sources}
    assert not own or not (source / "examples/service/problem.cpp").exists(), f"no source has {own}"
    for code, status in sources.items():
        assert code in said, f"the document lacks the error {code}"
        assert status is None or status in said[code], f"{code} is {status}, the document says {said[code]}"
    assert set(schemas["Problem"]["properties"]["code"]["enum"]) == set(said)
    assert set(schemas["Problem"]["properties"]["status"]["enum"]) == set().union(*said.values())


# ---- a service

def check_later_rules(wants, api):
    """Holds, reverts, transfers and closes, and settings of reserves and limits."""
    who = {"actor": "bob", "reason": "ticket 12"}
    wants(201, "POST", api + "/pools", {"group": "gold", "seedAmount": 1000, "contributionRate": "0.5", "seedRate": "0.1", "reserveCap": None,
                                        "seedFrom": "overflow", "maxWager": 5000, "changes": "suspended", "games": ["golden"], **who})
    wager = {"gameId": "golden", "wagerAmount": 2000, "groups": ["gold"], "userId": "ann", "roundId": "r-1", "siteId": "north"}
    fed, _ = wants(200, "POST", api + "/contribute", wager, {"Idempotency-Key": "gold-1"})
    assert fed["contributions"] == {"gold": 1200} and fed["pools"]["gold"]["toReserve"] == 200
    wants(422, "POST", api + "/contribute", {**wager, "wagerAmount": 5001})
    wants(422, "POST", api + "/contribute", {**wager, "siteId": ""})
    wants(409, "PATCH", api + "/pools/gold", {"seedAmount": 5, **who})
    hold = {"group": "gold", "gameId": "golden", "userId": "ann", "hold": "h-1", "roundId": "r-1"}
    made, _ = wants(200, "POST", api + "/hold", hold, {"Idempotency-Key": "hold-1"})
    assert made["actualWinAmount"] == 2000 and made["fromReserve"] == 200 and made["fromHouse"] == 800
    again, _ = wants(200, "POST", api + "/hold", hold, {"Idempotency-Key": "hold-1"})
    assert again == {**made, "replayed": True}
    wants(409, "POST", api + "/hold", hold)
    holds, _ = wants(200, "GET", api + "/pools/gold/holds")
    assert [(h["hold"], h["winAmount"], h["roundId"]) for h in holds["holds"]] == [("h-1", 2000, "r-1")]
    wants(404, "GET", api + "/pools/none/holds")
    pool, _ = wants(200, "GET", api + "/pools/gold")
    assert pool["heldAmount"] == 2000 and pool["winCount"] == 0 and pool["holdCount"] == 1 and pool["maxWager"] == 5000
    confirmed, _ = wants(200, "POST", api + "/pools/gold/confirm", {"hold": "h-1", "actor": "bob"})
    assert confirmed["pools"]["gold"]["paid"] == 2000
    wants(422, "POST", api + "/pools/gold/confirm", {"hold": "h-1", "actor": "bob"})
    wants(200, "POST", api + "/hold", {**hold, "hold": "h-2", "winAmount": 100})
    released, _ = wants(200, "POST", api + "/pools/gold/release", {"hold": "h-2", **who})
    assert released["pools"]["gold"]["toHouse"] == 100
    wants(400, "POST", api + "/pools/gold/release", {"hold": "h-2", "actor": "bob"})

    reverted, _ = wants(200, "POST", api + "/revert", {"reverts": "gold-1", **who})
    assert reverted["pools"]["gold"]["fromHouse"] == 1200, "the wager's money was won: the house stands in for it"
    again, _ = wants(200, "POST", api + "/revert", {"reverts": "gold-1", **who})
    assert again == {**reverted, "replayed": True}
    wants(422, "POST", api + "/revert", {"reverts": "gold-1", "actor": "eve", "reason": "x"})
    wants(422, "POST", api + "/revert", {"reverts": "never", **who})
    wants(400, "POST", api + "/revert", {"reverts": "gold-1", **who}, {"Idempotency-Key": "k"})

    wants(409, "POST", api + "/transfer", {"from": "gold", "to": "minor", "amount": 1, **who})
    wants(200, "POST", api + "/pools/gold/suspend", who)
    moved, _ = wants(200, "POST", api + "/transfer", {"from": "gold", "to": "minor", "amount": 10, **who})
    assert set(moved["pools"]) == {"gold", "minor"}
    wants(422, "POST", api + "/transfer", {"from": "gold", "to": "gold", "amount": 10, **who})
    wants(409, "POST", api + "/pools/gold/close", who)
    wants(409, "POST", api + "/pools/gold/close", {"to": "minor", "toHouse": 10**9, **who})
    wants(200, "POST", api + "/pools/gold/close", {"to": "minor", **who})
    wants(409, "POST", api + "/pools/gold/resume")
    pool, _ = wants(200, "GET", api + "/pools/gold")
    assert pool["status"] == "closed" and pool["currentAmount"] == 0
    for filter, kinds in (("roundId=r-1", ["contributed", "held", "held"]), ("userId=ann&group=gold&kind=held", ["held", "held"]),
                          ("siteId=north", ["contributed"]), ("group=gold&order=newest&limit=2", ["closed", "transferred"])):
        page, _ = wants(200, "GET", f"{api}/history?{filter}")
        assert [o["kind"] for o in page["operations"]] == kinds, (filter, page)


def check_service(contract, binary):
    from service import Service
    with Service(binary, pools=[]) as service:
        client = Client(service.port, contract)
        wants = client.wants
        api = "/api/jackpot"
        for name, seed, cap in (("minor", 100_000, 1_000_000), ("mega", 10_000_000, None), ("grün & blau/1", 5, None)):
            pool = {"group": name, "seedAmount": seed, "contributionRate": "0.02", "maxAmount": cap}
            wants(201, "POST", api + "/pools", pool, {"Idempotency-Key": f"open {seed}"})
        wants(409, "POST", api + "/pools", {"group": "minor", "seedAmount": 1, "contributionRate": "0.02"})
        wants(422, "POST", api + "/pools", {"group": "x", "seedAmount": 1, "contributionRate": "2"})
        _, answer = wants(200, "GET", api + "/pools")
        wants(304, "GET", api + "/pools", headers={"If-None-Match": answer.getheader("ETag")})
        wants(200, "HEAD", api + "/pools")
        wants(204, "OPTIONS", api + "/pools")
        wants(200, "GET", f"{api}/pools/{quote('grün & blau/1', safe='')}")
        wants(404, "GET", api + "/pools/none")
        wager = {"gameId": "test_game", "wagerAmount": 1000}
        first, _ = wants(200, "POST", api + "/contribute", wager, {"Idempotency-Key": "bet-1"})
        again, answer = wants(200, "POST", api + "/contribute", wager, {"Idempotency-Key": "bet-1"})
        assert answer.getheader("Idempotent-Replayed") == "true" and again == {**first, "replayed": True}
        wants(422, "POST", api + "/contribute", {**wager, "wagerAmount": 1001}, {"Idempotency-Key": "bet-1"})
        wants(422, "POST", api + "/contribute", {**wager, "wagerAmount": 0})
        wants(422, "POST", api + "/contribute", {**wager, "groups": ["none"]})
        wants(400, "POST", api + "/contribute", {"gameId": "test_game"})
        wants(400, "POST", api + "/contribute", "{", {"Content-Type": "application/json"})
        wants(400, "POST", api + "/contribute", {**wager, "gameid": "x"})
        wants(415, "POST", api + "/contribute", "x", {"Content-Type": "text/plain"})
        wants(413, "POST", api + "/contribute", "1" * 70_000, {"Content-Type": "application/json"})
        wants(200, "POST", api + "/contribute/batch", {"wagers": [{**wager, "key": "b1"}, {**wager, "key": "b2", "wagerAmount": 0}]})
        wants(200, "POST", api + "/win", {"group": "minor", "gameId": "test_game", "userId": "ann"}, {"Idempotency-Key": "win-1"})
        wants(422, "POST", api + "/win", {"group": "none", "gameId": "test_game", "userId": "ann"})
        wants(409, "POST", api + "/win", {"group": "mega", "gameId": "g", "userId": "ann", "winAmount": 10**15})
        wants(200, "GET", api + "/statistics")
        wants(200, "GET", api + "/games/test_game")
        page, _ = wants(200, "GET", api + "/history?limit=2")
        assert len(page["operations"]) == 2 and page["next"]
        wants(200, "GET", f"{api}/history?limit=2&after={quote(page['next'], safe='')}")
        wants(200, "GET", api + "/history?kind=won&group=minor&gameId=test_game")
        newest, _ = wants(200, "GET", api + "/history?limit=2&order=newest")
        assert newest["operations"][0]["kind"] == "won" and newest["next"]
        before, _ = wants(200, "GET", f"{api}/history?limit=2&order=newest&after={quote(newest['next'], safe='')}")
        sequences = [o["sequence"] for o in newest["operations"] + before["operations"]]
        assert sequences == list(range(sequences[0], sequences[0] - 4, -1)), sequences
        since, _ = wants(200, "GET", f"{api}/history?from={quote(first['at'], safe='')}&to={quote(first['at'], safe='')}")
        assert first["sequence"] in [o["sequence"] for o in since["operations"]]
        for bad in ("order=up", "from=yesterday", "to=2025-11-01", "userId=", "roundId=%00", "limit=0", "limit=1001", "after=-1", "kind=x", "what=1", "limit=1&limit=2"):
            wants(400, "GET", f"{api}/history?{bad}")
        wants(200, "PATCH", api + "/pools/minor", {"contributionRate": "0.03"})
        wants(412, "PATCH", api + "/pools/minor", {"contributionRate": "0.03"}, {"If-Match": '"999"'})
        wants(422, "PATCH", api + "/pools/minor", {})
        for verb in ("suspend", "resume"):
            wants(200, "POST", f"{api}/pools/minor/{verb}")
            wants(409, "POST", f"{api}/pools/minor/{verb}")
        wants(200, "POST", api + "/pools/minor/adjust", {"delta": 500, "actor": "ann", "reason": "ticket 12"})
        wants(404, "POST", api + "/pools/none/suspend")
        check_later_rules(wants, api)
        for path in ("/health", "/api/health/database", "/api/health/jackpot", "/livez", "/readyz", "/metrics", "/api/metrics/jackpot", "/openapi.json", "/"):
            wants(200, "GET", path)
        wants(200, "GET", "/api/metrics/jackpot", headers={"Accept": "application/json"})
        wants(404, "GET", "/nothing")
        wants(405, "DELETE", api + "/pools")
        wants(406, "GET", api + "/pools", headers={"Accept": "image/png"})
        wants(200, "POST", api + "/seal")
        wants(503, "POST", api + "/contribute", wager)
        wants(503, "GET", "/readyz")
        wants(200, "POST", api + "/unseal")
        document, _ = wants(200, "GET", "/openapi.json")
        assert document == contract.document, "the service has another document"
    every = {node["operationId"] for _, node in each_node(contract.document["paths"]) if isinstance(node, dict) and "operationId" in node}
    never = every - {operation for operation, _ in contract.seen} - {"events"}
    assert not never, f"never asked: {never}"
    print(f"{len(contract.seen)} kinds of answers are as the document says")


if __name__ == "__main__":
    its = Contract(Path(sys.argv[1]))
    check_document(its, Path(sys.argv[1]))
    if len(sys.argv) > 2:
        check_service(its, sys.argv[2])
