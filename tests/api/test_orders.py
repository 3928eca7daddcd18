"""Orders from the clerk's scan to the supplier and back, over HTTP, against the real binary with the demo
district: pharmacy 1's clerk and manager, the supplier who is preferred for many of its products, the admin.
The rules themselves are in test_order_rules.py.
"""
import csv
import io
import itertools
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

PHARMACY = 1


# ---------------------------------------------------------------- helpers

def ok(answer):
    assert answer.status_code == 200, answer.text
    return answer.json()


def code_of(answer):
    return answer.status_code, answer.json()["code"]


def twin(service, client):
    """Another connection of the same session, for a thread of its own: logging in is throttled."""
    other = service.client()
    other.cookies.update(client.cookies)
    other.headers.update(client.headers)
    return other


def pages(client, path, **query):
    """Every item of a list."""
    query = {"limit": 1000, **query}
    while True:
        page = ok(client.get(path, params=query))
        yield from page["items"]
        if page["next"] is None:
            return
        query["cursor"] = page["next"]


def poll(supplier, cursor=None, **query):
    body = ok(supplier.get("/api/v1/supplier/orders", params={"cursor": cursor, "limit": 1000, **query}))
    return body["orders"], body["cursor"]


def head(supplier):
    """The cursor that has everything behind it."""
    orders, cursor = poll(supplier)
    while orders:
        orders, cursor = poll(supplier, cursor)
    return cursor


def level(supplier, product, pharmacy=PHARMACY):
    return next(row for row in pages(supplier, "/api/v1/supplier/stock")
                if (row["pharmacy_id"], row["product_id"]) == (pharmacy, product))


def dispense(clerk, gtin, times=1):
    scans = [{"id": str(uuid.uuid4()), "movement": "dispense", "code": gtin} for _ in range(times)]
    results = ok(clerk.post("/api/v1/scans", json=scans))["results"] if scans else []
    assert {result["outcome"] for result in results} <= {"posted"}, results
    return results


class Shelves:
    """Shelves of pharmacy 1 that are above their minimum with nothing on order; each is given out once."""

    def __init__(self, supplier):
        rows = [row for row in pages(supplier, "/api/v1/supplier/stock")
                if row["pharmacy_id"] == PHARMACY and row["preferred"] and row["on_order"] == 0
                and row["position"] > row["minimum"]]
        self.rows = iter(sorted(rows, key=lambda row: row["position"] - row["minimum"]))

    def next(self):
        return next(self.rows)


@pytest.fixture(scope="module")
def shelves(service):
    return Shelves(service.login("supplier"))


def empty_to_minimum(clerk, row):
    """Dispense down to the minimum."""
    dispense(clerk, row["gtin"], row["position"] - row["minimum"])


def line_of(order, product):
    return next((line for line in order["lines"] if line["product_id"] == product), None)


def order_for(supplier, cursor, product):
    """Poll until an order with a line for the product comes; returns it whole."""
    end = time.monotonic() + 5
    while time.monotonic() < end:
        orders, cursor = poll(supplier, cursor, wait=5)
        for order in orders:
            if line_of(order, product):
                return order
    raise AssertionError(f"no order for product {product}")


@pytest.fixture
def ordered(clerk, supplier, shelves):
    """(order, line) of a shelf that was dispensed down to its minimum, alone in its order."""
    close_open_order(supplier)
    row = shelves.next()
    cursor = head(supplier)
    empty_to_minimum(clerk, row)
    order = order_for(supplier, cursor, row["product_id"])
    return order, line_of(order, row["product_id"])


def close_open_order(supplier):
    """Confirm what is open, so that the next line begins an order."""
    for order in poll(supplier, status="open")[0]:
        if order["pharmacy"]["id"] == PHARMACY:
            lines = [{"line": line["line"], "quantity": line["quantity"]} for line in order["lines"]]
            supplier.post(f"/api/v1/supplier/orders/{order['id']}/confirm", json={"lines": lines})


def ship(supplier, order, *lines, **more):
    return supplier.post(f"/api/v1/supplier/orders/{order['id']}/ship", json={"lines": list(lines), **more})


def shipped(line, quantity=None, lot="S1", expiry="2099-12-31", **more):
    return {"line": line["line"], "lot": lot, "expiry": expiry, "quantity": quantity or line["quantity"], **more}


