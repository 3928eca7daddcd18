"""Two codes on one box: the GTIN in one symbol, lot, expiry or serial in another. Joined when they come one after the
other from the same workstation, person and movement within five seconds; either may come first.
"""
import datetime
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

from test_scans import (FAR, GS, HERE, LATER, PAST, Desk, Product, Shipment, bind, day, posted, problem, refused, reverse,
                        scan, undone, warnings)

NOW = datetime.datetime.now(datetime.timezone.utc)


def at(seconds):
    return (NOW + datetime.timedelta(seconds=seconds)).isoformat()


def half(lot="A", expiry=FAR, serial=None, prefix="]d2"):
    """The other symbol of a box: everything but the product."""
    return prefix + (f"17{day(expiry)}" if expiry else "") + (f"21{serial}" if serial else "") + (
        GS if serial and lot else "") + (f"10{lot}" if lot else "")


class Bench:
    """One workstation: what it sends carries its name."""

    def __init__(self, desk):
        self.desk, self.name = desk, f"W{uuid.uuid4().hex[:8]}"

    def body(self, movement, code, **more):
        return scan(movement, code, **{"workstation": self.name, **more})

    def post(self, movement, code, **more):
        return self.desk.send(self.body(movement, code, **more))[0]


@pytest.fixture(scope="module")
def desk(service):
    return Desk(service, service.login("clerk"))


@pytest.fixture
def bench(desk):
    return Bench(desk)


@pytest.fixture
def product(desk):
    made = desk.product()
    yield made
    wrong = desk.query("""SELECT l.id FROM lot l WHERE l.product_id = %s AND l.usable <> (SELECT coalesce(sum(m.quantity), 0)
        FROM movement m WHERE m.pharmacy_id = l.pharmacy_id AND m.lot_id = l.id)""", made.id)
    assert wrong == []


def open_half(result):
    refused(result, "held", "needs_review")
    assert "other code within 5 seconds" in result["problem"]["detail"], result
    return result


# --- the product first ---------------------------------------------------------------------------

@pytest.mark.parametrize("movement", ["receive", "return"])
def test_product_first(desk, bench, product, movement):
    first = bench.body(movement, product.gtin, quantity=3)
    refused(desk.send(first)[0], "held", "lot_required")
    second = bench.body(movement, half("A", FAR))
    if movement == "return":
        desk.receive(product, "A", FAR)     # from another desk: it has no name
    result = posted(desk.send(second)[0])
    assert (result["product"]["id"], result["lot"], result["expiry"], result["quantity"], result["joined"]) == (
        product.id, "A", FAR.isoformat(), 3, first["id"])
    assert desk.stock(product)["A"] == (3 if movement == "receive" else 4)
    again = desk.send(first)[0]             # the held one shows what it is now
    assert (again["outcome"], again["movement_id"], again["joined"]) == ("replayed", result["movement_id"], second["id"])
    again = desk.send(second)[0]
    assert {**again, "outcome": "posted"} == result and again["outcome"] == "replayed"
    listed = desk.client.get("/api/v1/scans", params={"outcome": "held", "limit": 1000}).json()["items"]
    assert first["id"] not in [item["id"] for item in listed]


def test_received_against_the_order_of_the_first(desk, bench, product):
    shipment = Shipment(desk, product, [("S", LATER, 4, {}), ("T", FAR, 4, {})])
    refused(bench.post("receive", product.gtin, quantity=4, order_id=shipment.order), "held", "lot_required")
    posted(bench.post("receive", half("T", FAR)))
    assert desk.query("SELECT lot, received FROM shipment_line WHERE order_id = %s ORDER BY lot", shipment.order) == [
        ("S", 0), ("T", 4)]


def test_serial_of_the_second_makes_the_pack(desk, bench, product):
    refused(bench.post("receive", product.gtin), "held", "lot_required")
    posted(bench.post("receive", half("A", FAR, "S1")))
    assert desk.query("SELECT code FROM pack WHERE product_id = %s", product.id) == [(f"01{product.gtin}21S1",)]
    posted(desk.post("dispense", product.code("A", FAR, serial="S1")))
    refused(desk.post("dispense", product.code("A", FAR, serial="S1")), "rejected", "already_dispensed")


