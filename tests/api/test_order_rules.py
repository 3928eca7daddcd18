"""The rules of ordering, asked of PostgreSQL directly: each test makes a small district of its own and
takes it back. What needs two transactions at once, or HTTP, is in test_orders.py.
"""
import json
import random

import psycopg2
import pytest
from psycopg2.extras import Json

PHARMACY, OTHER_PHARMACY = 990001, 990002
FIRST, SECOND = 990001, 990002  # suppliers, by rank
PRODUCT, PRODUCT_B, PRODUCT_C = 990001, 990002, 990003
CODE = "8990001{:013d}"


class District:
    """One transaction with two pharmacies, two suppliers, three products."""

    def __init__(self, connection):
        self.connection = connection
        self.cursor = connection.cursor()
        self.run("""
            INSERT INTO pharmacy (id, name, name_en, kind, address)
                SELECT i, '试药房' || i, 'Test ' || i, 'community', '试路 1 号' FROM unnest(ARRAY[990001, 990002]) i;
            INSERT INTO supplier (id, name, name_en) SELECT i, '试商' || i, 'Test ' || i FROM unnest(ARRAY[990001, 990002]) i;
            INSERT INTO product (id, name, generic_name, strength, form, maker, approval_number, gtin, trace_prefix,
                units_per_order_unit, price)
                SELECT i, '试药' || i, '试', '1 g', '片', '试厂', 'X' || i, '95299990' || i, '8' || i, 1, 10
                FROM unnest(ARRAY[990001, 990002, 990003]) i;
            INSERT INTO product_code SELECT trace_prefix, id FROM product WHERE id >= 990001;
            INSERT INTO supplier_product (product_id, supplier_id, unit_price, rank)
                SELECT p, s, 9.5 + s - 990001, s - 990000
                FROM unnest(ARRAY[990001, 990002, 990003]) p, unnest(ARRAY[990001, 990002]) s""")

    def run(self, sql, *args):
        self.cursor.execute(sql, args or None)
        return self.cursor.fetchall() if self.cursor.description else []

    def value(self, sql, *args):
        return self.run(sql, *args)[0][0]

    def be(self, role, pharmacy="", supplier=""):
        self.run("SELECT set_config('yaoku.role', %s, true), set_config('yaoku.pharmacy', %s, true), "
                 "set_config('yaoku.supplier', %s, true)", role, str(pharmacy), str(supplier))

    def shelf(self, product=PRODUCT, stock=0, minimum=10, maximum=20, pharmacy=PHARMACY, days=400, demand=0):
        self.run("INSERT INTO shelf (pharmacy_id, product_id, minimum, maximum, daily_demand) VALUES (%s, %s, %s, %s, %s)",
                 pharmacy, product, minimum, maximum, demand)
        if stock:
            self.lot(stock, days, product, pharmacy)

    def lot(self, stock, days, product=PRODUCT, pharmacy=PHARMACY, lot=None):
        self.run("INSERT INTO lot (pharmacy_id, product_id, lot, expiry, unit_price, usable) "
                 "VALUES (%s, %s, %s, today('Asia/Shanghai') + %s, 10, %s)",
                 pharmacy, product, lot or f"L{days}", days, stock)

    def place(self, *products, pharmacy=PHARMACY):
        products = list(products or [PRODUCT])
        return self.value("SELECT place_orders(%s, %s)", [pharmacy] * len(products), products)

    def orders(self, pharmacy=PHARMACY):
        """[(supplier, status, revision, {product: quantity})], oldest first."""
        return self.run("""
            SELECT o.supplier_id, o.status::text, o.revision,
                (SELECT jsonb_object_agg(l.product_id, l.quantity) FROM order_line l WHERE l.order_id = o.id)
            FROM purchase_order o WHERE o.pharmacy_id = %s ORDER BY o.id""", pharmacy)

    def newest(self):
        return self.value("SELECT max(id) FROM purchase_order WHERE pharmacy_id = %s", PHARMACY)

    def position(self, product=PRODUCT):
        return self.value("SELECT position FROM shelf_level WHERE pharmacy_id = %s AND product_id = %s", PHARMACY, product)

    def command(self, call, *args):
        """(problem, detail, body) of a command."""
        args = [Json(a) if isinstance(a, list) else a for a in args]
        marks = ", ".join(["%s"] * len(args))
        return self.run(f"SELECT problem, detail, body FROM {call}({marks})", *args)[0]

    def by_supplier(self, call, order, *args, supplier=FIRST):
        self.be("supplier", supplier=supplier)
        return self.command(call, order, *args)

    def ship(self, order, *items, supplier=FIRST, sscc=None):
        return self.by_supplier("ship_order", order, sscc, list(items), supplier=supplier)

    def receive(self, order, quantity, product=PRODUCT):
        """What the posting of a scan does, without the scan."""
        self.run("UPDATE shipment_line SET received = received + %s, open = received + %s < quantity "
                 "WHERE order_id = %s AND product_id = %s", quantity, quantity, order, product)
        self.run("UPDATE order_line SET received = received + %s WHERE order_id = %s AND product_id = %s",
                 quantity, order, product)
        self.lot(quantity, 500, product, lot="received")
        return self.value("SELECT close_received_orders(%s, %s)", [PHARMACY], [order])