def receive(clerk, order, line, quantity, lot="S1", expiry="2099-12-31"):
    scan = {"id": str(uuid.uuid4()), "movement": "receive", "code": line["gtin"], "quantity": quantity, "lot": lot,
            "expiry": expiry, "order_id": order["id"]}
    return ok(clerk.post("/api/v1/scans", json=scan))["results"][0]


# ---------------------------------------------------------------- from the scan to the poll

@pytest.mark.parametrize("turn", range(8))
def test_waiting_poll_has_the_order_within_a_second(clerk, supplier, shelves, turn):
    row = shelves.next()
    dispense(clerk, row["gtin"], row["position"] - row["minimum"] - 1)
    cursor = head(supplier)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(poll, supplier, cursor, wait=30)
        time.sleep(0.1 + turn * 0.03)  # not always at the same moment of the relay
        assert not waiting.done()
        dispense(clerk, row["gtin"])
        answered = time.monotonic()
        orders, _ = waiting.result()
        took = time.monotonic() - answered
    assert took < 1, took
    line = line_of(orders[0], row["product_id"])
    units = line["units_per_order_unit"]
    assert line["quantity"] == -(-(row["maximum"] - row["minimum"]) // units) * units
    assert level(supplier, row["product_id"])["position"] == row["minimum"] + line["quantity"]


def test_wait_passes_without_anything_new(supplier):
    cursor = head(supplier)
    start = time.monotonic()
    assert poll(supplier, cursor, wait=1) == ([], cursor)
    assert 0.9 < time.monotonic() - start < 3
    assert poll(supplier, cursor) == ([], cursor)


def test_not_modified_only_if_asked(supplier, ordered):
    address = "/api/v1/supplier/orders"
    answer = supplier.get(address, params={"limit": 1000})
    etag = answer.headers["ETag"]
    assert ok(answer)["orders"]
    assert ok(supplier.get(address, params={"limit": 1000}))["orders"]
    again = supplier.get(address, params={"limit": 1000}, headers={"If-None-Match": etag})
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", etag)
    other = supplier.get(address, params={"limit": 1000, "status": "declined"}, headers={"If-None-Match": etag})
    assert other.status_code == 200


def test_feed_as_csv(supplier, ordered):
    order, line = ordered
    answer = supplier.get("/api/v1/supplier/orders", params={"status": "open", "format": "csv"})
    assert answer.headers["Content-Type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    row = next(row for row in rows if row["order_id"] == str(order["id"]))
    assert (row["gtin"], row["quantity"], row["pharmacy_id"], row["unit_price"]) == (
        line["gtin"], str(line["quantity"]), str(PHARMACY), line["unit_price"])
    cursor = answer.headers["X-Next-Cursor"]
    empty = supplier.get("/api/v1/supplier/orders", params={"cursor": cursor}, headers={"Accept": "text/csv"})
    assert empty.content.decode("utf-8-sig").splitlines() == [answer.content.decode("utf-8-sig").splitlines()[0]]


@pytest.mark.parametrize("query, code", [
    ({"wait": 31}, "invalid_member"), ({"wait": -1}, "invalid_member"), ({"cursor": "x!"}, "invalid_member"),
    ({"cursor": "abc"}, "invalid_member"), ({"cursor": "-4"}, "invalid_member"), ({"status": "lost"}, "invalid_member"),
    ({"limit": 0}, "invalid_member"), ({"since": 1}, "unknown_member")])
def test_poll_refused(supplier, query, code):
    assert code_of(supplier.get("/api/v1/supplier/orders", params=query)) == (400, code)


def test_feed_is_for_suppliers(clerk, manager, admin):
    for client in (clerk, manager, admin):
        for path in ("/api/v1/supplier/orders", "/api/v1/supplier/stock"):
            assert code_of(client.get(path)) == (403, "forbidden")


# ---------------------------------------------------------------- the order's life

def test_confirm_ship_receive_by_scan(clerk, supplier, ordered):
    order, line = ordered
    address = f"/api/v1/supplier/orders/{order['id']}"
    body = ok(supplier.post(address + "/confirm", json={"lines": [
        {"line": line["line"], "quantity": line["quantity"], "promised_on": "2099-01-01"}]}))
    assert (body["status"], body["lines"][0]["confirmed"]) == ("confirmed", line["quantity"])
    first = line["quantity"] // 2
    lots = [shipped(line, first)] if first else []
    lots.append(shipped(line, line["quantity"] - first, lot="S2"))
    cursor = head(supplier)
    assert ok(ship(supplier, order, *lots, sscc="006141411234567890"))["status"] == "shipped"

    shown = ok(clerk.get(f"/api/v1/orders/{order['id']}"))
    assert shown["sscc"] == "006141411234567890" and shown["supplier"]["id"] == 1
    assert [(s["lot"], s["quantity"], s["open"]) for s in shown["lines"][0]["shipments"]] == [
        (lot["lot"], lot["quantity"], True) for lot in lots]

    assert receive(clerk, order, line, line["quantity"] + 1)["problem"]["code"] == "over_ordered"
    for lot in lots:
        assert receive(clerk, order, line, lot["quantity"], lot=lot["lot"])["outcome"] == "posted"
    shown = ok(clerk.get(f"/api/v1/orders/{order['id']}"))
    assert (shown["status"], shown["lines"][0]["received"], shown["lines"][0]["open"]) == (
        "received", line["quantity"], False)
    told = []
    while "received" not in [o["status"] for o in told]:
        orders, cursor = poll(supplier, cursor, wait=5)
        told += [o for o in orders if o["id"] == order["id"]]
    assert [(o["revision"], o["status"]) for o in told][-2:] == [(3, "shipped"), (4, "received")]


def orders_of(clerk, product):
    """{order id: its line} of the open lines of a product."""
    found = {}
    for item in pages(clerk, "/api/v1/orders", status="open"):
        line = line_of(ok(clerk.get(f"/api/v1/orders/{item['id']}")), product)
        if line and line["open"]:
            found[item["id"]] = {**line, "supplier_id": item["supplier_id"]}
    return found


def test_short_shipment_is_ordered_anew(clerk, supplier, manager, ordered):
    order, line = ordered
    product = line["product_id"]
    row = level(supplier, product)
    maximum = row["on_hand"] + 50
    ok(manager.put("/api/v1/thresholds", json={  # so that one more is not enough
        "product_id": product, "minimum": row["on_hand"] + 1, "maximum": maximum}))
    assert orders_of(clerk, product).keys() == {order["id"]}
    ok(ship(supplier, order, shipped(line, 1)))
    (anew, new_line), = orders_of(clerk, product).items()
    units = line["units_per_order_unit"]
    assert anew != order["id"] and new_line["quantity"] == -(-49 // units) * units
    assert level(supplier, product)["on_order"] == 1 + new_line["quantity"]
    assert receive(clerk, order, line, 1)["outcome"] == "posted"
    assert ok(clerk.get(f"/api/v1/orders/{order['id']}"))["status"] == "received"
    assert orders_of(clerk, product).keys() == {anew}


def test_declined_line_goes_elsewhere(clerk, supplier, ordered):
    order, line = ordered
    answer = supplier.post(f"/api/v1/supplier/orders/{order['id']}/decline", json={"reason": "无货"})
    assert (ok(answer)["status"], answer.json()["reason"]) == ("declined", "无货")
    elsewhere = orders_of(clerk, line["product_id"])
    assert [found["supplier_id"] == 1 for found in elsewhere.values()] in ([False], [])
    assert level(supplier, line["product_id"])["preferred"] is False


def test_cancel_orders_anew(clerk, supplier, ordered):
    order, line = ordered
    assert ok(clerk.post(f"/api/v1/orders/{order['id']}/cancel", json={"reason": "too late"}))["status"] == "cancelled"
    (anew, new_line), = orders_of(clerk, line["product_id"]).items()
    assert anew != order["id"] and new_line["quantity"] == line["quantity"]


def test_refusals(clerk, supplier, manager, service, ordered):
    order, line = ordered
    address = f"/api/v1/supplier/orders/{order['id']}"
    good = shipped(line)
    for path, body, expected in [
            ("/confirm", {"lines": []}, (400, "missing_member")),
            ("/confirm", {}, (400, "missing_member")),
            ("/confirm", {"lines": [{"line": 1}]}, (400, "missing_member")),
            ("/confirm", {"lines": [{"line": 1, "quantity": 1, "price": 1}]}, (400, "unknown_member")),
            ("/confirm", {"lines": [{"line": 99, "quantity": 1}]}, (409, "lines_refused")),
            ("/confirm", {"lines": [{"line": line["line"], "quantity": line["quantity"] + 1}]}, (409, "lines_refused")),
            ("/ship", {"lines": [{**good, "expiry": "2020-01-01"}]}, (409, "lines_refused")),
            ("/ship", {"lines": [{**good, "expiry": "2099-02-30"}]}, (400, "invalid_member")),
            ("/ship", {"lines": [{**good, "lot": ""}]}, (400, "invalid_member")),
            ("/ship", {"lines": [{**good, "quantity": 0}]}, (409, "lines_refused")),
            ("/ship", {"lines": [{**good, "trace_codes": ["x"]}]}, (409, "lines_refused")),
            ("/ship", {"lines": [good], "sscc": "006141411234567891"}, (400, "invalid_member")),
            ("/decline", {}, (400, "missing_member")),
            ("/decline", {"reason": ""}, (400, "invalid_member"))]:
        assert code_of(supplier.post(address + path, json=body)) == expected, (path, body)
    assert code_of(supplier.post("/api/v1/supplier/orders/999999999/decline", json={"reason": "x"})) == (404, "not_found")
    assert code_of(supplier.post("/api/v1/supplier/orders/0/decline", json={"reason": "x"})) == (400, "invalid_member")
    other = service.login("clerk2")
    assert code_of(other.get(f"/api/v1/orders/{order['id']}")) == (404, "not_found")
    assert code_of(other.post(f"/api/v1/orders/{order['id']}/cancel", json={"reason": "x"})) == (404, "not_found")
    assert code_of(clerk.post(address + "/decline", json={"reason": "x"})) == (403, "forbidden")
    assert code_of(supplier.post(f"/api/v1/orders/{order['id']}/cancel", json={"reason": "x"})) == (403, "forbidden")
    assert ok(clerk.get(f"/api/v1/orders/{order['id']}"))["revision"] == order["revision"]


# ---------------------------------------------------------------- thresholds and lists

def test_threshold_orders_at_once(manager, supplier, shelves):
    row = shelves.next()
    cursor = head(supplier)
    body = ok(manager.put("/api/v1/thresholds", json={"product_id": row["product_id"], "minimum": row["position"],
                                                      "maximum": row["position"] + 5, "reason": "流感季"}))
    assert (body["pharmacy_id"], body["source"], body["explain"]["reason"]) == (PHARMACY, "manual", "流感季")
    assert line_of(order_for(supplier, cursor, row["product_id"]), row["product_id"])["quantity"] >= 5
    shown = ok(manager.get("/api/v1/thresholds", params={"product_id": row["product_id"]}))["items"]
    assert len(shown) == 1
    assert set(shown[0]) == {"pharmacy_id", "product_id", "name", "minimum", "maximum", "source", "explain", "on_hand",
                             "on_order", "position", "daily_demand"}
    assert shown[0]["position"] == shown[0]["on_hand"] + shown[0]["on_order"]


def test_threshold_refused(clerk, manager, admin, shelves):
    product = shelves.next()["product_id"]
    for client, body, expected in [
            (clerk, {"product_id": product, "minimum": 1, "maximum": 2}, (403, "forbidden")),
            (manager, {"pharmacy_id": 2, "product_id": product, "minimum": 1, "maximum": 2}, (403, "wrong_pharmacy")),
            (manager, {"product_id": product, "minimum": 3, "maximum": 2}, (400, "invalid_member")),
            (manager, {"product_id": product, "minimum": -1, "maximum": 2}, (400, "invalid_member")),
            (manager, {"product_id": product, "minimum": 1}, (400, "invalid_member")),
            (manager, {"product_id": 99999999, "minimum": 1, "maximum": 2}, (404, "not_found")),
            (admin, {"product_id": product, "minimum": 1, "maximum": 2}, (400, "missing_member"))]:
        assert code_of(client.put("/api/v1/thresholds", json=body)) == expected, body


def test_a_poll_that_ends_without_an_answer_skips_nothing(service, supplier, ordered):
    """A fellow that has the page already keeps it from being forgotten; who has not must not be told to go on behind it."""
    query = {"cursor": "0", "limit": 1}
    page = supplier.get("/api/v1/supplier/orders", params=query)
    assert len(ok(page)["orders"]) == 1
    with ThreadPoolExecutor(1) as pool, service.database().cursor() as cursor:
        fellow = pool.submit(twin(service, supplier).get, "/api/v1/supplier/orders", params={**query, "wait": 6},
                             headers={"If-None-Match": page.headers["ETag"]})
        time.sleep(0.5)
        cursor.execute("UPDATE supplier SET last_poll_at = NULL WHERE id = %s", [supplier.user["supplier_id"]])
        cursor.execute("BEGIN")
        cursor.execute("SELECT FROM supplier WHERE id = %s FOR UPDATE", [supplier.user["supplier_id"]])
        try:                                    # the question now waits for longer than the call
            assert poll(supplier, "0", limit=1, wait=1) == ([], "0")
        finally:
            cursor.execute("ROLLBACK")
        assert fellow.result().status_code == 304


def test_a_cursor_beyond_the_feed_is_refused(supplier):
    """After a restore the feed may be shorter than what was read of it: skipping until it has caught up would lose orders."""
    for wait in (0, 5):
        assert code_of(supplier.get("/api/v1/supplier/orders", params={"cursor": "99999999", "wait": wait})) == (
            409, "cursor_ahead")


def test_lists(clerk, manager, admin, supplier, ordered):
    order, line = ordered
    item = next(o for o in pages(clerk, "/api/v1/orders", status="open", supplier_id=1) if o["id"] == order["id"])
    assert set(item) == {"id", "pharmacy_id", "pharmacy_name", "supplier_id", "supplier_name", "status", "revision",
                         "placed_at", "changed_at", "lines", "value", "overdue"}
    assert item["overdue"] is False and item["pharmacy_id"] == PHARMACY and "." in item["value"]
    assert [o["id"] for o in pages(admin, "/api/v1/orders", overdue="false", pharmacy_id=PHARMACY, status="open")].count(
        order["id"]) == 1
    whole = [o["id"] for o in pages(admin, "/api/v1/orders")]
    assert whole == sorted(set(whole), reverse=True)
    assert [o["id"] for o in pages(admin, "/api/v1/orders", limit=97)] == whole
    assert {o["pharmacy_id"] for o in pages(clerk, "/api/v1/orders")} == {PHARMACY}
    assert len(list(pages(clerk, "/api/v1/suppliers"))) >= 12
    some = [(t["pharmacy_id"], t["product_id"]) for t in pages(manager, "/api/v1/thresholds", limit=7)]
    assert some == [(t["pharmacy_id"], t["product_id"]) for t in pages(manager, "/api/v1/thresholds")]
    assert {pharmacy for pharmacy, _ in some} == {PHARMACY}
    named = ok(manager.get("/api/v1/thresholds", params={"search": line["gtin"]}))["items"]
    assert [t["product_id"] for t in named] == [line["product_id"]]
    assert ok(manager.get("/api/v1/thresholds", params={"search": "%"}))["items"] == [] or all(
        "%" in t["name"] for t in ok(manager.get("/api/v1/thresholds", params={"search": "%"}))["items"])
    assert code_of(manager.get("/api/v1/thresholds", params={"cursor": "zz"})) == (400, "invalid_member")


def test_supplier_sees_only_its_products(supplier, service):
    rows = list(pages(supplier, "/api/v1/supplier/stock"))
    with service.database() as connection, connection.cursor() as cursor:
        cursor.execute("SELECT product_id FROM supplier_product WHERE supplier_id = 1")
        assert {row["product_id"] for row in rows} <= {product for product, in cursor.fetchall()}
    assert len(rows) == len({(row["pharmacy_id"], row["product_id"]) for row in rows})
    assert set(rows[0]) == {"pharmacy_id", "product_id", "gtin", "name", "on_hand", "on_order", "position", "minimum",
                            "maximum", "preferred", "daily_demand"}


# ---------------------------------------------------------------- many at once

def open_lines(service, products):
    with service.database() as connection, connection.cursor() as cursor:
        cursor.execute("SELECT product_id, count(*) FROM order_line WHERE pharmacy_id = %s AND product_id = ANY (%s) "
                       "AND open GROUP BY 1", (PHARMACY, products))
        return dict(cursor.fetchall())


def test_a_shortage_orders_once_under_concurrency(service_two):
    """Scans of many connections through two workers, sweeps and thresholds at once: one line for each product."""
    supplier, manager = service_two.login("supplier"), service_two.login("manager")
    shelves = Shelves(supplier)
    rows = [shelves.next() for _ in range(6)]
    clerk = service_two.login("clerk")
    clerks = [twin(service_two, clerk) for _ in range(6)]
    stop = threading.Event()

    def scan(clerk):
        for row in rows:
            for _ in range(-(-row["position"] // len(clerks))):  # the last ones find nothing left
                ok(clerk.post("/api/v1/scans", json={"id": str(uuid.uuid4()), "movement": "dispense", "code": row["gtin"]}))

    def sweep():
        connection = service_two.database()
        while not stop.is_set():
            with connection.cursor() as cursor:
                cursor.execute("SELECT sweep_levels()")

    def publish():
        for row in itertools.cycle(rows):
            if stop.is_set():
                return
            ok(manager.put("/api/v1/thresholds", json={"product_id": row["product_id"], "minimum": row["minimum"],
                                                       "maximum": row["maximum"]}))

    with ThreadPoolExecutor(10) as pool:
        others = [pool.submit(sweep), pool.submit(sweep), pool.submit(publish)]
        try:
            for done in [pool.submit(scan, clerk) for clerk in clerks]:
                done.result()
        finally:
            stop.set()
        for done in others:
            done.result()
    products = [row["product_id"] for row in rows]
    assert open_lines(service_two, products) == {product: 1 for product in products}


def test_feed_neither_skips_nor_repeats(service_two):
    """Three readers with pages of different size follow the feed while eight writers change orders."""
    supplier, admin = service_two.login("supplier"), service_two.login("admin")
    rows = [row for row in pages(supplier, "/api/v1/supplier/stock") if row["pharmacy_id"] > 1 and row["on_order"] == 0
            and row["preferred"]][:240]
    writing = threading.Event()
    writing.set()

    def write(part):
        client = twin(service_two, admin)
        for row in part:
            ok(client.put("/api/v1/thresholds", json={
                "pharmacy_id": row["pharmacy_id"], "product_id": row["product_id"], "minimum": row["position"],
                "maximum": row["position"] + 10}))

    def answer():
        client = twin(service_two, supplier)
        while writing.is_set():
            for order in poll(client, status="open")[0][:5]:
                lines = [{"line": line["line"], "quantity": line["quantity"]} for line in order["lines"]]
                client.post(f"/api/v1/supplier/orders/{order['id']}/confirm", json={"lines": lines})

    def read(limit):
        client, seen, cursor = twin(service_two, supplier), [], None
        while True:
            last = not writing.is_set()
            orders, cursor = poll(client, cursor, limit=limit, wait=1)
            seen += [(order["id"], order["revision"]) for order in orders]
            if last and not orders:
                return seen

    with ThreadPoolExecutor(12) as pool:
        readers = [pool.submit(read, limit) for limit in (1000, 7, 1)]
        confirming = pool.submit(answer)
        try:
            for done in [pool.submit(write, rows[n::8]) for n in range(8)]:
                done.result()
            time.sleep(1)
        finally:
            writing.clear()
        confirming.result()
        seen = [reader.result() for reader in readers]
    with service_two.database() as connection, connection.cursor() as cursor:
        cursor.execute("SELECT order_id, revision FROM order_revision WHERE supplier_id = 1")
        written = cursor.fetchall()
        cursor.execute("SELECT count(*), max(position) FROM feed WHERE supplier_id = 1")
        places = cursor.fetchone()
    assert len(written) >= len(rows) and places == (len(written), len(written))
    for one in seen:
        assert one == seen[0]
        assert len(one) == len(set(one)) and set(one) == set(written)
        newest = {}
        for order, revision in one:
            assert revision == newest.get(order, 0) + 1
            newest[order] = revision
    assert list(pages(admin, "/api/v1/orders", supplier_id=1, status="confirmed"))


def test_stop_answers_waiting_polls_and_restart_orders_nothing_twice(make_service):
    service = make_service("--demo", "--workers", 2).start()
    supplier, clerk = service.login("supplier"), service.login("clerk")
    row = Shelves(supplier).next()
    cursor = head(supplier)
    empty_to_minimum(clerk, row)
    order = order_for(supplier, cursor, row["product_id"])
    cursor = head(supplier)
    with ThreadPoolExecutor(20) as pool:
        waiting = [pool.submit(poll, twin(service, supplier), cursor, wait=30) for _ in range(20)]
        time.sleep(2)
        start = time.monotonic()
        assert service.stop() == 0
        assert time.monotonic() - start < 10
        assert [w.result() for w in waiting] == [([], cursor)] * 20
    service.start()
    with service.database() as connection, connection.cursor() as database:
        database.execute("SELECT sweep_levels()")
    supplier = service.login("supplier")
    assert open_lines(service, [row["product_id"]]) == {row["product_id"]: 1}
    assert [o for o in poll(supplier, cursor)[0] if o["id"] == order["id"]] == []
    service.kill()
    service.start()
    assert open_lines(service, [row["product_id"]]) == {row["product_id"]: 1}
