"""The reports reconcile with the ledger to the last pack and cent.

The expected figures come from GET /movements, page by page, and the lots' prices, by playing the ledger
forward day by day in Python: another method than the service's, which reckons back from the stock of now.
"""
import collections
import concurrent.futures
import datetime
import decimal
import time
import zoneinfo

import pytest

ZONE = zoneinfo.ZoneInfo("Asia/Shanghai")
PHARMACY = 7
ROUND = {"money": decimal.Decimal("0.01"), "rate": decimal.Decimal("0.0001"), "days": decimal.Decimal("0.1")}


def rounded(value, what="money"):
    return value.quantize(ROUND[what], decimal.ROUND_HALF_UP)


def pages(client, path, **query):
    query["limit"] = 1000
    while True:
        answer = client.get(path, params=query)
        assert answer.status_code == 200, answer.text
        yield from answer.json()["items"]
        if answer.json()["next"] is None:
            return
        query["cursor"] = answer.json()["next"]


def test_slow_reports_hold_up_nobody_else(service, admin, clerk):
    """The reports are made to wait for a table that other calls do not need, more of them than there are connections."""
    query = {"from": "2026-01-01", "to": "2026-01-31"}
    askers = [service.client() for _ in range(12)]
    for asker in askers:                        # of the admin's session: logging in is throttled
        asker.cookies.update(admin.cookies)
    with concurrent.futures.ThreadPoolExecutor(12) as pool, service.database().cursor() as cursor:
        cursor.execute("BEGIN; LOCK TABLE movement")
        try:
            slow = [pool.submit(asker.get, "/api/v1/reports/turnover", params=query) for asker in askers]
            time.sleep(0.5)
            for _ in range(8):
                begin = time.monotonic()
                assert clerk.get("/api/v1/products", params={"limit": 1}).status_code == 200
                assert time.monotonic() - begin < 1
        finally:
            cursor.execute("ROLLBACK")
        assert {answer.result().status_code for answer in slow} <= {200, 503}


class Ledger:
    """One pharmacy's movements, with what its lots cost."""

    def __init__(self, service, client):
        self.movements = list(pages(client, "/api/v1/movements", pharmacy_id=PHARMACY))
        with service.database() as connection, connection.cursor() as cursor:
            cursor.execute("SELECT product_id, lot, expiry, unit_price FROM lot WHERE pharmacy_id = %s", (PHARMACY,))
            self.price = {(p, lot, str(expiry)): price for p, lot, expiry, price in cursor.fetchall()}
            cursor.execute("SELECT dispensing_lock_days FROM pharmacy WHERE id = %s", (PHARMACY,))
            self.lock = datetime.timedelta(cursor.fetchone()[0])
            cursor.execute("SELECT product_id, supplier_id FROM supplier_product WHERE rank = 1")
            self.supplier = dict(cursor.fetchall())
        for m in self.movements:
            at = datetime.datetime.fromisoformat(m["at"].replace("Z", "+00:00"))
            m["day"] = at.astimezone(ZONE).date()
            m["lot_key"] = (m["product_id"], m["lot"], m["expiry"])
            m["locked_from"] = datetime.date.fromisoformat(m["expiry"]) - self.lock + datetime.timedelta(1)
            m["change"] = m["quantity"] + (m["quarantined"] or 0)
        self.last = max(m["day"] for m in self.movements)

    def group(self, m, group_by):
        return {"pharmacy": str(PHARMACY), "product": str(m["product_id"]), "month": m["day"].strftime("%Y-%m"),
                "supplier": str(self.supplier[m["product_id"]])}[group_by]

    def value(self, m, quantity):
        return quantity * self.price[m["lot_key"]]

    def of(self, group_by, key):
        return [m for m in self.movements if group_by == "month" or self.group(m, group_by) == key]


@pytest.fixture(scope="module")
def ledger(service):
    return Ledger(service, service.login("admin"))


def span(group_by, key, first, last):
    if group_by == "month":
        begin = datetime.date.fromisoformat(key + "-01")
        end = (begin + datetime.timedelta(32)).replace(day=1) - datetime.timedelta(1)
        return max(first, begin), min(last, end)
    return first, last


