"""docs/openapi.yaml describes what is built: the same routes, parameters and roles as `yaoku routes`, the codes of
core/err.h, and answers of the running service that fit their schemas.

What is written here is written by users made for it, in a pharmacy of its own, so that other tests on the same
service find theirs unchanged.
"""
import collections
import csv
import datetime
import io
import json
import pathlib
import re
import subprocess
import time
import uuid

import pytest
import yaml
from conftest import YAOKU

ROOT = pathlib.Path(__file__).resolve().parents[2]
SPEC = yaml.safe_load((ROOT / "docs/openapi.yaml").read_text(encoding="utf-8"))
OUTSIDE = {("GET", "/healthz"), ("GET", "/readyz"), ("GET", "/metrics")}
METHODS = {"get", "post", "put", "delete"}
INT32_MAX, INT64_MAX = 2**31 - 1, 2**63 - 1
PASSWORD = "eleven green umbrellas"
PHARMACY = 77           # where this file writes

Operation = collections.namedtuple("Operation", "method path parameters body roles answers text")


# ---------------------------------------------------------------- the description

def resolve(node):
    while "$ref" in node:
        target = SPEC
        for part in node["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        node = {**target, **{k: v for k, v in node.items() if k != "$ref"}}
    return node


def body_schema(operation):
    body = resolve(operation.get("requestBody", {}))
    return body["content"]["application/json"]["schema"] if body else None


def read_operations():
    found = {}
    for path, item in SPEC["paths"].items():
        for method in METHODS & item.keys():
            text = item[method]
            parameters = [resolve(p) for p in text.get("parameters", [])]
            found[method.upper(), path] = Operation(method.upper(), path, parameters, body_schema(text),
                                                    text.get("x-roles"), text["responses"], text)
    return found


OPERATIONS = read_operations()


def read_routes():
    lines = subprocess.run([YAOKU, "routes"], check=True, capture_output=True, text=True).stdout.splitlines()
    return {(route["method"], route["path"]): route for route in map(json.loads, lines)}


@pytest.fixture(scope="module")
def routes():
    return read_routes()


# ---------------------------------------------------------------- a validator for the schemas used here

def is_type(value, name):
    return {
        "null": value is None,
        "boolean": isinstance(value, bool),
        "integer": isinstance(value, int) and not isinstance(value, bool),
        "number": isinstance(value, (int, float)) and not isinstance(value, bool),
        "string": isinstance(value, str),
        "array": isinstance(value, list),
        "object": isinstance(value, dict),
    }[name]


def is_parsed(parse, text):
    try:
        parse(text)
        return True
    except ValueError:
        return False


FORMATS = {
    "uuid": lambda text: is_parsed(uuid.UUID, text) and len(text) == 36,
    "date": lambda text: len(text) == 10 and is_parsed(datetime.date.fromisoformat, text),
    "date-time": lambda text: bool(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", text)),
    "int32": lambda number: abs(number) <= INT32_MAX + 1,
    "int64": lambda number: abs(number) <= INT64_MAX + 1,
}


def fails_branches(value, schemas, least, most):
    fitting = sum(not faults(value, one) for one in schemas)
    return not least <= fitting <= most


# Keyword → does the value break it? Each is asked only about values of the kind that it concerns.
CHECKS = {
    "type": lambda v, want, s: not any(is_type(v, t) for t in ([want] if isinstance(want, str) else want)),
    "const": lambda v, want, s: v != want,
    "enum": lambda v, want, s: v not in want,
    "anyOf": lambda v, want, s: fails_branches(v, want, 1, len(want)),
    "oneOf": lambda v, want, s: fails_branches(v, want, 1, 1),
    "minimum": lambda v, want, s: is_type(v, "number") and v < want,
    "maximum": lambda v, want, s: is_type(v, "number") and v > want,
    "minLength": lambda v, want, s: isinstance(v, str) and len(v) < want,
    "maxLength": lambda v, want, s: isinstance(v, str) and len(v) > want,
    "pattern": lambda v, want, s: isinstance(v, str) and re.search(want, v) is None,
    "format": lambda v, want, s: v is not None and not FORMATS[want](v),
    "minItems": lambda v, want, s: isinstance(v, list) and len(v) < want,
    "maxItems": lambda v, want, s: isinstance(v, list) and len(v) > want,
    "required": lambda v, want, s: isinstance(v, dict) and not set(want) <= v.keys(),
    "additionalProperties": lambda v, want, s: isinstance(v, dict) and not v.keys() <= s["properties"].keys(),
}
STEPS = {"properties", "items"}
WORDS = {"description", "default"}


def children(value, schema):
    if isinstance(value, dict):
        return [(name, value[name], sub) for name, sub in schema.get("properties", {}).items() if name in value]
    if isinstance(value, list) and "items" in schema:
        return [(f"[{i}]", item, schema["items"]) for i, item in enumerate(value)]
    return []


def faults(value, schema, place="answer"):
    """What of the value does not fit, as sentences. A keyword that is not known here is an error of ours."""
    schema = resolve(schema)
    unknown = schema.keys() - CHECKS.keys() - STEPS - WORDS
    assert not unknown, f"the validator does not know {unknown}"
    found = [f"{place}: {keyword} {schema[keyword]}, but {str(value)[:200]}"
             for keyword, breaks in CHECKS.items() if keyword in schema and breaks(value, schema[keyword], schema)]
    for name, item, sub in children(value, schema):
        found += faults(item, sub, f"{place}.{name}")
    return found


@pytest.mark.parametrize("value, schema, fits", [
    ({"a": 1}, {"type": "object", "required": ["a"], "properties": {"a": {"type": "integer"}}}, True),
    ({}, {"type": "object", "required": ["a"], "properties": {"a": {}}}, False),
    ({"b": 1}, {"type": "object", "additionalProperties": False, "properties": {"a": {}}}, False),
    ({"a": {"b": "x"}}, {"properties": {"a": {"properties": {"b": {"type": "integer"}}}}}, False),
    ([1, "x"], {"type": "array", "items": {"type": "integer"}}, False),
    (True, {"type": "integer"}, False),
    (None, {"type": ["string", "null"], "format": "date"}, True),
    ("2026-02-30", {"type": "string", "format": "date"}, False),
    ("2026-02-28T10:00:00Z", {"type": "string", "format": "date-time"}, True),
    ("12.5", {"$ref": "#/components/schemas/Money"}, True),
    (12.5, {"$ref": "#/components/schemas/Money"}, False),
    ("x", {"oneOf": [{"type": "string"}, {"minLength": 1}]}, False),
])
def test_the_validator(value, schema, fits):
    assert (not faults(value, schema)) is fits


# ---------------------------------------------------------------- the description against the route table

def test_every_route_is_described_and_no_other(routes):
    assert OPERATIONS.keys() - OUTSIDE == routes.keys()


def test_roles(routes):
    """A manager may do what the clerk may, so the description names the manager where the table need not."""
    for key, route in routes.items():
        roles = set(route["roles"]) | ({"manager"} if "clerk" in route["roles"] else set())
        assert set(OPERATIONS[key].roles) == roles, key


def test_writes_need_the_token_and_reads_do_not():
    for key, operation in OPERATIONS.items():
        for way in operation.text.get("security", SPEC["security"]):
            assert ("csrf" in way) is ("cookie" in way and operation.method != "GET"), key


def limits(field):
    """A number's or text's limits as the description writes them."""
    low, high = field.get("min", 0), field.get("max", 0)
    if field["type"] == "text":
        return {"minLength": low, "maxLength": high} if high else {}
    if (low, high) == (0, 0):
        return {}
    wide = {INT32_MAX: {"format": "int32"}, INT64_MAX: {"format": "int64"}}.get(high, {"maximum": high})
    return wide if low < -INT32_MAX else {"minimum": low, **wide}


def schema_of_field(field):
    """The least that a field's schema must say; None for what is compared elsewhere."""
    kinds = {
        "text": {"type": "string"}, "integer": {"type": "integer"}, "boolean": {"type": "boolean"},
        "decimal": {"type": "string"}, "uuid": {"type": "string", "format": "uuid"},
        "date": {"type": "string", "format": "date"}, "time": {"type": "string", "format": "date-time"},
        "choice": {"type": "string", "enum": field.get("choices")}, "codes": {"type": "array"},
        "items": {"type": "array"}, "pharmacy": {"type": "integer", "minimum": 1, "format": "int32"},
        "cursor": {"type": "string", "pattern": "^[A-Za-z0-9_-]+$", "maxLength": 200},
        "limit": {"type": "integer", "minimum": 1, "maximum": 1000},
    }
    return {**kinds[field["type"]], **limits(field)}


def of_type(schema):
    """The schema with its type as one word, null aside."""
    kind = schema.get("type")
    return {**schema, "type": kind if isinstance(kind, str) else [k for k in kind if k != "null"][0]}


def compare_field(field, schema, required, where):
    schema = of_type(resolve(schema))
    assert required is field["required"], f"{where}: required"
    for keyword, value in schema_of_field(field).items():
        assert schema.get(keyword) == value, f"{where}: {keyword}"
    if field["type"] == "items":
        compare_body(field["items"], schema["items"], where)


def compare_body(fields, schema, where):
    assert schema["additionalProperties"] is False, where
    assert schema["properties"].keys() == {f["name"] for f in fields}, where
    for field in fields:
        compare_field(field, schema["properties"][field["name"]], field["name"] in schema["required"],
                      f"{where} {field['name']}")


def described_fields(operation):
    """{(in, name): (schema, required)} of path and query; a list's `format` is not in the table."""
    return {(p["in"], p["name"]): (p["schema"], p.get("required", False))
            for p in operation.parameters if p["in"] != "header"}


def test_parameters(routes):
    for key, route in routes.items():
        operation, fields = OPERATIONS[key], route["fields"] or []
        described = described_fields(operation)
        if route["shape"] == "list":
            assert described.pop(("query", "format"), None), f"{key}: a list takes format"
        tabled = {(f["in"], f["name"]): f for f in fields if f["in"] != "body"}
        assert described.keys() == tabled.keys(), key
        for place, field in tabled.items():
            compare_field(field, *described[place], where=f"{key} {place}")


def test_bodies(routes):
    for key, route in routes.items():
        body = [f for f in route["fields"] or [] if f["in"] == "body"]
        if route["fields"] is None and key[0] != "GET":
            continue    # read by its handler: its requests are checked by test_writes
        assert (OPERATIONS[key].body is not None) is bool(body), key
        if body:
            compare_body(body, OPERATIONS[key].body, str(key))


def test_every_code_of_the_error_list_is_described():
    header = (ROOT / "core/err.h").read_text(encoding="utf-8")
    codes = re.findall(r"X\([A-Z_]+, \d+, \"([a-z_]+)\"", header)
    assert codes and sorted(codes) == sorted(SPEC["components"]["schemas"]["ErrorCode"]["enum"])


def media_types(node):
    """Every (schema, examples) pair of the description."""
    if isinstance(node, list):
        for item in node:
            yield from media_types(item)
    if isinstance(node, dict):
        named = node.get("examples")
        examples = [e["value"] for e in named.values()] if isinstance(named, dict) else []
        if "schema" in node:
            yield node["schema"], examples + ([node["example"]] if "example" in node else [])
        for item in node.values():
            yield from media_types(item)


def test_examples_fit_their_schemas():
    pairs = [(schema, example) for schema, examples in media_types(SPEC["paths"]) for example in examples]
    pairs += [(schema, example) for schema, examples in media_types(SPEC["components"]) for example in examples]
    assert len(pairs) > 10
    for schema, example in pairs:
        assert not faults(example, schema)


def test_operations_have_names_of_their_own():
    names = [operation.text["operationId"] for operation in OPERATIONS.values()]
    assert len(names) == len(set(names))


# ---------------------------------------------------------------- the description against the running service

def answer_schema(operation, response):
    """The schema of this answer, or None when it has no body."""
    described = operation.answers.get(str(response.status_code), operation.answers.get("default"))
    assert described, f"{operation.method} {operation.path}: status {response.status_code} is not described"
    content = resolve(described).get("content")
    if not content:
        assert response.text == ""
        return None
    kind = response.headers["Content-Type"].split(";")[0]
    assert kind in content, f"{operation.method} {operation.path}: {kind} is not described"
    return content[kind]["schema"]


def assert_fits(key, response):
    operation = OPERATIONS[key]
    schema = answer_schema(operation, response)
    if schema is not None and "json" in response.headers["Content-Type"]:
        found = faults(response.json(), schema, f"{key[0]} {key[1]}")
        assert not found, "\n".join(found[:5])
    return response


class District:
    """Calls by operation, each answer held against its schema; and the things that the calls are about."""

    def __init__(self, service):
        self.service = service
        self.admin = service.login("admin")
        self.supplier_id = self.busiest_supplier()
        self.people = {"admin": self.admin}
        for role, place in (("clerk", {"pharmacy_id": PHARMACY}), ("manager", {"pharmacy_id": PHARMACY}),
                            ("supplier", {"supplier_id": self.supplier_id})):
            name = f"openapi-{role}-{uuid.uuid4().hex[:8]}"
            self.call("admin", "POST", "/users", 200, username=name, name=name, role=role, password=PASSWORD, **place)
            self.people[role] = service.login(name, PASSWORD)
            self.people[role].username = name
        self.product = self.free_products()

    def busiest_supplier(self):
        return self.sql("""SELECT p.supplier_id FROM shelf s, preferred_supplier(s.pharmacy_id, s.product_id) p
            WHERE s.pharmacy_id = %s GROUP BY 1 ORDER BY count(*) DESC LIMIT 1""", PHARMACY)[0][0]

    def free_products(self):
        """Products that this supplier is asked for first and that nobody has ordered here."""
        rows = self.sql("""SELECT s.product_id, c.code FROM shelf s JOIN product_code c USING (product_id),
            preferred_supplier(s.pharmacy_id, s.product_id) p
            WHERE s.pharmacy_id = %s AND p.supplier_id = %s AND c.code ~ '^8' AND s.minimum IS NOT NULL
            AND NOT EXISTS (SELECT FROM order_line o WHERE o.pharmacy_id = s.pharmacy_id
                AND o.product_id = s.product_id AND o.open)
            ORDER BY 1""", PHARMACY, self.supplier_id)
        return iter(rows)

    def sql(self, query, *args):
        connection = self.service.database()
        try:
            with connection.cursor() as cursor:
                cursor.execute(query, args or None)
                return cursor.fetchall() if cursor.description else []
        finally:
            connection.close()

    def call(self, role, method, path, status, /, query=None, _path=None, **body):
        """`path` as the description has it below /api/v1, `_path` its parameters."""
        key = (method, "/api/v1" + path)
        target = key[1].format(**(_path or {}))
        if body:
            found = faults(body, OPERATIONS[key].body, "request")
            assert not found, found
        response = self.people[role].request(method, target, params=query, json=body or None)
        assert response.status_code == status, f"{method} {target}: {response.status_code} {response.text[:300]}"
        return assert_fits(key, response)

    def order(self):
        """An order of the supplier's, placed by raising a minimum; its id."""
        product, _ = next(self.product)
        self.call("manager", "PUT", "/thresholds", 200, pharmacy_id=PHARMACY, product_id=product, minimum=5000,
                  maximum=5001, reason="test")
        return self.sql("SELECT order_id FROM order_line WHERE pharmacy_id = %s AND product_id = %s AND open",
                        PHARMACY, product)[0][0]

    def scan(self, status=200, role="clerk", **members):
        body = {"id": str(uuid.uuid4()), "movement": "receive", **members}
        return self.call(role, "POST", "/scans", status, **body).json()

    def receive(self, **more):
        _, prefix = next(self.product)
        members = {"lot": "OA1", "expiry": "2031-05-31", **more}
        return self.scan(code=prefix + f"{uuid.uuid4().int % 10**13:013d}", **members)["results"][0]

    def hold(self):
        result = self.scan(code=f"unknown-{uuid.uuid4().hex}", lot="OA2", expiry="2031-05-31")["results"][0]
        assert result["outcome"] == "held"
        return result["id"]


@pytest.fixture(scope="module")
def district(service):
    return District(service)


@pytest.fixture(scope="module")
def filled(district):
    """Something of every kind, so that no list is empty everywhere."""
    district.receive(workstation="W1", sequence=1, scanned_at="2026-11-22T08:00:00Z")
    district.hold()
    district.call("manager", "POST", "/keys", 200, name="agent", kind="agent")
    district.call("clerk", "PUT", "/workstations", 200, name="W1", arrived_base64=ARRIVED)
    order = district.order()
    line = district.sql("SELECT line FROM order_line WHERE order_id = %s AND open LIMIT 1", order)[0][0]
    district.call("supplier", "POST", "/supplier/orders/{id}/confirm", 200, _path={"id": order},
                  lines=[{"line": line, "quantity": 1, "promised_on": "2099-01-01"}])
    district.call("supplier", "POST", "/supplier/orders/{id}/ship", 200, _path={"id": order},
                  lines=[{"line": line, "lot": "OA3", "expiry": "2031-05-31", "quantity": 1}])
    held = district.hold()
    district.call("clerk", "POST", "/scans/{id}/bind", 200, _path={"id": held}, product_id=next(district.product)[0],
                  remember=True, remember_lot=True, units=2)
    learned = district.call("clerk", "GET", "/codes", 200, query={"limit": 1}).json()["items"][0]["id"]
    district.path_values = {"orders": order, "codes": learned}
    return district


QUERIES = {
    "/api/v1/reports/turnover": {"from": "2026-10-01", "to": "2026-10-31"},
    "/api/v1/reports/expiry-loss": {"from": "2026-10-01", "to": "2026-10-31"},
    "/api/v1/labels": {"symbology": "ean-13", "format": "svg", "content": "690123456789"},
}
GETS = sorted(key for key in OPERATIONS if key[0] == "GET" and key not in OUTSIDE)
ROLES = ["clerk", "manager", "supplier", "admin"]


def target_of(filled, operation):
    """The operation's address, for one of the things that `filled` made."""
    return operation.path.format(id=filled.path_values.get(operation.path.split("/")[3]))


def get(client, target, query):
    """Asked again while the service says that it is busy, as a loaded machine may be."""
    for _ in range(4):
        response = client.get(target, params=query)
        if response.status_code != 503:
            break
        time.sleep(int(response.headers["Retry-After"]))
    return response


def rows_of(body):
    return body.get("items", body.get("orders"))


@pytest.mark.parametrize("key", GETS, ids=[path for _, path in GETS])
def test_every_get_fits_for_every_role(filled, key):
    operation, answered = OPERATIONS[key], 0
    target, query = target_of(filled, operation), QUERIES.get(operation.path, {})
    for role, client in filled.people.items():
        response = assert_fits(key, get(client, target, query))
        assert response.status_code == (200 if role in operation.roles else 403), f"{role}: {response.text[:300]}"
        is_json = response.headers["Content-Type"] == "application/json"
        if response.ok and is_json and rows_of(response.json()) is not None:
            answered += len(rows_of(response.json()))
        elif response.ok:
            answered += 1
    assert answered > 0, "nobody found a row, so the schema of rows is not tested"
    assert_fits(key, filled.service.client().get(target)).status_code == 401


LISTS = [key for key in GETS if "text/csv" in OPERATIONS[key].answers["200"].get("content", {})]


@pytest.mark.parametrize("key", [k for k in LISTS if k[1] != "/api/v1/supplier/orders"], ids=lambda key: key[1])
def test_csv_has_the_columns_of_the_rows(filled, key):
    operation = OPERATIONS[key]
    client = filled.people[operation.roles[-1]]
    response = assert_fits(key, client.get(target_of(filled, operation), params={**QUERIES.get(operation.path, {}), "format": "csv"}))
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8" and response.content[:3] == b"\xef\xbb\xbf"
    answer = resolve(operation.answers["200"]["content"]["application/json"]["schema"])
    row = resolve(answer["properties"]["items"]["items"])
    assert next(csv.reader(io.StringIO(response.content.decode("utf-8-sig")))) == list(row["properties"])


def test_pages_follow_the_cursor_without_gap_or_repeat(filled):
    for path in ("/stock", "/movements", "/packs", "/products", "/thresholds", "/pharmacies", "/orders", "/audit"):
        def page(limit, cursor=None, path=path):
            return filled.call("admin", "GET", path, 200, query={"limit": limit, "cursor": cursor}).json()
        first = page(3)
        second = page(3, first["next"])
        assert first["items"] + second["items"] == page(6)["items"], path


PAGED = [key for key in LISTS if any(p["name"] == "cursor" for p in OPERATIONS[key].parameters)]


@pytest.mark.parametrize("key", PAGED, ids=[path for _, path in PAGED])
def test_a_cursor_that_we_did_not_give_is_refused_and_never_our_fault(filled, key):
    operation = OPERATIONS[key]
    for cursor in ("abc", "1-2-3-4-5", "-", "9" * 30, "1-zz", "1-00", "x" * 201, "a b"):
        response = assert_fits(key, filled.people[operation.roles[-1]].get(target_of(filled, operation), params={"cursor": cursor}))
        assert response.status_code in (200, 400), f"{key[1]}?cursor={cursor}: {response.text}"


@pytest.mark.parametrize("key", GETS, ids=[path for _, path in GETS])
def test_unknown_parameters_are_refused_by_name(filled, key):
    operation = OPERATIONS[key]
    response = filled.people[operation.roles[-1]].get(target_of(filled, operation),
                                                      params={**QUERIES.get(operation.path, {}), "colour": "red"})
    assert response.status_code == 400 and response.json()["code"] == "unknown_member"
    assert "colour" in assert_fits(key, response).json()["detail"]


# --- writes ---

def test_scans(filled):
    posted = filled.receive()
    assert posted["outcome"] == "posted"
    _, prefix = next(filled.product)
    code = prefix + "1234567890123"
    batch = [{"id": str(uuid.uuid4()), "movement": movement, "code": code, "lot": "OA4", "expiry": "2031-05-31"}
             for movement in ("receive", "dispense", "dispense", "write_off")]
    key = ("POST", "/api/v1/scans")
    results = assert_fits(key, filled.people["clerk"].post(key[1], json=batch)).json()["results"]
    assert [r["outcome"] for r in results][:3] == ["posted", "posted", "rejected"]
    again = assert_fits(key, filled.people["clerk"].post(key[1], json=batch[0])).json()["results"][0]
    assert again["outcome"] == "replayed"
    assert filled.scan(409, **{**batch[0], "lot": "OA5"})["code"] == "id_conflict"
    short = filled.scan(code=prefix, movement="dispense", quantity=99999)["results"][0]
    assert short["problem"]["code"] == "insufficient_stock" and "lots" in short["problem"]


ARRIVED = "QV1kMjAxMDk1MDExMDE1MzAwMDMxNzI3MTIzMTEwYUItMS94Xzl8MjFaejAN"    # of a scanner with prefix A and | for GS


def test_workstations(filled):
    assert filled.call("clerk", "POST", "/workstations/derive", 200, arrived_base64=ARRIVED).json()["exact"]
    assert not filled.call("clerk", "POST", "/workstations/derive", 200, arrived_base64="QQ==").json()["usable"]
    kept = filled.call("clerk", "PUT", "/workstations", 200, name="W-gone", arrived_base64=ARRIVED).json()
    assert kept["pharmacy_id"] == PHARMACY and kept["prefix"] == "A" and kept["separator"] == "|"
    filled.call("clerk", "PUT", "/workstations", 400, name="a/b", arrived_base64=ARRIVED)
    filled.call("admin", "PUT", "/workstations", 400, name="W-gone", arrived_base64=ARRIVED)
    assert filled.call("clerk", "PUT", "/workstations", 409, name="W", arrived_base64="QQ==").json()["code"] == "no_profile"
    for status in (200, 404):
        filled.call("manager", "DELETE", "/workstations/{name}", status, _path={"name": "W-gone"})


def test_held_scans_are_bound_and_dismissed(filled):
    product, _ = next(filled.product)
    held = filled.hold()
    bound = filled.call("clerk", "POST", "/scans/{id}/bind", 200, _path={"id": held}, product_id=product).json()
    assert bound["outcome"] == "posted" and bound["id"] == held
    assert filled.call("clerk", "POST", "/scans/{id}/bind", 409, _path={"id": held},
                       product_id=product).json()["code"] == "not_held"
    held = filled.hold()
    gone = filled.call("manager", "POST", "/scans/{id}/dismiss", 200, _path={"id": held}, reason="test").json()
    assert gone["outcome"] == "rejected" and gone["problem"]["code"] == "dismissed"
    filled.call("clerk", "POST", "/scans/{id}/dismiss", 404, _path={"id": str(uuid.uuid4())}, reason="test")


def test_codes_are_learned_approved_and_revoked(filled):
    learned = filled.path_values["codes"]
    filled.call("manager", "POST", "/codes/{id}/approve", 403, _path={"id": learned})
    district = filled.call("admin", "POST", "/codes/{id}/approve", 200, _path={"id": learned}).json()["id"]
    filled.call("manager", "POST", "/codes/{id}/revoke", 403, _path={"id": district}, reason="test")
    assert filled.call("admin", "POST", "/codes/{id}/revoke", 200, _path={"id": district}, reason="test").json()["scans"] == 0
    assert filled.call("manager", "POST", "/codes/{id}/revoke", 200, _path={"id": learned}, reason="x").json()["scans"] == 1
    assert filled.call("admin", "POST", "/codes/{id}/approve", 409, _path={"id": learned}).json()["code"] == "revoked"
    filled.call("manager", "POST", "/codes/{id}/revoke", 404, _path={"id": 2**40}, reason="x")
    held = filled.hold()
    filled.call("clerk", "POST", "/scans/{id}/bind", 400, _path={"id": held}, product_id=1, remember_lot=True)
    filled.call("clerk", "POST", "/scans/{id}/dismiss", 200, _path={"id": held}, reason="x")


def test_movements_are_reversed(filled):
    movement = filled.receive()["movement_id"]
    undo = {"id": str(uuid.uuid4()), "reason": "wrong pack"}
    for _ in range(2):
        assert filled.call("clerk", "POST", "/movements/{movement}/reverse", 200, _path={"movement": movement}, **undo)
    undo["id"] = str(uuid.uuid4())
    assert filled.call("clerk", "POST", "/movements/{movement}/reverse", 409, _path={"movement": movement},
                       **undo).json()["code"] == "already_reversed"


def test_orders_are_declined_cancelled_and_refused(filled):
    order = filled.order()
    refused = filled.call("supplier", "POST", "/supplier/orders/{id}/confirm", 409, _path={"id": order},
                          lines=[{"line": 999, "quantity": 1}]).json()
    assert refused["code"] == "lines_refused" and "999" in refused["detail"]
    filled.call("supplier", "POST", "/supplier/orders/{id}/decline", 200, _path={"id": order}, reason="none left")
    late = filled.call("clerk", "POST", "/orders/{id}/cancel", 409, _path={"id": order}, reason="x")
    assert late.json()["code"] == "conflict"
    order = filled.order()
    filled.call("clerk", "POST", "/orders/{id}/cancel", 200, _path={"id": order}, reason="not needed")
    filled.call("clerk", "GET", "/orders/{id}", 404, _path={"id": 2**40})


def test_thresholds_are_published_and_refused(filled):
    product, _ = next(filled.product)
    body = {"pharmacy_id": PHARMACY, "product_id": product}
    filled.call("manager", "PUT", "/thresholds", 400, **body, minimum=5, maximum=2)
    filled.call("manager", "PUT", "/thresholds", 200, **body, minimum=None, maximum=None, reason="not replenished")
    filled.call("manager", "PUT", "/thresholds", 404, pharmacy_id=PHARMACY, product_id=INT32_MAX)


def test_accounts(filled):
    name = f"openapi-{uuid.uuid4().hex[:8]}"
    user = {"username": name, "name": "王芳", "role": "clerk", "password": PASSWORD}
    made = filled.call("manager", "POST", "/users", 200, **user).json()
    filled.call("manager", "POST", "/users", 409, **user)
    filled.call("manager", "POST", "/users", 400, **{**user, "username": name + "x", "password": "password"})
    filled.call("manager", "POST", "/users/{id}/password", 200, _path={"id": made["id"]}, password=PASSWORD + "!")
    filled.people["made"] = filled.service.login(name, PASSWORD + "!")
    filled.call("made", "POST", "/users/{id}/password", 401, _path={"id": made["id"]}, password=PASSWORD,
                current_password="no")
    filled.call("made", "POST", "/users/{id}/password", 200, _path={"id": made["id"]}, password=PASSWORD,
                current_password=PASSWORD + "!")
    filled.call("made", "DELETE", "/session", 204)
    filled.call("made", "GET", "/session", 401)
    del filled.people["made"]
    filled.call("manager", "POST", "/users/{id}/disable", 200, _path={"id": made["id"]})
    filled.call("manager", "POST", "/users/{id}/disable", 404, _path={"id": INT32_MAX})


def test_keys(filled):
    made = filled.call("admin", "POST", "/keys", 200, name="erp", kind="supplier",
                       supplier_id=filled.supplier_id).json()
    filled.people["key"] = filled.service.key(made["key"])
    filled.call("key", "GET", "/supplier/stock", 200, query={"limit": 1})
    assert filled.call("key", "GET", "/session", 200).json()["csrf"] is None
    filled.call("key", "DELETE", "/session", 403)
    filled.call("admin", "POST", "/keys/{id}/disable", 200, _path={"id": made["id"]})
    del filled.people["key"]


def test_log_in(filled):
    key = ("POST", "/api/v1/session")
    client = filled.service.client()
    body = {"username": filled.people["clerk"].username, "password": PASSWORD}
    assert not faults(body, OPERATIONS[key].body)
    assert_fits(key, client.post(key[1], json=body)).raise_for_status()
    assert assert_fits(key, client.post(key[1], json={**body, "password": "wrong"})).status_code == 401
    assert assert_fits(key, client.post(key[1], json={"username": "x"})).json()["code"] == "missing_member"


WRITES = sorted(key for key in OPERATIONS if OPERATIONS[key].body is not None)


@pytest.mark.parametrize("key", WRITES, ids=[f"{m} {p}" for m, p in WRITES])
def test_unknown_members_are_refused_by_name(filled, key):
    role = (OPERATIONS[key].roles or ["clerk"])[-1]
    values = {"id": str(uuid.uuid4()) if "/scans/" in key[1] else 1, "movement": 1}
    response = filled.people[role].request(key[0], key[1].format(**values), json={"colour": "red"})
    assert assert_fits(key, response).json()["code"] == "unknown_member"
    assert "colour" in response.json()["detail"]


def test_the_feed_and_its_etag(filled):
    first = filled.call("supplier", "GET", "/supplier/orders", 200)
    same = filled.people["supplier"].get("/api/v1/supplier/orders", headers={"If-None-Match": first.headers["ETag"]})
    assert assert_fits(("GET", "/api/v1/supplier/orders"), same).status_code == 304
    lines = filled.call("supplier", "GET", "/supplier/orders", 200, query={"format": "csv"})
    assert lines.headers["X-Next-Cursor"] == first.json()["cursor"]


def test_outside(service):
    for key in sorted(OUTSIDE):
        assert assert_fits(key, service.client().get(key[1])).status_code == 200
