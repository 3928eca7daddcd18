"""The workstation agent against the real service and against bad ones: nothing accepted is lost or counted twice.

The simulated scanner is at the other end of a pseudo-terminal. It takes the agent's line `accepted` for the beep; after
a kill it reads `resumed … last=` to know whether its last scan was kept, and scans again if not. YAOKU_LONG=1 makes
it 1,000 scans; every random choice comes from a seed, which is printed, and YAOKU_SEED=N takes the same again.
"""
import hashlib
import http.server
import json
import os
import pty
import queue
import random
import resource
import shlex
import ssl
import subprocess
import threading
import time

import pytest
from conftest import YAOKU, free_port
from test_crash import FIRST_FREE, World, gtin

LONG = os.environ.get("YAOKU_LONG") == "1"
SEED = int(os.environ.get("YAOKU_SEED", "0")) or random.SystemRandom().randrange(1, 10 ** 6)
SCANS = 1000 if LONG else 150
KILL_SECONDS = 1.0 if LONG else 0.6
PACE_SECONDS = 0.1 if LONG else 0.04        # from one scan to the next
WAIT_SECONDS = 20


@pytest.fixture(scope="module")
def world():
    made = World()
    yield made
    made.clean()


# --- the agent -----------------------------------------------------------------------------------

class Said(dict):
    """One line of the agent: its word and its fields."""

    def __init__(self, line):
        word, *fields = shlex.split(line)
        super().__init__(field.split("=", 1) for field in fields)
        self.word = word
        self.line = line

    def __repr__(self):
        return self.line


class Agent:
    """The agent's process; its lines are read as they come and kept in `heard`."""

    def __init__(self, directory, server, key, *arguments, device="-"):
        self.journal = directory / "journal"
        self.key_file = directory / "key"
        if key is not None:
            self.key_file.write_text(key + "\n", encoding="ascii")
            self.key_file.chmod(0o600)
        self.command = [YAOKU, "agent", "--server", server, "--key-file", self.key_file, "--journal", self.journal,
                        "--device", device, "--workstation", "bench-1", *map(str, arguments)]
        self.heard = []
        self.process = None

    def start(self):
        self.lines = queue.Queue()
        self.process = subprocess.Popen(self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        threading.Thread(target=self.read, args=[self.process, self.lines], daemon=True).start()
        return self

    @staticmethod
    def read(process, lines):
        for line in process.stdout:
            lines.put(line.decode())
        lines.put(None)

    def next(self, seconds=WAIT_SECONDS):
        """The next line, or None when the agent has ended."""
        line = self.lines.get(timeout=seconds)
        if line is None:
            self.lines.put(None)
            return None
        self.heard.append(Said(line))
        return self.heard[-1]

    def wait_for(self, word, seconds=WAIT_SECONDS, **fields):
        """The next line with this word and these fields."""
        end = time.monotonic() + seconds
        while True:
            try:
                said = self.next(max(0.01, end - time.monotonic()))
            except queue.Empty:
                said = None
            if said is None:
                pytest.fail(f"the agent did not say {word} {fields}, but {self.heard[-20:]}")
            if said.word == word and all(said[name] == str(value) for name, value in fields.items()):
                return said

    def scan(self, text):
        self.process.stdin.write(text if isinstance(text, bytes) else text.encode() + b"\n")
        self.process.stdin.flush()

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self):
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(WAIT_SECONDS)
        return self.process.returncode

    def list(self):
        """What --list prints, and its exit code."""
        done = subprocess.run([YAOKU, "agent", "--journal", self.journal, "--list"], capture_output=True, text=True,
                              timeout=30, check=False)
        return [Said(line) for line in done.stdout.splitlines()], done.returncode

    def segments(self):
        return sorted(self.journal.glob("*.journal"))


@pytest.fixture
def make_agent(tmp_path):
    """make_agent(server, key, *arguments) → an Agent that is not started yet, with a journal of its own."""
    made = []

    def make(server, key, *arguments, **more):
        directory = tmp_path / f"agent-{len(made)}"
        directory.mkdir()
        made.append(Agent(directory, server, key, *arguments, **more))
        return made[-1]

    yield make
    for one in made:
        if one.process is not None and one.process.poll() is None:
            one.kill()


# --- kills, a service that is away, torn records -------------------------------------------------

