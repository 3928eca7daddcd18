"""No row, no byte and no side effect of another's: over every route of `yaoku routes`, for every role.

Pharmacy B and supplier Y have things whose names stand nowhere else (canaries). Clerk, manager and workstation of
pharmacy A and the people and programs of supplier X ask every route for them, by path, query, body and cursor.
Then the second wall alone: SQL as the role that the workers have.

A new route needs no line here while its fields are of known names; else the test fails until it is said how to call it.
"""
import base64
import collections
import json
import random
import re
import subprocess
import time
import uuid

import psycopg2
import pytest
from conftest import YAOKU

A, B = 91, 92
X, Y = 3, 4
PASSWORD = "eleven green umbrellas"
CANARY = "zqcanary" + uuid.uuid4().hex[:8]
NAMES = ["clerk", "manager", "workstation", "supplier", "supplier's program"]
ROLE = {"clerk": "clerk", "manager": "manager", "workstation": "clerk", "supplier": "supplier",
        "supplier's program": "supplier", "admin": "admin"}

# What a scanner with a prefix and | for GS sends for the test symbol.
ARRIVED = base64.b64encode(b"A]d201095011015300031727123110aB-1/x_9|21Zz0\r").decode()

Case = collections.namedtuple("Case", "label path query body")


def read_routes():
    lines = subprocess.run([YAOKU, "routes"], check=True, capture_output=True, text=True).stdout.splitlines()
    return [json.loads(line) for line in lines]


def name_of(route):
    return f"{route['method']} {route['path']}"


def may(name, route):
    """A manager may do what the clerk may."""
    return bool({ROLE[name], "clerk" if ROLE[name] == "manager" else None} & set(route["roles"]))


ROUTES = read_routes()
CLOSED = [route for route in ROUTES if route["roles"]]
# Routes that name nobody's things.
NAMELESS = {"POST /api/v1/session", "DELETE /api/v1/session", "POST /api/v1/workstations/derive"}
REACHABLE = [(name, route) for route in CLOSED for name in NAMES if may(name, route) and name_of(route) not in NAMELESS]


def sscc():
    digits = f"09{random.randrange(10**15):015d}"
    total = sum(int(d) * (3 if i % 2 == 0 else 1) for i, d in enumerate(digits))
    return digits + str(-total % 10)


# ---------------------------------------------------------------- the world

