"""Accidents under load, judged by the oracle (oracle.py): nothing acknowledged is lost, nothing is counted twice.

The world is a small one of its own: four pharmacies, a hundred products, one supplier, no history; it starts
in a few seconds. YAOKU_LONG=1 (`./dev test long`) makes it 100 kills and more rounds of the rest. Every random
choice comes from a seed, which is printed; YAOKU_SEED=N takes the same again.
"""
import hashlib
import http.client
import json
import os
import pathlib
import random
import re
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
import uuid

import psycopg2
import pytest
from conftest import YAOKU, Service, private_directory

LONG = os.environ.get("YAOKU_LONG") == "1"
SEED = int(os.environ.get("YAOKU_SEED", "0")) or random.SystemRandom().randrange(1, 10 ** 6)
ORACLE = pathlib.Path(__file__).with_name("oracle.py")
PHARMACIES, PRODUCTS, STATIONS = 4, 100, 8
OWN_PRODUCTS = 4                # of each workstation
FIRST_FREE = 41                 # products that the oracle leaves alone
BACK_SECONDS = 20               # after any accident


# --- a small world -------------------------------------------------------------------------------

def gtin(product):
    digits = f"0952{product:09d}"
    return digits + str(-sum(int(d) * (3, 1)[n % 2] for n, d in enumerate(digits)) % 10)


def trace_prefix(product):
    return f"8{100000 + product:06d}"


class World:
    """A service with the small world in it, and keys for everybody."""

    def __init__(self):
        self.service = Service(private_directory(), "--workers", 2).start()
        self.keys = {}
        self.fill()

    def fill(self):
        with self.service.database() as connection, connection.cursor() as cursor:
            cursor.execute("INSERT INTO pharmacy (id, name, name_en, kind)"
                           " SELECT n, '药房' || n, 'Pharmacy ' || n, 'retail' FROM generate_series(1, %s) n", [PHARMACIES])
            cursor.execute("INSERT INTO supplier (id, name, name_en) VALUES (1, '供应商', 'Supplier')")
            for product in range(1, PRODUCTS + 1):
                cursor.execute("INSERT INTO product (id, name, generic_name, strength, form, maker, approval_number, gtin,"
                               " trace_prefix, price) VALUES (%s, %s, 'g', 's', 'f', 'm', 'a', %s, %s, 10)",
                               [product, f"药品{product}", gtin(product), trace_prefix(product)])
            cursor.execute("INSERT INTO product_code (code, product_id)"
                           " SELECT gtin, id FROM product UNION ALL SELECT trace_prefix, id FROM product")
            cursor.execute("INSERT INTO supplier_product (product_id, supplier_id, unit_price) SELECT id, 1, 9 FROM product")
            for pharmacy in range(1, PHARMACIES + 1):
                self.keys[pharmacy] = make_key(cursor, "clerk", pharmacy_id=pharmacy)
            self.keys["supplier"] = make_key(cursor, "supplier", supplier_id=1)

    def plan(self, seed):
        """What the oracle is told. Workstations of one pharmacy share a product and have four each to themselves."""
        stations = []
        for number in range(STATIONS):
            pharmacy, first = number % PHARMACIES + 1, 5 + number // PHARMACIES * OWN_PRODUCTS
            stations.append({"name": f"oracle-{seed}-{number}", "key": self.keys[pharmacy], "pharmacy": pharmacy,
                             "products": [words(product) for product in range(first, first + OWN_PRODUCTS)],
                             "shared": words(1)})
        return {"port": self.service.port, "run": letters(seed), "workstations": stations}

    def client(self, who):
        return self.service.key(self.keys[who])

    def verify(self):
        return subprocess.run([YAOKU, "verify", "--data", self.service.data], capture_output=True, text=True, timeout=60,
                              check=False)

    def clean(self):
        self.service.clean()


def words(product):
    return {"id": product, "gtin": gtin(product), "trace_prefix": trace_prefix(product)}


def make_key(cursor, role, **whose):
    login, secret = secrets.token_hex(8), secrets.token_hex(32)
    (column, value), = whose.items()
    cursor.execute(f"INSERT INTO account (kind, role, {column}, login, name, secret)"
                   " VALUES ('program', %s, %s, %s, 'test', %s)",
                   [role, value, login, hashlib.sha256(secret.encode()).hexdigest()])
    return f"{login}.{secret}"


