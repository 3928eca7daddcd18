"""One code for a case or pallet: announced by the supplier with the shipment, moved by one scan, all of it or nothing."""
import itertools
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

from test_scans import (ELSEWHERE, FAR, HERE, LATER, SOON, Desk, ago, bind, check_digit, make_key, not_undone, posted,
                        problem, refused, reverse, scan, undone, warnings)

serials = itertools.count(1)


def sscc():
    digits = f"3952{next(serials):06d}{uuid.uuid4().int % 10**7:07d}"
    return digits + check_digit(digits)


class Consignment:
    """An order of 10 of each of some products, of a supplier of the test's own; the shelves hold 5 of lot OLD."""

    def __init__(self, desk, count=1):
        self.desk, self.products = desk, [desk.product() for _ in range(count)]
        own = self.products[0].id
        desk.query("INSERT INTO supplier (id, name, name_en) VALUES (%s, '试商', 'Test')", own)
        for product in self.products:
            desk.query("INSERT INTO supplier_product (product_id, supplier_id, unit_price) VALUES (%s, %s, 9)", product.id, own)
            desk.receive(product, "OLD", FAR, 6)
            desk.query("UPDATE shelf SET minimum = 5, maximum = 15 WHERE pharmacy_id = %s AND product_id = %s", HERE, product.id)
            posted(desk.post("dispense", product.gtin))
        self.rows = desk.query("SELECT order_id, line, product_id FROM order_line WHERE product_id = ANY (%s) ORDER BY line",
                               [product.id for product in self.products])
        self.order, = {order for order, _, _ in self.rows}
        self.line = {product: line for _, line, product in self.rows}
        self.supplier = desk.service.key(make_key(desk, "supplier", supplier_id=own))

    def item(self, product, lot="N", expiry=LATER, quantity=10, codes=None):
        more = {} if codes is None else {"trace_codes": codes}
        return {"line": self.line[product.id], "lot": lot, "expiry": expiry.isoformat(), "quantity": quantity, **more}

    def ask(self, items, packages=None, **more):
        body = {"lines": items, **more} | ({} if packages is None else {"packages": [
            {"code": code, "contains": list(contains)} for code, contains in packages]})
        return self.supplier.post(f"/api/v1/supplier/orders/{self.order}/ship", json=body)

    def ship(self, items, packages=None, **more):
        answer = self.ask(items, packages, **more)
        assert answer.status_code == 200, answer.text
        return self

    def status(self):
        return self.desk.query("SELECT status::text FROM purchase_order WHERE id = %s", self.order)[0][0]


@pytest.fixture(scope="module")
def desk(service):
    return Desk(service, service.login("clerk"))


@pytest.fixture
def product(desk):
    return desk.product()


def case_code(product, number=1):
    """The trace code of a case: its first seven digits are nobody's."""
    return f"8999{product.id % 1000:03d}{number:013d}"


def packs(product, count=10, first=1):
    return [product.trace(n) for n in range(first, first + count)]


@pytest.fixture
def case(desk):
    """A case of ten packs of one lot, on its way."""
    made = Consignment(desk)
    made.product, = made.products
    made.codes, made.code = packs(made.product), case_code(made.product)
    return made.ship([made.item(made.product, codes=made.codes)], [(made.code, made.codes)])


def received(desk, case):
    return posted(desk.post("receive", case.code))


# --- receiving -----------------------------------------------------------------------------------

def test_case_is_received_whole(desk, case):
    body = scan("receive", case.code, workstation="W1", scanned_at=ago(seconds=1))
    result = posted(desk.send(body)[0])
    movement = result["movement_id"]
    assert result == {
        "id": body["id"], "outcome": "posted", "movement_id": movement, "lot": "N", "expiry": LATER.isoformat(),
        "product": {"id": case.product.id, "name": f"试药 {case.product.id}"}, "quantity": 10, "on_hand": 15, "warnings": [],
        "problem": None, "contents": [{"movement_id": movement, "lot": "N", "expiry": LATER.isoformat(), "quantity": 10,
                                       "product": {"id": case.product.id, "name": f"试药 {case.product.id}"}}]}
    assert desk.stock(case.product) == {"OLD": 5, "N": 10}
    assert desk.query("SELECT code, state::text FROM pack WHERE product_id = %s ORDER BY 1", case.product.id) == [
        (code, "in_stock") for code in case.codes]
    assert desk.query("SELECT count(*), count(DISTINCT workstation) FROM movement WHERE pack = ANY (%s)", case.codes) == [(10, 1)]
    assert case.status() == "received"
    again = desk.send(body)[0]
    assert {**again, "outcome": "posted"} == result and again["outcome"] == "replayed"
    changed = desk.client.post("/api/v1/scans", json={**body, "reason": "x"})
    assert (changed.status_code, changed.json()["code"]) == (409, "id_conflict")
    raw, = desk.query("SELECT raw FROM scan WHERE id = %s", body["id"])[0]
    assert bytes(raw).decode() == case.code