class Scanner:
    """A serial scanner: the master side of a pseudo-terminal."""

    def __init__(self):
        try:
            self.master, self.slave = pty.openpty()
        except OSError as error:
            pytest.skip(f"this machine has no pseudo-terminals: {error}")
        self.path = os.ttyname(self.slave)

    def send(self, text):
        os.write(self.master, text.encode() + b"\r")

    def close(self):
        os.close(self.master)
        os.close(self.slave)


class Trial:
    """Scans through a pseudo-terminal, with accidents on the way."""

    def __init__(self, world, agent, scanner, draw):
        self.world, self.agent, self.scanner, self.draw = world, agent, scanner, draw
        self.kept = []          # (sequence, id) of the scans that were accepted, in the order in which they were made
        self.last = 0           # sequence of the last one
        self.kills = self.torn = self.repeated = self.resumed_kept = 0
        self.next_kill = 0.0

    def start(self):
        """Start the agent and say whether the scan under way was kept."""
        self.agent.start()
        resumed = self.agent.wait_for("resumed")
        self.next_kill = time.monotonic() + self.draw.uniform(0.5, 1.5) * KILL_SECONDS
        kept = int(resumed["last"]) > self.last
        if kept:
            self.take(resumed["last"], resumed["id"])
        return kept

    def take(self, sequence, scan_id):
        self.last = int(sequence)
        self.kept.append((self.last, scan_id))

    def kill_at_some_moment(self):
        time.sleep(self.draw.uniform(0, 0.02))
        self.agent.kill()
        self.kills += 1

    def heard_beep(self):
        """Read on until the scan is accepted; False when the agent is dead before."""
        while True:
            said = self.agent.next()
            if said is None:
                return False
            if said.word == "accepted" and int(said["seq"]) > self.last:
                self.take(said["seq"], said["id"])
                return True

    def scan(self, code, kill):
        """One scan, again and again until it is kept; the first time the agent may be killed under it."""
        while True:
            self.scanner.send(code)
            if kill:
                self.kill_at_some_moment()
                kill = False
            if self.heard_beep():
                return
            if self.start():
                self.resumed_kept += 1
                return
            self.repeated += 1

    def tear(self):
        """The power goes while a record is written: the file ends in a piece of one."""
        self.agent.kill()
        self.kills += 1
        with open(self.agent.segments()[-1], "ab") as journal:
            whole = self.agent.segments()[-1].read_bytes()[:200]
            journal.write(whole[:self.draw.randrange(1, 100)])
        self.torn += 1
        assert not self.start()

    def run(self, scans):
        tears = set(self.draw.sample(range(scans), 2))
        for number in range(scans):
            if number == scans // 3:
                self.world.service.stop()
            if number == 2 * scans // 3:
                self.world.service.start()
            if number in tears:
                self.tear()
            time.sleep(PACE_SECONDS)
            self.scan(f"01{gtin(FIRST_FREE + number % 5)}1729013110AGENT",
                      time.monotonic() > self.next_kill)
        self.agent.kill()
        assert not self.start()


def ledger_order(world, workstation="bench-1"):
    """The ledger's rows of the workstation in their order: sequence and id of the scan each belongs to."""
    with world.service.database() as connection, connection.cursor() as cursor:
        cursor.execute("SELECT m.sequence, s.id::text FROM movement m"
                       " LEFT JOIN scan s ON s.pharmacy_id = m.pharmacy_id AND s.movement_id = m.id"
                       " WHERE m.workstation = %s ORDER BY m.id", [workstation])
        return cursor.fetchall()


def test_kills_and_a_service_that_is_away(world, make_agent):
    """Scans with kill -9 about every second, the service away for the middle third, the last record torn twice."""
    scanner = Scanner()
    agent = make_agent(world.service.url, world.keys[1], "--movement", "receive", device=scanner.path)
    trial = Trial(world, agent, scanner, random.Random(SEED))
    began = time.monotonic()
    assert not trial.start()
    trial.run(SCANS)
    wait_until_empty(agent)
    seconds = time.monotonic() - began
    listed, code = agent.list()
    assert agent.stop() == 0
    rows = ledger_order(world)
    print(f"seed {SEED}: {len(trial.kept)} scans in {seconds:.0f} s, {trial.kills} kills, {trial.torn} torn records, "
          f"{trial.repeated} scanned again, {trial.resumed_kept} kept without a beep; "
          f"{len(agent.segments())} segments, {len(rows)} in the ledger")
    assert (code, [one.word for one in listed]) == (0, ["journal"])
    assert len(trial.kept) == SCANS and trial.torn == 2
    assert trial.kills > SCANS // 100
    assert rows == trial.kept
    assert world.verify().returncode == 0
    scanner.close()