@pytest.fixture
def district(service):
    connection = service.database()
    connection.autocommit = False
    yield District(connection)
    connection.rollback()
    connection.close()


def item(line=1, quantity=20, lot="A1", expiry="2099-01-31", **more):
    return {"line": line, "lot": lot, "expiry": expiry, "quantity": quantity, **more}


# ---------------------------------------------------------------- when, how much, from whom

@pytest.mark.parametrize("stock, minimum, maximum, ordered", [
    (11, 10, 20, None),
    (10, 10, 20, 10),
    (0, 10, 20, 20),
    (0, 0, 1, 1),
    (0, 0, 0, None),
    (10, 10, 10, None),
    (9, 10, 10, 1),
])
def test_level(district, stock, minimum, maximum, ordered):
    district.shelf(stock=stock, minimum=minimum, maximum=maximum)
    assert district.place() == (ordered is not None)
    assert district.orders() == ([(FIRST, "open", 1, {str(PRODUCT): ordered})] if ordered else [])


def test_no_thresholds(district):
    district.shelf(minimum=None, maximum=None)
    assert district.place() == 0


def test_round_up_to_order_unit_and_explain(district):
    district.run("UPDATE product SET units_per_order_unit = 6 WHERE id = %s", PRODUCT)
    district.shelf(stock=7)
    district.place()
    quantity, units, explain = district.run("SELECT quantity, units_per_order_unit, explain FROM order_line "
                                            "WHERE pharmacy_id = %s", PHARMACY)[0]
    assert (quantity, units) == (18, 6)
    assert explain == {"position": 7, "minimum": 10, "maximum": 20, "on_hand": 7, "expiring": 0, "on_order": 0,
                       "needed": 13, "quantity": 18}


def test_position_leaves_out_what_cannot_be_used(district):
    district.shelf(stock=100)
    assert district.place() == 0
    district.run("UPDATE lot SET expiry = today('Asia/Shanghai') - 1 WHERE pharmacy_id = %s", PHARMACY)
    assert district.position() == 0
    district.run("UPDATE lot SET expiry = today('Asia/Shanghai') + 100, lot = 'R1' WHERE pharmacy_id = %s", PHARMACY)
    district.run("INSERT INTO recall (product_id, lot, reason) VALUES (%s, 'R1', 'test')", PRODUCT)
    assert district.position() == 0
    assert district.place() == 1


def test_one_open_line(district):
    district.shelf()
    assert [district.place(), district.place(), district.place(PRODUCT, PRODUCT)] == [1, 0, 0]
    assert len(district.orders()) == 1