def test_nested_one_three_nine(desk):
    made = Consignment(desk)
    product, = made.products
    codes = packs(product, 9)
    middles = [case_code(product, 10 + n) for n in range(3)]
    pallet = sscc()
    made.ship([made.item(product, codes=codes, quantity=9)],
              [(pallet, middles)] + [(middle, codes[3 * n:3 * n + 3]) for n, middle in enumerate(middles)])
    assert posted(desk.post("receive", middles[1]))["quantity"] == 3
    result = refused(desk.post("receive", f"00{pallet}"), "held", "needs_review")
    assert "3 of 9" in result["problem"]["detail"] and codes[3] in result["problem"]["detail"]
    for middle in (middles[0], middles[2]):
        posted(desk.post("receive", middle))
    assert desk.stock(product)["N"] == 9 and made.status() == "received"


@pytest.mark.parametrize("how", ["element", "bare", "GS1-128"])
def test_pallet_of_two_products(desk, how):
    made = Consignment(desk, 2)
    first, second = made.products
    pallet, small = sscc(), case_code(made.products[1], 7)
    codes = {product: packs(product) for product in made.products}
    made.ship([made.item(first, "N1", codes=codes[first][:4], quantity=4), made.item(first, "N2", SOON, codes=codes[first][4:],
                                                                                      quantity=6),
               made.item(second, codes=codes[second])],
              [(pallet, codes[first] + [small]), (small, codes[second])])
    code = {"element": f"00{pallet}", "bare": pallet, "GS1-128": f"]C100{pallet}"}[how]
    result = posted(desk.post("receive", code))
    assert (result["quantity"], result["product"], result["lot"], result["on_hand"]) == (20, None, None, None)
    assert sorted((c["product"]["id"], c["lot"], c["expiry"], c["quantity"]) for c in result["contents"]) == [
        (first.id, "N1", LATER.isoformat(), 4), (first.id, "N2", SOON.isoformat(), 6), (second.id, "N", LATER.isoformat(), 10)]
    assert warnings(result) == ["near_expiry"] and made.status() == "received"


def test_serialised_gtins_are_packs_too(desk):
    made = Consignment(desk)
    product, = made.products
    keys = [f"01{product.gtin}21S{n}" for n in range(10)]
    code = f"01{product.case}21CASE"
    made.ship([made.item(product, codes=keys)], [(code, keys)])
    result = posted(desk.post("receive", f"]d2{code}"))
    assert result["quantity"] == 10
    posted(desk.post("dispense", f"]d2{keys[3]}"))
    refused(desk.post("dispense", f"]d2{keys[3]}"), "rejected", "already_dispensed")


def test_sscc_of_a_shipment_without_codes(desk):
    """What the lines still bring moves, by lot."""
    made = Consignment(desk, 2)
    first, second = made.products
    pallet = sscc()
    made.ship([made.item(first, "N1", quantity=4), made.item(first, "N2", SOON, quantity=6), made.item(second)], sscc=pallet)
    posted(desk.post("receive", first.code("N1", LATER), quantity=3, order_id=made.order))
    refused(desk.post("dispense", f"00{pallet}"), "held", "needs_review")
    result = posted(desk.post("receive", f"00{pallet}"))
    assert (result["quantity"], [c["quantity"] for c in result["contents"]]) in [(17, list(p)) for p in
                                                                                itertools.permutations([1, 6, 10])]
    assert desk.stock(first) == {"OLD": 5, "N1": 4, "N2": 6} and made.status() == "received"
    result = refused(desk.post("receive", f"00{pallet}"), "held", "needs_review")
    assert "already" in result["problem"]["detail"]