class World:
    """What B and Y have, and who asks for it. Everything is made through the API, so the ledger stays whole."""

    def __init__(self, service):
        self.service = service
        self.connection = service.database()
        self.admin = service.login("admin")
        self.canaries = [CANARY]
        self.askers = {
            "clerk": self.person("clerk", pharmacy_id=A), "manager": self.person("manager", pharmacy_id=A),
            "workstation": self.program("agent", pharmacy_id=A), "supplier": self.person("supplier", supplier_id=X),
            "supplier's program": self.program("supplier", supplier_id=X),
        }
        self.there = {"clerk": self.person("clerk", CANARY + "-clerk", pharmacy_id=B),
                      "manager": self.person("manager", CANARY + "-manager", pharmacy_id=B),
                      "supplier": self.person("supplier", CANARY + "-supplier", supplier_id=Y)}
        self.products = iter(self.sql("""SELECT s.product_id, c.code FROM shelf s JOIN product_code c USING (product_id),
            preferred_supplier(s.pharmacy_id, s.product_id) p
            WHERE s.pharmacy_id = %s AND p.supplier_id = %s AND c.code ~ '^8' ORDER BY 1""", B, Y))
        self.fill()
        self.settle()

    def sql(self, query, *args):
        with self.connection.cursor() as cursor:
            cursor.execute(query, args or None)
            return cursor.fetchall() if cursor.description else []

    def person(self, role, name=None, **place):
        name = name or f"asker-{uuid.uuid4().hex[:8]}"
        self.post(self.admin, "/users", username=name, name=name, role=role, password=PASSWORD, **place)
        return self.service.login(name, PASSWORD)

    def program(self, kind, **place):
        return self.service.key(self.post(self.admin, "/keys", name="asker", kind=kind, **place)["key"])

    @staticmethod
    def post(client, path, method="POST", **body):
        response = client.request(method, "/api/v1" + path, json=body)
        assert response.status_code == 200, f"{path}: {response.text}"
        return response.json()

    def scan(self, **members):
        body = {"id": str(uuid.uuid4()), "movement": "receive", "lot": CANARY + "L", "expiry": "2031-05-31",
                "workstation": CANARY + "W", **members}
        return self.post(self.there["clerk"], "/scans", **body)["results"][0]

    def place_order(self):
        product, _ = next(self.products)
        self.post(self.there["manager"], "/thresholds", "PUT", pharmacy_id=B, product_id=product, minimum=5000,
                  maximum=5001, reason=CANARY + " season")
        return self.sql("SELECT order_id, line FROM order_line WHERE pharmacy_id = %s AND product_id = %s AND open",
                        B, product)[0]

    def fill(self):
        self.product, prefix = next(self.products)
        self.pack = prefix + f"{uuid.uuid4().int % 10**13:013d}"
        received = self.scan(code=self.pack)
        held = self.scan(code=CANARY + " code")
        bound = self.scan(code=CANARY + " bound")
        self.post(self.there["clerk"], f"/scans/{bound['id']}/bind", product_id=self.product, remember=True)
        self.code = self.there["clerk"].get("/api/v1/codes", params={"search": CANARY}).json()["items"][0]["id"]
        assert (received["outcome"], held["outcome"]) == ("posted", "held")
        shipped, line = self.place_order()
        code = sscc()
        self.post(self.there["supplier"], f"/supplier/orders/{shipped}/ship", sscc=code,
                  lines=[{"line": line, "lot": CANARY + "S", "expiry": "2031-05-31", "quantity": 3}])
        user = self.post(self.there["manager"], "/users", username=CANARY + "-user", name=CANARY, role="clerk",
                         password=PASSWORD)
        key = self.post(self.there["manager"], "/keys", name=CANARY + " key", kind="agent")
        self.post(self.there["clerk"], "/workstations", "PUT", name=CANARY + "W", arrived_base64=ARRIVED)
        self.canaries += [self.pack, code, key["key_id"]]
        self.scan_id, self.posted_id, self.movement = held["id"], received["id"], received["movement_id"]
        self.shipped = shipped
        self.order = self.place_order()[0]
        self.user, self.key_account = user["id"], key["id"]
        self.account = self.sql("SELECT id FROM account WHERE login = %s", CANARY + "-clerk")[0][0]

    # --- what must not change ---

    def tables(self):
        return [name for name, in self.sql("""SELECT relname FROM pg_class
            WHERE relnamespace = 'yaoku'::regnamespace AND relkind = 'r'
            AND obj_description(oid, 'pg_class') LIKE 'distributed%%' AND relname <> 'seal' ORDER BY 1""")]

    def state(self):
        """Count and hash of every row of B and Y, but for what the relay and the sealer do by themselves."""
        rows = {table: "pharmacy_id = %s" % B for table in self.tables()}
        rows |= {"account": f"pharmacy_id = {B} OR supplier_id = {Y}", "audit": f"pharmacy_id = {B}",
                 "purchase_order AS y": f"supplier_id = {Y}"}
        return {table: self.sql(f"""SELECT count(*), md5(string_agg(t::text, ',' ORDER BY t::text))
            FROM (SELECT to_jsonb(r) - 'relayed' AS t FROM (SELECT * FROM {table} WHERE {which}) r) s""")[0]
            for table, which in rows.items()}

    def settle(self):
        for _ in range(100):
            if not self.sql("SELECT 1 FROM order_revision WHERE NOT relayed"):
                return
            time.sleep(0.1)
        pytest.fail("the relay does not come")


@pytest.fixture(scope="module")
def world(service):
    world = World(service)
    yield world
    world.connection.close()


@pytest.fixture
def unchanged(world):
    """The world, after which nothing of B's or Y's may be another than before."""
    before = world.state()
    yield world
    assert world.state() == before


# ---------------------------------------------------------------- how to call a route