def wait_until_empty(agent, seconds=90):
    """Nothing waits any more."""
    end = time.monotonic() + seconds
    while any(one.word == "waiting" for one in agent.list()[0]):
        assert time.monotonic() < end, agent.list()[0][-3:]
        time.sleep(0.1)


# --- what the service answers --------------------------------------------------------------------

RECEIVED = "1729013110AGENT"


def code_of(product=FIRST_FREE):
    return f"01{gtin(product)}{RECEIVED}"


def waiting(agent):
    return [one for one in agent.list()[0] if one.word == "waiting"]


def scan_row(world, scan_id):
    with world.service.database() as connection, connection.cursor() as cursor:
        cursor.execute("SELECT s.outcome::text, s.problem, m.operator_id, m.quantity, m.kind::text FROM scan s LEFT JOIN movement m"
                       " ON m.pharmacy_id = s.pharmacy_id AND m.id = s.movement_id WHERE s.id = %s", [scan_id])
        return cursor.fetchone()


def test_lines_of_standard_input(world, make_agent):
    """Scans, commands and what is neither; it ends when the last one is answered."""
    agent = make_agent(world.service.url, world.keys[1])
    said, code = run_lines(agent, b"YAOKU-RECEIVE\r\n" + code_of().encode() + b"\r\nYAOKU-QUANTITY-12\n"
                           + code_of().encode() + b"\n" + code_of().encode() + b"\nYAOKU-UNDO\n\n\n" + b"x" * 8193 + b"\nhalf")
    assert code == 0
    accepted = [one for one in said if one.word == "accepted"]
    assert [one["seq"] for one in accepted] == ["1", "2", "3"]
    assert [scan_row(world, one["id"])[3:] for one in accepted] == [(1, "receive"), (12, "receive"), (1, "receive")]
    words = [one.word for one in said]
    assert words.count("posted") == 3 and words.count("not-here") == 1
    assert words.count("too-long") == 1 and words.count("cut") == 1
    assert agent.list()[1] == 0


def run_lines(agent, data):
    """All of standard input at once; what the agent said, and its exit code."""
    done = subprocess.run(agent.command, input=data, capture_output=True, timeout=60, check=False)
    return [Said(line) for line in done.stdout.decode().splitlines()], done.returncode


def test_a_regular_file_is_read(world, make_agent, tmp_path):
    agent = make_agent(world.service.url, world.keys[1], "--movement", "receive")
    (tmp_path / "scans").write_text(f"{code_of()}\n" * 250, encoding="ascii")
    with open(tmp_path / "scans", "rb") as scans:
        done = subprocess.run(agent.command, stdin=scans, capture_output=True, timeout=60, check=False)
    assert (done.returncode, done.stdout.count(b"\nposted ")) == (0, 250)


def test_movement_is_kept_until_another_start(world, make_agent):
    agent = make_agent(world.service.url, world.keys[1])
    run_lines(agent, b"YAOKU-RECEIVE\nYAOKU-QUANTITY-7\n")
    said, _ = run_lines(agent, code_of().encode() + b"\n")
    assert (said[1].word, said[1]["movement"], said[1]["quantity"]) == ("resumed", "receive", "7")
    assert scan_row(world, said[-1]["id"])[3:] == (7, "receive")
    agent.command += ["--movement", "return"]
    said, code = run_lines(agent, b"")
    assert (code, said[1]["movement"]) == (0, "return")


def test_nothing_to_do_and_nobody_there(make_agent):
    said, code = run_lines(make_agent(f"http://127.0.0.1:{free_port()}", "a.b"), b"")
    assert (code, said[1].word) == (0, "resumed")


