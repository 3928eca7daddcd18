"""An oracle outside the service: it scans, remembers on disk, and judges.

It is a program of its own with its own model of the stock; of the service it knows
only the contract. Three commands:

  load    Workstations receive, dispense, undo and repeat scans over HTTP until standard
          input closes. Each has a journal, in which a request is made durable (fsync)
          BEFORE it is sent, and its answer after. A request without a definite answer
          is sent again, the same, until it has one.
  replay  Sends every journalled request once more, and an altered one for some.
  check   Reads the journals, dumps the ledger and compares.

Each prints one line of JSON, with the first violations and the names of all checks that
failed, and exits 1 when there is any. The names are those of the fault plan:
  C1  what was acknowledged is in the ledger, as it was sent
  C2  an id is counted once; nothing is in the ledger that nobody sent
  C3  what was rejected or held moved nothing
  C4  of every lot: sum of movements = stock row, and = the model's stock
  C5  no stock below zero, in any sampled answer and at the end
  C9  a trace code is dispensed at most once, net of undoing
  C10 on_hand after a scan is what the workstation was told before, and this scan
  C13 the same id again: the same bytes but for the outcome; altered: id_conflict
  R   an outcome is what the model's own rules say; what is not known is 503 with Retry-After

Products and lots belong to one workstation each, so that the model knows every outcome;
one shared lot of each pharmacy is taken by several at once, and only its sum is known.

The plan, a JSON file: {"port", "run": what makes its lots different from another run's, "workstations":
[{"name", "key", "pharmacy", "products": [{"id", "gtin", "trace_prefix"}], "shared": {…a product…}}]}.
"""
import argparse
import collections
import datetime
import json
import os
import pathlib
import random
import select
import sys
import threading
import time
import uuid

import psycopg2
import requests

PATIENCE_SECONDS = 60
VIOLATIONS_SHOWN = 20
EXPIRY = (datetime.date.today() + datetime.timedelta(days=700)).replace(day=15)
SCANS, REVERSE, STOCK = "/api/v1/scans", "/api/v1/movements/{}/reverse", "/api/v1/stock?limit=1000&pharmacy_id={}"


# --- the journal ---------------------------------------------------------------------------------

class Journal:
    """Lines of JSON; a line is on disk when write() returns."""

    def __init__(self, path):
        self.file = open(path, "a", encoding="utf-8")

    def write(self, **record):
        self.file.write(json.dumps(record, ensure_ascii=False) + "\n")
        self.file.flush()
        os.fsync(self.file.fileno())


def read_requests(path):
    """What was sent, in order, each with its definite answer, and the others: [{body, path, why, acts, status, text, vague}]."""
    sent = []
    for line in path.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        if "body" in record:
            sent.append({**record, "status": None, "text": None, "vague": []})
        elif is_definite(record.get("status", 0)):
            sent[-1].update(status=record["status"], text=record["text"])
        else:
            sent[-1]["vague"].append(record)
    return sent


def is_definite(status):
    """503 and a lost connection leave the outcome unknown; 429 and other 5xx are no answer either."""
    return 200 <= status < 500 and status != 429


def same_but_outcome(text):
    return text.replace('"outcome":"replayed"', '"outcome":"posted"').replace('"outcome": "replayed"', '"outcome": "posted"')


def as_list(body):
    return body if isinstance(body, list) else [body]


# --- the model -----------------------------------------------------------------------------------

