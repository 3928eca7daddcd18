"""Learned codes from outside: taught by binding a held scan, known in the pharmacy at once, in the district by agreement
or approval, revoked with the scans they touched. Each test has codes and a product of its own, in pharmacies that no
other test scans in.
"""
import concurrent.futures
import itertools
import pathlib
import uuid

import psycopg2
import pytest

MIGRATIONS = sorted((pathlib.Path(__file__).resolve().parents[2] / "schema/migration").glob("*.sql"))
PLACES = (111, 112, 113, 114, 115)
PASSWORD = "eleven green umbrellas"
FAR = "2031-05-31"
numbers = itertools.count(800001)


def check_digit(digits):
    return str(-sum(int(d) * (3, 1)[n % 2] for n, d in enumerate(reversed(digits))) % 10)


class Place:
    """A pharmacy with a clerk and a manager."""

    def __init__(self, world, number):
        self.id, self.world = number, world
        self.clerk, self.manager = (self.person(role) for role in ("clerk", "manager"))

    def person(self, role):
        name = f"codes-{role}-{uuid.uuid4().hex[:8]}"
        answer = self.world.admin.post("/api/v1/users", json={
            "username": name, "name": name, "role": role, "password": PASSWORD, "pharmacy_id": self.id})
        assert answer.status_code == 200, answer.text
        return self.world.service.login(name, PASSWORD)

    def scan(self, code, movement="receive", **more):
        body = {"id": str(uuid.uuid4()), "movement": movement, "code": code, **more}
        answer = self.clerk.post("/api/v1/scans", json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()["results"][0]

    def receive(self, code, lot="A", expiry=FAR, **more):
        return self.scan(code, lot=lot, expiry=expiry, **more)

    def bind(self, scan_id, product, who=None, **more):
        return (who or self.clerk).post(f"/api/v1/scans/{scan_id}/bind", json={"product_id": product, **more})

    def teach(self, code, product, **more):
        """Bind a scan of the code, which is held here, and remember it; the scan's answer."""
        held = self.receive(code)
        assert (held["outcome"], held["problem"]["code"]) == ("held", "unknown_code"), held
        answer = self.bind(held["id"], product, remember=True, **more)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def knows(self, code):
        """The product that the code means here, or None; every pack received is the test's own."""
        result = self.receive(code)
        assert result["outcome"] == "posted" or result["problem"]["code"] == "unknown_code", result
        return result["product"] and result["product"]["id"]

    def codes(self, code, who=None, **query):
        return self.world.codes(who or self.clerk, code, **query)

    def own(self, code):
        """The binding of this pharmacy that counts."""
        [item] = [c for c in self.codes(code) if c["pharmacy_id"] == self.id and c["state"] != "revoked"]
        return item


class World:
    def __init__(self, service):
        self.service = service
        self.admin = service.login("admin")
        self.cursor = service.database().cursor()
        self.places = [Place(self, number) for number in PLACES]

    def sql(self, query, *values):
        self.cursor.execute(query, values or None)
        return self.cursor.fetchall() if self.cursor.description else []

    def product(self):
        number = next(numbers)
        digits = f"0952{number:09d}"
        gtin = digits + check_digit(digits)
        self.sql("INSERT INTO product (id, name, generic_name, strength, form, maker, approval_number, gtin, trace_prefix,"
                 " price) VALUES (%s, %s, '试药', '1 g', '片', '试厂', 'X', %s, %s, 10)",
                 number, f"试药 {number}", gtin, f"8{number}")
        self.sql("INSERT INTO product_code (code, product_id) VALUES (%s, %s), (%s, %s)", gtin, number, f"8{number}", number)
        return number

    @staticmethod
    def codes(who, code, **query):
        answer = who.get("/api/v1/codes", params={"search": code, "limit": 1000, **query})
        assert answer.status_code == 200, answer.text
        return answer.json()["items"]

    def district(self, code):
        """The district's binding that counts, or None."""
        items = [c for c in self.codes(self.admin, code) if c["pharmacy_id"] is None and c["state"] != "revoked"]
        return items[0] if items else None

    def audit(self, action, code):
        return self.sql("SELECT account_id, pharmacy_id, detail FROM audit WHERE action = %s AND detail->>'code' = %s ORDER BY id",
                        action, code)


def approve(who, code_id):
    return who.post(f"/api/v1/codes/{code_id}/approve", json={})


def revoke(who, code_id, reason="wrong"):
    return who.post(f"/api/v1/codes/{code_id}/revoke", json={"reason": reason})


def touched(who, code_id, **query):
    answer = who.get(f"/api/v1/codes/{code_id}/scans", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def unique():
    return f"Codes {uuid.uuid4().hex[:10]}"


@pytest.fixture(scope="module")
def world(service):
    return World(service)


@pytest.fixture
def product(world):
    return world.product()


@pytest.fixture
def places(world):
    return world.places


# ---------------------------------------------------------------- where a code is known

def test_learned_here_is_unknown_there(places, product):
    code = unique()
    places[0].teach(code, product)
    assert places[0].knows(code) == product
    assert places[1].knows(code) is None
    assert places[1].codes(code) == []


def test_the_third_pharmacy_makes_it_known_in_a_fourth(world, places, product):
    code = unique()
    for place in places[:2]:
        place.teach(code, product)
    assert world.district(code) is None and places[3].knows(code) is None
    places[2].teach(code, product)
    assert places[3].knows(code) == product
    district = world.district(code)
    assert (district["state"], district["account"], district["agree"], district["differ"]) == ("district", None, 3, 0)
    assert [(pharmacy, detail["product_id"]) for _, pharmacy, detail in world.audit("code.promote", code)] == [(None, product)]


def test_one_of_another_mind_keeps_it_out_of_the_district(world, places, product):
    code, other = unique(), world.product()
    places[3].teach(code, other)
    for place in places[:3]:
        place.teach(code, product)
    assert world.district(code) is None and places[4].knows(code) is None
    assert places[3].own(code)["state"] == places[0].own(code)["state"] == "conflict"
    # With the dissenter gone the others agree.
    assert revoke(places[3].manager, places[3].own(code)["id"]).status_code == 200
    assert places[4].knows(code) == product


def test_other_units_are_another_mind(world, places, product):
    code = unique()
    for place, units in zip(places, (1, 1, 10)):
        place.teach(code, product, units=units)
    assert world.district(code) is None
    assert {c["state"] for c in world.codes(world.admin, code)} == {"conflict"}


def test_the_own_binding_goes_before_the_district_s(world, places, product):
    code, other = unique(), world.product()
    held = places[3].receive(code)
    for place in places[:3]:
        place.teach(code, product)
    assert places[3].bind(held["id"], other, remember=True).status_code == 200
    assert (places[3].knows(code), places[4].knows(code)) == (other, product)
    assert world.district(code)["state"] == places[3].own(code)["state"] == "conflict"
    assert world.district(code)["differ"] == 1


def test_approval_makes_it_known_in_the_district(world, places, product):
    code = unique()
    places[0].teach(code, product)
    waiting = places[0].own(code)
    assert (waiting["state"], waiting["agree"]) == ("waiting", 1)
    answers = [approve(world.admin, waiting["id"]) for _ in range(2)]
    assert [a.status_code for a in answers] == [200, 200] and answers[0].json() == answers[1].json()
    assert places[1].knows(code) == product
    assert places[0].own(code)["state"] == "district"
    assert len(world.audit("code.approve", code)) == 1 and world.district(code)["account"] is not None


def test_only_an_administrator_approves(places, product):
    code = unique()
    places[0].teach(code, product)
    for who in (places[0].clerk, places[0].manager):
        answer = approve(who, places[0].own(code)["id"])
        assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
    assert places[1].knows(code) is None


def test_what_cannot_be_approved(world, places, product):
    code, other = unique(), world.product()
    places[0].teach(code, product)
    places[1].teach(code, other)
    first, second = places[0].own(code)["id"], places[1].own(code)["id"]
    approve(world.admin, first)
    assert approve(world.admin, second).json()["code"] == "code_conflict"
    revoke(world.admin, second)
    assert approve(world.admin, second).json()["code"] == "revoked"
    assert approve(world.admin, world.district(code)["id"]).status_code == 404
    assert approve(world.admin, 2**60).status_code == 404


def test_a_code_that_got_into_the_master_data(world, places, product):
    """The master data win over what was learned, and nothing goes into the district any more."""
    code, other = unique(), world.product()
    places[0].teach(code, other)
    bound = places[0].own(code)["id"]
    world.sql("INSERT INTO product_code (code, product_id) VALUES (%s, %s)", code, product)
    assert places[0].knows(code) == places[1].knows(code) == product
    assert approve(world.admin, bound).json()["code"] == "master_code"


# ---------------------------------------------------------------- revocation

def test_revoked_is_unknown_and_the_touched_scans_are_listed(places, product):
    code = unique()
    scans = [places[0].teach(code, product)["id"]] + [places[0].receive(code)["id"] for _ in range(2)]
    gone = places[0].receive(code)
    undone = places[0].clerk.post(f"/api/v1/movements/{gone['movement_id']}/reverse",
                                  json={"id": str(uuid.uuid4()), "reason": "test"})
    assert undone.status_code == 200
    bound = places[0].own(code)
    assert bound["used"] == 4
    answer = revoke(places[0].manager, bound["id"], "another medicine")
    assert (answer.status_code, answer.json()["scans"]) == (200, 4)
    assert places[0].knows(code) is None

    items = touched(places[0].manager, bound["id"])["items"]
    assert [(i["scan_id"], i["reversed"]) for i in items] == [(gone["id"], True)] + [(s, False) for s in reversed(scans)]
    assert {(i["product_id"], i["lot"], i["quantity"], i["movement"], i["pharmacy_id"]) for i in items} == {
        (product, "A", 1, "receive", places[0].id)}
    first = touched(places[0].manager, bound["id"], limit=3)
    assert first["items"] + touched(places[0].manager, bound["id"], cursor=first["next"])["items"] == items
    [item] = places[0].codes(code)
    assert (item["state"], item["reason"], item["used"]) == ("revoked", "another medicine", 4)
    assert item["revoked_by"] and item["revoked_at"]
    assert places[0].teach(code, product)["product"]["id"] == product    # and can be learned anew


def test_scans_by_master_data_are_not_touched(world, places, product):
    [(gtin,)] = world.sql("SELECT gtin FROM product WHERE id = %s", product)
    places[0].receive(gtin)
    assert world.sql("SELECT count(*) FROM scan s JOIN movement m ON m.id = s.movement_id AND m.pharmacy_id = s.pharmacy_id"
                     " WHERE m.product_id = %s AND s.code_id IS NOT NULL", product) == [(0,)]


def test_replay_does_not_tell_of_the_binding(places, product):
    code = unique()
    places[0].teach(code, product)
    body = {"id": str(uuid.uuid4()), "movement": "receive", "code": code, "lot": "A", "expiry": FAR}
    first, again = (places[0].clerk.post("/api/v1/scans", json=body).json()["results"][0] for _ in range(2))
    assert again == {**first, "outcome": "replayed"} and first["warnings"] == []
    revoke(places[0].manager, places[0].own(code)["id"])
    assert places[0].clerk.post("/api/v1/scans", json=body).json()["results"][0] == again


def test_revoking_twice_is_the_same_answer(world, places, product):
    code = unique()
    places[0].teach(code, product)
    bound = places[0].own(code)["id"]
    first, again = revoke(places[0].manager, bound, "first"), revoke(world.admin, bound, "second")
    assert first.json() == again.json() and first.json()["reason"] == "first"
    assert [d["reason"] for _, _, d in world.audit("code.revoke", code)] == ["first"]


def test_a_pharmacy_s_revocation_is_not_undone_by_the_district(world, places, product):
    """Unknown here, though the district knows it; until it is bound here or approved anew."""
    code = unique()
    for place in places[:3]:
        place.teach(code, product)
    revoke(places[0].manager, places[0].own(code)["id"])
    assert [place.knows(code) for place in places[:4]] == [None, product, product, product]
    revoke(world.admin, world.district(code)["id"])
    assert approve(world.admin, places[1].own(code)["id"]).status_code == 200
    assert places[0].knows(code) == product


def test_the_district_s_revoked(world, places, product):
    """Who has bound it still knows it; and the old agreement does not bring it back."""
    code = unique()
    for place in places[:3]:
        place.teach(code, product)
    assert places[3].knows(code) == product
    district = world.district(code)
    answer = revoke(places[3].manager, district["id"])
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
    assert revoke(world.admin, district["id"]).json()["scans"] == district["used"] == 1
    assert [i["pharmacy_id"] for i in touched(world.admin, district["id"])["items"]] == [places[3].id]
    assert [place.knows(code) for place in places] == [product] * 3 + [None] * 2
    places[3].teach(code, product)
    assert world.district(code) is None and places[4].knows(code) is None


def test_bound_to_another_product_ends_the_binding_before(world, places, product):
    code, other = unique(), world.product()
    held = places[0].receive(code)
    places[0].teach(code, product)
    before = places[0].own(code)
    assert places[0].bind(held["id"], other, remember=True).status_code == 200
    after = places[0].own(code)
    assert (after["product_id"], places[0].knows(code)) == (other, other)
    [ended] = [c for c in places[0].codes(code) if c["id"] == before["id"]]
    assert (ended["state"], ended["replaced_by"], ended["used"]) == ("revoked", after["id"], 1)


# ---------------------------------------------------------------- lot and units

def test_a_code_stands_for_its_lot(places, product):
    code = unique()
    places[0].teach(code, product, lot="L7", expiry=FAR, remember_lot=True)
    result = places[0].scan(code)
    assert (result["outcome"], result["lot"], result["expiry"]) == ("posted", "L7", FAR)
    result = places[0].scan(code, "dispense")
    assert (result["outcome"], result["lot"], result["warnings"]) == ("posted", "L7", [])
    assert (places[0].own(code)["lot"], places[0].own(code)["expiry"]) == ("L7", FAR)


@pytest.mark.parametrize("said", [{"lot": "L8"}, {"expiry": "2032-01-31"}, {"lot": "L7", "expiry": "2032-01-31"}])
def test_another_lot_than_learned_is_held(places, product, said):
    code = unique()
    places[0].teach(code, product, lot="L7", expiry=FAR, remember_lot=True)
    result = places[0].scan(code, **said)
    assert (result["outcome"], result["problem"]["code"]) == ("held", "needs_review")
    assert "L7" in result["problem"]["detail"]
    # The person says what it is; the code's own lot is no excuse to blank or to mix it.
    answer = places[0].bind(result["id"], product, lot="L9", expiry=FAR)
    assert (answer.status_code, answer.json()["lot"]) == (200, "L9")
    assert places[0].scan(code)["lot"] == "L7"


def test_what_is_not_said_later_blanks_nothing(world, places, product):
    code = unique()
    held = [places[0].receive(code, lot="L7", expiry=FAR)["id"] for _ in range(3)]
    places[0].bind(held[0], product, remember=True, remember_lot=True, units=5)
    bound = places[0].own(code)
    for scan_id in held[1:]:
        assert places[0].bind(scan_id, product, remember=True).json()["quantity"] == 5
    places[0].scan(code)
    places[0].scan(code, lot="L7")
    places[0].scan(code, "dispense", expiry=FAR)
    assert places[0].own(code) == {**bound, "used": 6}
    assert (bound["lot"], bound["expiry"], bound["units"]) == ("L7", FAR, 5)


def test_units_said_anew_keep_the_lot(places, product):
    code = unique()
    held = places[0].receive(code, lot="L7", expiry=FAR)["id"]
    places[0].teach(code, product, lot="L7", expiry=FAR, remember_lot=True)
    places[0].bind(held, product, remember=True, units=3)
    assert (places[0].own(code)["lot"], places[0].own(code)["expiry"], places[0].own(code)["units"]) == ("L7", FAR, 3)


def test_a_lot_is_added_to_a_binding(places, product):
    code = unique()
    held = places[0].receive(code, lot="L7", expiry=FAR)["id"]
    places[0].teach(code, product)
    bound = places[0].own(code)
    assert bound["lot"] is None
    places[0].bind(held, product, remember=True, remember_lot=True)
    assert places[0].own(code) == {**bound, "lot": "L7", "expiry": FAR, "used": 2}


def test_the_ledger_s_expiry_is_learned_with_the_lot(places, product):
    code, other = unique(), unique()
    places[0].teach(other, product, lot="L7")
    held = places[0].scan(code, "dispense")
    answer = places[0].bind(held["id"], product, remember=True, remember_lot=True, lot="L7")
    assert answer.status_code == 200, answer.text
    assert (places[0].own(code)["lot"], places[0].own(code)["expiry"]) == ("L7", FAR)


def test_the_district_learns_the_lot_that_all_name(world, places, product):
    one, mixed = unique(), unique()
    for place, lot in zip(places, ("L7", "L7", "L7")):
        place.teach(one, product, lot=lot, remember_lot=True)
    for place, lot in zip(places, ("L7", "L7", "L8")):
        place.teach(mixed, product, lot=lot, remember_lot=True)
    assert (world.district(one)["lot"], world.district(one)["expiry"]) == ("L7", FAR)
    assert (world.district(mixed)["lot"], world.district(mixed)["expiry"]) == (None, None)
    assert places[3].scan(one)["lot"] == "L7"


def test_units_of_a_learned_code(places, product):
    code = unique()
    assert places[0].teach(code, product, units=12)["quantity"] == 12
    assert places[0].receive(code, quantity=2)["quantity"] == 24


def test_units_for_one_scan_alone(places, product):
    code = unique()
    held = places[0].receive(code, quantity=2)
    assert places[0].bind(held["id"], product, units=12).json()["quantity"] == 24
    assert places[0].knows(code) is None


def test_a_held_case_is_bound_as_a_case(world, places, product):
    """The master data say how many base units a case code holds, also when a person completes the scan."""
    digits = f"1952{product:09d}"
    case = digits + check_digit(digits)
    world.sql("INSERT INTO product_code (code, product_id, units) VALUES (%s, %s, 10)", case, product)
    held = places[0].scan(case)
    assert held["problem"]["code"] == "lot_required"
    assert places[0].bind(held["id"], product, lot="A", expiry=FAR).json()["quantity"] == 10


# ---------------------------------------------------------------- what cannot be learned

def test_master_data_cannot_be_overridden(world, places, product):
    other = world.product()
    [(gtin, prefix)] = world.sql("SELECT gtin, trace_prefix FROM product WHERE id = %s", product)
    for code in (gtin, f"01{gtin}", f"{prefix}{uuid.uuid4().int % 10**13:013d}"):
        held = places[0].scan(code)
        assert held["problem"]["code"] == "lot_required"
        for body in ({"remember": True, "product_id": other}, {"units": 5, "product_id": product}):
            answer = places[0].bind(held["id"], **{"product": body.pop("product_id")}, lot="A", expiry=FAR, **body)
            assert (answer.status_code, answer.json()["code"]) == (409, "master_code"), answer.text
        answer = places[0].bind(held["id"], product, lot="A", expiry=FAR, remember=True)
        assert answer.status_code == 200
    assert world.sql("SELECT count(*) FROM pharmacy_code WHERE product_id IN (%s, %s)", product, other) == [(0,)]


def test_what_names_every_box_names_no_lot(places, product):
    gtin = f"095299{uuid.uuid4().int % 10**7:07d}"
    gtin += check_digit(gtin)
    for code in (gtin, f"8{uuid.uuid4().int % 10**19:019d}"):
        held = places[0].receive(code)
        assert held["problem"]["code"] == "unknown_code", held
        answer = places[0].bind(held["id"], product, remember=True, remember_lot=True)
        assert (answer.status_code, answer.json()["code"]) == (409, "not_a_lot"), answer.text
        assert places[0].bind(held["id"], product, remember=True).status_code == 200


def test_a_code_without_a_key_is_not_learned(world, places, product):
    """No product key in it: what it is looked up by is NULL."""
    held = places[0].receive(f"]d217{FAR[2:4]}053110{uuid.uuid4().hex[:8]}")
    assert held["outcome"] == "held"
    world.sql("UPDATE scan SET request = request - 'lookup' WHERE id = %s", held["id"])
    answer = places[0].bind(held["id"], product, remember=True)
    assert (answer.status_code, answer.json()["code"]) == (409, "not_learnable")
    assert places[0].bind(held["id"], product, remember=False).status_code == 200


@pytest.mark.parametrize("body, named", [
    ({"remember_lot": True, "lot": "A"}, "remember_lot"), ({"units": 0}, "units"), ({"units": 10001}, "units"),
    ({"remember": "yes"}, "remember")])
def test_members_that_are_refused(places, product, body, named):
    held = places[0].receive(unique())
    answer = places[0].bind(held["id"], product, **body)
    assert answer.status_code == 400 and named in answer.json()["detail"], answer.text


def test_a_lot_that_nobody_named_is_not_learned(places, product):
    places[0].teach(unique(), product)
    held = places[0].scan(unique(), "dispense")
    answer = places[0].bind(held["id"], product, remember=True, remember_lot=True)
    assert (answer.status_code, answer.json()["code"]) == (400, "missing_member")


# ---------------------------------------------------------------- who sees what

def test_another_pharmacy_s_bindings_are_a_number(world, places, product):
    code = unique()
    places[0].teach(code, product)
    places[1].teach(code, product)
    theirs = places[1].own(code)
    for who in (places[0].clerk, places[0].manager):
        [item] = places[0].codes(code, who)
        assert (item["pharmacy_id"], item["agree"], item["differ"]) == (places[0].id, 2, 0)
        assert touched(who, theirs["id"]) == {"items": [], "next": None}
        assert who.get("/api/v1/codes", params={"pharmacy_id": places[1].id}).json()["code"] == "wrong_pharmacy"
    assert revoke(places[0].manager, theirs["id"]).status_code == 404
    assert revoke(places[0].clerk, places[0].own(code)["id"]).status_code == 403
    approve(world.admin, theirs["id"])
    assert {c["pharmacy_id"] for c in places[0].codes(code)} == {places[0].id, None}
    assert {c["pharmacy_id"] for c in world.codes(world.admin, code)} == {places[0].id, places[1].id, None}


def test_lists_are_filtered_and_paged(world, places, product):
    codes = [unique() for _ in range(4)]
    for code in codes:
        places[0].teach(code, product)
    approve(world.admin, places[0].own(codes[0])["id"])
    revoke(places[0].manager, places[0].own(codes[1])["id"])
    name = f"试药 {product}"
    states = {state: {c["code"] for c in places[0].codes(name, state=state)}
              for state in ("waiting", "district", "conflict", "revoked")}
    assert states == {"waiting": set(codes[2:]), "district": {codes[0]}, "conflict": set(), "revoked": {codes[1]}}
    everything = places[0].codes(name)
    first = places[0].clerk.get("/api/v1/codes", params={"search": name, "limit": 2}).json()
    rest = places[0].clerk.get("/api/v1/codes", params={"search": name, "limit": 10, "cursor": first["next"]}).json()
    assert first["items"] + rest["items"] == everything and len(everything) == 5


def test_audit_says_who_taught_it(world, places, product):
    code = unique()
    places[0].teach(code, product, lot="L7", remember_lot=True, units=2)
    [(account, pharmacy, detail)] = world.audit("scan.bind", code)
    assert account and pharmacy == places[0].id
    assert (detail["remember"], detail["remember_lot"], detail["units"], detail["binding"]) == (
        True, True, 2, places[0].own(code)["id"])


# ---------------------------------------------------------------- at the same moment

def at_once(*calls):
    with concurrent.futures.ThreadPoolExecutor(len(calls)) as pool:
        return [f.result() for f in [pool.submit(call) for call in calls]]


def test_three_pharmacies_at_once(world, places, product):
    for _ in range(5):
        code = unique()
        held = [place.receive(code)["id"] for place in places[:3]]
        answers = at_once(*[lambda p=p, h=h: p.bind(h, product, remember=True) for p, h in zip(places, held)])
        assert [a.status_code for a in answers] == [200] * 3
        assert world.sql("SELECT count(*) FROM district_code WHERE code = %s", code) == [(1,)]


def test_approved_and_revoked_at_once(world, places, product):
    for _ in range(5):
        code = unique()
        places[0].teach(code, product)
        bound = places[0].own(code)["id"]
        approved, revoked = at_once(lambda b=bound: approve(world.admin, b), lambda b=bound: revoke(places[0].manager, b))
        assert revoked.status_code == 200
        if approved.status_code == 200:
            assert world.district(code)["product_id"] == product
        else:
            assert approved.json()["code"] == "revoked" and world.district(code) is None
        assert places[0].knows(code) is None


def test_bound_twice_at_once_in_one_pharmacy(world, places, product):
    other = world.product()
    for _ in range(5):
        code = unique()
        held = [places[0].receive(code)["id"] for _ in range(2)]
        answers = at_once(*[lambda h=h, p=p: places[0].bind(h, p, remember=True) for h, p in zip(held, (product, other))])
        assert [a.status_code for a in answers] == [200] * 2
        assert world.sql("SELECT count(*) FROM pharmacy_code WHERE code = %s AND revoked_at IS NULL", code) == [(1,)]


# ---------------------------------------------------------------- from the tables before

@pytest.fixture
def empty_database(service):
    """A connection to a database of its own in the service's cluster, without tables."""
    connection = service.database()
    connection.cursor().execute("CREATE DATABASE before_learning")
    fresh = psycopg2.connect(host=service.socket_directory(), dbname="before_learning", user="postgres")
    yield fresh
    fresh.close()
    connection.cursor().execute("DROP DATABASE before_learning")
    connection.close()


def test_what_was_bound_before_stays_bound(empty_database):
    connection = empty_database
    cursor = connection.cursor()

    def migrate(files):
        for file in files:
            cursor.execute(file.read_text(encoding="utf-8"))
            connection.commit()

    learning = next(n for n, file in enumerate(MIGRATIONS) if file.stem.endswith("learned_codes"))
    migrate(MIGRATIONS[:learning])
    cursor.execute("""INSERT INTO yaoku.pharmacy_code (pharmacy_id, code, product_id, units, account_id, at)
        VALUES (1, 'a', 5, 3, 7, '2026-01-02'), (1, 'b', 6, 1, 7, '2026-01-03'), (2, 'a', 5, 3, 8, '2026-01-04')""")
    migrate(MIGRATIONS[learning:])
    cursor.execute("""SELECT pharmacy_id, code, product_id, units, account_id, at::date::text, lot, revoked_at
        FROM yaoku.pharmacy_code ORDER BY 1, 2""")
    assert cursor.fetchall() == [(1, "a", 5, 3, 7, "2026-01-02", None, None), (1, "b", 6, 1, 7, "2026-01-03", None, None),
                                 (2, "a", 5, 3, 8, "2026-01-04", None, None)]
    cursor.execute("SELECT count(DISTINCT id) FROM yaoku.pharmacy_code")
    assert cursor.fetchone() == (3,)
    cursor.execute("SELECT count(*) FROM yaoku.district_code")
    assert cursor.fetchone() == (0,)
