"""Tampering with the ledger is found, and the first bad row is named.

Each case changes something behind the service's back, inside a transaction that is taken back.
"""
import hashlib
import json
import subprocess

import pytest

from conftest import YAOKU

AN_OLD_ONE = "(SELECT id FROM movement WHERE pharmacy_id = 5 AND kind = 'dispense' ORDER BY id LIMIT 1)"

TAMPERED = [
    ("a sum", "UPDATE lot SET usable = usable + 1 WHERE pharmacy_id = 5 AND id = "
              "(SELECT min(id) FROM lot WHERE pharmacy_id = 5)", {"stock"}, "pharmacy 5 lot "),
    ("an edited movement", f"UPDATE movement SET quantity = quantity - 1 WHERE pharmacy_id = 5 AND id = {AN_OLD_ONE}",
     {"stock", "seals"}, "pharmacy 5 block 1"),
    ("an edited reason", f"UPDATE movement SET reason = 'x' WHERE pharmacy_id = 5 AND id = {AN_OLD_ONE}",
     {"seals"}, "pharmacy 5 block 1"),
    ("a later time", f"UPDATE movement SET at = at + interval '1 microsecond' WHERE pharmacy_id = 5 AND id = {AN_OLD_ONE}",
     {"seals"}, "pharmacy 5 block 1"),
    ("a deleted movement", f"DELETE FROM movement WHERE pharmacy_id = 5 AND id = {AN_OLD_ONE}",
     {"stock", "seals"}, "pharmacy 5 block 1"),
    ("two movements in each other's place", """
        CREATE TEMPORARY TABLE two ON COMMIT DROP AS
            SELECT min(id) AS one, max(id) AS other
            FROM (SELECT id FROM movement WHERE pharmacy_id = 5 ORDER BY id LIMIT 2) m;
        ALTER TABLE movement ALTER COLUMN id DROP IDENTITY;
        UPDATE movement SET id = -1 FROM two WHERE pharmacy_id = 5 AND id = one;
        UPDATE movement SET id = one FROM two WHERE pharmacy_id = 5 AND id = other;
        UPDATE movement SET id = other FROM two WHERE pharmacy_id = 5 AND id = -1""", {"seals"}, "pharmacy 5 block 1"),
    ("a movement slipped in", """
        INSERT INTO movement (pharmacy_id, id, lot_id, product_id, quantity, kind, operator_id, sender_id)
        OVERRIDING SYSTEM VALUE
        SELECT pharmacy_id, (SELECT min(g) FROM generate_series(1, 1000) g WHERE NOT EXISTS
            (SELECT FROM movement x WHERE x.pharmacy_id = 5 AND x.id = g)), lot_id, product_id, 0, 'adjust', 1, 1
        FROM movement WHERE pharmacy_id = 5 LIMIT 1""", {"seals"}, "pharmacy 5 block 1"),
    ("a forged block", "UPDATE seal SET hash = sha256('x') WHERE pharmacy_id = 5 AND number = 1",
     {"seals"}, "pharmacy 5 block 1"),
    ("a deleted block", "DELETE FROM seal WHERE pharmacy_id = 5", {"sealed"}, "pharmacy 5 movement "),
    ("a pack of another lot", "UPDATE pack SET lot_id = -1 WHERE (pharmacy_id, code) = "
                              "(SELECT pharmacy_id, min(code) FROM pack WHERE pharmacy_id = 5 GROUP BY 1)",
     {"packs"}, "pharmacy 5 pack "),
]


@pytest.fixture(scope="module")
def connection(service):
    """The demo district's history, sealed."""
    connection = service.database()
    with connection.cursor() as cursor:
        def sealed():
            cursor.execute("SELECT count(*) FROM seal")
            if cursor.fetchone()[0] >= 131:
                return True
            cursor.execute("SELECT seal_movements()")
            return False
        service.wait_for(sealed, 60, "sealed")
    connection.autocommit = False
    yield connection
    connection.close()


def broken_rules(cursor):
    cursor.execute("SELECT rule, wrong, first_bad FROM verify_ledger() WHERE first_bad IS NOT NULL OR wrong > 0")
    return {rule: (wrong, first) for rule, wrong, first in cursor.fetchall()}


def test_whole(connection):
    with connection.cursor() as cursor:
        assert broken_rules(cursor) == {}
    connection.rollback()


def test_command(service, connection):
    """As an operator types it; under a sanitizer a leak is a failure too."""
    connection.rollback()
    done = subprocess.run([YAOKU, "verify", "--data", service.data], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout.splitlines()[-1:]) == (0, ["the ledger is whole"]), done.stderr


@pytest.mark.parametrize("what, change, rules, named", TAMPERED, ids=[row[0] for row in TAMPERED])
def test_tampering(connection, what, change, rules, named):
    try:
        with connection.cursor() as cursor:
            cursor.execute(change)
            assert cursor.rowcount >= 1
            broken = broken_rules(cursor)
        assert rules <= set(broken)
        assert any(named in first for _, first in broken.values()), broken
    finally:
        connection.rollback()


def test_chain_from_outside(connection):
    """The chain recomputed with nothing but a JSON library and SHA-256."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT number, from_id, to_id, movements, hash FROM seal WHERE pharmacy_id = 5 ORDER BY number")
        blocks = cursor.fetchall()
        previous = b""
        for _, first, last, count, digest in blocks:
            cursor.execute("""
                SELECT pharmacy_id, id, (extract(epoch FROM at) * 1000000)::bigint, lot_id, product_id, quantity, quarantined,
                    in_transit, kind, operator_id, sender_id, workstation, sequence,
                    (extract(epoch FROM scanned_at) * 1000000)::bigint, pack, order_id, reason, reverses, shipment_number,
                    first_of_pack
                FROM movement WHERE pharmacy_id = 5 AND id > %s AND id <= %s ORDER BY id""", (first, last))
            rows = cursor.fetchall()
            text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
            previous = hashlib.sha256(previous + text.encode()).digest()
            assert (len(rows), previous) == (count, bytes(digest))
    connection.rollback()
    assert blocks