def test_sscc_of_a_shipment_with_codes(desk):
    made = Consignment(desk, 2)
    first, second = made.products
    pallet, codes = sscc(), packs(made.products[0])
    made.ship([made.item(first, codes=codes), made.item(second)], sscc=pallet)
    assert posted(desk.post("receive", f"00{pallet}"))["quantity"] == 20
    assert desk.query("SELECT count(*) FROM pack WHERE product_id = %s", first.id) == [(10,)]
    refused(desk.post("receive", codes[0]), "held", "needs_review")


def test_unknown_sscc_is_held_and_tried_again(desk):
    made = Consignment(desk)
    product, = made.products
    pallet, code = sscc(), None
    body = scan("receive", f"00{pallet}")
    result = refused(desk.send(body)[0], "held", "unknown_code")
    assert "what is in it" in result["problem"]["detail"]
    answer = bind(desk, body["id"], product_id=product.id)
    assert (answer.status_code, answer.json()["code"]) == (409, "unknown_code")
    answer = bind(desk, body["id"], product_id=product.id, remember=True)
    assert (answer.status_code, answer.json()["code"]) == (409, "not_learnable")
    assert desk.query("SELECT count(*) FROM pharmacy_code WHERE code LIKE %s", f"%{pallet}%") == [(0,)]
    made.ship([made.item(product)], sscc=pallet)
    assert bind(desk, body["id"], product_id=product.id).json()["quantity"] == 10
    assert desk.stock(product)["N"] == 10


def test_case_gtin_moves_its_units(desk, product):
    assert posted(desk.post("receive", f"01{product.case}17{FAR:%y%m%d}10A", quantity=3))["quantity"] == 30
    assert desk.stock(product) == {"A": 30}


def test_case_of_known_units_without_known_content(desk, product):
    """Its first seven digits say ten: it is one pack of ten, and comes in once."""
    prefix = f"86{product.id % 100000:05d}"
    desk.query("INSERT INTO product_code (code, product_id, units) VALUES (%s, %s, 10)", prefix, product.id)
    code = prefix + "0000000000001"
    assert posted(desk.post("receive", code, lot="A", expiry=FAR.isoformat()))["quantity"] == 10
    refused(desk.post("receive", code, lot="A", expiry=FAR.isoformat()), "held", "needs_review")
    assert posted(desk.post("dispense", code))["quantity"] == 10
    refused(desk.post("dispense", code), "rejected", "already_dispensed")
    assert desk.stock(product) == {"A": 0}


# --- every rule for everything in it -------------------------------------------------------------

def test_child_then_parent(desk, case):
    posted(desk.post("receive", case.codes[4]))
    result = refused(desk.post("receive", case.code), "held", "needs_review")
    assert "1 of 10" in result["problem"]["detail"] and case.codes[4] in result["problem"]["detail"]
    assert desk.stock(case.product) == {"OLD": 5, "N": 1}


def test_parent_then_child_and_parent(desk, case):
    received(desk, case)
    refused(desk.post("receive", case.codes[0]), "held", "needs_review")
    result = refused(desk.post("receive", case.code), "held", "needs_review")
    assert "10 of 10" in result["problem"]["detail"]
    assert desk.stock(case.product) == {"OLD": 5, "N": 10}


@pytest.mark.parametrize("movement", ["dispense", "write_off", "return_supplier", "quarantine"])
def test_case_goes_out_whole(desk, case, movement):
    received(desk, case)
    result = posted(desk.post(movement, case.code))
    assert (result["quantity"], result["lot"]) == (10, "N")
    assert desk.stock(case.product)["N"] == 0
    if movement == "quarantine":
        refused(desk.post("dispense", case.code), "rejected", "quarantined")
        assert posted(desk.post("release", case.code))["on_hand"] == 15
    elif movement == "dispense":
        refused(desk.post("dispense", case.code), "rejected", "already_dispensed")
        refused(desk.post("dispense", case.codes[9]), "rejected", "already_dispensed")
        assert posted(desk.post("return", case.code))["quantity"] == 10


def test_opened_case_is_not_dispensed(desk, case):
    received(desk, case)
    for code in case.codes[:2]:
        posted(desk.post("dispense", code))
    result = refused(desk.post("dispense", case.code), "rejected", "already_dispensed")
    assert "2 of 10" in result["problem"]["detail"]
    assert desk.stock(case.product)["N"] == 8