def test_lot_that_was_assumed_is_corrected(desk, bench, product):
    desk.receive(product, "EARLY", FAR, 2)
    desk.receive(product, "LATE", LATER, 2)
    first = posted(bench.post("dispense", product.gtin))
    assert (first["lot"], warnings(first)) == ("EARLY", ["lot_assumed"])
    second = posted(bench.post("dispense", half("LATE", LATER)))
    assert (second["lot"], second["quantity"], second["joined"], warnings(second)) == ("LATE", 1, first["id"], ["fefo"])
    assert desk.stock(product) == {"EARLY": 2, "LATE": 1}
    rows = desk.query("SELECT quantity, reverses FROM movement WHERE product_id = %s ORDER BY id", product.id)
    assert rows[2:] == [(-1, None), (1, first["movement_id"]), (-1, None)]
    assert undone(reverse(desk, second["movement_id"]))["on_hand"] == 4
    assert desk.stock(product) == {"EARLY": 2, "LATE": 2}


def test_lot_that_was_assumed_rightly_is_confirmed(desk, bench, product):
    desk.receive(product, "A", FAR, 2)
    first = posted(bench.post("dispense", product.gtin))
    body = bench.body("dispense", half("A", FAR))
    second = posted(desk.send(body)[0])
    assert (second["movement_id"], second["joined"], second["quantity"], second["on_hand"]) == (
        first["movement_id"], first["id"], 1, 1)
    assert desk.stock(product) == {"A": 1}
    assert desk.send(body)[0]["outcome"] == "replayed"
    undone(reverse(desk, second["movement_id"]))
    assert desk.stock(product) == {"A": 2}


def test_corrected_serial_is_the_pack(desk, bench, product):
    posted(desk.post("receive", product.code("A", FAR, serial="S1")))
    posted(bench.post("dispense", product.gtin))
    second = posted(bench.post("dispense", half("A", FAR, "S1")))
    assert (second["lot"], warnings(second)) == ("A", [])
    assert desk.query("SELECT state::text FROM pack WHERE product_id = %s", product.id) == [("dispensed",)]
    assert desk.stock(product) == {"A": 0}


@pytest.mark.parametrize("lot, expiry, code", [("PAST", PAST, "expired"), ("BAD", LATER, "recalled"),
                                                ("NONE", LATER, "insufficient_stock")])
def test_correction_that_the_rules_refuse(desk, bench, product, lot, expiry, code):
    desk.receive(product, "GOOD", FAR, 2)
    desk.receive(product, "PAST", PAST, 2)
    desk.receive(product, "BAD", LATER, 2)
    desk.query("INSERT INTO recall (product_id, lot, reason) VALUES (%s, 'BAD', 'test')", product.id)
    assert posted(bench.post("dispense", product.gtin))["lot"] == "GOOD"
    result = refused(bench.post("dispense", half(lot, expiry)), "rejected", code)
    assert "undo" in result["problem"]["detail"]
    assert desk.stock(product) == {"GOOD": 1, "PAST": 2, "BAD": 2}


def test_lot_of_a_complete_pack_is_said_twice(desk, bench, product):
    """The clerk scans both codes of a box whose first said it all."""
    desk.receive(product, "A", FAR, 2)
    first = posted(bench.post("dispense", product.code("A", FAR)))
    second = posted(bench.post("dispense", half("A", FAR)))
    assert second["movement_id"] == first["movement_id"]
    assert desk.stock(product) == {"A": 1}


# --- the other code first ------------------------------------------------------------------------

@pytest.mark.parametrize("movement", ["receive", "dispense"])
def test_half_first(desk, bench, product, movement):
    if movement == "dispense":
        desk.receive(product, "EARLY", FAR, 2)
        desk.receive(product, "A", LATER, 2)
    first = bench.body(movement, half("A", LATER))
    open_half(desk.send(first)[0])
    second = bench.body(movement, product.gtin, quantity=2)
    result = posted(desk.send(second)[0])
    assert (result["lot"], result["expiry"], result["quantity"], result["joined"]) == ("A", LATER.isoformat(), 2, first["id"])
    assert desk.stock(product)["A"] == (2 if movement == "receive" else 0)
    again = desk.send(first)[0]
    assert (again["outcome"], again["movement_id"], again["joined"]) == ("replayed", result["movement_id"], second["id"])
    assert desk.send(second)[0]["outcome"] == "replayed"


def test_half_first_with_serial(desk, bench, product):
    open_half(bench.post("receive", half("A", FAR, "S9")))
    posted(bench.post("receive", product.gtin))
    assert desk.query("SELECT code FROM pack WHERE product_id = %s", product.id) == [(f"01{product.gtin}21S9",)]