class Model:
    """One workstation's goods by rules of its own: what is there, and what must become of the next act.

    An act: {do: receive | dispense | unknown, product, lot, quantity, pack, shared}.
    """

    def __init__(self):
        self.stock = collections.Counter()      # (product, lot): packs
        self.known = set()                      # lots there ever were
        self.packs = {}                         # trace code: [product, lot, in stock?]
        self.moves = {}                         # movement: its act
        self.base = {}                          # product: what was on hand before us, once it is known

    def expect(self, act):
        """(outcome, problem); None when others decide it too."""
        if act["do"] == "unknown":
            return "held", "unknown_code"
        if act.get("shared"):
            return None
        if act["do"] == "receive":
            return "posted", None
        if act.get("pack") and not self.packs[act["pack"]][2]:
            return "rejected", "already_dispensed"
        enough = self.stock[act["product"], act["lot"]] >= act["quantity"]
        return ("posted", None) if enough else ("rejected", "insufficient_stock")

    def apply(self, act, movement):
        """It was posted as this movement."""
        lot = act["product"], act["lot"]
        self.stock[lot] += act["quantity"] if act["do"] == "receive" else -act["quantity"]
        self.known.add(lot)
        if act.get("pack"):
            self.packs[act["pack"]] = [*lot, act["do"] == "receive"]
        self.moves[movement] = act

    def undo(self, movement):
        """A dispensing was undone; the act."""
        act = self.moves.pop(movement)
        self.stock[act["product"], act["lot"]] += act["quantity"]
        if act.get("pack"):
            self.packs[act["pack"]][2] = True
        return act

    def fits(self, product, on_hand):
        """Is this the product's stock? The first time nobody can say."""
        ours = sum(count for (one, _), count in self.stock.items() if one == product)
        return self.base.setdefault(product, on_hand - ours) == on_hand - ours


# --- load ----------------------------------------------------------------------------------------

class Workstation:
    """One thread, one connection, one journal; draws its acts from the seed."""

    def __init__(self, number, plan, journals, seed):
        self.place, self.run = plan["workstations"][number], plan["run"]
        self.random = random.Random(f"{seed}/{number}")
        self.journal = Journal(journals / f"{number}.jsonl")
        self.base = f"http://127.0.0.1:{plan['port']}"
        self.session = None
        self.model = Model()
        self.number = number
        self.sequence = 0
        self.done = []                          # requests with a definite answer, to repeat some
        self.again = 0

    # One request until it has a definite answer.

    def post(self, path, body, why, acts=()):
        """(status, text)."""
        self.journal.write(path=path, body=body, why=why, acts=acts)
        end = time.monotonic() + PATIENCE_SECONDS
        pause = 0.02
        while True:
            status, text, retry_after = self.try_once(path, body)
            self.journal.write(status=status, text=text, retry_after=retry_after)
            if is_definite(status):
                return status, text
            if time.monotonic() > end:
                raise TimeoutError(f"no definite answer in {PATIENCE_SECONDS} s: {status} {text}")
            time.sleep(pause)
            pause = min(pause * 2, 0.5)
            self.again += 1

    def try_once(self, path, body):
        if self.session is None:
            self.session = requests.Session()
            self.session.headers["Authorization"] = f"Bearer {self.place['key']}"
        try:
            answer = self.session.post(self.base + path, json=body, timeout=15)
            return answer.status_code, answer.text, answer.headers.get("Retry-After")
        except requests.RequestException as error:
            self.session.close()
            self.session = None
            return 0, type(error).__name__, None

    # What to do next.

    def choose_act(self):
        draw, product = self.random.random(), self.random.choice(self.place["products"])
        if draw < 0.03:
            return {"do": "unknown"}
        if draw < 0.13:
            shared = self.place["shared"]
            return {"do": self.random.choice(["receive", "dispense"]), "product": shared["id"], "gtin": shared["gtin"],
                    "lot": f"SHARED{self.run}", "quantity": self.random.randint(1, 3), "shared": True}
        lot = f"R{self.run}{chr(65 + self.number)}{self.random.choice('XYZ')}"
        if draw < 0.25:
            code = f"{product['trace_prefix']}{self.number:04d}{self.random.randrange(10 ** 9):09d}"
            return {"do": "receive", "product": product["id"], "lot": lot, "quantity": 1, "pack": code}
        if draw < 0.38 and self.model.packs:
            code = self.random.choice(list(self.model.packs))
            product_id, lot, _ = self.model.packs[code]
            return {"do": "dispense", "product": product_id, "lot": lot, "quantity": 1, "pack": code}
        receive = draw < 0.6 or (product["id"], lot) not in self.model.known
        return {"do": "receive" if receive else "dispense", "product": product["id"], "gtin": product["gtin"], "lot": lot,
                "quantity": self.random.randint(1, 4)}

    def new_id(self):
        return str(uuid.UUID(int=self.random.getrandbits(128), version=4))

    def scan(self, act):
        """The request of an act."""
        self.sequence += 1
        scan = {"id": self.new_id(), "movement": "receive" if act["do"] == "receive" else "dispense",
                "workstation": self.place["name"], "sequence": self.sequence}
        if act["do"] == "unknown":
            return {**scan, "code": f"nobody knows {self.number}/{self.sequence}"}
        if act.get("pack"):
            lot = {"lot": act["lot"], "expiry": EXPIRY.isoformat()} if act["do"] == "receive" else {}
            return {**scan, "code": act["pack"], **lot}
        return {**scan, "code": f"]d201{act['gtin']}17{EXPIRY:%y%m%d}10{act['lot']}", "quantity": act["quantity"]}

    # The kinds of request.

    def post_new(self):
        count = 1 if self.random.random() < 0.5 else self.random.randint(2, 12)
        acts = [self.choose_act() for _ in range(count)]
        scans = [self.scan(act) for act in acts]
        body = scans[0] if count == 1 and self.random.random() < 0.7 else scans
        status, text = self.post(SCANS, body, "new", acts)
        self.done.append(body)
        if status == 200:
            for act, result in zip(acts, json.loads(text)["results"]):
                if result["outcome"] in ("posted", "replayed") and not act.get("shared"):
                    self.model.apply(act, result["movement_id"])

    def post_again(self):
        self.post(SCANS, self.random.choice(self.done), "replay")

    def post_altered(self):
        self.post(SCANS, alter(self.random.choice(self.done)), "altered")

    def undo(self):
        movements = [m for m, act in self.model.moves.items() if act["do"] == "dispense"]
        if movements:
            movement = self.random.choice(movements)
            status, _ = self.post(REVERSE.format(movement), {"id": self.new_id(), "reason": "oracle"}, "undo",
                                  [{"movement": movement}])
            if status == 200:
                self.model.undo(movement)

    def step(self):
        draw = self.random.random()
        if not self.done or draw < 0.8:
            self.post_new()
        elif draw < 0.88:
            self.post_again()
        elif draw < 0.92:
            self.post_altered()
        else:
            self.undo()