@pytest.mark.parametrize("lock, code", [("recalled", "recalled"), ("expired", "expired"), ("quarantined", "quarantined"),
                                        ("moved", "insufficient_stock")])
def test_locks_hold_for_what_is_in_it(desk, case, lock, code):
    received(desk, case)
    product = case.product
    if lock == "recalled":
        desk.query("INSERT INTO recall (product_id, lot, reason) VALUES (%s, 'N', 'test')", product.id)
    elif lock == "expired":
        desk.query("UPDATE pharmacy SET dispensing_lock_days = 600 WHERE id = %s", HERE)
    elif lock == "quarantined":
        posted(desk.post("quarantine", case.codes[5]))
    else:
        posted(desk.post("write_off", product.code("N", LATER), quantity=4))
    before = desk.stock(product)
    try:
        refused(desk.post("dispense", case.code), "rejected", code)
        refused(desk.post("dispense", case.code, scanned_at=ago(hours=2)), "held", "needs_review")     # the goods are gone
    finally:
        desk.query("UPDATE pharmacy SET dispensing_lock_days = 3 WHERE id = %s", HERE)
    assert desk.stock(product) == before


def test_more_than_the_shipment_brings(desk, case):
    posted(desk.post("receive", case.product.code("N", LATER), quantity=2, order_id=case.order))
    refused(desk.post("receive", case.code), "rejected", "over_ordered")
    assert desk.stock(case.product) == {"OLD": 5, "N": 2}
    assert posted(desk.post("receive", case.code, reason="two were not of it"))["quantity"] == 10


@pytest.mark.parametrize("count", [1, 10])
def test_after_half_of_a_box(desk, count):
    """A half that waits is not for what is in a package, and a package does not stumble over it."""
    sent = Consignment(desk)
    product, = sent.products
    codes, code = packs(product, count), case_code(product, 3)
    sent.ship([sent.item(product, codes=codes, quantity=count)], [(code, codes)])
    refused(desk.post("receive", "]d210HALF", workstation=code), "held", "needs_review")
    assert posted(desk.post("receive", code, workstation=code))["quantity"] == count
    assert desk.stock(product) == {"OLD": 5, "N": count}
    refused(desk.post("receive", product.gtin, workstation=code), "held", "lot_required")   # nor for what comes later


def test_a_package_is_one(desk, case):
    refused(desk.post("receive", case.code, quantity=2), "held", "needs_review")


def test_label_that_names_another_lot(desk):
    made = Consignment(desk)
    product, = made.products
    pallet = sscc()
    made.ship([made.item(product, codes=packs(product))], sscc=pallet)
    refused(desk.post("receive", f"]C100{pallet}10OTHER"), "held", "needs_review")
    posted(desk.post("receive", f"]C100{pallet}10N"))


def test_cancelled_shipment_brings_nothing(desk, case):
    answer = desk.client.post(f"/api/v1/orders/{case.order}/cancel", json={"reason": "lost"})
    assert answer.status_code == 200
    refused(desk.post("receive", case.code), "rejected", "over_ordered")
    assert desk.stock(case.product) == {"OLD": 5}


# --- undoing -------------------------------------------------------------------------------------

@pytest.mark.parametrize("which", ["first", "of one pack"])
def test_undoing_any_undoes_all(desk, case, which):
    result = received(desk, case)
    movement = result["movement_id"] if which == "first" else desk.query(
        "SELECT id FROM movement WHERE pack = %s", case.codes[7])[0][0]
    answer = undone(reverse(desk, movement))
    assert (answer["quantity"], answer["on_hand"], answer["contents"][0]["quantity"]) == (10, 5, 10)
    assert desk.stock(case.product) == {"OLD": 5, "N": 0} and case.status() == "shipped"
    assert desk.query("SELECT count(*) FROM pack WHERE product_id = %s", case.product.id) == [(0,)]
    not_undone(reverse(desk, result["movement_id"]), 409, "already_reversed")
    received(desk, case)
    assert case.status() == "received"