def test_a_file_is_no_device(make_agent, tmp_path):
    """It would be read again from its beginning for ever."""
    (tmp_path / "scans").write_text("one\n", encoding="ascii")
    agent = make_agent(f"http://127.0.0.1:{free_port()}", "a.b", device=tmp_path / "scans").start()
    assert "standard input" in agent.wait_for("device-gone")["reason"]
    time.sleep(1)
    assert agent.stop() == 0 and agent.list()[1] == 0


def test_held_and_rejected_are_shown(world, make_agent):
    agent = make_agent(world.service.url, world.keys[1])
    said, code = run_lines(agent, f"nothing known\n01{gtin(FIRST_FREE + 9)}\n".encode())
    assert code == 0
    assert [(one.word, one["problem"]) for one in said if "problem" in one] == \
        [("held", "unknown_code"), ("rejected", "insufficient_stock")]
    listed, code = agent.list()
    assert (code, [one.word for one in listed]) == (1, ["held", "rejected", "journal"])
    settle = subprocess.run([YAOKU, "agent", "--journal", agent.journal, "--settle", listed[1]["id"].upper()], check=False,
                            capture_output=True, timeout=30)
    assert settle.returncode == 0
    listed, code = agent.list()
    assert (code, [one.word for one in listed]) == (0, ["held", "journal"])    # the service has what it holds


def test_bytes_that_are_no_text(world, make_agent):
    agent = make_agent(world.service.url, world.keys[1], "--movement", "receive")
    sent = [b"]d201" + gtin(FIRST_FREE).encode() + b"10GS\x1d17290131", b"\xff\xfe\x00\x07 broken"]
    said, _ = run_lines(agent, b"\n".join(sent) + b"\n")
    answered = [one for one in said if one.word in ("posted", "held")]
    assert [one.word for one in answered] == ["posted", "held"]
    with world.service.database() as connection, connection.cursor() as cursor:
        cursor.execute("SELECT raw FROM scan WHERE id = %s", [answered[1]["id"]])
        assert bytes(cursor.fetchone()[0]) == sent[1]


def test_operator_is_that_of_the_scan(world, make_agent):
    with world.service.database() as connection, connection.cursor() as cursor:
        cursor.execute("INSERT INTO account (kind, role, pharmacy_id, login, name, secret) VALUES"
                       " ('person', 'clerk', 1, 'agent-clerk', 'Clerk', 'x') RETURNING id")
        operator = cursor.fetchone()[0]
    agent = make_agent(f"http://127.0.0.1:{free_port()}", world.keys[1], "--movement", "receive", "--operator", operator)
    accept_offline(agent, code_of())
    agent.command[agent.command.index("--operator") + 1] = "999999"
    agent.command[agent.command.index("--server") + 1] = world.service.url
    said, _ = run_lines(agent, code_of().encode() + b"\n")
    outcomes = {one["seq"]: one for one in said if one.word in ("posted", "rejected")}
    assert scan_row(world, outcomes["1"]["id"])[2] == operator
    assert (outcomes["2"].word, outcomes["2"]["problem"]) == ("rejected", "wrong_pharmacy")


def accept_offline(agent, *codes):
    """Scans while nobody answers; the ids."""
    agent.start()
    agent.wait_for("resumed")
    ids = []
    for code in codes:
        agent.scan(code)
        ids.append(agent.wait_for("accepted")["id"])
    agent.stop()
    return ids


def test_key_of_another_pharmacy(world, make_agent):
    """What was scanned for pharmacy 1 is not posted with pharmacy 2's key; it is kept and shown, and the rest goes on."""
    agent = make_agent(world.service.url, world.keys[1], "--movement", "receive")
    agent.start()
    assert agent.wait_for("pharmacy")["id"] == "1"
    agent.stop()
    world_url = agent.command[agent.command.index("--server") + 1]
    agent.command[agent.command.index("--server") + 1] = f"http://127.0.0.1:{free_port()}"
    old, = accept_offline(agent, code_of())
    agent.command[agent.command.index("--server") + 1] = world_url
    agent.key_file.write_text(world.keys[2], encoding="ascii")
    agent.start()
    assert agent.wait_for("pharmacy")["id"] == "2"
    assert agent.wait_for("rejected", id=old)["problem"] == "wrong_pharmacy"
    agent.scan(code_of())
    agent.wait_for("posted", seq=2)
    agent.stop()
    listed, code = agent.list()
    assert (code, listed[0].word, listed[0]["problem"], listed[0]["pharmacy"]) == (1, "rejected", "wrong_pharmacy", "1")
    with world.service.database() as connection, connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM scan WHERE id = %s AND movement_id IS NOT NULL", [old])
        assert cursor.fetchone()[0] == 0