# What stands in the path: (how the path begins, its parameter) → which thing of B's or Y's.
OBJECTS = {
    ("/api/v1/scans/", "id"): lambda w: w.scan_id,
    ("/api/v1/movements/", "movement"): lambda w: w.movement,
    ("/api/v1/orders/", "id"): lambda w: w.order,
    ("/api/v1/supplier/orders/", "id"): lambda w: w.order,
    ("/api/v1/users/", "id"): lambda w: w.user,
    ("/api/v1/keys/", "id"): lambda w: w.key_account,
    ("/api/v1/workstations/", "name"): lambda w: CANARY + "W",
    ("/api/v1/codes/", "id"): lambda w: w.code,
}
# Names of fields that can name something of B's or Y's, in a query or a body.
FOREIGN = {
    "pharmacy_id": lambda w: B, "supplier_id": lambda w: Y, "account_id": lambda w: w.account,
    "lot": lambda w: CANARY + "L", "search": lambda w: CANARY, "trace_code": lambda w: w.pack,
    "action": lambda w: "threshold.put", "product_id": lambda w: w.product,
}
# In a body these alone make a call an attempt on B or Y; the others are shared masters, or texts of the asker's.
REACHING = {"pharmacy_id", "supplier_id", "account_id"}
# Names of other fields that a call needs.
PLAIN = {
    "id": lambda w: str(uuid.uuid4()), "reason": lambda w: "asked by another",
    "username": lambda w: "u" + uuid.uuid4().hex[:9],
    "name": lambda w: "asker", "role": lambda w: "clerk", "kind": lambda w: "agent", "password": lambda w: PASSWORD,
    "current_password": lambda w: PASSWORD, "minimum": lambda w: 7777, "maximum": lambda w: 8888,
    "expiry": lambda w: "2031-05-31", "remember": lambda w: True, "remember_lot": lambda w: True, "units": lambda w: 2,
    "expiring_within_days": lambda w: 36500,
    "wait": lambda w: 0, "from": lambda w: "2026-01-01", "to": lambda w: "2099-12-31", "overdue": lambda w: "false",
    "sscc": lambda w: sscc(), "limit": lambda w: 1000, "arrived_base64": lambda w: ARRIVED,
    "lines": lambda w: [{"line": 1, "quantity": 1}], "content": lambda w: "[10]A",
    "packages": lambda w: [{"code": sscc(), "contains": [w.pack]}],
}
LINES = {"ship": lambda w: [{"line": 1, "lot": "L", "expiry": "2031-05-31", "quantity": 1}]}


def object_value(world, path, name):
    for (prefix, parameter), find in sorted(OBJECTS.items(), key=lambda item: -len(item[0][0])):
        if path.startswith(prefix) and name == parameter:
            return find(world)
    pytest.fail(f"how to fill {{{name}}} of {path} is not known here; say it in OBJECTS")


def field_value(world, route, field, cursors):
    name = field["name"]
    if field["in"] == "path":
        return object_value(world, route["path"], name)
    if name == "lines" and route["path"].endswith("/ship"):
        return LINES["ship"](world)
    if field["type"] == "cursor":
        return cursors(route)
    if field["type"] == "choice":
        usual = PLAIN.get(name, lambda w: None)(world)
        return usual if usual in field["choices"] else field["choices"][0]
    find = FOREIGN.get(name) or PLAIN.get(name)
    if find is None:
        pytest.fail(f"how to fill {name} of {route['method']} {route['path']} is not known here")
    return find(world)


def case_of(world, route, label, fields, cursors):
    """The call with these fields filled, everything that can be foreign foreign."""
    values = {(f["in"], f["name"]): field_value(world, route, f, cursors) for f in fields}
    part = lambda place: {name: v for (where, name), v in values.items() if where == place and v is not None}
    return Case(label, route["path"].format(**part("path")), part("query"), part("body"))