def test_lines_join_the_open_order(district):
    district.shelf()
    district.shelf(PRODUCT_B)
    district.shelf(PRODUCT_C)
    district.place(PRODUCT, PRODUCT_B)
    district.place(PRODUCT_C)
    assert district.orders() == [(FIRST, "open", 2, {str(p): 20 for p in (PRODUCT, PRODUCT_B, PRODUCT_C)})]
    assert [n for n, in district.run("SELECT line FROM order_line WHERE pharmacy_id = %s ORDER BY 1", PHARMACY)] == [1, 2, 3]


def test_no_line_joins_a_confirmed_order(district):
    district.shelf()
    district.shelf(PRODUCT_B)
    district.place(PRODUCT)
    assert district.by_supplier("confirm_order", district.newest(), [{"line": 1, "quantity": 20}])[0] is None
    district.place(PRODUCT_B)
    assert [(o[1], o[2]) for o in district.orders()] == [("confirmed", 2), ("open", 1)]


def test_price_decides_between_equal_ranks(district):
    district.run("UPDATE supplier_product SET rank = 1, unit_price = CASE supplier_id WHEN %s THEN 9 ELSE 8 END "
                 "WHERE product_id = %s", FIRST, PRODUCT)
    district.shelf()
    district.place()
    assert district.orders()[0][0] == SECOND


def test_nobody_to_ask(district):
    district.run("DELETE FROM supplier_product WHERE product_id = %s", PRODUCT)
    district.shelf()
    assert district.place() == 0
    assert district.orders() == []


def test_decline_goes_to_the_next_for_a_day(district):
    district.shelf()
    district.place()
    problem, _, body = district.by_supplier("decline_order", district.newest(), "none left")
    assert problem is None and body["status"] == "declined" and body["reason"] == "none left"
    assert [(o[0], o[1]) for o in district.orders()] == [(FIRST, "declined"), (SECOND, "open")]
    district.by_supplier("decline_order", district.newest(), "none here", supplier=SECOND)
    assert district.place() == 0
    district.run("UPDATE order_line SET declined_at = now() - interval '24 hours' WHERE supplier_id = %s", FIRST)
    assert district.place() == 1
    assert district.orders()[-1][:2] == (FIRST, "open")


def test_decline_counts_for_that_pharmacy_only(district):
    district.shelf()
    district.shelf(pharmacy=OTHER_PHARMACY)
    district.place()
    district.by_supplier("decline_order", district.newest(), "no")
    district.place(pharmacy=OTHER_PHARMACY)
    assert district.orders(OTHER_PHARMACY)[0][0] == FIRST


# ---------------------------------------------------------------- the feed

def test_document(district):
    district.shelf()
    district.place()
    district.run("SELECT relay_orders()")
    district.be("supplier", supplier=FIRST)
    (orders, cursor, head), = district.run("SELECT * FROM supplier_orders(NULL, 0, 100)")
    placed_at = orders[0].pop("placed_at")
    assert placed_at.endswith("Z") and "T" in placed_at
    assert orders == [{
        "id": district.newest(), "revision": 1, "status": "open",
        "pharmacy": {"id": PHARMACY, "name": f"试药房{PHARMACY}", "address": "试路 1 号"},
        "lines": [{"line": 1, "product_id": PRODUCT, "gtin": "95299990990001", "name": "试药990001", "maker": "试厂",
                   "strength": "1 g", "quantity": 20, "order_unit": "盒", "units_per_order_unit": 1,
                   "unit_price": "9.50"}]}]
    assert cursor == head == 1