def test_unknown_key_keeps_everything(world, make_agent):
    """A new key in the file is taken without a restart."""
    agent = make_agent(world.service.url, "0123.4567")
    agent.start()
    assert "administrator" in agent.wait_for("key-refused")["hint"]
    agent.scan("YAOKU-RECEIVE")
    agent.scan(code_of())
    agent.wait_for("accepted", waiting=1)
    agent.key_file.write_text(world.keys[1], encoding="ascii")
    agent.wait_for("posted", seq=1)
    assert agent.stop() == 0


def test_unknown_key_and_the_end_of_input(world, make_agent):
    said, code = run_lines(make_agent(world.service.url, "0123.4567"), code_of().encode() + b"\n")
    assert (code, said[-1]["waiting"]) == (1, "1")


def test_supplier_key_is_no_workstation(world, make_agent):
    said, code = run_lines(make_agent(world.service.url, world.keys["supplier"]), code_of().encode() + b"\n")
    assert code == 1
    assert [one["reason"] for one in said if one.word == "key-refused"] == ["this key belongs to no pharmacy"]


@pytest.mark.parametrize("mode", [0o640, 0o604])
def test_key_that_others_can_read(world, make_agent, mode):
    agent = make_agent(world.service.url, world.keys[1])
    agent.key_file.chmod(mode)
    done = subprocess.run(agent.command, input=b"", capture_output=True, timeout=30, check=False)
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"chmod 600" in done.stderr


def test_one_agent_for_a_journal(world, make_agent):
    agent = make_agent(world.service.url, world.keys[1]).start()
    agent.wait_for("resumed")
    other = subprocess.run(agent.command, input=b"", capture_output=True, timeout=30, check=False)
    assert (other.returncode, b"another agent" in other.stderr) == (3, True)


def test_days_old_scans(world, make_agent):
    """Scanned three days ago: the journal's record says so, and so does the ledger."""
    agent = make_agent(f"http://127.0.0.1:{free_port()}", world.keys[1], "--movement", "receive")
    first, last = accept_offline(agent, code_of(), code_of())
    age_records(agent.segments()[0], 3 * 24 * 3600 * 1000)
    agent.command[agent.command.index("--server") + 1] = world.service.url
    agent.start()
    agent.wait_for("posted", id=last)
    agent.stop()
    with world.service.database() as connection, connection.cursor() as cursor:
        cursor.execute("SELECT round(extract(epoch FROM m.at - m.scanned_at) / 3600)::int FROM movement m JOIN scan s"
                       " ON s.pharmacy_id = m.pharmacy_id AND s.movement_id = m.id WHERE s.id IN (%s, %s)", [first, last])
        assert cursor.fetchall() == [(72,), (72,)]


def age_records(path, milliseconds):
    """Write the records again as if they had been made so long ago: the layout of workstation/record.h, in Python."""
    data, out, base = path.read_bytes(), b"", int(path.stem.partition("-")[2], 16)
    size = len(data)
    while data:
        assert data[:4] == b"YKJ1"
        length = int.from_bytes(data[4:8], "little")
        payload = bytearray(data[24:24 + length])
        assert record_digest(base + size - len(data), payload) == data[8:24]
        at = int.from_bytes(payload[25:33], "little") - milliseconds
        payload[25:33] = at.to_bytes(8, "little")
        out += b"YKJ1" + data[4:8] + record_digest(base + len(out), payload) + payload
        data = data[24 + length:]
    path.write_bytes(out)


def record_digest(place, payload):
    return hashlib.sha256((place % 2 ** 64).to_bytes(8, "little") + len(payload).to_bytes(4, "little") + payload).digest()[:16]


# --- bad services --------------------------------------------------------------------------------

