"""POST /scans from outside: every outcome of receive and dispense, and what follows them (bind, dismiss, reverse).

Each test takes products of its own, which nobody has scanned before, so that it knows all stock there is.
"""
import base64
import datetime
import hashlib
import itertools
import json
import secrets
import uuid

import pytest

HERE, ELSEWHERE = 1, 2           # the clerk's pharmacy and another one, of the demo district
TODAY = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=8))).date()
FAR, LATER = TODAY + datetime.timedelta(days=400), TODAY + datetime.timedelta(days=500)
SOON, PAST = TODAY + datetime.timedelta(days=30), TODAY - datetime.timedelta(days=1)
GS = "\x1d"
HELD = {"unknown_code", "bad_code", "lot_required", "needs_review"}
numbers = itertools.count(700001)


def day(date):
    return f"{date:%y%m%d}"


def check_digit(digits):
    return str(-sum(int(d) * (3, 1)[n % 2] for n, d in enumerate(reversed(digits))) % 10)


def ago(**how):
    return (datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(**how)).isoformat()


class Product:
    """A product of the test's own, by SQL."""

    def __init__(self, cursor):
        self.id = next(numbers)
        digits = f"0952{self.id:09d}"
        self.gtin, self.case = digits + check_digit(digits), "1" + digits[1:] + check_digit("1" + digits[1:])
        self.prefix = f"8{self.id}"
        cursor.execute("INSERT INTO product (id, name, generic_name, strength, form, maker, approval_number, gtin, trace_prefix,"
                       " units_per_order_unit, price) VALUES (%s, %s, '试药', '1 g', '片', '试厂', 'X', %s, %s, 10, 10)",
                       [self.id, f"试药 {self.id}", self.gtin, self.prefix])
        cursor.execute("INSERT INTO product_code (code, product_id, units) VALUES (%s, %s, 1), (%s, %s, 1), (%s, %s, 10)",
                       [self.gtin, self.id, self.prefix, self.id, self.case, self.id])

    def code(self, lot=None, expiry=None, serial=None, prefix="]d2"):
        """A GS1 element string."""
        parts = [f"01{self.gtin}"]
        parts += [f"17{day(expiry)}"] if expiry else []
        parts += [f"21{serial}{GS if lot else ''}"] if serial else []
        parts += [f"10{lot}"] if lot else []
        return prefix + "".join(parts)

    def trace(self, number=1):
        return f"{self.prefix}{number:013d}"


def scan(movement, code=None, **more):
    body = {"id": str(uuid.uuid4()), "movement": movement}
    return {**body, **({"code": code} if code is not None else {}), **more}