def test_feed_filter_and_cursor(district):
    for product in (PRODUCT, PRODUCT_B, PRODUCT_C):
        district.shelf(product)
        district.place(product)
    order = district.newest()
    district.by_supplier("confirm_order", order, [{"line": 1, "quantity": 20}])
    district.run("SELECT relay_orders()")

    def feed(*args):
        (orders, cursor, _), = district.run("SELECT * FROM supplier_orders(%s, %s, %s)", *args)
        return [(o["revision"], o["status"]) for o in orders], cursor

    assert feed(None, 0, 100) == ([(1, "open"), (2, "open"), (3, "open"), (4, "confirmed")], 4)
    assert feed(None, 1, 2) == ([(2, "open"), (3, "open")], 3)
    assert feed("confirmed", 0, 100) == ([(n, "confirmed") for n in (1, 2, 3, 4)], 4)
    assert feed("open", 0, 100) == ([], 4)
    assert feed(None, 4, 100) == ([], 4)
    assert feed(None, 99, 100) == ([], 99)
    district.be("supplier", supplier=SECOND)
    assert feed(None, 0, 100) == ([], 0)
    district.be("supplier")
    assert feed(None, 0, 100) == ([], 0)


def test_feed_notes_the_poll(district):
    district.be("supplier", supplier=FIRST)
    district.run("SELECT * FROM supplier_orders(NULL, 0, 1)")
    assert district.value("SELECT last_poll_at = now() FROM supplier WHERE id = %s", FIRST)


def test_relay_keeps_the_order_of_revisions(district):
    district.shelf()
    district.shelf(PRODUCT_B)
    district.place(PRODUCT)
    district.place(PRODUCT_B)
    district.run("SELECT relay_orders()")
    assert district.run("SELECT relay_orders()") == []
    assert district.run("SELECT position, revision FROM feed WHERE supplier_id = %s ORDER BY 1", FIRST) == [(1, 1), (2, 2)]


# ---------------------------------------------------------------- confirm

def test_confirm_part(district):
    district.shelf()
    district.place()
    order = district.newest()
    problem, _, body = district.by_supplier("confirm_order", order,
                                            [{"line": 1, "quantity": 15, "promised_on": "2099-01-01"}])
    assert problem is None
    assert body["status"] == "confirmed" and body["revision"] == 2
    assert body["lines"][0]["confirmed"] == 15 and body["lines"][0]["promised_on"] == "2099-01-01"
    assert district.position() == 15
    assert district.by_supplier("confirm_order", order, [{"line": 1, "quantity": 20}])[2]["revision"] == 3


@pytest.mark.parametrize("lines, said", [
    ([{"line": 2, "quantity": 1}], "line 2: this order has no such open line"),
    ([{"line": 1, "quantity": 0}], "above 0"),
    ([{"line": 1, "quantity": -1}], "above 0"),
    ([{"line": 1, "quantity": 21}], "21 is more than the 20 ordered"),
    ([{"line": 1, "quantity": 10**17}], "more than the 20 ordered"),
    ([{"line": 1, "quantity": 1}, {"line": 1, "quantity": 1}], "named twice"),
    ([{"line": 1, "quantity": 1, "promised_on": "2020-01-01"}], "2020-01-01 has passed"),
])
def test_confirm_refuses_by_line(district, lines, said):
    district.shelf()
    district.place()
    problem, detail, body = district.by_supplier("confirm_order", district.newest(), lines)
    assert problem == "lines_refused" and said in detail
    assert body["lines"][0]["line"] == lines[0]["line"]
    assert district.orders() == [(FIRST, "open", 1, {str(PRODUCT): 20})]


def test_only_the_orders_own_supplier(district):
    district.shelf()
    district.place()
    order = district.newest()
    for call, args in (("confirm_order", ([{"line": 1, "quantity": 1}],)), ("decline_order", ("no",)),
                       ("ship_order", (None, [item()]))):
        assert district.by_supplier(call, order, *args, supplier=SECOND)[0] == "not_found"
        district.be("manager", pharmacy=PHARMACY)
        assert district.command(call, order, *args)[0] == "not_found"
        assert district.by_supplier(call, 1 << 60, *args)[0] == "not_found"
    district.be("manager", pharmacy=OTHER_PHARMACY)
    assert district.command("cancel_order", order, "no")[0] == "not_found"
    assert district.by_supplier("cancel_order", order, "no")[0] == "not_found"


# ---------------------------------------------------------------- ship and receive