def test_box_after_box(desk, bench, product):
    """Half, product, half, product: each box its own lot."""
    for lot in ("A", "A", "B"):
        open_half(bench.post("receive", half(lot, FAR)))
        posted(bench.post("receive", product.gtin))
    assert desk.stock(product) == {"A": 2, "B": 1}


def test_one_array_from_an_offline_queue(desk, bench, product):
    other = desk.product()
    results = desk.send([bench.body("receive", code, scanned_at=at(n - 7200)) for n, code in enumerate([
        product.gtin, half("A", FAR), half("B", LATER), other.gtin, product.code("C", FAR)])])
    assert [r["outcome"] for r in results] == ["held", "posted", "held", "held", "posted"], results
    # A half right after a pair: nobody knows whose it is, and the box after it does not get its lot.
    assert (problem(results[2]), problem(results[3])) == ("needs_review", "lot_required")
    assert desk.stock(product) == {"A": 1, "C": 1}


def test_device_s_clock_decides_when_both_have_one(desk, bench, product):
    refused(bench.post("receive", product.gtin, scanned_at=at(-600)), "held", "lot_required")
    open_half(bench.post("receive", half(), scanned_at=at(-594)))       # six seconds later
    refused(bench.post("receive", product.gtin, scanned_at=at(-588)), "held", "lot_required")
    posted(bench.post("receive", half(), scanned_at=at(-583)))


def test_setting_of_the_pharmacy(desk, bench, product):
    desk.query("UPDATE pharmacy SET join_seconds = 0 WHERE id = %s", HERE)
    try:
        refused(bench.post("receive", product.gtin), "held", "lot_required")
        refused(bench.post("receive", half()), "held", "needs_review")
    finally:
        desk.query("UPDATE pharmacy SET join_seconds = 5 WHERE id = %s", HERE)
    assert desk.movements(product) == 0


# --- what does not belong together ---------------------------------------------------------------

def test_another_workstation(desk, bench, product):
    refused(bench.post("receive", product.gtin), "held", "lot_required")
    open_half(Bench(desk).post("receive", half()))
    refused(Bench(desk).post("receive", product.gtin), "held", "lot_required")
    assert desk.movements(product) == 0


def test_another_person(desk, bench, product, service):
    boss = Desk(service, service.login("manager"))
    refused(bench.post("receive", product.gtin), "held", "lot_required")
    open_half(boss.send(bench.body("receive", half()))[0])
    assert desk.movements(product) == 0


def test_another_movement(desk, bench, product):
    refused(bench.post("receive", product.gtin), "held", "lot_required")
    open_half(bench.post("return", half()))
    desk.receive(product, "A", FAR, 5)
    desk.receive(product, "Z", LATER, 5)
    open_half(bench.post("receive", half("Z", LATER)))
    assert posted(bench.post("dispense", product.gtin))["lot"] == "A"


@pytest.mark.parametrize("between", ["posted", "held", "rejected"])
def test_something_in_between(desk, bench, product, between):
    other = desk.product()
    desk.receive(other, "O", FAR, 2)
    code, movement = {"posted": (other.code("O", FAR), "receive"), "held": ("nobody knows this", "receive"),
                      "rejected": (other.code("NONE", FAR), "return_supplier")}[between]
    refused(bench.post("receive", product.gtin), "held", "lot_required")
    assert bench.post(movement, code)["outcome"] == between
    open_half(bench.post("receive", half()))
    result = bench.post(movement, code)
    if between == "posted":
        refused(result, "held", "needs_review")     # it says another lot than the half before it
    else:
        assert result["outcome"] == between
    refused(bench.post("receive", product.gtin), "held", "lot_required")
    assert desk.movements(product) == 0


def test_lot_joins_the_second_of_two_boxes(desk, bench, product):
    other = desk.product()
    refused(bench.post("receive", product.gtin), "held", "lot_required")
    refused(bench.post("receive", other.gtin), "held", "lot_required")
    posted(bench.post("receive", half("B", FAR)))
    assert (desk.stock(product), desk.stock(other)) == ({}, {"B": 1})


def test_another_box_was_dispensed_before(desk, bench, product):
    other = desk.product()
    for one in (product, other):
        desk.receive(one, "EARLY", FAR, 2)
        desk.receive(one, "LATE", LATER, 2)
        posted(bench.post("dispense", one.gtin))
    posted(bench.post("dispense", half("LATE", LATER)))
    assert (desk.stock(product), desk.stock(other)) == ({"EARLY": 1, "LATE": 2}, {"EARLY": 2, "LATE": 1})


