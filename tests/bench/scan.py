"""./dev bench scan: single scans through the service, against pgbench doing the same work in SQL.

Both work in turn on one private cluster with the demo district: the service's
client posts GS1 dispensing scans with API keys over keep-alive connections; pgbench
(-M prepared) runs the fastest of a few formulations of the same work: idempotent
insert of the scan, its movement, the lot's stock. The service checks everything it
always checks; pgbench checks nothing but the scan's key. Afterwards `yaoku verify`
must find the ledger whole.

  scan.py [--quick] [--rounds N] [--seconds S] [--connections 1,32,128,512] [--json FILE]

Prints a table and writes build/bench/scan.json.
"""
import argparse
import contextlib
import datetime
import glob
import hashlib
import json
import os
import pathlib
import random
import re
import resource
import secrets
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))
from conftest import YAOKU, Service, private_directory  # noqa: E402  (the tests' own fixture)

OUT = ROOT / "build/bench"
SEED = 20250701
PLENTY = 5_000_000            # packs of every lot: no threshold is reached, no lot runs out
CLOCK_TICK = os.sysconf("SC_CLK_TCK")

# The same work in SQL. :target is a row of bench_target; the id counts upwards as a UUIDv7 does.
PREPARE_LINES = r"""\set target random(:first, :last)
\set count :count + 1
\set high 1801439850948198400 + :run * 4294967296 + :count
\set low random(1152921504606846976, 9223372036854775806)
"""
SCAN_ID = "(to_hex(:high::bigint) || to_hex(:low::bigint))::uuid"
INTO_SCAN = "INSERT INTO scan (pharmacy_id, id, payload, movement_id, outcome, on_hand)"
INTO_MOVEMENT = """INSERT INTO movement (pharmacy_id, id, lot_id, product_id, quantity, kind, operator_id, sender_id)
	OVERRIDING SYSTEM VALUE"""
FORMULATIONS = {
    "one CTE": f"""WITH t AS (
	SELECT * FROM bench_target WHERE n = :target
), new AS (
	{INTO_SCAN}
	SELECT t.pharmacy_id, {SCAN_ID}, t.payload, nextval('movement_id_seq'), 'posted', 0 FROM t
	ON CONFLICT (pharmacy_id, id) DO NOTHING RETURNING movement_id
), moved AS (
	{INTO_MOVEMENT}
	SELECT t.pharmacy_id, new.movement_id, t.lot_id, t.product_id, -1, 'dispense', t.account_id, t.account_id FROM new, t
)
UPDATE lot l SET usable = l.usable - 1 FROM new, t
WHERE l.pharmacy_id = t.pharmacy_id AND l.id = t.lot_id RETURNING l.usable;
""",
    "one CTE, target joined": f"""WITH new AS (
	{INTO_SCAN}
	SELECT t.pharmacy_id, {SCAN_ID}, t.payload, nextval('movement_id_seq'), 'posted', 0
	FROM bench_target t WHERE t.n = :target
	ON CONFLICT (pharmacy_id, id) DO NOTHING RETURNING movement_id
), moved AS (
	{INTO_MOVEMENT}
	SELECT t.pharmacy_id, new.movement_id, t.lot_id, t.product_id, -1, 'dispense', t.account_id, t.account_id
	FROM new, bench_target t WHERE t.n = :target
)
UPDATE lot l SET usable = l.usable - 1 FROM new, bench_target t
WHERE t.n = :target AND l.pharmacy_id = t.pharmacy_id AND l.id = t.lot_id RETURNING l.usable;
""",
    "PL/pgSQL function": f"SELECT bench_post(:target, {SCAN_ID});\n",
}
BENCH_SCHEMA = (f"""
CREATE TABLE bench_target (n int PRIMARY KEY, pharmacy_id int NOT NULL, lot_id bigint NOT NULL, product_id int NOT NULL,
	account_id int NOT NULL, payload uuid NOT NULL, gtin text NOT NULL, lot text NOT NULL, expiry text NOT NULL);
""", """
INSERT INTO bench_target
SELECT row_number() OVER (ORDER BY f.pharmacy_id, f.product_id), f.pharmacy_id, f.id, f.product_id, a.id, gen_random_uuid(),
	p.gtin, f.lot, to_char(f.expiry, CASE WHEN f.expiry_day_known THEN 'YYMMDD' ELSE 'YYMM00' END)
FROM (
	SELECT DISTINCT ON (l.pharmacy_id, l.product_id) l.*
	FROM lot l JOIN pharmacy ph ON ph.id = l.pharmacy_id
	WHERE l.usable > 0 AND l.expiry >= today(ph.time_zone) + ph.dispensing_lock_days
		AND NOT EXISTS (SELECT FROM recall r WHERE r.product_id = l.product_id AND r.lot = l.lot AND r.lifted_at IS NULL)
	ORDER BY l.pharmacy_id, l.product_id, l.expiry, l.id
) f
JOIN product p ON p.id = f.product_id
JOIN account a ON a.pharmacy_id = f.pharmacy_id AND a.kind = 'program';
""", f"""
WITH t AS (
	INSERT INTO movement (pharmacy_id, lot_id, product_id, quantity, kind, operator_id, sender_id)
	SELECT pharmacy_id, lot_id, product_id, {PLENTY}, 'opening', account_id, account_id FROM bench_target
)
UPDATE lot l SET usable = l.usable + {PLENTY} FROM bench_target b WHERE l.pharmacy_id = b.pharmacy_id AND l.id = b.lot_id;
""", f"""
CREATE FUNCTION bench_post(_target int, _id uuid) RETURNS int LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
DECLARE
	t bench_target;
	moved bigint;
	left_over int;
BEGIN
	SELECT * INTO t FROM bench_target WHERE n = _target;
	{INTO_SCAN} VALUES (t.pharmacy_id, _id, t.payload, nextval('movement_id_seq'), 'posted', 0)
	ON CONFLICT (pharmacy_id, id) DO NOTHING RETURNING movement_id INTO moved;
	IF moved IS NOT NULL THEN
		{INTO_MOVEMENT} VALUES (t.pharmacy_id, moved, t.lot_id, t.product_id, -1, 'dispense', t.account_id, t.account_id);
		UPDATE lot SET usable = usable - 1 WHERE pharmacy_id = t.pharmacy_id AND id = t.lot_id RETURNING usable INTO left_over;
	END IF;
	RETURN left_over;
END $$;
""", "VACUUM ANALYZE lot, movement, bench_target")