def scan_cases(world, route):
    """POST /scans, which reads its body by itself."""
    def scan(label, **more):
        body = {"id": str(uuid.uuid4()), "movement": "dispense", "code": world.pack, "lot": CANARY + "L",
                "expiry": "2031-05-31", "pharmacy_id": B}
        return Case(label, route["path"], {}, {**body, **more})
    return [scan("of B"), scan("known to B", id=world.posted_id), scan("held by B", id=world.scan_id),
            scan("order of B", movement="receive", order_id=world.order, reason="x"),
            scan("operator of B", operator_id=world.account)]


OWN_BODY = {("POST", "/api/v1/scans"): scan_cases}


def cases(world, route, cursors):
    """The calls of a route that reach for what is another's."""
    key, fields = (route["method"], route["path"]), route["fields"]
    if key in OWN_BODY:
        return OWN_BODY[key](world, route)
    if fields is None:
        if route["method"] != "GET":
            pytest.fail(f"{key} reads its body by itself: say how in OWN_BODY")
        fields = []
    needed = [f for f in fields if f["required"] and f["type"] != "pharmacy"]
    optional = [f for f in fields if f not in needed]
    made = [case_of(world, route, "least", needed, cursors)]
    made += [case_of(world, route, f["name"], needed + [f], cursors) for f in optional]
    made.append(case_of(world, route, "all but the pharmacy",
                        [f for f in fields if f["type"] not in ("pharmacy", "cursor")], cursors))
    return made


def reaches(route, case):
    """True when a write names something of another's; a read always tries to."""
    return route["method"] == "GET" or "{" in route["path"] or bool(REACHING & case.body.keys())


def cursor_finder(world):
    """Cursors as B's and Y's own people get them."""
    def find(route):
        who = world.there["supplier" if route["roles"] == ["supplier"] else "manager"]
        query = {f["name"]: PLAIN[f["name"]](world) for f in route["fields"] if f["required"]}
        answer = who.get(route["path"], params={**query, "limit": 1})
        body = answer.json() if answer.ok else {}
        return body.get("next") or body.get("cursor") or f"{B}-1"
    return find


def ask(client, route, case, **query):
    return client.request(route["method"], case.path, params={**case.query, **query}, json=case.body or None)


def assert_silent(world, response, what):
    """No byte of another's, neither in the body nor in a header."""
    said = response.text + str(dict(response.headers))
    for canary in world.canaries:
        assert canary not in said, f"{what} tells {canary}: {said[:500]}"


# ---------------------------------------------------------------- every route, every role

def test_what_is_another_s_is_visible_where_it_belongs(world):
    """Else its absence elsewhere would prove nothing."""
    ordered = world.sql("SELECT product_id FROM order_line WHERE order_id = %s", world.shipped)[0][0]
    shown = {"users": "manager", "keys": "manager", "audit": "manager", "stock": "clerk", "movements": "clerk",
             "packs?trace_code=" + world.pack: "clerk", "scans": "clerk", "supplier/orders": "supplier",
             "workstations": "clerk",
             "packs?trace_code=" + world.pack: "clerk", "scans": "clerk", "codes": "clerk", f"codes/{world.code}/scans": "clerk", "supplier/orders": "supplier",
             f"thresholds?product_id={ordered}": "manager", f"orders/{world.shipped}": "clerk"}
    for path, role in shown.items():
        answer = world.there[role].get("/api/v1/" + path, params={"limit": 1000} if "/" not in path[:7] else None)
        assert any(canary in answer.text for canary in world.canaries), f"{path}: {answer.text[:300]}"


@pytest.mark.parametrize("route", CLOSED, ids=map(name_of, CLOSED))
def test_nobody_is_nobody(unchanged, route):
    for case in cases(unchanged, route, cursor_finder(unchanged)):
        for client in (unchanged.service.client(), unchanged.service.key("k000000000000." + "0" * 64)):
            response = ask(client, route, case)
            assert response.status_code == 401 and response.json()["code"] == "unauthenticated"


@pytest.mark.parametrize("route", CLOSED, ids=map(name_of, CLOSED))
def test_roles_that_may_not_are_refused(unchanged, route):
    askers = {**unchanged.askers, "admin": unchanged.admin}
    for case in cases(unchanged, route, cursor_finder(unchanged)):
        for name, client in askers.items():
            if may(name, route):
                continue
            response = ask(client, route, case)
            assert response.status_code == 403 and response.json()["code"] == "forbidden", f"{name}: {response.text}"
            assert_silent(unchanged, response, name)


