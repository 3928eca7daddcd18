"""The workstation agent against the real service and against bad ones: nothing accepted is lost or counted twice.

The simulated scanner is at the other end of a pseudo-terminal. It takes the agent's line `accepted` for the beep; after
a kill it reads `resumed … last=` to know whether its last scan was kept, and scans again if not. YAOKU_LONG=1 makes
it 1,000 scans; every random choice comes from a seed, which is printed, and YAOKU_SEED=N takes the same again.
"""
import base64
import http.server
import json
import os
import pathlib
import pty
import queue
import random
import shlex
import signal
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
                        "--device", device, "--workstation", "bench-1", *arguments]
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
        self.master, self.slave = pty.openpty()
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