# --- what is measured ---

def process_cpu(pid, waited=False):
    """CPU seconds of a process; with the ended children that it has waited for."""
    try:
        fields = pathlib.Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(") ", 1)[1].split()
    except OSError:
        return 0.0
    return sum(int(fields[i]) for i in (range(11, 15) if waited else range(11, 13))) / CLOCK_TICK


def children(pid):
    return pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()


def pss_mib(pid):
    text = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    return int(re.search(r"^Pss:\s+(\d+) kB", text, re.M).group(1)) / 1024


class Cluster:
    """The service under test and its private PostgreSQL."""

    def __init__(self, service):
        self.service = service
        self.connection = service.database()
        self.postmaster = service.postmaster()

    def query(self, text):
        with self.connection.cursor() as cursor:
            cursor.execute(text)
            return cursor.fetchall()

    def run(self, statements):
        with self.connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)

    def settle(self, seconds=30):
        """Wait until the sealer has nothing left of the demo's history and of the run before."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and self.query(
                "SELECT sealed_to < (SELECT last_value FROM movement_id_seq) FROM sealer")[0][0]:
            time.sleep(0.2)

    def cpu(self):
        """CPU seconds so far: worker, PostgreSQL."""
        worker = sum(process_cpu(pid) for pid in self.service.workers())
        postgres = process_cpu(self.postmaster, waited=True) + sum(process_cpu(p) for p in children(self.postmaster))
        return worker, postgres

    def written(self):
        """Bytes of WAL, bytes of the relations, scans so far."""
        return self.query("""SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn,
			(SELECT sum(pg_total_relation_size(r)) FROM unnest(ARRAY['scan', 'movement', 'lot']::regclass[]) r),
			(SELECT last_value FROM movement_id_seq)""")[0]


class Window:
    """CPU shares (in cores) and bytes per scan between begin() and end()."""

    def __init__(self, cluster):
        self.cluster = cluster

    def begin(self):
        self.at, self.cpu, self.written = time.monotonic(), self.cluster.cpu(), self.cluster.written()

    def end(self):
        seconds, cpu, written = time.monotonic() - self.at, self.cluster.cpu(), self.cluster.written()
        wal, size, scans = (int(b - a) for a, b in zip(self.written, written))
        return {
            "worker_cores": (cpu[0] - self.cpu[0]) / seconds,
            "postgres_cores": (cpu[1] - self.cpu[1]) / seconds,
            "relation_bytes_per_scan": size / max(scans, 1),
            "wal_bytes_per_scan": wal / max(scans, 1),
        }


# --- the two contenders ---

class ServiceLoad:
    name = "yaoku"

    def __init__(self, cluster, client, plans):
        self.cluster, self.client, self.plans = cluster, client, plans

    def measure(self, workload, connections, warm, seconds):
        window = Window(self.cluster)
        command = [self.client, self.cluster.service.port, self.plans[workload], connections, warm, seconds]
        with subprocess.Popen([str(c) for c in command], stdout=subprocess.PIPE, text=True) as process:
            if process.stdout.readline().strip() != "measuring":
                raise SystemExit(f"scan: the client stopped early\n{self.cluster.service.log[-2000:]}")
            window.begin()
            time.sleep(seconds * 0.9)
            memory = max(pss_mib(pid) for pid in self.cluster.service.workers())
            line = process.stdout.readline()
            shares = window.end()
        result = json.loads(line)
        result["client_cores"] = result.pop("cpu_seconds") / result["seconds"]
        if result["errors"]:
            print(f"scan: {result['errors']} errors, the first: {result['first_error']}", file=sys.stderr)
        return {**result, **shares, "worker_pss_mib": memory}


class PgbenchLoad:
    name = "pgbench"

    def __init__(self, cluster, directory, ranges):
        self.cluster, self.directory, self.ranges = cluster, pathlib.Path(directory), ranges
        self.program = sorted(glob.glob("/usr/lib/postgresql/*/bin/pgbench"))[-1]
        self.runs = 0
        self.formulation, self.threads = "one CTE", 1

    def command(self, workload, connections, seconds):
        script = self.directory / "script.sql"
        script.write_text(PREPARE_LINES + FORMULATIONS[self.formulation], encoding="utf-8")
        first, last = self.ranges[workload]
        self.runs += 1
        values = {"first": first, "last": last, "run": self.runs, "count": 0}
        return [self.program, "--no-vacuum", "--protocol=prepared", f"--client={connections}",
                f"--jobs={min(self.threads, connections)}", f"--time={seconds}", "--progress=1", f"--file={script}",
                "--log", f"--log-prefix={self.directory / 'log'}", "--sampling-rate=0.2",
                *[f"--define={name}={value}" for name, value in values.items()],
                "--host", self.cluster.service.socket_directory(), "--username=postgres", "yaoku"]

    def latencies(self, after):
        found = []
        for path in self.directory.glob("log.*"):
            for line in path.read_text(encoding="ascii").splitlines():
                fields = line.split()
                if int(fields[4]) + int(fields[5]) / 1e6 >= after:
                    found.append(int(fields[2]) / 1000)
            path.unlink()
        return sorted(found) or [0.0]

    def measure(self, workload, connections, warm, seconds):
        warm = max(1, round(warm))
        window = Window(self.cluster)
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        start = time.time()
        window.begin()
        done = subprocess.run(self.command(workload, connections, warm + round(seconds)), check=False, text=True,
                              capture_output=True, env={**os.environ, "PGOPTIONS": "-c search_path=yaoku,pg_temp"})
        shares = window.end()
        if done.returncode != 0:
            raise SystemExit(f"scan: pgbench failed\n{done.stderr[-2000:]}")
        rates = [float(rate) for rate in re.findall(r"^progress: [\d.]+ s, ([\d.]+) tps", done.stderr, re.M)]
        latency = self.latencies(start + warm)
        end = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = end.ru_utime + end.ru_stime - used.ru_utime - used.ru_stime
        return {
            "connections": connections, "per_second": statistics.fmean(rates[warm:] or rates),
            "p50_ms": latency[len(latency) // 2], "p99_ms": latency[int(len(latency) * 0.99)],
            "client_cores": cpu / (time.time() - start), **shares,
        }

    def choose(self, seconds):
        """Keep the formulation and the number of threads that are fastest at 32 clients."""
        tried = {}
        for self.formulation in FORMULATIONS:
            for self.threads in (1, 2):
                tried[self.formulation, self.threads] = self.measure("uniform", 32, 1, seconds)["per_second"]
        self.formulation, self.threads = max(tried, key=tried.get)
        return [{"formulation": f, "threads": t, "per_second": rate} for (f, t), rate in tried.items()]


# --- the stage ---

def make_keys(cluster):
    """One agent key for each pharmacy: {pharmacy_id: KEYID.SECRET}."""
    keys = {}
    with cluster.connection.cursor() as cursor:
        cursor.execute("SELECT id FROM pharmacy ORDER BY id")
        for (pharmacy,) in cursor.fetchall():
            secret, login = secrets.token_hex(32), f"bench{pharmacy}"
            cursor.execute("INSERT INTO account (kind, role, pharmacy_id, login, name, secret)"
                           " VALUES ('program', 'clerk', %s, %s, %s, %s)",
                           (pharmacy, login, "bench", hashlib.sha256(secret.encode()).hexdigest()))
            keys[pharmacy] = f"{login}.{secret}"
    return keys


def write_plan(path, targets, keys):
    """Lines KEY<TAB>BODY, shuffled; half of the scans name their symbology by the AIM prefix."""
    draw = random.Random(SEED)
    lines = []
    for number, (pharmacy, gtin, lot, expiry) in enumerate(targets):
        code = f"{']d2' if number % 2 else ''}01{gtin}17{expiry}10{lot}"
        body = {"id": "@ID@", "movement": "dispense", "code": code}
        lines.append(f"{keys[pharmacy]}\t{json.dumps(body, separators=(',', ':'))}\n")
    draw.shuffle(lines)
    path.write_text("".join(lines), encoding="utf-8")


def make_plans(cluster, directory, keys):
    """Plan files and ranges of bench_target: {workload: …}. The hot pharmacy is the one with the most products."""
    targets = cluster.query("SELECT n, pharmacy_id, gtin, lot, expiry FROM bench_target ORDER BY n")
    by_pharmacy = {}
    for n, pharmacy, *pack in targets:
        by_pharmacy.setdefault(pharmacy, []).append((n, pharmacy, *pack))
    hot = max(by_pharmacy.values(), key=len)
    plans, ranges = {}, {}
    for workload, rows in {"uniform": targets, "hot": hot}.items():
        plans[workload] = pathlib.Path(directory) / f"{workload}.plan"
        write_plan(plans[workload], [row[1:] for row in rows], keys)
        ranges[workload] = rows[0][0], rows[-1][0]
    return plans, ranges, {"pharmacies": len(by_pharmacy), "products": len(targets), "hot_products": len(hot)}


def compile_client():
    source, program = ROOT / "tests/bench/scan_client.c", OUT / "scan_client"
    if not program.exists() or program.stat().st_mtime < source.stat().st_mtime:
        subprocess.run(["cc", "-O2", "-std=gnu11", "-D_GNU_SOURCE", "-o", program, source], check=True)
    return program


@contextlib.contextmanager
def running_service(most_connections):
    """One worker, the demo district, and room for as many pgbench clients as the service has connections."""
    service = Service(private_directory(), "--demo", "--workers", 1)
    service.data.mkdir(mode=0o700)
    settings = service.data / "postgresql.conf"
    settings.write_text(f"max_connections = {most_connections + 50}\n", encoding="ascii")
    owner = service.directory.stat()
    for path in (service.data, settings):
        os.chown(path, owner.st_uid, owner.st_gid)
    try:
        yield service.start()
    finally:
        service.clean()


def verify(service):
    done = subprocess.run([YAOKU, "verify", "--data", service.data], capture_output=True, text=True, check=False)
    return done.returncode, (done.stdout + done.stderr).strip()


def describe(cluster):
    settings = cluster.query("SELECT name, current_setting(name) FROM unnest(ARRAY['server_version', 'fsync',"
                             " 'synchronous_commit', 'full_page_writes', 'wal_compression', 'shared_buffers',"
                             " 'max_connections', 'data_checksums']) AS name")
    cpu = re.search(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text(encoding="ascii", errors="replace"))
    return {"at": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"),
            "processors": os.cpu_count(), "processor": cpu.group(1) if cpu else "unknown",
            "load_average_before": os.getloadavg()[0], "settings": dict(settings)}


# --- the run ---

def median(rounds):
    """Round by round results to one: the median of each figure."""
    return {name: statistics.median(r[name] for r in rounds) for name in rounds[0]
            if isinstance(rounds[0][name], (int, float))}


def compare(contenders, workload, connections, arguments):
    """Rounds of both, taking turns to go first."""
    rounds = {one.name: [] for one in contenders}
    for number in range(arguments.rounds):
        for one in contenders if number % 2 == 0 else reversed(contenders):
            rounds[one.name].append(one.measure(workload, connections, arguments.warm, arguments.seconds))
    service, peer = median(rounds["yaoku"]), median(rounds["pgbench"])
    return {"workload": workload, "connections": connections, "yaoku": service, "pgbench": peer,
            "ratio": service["per_second"] / peer["per_second"], "rounds": rounds}


HEADER = ("workload  conn │  scans/s  p50 ms  p99 ms  worker  postgr  client   MiB │  pgb/s  p50 ms  p99 ms"
          "  postgr  client │ ratio │ bytes/scan  WAL/scan  pgb WAL")


def row(result):
    s, p = result["yaoku"], result["pgbench"]
    return (f"{result['workload']:8} {result['connections']:5} │ {s['per_second']:8.0f} {s['p50_ms']:7.2f} {s['p99_ms']:7.2f}"
            f" {s['worker_cores']:7.2f} {s['postgres_cores']:7.2f} {s['client_cores']:7.2f} {s['worker_pss_mib']:5.0f} │"
            f" {p['per_second']:6.0f} {p['p50_ms']:7.2f} {p['p99_ms']:7.2f} {p['postgres_cores']:7.2f} {p['client_cores']:7.2f} │"
            f" {result['ratio']:5.2f} │ {s['relation_bytes_per_scan']:10.0f} {s['wal_bytes_per_scan']:9.0f}"
            f" {p['wal_bytes_per_scan']:8.0f}")


def conclude(report):
    """Lines that hold the figures against the targets."""
    results = report["results"]
    if report["load_average_before"] > 0.5:
        yield f"other work was running (load average {report['load_average_before']:.1f} before): the figures are too low"
    for result in results:
        if (result["workload"], result["connections"]) == ("uniform", 128):
            s, p = result["yaoku"], result["pgbench"]
            yield f"uniform, 128 connections: {result['ratio']:.2f} × pgbench (at least 2, aim 3); " \
                  f"p99 {s['p99_ms']:.1f} ms against {p['p99_ms']:.1f} ms"
        if result["connections"] == 512:
            yield f"{result['workload']}, 512 connections: {result['yaoku']['worker_pss_mib']:.0f} MiB for the worker (at most 50)"
    errors = sum(r["errors"] for result in results for r in result["rounds"]["yaoku"])
    yield f"errors: {errors}; yaoku verify: exit {report['verify_exit']}"


def bench(arguments):
    OUT.mkdir(parents=True, exist_ok=True)
    client = compile_client()
    with running_service(max(arguments.connections)) as service, tempfile.TemporaryDirectory() as directory:
        cluster = Cluster(service)
        report = describe(cluster)
        keys = make_keys(cluster)
        cluster.run(BENCH_SCHEMA)
        plans, ranges, report["stage"] = make_plans(cluster, directory, keys)
        peer = PgbenchLoad(cluster, directory, ranges)
        contenders = [ServiceLoad(cluster, client, plans), peer]
        cluster.settle()
        report["formulations"] = peer.choose(2 if arguments.quick else 3)
        cluster.settle()
        print(f"{report['stage']}\npgbench: {peer.formulation}, {peer.threads} threads; of "
              + ", ".join(f"{f['formulation']}/{f['threads']} {f['per_second']:.0f}/s" for f in report["formulations"]))
        print("cores used: worker, PostgreSQL, client; MiB: PSS of the worker; bytes: scan + movement + lot with indexes\n"
              + HEADER, flush=True)
        report["results"] = []
        for workload in ("uniform", "hot"):
            for connections in arguments.connections:
                report["results"].append(compare(contenders, workload, connections, arguments))
                print(row(report["results"][-1]), flush=True)
        code, report["verify"] = verify(service)
    report["verify_exit"] = code
    arguments.json.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    print("\n".join(conclude(report)))
    return 0 if code == 0 else 1


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--quick", action="store_true", help="32 and 128 connections, one short round")
    parser.add_argument("--json", type=pathlib.Path, default=OUT / "scan.json", help="where the figures go")
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--seconds", type=float)
    parser.add_argument("--connections", type=lambda text: [int(n) for n in text.split(",")])
    arguments = parser.parse_args()
    arguments.rounds = arguments.rounds or (1 if arguments.quick else 3)
    arguments.seconds = arguments.seconds or (2 if arguments.quick else 3)
    arguments.warm = 1
    arguments.connections = arguments.connections or ([32, 128] if arguments.quick else [1, 32, 128, 512])
    return bench(arguments)


if __name__ == "__main__":
    sys.exit(main())