def alter(body):
    """The same ids with another quantity."""
    changed = [{**scan, "quantity": scan.get("quantity", 1) + 1} for scan in as_list(body)]
    return changed if isinstance(body, list) else changed[0]


class Load:
    """All workstations and one that looks at the stock, until `stop` is set."""

    def __init__(self, plan, journals, seed):
        self.stop = threading.Event()
        self.stations = [Workstation(n, plan, journals, seed) for n in range(len(plan["workstations"]))]
        self.looks = Journal(journals / "looks.json")
        self.plan = plan
        self.violations = []

    def work(self, station):
        try:
            while not self.stop.is_set():
                station.step()
        except Exception as error:              # whatever it is, it must not pass for success
            self.violations.append(f"workstation {station.number}: {error!r}")

    def look(self):
        place = self.stations[0].place
        url = f"http://127.0.0.1:{self.plan['port']}" + STOCK.format(place["pharmacy"])
        while not self.stop.wait(0.25):
            try:
                answer = requests.get(url, headers={"Authorization": f"Bearer {place['key']}"}, timeout=15)
            except requests.RequestException:
                continue
            if answer.status_code == 200:
                items = answer.json()["items"]
                self.looks.write(rows=len(items), negative=[item for item in items if item["quantity"] < 0])

    def run(self):
        threads = [threading.Thread(target=self.work, args=[station]) for station in self.stations]
        threads.append(threading.Thread(target=self.look))
        for thread in threads:
            thread.start()
        print("loading", flush=True)
        while any(thread.is_alive() for thread in threads[:-1]):
            if select.select([sys.stdin], [], [], 0.05)[0] and not sys.stdin.readline():
                break
        self.stop.set()
        for thread in threads:
            thread.join()
        return {"requests": sum(len(s.done) for s in self.stations), "scans": sum(s.sequence for s in self.stations),
                "sent_again": sum(s.again for s in self.stations), "violations": self.violations}