def test_ship_in_lots_and_receive(district):
    district.shelf()
    district.place()
    order = district.newest()
    codes = [CODE.format(n) for n in range(12)]
    problem, _, body = district.ship(order, item(quantity=12, trace_codes=codes), item(quantity=8, lot="A2"),
                                     sscc="006141411234567890")
    assert problem is None
    assert body["status"] == "shipped" and body["sscc"] == "006141411234567890" and body["lines"][0]["shipped"] == 20
    assert district.value("SELECT count(*) FROM shipment_pack WHERE order_id = %s AND number = 1", order) == 12
    assert district.position() == 20 and district.place() == 0
    district.run("UPDATE shipment_line SET received = quantity, open = false WHERE order_id = %s AND number = 1", order)
    district.run("UPDATE order_line SET received = 12 WHERE order_id = %s", order)
    assert district.value("SELECT close_received_orders(%s, %s)", [PHARMACY], [order]) == 0
    assert district.orders()[0][1] == "shipped"
    district.run("UPDATE shipment_line SET received = quantity WHERE order_id = %s AND number = 2", order)
    district.run("UPDATE order_line SET received = 20 WHERE order_id = %s", order)
    district.lot(20, 400)
    assert district.value("SELECT close_received_orders(%s, %s)", [PHARMACY] * 2, [order] * 2) == 1
    assert district.orders() == [(FIRST, "received", 3, {str(PRODUCT): 20})]
    assert district.value("SELECT count(*) FROM shipment_line WHERE order_id = %s AND open", order) == 0
    assert district.value("SELECT close_received_orders(%s, %s)", [PHARMACY], [order]) == 0


def test_ship_short_orders_the_rest_anew(district):
    district.shelf()
    district.place()
    order = district.newest()
    district.ship(order, item(quantity=6))
    assert district.orders() == [(FIRST, "shipped", 2, {str(PRODUCT): 20}), (FIRST, "open", 1, {str(PRODUCT): 14})]
    assert district.position() == 20
    assert district.receive(order, 6) == 1
    assert district.orders() == [(FIRST, "received", 3, {str(PRODUCT): 20}), (FIRST, "open", 1, {str(PRODUCT): 14})]
    assert district.position() == 20


def test_ship_short_above_the_minimum_orders_nothing(district):
    district.shelf()
    district.place()
    district.ship(district.newest(), item(quantity=19))
    assert len(district.orders()) == 1
    assert district.position() == 19
    assert district.value("SELECT open FROM order_line WHERE pharmacy_id = %s", PHARMACY) is False


def test_ship_without_a_line_closes_it(district):
    district.shelf()
    district.shelf(PRODUCT_B)
    district.place(PRODUCT, PRODUCT_B)
    _, _, body = district.ship(district.newest(), item(quantity=20))
    assert [line["shipped"] for line in body["lines"]] == [20, 0]
    assert district.orders()[1] == (FIRST, "open", 1, {str(PRODUCT_B): 20})


