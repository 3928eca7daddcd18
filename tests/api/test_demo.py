"""The demo district is what contract.md says, and the same for the same date."""
import hashlib
import re
import time

import pytest

DATE = "2026-03-15"
TABLES = ["pharmacy", "supplier", "product", "product_code", "supplier_product", "account", "shelf", "lot", "movement",
          "pack", "purchase_order", "order_line", "shipment_line"]


@pytest.fixture(scope="module")
def database(service):
    with service.database() as connection, connection.cursor() as cursor:
        yield cursor


def one(cursor, sql, *args):
    cursor.execute(sql, args or None)
    return cursor.fetchone()[0]


def content_hash(service):
    """Of every row of every demo table."""
    total = hashlib.sha256()
    with service.database() as connection, connection.cursor() as cursor:
        cursor.execute("SET TimeZone = 'UTC'")
        for table in TABLES:
            cursor.execute(f"SELECT sha256(convert_to(string_agg(t::text, chr(10) ORDER BY t::text COLLATE \"C\"), 'UTF8')) "
                           f"FROM {table} t")
            total.update(table.encode() + bytes(cursor.fetchone()[0]))
    return total.hexdigest()


def check_digit(digits):
    return str(-sum(int(d) * (3 if i % 2 == 0 else 1) for i, d in enumerate(reversed(digits))) % 10)


def test_counts(database):
    database.execute("SELECT kind, count(*)::int FROM pharmacy WHERE id < 1000 GROUP BY kind")
    assert dict(database.fetchall()) == {"community": 29, "hospital": 2, "retail": 100}
    assert one(database, "SELECT count(*) FROM product WHERE id < 1000") >= 400
    assert one(database, "SELECT count(*) FROM supplier WHERE id < 1000") == 12
    assert one(database, "SELECT count(*) FROM movement") >= 300_000
    assert one(database, "SELECT count(*) FROM pack WHERE state = 'in_stock'") >= 1_000
    assert one(database, "SELECT count(DISTINCT (at AT TIME ZONE 'Asia/Shanghai')::date) FROM movement, district "
                         "WHERE at < demo_date::timestamp AT TIME ZONE 'Asia/Shanghai'") == 90


def test_codes(database):
    database.execute("SELECT gtin, trace_prefix, approval_number FROM product WHERE id < 1000")
    for gtin, prefix, approval in database.fetchall():
        assert gtin.startswith("0952") and gtin[-1] == check_digit(gtin[:-1])
        assert re.fullmatch(r"8\d{6}", prefix)
        assert re.fullmatch(r"国药准字[HZS]2099\d{4}", approval)
    database.execute("SELECT c.code, c.units, p.units_per_order_unit FROM product_code c JOIN product p ON p.id = c.product_id "
                     "WHERE p.id < 1000 AND length(c.code) = 14 AND c.code LIKE '1%'")
    cases = database.fetchall()
    assert len(cases) >= 100
    for code, units, wanted in cases:
        assert code[-1] == check_digit(code[:-1]) and units == wanted > 1


def test_made_up(database):
    assert one(database, "SELECT count(*) FROM product WHERE id < 1000 AND maker NOT LIKE '%示例%'") == 0
    assert one(database, "SELECT count(*) FROM pharmacy WHERE id < 1000 AND name_en NOT LIKE '%demo%'") == 0
    assert one(database, "SELECT count(*) FROM supplier WHERE id < 1000 AND name NOT LIKE '%示例%'") == 0


@pytest.mark.parametrize("name, role", [("clerk", "clerk"), ("manager", "manager"), ("supplier", "supplier"), ("admin", "admin")])
def test_logins(service, name, role):
    assert service.login(name).user["role"] == role


def fresh(make_service):
    service = make_service("--demo", "--demo-date", DATE)
    service.start()
    return service


def test_fresh_district(make_service):
    """Of an untouched district: determinism, time, conservation, levels, the supplier's products."""
    began = time.monotonic()
    service = fresh(make_service)
    assert time.monotonic() - began < 60
    first = content_hash(service)
    with service.database() as connection, connection.cursor() as cursor:
        assert one(cursor, "SELECT demo_date::text FROM district") == DATE
        assert one(cursor, "SELECT count(*) FROM (SELECT at, lag(at) OVER (ORDER BY id) AS before FROM movement) m "
                           "WHERE before > at") == 0
        assert one(cursor, "SELECT count(*) FROM (SELECT sum(quantity) OVER (PARTITION BY lot_id ORDER BY id) AS level "
                           "FROM movement) m WHERE level < 0") == 0
        assert one(cursor, "SELECT max(at) FROM movement") is not None
        cursor.execute("SELECT rule, first_bad FROM verify_ledger() WHERE first_bad IS NOT NULL")
        assert cursor.fetchall() == []
    service.stop()
    assert content_hash_of_another(make_service) == first


def content_hash_of_another(make_service):
    service = fresh(make_service)
    try:
        return content_hash(service)
    finally:
        service.stop()


def test_levels_today(make_service):
    """With today as the start: nothing at or below its minimum, nothing on order, 30 products for the supplier."""
    service = make_service("--demo")
    service.start()
    with service.database() as connection, connection.cursor() as cursor:
        assert one(cursor, "SELECT count(*) FROM shelf_level WHERE position <= minimum") == 0
        assert one(cursor, "SELECT count(*) FROM purchase_order WHERE status IN ('open', 'confirmed', 'shipped')") == 0
        assert one(cursor, "SELECT count(*) FROM purchase_order WHERE status = 'received'") > 0
        assert one(cursor, """
            SELECT count(*) FROM account c
            JOIN shelf_level s ON s.pharmacy_id = c.pharmacy_id AND s.position > s.minimum AND s.on_order = 0
            JOIN supplier_product sp ON sp.product_id = s.product_id AND sp.rank = 1
            JOIN account a ON a.login = 'supplier' AND a.supplier_id = sp.supplier_id
            WHERE c.login = 'clerk'""") >= 30
    service.stop()