class Desk:
    """A signed-in client at the scanner, with the database beside it to look at what happened."""

    def __init__(self, service, client):
        self.service, self.client = service, client
        self.cursor = service.database().cursor()

    def query(self, text, *values):
        self.cursor.execute(text, values or None)
        return self.cursor.fetchall() if self.cursor.description else []

    def product(self):
        return Product(self.cursor)

    def send(self, body):
        answer = self.client.post("/api/v1/scans", json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()["results"]

    def post(self, movement, code=None, **more):
        return self.send(scan(movement, code, **more))[0]

    def receive(self, product, lot="A", expiry=FAR, quantity=1):
        return posted(self.post("receive", product.code(lot, expiry), quantity=quantity))

    def stock(self, product, pharmacy=HERE):
        """{lot: usable}"""
        return dict(self.query("SELECT lot, usable FROM lot WHERE pharmacy_id = %s AND product_id = %s", pharmacy, product.id))

    def movements(self, product):
        return self.query("SELECT count(*) FROM movement WHERE product_id = %s", product.id)[0][0]


@pytest.fixture(scope="module")
def desk(service):
    return Desk(service, service.login("clerk"))


@pytest.fixture(scope="module")
def boss(service):
    """The manager of the same pharmacy."""
    return Desk(service, service.login("manager"))


@pytest.fixture(scope="module")
def district(service):
    return Desk(service, service.login("admin"))


@pytest.fixture
def product(desk):
    return desk.product()


def problem(result):
    return (result["problem"] or {}).get("code")


def warnings(result):
    return sorted(warning["code"] for warning in result["warnings"])


def posted(result):
    assert (result["outcome"], result["problem"]) == ("posted", None), result
    return result


def refused(result, outcome, code):
    """Held or rejected for this reason: nothing moved."""
    assert (result["outcome"], problem(result), result["movement_id"]) == (outcome, code, None), result
    assert result["problem"]["detail"]
    return result


# --- posted --------------------------------------------------------------------------------------

def test_receive_and_dispense(desk, product):
    body = scan("receive", product.code("A1", FAR), quantity=5)
    result = posted(desk.send(body)[0])
    movement = result.pop("movement_id")
    assert isinstance(movement, int)
    assert result == {"id": body["id"], "outcome": "posted", "product": {"id": product.id, "name": f"试药 {product.id}"},
                      "lot": "A1", "expiry": FAR.isoformat(), "quantity": 5, "on_hand": 5, "warnings": [], "problem": None}
    result = posted(desk.post("dispense", product.code("A1", FAR), quantity=2))
    assert (result["lot"], result["quantity"], result["on_hand"], warnings(result)) == ("A1", 2, 3, [])
    assert desk.stock(product) == {"A1": 3}
    rows = desk.query("SELECT id, quantity, kind::text, operator_id = sender_id FROM movement WHERE product_id = %s ORDER BY id",
                      product.id)
    assert rows[0][0] == movement and [row[1:] for row in rows] == [(5, "receive", True), (-2, "dispense", True)]


@pytest.mark.parametrize("how", [
    "with AIM prefix", "without", "with FNC1 in front", "symbology by name", "GTIN-13", "GTIN-14", "digital link", "base64",
    "typed as printed", "typed in square brackets"])
def test_ways_to_say_one_product(desk, product, how):
    desk.receive(product, "A", FAR, 2)
    body = {
        "with AIM prefix": {"code": product.code("A", FAR)},
        "without": {"code": product.code("A", FAR, prefix="")},
        "with FNC1 in front": {"code": GS + product.code("A", FAR, prefix="")},
        "symbology by name": {"code": product.code("A", FAR, prefix=""), "symbology": "gs1-datamatrix"},
        "GTIN-13": {"code": product.gtin[1:], "lot": "A"},
        "GTIN-14": {"code": product.gtin, "lot": "A"},
        "digital link": {"code": f"https://id.example.org/01/{product.gtin}/10/A?17={day(FAR)}"},
        "base64": {"code_base64": base64.b64encode(product.code("A", FAR, serial="S1").encode()).decode()},
        "typed as printed": {"code": f"(01){product.gtin}(17){day(FAR)}(10)A"},
        "typed in square brackets": {"code": f"[01]{product.gtin}[17]{day(FAR)}[10]A"},
    }[how]
    result = posted(desk.post("dispense", **body))
    assert (result["product"]["id"], result["lot"], result["on_hand"]) == (product.id, "A", 1)


def test_case_counts_what_is_in_it(desk, product):
    result = posted(desk.post("receive", f"01{product.case}17{day(FAR)}10A", quantity=3))
    assert (result["quantity"], result["on_hand"]) == (30, 30)
    result = posted(desk.post("dispense", product.gtin, quantity=4, lot="A"))
    assert (result["quantity"], result["on_hand"]) == (4, 26)


# --- lot and expiry ------------------------------------------------------------------------------

def test_code_comes_before_request(desk, product):
    result = posted(desk.post("receive", product.code("CODE", FAR), lot="REQUEST", expiry=LATER.isoformat()))
    assert (result["lot"], result["expiry"]) == ("CODE", FAR.isoformat())


def test_request_fills_what_the_code_lacks(desk, product):
    result = posted(desk.post("receive", product.gtin, lot="R", expiry=FAR.isoformat()))
    assert (result["lot"], result["expiry"]) == ("R", FAR.isoformat())
    result = posted(desk.post("receive", product.code("C2"), expiry=LATER.isoformat()))
    assert (result["lot"], result["expiry"]) == ("C2", LATER.isoformat())


@pytest.mark.parametrize("given", [{}, {"lot": "A"}, {"expiry": FAR.isoformat()}])
def test_receiving_without_lot_is_held(desk, product, given):
    refused(desk.post("receive", product.gtin, **given), "held", "lot_required")
    assert desk.movements(product) == 0


def test_expiry_by_month_is_its_last_day(desk, product):
    result = posted(desk.post("receive", f"01{product.gtin}17{FAR:%y%m}0010M"))
    following = (FAR.replace(day=1) + datetime.timedelta(days=32)).replace(day=1)
    assert result["expiry"] == (following - datetime.timedelta(days=1)).isoformat()


def test_dispensing_takes_the_first_to_expire(desk, product):
    desk.receive(product, "LATE", LATER, 2)
    desk.receive(product, "EARLY", FAR, 1)
    result = posted(desk.post("dispense", product.gtin))
    assert (result["lot"], warnings(result)) == ("EARLY", ["lot_assumed"])
    result = posted(desk.post("dispense", product.gtin))
    assert (result["lot"], warnings(result)) == ("LATE", ["lot_assumed"])


def test_expired_and_recalled_lots_are_never_assumed(desk, product):
    desk.receive(product, "PAST", PAST, 5)
    desk.receive(product, "BAD", FAR, 5)
    desk.query("INSERT INTO recall (product_id, lot, reason) VALUES (%s, 'BAD', 'test')", product.id)
    result = desk.receive(product, "GOOD", LATER, 2)
    assert result["on_hand"] == 2
    assert posted(desk.post("dispense", product.gtin))["lot"] == "GOOD"


def test_one_scan_never_takes_two_lots(desk, product):
    desk.receive(product, "A", FAR, 2)
    desk.receive(product, "B", LATER, 2)
    result = refused(desk.post("dispense", product.gtin, quantity=3), "rejected", "insufficient_stock")
    assert result["problem"]["lots"] == [{"lot": "A", "expiry": FAR.isoformat(), "quantity": 2},
                                         {"lot": "B", "expiry": LATER.isoformat(), "quantity": 2}]
    assert desk.stock(product) == {"A": 2, "B": 2}


def test_same_lot_with_another_expiry_is_held(desk, product):
    desk.receive(product, "A", FAR)
    refused(desk.post("receive", product.code("A", LATER)), "held", "needs_review")
    refused(desk.post("dispense", product.code("A", LATER)), "held", "needs_review")
    assert desk.stock(product) == {"A": 1}


# --- warnings ------------------------------------------------------------------------------------

def test_warns_that_an_earlier_lot_is_there(desk, product):
    desk.receive(product, "EARLY", FAR)
    desk.receive(product, "LATE", LATER)
    assert warnings(posted(desk.post("dispense", product.code("LATE", LATER)))) == ["fefo"]


def test_warns_of_near_expiry(desk, product):
    desk.receive(product, "A", SOON)
    assert warnings(posted(desk.post("dispense", product.code("A", SOON)))) == ["near_expiry"]


def test_warns_of_a_clock_ahead(desk, product):
    desk.receive(product)
    assert warnings(posted(desk.post("dispense", product.code("A", FAR), scanned_at=ago(minutes=-30)))) == ["clock_skew"]


def test_warnings_say_more(desk, product):
    desk.receive(product, "A", SOON, 1)
    desk.receive(product, "B", SOON + datetime.timedelta(days=1), 1)
    result = posted(desk.post("dispense", product.trace(9), lot="B", scanned_at=ago(minutes=-30)))
    assert warnings(result) == ["clock_skew", "fefo", "near_expiry", "unregistered_pack"]
    assert all(warning["detail"] for warning in result["warnings"])


# --- packs ---------------------------------------------------------------------------------------

def test_pack_is_dispensed_once(desk, product):
    code = product.trace()
    received = posted(desk.post("receive", code, lot="A", expiry=FAR.isoformat()))
    assert received["quantity"] == 1
    desk.receive(product, "EARLIER", SOON)
    result = posted(desk.post("dispense", code))
    assert (result["lot"], warnings(result)) == ("A", ["fefo"])        # the pack's own lot, whatever is first
    result = refused(desk.post("dispense", code), "rejected", "already_dispensed")
    assert desk.stock(product) == {"A": 0, "EARLIER": 1}


def test_gs1_serial_is_a_pack(desk, product):
    code = product.code("A", FAR, serial="S1")
    posted(desk.post("receive", code))
    posted(desk.post("dispense", code))
    refused(desk.post("dispense", code), "rejected", "already_dispensed")
    refused(desk.post("dispense", product.code("A", FAR, serial="S1")), "rejected", "already_dispensed")


def test_lot_that_contradicts_the_pack_is_held(desk, product):
    posted(desk.post("receive", product.trace(), lot="A", expiry=FAR.isoformat()))
    desk.receive(product, "B", FAR)
    refused(desk.post("dispense", product.trace(), lot="B"), "held", "needs_review")
    assert posted(desk.post("dispense", product.trace()))["lot"] == "A"


def test_code_s_expiry_counts_without_a_lot(desk, product):
    """The pack in the hand is expired or of another lot, whatever good lots are on the shelf."""
    desk.receive(product, "GOOD", FAR, 5)
    refused(desk.post("dispense", product.code(expiry=datetime.date(2020, 1, 1))), "rejected", "expired")
    refused(desk.post("dispense", product.code(expiry=LATER)), "rejected", "insufficient_stock")
    assert posted(desk.post("dispense", product.code(expiry=FAR)))["lot"] == "GOOD"
    assert desk.stock(product) == {"GOOD": 4}


def test_code_s_expiry_that_contradicts_the_pack_is_held(desk, product):
    posted(desk.post("receive", product.code("A", FAR, serial="C1")))
    refused(desk.post("dispense", product.code("OLD", datetime.date(2020, 1, 1), serial="C1")), "held", "needs_review")
    assert desk.stock(product) == {"A": 1}


def test_pack_received_twice_is_held(desk, product):
    posted(desk.post("receive", product.trace(), lot="A", expiry=FAR.isoformat()))
    refused(desk.post("receive", product.trace(), lot="A", expiry=FAR.isoformat()), "held", "needs_review")
    assert desk.stock(product) == {"A": 1}


def test_unknown_pack_is_posted_with_a_warning(desk, product):
    desk.receive(product, "A", FAR, 2)
    result = posted(desk.post("dispense", product.trace(5)))
    assert result["lot"] == "A" and "unregistered_pack" in warnings(result)
    refused(desk.post("dispense", product.trace(5)), "rejected", "already_dispensed")


def test_unknown_pack_is_held_where_the_pharmacy_says_so(desk, product):
    desk.receive(product)
    desk.query("UPDATE pharmacy SET hold_unregistered_packs = true WHERE id = %s", HERE)
    try:
        refused(desk.post("dispense", product.trace(5)), "held", "needs_review")
    finally:
        desk.query("UPDATE pharmacy SET hold_unregistered_packs = false WHERE id = %s", HERE)
    assert desk.stock(product) == {"A": 1}


@pytest.mark.parametrize("movement", ["receive", "dispense"])
def test_a_pack_is_one(desk, product, movement):
    """A serial with a quantity contradicts itself: nothing moves."""
    desk.receive(product, "A", FAR, 9)
    result = desk.post(movement, product.code("A", FAR, serial="S1"), quantity=2)
    assert result["outcome"] == "held" and problem(result) == "needs_review", result
    assert desk.stock(product) == {"A": 9}


# --- held ----------------------------------------------------------------------------------------

@pytest.mark.parametrize("code, reason", [
    (f"0109529999999999{''}17{day(FAR)}10A", "bad_code"),              # check digit
    ("]d2010952000000017", "bad_code"),                                # cut short
    ("09529999999998"[:13] + check_digit("0952999999999"), "unknown_code"),
    ("89999990000000000001", "unknown_code"),
    ("本店自编码 17", "unknown_code"),
])
@pytest.mark.parametrize("movement", ["receive", "dispense"])
def test_held_with_its_bytes(desk, code, reason, movement):
    body = scan(movement, code)
    result = refused(desk.send(body)[0], "held", reason)
    assert (result["product"], result["lot"], result["expiry"], result["on_hand"]) == (None, None, None, None)
    (raw, outcome), = desk.query("SELECT raw, outcome::text FROM scan WHERE id = %s", body["id"])
    assert (bytes(raw), outcome) == (code.encode(), "held")
    listed = desk.client.get("/api/v1/scans", params={"outcome": "held", "limit": 1000})
    assert listed.status_code == 200 and body["id"] in [item["id"] for item in listed.json()["items"]]


def test_bytes_that_are_no_text_are_kept(desk):
    raw = bytes(range(256))
    body = scan("dispense", code_base64=base64.b64encode(raw).decode())
    assert desk.send(body)[0]["outcome"] == "held"
    assert bytes(desk.query("SELECT raw FROM scan WHERE id = %s", body["id"])[0][0]) == raw


# --- rejected ------------------------------------------------------------------------------------

@pytest.fixture
def lock(desk, product):
    """lock(name): one lot A of the product under this lock."""
    def make(name):
        desk.receive(product, "A", PAST if name == "expired" else FAR, 2)
        if name == "recalled":
            desk.query("INSERT INTO recall (product_id, lot, reason) VALUES (%s, 'A', 'test')", product.id)
        if name == "quarantined":
            posted(desk.post("quarantine", product.code("A", FAR), quantity=2))
        return product.code("A", PAST if name == "expired" else FAR)
    return make


LOCKS = ["expired", "recalled", "quarantined"]


@pytest.mark.parametrize("name", LOCKS)
def test_locked_lot_is_not_dispensed(desk, product, lock, name):
    code = lock(name)
    before = desk.stock(product)
    refused(desk.post("dispense", code), "rejected", name)
    assert desk.stock(product) == before


@pytest.mark.parametrize("name", LOCKS)
def test_locked_lot_is_the_reason_when_no_lot_is_named(desk, product, lock, name):
    lock(name)
    refused(desk.post("dispense", product.gtin), "rejected", name)


@pytest.mark.parametrize("name", LOCKS)
def test_locked_lot_can_still_be_received(desk, product, lock, name):
    posted(desk.post("receive", lock(name)))


def test_last_days_are_locked_too(desk, product):
    """The demo's community pharmacies lock lots three days before their last day of use."""
    desk.receive(product, "TWO", TODAY + datetime.timedelta(days=2))
    desk.receive(product, "FOUR", TODAY + datetime.timedelta(days=4))
    refused(desk.post("dispense", product.gtin, lot="TWO"), "rejected", "expired")
    posted(desk.post("dispense", product.gtin, lot="FOUR"))


def test_insufficient_stock(desk, product):
    result = refused(desk.post("dispense", product.gtin), "rejected", "insufficient_stock")
    assert result["problem"]["lots"] == []
    desk.receive(product, "A", FAR, 2)
    refused(desk.post("dispense", product.code("A", FAR), quantity=3), "rejected", "insufficient_stock")
    result = refused(desk.post("dispense", product.code("UNHEARD", FAR)), "rejected", "insufficient_stock")
    assert result["problem"]["lots"] == [{"lot": "A", "expiry": FAR.isoformat(), "quantity": 2}]
    assert desk.stock(product) == {"A": 2}


def test_lots_that_may_not_be_used_are_not_offered(desk, product):
    for lot, expiry in (("PAST", PAST), ("BAD", FAR), ("GOOD", LATER)):
        desk.receive(product, lot, expiry, 2)
    desk.query("INSERT INTO recall (product_id, lot, reason) VALUES (%s, 'BAD', 'test')", product.id)
    result = refused(desk.post("dispense", product.gtin, quantity=3), "rejected", "insufficient_stock")
    assert [lot["lot"] for lot in result["problem"]["lots"]] == ["GOOD"]


def test_last_pack_within_one_call(desk, product):
    desk.receive(product, "A", FAR, 2)
    results = desk.send([scan("dispense", product.gtin) for _ in range(3)])
    assert [(r["outcome"], r["on_hand"], problem(r)) for r in results] == [
        ("posted", 1, None), ("posted", 0, None), ("rejected", 0, "insufficient_stock")]


# --- against a shipment --------------------------------------------------------------------------

def make_key(desk, role, **whose):
    """KEYID.SECRET of a new program, by SQL."""
    login, secret = secrets.token_hex(8), secrets.token_hex(32)
    (column, value), = whose.items()
    desk.query(f"INSERT INTO account (kind, role, {column}, login, name, secret) VALUES ('program', %s, %s, %s, 'test', %s)",
               role, value, login, hashlib.sha256(secret.encode()).hexdigest())
    return f"{login}.{secret}"


class Shipment:
    """An order of 10 (minimum 5, maximum 15, five left) that a supplier of the test's own has shipped."""

    def __init__(self, desk, product, lines):
        self.desk, self.product = desk, product
        desk.query("INSERT INTO supplier (id, name, name_en) VALUES (%s, '试商', 'Test')", product.id)
        desk.query("INSERT INTO supplier_product (product_id, supplier_id, unit_price) VALUES (%s, %s, 9)", product.id, product.id)
        desk.receive(product, "OLD", FAR, 6)
        desk.query("UPDATE shelf SET minimum = 5, maximum = 15 WHERE pharmacy_id = %s AND product_id = %s", HERE, product.id)
        posted(desk.post("dispense", product.gtin))
        (self.order, self.line, quantity), = desk.query(
            "SELECT order_id, line, quantity FROM order_line WHERE pharmacy_id = %s AND product_id = %s", HERE, product.id)
        assert quantity == 10
        self.supplier = desk.service.key(make_key(desk, "supplier", supplier_id=product.id))
        answer = self.supplier.post(f"/api/v1/supplier/orders/{self.order}/ship", json={"lines": [
            {"line": self.line, "lot": lot, "expiry": expiry.isoformat(), "quantity": count, **more}
            for lot, expiry, count, more in lines]})
        assert answer.status_code == 200, answer.text

    def status(self):
        return self.desk.query("SELECT status::text FROM purchase_order WHERE id = %s", self.order)[0][0]


def test_pack_that_the_shipment_did_not_announce_is_held(desk, product):
    shipment = Shipment(desk, product, [("N1", LATER, 2, {"trace_codes": [product.trace(1), product.trace(2)]})])
    posted(desk.post("receive", product.trace(1), order_id=shipment.order))
    refused(desk.post("receive", product.trace(3), order_id=shipment.order), "held", "needs_review")


def test_code_is_remembered_when_the_goods_cannot_be_moved(desk, product):
    """The person named the product; the scan waits, and can be posted when goods are there."""
    code = f"没货 {product.id}"
    body = scan("dispense", code)
    refused(desk.send(body)[0], "held", "unknown_code")
    answer = bind(desk, body["id"], product_id=product.id, remember=True)
    assert (answer.status_code, answer.json()["code"]) == (409, "insufficient_stock")
    assert desk.movements(product) == 0
    result = desk.post("dispense", code)
    assert (problem(result), result["product"]["id"]) == ("insufficient_stock", product.id)
    assert refused(desk.send(body)[0], "held", "unknown_code")
    desk.receive(product)
    assert bind(desk, body["id"], product_id=product.id).status_code == 200


@pytest.mark.parametrize("why", ["pack_in_already", "several_of_a_pack", "contradicts", "pack_unknown", "late", "goods_in_package"])
def test_review_says_why_in_a_word(desk, product, why):
    posted(desk.post("receive", product.code("A", FAR, serial="S1")))
    if why == "pack_unknown":
        desk.query("UPDATE pharmacy SET hold_unregistered_packs = true WHERE id = %s", HERE)
    try:
        result = {
            "pack_in_already": lambda: desk.post("receive", product.code("A", FAR, serial="S1")),
            "several_of_a_pack": lambda: desk.post("receive", product.code("A", FAR, serial="S2"), quantity=2),
            "contradicts": lambda: desk.post("receive", product.code("A", LATER)),
            "pack_unknown": lambda: desk.post("dispense", product.code("A", FAR, serial="S3")),
            "late": lambda: desk.post("dispense", product.code("A", FAR), quantity=9, scanned_at=ago(minutes=5)),
            "goods_in_package": lambda: desk.post("receive", f"]C102{product.gtin}3748"),
        }[why]()
    finally:
        desk.query("UPDATE pharmacy SET hold_unregistered_packs = false WHERE id = %s", HERE)
    refused(result, "held", "needs_review")
    assert result["problem"]["why"] == why
    assert why not in result["problem"]["detail"]
    item = next(item for item in desk.client.get("/api/v1/scans", params={"outcome": "held", "limit": 1000}).json()["items"]
                if item["id"] == result["id"])
    assert (item["why"], item["detail"]) == (why, result["problem"]["detail"])


def test_shipment_lends_its_expiry_to_its_own_lot_only(desk, product):
    shipment = Shipment(desk, product, [("SHIPPED", LATER, 10, {})])
    refused(desk.post("receive", product.gtin, lot="OTHER", order_id=shipment.order), "held", "lot_required")
    refused(desk.post("receive", product.gtin, lot="SHIPPED", expiry=FAR.isoformat(), order_id=shipment.order), "held",
            "needs_review")
    assert posted(desk.post("receive", product.gtin, lot="SHIPPED", order_id=shipment.order))["expiry"] == LATER.isoformat()


def test_undoing_the_last_receipt_opens_the_order_again(desk, product):
    """The same shortage never orders twice, and the goods that stand there can be received."""
    shipment = Shipment(desk, product, [("NEW", LATER, 3, {})])
    last = posted(desk.post("receive", product.gtin, quantity=3, order_id=shipment.order))["movement_id"]
    assert shipment.status() == "received"
    undone(reverse(desk, last))
    assert shipment.status() == "shipped"
    lines = "SELECT count(*) FROM order_line WHERE pharmacy_id = %s AND product_id = %s"
    assert desk.query(lines, HERE, product.id)[0][0] == 1
    posted(desk.post("receive", product.gtin, quantity=3, order_id=shipment.order))
    assert shipment.status() == "received" and desk.stock(product) == {"OLD": 5, "NEW": 3}


def test_receipt_of_another_lot_undone_is_expected_again(desk, product):
    shipment = Shipment(desk, product, [("N1", LATER, 5, {})])
    other = posted(desk.post("receive", product.gtin, lot="X", expiry=FAR.isoformat(), quantity=2, order_id=shipment.order))
    undone(reverse(desk, other["movement_id"]))
    posted(desk.post("receive", product.gtin, quantity=5, order_id=shipment.order))
    assert shipment.status() == "received"


def test_shipment_names_the_lot(desk, product):
    shipment = Shipment(desk, product, [("NEW", LATER, 10, {})])
    result = posted(desk.post("receive", product.gtin, quantity=4))
    assert (result["lot"], result["expiry"]) == ("NEW", LATER.isoformat())
    posted(desk.post("receive", product.gtin, quantity=6, order_id=shipment.order))
    assert shipment.status() == "received"


def test_two_open_lots_are_not_told_apart_by_guessing(desk, product):
    shipment = Shipment(desk, product, [("N1", LATER, 5, {}), ("N2", LATER, 5, {})])
    refused(desk.post("receive", product.gtin, order_id=shipment.order), "held", "lot_required")
    assert posted(desk.post("receive", product.gtin, lot="N2", order_id=shipment.order))["expiry"] == LATER.isoformat()


def test_announced_pack_has_its_lot(desk, product):
    shipment = Shipment(desk, product, [("N1", LATER, 1, {"trace_codes": [product.trace(1)]}),
                                        ("N2", LATER, 1, {"trace_codes": [product.trace(2)]})])
    assert posted(desk.post("receive", product.trace(2), order_id=shipment.order))["lot"] == "N2"
    assert posted(desk.post("receive", product.trace(1)))["lot"] == "N1"


def test_more_than_was_shipped_needs_a_reason(desk, product):
    shipment = Shipment(desk, product, [("NEW", LATER, 10, {})])
    code = product.code("NEW", LATER)
    refused(desk.post("receive", code, quantity=11, order_id=shipment.order), "rejected", "over_ordered")
    result = posted(desk.post("receive", code, quantity=11, order_id=shipment.order, reason="two cases came"))
    assert (result["quantity"], result["on_hand"]) == (11, 16)
    refused(desk.post("receive", code, order_id=shipment.order), "rejected", "over_ordered")


def test_order_that_is_not_there_is_over_ordered(desk, product):
    refused(desk.post("receive", product.code("A", FAR), order_id=999999999), "rejected", "over_ordered")


# --- late ----------------------------------------------------------------------------------------

@pytest.mark.parametrize("name", LOCKS)
def test_late_scan_that_breaks_a_lock_is_held(desk, product, lock, name):
    code = lock(name)
    before = desk.stock(product)
    refused(desk.post("dispense", code, scanned_at=ago(seconds=90)), "held", "needs_review")
    refused(desk.post("dispense", code, scanned_at=ago(seconds=30)), "rejected", name)
    assert desk.stock(product) == before


def test_late_scan_without_stock_is_held(desk, product):
    desk.receive(product)
    refused(desk.post("dispense", product.code("A", FAR), quantity=2, scanned_at=ago(hours=5)), "held", "needs_review")
    refused(desk.post("dispense", product.code("A", FAR), quantity=2), "rejected", "insufficient_stock")


def test_late_scan_that_fits_is_posted(desk, product):
    posted(desk.post("receive", product.code("A", FAR), scanned_at=ago(days=2)))
    result = posted(desk.post("dispense", product.code("A", FAR), scanned_at=ago(days=2)))
    assert warnings(result) == []


# --- the same id ---------------------------------------------------------------------------------

def replayed(desk, body):
    return desk.client.post("/api/v1/scans", json=body).content


def test_replay_gives_the_first_answer_for_ever(desk, product):
    desk.receive(product, "EARLY", SOON, 3)
    desk.receive(product, "A", FAR, 3)
    body = scan("dispense", product.code("A", FAR), quantity=2, workstation="W1", sequence=1)
    first = desk.client.post("/api/v1/scans", json=body)
    assert posted(first.json()["results"][0])["on_hand"] == 4
    for _ in range(2):
        assert replayed(desk, body) == first.content.replace(b'"posted"', b'"replayed"')
        desk.receive(product, "A", FAR, 7)         # whatever happens meanwhile
    moved = {**body, "workstation": "W2", "sequence": 9, "scanned_at": ago(days=1)}     # not what must not change
    assert replayed(desk, moved) == first.content.replace(b'"posted"', b'"replayed"')
    assert desk.stock(product)["A"] == 15


@pytest.mark.parametrize("movement, code", [("dispense", "gtin"), ("receive", "gtin"), ("dispense", "unknown")])
def test_refused_scan_stays_refused(desk, product, movement, code):
    body = scan(movement, product.gtin if code == "gtin" else f"nobody knows {uuid.uuid4()}")
    first = replayed(desk, body)
    desk.receive(product, "A", FAR, 5)
    assert replayed(desk, body) == first
    assert desk.stock(product) == {"A": 5}


def test_same_id_twice_in_one_call(desk, product):
    body = scan("receive", product.code("A", FAR))
    first, second = desk.send([body, body])
    assert (first["outcome"], second["outcome"]) == ("posted", "replayed")
    assert {**first, "outcome": ""} == {**second, "outcome": ""}
    assert desk.stock(product) == {"A": 1}


ALTERED = [{"movement": "dispense"}, {"code": "other"}, {"symbology": "qr"}, {"quantity": 2}, {"lot": "B"},
           {"expiry": LATER.isoformat()}, {"order_id": 1}, {"reason": "other"}]


@pytest.mark.parametrize("change", ALTERED, ids=lambda change: next(iter(change)))
def test_same_id_with_other_content(desk, product, change):
    body = scan("receive", product.gtin, lot="A", expiry=FAR.isoformat())
    desk.send(body)
    answer = desk.client.post("/api/v1/scans", json={**body, **change})
    assert (answer.status_code, answer.json()["code"]) == (409, "id_conflict")
    assert answer.headers["Content-Type"].startswith("application/problem+json")
    good, bad = desk.send([scan("receive", product.code("A", FAR)), {**body, **change}])
    posted(good)
    refused(bad, "rejected", "id_conflict")
    assert desk.stock(product) == {"A": 2}


def test_absent_members_are_the_same_as_their_defaults(desk, product):
    body = scan("receive", product.code("A", FAR))
    desk.send(body)
    assert desk.send({**body, "quantity": 1, "lot": None, "reason": None})[0]["outcome"] == "replayed"


def test_id_is_the_same_in_capitals(desk, product):
    body = scan("receive", product.code("A", FAR))
    desk.send(body)
    assert desk.send({**body, "id": body["id"].upper()})[0]["outcome"] == "replayed"


# --- pharmacies ----------------------------------------------------------------------------------

def test_clerk_cannot_scan_elsewhere(desk, district, product):
    posted(district.post("receive", product.code("A", FAR), pharmacy_id=ELSEWHERE, quantity=3))
    body = scan("dispense", product.code("A", FAR), pharmacy_id=ELSEWHERE)
    result = refused(desk.send(body)[0], "rejected", "wrong_pharmacy")
    assert [result[name] for name in ("product", "lot", "expiry", "on_hand")] == [None] * 4, "tells of another pharmacy"
    assert desk.query("SELECT count(*) FROM scan WHERE id = %s", body["id"]) == [(0,)]
    assert desk.stock(product, ELSEWHERE) == {"A": 3}
    assert desk.query("SELECT count(*) FROM shelf WHERE product_id = %s AND pharmacy_id = %s", product.id, HERE) == [(0,)]


def test_one_scan_elsewhere_does_not_harm_the_others(desk, product):
    good, bad = desk.send([scan("receive", product.code("A", FAR)), scan("receive", product.code("A", FAR), pharmacy_id=ELSEWHERE)])
    posted(good)
    refused(bad, "rejected", "wrong_pharmacy")


def test_ids_belong_to_a_pharmacy(desk, district, product):
    """An id used elsewhere is neither refused nor answered with what happened there."""
    body = scan("receive", product.code("A", FAR))
    posted(district.send({**body, "pharmacy_id": ELSEWHERE, "quantity": 7})[0])
    assert posted(desk.send(body)[0])["on_hand"] == 1
    refused(desk.send({**body, "pharmacy_id": ELSEWHERE, "quantity": 7})[0], "rejected", "wrong_pharmacy")


def test_own_pharmacy_may_be_named(desk, product):
    posted(desk.post("receive", product.code("A", FAR), pharmacy_id=HERE))


def test_admin_names_the_pharmacy(district, product):
    posted(district.post("receive", product.code("A", FAR), pharmacy_id=ELSEWHERE))
    assert district.stock(product, ELSEWHERE) == {"A": 1}
    answer = district.client.post("/api/v1/scans", json=scan("receive", product.code("A", FAR)))
    assert (answer.status_code, answer.json()["code"]) == (400, "missing_member") and "pharmacy_id" in answer.text


# --- a workstation's key -------------------------------------------------------------------------

@pytest.fixture(scope="module")
def workstation(desk):
    return Desk(desk.service, desk.service.key(make_key(desk, "clerk", pharmacy_id=HERE)))


def account(desk, login):
    return desk.query("SELECT id FROM account WHERE login = %s", login)[0][0]


def test_workstation_names_the_person(workstation, product):
    person = account(workstation, "clerk")
    movement = posted(workstation.post("receive", product.code("A", FAR), operator_id=person, workstation="W7", sequence=3,
                                       scanned_at="2026-01-02T03:04:05.678Z"))["movement_id"]
    (operator, sender, name, sequence, scanned_at), = workstation.query(
        "SELECT operator_id, sender_id, workstation, sequence, scanned_at AT TIME ZONE 'UTC' FROM movement WHERE id = %s", movement)
    assert operator == person != sender
    assert (name, sequence, scanned_at.isoformat()) == ("W7", 3, "2026-01-02T03:04:05.678000")


def test_person_of_another_pharmacy_is_no_operator(workstation, product):
    refused(workstation.post("receive", product.code("A", FAR), operator_id=account(workstation, "clerk2")),
            "rejected", "wrong_pharmacy")
    assert workstation.movements(product) == 0


def test_person_cannot_scan_in_anothers_name(desk, product):
    answer = desk.client.post("/api/v1/scans", json=scan("receive", product.code("A", FAR), operator_id=account(desk, "manager")))
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_member") and "operator_id" in answer.text


@pytest.mark.parametrize("who", ["supplier", "nobody"])
def test_who_may_not_scan(desk, product, who):
    client = desk.service.login("supplier") if who == "supplier" else desk.service.client()
    answer = client.post("/api/v1/scans", json=scan("receive", product.code("A", FAR)))
    assert answer.status_code == (403 if who == "supplier" else 401)
    assert desk.movements(product) == 0


# --- requests that are no scans ------------------------------------------------------------------

def test_a_thousand_at_once(desk, product):
    results = desk.send([scan("receive", product.code(f"L{n % 7}", FAR)) for n in range(1000)])
    assert [r["on_hand"] for r in results] == list(range(1, 1001))
    assert sum(desk.stock(product).values()) == 1000


def refusal(desk, body, raw=None):
    answer = desk.client.post("/api/v1/scans", data=raw if raw is not None else json.dumps(body),
                              headers={"Content-Type": "application/json"})
    assert answer.status_code == 400, answer.text
    assert answer.headers["Content-Type"].startswith("application/problem+json")
    return answer.json()["code"], answer.json().get("detail", "")


def test_more_than_a_thousand_are_refused(desk, product):
    refusal(desk, [scan("receive", product.code("A", FAR)) for _ in range(1001)])
    refusal(desk, [])
    assert desk.movements(product) == 0


GOOD = {"id": "0190163d-8694-739b-aea5-966c26f8ad91", "movement": "receive", "code": "x"}


@pytest.mark.parametrize("change, code, named", [
    ({"colour": "red"}, "unknown_member", "colour"),
    ({"Id": "x"}, "unknown_member", "Id"),
    ({"id": None}, "", "id"),
    ({"id": "no uuid"}, "invalid_member", "id"),
    ({"movement": "steal"}, "invalid_member", "movement"),
    ({"movement": "opening"}, "invalid_member", "movement"),
    ({"code": 17}, "invalid_member", "code"),
    ({"code": "x" * 8193}, "invalid_member", "code"),
    ({"code_base64": "eA=="}, "invalid_member", "code"),
    ({"quantity": 0}, "invalid_member", "quantity"),
    ({"quantity": -1}, "invalid_member", "quantity"),
    ({"quantity": 1.5}, "invalid_member", "quantity"),
    ({"quantity": "1"}, "invalid_member", "quantity"),
    ({"quantity": 10 ** 20}, "", ""),
    ({"expiry": "2029-02-30"}, "invalid_member", "expiry"),
    ({"expiry": "290228"}, "invalid_member", "expiry"),
    ({"scanned_at": "yesterday"}, "invalid_member", "scanned_at"),
    ({"lot": ""}, "invalid_member", "lot"),
    ({"sequence": "1"}, "invalid_member", "sequence"),
])
@pytest.mark.parametrize("many", [False, True], ids=["one", "array"])
def test_members_that_are_refused_are_named(desk, change, code, named, many):
    body = {**GOOD, **change}
    said, detail = refusal(desk, [{**GOOD, "id": str(uuid.uuid4())}, body] if many else body)
    assert code in said and named in detail, (said, detail)
    assert not many or not named or "[1]" in detail, detail
    assert desk.query("SELECT count(*) FROM scan WHERE id = %s", GOOD["id"]) == [(0,)]


@pytest.mark.parametrize("raw, code", [
    ('{"id":"0190163d-8694-739b-aea5-966c26f8ad91","movement":"receive","code":"x","code":"y"}', "duplicate_member"),
    ('[{"id":"0190163d-8694-739b-aea5-966c26f8ad91","movement":"receive","code":"x","movement":"dispense"}]', "duplicate_member"),
    ('{"id":"0190163d-8694-739b-aea5-966c26f8ad91","movement":"receive"}', "missing_member"),
    ('{"movement":"receive","code":"x"}', "missing_member"),
    ("", "invalid_json"), ("{", "invalid_json"), ("17", "invalid_json"), ("[1]", "invalid_json"),
    ('{"id":"0190163d-8694-739b-aea5-966c26f8ad91","movement":"receive","code":"\\ud800"}', "invalid_json"),
])
def test_bodies_that_are_refused(desk, raw, code):
    assert refusal(desk, None, raw)[0] == code


def test_duplicate_member_is_named(desk):
    assert "lot" in refusal(desk, None, json.dumps(GOOD)[:-1] + ',"lot":"A","lot":"B"}')[1]


def test_longest_code(desk):
    refused(desk.post("dispense", "x" * 8192), "held", "unknown_code")


def test_body_over_a_mebibyte(desk):
    answer = desk.client.post("/api/v1/scans", data=b" " * (1 << 20) + b"[]", headers={"Content-Type": "application/json"})
    assert answer.status_code == 413


# --- a person decides ----------------------------------------------------------------------------

def bind(desk, scan_id, **body):
    return desk.client.post(f"/api/v1/scans/{scan_id}/bind", json=body)


def test_bound_scan_is_posted_and_its_code_remembered(desk, product):
    code = f"自编码 {product.id}"
    body = scan("receive", code, lot="A", expiry=FAR.isoformat(), quantity=3)
    refused(desk.send(body)[0], "held", "unknown_code")
    answer = bind(desk, body["id"], product_id=product.id, remember=True)
    assert answer.status_code == 200, answer.text
    result = answer.json()
    assert (posted(result)["id"], result["on_hand"], result["product"]["id"]) == (body["id"], 3, product.id)
    assert desk.send(body)[0] == {**result, "outcome": "replayed"}
    assert posted(desk.post("dispense", code))["product"]["id"] == product.id
    assert bind(desk, body["id"], product_id=product.id, remember=True).status_code == 409
    assert desk.stock(product) == {"A": 2}


def test_held_scan_of_somebody_who_has_left_can_be_bound(desk, boss, product):
    body = scan("receive", f"离职 {product.id}", lot="A", expiry=FAR.isoformat())
    refused(desk.send(body)[0], "held", "unknown_code")
    me = desk.query("SELECT account_id FROM session ORDER BY seen_at DESC LIMIT 1") and desk.query(
        "SELECT id FROM account WHERE login = 'clerk'")[0][0]
    desk.query("UPDATE account SET disabled_at = now() WHERE id = %s", me)
    try:
        answer = bind(boss, body["id"], product_id=product.id, remember=False)
    finally:
        desk.query("UPDATE account SET disabled_at = NULL WHERE id = %s", me)
    assert answer.status_code == 200, answer.text


def test_serial_with_a_quantity_can_be_bound(desk, product):
    body = scan("receive", product.code("A", FAR, serial="Q1"), quantity=2)
    refused(desk.send(body)[0], "held", "needs_review")
    assert bind(desk, body["id"], product_id=product.id).status_code == 200
    assert desk.stock(product) == {"A": 2}


def test_known_lot_with_another_expiry_can_be_bound(desk, product):
    desk.receive(product, "A", FAR)
    body = scan("receive", product.code("A", LATER))
    refused(desk.send(body)[0], "held", "needs_review")
    assert bind(desk, body["id"], product_id=product.id).status_code == 200
    assert desk.query("SELECT count(*) FROM lot WHERE product_id = %s AND lot = 'A'", product.id)[0][0] == 2


def test_a_bad_code_that_was_bound_is_known(desk, product):
    code = f"]d201{product.gtin[:-1]}{(int(product.gtin[-1]) + 1) % 10}"
    body = scan("receive", code, lot="A", expiry=FAR.isoformat())
    refused(desk.send(body)[0], "held", "bad_code")
    assert bind(desk, body["id"], product_id=product.id, remember=True).status_code == 200
    assert posted(desk.post("dispense", code))["product"]["id"] == product.id


def test_a_late_scan_of_an_expired_lot_is_posted_by_a_manager(desk, boss, product):
    desk.receive(product, "OLD", datetime.date(2020, 1, 1), 2)
    body = scan("dispense", product.code("OLD", datetime.date(2020, 1, 1)), scanned_at=ago(hours=2))
    refused(desk.send(body)[0], "held", "needs_review")
    assert bind(desk, body["id"], product_id=product.id).status_code == 409
    assert bind(boss, body["id"], product_id=product.id).status_code == 200
    assert desk.stock(product) == {"OLD": 1}


def test_bound_without_remembering(desk, product):
    code = f"单次码 {product.id}"
    body = scan("receive", code)
    refused(desk.send(body)[0], "held", "unknown_code")
    answer = bind(desk, body["id"], product_id=product.id, lot="A", expiry=FAR.isoformat(), remember=False)
    assert posted(answer.json())["lot"] == "A"
    refused(desk.post("dispense", code), "held", "unknown_code")


def test_remembered_code_is_known_in_this_pharmacy_only(desk, district, product):
    code = f"本店码 {product.id}"
    body = scan("receive", code, lot="A", expiry=FAR.isoformat())
    desk.send(body)
    bind(desk, body["id"], product_id=product.id, remember=True)
    refused(district.post("receive", code, lot="A", expiry=FAR.isoformat(), pharmacy_id=ELSEWHERE), "held", "unknown_code")


def test_lot_is_given_when_binding(desk, product):
    body = scan("receive", product.gtin)
    refused(desk.send(body)[0], "held", "lot_required")
    answer = bind(desk, body["id"], product_id=product.id, lot="A", expiry=FAR.isoformat(), remember=False)
    assert (posted(answer.json())["lot"], desk.stock(product)) == ("A", {"A": 1})


def test_binding_what_the_rules_refuse(desk, product):
    body = scan("dispense", f"无货码 {product.id}")
    desk.send(body)
    answer = bind(desk, body["id"], product_id=product.id, remember=False)
    assert (answer.status_code, answer.json()["code"]) == (409, "insufficient_stock")
    assert desk.send(body)[0]["outcome"] == "held"
    desk.receive(product)
    assert posted(bind(desk, body["id"], product_id=product.id, remember=False).json())["on_hand"] == 0


def test_dismissed_scan_is_rejected_from_then_on(desk, product):
    body = scan("receive", f"废码 {product.id}")
    desk.send(body)
    url = f"/api/v1/scans/{body['id']}/dismiss"
    answer = desk.client.post(url, json={"reason": "scanned a cup"})
    assert answer.status_code == 200, answer.text
    refused(answer.json(), "rejected", "dismissed")
    assert answer.json()["problem"]["detail"] == "scanned a cup"
    assert desk.send(body)[0] == answer.json()
    assert desk.client.post(url, json={"reason": "again"}).status_code == 409
    assert bind(desk, body["id"], product_id=product.id, remember=False).status_code == 409


def test_held_scans_of_another_pharmacy(desk, district, product):
    body = scan("receive", f"别店码 {product.id}", pharmacy_id=ELSEWHERE)
    district.send(body)
    assert bind(desk, body["id"], product_id=product.id, remember=True).status_code == 404
    assert desk.client.post(f"/api/v1/scans/{body['id']}/dismiss", json={"reason": "x"}).status_code == 404
    listed = desk.client.get("/api/v1/scans", params={"outcome": "held", "limit": 1000}).text
    assert body["id"] not in listed


# --- undoing -------------------------------------------------------------------------------------

def reverse(desk, movement, **body):
    return desk.client.post(f"/api/v1/movements/{movement}/reverse",
                            json={"id": str(uuid.uuid4()), "reason": "wrong pack", **body})


def undone(answer):
    assert answer.status_code == 200, answer.text
    return answer.json()


def not_undone(answer, status, code):
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text


def test_pack_of_an_undone_receipt_was_never_here(desk, product):
    """The lot was typed wrong: undo, scan again with the right one."""
    wrong = posted(desk.post("receive", product.trace(), lot="WRONG", expiry=LATER.isoformat()))["movement_id"]
    undone(reverse(desk, wrong))
    again = posted(desk.post("receive", product.trace(), lot="RIGHT", expiry=FAR.isoformat()))
    assert (again["lot"], again["expiry"]) == ("RIGHT", FAR.isoformat())


def test_undo_goes_back_step_by_step(desk, product):
    came = posted(desk.post("receive", product.trace(), lot="A", expiry=FAR.isoformat()))["movement_id"]
    went = posted(desk.post("dispense", product.trace()))["movement_id"]
    undone(reverse(desk, went))
    undone(reverse(desk, came))
    assert desk.stock(product) == {"A": 0}


def test_an_unregistered_pack_undone_can_come_in(desk, product):
    desk.receive(product, "A", FAR)
    undone(reverse(desk, posted(desk.post("dispense", product.trace()))["movement_id"]))
    posted(desk.post("receive", product.trace(), lot="B", expiry=FAR.isoformat()))


def test_clerk_undoes_the_own(desk, product):
    desk.receive(product, "A", FAR, 5)
    movement = posted(desk.post("dispense", product.gtin, quantity=2))["movement_id"]
    assert undone(reverse(desk, movement))["on_hand"] == 5
    assert desk.stock(product) == {"A": 5}
    not_undone(reverse(desk, movement), 409, "already_reversed")


def test_undoing_again_with_the_same_id(desk, product):
    desk.receive(product, "A", FAR, 5)
    movement = posted(desk.post("dispense", product.gtin))["movement_id"]
    body = {"id": str(uuid.uuid4()), "reason": "wrong pack"}
    first = undone(reverse(desk, movement, **body))
    again = undone(reverse(desk, movement, **body))
    assert {**first, "outcome": ""} == {**again, "outcome": ""}
    assert desk.stock(product) == {"A": 5}
    not_undone(reverse(desk, movement, **{**body, "reason": "another"}), 409, "id_conflict")


def test_pack_is_open_again(desk, product):
    posted(desk.post("receive", product.trace(), lot="A", expiry=FAR.isoformat()))
    movement = posted(desk.post("dispense", product.trace()))["movement_id"]
    refused(desk.post("dispense", product.trace()), "rejected", "already_dispensed")
    undone(reverse(desk, movement))
    posted(desk.post("dispense", product.trace()))
    not_undone(reverse(desk, movement), 409, "already_reversed")


def test_undoing_a_receipt_whose_goods_are_gone(desk, product):
    movement = desk.receive(product, "A", FAR, 2)["movement_id"]
    dispensed = posted(desk.post("dispense", product.gtin))["movement_id"]
    not_undone(reverse(desk, movement), 409, "depends")
    undone(reverse(desk, dispensed))
    assert undone(reverse(desk, movement))["on_hand"] == 0


def test_undoing_a_receipt_whose_pack_moved(desk, product):
    movement = posted(desk.post("receive", product.trace(), lot="A", expiry=FAR.isoformat()))["movement_id"]
    desk.receive(product, "A", FAR, 9)
    posted(desk.post("dispense", product.trace()))
    not_undone(reverse(desk, movement), 409, "depends")


def test_undoing_of_an_undoing(desk, product):
    desk.receive(product)
    made = undone(reverse(desk, posted(desk.post("dispense", product.gtin))["movement_id"]))
    assert reverse(desk, made["movement_id"]).status_code == 409


def test_clerk_does_not_undo_what_others_did(desk, boss, product):
    movement = boss.receive(product, "A", FAR, 5)["movement_id"]
    not_undone(reverse(desk, movement), 403, "forbidden")
    own = desk.receive(product, "A", FAR, 5)["movement_id"]
    assert undone(reverse(boss, own))["on_hand"] == 5


def test_clerk_has_fifteen_minutes(desk, boss, product):
    desk.receive(product, "A", FAR, 1)
    (movement,), = desk.query(
        "WITH l AS (UPDATE lot SET usable = usable + 4 WHERE pharmacy_id = %s AND product_id = %s RETURNING id)"
        " INSERT INTO movement (pharmacy_id, at, lot_id, product_id, quantity, kind, operator_id, sender_id)"
        " SELECT %s, now() - interval '16 minutes', l.id, %s, 4, 'receive', a.id, a.id FROM l, account a WHERE a.login = 'clerk'"
        " RETURNING id", HERE, product.id, HERE, product.id)
    not_undone(reverse(desk, movement), 409, "too_late")
    assert undone(reverse(boss, movement))["on_hand"] == 1


def test_undoing_in_another_pharmacy(desk, district, product):
    movement = posted(district.post("receive", product.code("A", FAR), pharmacy_id=ELSEWHERE))["movement_id"]
    not_undone(reverse(desk, movement), 404, "not_found")
    undone(reverse(district, movement))
    assert district.stock(product, ELSEWHERE) == {"A": 0}