@pytest.mark.parametrize("items, said", [
    ([item(line=9)], "line 9: this order has no such open line"),
    ([item(quantity=0)], "above 0"),
    ([item(quantity=21)], "21 is more than the 20 ordered"),
    ([item(quantity=15), item(quantity=15, lot="A2")], "30 is more than the 20 ordered"),
    ([item(), item()], "lot A1 is named twice"),
    ([item(expiry="2020-01-31")], "takes nothing that expires before"),
    ([item(lot="RECALLED")], "lot RECALLED is recalled"),
    ([item(quantity=2, trace_codes=[CODE.format(1)])], "trace codes for 1, but the quantity is 2"),
    ([item(quantity=1, trace_codes=["123"])], "123 is not 8 and 19 more digits"),
    ([item(quantity=1, trace_codes=["8990002" + "0" * 13])], "is not of this product"),
    ([item(quantity=1, trace_codes=["8111111" + "0" * 13])], "is not of this product"),
    ([item(quantity=2, trace_codes=[CODE.format(1)] * 2)], "is named twice"),
    ([item(quantity=1, trace_codes=[CODE.format(700)])], "is announced by another shipment"),
    ([item(quantity=1, trace_codes=[CODE.format(800)])], "is in this pharmacy already"),
])
def test_ship_refuses_by_line(district, items, said):
    district.shelf()
    district.place()
    district.run("INSERT INTO recall (product_id, lot, reason) VALUES (%s, 'RECALLED', 'test')", PRODUCT)
    district.ship(district.newest(), item(quantity=1, lot="B1", trace_codes=[CODE.format(700)]))
    district.run("INSERT INTO pack (pharmacy_id, code, product_id, lot_id, state, movement_id) "
                 "VALUES (%s, %s, %s, 1, 'dispensed', 1)", PHARMACY, CODE.format(800), PRODUCT)
    before = district.orders()
    if before[-1][3][str(PRODUCT)] == 19:  # what was short is on a new order, one less
        district.run("UPDATE order_line SET quantity = 20 WHERE order_id = %s", district.newest())
    problem, detail, _ = district.ship(district.newest(), *items)
    assert problem == "lines_refused" and said in detail
    assert [o[:3] for o in district.orders()] == [o[:3] for o in before]


def test_ship_names_every_refused_line(district):
    district.shelf()
    district.shelf(PRODUCT_B)
    district.place(PRODUCT, PRODUCT_B)
    problem, detail, body = district.ship(district.newest(), item(line=1, quantity=99), item(line=2, expiry="2020-01-01"))
    assert problem == "lines_refused"
    assert sorted(fault["line"] for fault in body["lines"]) == [1, 2]
    assert detail.startswith("line 1: ") and "; line 2: " in detail


def test_dispensing_lock_shortens_what_is_taken(district):
    district.run("UPDATE pharmacy SET dispensing_lock_days = 30 WHERE id = %s", PHARMACY)
    district.shelf()
    district.place()
    day = district.value("SELECT today('Asia/Shanghai') + 29")
    assert district.ship(district.newest(), item(expiry=str(day)))[0] == "lines_refused"
    day = district.value("SELECT today('Asia/Shanghai') + 30")
    assert district.ship(district.newest(), item(expiry=str(day)))[0] is None


@pytest.mark.parametrize("sscc", ["1", "006141411234567891", "00614141123456789x"])
def test_sscc(district, sscc):
    district.shelf()
    district.place()
    assert district.ship(district.newest(), item(), sscc=sscc)[0] == "invalid_member"


def test_status_allows(district):
    district.shelf()
    district.place()
    order = district.newest()
    assert district.ship(order)[0] == "missing_member"
    assert district.ship(order, item())[0] is None
    assert district.ship(order, item())[0] == "conflict"
    assert district.by_supplier("confirm_order", order, [{"line": 1, "quantity": 1}])[0] == "conflict"
    assert district.by_supplier("decline_order", order, "late")[0] == "conflict"
    district.receive(order, 20)
    district.be("clerk", pharmacy=PHARMACY)
    assert district.command("cancel_order", order, "late")[0] == "conflict"


# ---------------------------------------------------------------- cancel

@pytest.mark.parametrize("shipped, received, status, left", [
    (None, 0, "cancelled", 20),
    (20, 0, "cancelled", 20),
    (20, 5, "received", 15),
    (20, 12, "received", None),
])
def test_cancel(district, shipped, received, status, left):
    district.shelf()
    district.place()
    order = district.newest()
    if shipped:
        district.ship(order, item(quantity=shipped, trace_codes=[CODE.format(n) for n in range(shipped)]))
    if received:
        district.receive(order, received)
    district.be("clerk", pharmacy=PHARMACY)
    problem, _, body = district.command("cancel_order", order, "never came")
    assert problem is None and body["status"] == status and body["reason"] == "never came"
    again = [(FIRST, "open", 1, {str(PRODUCT): left})] if left else []
    assert district.orders()[1:] == again
    assert district.value("SELECT count(*) FROM shipment_line WHERE order_id = %s AND open", order) == 0
    if shipped and left:  # its packs may come with the next shipment
        codes = [CODE.format(n) for n in range(shipped - left, shipped)]
        assert district.ship(district.newest(), item(quantity=left, trace_codes=codes))[0] is None