# --- replay --------------------------------------------------------------------------------------

def replay(plan, journals, seed):
    """Every request again, sooner or later: C13."""
    draw, violations, count = random.Random(seed), [], 0
    for number, place in enumerate(plan["workstations"]):
        with requests.Session() as session:
            session.headers["Authorization"] = f"Bearer {place['key']}"
            for sent in read_requests(journals / f"{number}.jsonl"):
                if sent["why"] in ("new", "undo") and sent["status"] == 200:
                    violations += replay_one(session, plan["port"], sent, draw.random() < 0.1)
                    count += 1
    return {"replayed": count, "violations": violations}


def replay_one(session, port, sent, altered):
    url = f"http://127.0.0.1:{port}{sent['path']}"
    answer = session.post(url, json=sent["body"], timeout=30)
    if same_but_outcome(answer.text) != same_but_outcome(sent["text"]):
        yield f"C13: {sent['body']} was answered {sent['text']}, now {answer.status_code} {answer.text}"
    if altered and sent["path"] == SCANS:
        body = alter(sent["body"])
        answer = session.post(url, json=body, timeout=30)
        yield from check_altered(body, answer.status_code, answer.text)


def check_altered(body, status, text):
    """A single scan is refused with 409, in an array each by its result."""
    if isinstance(body, list):
        problems = [(r["problem"] or {}).get("code") for r in json.loads(text).get("results", [])]
        fits = status == 200 and problems == ["id_conflict"] * len(body)
    else:
        fits = status == 409 and json.loads(text).get("code") == "id_conflict"
    if not fits:
        yield f"C13: altered {body} was answered {status} {text}"


# --- check ---------------------------------------------------------------------------------------