def assert_refused(route, case, response):
    """What an asker that may call the route gets for another's things."""
    said = f"{case.label}: {response.status_code} {response.text[:300]}"
    if (route["method"], route["path"]) in OWN_BODY:
        results = response.json().get("results", [{"problem": {"code": "wrong_pharmacy"}}])
        assert all(r["problem"]["code"] == "wrong_pharmacy" for r in results), said
    elif "pharmacy_id" in {**case.query, **case.body}:
        assert response.status_code == 403 and response.json()["code"] == "wrong_pharmacy", said
    elif "{" in route["path"] and route["shape"] == "list":
        assert response.status_code in (200, 400) and response.json().get("items", []) == [], said
    elif "{" in route["path"]:
        assert response.status_code in (400, 404), said
        assert response.json()["code"] in ("not_found", "invalid_member"), said
    elif route["method"] != "GET":
        assert response.status_code in (400, 403, 404), said
    else:
        assert response.status_code in ((200, 400, 409) if "cursor" in case.query else (200,)), said


@pytest.mark.parametrize("name, route", REACHABLE, ids=[f"{name}, {name_of(route)}" for name, route in REACHABLE])
def test_another_s_things_are_out_of_reach(unchanged, name, route):
    reaching = [c for c in cases(unchanged, route, cursor_finder(unchanged)) if reaches(route, c)]
    assert reaching, "this write names nothing of another's; if that is so, say it in NAMELESS"
    for case in reaching:
        response = ask(unchanged.askers[name], route, case)
        assert_silent(unchanged, response, f"{name}, {case.label}")
        assert_refused(route, case, response)
        if route["shape"] == "list":
            assert_silent(unchanged, ask(unchanged.askers[name], route, case, format="csv"), f"{name}, CSV")


def test_every_row_of_a_list_is_the_asker_s(world):
    """Canaries prove that B's things are not shown; this, that nobody else's are."""
    for route in ROUTES:
        if route["method"] != "GET" or route["shape"] != "list" or "{" in route["path"]:
            continue
        query = {f["name"]: PLAIN[f["name"]](world) for f in route["fields"] or [] if f["required"]}
        for name in ("clerk", "manager", "workstation"):
            if may(name, route):
                items = world.askers[name].get(route["path"], params=query).json()["items"]
                shown = {item["pharmacy_id"] for item in items if "pharmacy_id" in item}
                assert shown <= ({A, None} if route["path"] == "/api/v1/codes" else {A}), route["path"]  # None: the district's


def test_reports_and_overview_of_a_manager_are_the_own_pharmacy_s(world):
    period = {"from": "2026-01-01", "to": "2099-12-31"}
    period["to"] = world.sql("SELECT current_date::text")[0][0]
    for path in [r["path"] for r in ROUTES if r["path"].startswith("/api/v1/reports/")]:
        rows = world.askers["manager"].get(path, params=period).json()["items"]
        assert {row["key"] for row in rows} <= {str(A)}, path
    own = world.askers["manager"].get("/api/v1/overview").json()
    assert own == world.admin.get("/api/v1/overview", params={"pharmacy_id": A}).json()


def test_a_supplier_reads_the_own_orders_and_products_only(world):
    for name in ("supplier", "supplier's program"):
        client, cursor, orders = world.askers[name], None, set()
        while True:
            page = client.get("/api/v1/supplier/orders", params={"cursor": cursor, "limit": 1000}).json()
            orders |= {order["id"] for order in page["orders"]}
            if not page["orders"]:
                break
            cursor = page["cursor"]
        own = {i for i, in world.sql("SELECT id FROM purchase_order WHERE supplier_id = %s", X)}
        assert orders <= own and world.order not in orders
        items = client.get("/api/v1/supplier/stock", params={"limit": 1000}).json()["items"]
        supplied = {i for i, in world.sql("SELECT product_id FROM supplier_product WHERE supplier_id = %s", X)}
        assert items and {item["product_id"] for item in items} <= supplied