@pytest.mark.parametrize("movement", ["receive", "dispense"])
def test_same_half_again(desk, bench, product, movement):
    """With its own id the first answer, with a new one held; and it is not lent to the next box."""
    desk.receive(product, "EARLY", FAR, 3)
    desk.receive(product, "A", LATER, 3)
    before = desk.stock(product)["A"]
    bench.post(movement, product.gtin)
    posted(bench.post(movement, half("A", LATER)))
    refused(bench.post(movement, half("A", LATER)), "held", "needs_review")
    assert abs(desk.stock(product)["A"] - before) == 1
    following = bench.post(movement, product.gtin)
    assert following["lot"] == (None if movement == "receive" else "EARLY")


@pytest.mark.parametrize("of_product, of_half", [(("A", None), ("B", FAR)), (("A", LATER), ("A", FAR)),
                                                 (("A", FAR), ("B", None))])
def test_contradiction_is_held(desk, bench, product, of_product, of_half):
    open_half(bench.post("receive", half(*of_half)))
    refused(bench.post("receive", product.code(*of_product)), "held", "needs_review")
    assert desk.movements(product) == 0


def test_contradiction_of_the_first(desk, bench, product):
    refused(bench.post("receive", product.code("A")), "held", "lot_required")
    refused(bench.post("receive", half("B", FAR)), "held", "needs_review")
    assert desk.movements(product) == 0


def test_undone_dispense_is_not_corrected(desk, bench, product):
    desk.receive(product, "EARLY", FAR, 2)
    desk.receive(product, "LATE", LATER, 2)
    first = posted(bench.post("dispense", product.gtin))
    undone(reverse(desk, first["movement_id"]))
    refused(bench.post("dispense", half("LATE", LATER)), "held", "needs_review")
    assert desk.stock(product) == {"EARLY": 2, "LATE": 2}


# --- what a half is ------------------------------------------------------------------------------

@pytest.mark.parametrize("code", [half(), half("A", None), half(None, FAR), half(None, None, "S"), f"17{day(FAR)}10A"])
def test_half_is_never_learnt(desk, bench, product, code):
    body = bench.body("dispense", code)
    refused(desk.send(body)[0], "held", "needs_review")
    raw, = desk.query("SELECT raw FROM scan WHERE id = %s", body["id"])[0]
    assert bytes(raw) == code.encode()
    before = desk.query("SELECT count(*) FROM pharmacy_code")
    desk.receive(product, "A", FAR, 1)
    refusal = bind(desk, body["id"], product_id=product.id, remember=True)
    assert (refusal.status_code, refusal.json()["code"]) == (409, "not_learnable")
    assert bind(desk, body["id"], product_id=product.id).status_code == 200
    assert desk.query("SELECT count(*) FROM pharmacy_code") == before
    refused(desk.post("dispense", code, workstation="elsewhere"), "held", "needs_review")


@pytest.mark.parametrize("code", ["1012345", "21ABC", "10A"])
def test_shop_s_own_code_is_no_half(desk, product, code):
    """A number of the shop's own may read as a lot: without a word of the symbol it is text, and can be learnt."""
    desk.query("DELETE FROM pharmacy_code WHERE code = %s", code)
    result = refused(desk.post("receive", code), "held", "unknown_code")
    assert bind(desk, result["id"], product_id=product.id, remember=True, lot="A", expiry=FAR.isoformat()).status_code == 200
    assert posted(desk.post("dispense", code))["product"]["id"] == product.id


def test_held_half_is_bound_with_its_serial(desk, bench, product):
    result = refused(bench.post("receive", half("A", FAR, "S5")), "held", "needs_review")
    assert bind(desk, result["id"], product_id=product.id).status_code == 200
    assert desk.query("SELECT code FROM pack WHERE product_id = %s", product.id) == [(f"01{product.gtin}21S5",)]


def test_both_are_posted_when_the_second_is_bound(desk, bench, product):
    first = open_half(bench.post("receive", half("A", FAR)))
    second = refused(bench.post("receive", f"(shop) {product.id}"), "held", "unknown_code")
    answer = bind(desk, second["id"], product_id=product.id, remember=True)
    assert answer.status_code == 200, answer.text
    assert desk.stock(product) == {"A": 1}
    assert desk.query("SELECT count(*), count(DISTINCT movement_id) FROM scan WHERE id = ANY (%s::uuid[]) AND outcome = 'posted'",
                      [first["id"], second["id"]]) == [(2, 1)]