class Judge:
    """Goes through the journals with models of its own, then compares with the dump."""

    def __init__(self, plan, journals):
        self.plan, self.journals = plan, journals
        self.violations = []
        self.posted = {}                        # (pharmacy, id): {movement_id, on_hand, act, scan, place}
        self.refused = set()                    # (pharmacy, id) that must have moved nothing
        self.sent = set()                       # (pharmacy, id)
        self.stock = collections.Counter()      # (pharmacy, product, lot)
        self.undone = {}                        # movement: the id that undid it

    def say(self, check, *words):
        self.violations.append(f"{check}: " + " ".join(str(word) for word in words))

    # The journals.

    def hear(self):
        for number, place in enumerate(self.plan["workstations"]):
            model, first = Model(), {}
            for sent in read_requests(self.journals / f"{number}.jsonl"):
                self.hear_one(sent, place, model, first)
            for (product, lot), count in model.stock.items():
                self.stock[place["pharmacy"], product, lot] += count
        for line in (self.journals / "looks.json").read_text(encoding="utf-8").splitlines():
            for row in json.loads(line)["negative"]:
                self.say("C5", row)

    def hear_one(self, sent, place, model, first):
        for answer in sent["vague"]:
            if answer["status"] != 0 and (answer["status"] != 503 or answer["retry_after"] is None):
                self.say("R", "an answer that says neither yes nor no nor when to ask again:", answer)
        if sent["status"] is None:
            self.say("R", "no definite answer to", sent["body"])
            return
        if sent["why"] == "new":
            self.hear_new(sent, place, model)
            first[as_list(sent["body"])[0]["id"]] = sent["text"]
        elif sent["why"] == "undo":
            self.hear_undo(sent, place, model)
        elif sent["why"] == "replay":
            before = first[as_list(sent["body"])[0]["id"]]
            if same_but_outcome(before) != same_but_outcome(sent["text"]):
                self.say("C13", sent["body"], "was answered", before, "then", sent["text"])
        else:
            self.violations += check_altered(sent["body"], sent["status"], sent["text"])

    def hear_new(self, sent, place, model):
        if sent["status"] != 200:
            self.say("R", sent["body"], "was answered", sent["status"], sent["text"])
            return
        results = json.loads(sent["text"])["results"]
        scans = as_list(sent["body"])
        if [r["id"] for r in results] != [s["id"] for s in scans]:
            self.say("R", "results are not in the order of", [s["id"] for s in scans])
        for act, scan, result in zip(sent["acts"], scans, results):
            self.hear_result(act, scan, result, place, model)

    def hear_result(self, act, scan, result, place, model):
        key = place["pharmacy"], scan["id"]
        self.sent.add(key)
        outcome = "posted" if result["outcome"] == "replayed" else result["outcome"]
        wanted = model.expect(act)
        got = outcome, (result["problem"] or {}).get("code")
        if wanted is not None and got != wanted or wanted is None and got[1] not in (None, "insufficient_stock"):
            self.say("R", scan, "should be", wanted, "was", got)
        if outcome != "posted":
            self.refused.add(key)
            return
        self.posted[key] = {"result": result, "act": act, "scan": scan, "place": place}
        if act.get("shared"):
            quantity = act["quantity"] if act["do"] == "receive" else -act["quantity"]
            self.stock[place["pharmacy"], act["product"], act["lot"]] += quantity
            return
        model.apply(act, result["movement_id"])
        if not model.fits(act["product"], result["on_hand"]):
            self.say("C10", "on_hand of", result, "does not follow from the answers before")

    def hear_undo(self, sent, place, model):
        if sent["status"] != 200:
            self.say("R", "undoing", sent["acts"], "was answered", sent["status"], sent["text"])
            return
        self.sent.add((place["pharmacy"], sent["body"]["id"]))
        movement = sent["acts"][0]["movement"]
        self.undone[movement] = sent["body"]["id"]
        model.undo(movement)

    # The dump.

    def compare(self, database):
        with psycopg2.connect(database) as connection, connection.cursor() as cursor:
            cursor.execute("SET search_path = yaoku")
            scans = fetch(cursor, "SELECT pharmacy_id, id::text, outcome::text, movement_id, on_hand FROM scan")
            moves = fetch(cursor, "SELECT m.pharmacy_id, m.id, m.product_id, l.lot, m.quantity, coalesce(m.quarantined, 0)"
                          " AS quarantined, m.kind::text, m.workstation, m.sequence, m.pack, m.reverses, m.lot_id"
                          " FROM movement m LEFT JOIN lot l ON l.pharmacy_id = m.pharmacy_id AND l.id = m.lot_id")
            lots = fetch(cursor, "SELECT pharmacy_id, id, product_id, lot, usable, quarantined FROM lot")
        rows = {(s["pharmacy_id"], s["id"]): s for s in scans}
        self.compare_posted(rows, {m["id"]: m for m in moves})
        self.compare_refused(rows)
        self.compare_ledger(scans, moves)
        self.compare_stock(moves, lots)
        self.compare_packs(moves)
        return {"acknowledged": len(self.posted), "refused": len(self.refused), "movements": len(moves)}

    def compare_posted(self, rows, moves):
        for key, fact in self.posted.items():
            row, act, scan, result = rows.get(key), fact["act"], fact["scan"], fact["result"]
            move = moves.get(result["movement_id"])
            if row is None or move is None:
                self.say("C1", "acknowledged and lost:", result)
                continue
            quantity = act["quantity"] if act["do"] == "receive" else -act["quantity"]
            wanted = (key[0], act["product"], act["lot"], quantity, act["do"], fact["place"]["name"], scan["sequence"],
                      act.get("pack"))
            got = tuple(move[name] for name in ("pharmacy_id", "product_id", "lot", "quantity", "kind", "workstation",
                                                "sequence", "pack"))
            if got != wanted or (row["movement_id"], row["on_hand"]) != (result["movement_id"], result["on_hand"]):
                self.say("C1", "acknowledged", result, "as", wanted, "but the ledger has", got, row)

    def compare_refused(self, rows):
        for key in self.refused:
            row = rows.get(key)
            if row is None:
                self.say("C1", "the answer to", key, "was not kept")
            elif row["movement_id"] is not None:
                self.say("C3", "refused, and moved all the same:", row)

    def compare_ledger(self, scans, moves):
        """C2: every movement of ours stands behind one id that was sent, and once."""
        names = {place["name"] for place in self.plan["workstations"]}
        of_movement = {s["movement_id"]: (s["pharmacy_id"], s["id"]) for s in scans if s["movement_id"] is not None}
        times = collections.Counter((m["workstation"], m["sequence"]) for m in moves if m["workstation"] in names)
        for who, count in times.items():
            if count > 1:
                self.say("C2", "counted", count, "times:", who)
        undoing = collections.Counter(m["reverses"] for m in moves if m["reverses"] is not None)
        for move in moves:
            ours = move["workstation"] in names or move["reverses"] in self.undone
            if ours and of_movement.get(move["id"]) not in self.sent:
                self.say("C2", "nobody sent", move)
        for movement in self.undone:
            if undoing[movement] != 1:
                self.say("C2", "undone", undoing[movement], "times:", movement)

    def compare_stock(self, moves, lots):
        sums, quarantined = collections.Counter(), collections.Counter()
        for move in moves:
            sums[move["pharmacy_id"], move["lot_id"]] += move["quantity"]
            quarantined[move["pharmacy_id"], move["lot_id"]] += move["quarantined"]
        there = {}
        for lot in lots:
            key = lot["pharmacy_id"], lot["id"]
            if (sums[key], quarantined[key]) != (lot["usable"], lot["quarantined"]):
                self.say("C4", "movements sum to", sums[key], quarantined[key], "but stock is", lot)
            if lot["usable"] < 0 or lot["quarantined"] < 0:
                self.say("C5", lot)
            there[lot["pharmacy_id"], lot["product_id"], lot["lot"]] = lot["usable"]
        for key, count in self.stock.items():
            if there.get(key, 0) != count:
                self.say("C4", "stock of", key, "should be", count, "is", there.get(key))

    def compare_packs(self, moves):
        dispensed = collections.Counter()
        for move in moves:
            if move["pack"] is not None and move["kind"] == "dispense":
                dispensed[move["pharmacy_id"], move["pack"]] -= move["quantity"]
        for pack, count in dispensed.items():
            if count not in (0, 1):
                self.say("C9", "dispensed", count, "times:", pack)