# ---------------------------------------------------------------- scans between pharmacies

def own_scan(world, **members):
    body = {"id": str(uuid.uuid4()), "movement": "receive", "code": world.pack, "lot": "TENANT", "expiry": "2031-05-31",
            **members}
    return world.post(world.askers["clerk"], "/scans", **body)["results"][0]


def test_an_order_of_another_takes_no_receipt(unchanged):
    pack = lambda: unchanged.pack[:7] + f"{uuid.uuid4().int % 10**13:013d}"
    for order in (unchanged.order, unchanged.shipped):
        refused = own_scan(unchanged, code=pack(), order_id=order)
        assert refused["outcome"] == "rejected" and refused["problem"]["code"] == "over_ordered"
        assert own_scan(unchanged, code=pack(), order_id=order, reason="it came")["outcome"] == "posted"


def test_an_id_that_another_has_used_is_new_here(unchanged):
    """Ids are a pharmacy's: neither replayed nor a conflict, and the answer tells nothing."""
    result = own_scan(unchanged, id=unchanged.posted_id, code=unchanged.pack[:7] + f"{uuid.uuid4().int % 10**13:013d}")
    assert result["outcome"] == "posted" and result["lot"] == "TENANT"


def test_a_code_that_another_has_bound_is_unknown_here(unchanged):
    result = own_scan(unchanged, code=CANARY + " bound")
    assert result["outcome"] == "held" and result["problem"]["code"] == "unknown_code" and result["product"] is None
    unchanged.post(unchanged.askers["clerk"], f"/scans/{result['id']}/dismiss", reason="test")


def test_one_array_tells_nothing_of_another_s_scans(unchanged):
    """The same id twice in one request: the second is no way to ask whether B has it."""
    body = {"movement": "receive", "code": unchanged.pack, "lot": CANARY + "L", "expiry": "2031-05-31",
            "workstation": CANARY + "W", "pharmacy_id": B}
    for scan_id in (unchanged.posted_id, unchanged.scan_id, str(uuid.uuid4())):
        for changed in ({}, {"lot": "other"}):
            twice = [{**body, **changed, "id": scan_id}] * 2
            response = unchanged.askers["clerk"].post("/api/v1/scans", json=twice)
            problems = [r["problem"]["code"] for r in response.json()["results"] if r["problem"]]
            assert problems == ["wrong_pharmacy"] * 2, response.text
            assert_silent(unchanged, response, "the second of two")


# ---------------------------------------------------------------- the second wall alone

class AsApp:
    """SQL as a worker would ask, with the settings that a fault above might leave out."""

    def __init__(self, service):
        self.connection = service.database()
        self.connection.autocommit = False

    def ask(self, query, *args, **settings):
        try:
            with self.connection.cursor() as cursor:
                cursor.execute("SET LOCAL ROLE yaoku_app")
                for name, value in settings.items():
                    cursor.execute("SELECT set_config(%s, %s, true)", (f"yaoku.{name}", str(value)))
                cursor.execute(query, args or None)
                return cursor.fetchall() if cursor.description else []
        finally:
            self.connection.rollback()


@pytest.fixture
def app(service):
    app = AsApp(service)
    yield app
    app.connection.close()


def test_without_settings_there_are_no_rows(world, app):
    for table in world.tables() + ["seal"]:
        assert app.ask(f"SELECT 1 FROM {table} LIMIT 1") == [], table
        for settings in ({"pharmacy": ""}, {"supplier": ""}, {"pharmacy": "", "supplier": "", "role": "admin"}):
            assert app.ask(f"SELECT 1 FROM {table} LIMIT 1", **settings) == [], (table, settings)


def test_with_one_pharmacy_s_setting_there_are_only_its_rows(world, app):
    for table in world.tables() + ["seal"]:
        assert app.ask(f"SELECT DISTINCT pharmacy_id FROM {table}", pharmacy=A) in ([], [(A,)]), table
    assert app.ask("SELECT 1 FROM lot LIMIT 1", pharmacy=A)