def ask(service, name, first, last, group_by):
    answer = service.login("admin").get(f"/api/v1/reports/{name}", params={
        "from": first.isoformat(), "to": last.isoformat(), "group_by": group_by, "pharmacy_id": PHARMACY})
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


@pytest.mark.parametrize("group_by", ["pharmacy", "product", "supplier", "month"])
def test_turnover(service, ledger, group_by):
    first, last = ledger.last - datetime.timedelta(70), ledger.last - datetime.timedelta(5)
    items = ask(service, "turnover", first, last, group_by)
    for item in items:
        begin, end = span(group_by, item["key"], first, last)
        movements = ledger.of(group_by, item["key"])
        done = [m for m in movements if m["kind"] == "dispense" and begin <= m["day"] <= end]
        sold = -sum(ledger.value(m, m["quantity"]) for m in done)
        by_day = collections.Counter()
        for m in movements:
            by_day[max(m["day"], begin)] += ledger.value(m, m["change"])
        level, total, days = decimal.Decimal(0), decimal.Decimal(0), (end - begin).days + 1
        for n in range(days):
            level += by_day[begin + datetime.timedelta(n)]
            total += level
        assert item["dispensed_quantity"] == -sum(m["quantity"] for m in done)
        assert decimal.Decimal(item["dispensed_value"]) == sold
        assert decimal.Decimal(item["mean_inventory_value"]) == rounded(total / days)
        if total and sold:
            assert decimal.Decimal(item["turnover"]) == rounded(sold * 365 / total)
            assert decimal.Decimal(item["days_of_stock"]) == rounded(total / sold, "days")
    sold = [m for m in ledger.movements if m["kind"] == "dispense" and first <= m["day"] <= last]
    assert sum(i["dispensed_quantity"] for i in items) == -sum(m["quantity"] for m in sold)


@pytest.mark.parametrize("group_by", ["pharmacy", "product", "supplier", "month"])
def test_expiry_loss(service, ledger, group_by):
    first, last = ledger.last - datetime.timedelta(70), ledger.last - datetime.timedelta(5)
    items = ask(service, "expiry-loss", first, last, group_by)
    for item in items:
        begin, end = span(group_by, item["key"], first, last)
        movements = ledger.of(group_by, item["key"])
        within = [m for m in movements if begin <= m["day"] <= end]
        gone = [m for m in within if m["kind"] == "write_off"]
        lost = [m for m in gone if m["day"] >= m["locked_from"]]
        bought = sum(ledger.value(m, m["quantity"]) for m in within if m["kind"] == "receive")
        value = -sum(ledger.value(m, m["change"]) for m in lost)
        left = [m for m in movements if m["day"] <= end and m["locked_from"] <= end + datetime.timedelta(1)]
        assert item["written_off_quantity"] == -sum(m["change"] for m in lost)
        assert item["written_off_quantity"] + item["other_write_off_quantity"] == -sum(m["change"] for m in gone)
        assert decimal.Decimal(item["written_off_value"]) == value
        assert decimal.Decimal(item["purchased_value"]) == bought
        assert item["expired_on_shelf_quantity"] == sum(m["change"] for m in left)
        assert decimal.Decimal(item["expired_on_shelf_value"]) == sum(ledger.value(m, m["change"]) for m in left)
        if bought:
            assert decimal.Decimal(item["write_off_rate"]) == rounded(value / bought, "rate")


def test_csv(service):
    answer = service.login("admin").get("/api/v1/reports/turnover", params={
        "from": "2026-01-01", "to": "2026-01-31", "format": "csv"})
    assert answer.status_code == 200 and answer.content.startswith(b"\xef\xbb\xbfkey,label,")


def test_scope(service):
    """A manager reports on the own pharmacy only."""
    manager = service.login("manager")
    day = datetime.date.today()
    query = {"from": str(day - datetime.timedelta(30)), "to": str(day), "group_by": "pharmacy"}
    assert {i["key"] for i in manager.get("/api/v1/reports/turnover", params=query).json()["items"]} <= {"1"}
    assert manager.get("/api/v1/reports/turnover", params=query | {"pharmacy_id": 2}).status_code == 403
    assert service.login("clerk").get("/api/v1/reports/turnover", params=query).status_code == 403