def test_undone_again_with_the_same_id(desk, case):
    movement, again = received(desk, case)["movement_id"], str(uuid.uuid4())
    first = undone(reverse(desk, movement, id=again))
    second = reverse(desk, movement, id=again).json()
    assert {**second, "outcome": "posted"} == first
    assert desk.stock(case.product)["N"] == 0


def test_opened_case_is_not_undone(desk, case):
    movement = received(desk, case)["movement_id"]
    posted(desk.post("dispense", case.codes[3]))
    not_undone(reverse(desk, movement), 409, "depends")
    assert desk.stock(case.product)["N"] == 9


def test_undoing_in_part_is_not_possible(desk, case):
    movement = received(desk, case)["movement_id"]
    posted(desk.post("write_off", case.product.code("N", LATER), quantity=1))
    not_undone(reverse(desk, movement), 409, "depends")
    assert desk.stock(case.product)["N"] == 9


# --- with other scans ----------------------------------------------------------------------------

def test_in_the_middle_of_an_array(desk, case):
    """In the order given: before it is received nothing of it can go out, after it everything can."""
    product = case.product
    results = desk.send([scan("dispense", product.code("N", LATER)), scan("receive", case.code),
                         scan("dispense", case.codes[0]), scan("dispense", product.code("N", LATER)), scan("receive", case.code)])
    assert [(r["outcome"], problem(r)) for r in results] == [
        ("rejected", "insufficient_stock"), ("posted", None), ("posted", None), ("posted", None), ("held", "needs_review")]
    assert desk.stock(product)["N"] == 8


def test_same_id_twice_in_one_array(desk, case):
    body = scan("receive", case.code)
    results = desk.send([body, body])
    assert [r["outcome"] for r in results] == ["posted", "replayed"]
    assert desk.stock(case.product)["N"] == 10


def at_once(desk, *bodies):
    """Each from a connection of its own."""
    def send(body):
        twin = Desk(desk.service, desk.service.client())
        twin.client.cookies.update(desk.client.cookies)
        twin.client.headers.update(desk.client.headers)
        return twin.send(body)[0]

    with ThreadPoolExecutor(len(bodies)) as pool:
        return list(pool.map(send, bodies))


def test_parent_and_children_at_once(service_two):
    """Two workers: whoever comes first has it, the others are told."""
    desk = Desk(service_two, service_two.login("clerk"))
    for number in range(4):
        made = Consignment(desk)
        product, = made.products
        codes, code = packs(product), case_code(product, number)
        made.ship([made.item(product, codes=codes)], [(code, codes)])
        results = at_once(desk, scan("receive", code), scan("receive", codes[0]), scan("receive", code), scan("receive", codes[9]))
        whole = [r for r in results if r["outcome"] == "posted" and r["quantity"] == 10]
        single = [r for r in results if r["outcome"] == "posted" and r["quantity"] == 1]
        assert (len(whole), len(single)) in ((1, 0), (0, 1), (0, 2)), results
        assert {problem(r) for r in results} <= {None, "needs_review"}
        assert desk.stock(product).get("N", 0) == 10 * len(whole) + len(single)


def test_same_scan_from_two_connections(service_two):
    desk = Desk(service_two, service_two.login("clerk"))
    made = Consignment(desk)
    product, = made.products
    codes, code = packs(product), case_code(product, 99)
    made.ship([made.item(product, codes=codes)], [(code, codes)])
    body = scan("receive", code)
    results = at_once(desk, body, body, body)
    assert sorted(r["outcome"] for r in results) == ["posted", "replayed", "replayed"], results
    assert desk.stock(product)["N"] == 10


def test_relation_is_the_pharmacy_s_own(service, desk, case):
    """Another pharmacy's clerk, in the own pharmacy and in this one, learns nothing of it."""
    login = f"w{uuid.uuid4().hex[:8]}"
    admin = service.login("admin")
    admin.post("/api/v1/users", json={"username": login, "name": login, "role": "clerk", "password": "correct horse",
                                      "pharmacy_id": ELSEWHERE}).raise_for_status()
    other = Desk(service, service.login(login, "correct horse"))
    refused(other.post("receive", case.code), "held", "unknown_code")
    result = refused(other.post("receive", case.code, pharmacy_id=HERE), "rejected", "wrong_pharmacy")
    assert case.codes[0] not in str(result) and "10" not in result["problem"]["detail"]
    connection = service.database()
    connection.autocommit = False
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE yaoku_app")
        for pharmacy, seen in ((ELSEWHERE, 0), (HERE, 10)):
            cursor.execute("SELECT set_config('yaoku.pharmacy', %s, true)", [str(pharmacy)])
            cursor.execute("SELECT count(*) FROM package_content WHERE order_id = %s", [case.order])
            assert cursor.fetchone() == (seen,)
    connection.close()