def test_with_one_supplier_s_setting_there_are_only_its_orders(world, app):
    for table in world.tables() + ["seal"]:
        found = app.ask(f"SELECT to_jsonb(t) ->> 'supplier_id' FROM {table} t", supplier=X)
        assert {supplier for supplier, in found} <= {str(X)}, table


def test_audit_rows_and_accounts_are_the_own_ones(world, app):
    assert app.ask("SELECT DISTINCT pharmacy_id FROM audit", pharmacy=A) == [(A,)]
    accounts = "SELECT DISTINCT pharmacy_id, supplier_id, CASE WHEN role = 'admin' THEN 'admin' END FROM account"
    assert set(app.ask(accounts, pharmacy=A)) == {(A, None, None), (None, None, "admin")}
    assert app.ask(accounts, supplier=X) == [(None, X, None)]
    assert app.ask("SELECT id FROM account", account=world.account) == [(world.account,)]
    for table in ("audit", "account"):
        for settings in ({}, {"pharmacy": ""}, {"pharmacy": "", "supplier": "", "account": "", "role": "admin"}):
            assert app.ask(f"SELECT id FROM {table} LIMIT 1", **settings) == [], (table, settings)
        assert app.ask(f"SELECT count(*) FROM {table}", pharmacy="*") == world.sql(f"SELECT count(*) FROM {table}")


def test_the_workers_may_write_no_table(world):
    rights = world.sql("""SELECT c.relname, p.privilege FROM pg_class c,
        unnest(ARRAY['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) AS p (privilege)
        WHERE c.relnamespace = 'yaoku'::regnamespace AND c.relkind IN ('r', 'p', 'v')
        AND has_table_privilege('yaoku_app', c.oid, p.privilege)""")
    assert rights == []


def test_the_workers_read_no_secret(app):
    for query in ("SELECT secret FROM account", "SELECT 1 FROM session", "SELECT 1 FROM login_attempt"):
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            app.ask(query)


def test_the_workers_are_bound_by_the_policies(world):
    assert world.sql("""SELECT rolname FROM pg_roles
        WHERE rolname LIKE 'yaoku%%' AND (rolsuper OR rolbypassrls)""") == []
    assert world.sql("""SELECT relname FROM pg_class WHERE relnamespace = 'yaoku'::regnamespace AND relkind = 'r'
        AND obj_description(oid, 'pg_class') LIKE 'distributed%%'
        AND NOT (relrowsecurity AND relforcerowsecurity)""") == []


def post_scans(app, where, rows, /, **settings):
    """Dispensings as inventory/ would send them in one group, each (id, sender, operator, pack); the outcomes and answers."""
    ids, senders, operators, packs = map(list, zip(*rows))
    nothing, same = [None] * len(rows), lambda value: [value] * len(rows)
    with app.connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE yaoku_app")
        for name, value in settings.items():
            cursor.execute("SELECT set_config(%s, %s, true)", (f"yaoku.{name}", str(value)))
        cursor.execute("""SELECT outcome, answer::json FROM post_scans(%s::uuid[], %s, %s::uuid[], %s, %s, %s, %s::text[],
            %s::date[], %s, %s, %s::bigint[], %s::text[], %s::text[], %s::bigint[], %s::timestamptz[], %s, %s, '{}', '{}',
            %s::text[], %s::bytea[], %s::int[]) ORDER BY ord""",
                       (ids, same(where), [str(uuid.uuid4()) for _ in rows], same("dispense"), [p[:7] for p in packs],
                        packs, nothing, nothing, same(True), same(1), nothing, nothing, nothing, nothing, nothing,
                        operators, senders, nothing, nothing, nothing))
        found = cursor.fetchall()
    app.connection.commit()
    return found


def test_posting_across_pharmacies_moves_nothing(unchanged, app):
    """Sender or operator of A, rows of B, whatever the settings say."""
    accounts = unchanged.sql("SELECT id FROM account WHERE pharmacy_id = %s OR supplier_id = %s", A, X)
    theirs = unchanged.account
    for account, in accounts:
        for sender, operator in ((account, account), (theirs, account), (account, theirs)):
            for settings in ({}, {"pharmacy": B}, {"pharmacy": "*"}):
                row = (str(uuid.uuid4()), sender, operator, unchanged.pack)
                [(outcome, answer)] = post_scans(app, B, [row], **settings)
                assert outcome == "wrong_pharmacy" and answer["movement_id"] is None
                assert CANARY not in json.dumps(answer)