def test_changes_are_audited(district):
    district.shelf()
    district.place()
    district.ship(district.newest(), item(quantity=1))
    district.by_supplier("confirm_order", district.newest(), [{"line": 1, "quantity": 1}])
    district.be("clerk", pharmacy=PHARMACY)
    district.command("cancel_order", district.newest(), "no")
    district.by_supplier("decline_order", district.newest(), "no")
    assert [a for a, in district.run("SELECT action FROM audit WHERE pharmacy_id = %s ORDER BY id", PHARMACY)] == [
        "order.ship", "order.confirm", "order.cancel", "order.decline"]


# ---------------------------------------------------------------- thresholds

def test_raising_a_minimum_orders(district):
    district.shelf(stock=15)
    district.be("manager", pharmacy=PHARMACY)
    assert district.command("put_threshold", None, PRODUCT, 14, 30, None)[0] is None
    assert district.orders() == []
    problem, _, body = district.command("put_threshold", PHARMACY, PRODUCT, 15, 30, "flu")
    assert problem is None and (body["minimum"], body["maximum"], body["source"]) == (15, 30, "manual")
    assert district.orders() == [(FIRST, "open", 1, {str(PRODUCT): 15})]
    detail = district.value("SELECT detail FROM audit WHERE pharmacy_id = %s ORDER BY id DESC LIMIT 1", PHARMACY)
    assert detail["old"]["minimum"] == 14 and detail["new"]["minimum"] == 15 and detail["reason"] == "flu"


def test_threshold_of_a_new_shelf_and_none(district):
    district.be("admin", pharmacy="*")
    assert district.command("put_threshold", PHARMACY, PRODUCT_B, 1, 4, None)[0] is None
    assert district.orders() == [(FIRST, "open", 1, {str(PRODUCT_B): 4})]
    assert district.command("put_threshold", PHARMACY, PRODUCT_B, None, None, None)[0] is None
    assert district.value("SELECT minimum IS NULL FROM shelf WHERE pharmacy_id = %s", PHARMACY)


@pytest.mark.parametrize("role, scope, args, problem", [
    ("manager", OTHER_PHARMACY, (PHARMACY, PRODUCT, 1, 2), "not_found"),
    ("clerk", PHARMACY, (PHARMACY, PRODUCT, 1, 2), "not_found"),
    ("supplier", "", (PHARMACY, PRODUCT, 1, 2), "not_found"),
    ("admin", "*", (None, PRODUCT, 1, 2), "missing_member"),
    ("admin", "*", (999999, PRODUCT, 1, 2), "not_found"),
    ("admin", "*", (PHARMACY, 999999, 1, 2), "not_found"),
    ("admin", "*", (PHARMACY, PRODUCT, 3, 2), "invalid_member"),
    ("admin", "*", (PHARMACY, PRODUCT, -1, 2), "invalid_member"),
    ("admin", "*", (PHARMACY, PRODUCT, None, 2), "invalid_member"),
    ("admin", "*", (PHARMACY, PRODUCT, 2, None), "invalid_member"),
])
def test_threshold_refused(district, role, scope, args, problem):
    district.shelf(stock=15)
    district.be(role, pharmacy=scope)
    assert district.command("put_threshold", *args, None)[0] == problem
    assert district.value("SELECT minimum FROM shelf WHERE pharmacy_id = %s", PHARMACY) == 10


# ---------------------------------------------------------------- sweep

