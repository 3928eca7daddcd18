"""The catalogue keeps the rules of design.md: what Citus needs from the first table on, and least rights."""
import pytest

TABLES = """SELECT c.relname, coalesce(obj_description(c.oid, 'pg_class'), '') FROM pg_class c
    WHERE c.relnamespace = 'yaoku'::regnamespace AND c.relkind = 'r'"""
DISTRIBUTED = TABLES + " AND obj_description(c.oid, 'pg_class') LIKE 'distributed%'"

# Each rule's query returns what breaks it.
RULES = {
    "every table says how it is spread":
        "SELECT relname FROM pg_class WHERE relnamespace = 'yaoku'::regnamespace AND relkind IN ('r', 'p') "
        "AND coalesce(obj_description(oid, 'pg_class'), '') !~ '^(distributed|reference|local): '",
    "unique keys of distributed tables begin with pharmacy_id": """
        SELECT i.indexrelid::regclass FROM pg_index i
        JOIN pg_class c ON c.oid = i.indrelid AND c.relnamespace = 'yaoku'::regnamespace
        LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
        WHERE i.indisunique AND obj_description(c.oid, 'pg_class') LIKE 'distributed%'
            AND a.attname IS DISTINCT FROM 'pharmacy_id'""",
    "no triggers on distributed tables": """
        SELECT t.tgname, t.tgrelid::regclass FROM pg_trigger t
        JOIN pg_class c ON c.oid = t.tgrelid AND c.relnamespace = 'yaoku'::regnamespace
        WHERE NOT t.tgisinternal AND obj_description(c.oid, 'pg_class') LIKE 'distributed%'""",
    "foreign keys of distributed tables hold pharmacy_id or point to a reference table": """
        SELECT k.conname, k.conrelid::regclass FROM pg_constraint k
        JOIN pg_class c ON c.oid = k.conrelid AND c.relnamespace = 'yaoku'::regnamespace
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'pharmacy_id'
        WHERE k.contype = 'f' AND obj_description(c.oid, 'pg_class') LIKE 'distributed%'
            AND NOT (a.attnum = ANY (k.conkey))
            AND obj_description(k.confrelid, 'pg_class') NOT LIKE 'reference%'""",
    "no foreign key from another table to a distributed one": """
        SELECT k.conname FROM pg_constraint k
        WHERE k.contype = 'f' AND k.connamespace = 'yaoku'::regnamespace
            AND obj_description(k.confrelid, 'pg_class') LIKE 'distributed%'
            AND obj_description(k.conrelid, 'pg_class') NOT LIKE 'distributed%'""",
    "pharmacy_id of distributed tables is an int and never NULL": """
        SELECT c.relname FROM pg_class c
        LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'pharmacy_id' AND a.atttypid = 'int4'::regtype
            AND a.attnotnull
        WHERE c.relnamespace = 'yaoku'::regnamespace AND c.relkind = 'r' AND a.attname IS NULL
            AND obj_description(c.oid, 'pg_class') LIKE 'distributed%'""",
    "no policy with a sub-query":
        "SELECT policyname, tablename FROM pg_policies WHERE schemaname = 'yaoku' "
        "AND concat(qual, with_check) ~* '\\mselect\\M'",
    "row-level security is forced on distributed tables": """
        SELECT c.relname FROM pg_class c
        WHERE c.relnamespace = 'yaoku'::regnamespace AND c.relkind = 'r'
            AND obj_description(c.oid, 'pg_class') LIKE 'distributed%'
            AND NOT (c.relrowsecurity AND c.relforcerowsecurity)""",
    "views look with the asker's rights": """
        SELECT c.relname FROM pg_class c
        WHERE c.relnamespace = 'yaoku'::regnamespace AND c.relkind = 'v'
            AND NOT coalesce(c.reloptions @> '{security_invoker=true}', false)
            AND EXISTS (SELECT FROM pg_rewrite w JOIN pg_depend d ON d.objid = w.oid AND d.classid = 'pg_rewrite'::regclass
                JOIN pg_class t ON t.oid = d.refobjid AND t.relrowsecurity
                WHERE w.ev_class = c.oid)""",
    "definer functions fix their search_path": """
        SELECT p.oid::regprocedure FROM pg_proc p
        WHERE p.pronamespace = 'yaoku'::regnamespace AND p.prosecdef
            AND NOT EXISTS (SELECT FROM unnest(p.proconfig) s WHERE s LIKE 'search_path=%')""",
    "definer functions are not for everybody": """
        SELECT p.oid::regprocedure FROM pg_proc p
        WHERE p.pronamespace = 'yaoku'::regnamespace AND p.prosecdef
            AND has_function_privilege('public', p.oid, 'EXECUTE')""",
    "the service's and the auditor's roles write no table": """
        SELECT c.relname, r.rolname, x.privilege FROM pg_class c
        CROSS JOIN (SELECT rolname FROM pg_roles WHERE rolname IN ('yaoku_app', 'yaoku_auditor')) r
        CROSS JOIN unnest(ARRAY['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) AS x (privilege)
        WHERE c.relnamespace = 'yaoku'::regnamespace AND c.relkind IN ('r', 'p')
            AND has_table_privilege(r.rolname, c.oid, x.privilege)""",
    "the ledger's role changes no movement and no seal": """
        SELECT t, p FROM unnest(ARRAY['yaoku.movement', 'yaoku.seal']) t, unnest(ARRAY['UPDATE', 'DELETE', 'TRUNCATE']) p
        WHERE has_table_privilege('yaoku_ledger', t, p)""",
    "movement ids are not cached, which the sealer relies on": """
        SELECT seqrelid::regclass FROM pg_sequence
        WHERE seqrelid = pg_get_serial_sequence('yaoku.movement', 'id')::regclass AND seqcache <> 1""",
}


@pytest.fixture(scope="module")
def catalogue(service):
    with service.database() as connection, connection.cursor() as cursor:
        yield cursor


@pytest.mark.parametrize("rule", RULES)
def test_rule(catalogue, rule):
    catalogue.execute(RULES[rule].replace("%", "%%"), ())
    assert catalogue.fetchall() == []


def test_there_is_something_to_check(catalogue):
    catalogue.execute(DISTRIBUTED.replace("%", "%%"), ())
    assert len(catalogue.fetchall()) >= 10


@pytest.mark.parametrize("broken, rule", [
    ("ALTER TABLE pack ADD CONSTRAINT once UNIQUE (code)", "unique keys of distributed tables begin with pharmacy_id"),
    ("CREATE TABLE stray (id int)", "every table says how it is spread"),
    ("GRANT INSERT ON movement TO yaoku_app", "the service's and the auditor's roles write no table"),
    ("ALTER TABLE lot NO FORCE ROW LEVEL SECURITY", "row-level security is forced on distributed tables"),
    ("CREATE POLICY sub ON lot USING (EXISTS (SELECT FROM district))", "no policy with a sub-query"),
])
def test_rules_see(service, broken, rule):
    """The rules themselves notice what they are for."""
    connection = service.database()
    connection.autocommit = False
    with connection.cursor() as cursor:
        cursor.execute(broken)
        cursor.execute(RULES[rule].replace("%", "%%"), ())
        found = cursor.fetchall()
    connection.rollback()
    connection.close()
    assert found != []