def test_sharing_a_group_with_another_tells_nothing(unchanged, app):
    """Scans of many clerks are posted together: the same id from A and B, whoever comes first."""
    [(ours,)] = unchanged.sql("SELECT max(id) FROM account WHERE pharmacy_id = %s AND role = 'clerk'", A)
    theirs = unchanged.account
    rows = {who: (unchanged.posted_id, who, who, unchanged.pack) for who in (ours, theirs)}
    for first, second in ((ours, theirs), (theirs, ours)):
        answers = dict(zip((first, second), post_scans(app, B, [rows[first], rows[second]])))
        assert answers[ours][0] == "wrong_pharmacy" and CANARY not in json.dumps(answers[ours][1])
        assert answers[theirs][0] == "id_conflict"


def test_functions_refuse_what_is_another_s(unchanged, app):
    """The functions that write own their rights, so each has to look by itself."""
    calls = {
        "dismiss_scan(%s, 'x')": unchanged.scan_id,
        "approve_code(%s)": unchanged.code,
        "revoke_code(%s, 'x')": unchanged.code,
        "bind_scan(%s, 1, 'L', '2031-05-31', true)": unchanged.scan_id,
        "reverse_movement(%s, gen_random_uuid(), 'x', gen_random_uuid())": unchanged.movement,
        "cancel_order(%s, 'x')": unchanged.order,
        "confirm_order(%s, '[{\"line\": 1, \"quantity\": 1}]')": unchanged.order,
        "ship_order(%s, NULL, '[{\"line\": 1, \"lot\": \"L\", \"expiry\": \"2031-05-31\", \"quantity\": 1}]')":
            unchanged.order,
        "decline_order(%s, 'x')": unchanged.order,
        "put_threshold(" + str(B) + ", %s, 1, 2, 'x')": unchanged.product,
        "put_workstation(" + str(B) + ", %s, '', '', '|', 'none', '')": CANARY + "W",
        "delete_workstation(" + str(B) + ", %s)": CANARY + "W",
        "disable_account('person', %s)": unchanged.user,
        "set_password(%s, 'x', NULL)": unchanged.user,
    }
    scopes = [{}, {"pharmacy": A, "role": "manager", "account": 1}, {"supplier": X, "role": "supplier", "account": 1}]
    for call, thing in calls.items():
        for scope in scopes:
            [(problem,)] = app.ask(f"SELECT problem FROM {call}", thing, **scope)
            assert problem in ("not_found", "forbidden"), (call, scope)


def test_every_function_that_owns_its_rights_is_on_the_list(world):
    """A new one must look who asks; then name it here, and its call above."""
    looked_at = {
        "post_scans", "dismiss_scan", "bind_scan", "reverse_movement", "cancel_order", "confirm_order", "ship_order",
        "decline_order", "put_threshold", "put_workstation", "delete_workstation", "disable_account", "set_password", "create_account",
        "post_scans", "dismiss_scan", "bind_scan", "approve_code", "revoke_code", "reverse_movement", "cancel_order",
        "confirm_order", "ship_order", "decline_order", "put_threshold", "disable_account", "set_password", "create_account",
        "code_votes",                                                                   # numbers of pharmacies only
        "supplier_orders", "supplier_stock", "feed_heads",                              # read the asker's supplier
        "begin_login", "start_session", "end_session", "find_session", "touch_session", "find_key", "begin_password",
        "seal_movements", "relay_orders", "sweep_levels", "sweep_access",  # jobs
    }
    found = {name for name, in world.sql("""SELECT proname FROM pg_proc WHERE pronamespace = 'yaoku'::regnamespace
        AND prosecdef AND has_function_privilege('yaoku_app', oid, 'EXECUTE')""")}
    assert found - looked_at == set()
    assert all(re.fullmatch(r"[a-z_]+", name) for name in found)