@pytest.mark.parametrize("seed", range(5))
def test_sweep_finds_exactly_what_the_level_test_finds(district, seed):
    chance = random.Random(seed)
    district.run("UPDATE pharmacy SET dispensing_lock_days = %s WHERE id = %s", chance.choice([0, 3, 20]), PHARMACY)
    for n in range(60):
        product = 991000 + n
        district.run("INSERT INTO product (id, name, generic_name, strength, form, maker, approval_number, gtin, price) "
                     "VALUES (%s, 'x', 'x', 'x', 'x', 'x', 'x', %s, 1)", product, f"{95200000000000 + product}")
        if chance.random() < 0.9:
            district.run("INSERT INTO supplier_product VALUES (%s, %s, 1, 1)", product, FIRST)
        minimum = chance.choice([None, 5, 10])
        district.shelf(product, minimum=minimum, maximum=minimum and 20, demand=chance.choice([0, 0.5, 3]))
        for lot in range(chance.randrange(4)):
            district.lot(chance.randrange(1, 12), chance.choice([-1, 0, 2, 5, 6, 7, 8, 21, 300]), product, lot=f"L{n}-{lot}")
        if chance.random() < 0.1:
            district.run("INSERT INTO recall (product_id, lot, reason) VALUES (%s, %s, 'test')", product, f"L{n}-0")
    expected = {p for p, in district.run(
        "SELECT s.product_id FROM shelf_level s WHERE s.pharmacy_id = %s AND s.position <= s.minimum "
        "AND EXISTS (SELECT FROM supplier_product c WHERE c.product_id = s.product_id)", PHARMACY)}
    district.run("SELECT sweep_levels(3)")
    assert len(district.run("SELECT FROM order_line WHERE pharmacy_id = %s", PHARMACY)) <= 3
    while district.value("SELECT sweep_levels(100)") > 0:
        pass
    assert {p for p, in district.run("SELECT product_id FROM order_line WHERE pharmacy_id = %s", PHARMACY)} == expected
    assert expected


def test_sweep_after_midnight(district):
    district.shelf(stock=100, days=0)
    while district.value("SELECT sweep_levels(500)") > 0:
        pass
    assert len(district.orders()) == 1  # the lot's last day: nothing of it counts for the next


# ---------------------------------------------------------------- levels for the supplier, and rights

def test_supplier_stock(district):
    district.shelf(stock=30)
    district.shelf(PRODUCT_B, stock=2)
    district.shelf(PRODUCT_C, minimum=None, maximum=None)
    district.place(PRODUCT_B)
    rows = []
    for supplier in (FIRST, SECOND):
        district.be("supplier", supplier=supplier)
        rows.append(district.run("SELECT * FROM supplier_stock(0, 0, 1000)"))
    assert [r[1:2] + r[4:-1] for r in rows[0]] == [(PRODUCT, 30, 0, 30, 10, 20, True), (PRODUCT_B, 2, 18, 20, 10, 20, True)]
    assert [r[-2] for r in rows[1]] == [False, False]
    assert district.run("SELECT product_id FROM supplier_stock(%s, %s, 1)", PHARMACY, PRODUCT) == [(PRODUCT_B,)]
    district.be("manager", pharmacy=PHARMACY)
    assert district.run("SELECT * FROM supplier_stock(0, 0, 1000)") == []


@pytest.mark.parametrize("call", [
    "place_orders('{1}', '{1}')", "publish_orders('{1}', '{1}')", "close_received_orders('{1}', '{1}')",
    "lock_order(1)", "shipment_refusals(NULL, '[]')"])
def test_the_service_cannot_go_around_the_rules(district, call):
    district.run("SET LOCAL ROLE yaoku_app")
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        district.run(f"SELECT {call}")


def test_nobody_without_scope(district):
    district.shelf()
    district.place()
    order = district.newest()
    district.run("SET LOCAL ROLE yaoku_app")
    district.be("")
    assert district.command("cancel_order", order, "x")[0] == "not_found"
    assert district.command("ship_order", order, None, [item()])[0] == "not_found"
    assert json.dumps(district.run("SELECT orders FROM supplier_orders(NULL, 0, 100)")) == "[[[]]]"