@pytest.fixture(scope="module")
def world():
    made = World()
    print(f"seed {SEED}")
    yield made
    made.clean()


@pytest.fixture
def make_world():
    made = []

    def make():
        made.append(World())
        return made[-1]

    yield make
    for one in made:
        one.clean()


# --- the oracle ----------------------------------------------------------------------------------

class Oracle:
    """The program, on one world, with journals of its own."""

    def __init__(self, world, directory, seed=SEED):
        self.world, self.journals, self.seed = world, directory, seed
        self.plan = directory / "plan.json"
        self.plan.write_text(json.dumps(world.plan(seed)), encoding="utf-8")
        self.process = None

    def command(self, name, *arguments):
        return [sys.executable, ORACLE, name, "--plan", self.plan, "--journals", self.journals, "--seed", str(self.seed),
                *arguments]

    def __enter__(self):
        self.process = subprocess.Popen(self.command("load"), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout.readline() == "loading\n"
        return self

    def __exit__(self, *error):
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def finish(self):
        """End the load; what it says."""
        said, _ = self.process.communicate(timeout=150)
        self.process = None
        return json.loads(said)

    def ask(self, name, *arguments):
        done = subprocess.run(self.command(name, *arguments), stdout=subprocess.PIPE, text=True, timeout=600, check=False)
        answer = json.loads(done.stdout)
        assert done.returncode == (1 if answer["violations"] else 0)
        return answer

    def check(self):
        self.world.service.wait_ready(BACK_SECONDS)
        return self.ask("check", "--database", f"host={self.world.service.socket_directory()} user=postgres dbname=yaoku")

    def judge(self):
        """Everything must be right: the load, all of it once more, the ledger, the chain."""
        figures = [self.finish(), self.ask("replay"), self.check()]
        print(f"seed {self.seed}:", *figures)
        assert [violation for one in figures for violation in one["violations"]] == []
        proof = self.world.verify()
        assert proof.returncode == 0, proof.stdout + proof.stderr
        return {name: value for one in figures for name, value in one.items()}


# --- accidents -----------------------------------------------------------------------------------

def wait_for(what, seconds=BACK_SECONDS):
    """The first true value of what()."""
    end = time.monotonic() + seconds
    while True:
        found = what()
        if found or time.monotonic() > end:
            assert found, f"not after {seconds} s"
            return found
        time.sleep(0.01)


def kill_worker(world, draw):
    os.kill(draw.choice(wait_for(world.service.workers)), signal.SIGKILL)


def kill_parent(world, _):
    world.service.kill()
    world.service.start()


def backends(service):
    try:
        with service.database() as connection, connection.cursor() as cursor:
            cursor.execute("SELECT pid FROM pg_stat_activity WHERE usename = 'yaoku_app' ORDER BY pid")
            return [pid for pid, in cursor.fetchall()]
    except (psycopg2.Error, OSError, IndexError):
        return []


def kill_backend(world, draw):
    """PostgreSQL ends all its backends and recovers."""
    pid = draw.choice(wait_for(lambda: backends(world.service)))
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


def stop_immediate(world, _):
    """What `pg_ctl stop -m immediate` sends; the service starts PostgreSQL again."""
    os.kill(wait_for(lambda: postmaster(world.service)), signal.SIGQUIT)


def postmaster(service):
    try:
        return service.postmaster()
    except (OSError, ValueError, IndexError):
        return 0


ACCIDENTS = [kill_worker, kill_parent, kill_backend, stop_immediate]


def test_kills_under_load(world, tmp_path):
    draw = random.Random(SEED)
    accidents = ACCIDENTS * (25 if LONG else 2)
    draw.shuffle(accidents)
    back = []
    with Oracle(world, tmp_path) as oracle:
        for accident in accidents:
            time.sleep(draw.uniform(0.2, 1.2))
            accident(world, draw)
            start = time.monotonic()
            if draw.random() < 0.8:             # else the next one meets a service that is not back yet
                world.service.wait_ready(BACK_SECONDS)
                back.append(time.monotonic() - start)
        world.service.wait_ready(BACK_SECONDS)
        figures = oracle.judge()
    print(f"{len(accidents)} kills, ready again after {sorted(back)[len(back) // 2]:.2f} s (median), {max(back):.2f} s (longest)")
    assert figures["acknowledged"] > 10 * len(accidents)
    assert figures["sent_again"] > 0


# --- the graceful stop ---------------------------------------------------------------------------

class Caller:
    """A keep-alive connection that sends whole requests and notes what became of each."""

    def __init__(self, world, number):
        self.request_line = f"POST /api/v1/scans HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " \
                            f"{world.keys[number % PHARMACIES + 1]}\r\nContent-Type: application/json\r\nContent-Length: "
        self.code = f"01{gtin(FIRST_FREE)}1729013110STOP"
        self.socket = socket.create_connection(("127.0.0.1", world.service.port))
        self.answered, self.unanswered, self.torn, self.refused = [], [], [], []

    def run(self):
        while not self.unanswered and not self.torn and not self.refused:
            self.send_one(str(uuid.uuid4()))
        self.socket.close()

    def send_one(self, scan_id):
        body = json.dumps({"id": scan_id, "movement": "receive", "code": self.code})
        try:
            self.socket.sendall(f"{self.request_line}{len(body)}\r\n\r\n{body}".encode())
            answer = self.read_answer()
        except OSError:
            answer = b""
        if not answer:
            self.unanswered.append(scan_id)
        elif not is_whole(answer):
            self.torn.append(answer)
        elif answer.startswith(b"HTTP/1.1 200") and b'"outcome":"posted"' in answer:
            self.answered.append(scan_id)
        else:
            self.refused.append(answer)

    def read_answer(self):
        answer = b""
        while not is_whole(answer):
            try:
                piece = self.socket.recv(65536)
            except ConnectionResetError:
                break
            if not piece:
                break
            answer += piece
        return answer


def is_whole(answer):
    head, blank, body = answer.partition(b"\r\n\r\n")
    length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
    return bool(blank) and length is not None and len(body) >= int(length.group(1))


def scans_there(world, ids):
    with world.service.database() as connection, connection.cursor() as cursor:
        cursor.execute("SELECT id::text FROM scan WHERE id = ANY (%s::uuid[])", [ids])
        return {scan_id for scan_id, in cursor.fetchall()}


@pytest.mark.parametrize("number", range(20 if LONG else 2))
def test_sigterm_under_load(world, number):
    """Each whole request gets a whole answer, or its connection closes before it was looked at."""
    callers = [Caller(world, n) for n in range(16)]
    threads = [threading.Thread(target=caller.run) for caller in callers]
    for thread in threads:
        thread.start()
    time.sleep(random.Random(SEED + number).uniform(0.3, 0.8))
    assert world.service.stop() == 0
    for thread in threads:
        thread.join(30)
    world.service.start()
    answered = [scan_id for caller in callers for scan_id in caller.answered]
    unanswered = [scan_id for caller in callers for scan_id in caller.unanswered]
    assert [caller.torn for caller in callers if caller.torn] == []
    assert [caller.refused for caller in callers if caller.refused] == []
    assert len(answered) > len(callers)
    assert scans_there(world, answered) == set(answered)
    assert scans_there(world, unanswered) == set()
    assert world.verify().returncode == 0


# --- races between two workers -------------------------------------------------------------------

class Line:
    """One connection to a worker that is known."""

    def __init__(self, world, pharmacy, worker):
        self.connection = http.client.HTTPConnection("127.0.0.1", world.service.port, timeout=30)
        self.headers = {"Authorization": f"Bearer {world.keys[pharmacy]}", "Content-Type": "application/json"}
        others = [pid for pid in world.service.workers() if pid != worker]
        for pid in others:
            os.kill(pid, signal.SIGSTOP)        # only the one left can accept
        try:
            self.connection.request("GET", "/healthz")
            assert self.connection.getresponse().read() is not None
        finally:
            for pid in others:
                os.kill(pid, signal.SIGCONT)

    def post(self, body):
        self.connection.request("POST", "/api/v1/scans", json.dumps(body), self.headers)
        answer = self.connection.getresponse()
        return answer.status, answer.read().decode()


@pytest.fixture
def pair(world):
    """Two connections, each to another worker."""
    workers = wait_for(lambda: len(world.service.workers()) == 2 and world.service.workers())
    lines = [Line(world, 1, worker) for worker in workers]
    yield lines
    for line in lines:
        line.connection.close()


def at_once(lines, bodies):
    """Post from all connections at the same moment; the results."""
    barrier = threading.Barrier(len(lines))
    answers = [None] * len(lines)

    def post(number):
        barrier.wait()
        answers[number] = lines[number].post(bodies[number])

    threads = [threading.Thread(target=post, args=[n]) for n in range(len(lines))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [status for status, _ in answers] == [200] * len(lines), answers
    return [json.loads(text)["results"][0] for _, text in answers]


def letters(number):
    """A number for a lot's text: digits could read like a lost separator and the next element."""
    return str(number).translate(str.maketrans("0123456789", "ABCDEFGHJK"))


def scan(movement, code, **more):
    return {"id": str(uuid.uuid4()), "movement": movement, "code": code, **more}


def receive(line, code, **more):
    status, text = line.post(scan("receive", code, **more))
    assert (status, json.loads(text)["results"][0]["outcome"]) == (200, "posted"), text


RACES = 500 if LONG else 25


def test_two_workers_race_for_the_last_pack(pair):
    for number in range(RACES):
        code = f"01{gtin(FIRST_FREE + 1)}1729013110LAST{letters(SEED)}X{letters(number)}"
        receive(pair[0], code)
        results = at_once(pair, [scan("dispense", code), scan("dispense", code)])
        assert sorted(r["outcome"] for r in results) == ["posted", "rejected"], results
        assert {r["problem"]["code"] for r in results if r["problem"]} == {"insufficient_stock"}


def test_two_workers_race_for_one_trace_code(pair):
    for number in range(RACES):
        code = f"{trace_prefix(FIRST_FREE + 2)}{SEED:06d}{number:07d}"
        receive(pair[0], code, lot="A", expiry="2029-01-31")
        results = at_once(pair, [scan("dispense", code), scan("dispense", code)])
        assert sorted(r["outcome"] for r in results) == ["posted", "rejected"], results
        assert {r["problem"]["code"] for r in results if r["problem"]} == {"already_dispensed"}


def test_two_workers_race_with_one_scan(pair):
    before = None
    for _ in range(RACES):
        body = scan("receive", f"01{gtin(FIRST_FREE + 3)}1729013110SAME")
        results = at_once(pair, [body, body])
        assert sorted(r.pop("outcome") for r in results) == ["posted", "replayed"]
        assert results[0] == results[1]
        assert before is None or results[0]["on_hand"] == before + 1
        before = results[0]["on_hand"]


# --- the supplier's poll -------------------------------------------------------------------------

def test_supplier_hears_of_an_order_within_a_second(world):
    """A dispensing brings the stock to its minimum while the supplier's poll waits."""
    pairs = [(1 + n % PHARMACIES, FIRST_FREE + 4 + n // PHARMACIES) for n in range(100 if LONG else 20)]
    supplier = world.client("supplier")
    cursor = drain_feed(supplier)
    late = []
    for pharmacy, product in pairs:
        clerk = world.client(pharmacy)
        code = f"01{gtin(product)}1729013110POLL"
        post_scan(clerk, scan("receive", code, quantity=6))
        set_threshold(world, pharmacy, product)
        cursor, seconds = dispense_and_hear(supplier, clerk, cursor, product, scan("dispense", code))
        late.append(seconds)
    print(f"order heard of after {sorted(late)[len(late) // 2] * 1000:.0f} ms (median), {max(late) * 1000:.0f} ms (longest)")
    assert max(late) < 1.0


def set_threshold(world, pharmacy, product):
    """Only now that there are six: the sweep of each minute orders what is below."""
    with world.service.database() as connection, connection.cursor() as cursor:
        cursor.execute("UPDATE shelf SET minimum = 5, maximum = 20 WHERE pharmacy_id = %s AND product_id = %s",
                       [pharmacy, product])


def drain_feed(supplier):
    cursor = None
    while True:
        answer = supplier.get("/api/v1/supplier/orders", params={"cursor": cursor} if cursor else {}).json()
        if not answer["orders"] and cursor == answer["cursor"]:
            return cursor
        cursor = answer["cursor"]


def post_scan(clerk, body):
    answer = clerk.post("/api/v1/scans", json=body).json()["results"][0]
    assert answer["outcome"] == "posted", answer


def dispense_and_hear(supplier, clerk, cursor, product, body):
    """The new cursor, and the seconds from the scan's answer to the poll's."""
    heard = {}

    def poll():
        heard["answer"] = supplier.get("/api/v1/supplier/orders", params={"cursor": cursor, "wait": 30}).json()
        heard["at"] = time.monotonic()

    thread = threading.Thread(target=poll)
    thread.start()
    time.sleep(0.05)                            # so that the poll waits
    post_scan(clerk, body)
    answered = time.monotonic()
    thread.join()
    lines = [line["product_id"] for order in heard["answer"]["orders"] for line in order["lines"]]
    assert product in lines, heard
    return heard["answer"]["cursor"], heard["at"] - answered


# --- the oracle proves itself --------------------------------------------------------------------

def test_oracle_finds_nothing_where_nothing_is_wrong(world, tmp_path):
    with Oracle(world, tmp_path, SEED + 1) as oracle:
        time.sleep(2)
        figures = oracle.judge()
    assert figures["acknowledged"] > 20


# Inside each transaction that posts: the workers refuse a connection that has it from the start.
HASTY = """
CREATE FUNCTION hasty() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN PERFORM set_config('synchronous_commit', 'off', true); RETURN NULL; END $$;
CREATE TRIGGER hasty AFTER INSERT ON scan FOR EACH STATEMENT EXECUTE FUNCTION hasty();
"""


def what_the_oracle_says_of_hasty_commits(world, directory):
    """The database is made to say "committed" before the commit is on disk, and who would put it there is stopped."""
    directory.mkdir()
    with world.service.database() as connection, connection.cursor() as cursor:
        cursor.execute(HASTY)
        cursor.execute("SELECT pid FROM pg_stat_activity WHERE backend_type = 'walwriter'")
        wal_writer, = cursor.fetchone()
    os.kill(wal_writer, signal.SIGSTOP)
    with Oracle(world, directory) as oracle:
        time.sleep(2)
        os.kill(wal_writer, signal.SIGKILL)     # PostgreSQL ends all its backends and recovers
        oracle.finish()
        return oracle.check()["checks"]


def test_oracle_catches_acknowledging_before_commit(make_world, tmp_path):
    """Any other commit puts on disk what was said too early, so an accident right after one loses nothing: try again."""
    assert any("C1" in what_the_oracle_says_of_hasty_commits(make_world(), tmp_path / str(n)) for n in range(5))


FORGETFUL = """
ALTER FUNCTION post_scans RENAME TO post_scans_remembering;
CREATE FUNCTION post_scans({arguments}) RETURNS TABLE (ord int, outcome text, answer text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = yaoku, pg_temp AS $$
#variable_conflict use_column
DECLARE
	taken uuid[] := ARRAY(SELECT CASE WHEN s.id IS NULL THEN i.id ELSE gen_random_uuid() END
		FROM unnest(_id, _pharmacy) WITH ORDINALITY AS i (id, pharmacy, ord)
		LEFT JOIN scan s ON s.pharmacy_id = i.pharmacy AND s.id = i.id ORDER BY i.ord);
BEGIN
	RETURN QUERY SELECT p.ord, p.outcome, replace(p.answer, taken[p.ord]::text, _id[p.ord]::text)
	FROM post_scans_remembering(taken, {others}) p;
END $$;
GRANT EXECUTE ON FUNCTION post_scans TO yaoku_app;
"""


def test_oracle_catches_a_dropped_replay_check(make_world, tmp_path):
    """An id that was posted before gets a new one on the way to the ledger, and is counted again."""
    world = make_world()
    with world.service.database() as connection, connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_function_identity_arguments('post_scans'::regproc)")
        arguments, = cursor.fetchone()
        names = [argument.split()[0] for argument in arguments.split(", ")]
        assert names[:2] == ["_id", "_pharmacy"]
        cursor.execute(FORGETFUL.format(arguments=arguments, others=", ".join(names[1:])))
    with Oracle(world, tmp_path) as oracle:
        time.sleep(2)
        oracle.finish()
        assert {"C2", "C13"} <= set(oracle.check()["checks"])