@pytest.mark.parametrize("bound, other", [(0, 1), (1, 0)])
@pytest.mark.parametrize("half_first", [False, True])
def test_both_are_posted_when_either_is_bound(desk, bench, product, half_first, bound, other):
    """Held together, a box may not be counted once for each of its codes."""
    desk.receive(product, "A", LATER)
    codes = [product.gtin, half("A", FAR)][::-1 if half_first else 1]      # the lot is known with another expiry
    held = [bench.post("receive", code) for code in codes]
    assert [one["outcome"] for one in held] == ["held", "held"]
    chosen = {"product_id": product.id, "lot": "A", "expiry": FAR.isoformat()}
    assert bind(desk, held[bound]["id"], **chosen).status_code == 200
    assert bind(desk, held[other]["id"], **chosen).json()["code"] == "not_held"
    assert desk.query("SELECT sum(usable) FROM lot WHERE product_id = %s", product.id) == [(2,)]


def test_one_half_is_of_one_box(desk, bench, product):
    """Two boxes' codes under way at once: the half waits for the first of them only."""
    first = open_half(bench.post("receive", half("A", FAR)))

    def send(body):
        clerk = Desk(desk.service, desk.service.client())
        clerk.client.cookies.update(desk.client.cookies)
        clerk.client.headers.update(desk.client.headers)
        return clerk.send(body)[0]

    def are_blocked(count):
        return desk.query("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")[0][0] == count

    holder = desk.service.database()
    holder.autocommit = False
    with ThreadPoolExecutor(2) as pool:
        try:
            holder.cursor().execute("SELECT FROM scan WHERE id = %s FOR UPDATE", [first["id"]])
            answers = []
            for count in (1, 2):
                answers.append(pool.submit(send, bench.body("receive", product.gtin)))
                desk.service.wait_for(lambda: are_blocked(count), 10, "blocked")
        finally:
            holder.close()
    outcomes = sorted(answer.result()["outcome"] for answer in answers)
    assert outcomes == ["held", "posted"]
    assert desk.stock(product) == {"A": 1}


def test_two_workstations_at_once(desk, service):
    """Pairs from many workstations, products in turn: every box has its own lot."""
    products = [desk.product() for _ in range(4)]

    def work(n):
        clerk = Desk(service, service.client())
        clerk.client.cookies.update(desk.client.cookies)
        clerk.client.headers.update(desk.client.headers)
        bench = Bench(clerk)
        for box in range(6):
            pair = [products[(n + box) % 4].gtin, half(f"L{n}", FAR)]
            outcomes = [bench.post("receive", code)["outcome"] for code in (pair if box % 2 else pair[::-1])]
            if box % 2:
                assert outcomes == ["held", "posted"], (n, box, outcomes)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    ids = [product.id for product in products]
    rows = desk.query("SELECT DISTINCT lot FROM lot WHERE product_id = ANY (%s) AND usable > 0 ORDER BY 1", ids)
    assert rows == [("L0",), ("L1",), ("L2",), ("L3",)]
    assert desk.query("SELECT sum(usable) FROM lot WHERE product_id = ANY (%s)", ids)[0][0] == desk.query(
        "SELECT sum(quantity) FROM movement WHERE product_id = ANY (%s)", ids)[0][0]


def test_bytes_of_every_scan_are_kept(desk, product):
    codes = [("receive", product.code("A", FAR), "gs1-datamatrix"), ("dispense", product.gtin, None), ("dispense", "??", "]C0")]
    bodies = [scan(movement, code, **({"symbology": symbology} if symbology else {})) for movement, code, symbology in codes]
    desk.send(bodies)
    for body in bodies:
        (raw, symbology), = desk.query("SELECT raw, symbology FROM scan WHERE id = %s", body["id"])
        assert (bytes(raw).decode(), symbology) == (body["code"], body.get("symbology"))
    item = next(i for i in desk.client.get("/api/v1/scans", params={"outcome": "held", "limit": 1000}).json()["items"]
                if i["id"] == bodies[2]["id"])
    assert (item["code"], item["symbology"]) == ("??", "]C0")


def test_ledger_is_whole(desk):
    assert desk.query("SELECT rule, first_bad FROM verify_ledger() WHERE wrong > 0") == []
