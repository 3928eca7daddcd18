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


def listed(desk, scan):
    items = desk.client.get("/api/v1/scans", params={"outcome": "held", "limit": 1000}).json()["items"]
    return next(item for item in items if item["id"] == scan)


def open_half(result):
    refused(result, "held", "needs_review")
    assert result["problem"]["why"] == "half_waits"
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
    items = desk.client.get("/api/v1/scans", params={"outcome": "held", "limit": 1000}).json()["items"]
    assert first["id"] not in [item["id"] for item in items]


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
    first = bench.body("dispense", product.gtin)
    answer = posted(desk.send(first)[0])
    assert answer["lot"] == "GOOD"
    second = bench.body("dispense", half(lot, expiry))
    result = refused(desk.send(second)[0], "rejected", code)
    assert (result["problem"]["why"], result["joined"]) == ("half_refused", first["id"])
    assert desk.stock(product) == {"GOOD": 2, "PAST": 2, "BAD": 2}      # nothing of the box has moved
    assert desk.send(first)[0] == {**answer, "outcome": "replayed"}
    assert desk.send(second)[0] == result
    assert posted(bench.post("dispense", product.gtin))["lot"] == "GOOD"    # the half is not lent to the next box


def test_correction_of_a_quarantined_lot_is_taken_back(desk, bench, product):
    desk.receive(product, "GOOD", FAR, 2)
    desk.receive(product, "SHUT", LATER, 2)
    posted(desk.post("quarantine", product.code("SHUT", LATER), quantity=2))
    posted(bench.post("dispense", product.gtin))
    refused(bench.post("dispense", half("SHUT", LATER)), "rejected", "quarantined")
    assert desk.stock(product) == {"GOOD": 2, "SHUT": 0}


OUTGOING = ["write_off", "quarantine", "return_supplier", "release"]


@pytest.mark.parametrize("half_first", [False, True])
@pytest.mark.parametrize("movement", OUTGOING)
def test_lot_of_every_movement_out_is_corrected(desk, bench, product, movement, half_first):
    desk.receive(product, "EARLY", FAR, 4)
    desk.receive(product, "LATE", LATER, 4)
    if movement == "release":
        for lot, expiry in (("EARLY", FAR), ("LATE", LATER)):
            posted(desk.post("quarantine", product.code(lot, expiry), quantity=2))
    before = desk.stock(product)
    codes = [half("LATE", LATER), product.gtin] if half_first else [product.gtin, half("LATE", LATER)]
    first, second = (bench.post(movement, code) for code in codes)
    posted(second)
    assert (second["lot"], second["joined"]) == ("LATE", first["id"])
    if not half_first:
        assert (first["lot"], warnings(first)) == ("EARLY", ["lot_assumed"])
    assert desk.stock(product) == {**before, "LATE": before["LATE"] + (1 if movement == "release" else -1)}


@pytest.mark.parametrize("movement", ["receive", "dispense"])
@pytest.mark.parametrize("half_first", [False, True])
@pytest.mark.parametrize("of_product, of_half, quantity", [(1, 3, 3), (3, 1, 3), (3, 3, 3), (2, 3, None)])
def test_quantity_of_either_code(desk, bench, product, movement, half_first, of_product, of_half, quantity):
    desk.receive(product, "A", FAR, 9)
    scans = [(product.gtin, of_product), (half("A", FAR), of_half)]
    for code, n in scans[::-1] if half_first else scans:
        result = bench.post(movement, code, quantity=n)
    if quantity is None:
        assert refused(result, "held", "needs_review")["problem"]["why"] == "contradicts"
    else:
        assert posted(result)["quantity"] == quantity
        assert desk.stock(product) == {"A": 9 + (quantity if movement == "receive" else -quantity)}


# --- a code that says how many it holds --------------------------------------------------------

def holding(product, count, serial=None, case=False):
    return f"]d201{product.case if case else product.gtin}17{day(FAR)}30{count}{GS}" + (
        f"21{serial}{GS}" if serial else "") + "10A"


def test_code_says_how_many_it_holds(desk, product):
    assert posted(desk.post("receive", holding(product, 4), quantity=3))["quantity"] == 12
    assert posted(desk.post("dispense", holding(product, 4)))["quantity"] == 4
    assert posted(desk.post("receive", holding(product, 2, case=True)))["quantity"] == 20
    assert posted(desk.post("receive", holding(product, 5, serial="S1")))["quantity"] == 5
    refused(desk.post("receive", holding(product, 5, serial="S2"), quantity=2), "held", "needs_review")
    assert desk.stock(product) == {"A": 33}


@pytest.mark.parametrize("count, quantity", [(0, 1), (100001, 1), (99999999, 1), (50001, 2)])
def test_code_that_holds_nothing_or_too_many_is_held(desk, product, count, quantity):
    result = refused(desk.post("receive", holding(product, count), quantity=quantity), "held", "needs_review")
    assert result["problem"]["why"] == "contradicts"
    assert desk.movements(product) == 0