class BadService:
    """Answers POST /scans by a script of functions, the last one for ever; each gets the scans and returns an answer."""

    def __init__(self, *script, context=None):
        self.script = list(script)
        self.is_well = True             # as it says itself
        self.requests = []              # ids of the scans of each request, in order
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                if self.path == "/readyz" and not outer.is_well:
                    self.answer(503, {"status": 503})
                    return
                self.answer(200, {"user": {"name": "k", "role": "clerk", "pharmacy_id": 1, "supplier_id": None}, "csrf": None})

            def do_POST(self):
                scans = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                outer.requests.append([scan["id"] for scan in scans])
                step = outer.script[0] if len(outer.script) == 1 else outer.script.pop(0)
                step(self, scans)

            def answer(self, status, body, **headers):
                data = body if isinstance(body, bytes) else json.dumps(body).encode()
                self.send_response(status)
                for name, value in {"Content-Type": "application/json", "Content-Length": len(data), **headers}.items():
                    self.send_header(name.replace("_", "-"), str(value))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        if context is not None:
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def port(self):
        return self.server.server_address[1]

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def close(self):
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def bad_service():
    made = []

    def make(*script, **more):
        made.append(BadService(*script, **more))
        return made[-1]

    yield make
    for one in made:
        one.close()


def posted(call, scans):
    call.answer(200, {"results": [{"id": scan["id"], "outcome": "posted", "problem": None} for scan in scans]})


def status(number, **headers):
    return lambda call, scans: call.answer(number, {"status": number}, **headers)


def raw(data):
    def answer(call, scans):
        call.wfile.write(data)
        call.close_connection = True
    return answer


def lacks_last(call, scans):
    call.answer(200, {"results": [{"id": scan["id"], "outcome": "posted", "problem": None} for scan in scans[:-1]]})


def half(call, scans):
    call.send_response(200)
    call.send_header("Content-Length", "1000")
    call.end_headers()
    call.wfile.write(b'{"results":[{"id":"' + scans[0]["id"].encode())
    call.close_connection = True


def drip(call, scans):
    call.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
    for _ in range(60):
        call.wfile.write(b"x")
        time.sleep(1)


# Thirty seconds each.
SLOW = {"never": lambda call, scans: time.sleep(60), "a byte a second": drip}
BAD = {
    "503": status(503), "502": status(502), "429": status(429), "404": status(404), "301": status(301, Location="/x"),
    "500": status(500), "a proxy's 400": lambda call, scans: call.answer(400, b"<h1>Bad Request</h1>"),
    "an empty 200": lambda call, scans: call.answer(200, b""), "garbage": raw(b"\x00\x01garbage\r\n\r\n"),
    "HTML": lambda call, scans: call.answer(200, b"<html>captive portal</html>"), "closed": raw(b""),
    "half an answer": half, "an id lacks": lacks_last,
    "no results": lambda call, scans: call.answer(200, {"results": []}),
    "headers without end": raw(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 20000),
    "a body without end": raw(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * (5 << 20)),
    **(SLOW if LONG else {}),
}


@pytest.mark.parametrize("bad", list(BAD))
def test_bad_answers(make_agent, bad_service, bad):
    """Whatever it is, the same ids are sent again in their order until there is an answer that says something."""
    service = bad_service(*[BAD[bad]] * (1 if bad in SLOW else 2), posted)
    agent = make_agent(f"http://127.0.0.1:{free_port()}", "a.b")
    ids = accept_offline(agent, "one", "two", "three")
    agent.command[agent.command.index("--server") + 1] = service.url
    agent.start()
    agent.wait_for("offline", 40)
    agent.wait_for("posted", id=ids[-1])
    assert agent.stop() == 0
    assert service.requests[0] == ids
    assert [one["id"] for one in agent.heard if one.word == "posted"] == ids
    assert agent.list()[1] == 0


def test_retry_after_is_kept(make_agent, bad_service):
    service = bad_service(status(503, Retry_After=2), posted)
    agent = make_agent(service.url, "a.b").start()
    agent.scan("one")
    assert int(agent.wait_for("offline")["retry_ms"]) >= 2000
    began = time.monotonic()
    agent.wait_for("posted")
    assert time.monotonic() - began > 1.8