# --- what suppliers may announce -----------------------------------------------------------------

def faulty(name, product):
    """Packages of a shipment of ten packs that are refused, and what is said of them."""
    codes, one, two = packs(product), case_code(product, 1), case_code(product, 2)
    chain = [case_code(product, 20 + n) for n in range(6)]
    wrong = "395200000000000018" if check_digit("39520000000000001") != "8" else "395200000000000017"
    return {
        "no code": [("x" * 20, codes)],
        "wrong check digit": [(wrong, codes)],
        "named twice": [(one, codes[:5]), (one, codes[5:])],
        "empty": [(one, [])],
        "unknown pack": [(one, codes + [product.trace(11)])],
        "pack twice": [(one, codes + codes[:1])],
        "pack in two": [(one, codes), (two, codes[:1])],
        "itself": [(one, [one])],
        "cycle": [(one, [two]), (two, [one])],
        "too deep": [(code, [inner]) for code, inner in zip(chain, chain[1:] + codes[:1])],
        "pack as package": [(codes[0], codes[1:])],
    }[name]


@pytest.mark.parametrize("name, said", [
    ("no code", "is no SSCC"), ("wrong check digit", "is no SSCC"), ("named twice", "is named twice"), ("empty", "holds nothing"),
    ("unknown pack", "is neither a trace code"), ("pack twice", "is in it twice"), ("pack in two", "is in two packages"),
    ("itself", "is in itself"), ("cycle", "is in itself"), ("too deep", "five deep"), ("pack as package", "among the trace codes")])
def test_packages_that_are_refused(desk, name, said):
    made = Consignment(desk)
    product, = made.products
    answer = made.ask([made.item(product, codes=packs(product))], faulty(name, product))
    assert (answer.status_code, answer.json()["code"]) == (409, "lines_refused"), answer.text
    assert said in answer.json()["detail"] and "package " in answer.json()["detail"], answer.text
    assert made.status() == "open"
    assert desk.query("SELECT count(*) FROM package_content WHERE order_id = %s", made.order) == [(0,)]


def test_lines_and_packages_are_refused_together(desk):
    made = Consignment(desk)
    product, = made.products
    answer = made.ask([made.item(product, quantity=11)], [(case_code(product), [product.trace(1)])])
    assert "line 1: " in answer.json()["detail"] and f"package {case_code(product)}: " in answer.json()["detail"]


def test_at_most_a_thousand_packs(desk):
    made = Consignment(desk)
    product, = made.products
    desk.query("UPDATE order_line SET quantity = 1001 WHERE order_id = %s", made.order)
    codes, middle = packs(product, 1001), case_code(product, 2)
    items = [made.item(product, codes=codes[:501], quantity=501), made.item(product, "M", codes=codes[501:], quantity=500)]
    answer = made.ask(items, [(case_code(product), codes[:501] + [middle]), (middle, codes[501:])])
    assert "more than 1,000" in answer.json()["detail"], answer.text
    made.ship(items, [(case_code(product), codes[:500] + [middle]), (middle, codes[501:])])
    assert posted(desk.post("receive", case_code(product)))["quantity"] == 1000
    assert desk.stock(product) == {"OLD": 5, "N": 500, "M": 500}


def test_package_of_another_open_shipment(desk, case):
    made = Consignment(desk)
    product, = made.products
    answer = made.ask([made.item(product, codes=packs(product))], [(case.code, packs(product))])
    assert "announced by another shipment" in answer.json()["detail"]
    received(desk, case)
    made.ship([made.item(product, codes=packs(product))], [(case.code, packs(product))])    # the code is used again
    assert posted(desk.post("receive", case.code))["product"]["id"] == product.id


def test_ledger_is_whole(service, service_two):
    for one in (service, service_two):
        with one.database().cursor() as cursor:
            cursor.execute("SELECT rule, first_bad FROM verify_ledger() WHERE wrong > 0")
            assert cursor.fetchall() == []