def test_held_code_keeps_how_many_it_holds(desk, bench, product):
    """Bound by a person, or corrected by the other code of the box."""
    refused(bench.post("receive", f"]d201{product.gtin}306"), "held", "lot_required")
    assert posted(bench.post("receive", half("A", FAR)))["quantity"] == 6
    held = refused(desk.post("receive", f"]d201{product.gtin}302"), "held", "lot_required")
    assert bind(desk, held["id"], product_id=product.id, lot="B", expiry=LATER.isoformat()).status_code == 200
    assert desk.stock(product) == {"A": 6, "B": 2}
    posted(bench.post("dispense", f"]d201{product.gtin}302"))
    assert posted(bench.post("dispense", half("B", LATER)))["quantity"] == 2
    assert desk.stock(product) == {"A": 6, "B": 0}


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
    assert [r["outcome"] for r in results] == ["held", "posted", "held", "posted", "posted"], results
    assert (desk.stock(product), desk.stock(other)) == ({"A": 1, "C": 1}, {"B": 1})


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
    """It may be of a box like the last one: held, until a code of the same product takes it."""
    desk.receive(product, "EARLY", FAR, 3)
    desk.receive(product, "A", LATER, 3)
    before = desk.stock(product)["A"]
    bench.post(movement, product.gtin)
    posted(bench.post(movement, half("A", LATER)))
    refused(bench.post(movement, half("A", LATER)), "held", "needs_review")
    assert abs(desk.stock(product)["A"] - before) == 1
    assert posted(bench.post(movement, product.gtin))["lot"] == "A"
    assert abs(desk.stock(product)["A"] - before) == 2


@pytest.mark.parametrize("movement", ["receive", "dispense"])
def test_same_half_again_is_not_lent_to_another_product(desk, bench, product, movement):
    other = desk.product()
    for one in (product, other):
        desk.receive(one, "EARLY", FAR, 3)
        desk.receive(one, "A", LATER, 3)
    bench.post(movement, product.gtin)
    posted(bench.post(movement, half("A", LATER)))
    again = open_half(bench.post(movement, half("A", LATER)))
    assert bench.post(movement, other.gtin)["lot"] == (None if movement == "receive" else "EARLY")
    assert desk.stock(other)["A"] == 3
    assert listed(desk, again["id"])["why"] == "half_taken"


def test_same_serial_again_is_held(desk, bench, product):
    refused(bench.post("receive", product.gtin), "held", "lot_required")
    posted(bench.post("receive", half("A", FAR, "S1")))
    result = refused(bench.post("receive", half("A", FAR, "S1")), "held", "needs_review")
    assert (result["problem"]["why"], "waits" in result["problem"]) == ("half_taken", False)


@pytest.mark.parametrize("lot, expiry", [("A", LATER), ("B", LATER)])
@pytest.mark.parametrize("movement", ["receive", "dispense"])
def test_order_of_the_codes_changes_from_box_to_box(desk, bench, product, movement, lot, expiry):
    desk.receive(product, "EARLY", FAR, 5)
    desk.receive(product, "A", LATER, 5)
    desk.receive(product, "B", LATER, 5)
    before = desk.stock(product)
    bench.post(movement, product.gtin)
    posted(bench.post(movement, half("A", LATER)))
    second = open_half(bench.post(movement, half(lot, expiry)))
    result = posted(bench.post(movement, product.gtin))
    assert (result["lot"], result["joined"]) == (lot, second["id"])
    assert desk.stock(product)["EARLY"] == before["EARLY"]
    assert sum(abs(desk.stock(product)[name] - before[name]) for name in "AB") == 2


def test_half_whose_lot_is_of_another_product_waits_for_it(desk, bench, product):
    """A box of which only the product's code was scanned, then both codes of the next."""
    other, lot = desk.product(), f"X{product.id}"
    desk.receive(product, "EARLY", FAR, 3)
    desk.receive(other, lot, LATER, 3)
    posted(bench.post("dispense", product.gtin))
    waiting = open_half(bench.post("dispense", half(lot, LATER)))
    result = posted(bench.post("dispense", other.gtin))
    assert (result["lot"], result["joined"]) == (lot, waiting["id"])
    assert (desk.stock(product), desk.stock(other)) == ({"EARLY": 2}, {lot: 2})


def test_received_half_waits_for_the_product_that_was_shipped_with_its_lot(desk, bench, product):
    other, lot = desk.product(), f"X{product.id}"
    Shipment(desk, other, [(lot, LATER, 4, {})])
    refused(bench.post("receive", product.gtin), "held", "lot_required")
    open_half(bench.post("receive", half(lot, LATER)))
    assert posted(bench.post("receive", other.gtin))["lot"] == lot
    assert desk.movements(product) == 0


def test_second_box_without_its_half_is_alone(desk, bench, product):
    """A half that can be of either joins the code before it, and the answer names product and lot."""
    other = desk.product()
    for one in (product, other):
        desk.receive(one, "EARLY", FAR, 2)
        desk.receive(one, "LATE", LATER, 2)
    posted(bench.post("dispense", product.gtin))
    pair = posted(bench.post("dispense", half("LATE", LATER)))
    assert (pair["product"]["id"], pair["lot"]) == (product.id, "LATE")
    alone = posted(bench.post("dispense", other.gtin))
    assert (alone["lot"], warnings(alone)) == ("EARLY", ["lot_assumed"])


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


def test_half_that_waited_in_vain_is_late(desk, bench, product):
    result = open_half(bench.post("receive", half("A", FAR)))
    assert listed(desk, result["id"])["why"] == "half_waits"
    desk.query("UPDATE scan SET at = at - interval '6 seconds' WHERE id = %s", result["id"])
    assert listed(desk, result["id"])["why"] == "half_late"
    refused(bench.post("receive", product.gtin), "held", "lot_required")
    desk.query("UPDATE scan SET at = now() WHERE id = %s", result["id"])
    assert listed(desk, result["id"])["why"] == "half_late"     # nobody can join it any more


def test_half_whose_box_is_refused(desk, bench, product):
    desk.receive(product, "PAST", PAST, 2)
    result = open_half(bench.post("dispense", half("PAST", PAST)))
    refused(bench.post("dispense", product.gtin), "rejected", "expired")
    assert listed(desk, result["id"])["why"] == "half_refused"


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