def test_culprit_stands_alone(make_agent, bad_service):
    """One of twenty cannot be read: it is kept as refused, the others are posted in their order."""
    def choke(call, scans):
        if any(scan["code"] == "bad" for scan in scans):
            call.answer(400, {"status": 400, "code": "invalid_member", "detail": "[0].code"})
        else:
            posted(call, scans)

    service = bad_service(choke)
    agent = make_agent(f"http://127.0.0.1:{free_port()}", "a.b")
    ids = accept_offline(agent, *["good"] * 13, "bad", *["good"] * 6)
    agent.command[agent.command.index("--server") + 1] = service.url
    agent.start()
    agent.wait_for("posted", id=ids[-1])
    agent.stop()
    refused = ids.pop(13)
    assert [one["id"] for one in agent.heard if one.word == "posted"] == ids
    listed, code = agent.list()
    assert (code, listed[0].word, listed[0]["id"], listed[0]["problem"]) == (1, "refused", refused, "invalid_member")
    assert len(service.requests) < 20


@pytest.mark.skipif(not LONG, reason="a minute of waiting; test_journal.c puts off in no time")
def test_the_service_fails_over_one(make_agent, bad_service):
    """It is well, but one of twenty it cannot post: that one is put off, and waits; it is posted when that has been mended."""
    mended = threading.Event()

    def fail(call, scans):
        if not mended.is_set() and any(scan["code"] == "bad" for scan in scans):
            call.answer(503, {"status": 503, "code": "busy"}, Retry_After=0)
        else:
            posted(call, scans)

    service = bad_service(fail)
    agent = make_agent(f"http://127.0.0.1:{free_port()}", "a.b")
    ids = accept_offline(agent, "good", "bad", *["good"] * 18)
    agent.command[agent.command.index("--server") + 1] = service.url
    agent.start()
    agent.wait_for("put-off", 120, id=ids[1])
    agent.wait_for("posted", id=ids[-1])
    assert [one["id"] for one in waiting(agent)] == [ids[1]]
    mended.set()
    agent.wait_for("posted", 60, id=ids[1])
    assert [one["id"] for one in agent.heard if one.word == "posted"] == [ids[0], *ids[2:], ids[1]]
    assert agent.stop() == 0


@pytest.mark.skipif(not LONG, reason="a minute and a half of waiting")
def test_the_order_stands_when_the_service_is_away(make_agent, bad_service):
    """As often as it takes: a service that does not say that it is well fails over no scan in particular."""
    service = bad_service(*[status(503)] * 10, posted)
    service.is_well = False
    agent = make_agent(f"http://127.0.0.1:{free_port()}", "a.b")
    ids = accept_offline(agent, "one", "two", "three")
    agent.command[agent.command.index("--server") + 1] = service.url
    agent.start()
    agent.wait_for("posted", 180, id=ids[-1])
    assert [one["id"] for one in agent.heard if one.word == "posted"] == ids


def test_a_hundred_at_a_time(make_agent, bad_service):
    service = bad_service(posted)
    agent = make_agent(f"http://127.0.0.1:{free_port()}", "a.b")
    ids = accept_offline(agent, *["x"] * 230)
    agent.command[agent.command.index("--server") + 1] = service.url
    agent.start()
    agent.wait_for("posted", id=ids[-1])
    assert [len(request) for request in service.requests] == [100, 100, 30]
    assert sum(service.requests, []) == ids


# --- TLS -----------------------------------------------------------------------------------------

def certificate(directory, name, subject):
    """A self-signed certificate for `subject`, as a file with its key."""
    path = directory / f"{name}.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                    "-subj", "/CN=test", "-addext", f"subjectAltName={subject}", "-keyout", directory / f"{name}.key",
                    "-out", path], check=True, capture_output=True)
    return path


@pytest.mark.parametrize("name, subject, trusted, reason", [
    ("right address", "IP:127.0.0.1", True, None),
    ("another host's", "DNS:yaoku.example", True, "mismatch"),
    ("another address's", "IP:127.0.0.2", True, "mismatch"),
    ("nobody's we trust", "IP:127.0.0.1", False, "self-signed"),
])
def test_certificate(make_agent, bad_service, tmp_path, name, subject, trusted, reason):
    path = certificate(tmp_path, "server", subject)
    authority = path if trusted else certificate(tmp_path, "other", subject)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path, tmp_path / "server.key")
    service = bad_service(posted, context=context)
    agent = make_agent(f"https://127.0.0.1:{service.port}", "a.b", "--ca-file", authority).start()
    agent.scan("one")
    if reason is None:
        agent.wait_for("posted")
        return
    assert reason in agent.wait_for("offline")["reason"]
    time.sleep(1)
    assert service.requests == []
    assert agent.stop() == 0 and len(waiting(agent)) == 1