def fetch(cursor, query):
    cursor.execute(query)
    names = [column.name for column in cursor.description]
    return [dict(zip(names, row)) for row in cursor.fetchall()]


def check(plan, journals, database):
    judge = Judge(plan, journals)
    judge.hear()
    figures = judge.compare(database)
    return {**figures, "undone": len(judge.undone), "violations": judge.violations}


# --- commands ------------------------------------------------------------------------------------

def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("command", choices=["load", "replay", "check"])
    parser.add_argument("--plan", type=pathlib.Path, required=True)
    parser.add_argument("--journals", type=pathlib.Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", help="of check: conninfo")
    arguments = parser.parse_args()
    plan = json.loads(arguments.plan.read_text(encoding="utf-8"))
    if arguments.command == "load":
        found = Load(plan, arguments.journals, arguments.seed).run()
    elif arguments.command == "replay":
        found = replay(plan, arguments.journals, arguments.seed)
    else:
        found = check(plan, arguments.journals, arguments.database)
    found["checks"] = sorted({violation.split(":", maxsplit=1)[0] for violation in found["violations"]})
    found["violation_count"] = len(found["violations"])
    found["violations"] = found["violations"][:VIOLATIONS_SHOWN]
    print(json.dumps(found, ensure_ascii=False))
    return 1 if found["violations"] else 0


if __name__ == "__main__":
    sys.exit(main())