def test_plain_http_on_the_tls_port(make_agent, bad_service):
    service = bad_service(posted)
    agent = make_agent(f"https://127.0.0.1:{service.port}", "a.b").start()
    assert "TLS" in agent.wait_for("offline")["reason"]


# --- the disk and the device ---------------------------------------------------------------------

def test_full_disk(make_agent, bad_service):
    """Nothing is accepted that is not on disk, and what was refused is not there later."""
    agent = make_agent(bad_service(posted).url, "a.b").start()
    agent.scan("before")
    agent.wait_for("posted")
    size = agent.segments()[-1].stat().st_size
    resource.prlimit(agent.process.pid, resource.RLIMIT_FSIZE, (size + 40, resource.RLIM_INFINITY))
    for _ in range(3):
        agent.scan("refused")
        assert agent.wait_for("stopped")["error"] == "File too large"
    resource.prlimit(agent.process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    agent.wait_for("ready")
    agent.scan("after")
    assert agent.wait_for("accepted")["seq"] == "2"
    agent.wait_for("posted", seq=2)
    assert agent.stop() == 0
    assert sum(segment.read_bytes().count(b"refused") for segment in agent.segments()) == 0
    said, _ = run_lines(agent, b"")
    assert (said[1]["last"], said[1]["waiting"], said[1]["torn_bytes"]) == ("2", "0", "0")


class Unplugged(Scanner):
    """A scanner behind a name that can vanish and come back, as udev's links do."""

    def __init__(self, link):
        super().__init__()
        os.close(self.slave)
        self.link = link
        self.link.symlink_to(self.path)

    def unplug(self):
        self.link.unlink()
        os.close(self.master)

    def read(self):
        return os.read(self.master, 100)


def test_scanner_is_unplugged_and_comes_back(make_agent, bad_service, tmp_path):
    link = tmp_path / "scanner"
    scanner = Unplugged(link)
    agent = make_agent(bad_service(posted).url, "a.b", device=link).start()
    agent.wait_for("resumed")
    scanner.send("one")
    agent.wait_for("accepted", seq=1)
    assert scanner.read() == b"\a"
    os.write(scanner.master, b"half of")
    time.sleep(0.2)
    scanner.unplug()
    agent.wait_for("device-gone")
    agent.wait_for("cut")
    scanner = Unplugged(link)
    agent.wait_for("device", path=link)
    scanner.send("two")
    agent.wait_for("accepted", seq=2)
    scanner.unplug()
    assert agent.stop() == 0


def test_scan_that_pauses_is_refused(make_agent, bad_service):
    """Half a code may read as another one; so it is refused with its rest, and the scanner beeps twice."""
    scanner = Scanner()
    service = bad_service(posted)
    agent = make_agent(service.url, "a.b", device=scanner.path).start()
    agent.wait_for("resumed")
    os.write(scanner.master, b"0109520001")
    agent.wait_for("cut")
    os.write(scanner.master, b"000843\r")
    agent.wait_for("cut")
    scanner.send("whole")
    agent.wait_for("posted", seq=1)
    assert os.read(scanner.master, 100).startswith(b"\a\a")
    scanner.close()


def test_pause_ends_a_scan_where_it_should(make_agent, bad_service):
    scanner = Scanner()
    agent = make_agent(bad_service(posted).url, "a.b", "--terminator", "idle", device=scanner.path).start()
    agent.wait_for("resumed")
    for number in (1, 2):
        os.write(scanner.master, b"0109520001000843")
        agent.wait_for("accepted", seq=number)
    scanner.close()


def test_what_was_scanned_before_counts_for_nothing(make_agent, bad_service):
    """Nobody heard a beep for it, so it was scanned again."""
    scanner = Scanner()
    scanner.send("before")
    agent = make_agent(bad_service(posted).url, "a.b", device=scanner.path).start()
    agent.wait_for("resumed")
    scanner.send("after")
    agent.wait_for("accepted", seq=1)
    agent.stop()
    assert b"before" not in agent.segments()[0].read_bytes()
    scanner.close()
