"""`yaoku simulate`: small districts, so that a run takes seconds; the published figures are docs/simulation.md's."""
import json
import math
import os
import pathlib
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
YAOKU = os.environ.get("YAOKU", str(ROOT / "build/yaoku"))


def simulate(*arguments, expected=0):
    done = subprocess.run([YAOKU, "simulate", *arguments], capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == expected, done.stderr
    return done


def run(*arguments):
    return json.loads(simulate("--json", "--pharmacies", "3", *arguments).stdout)


@pytest.fixture(scope="module")
def small():
    return run("--seed", "1-2")


def policy(document, name):
    return next(one for one in document["policies"] if one["policy"] == name)


def test_all_policies_meet_the_same_worlds(small):
    assert [one["policy"] for one in small["policies"]] == ["manual", "best-manual", "minmax", "engine", "clairvoyant"]
    assert small["made_up"] is True
    assert len({world["fingerprint"] for world in small["worlds"]}) == 2


def test_stock_is_conserved_in_every_run(small):
    assert all(one["conserved"] for one in small["policies"])


def test_a_seed_gives_the_same_figures_whatever_runs_beside_it(small):
    alone = run("--seed", "2", "--policy", "engine")
    assert alone["worlds"] == small["worlds"][1:]
    for name in ("manual", "engine", "clairvoyant"):
        assert policy(alone, name)["outcomes"][0] == policy(small, name)["outcomes"][1]


def test_figures_are_what_their_outcomes_say(small):
    for one in small["policies"]:
        for seed in range(2):
            base, here = policy(small, "manual")["outcomes"][seed], one["outcomes"][seed]
            best = policy(small, "clairvoyant")["outcomes"][seed]
            wanted = {"inventory": here["inventory"] / base["inventory"] - 1,
                      "turnover": here["turnover"] / base["turnover"] - 1,
                      "write_off": here["write_off"] / base["write_off"] - 1,
                      "closeness": (base["inventory"] - here["inventory"]) / (base["inventory"] - best["inventory"]),
                      "fill": here["fill"], "stock_out": here["stock_out"]}
            for name, value in wanted.items():
                assert math.isclose(one[name]["by_seed"][seed], value, rel_tol=1e-6, abs_tol=1e-9), name
        for name in wanted:
            figure = one[name]
            mean = sum(figure["by_seed"]) / 2
            reach = 12.706 * abs(figure["by_seed"][0] - mean) / math.sqrt(1)      # t at one degree, sd / sqrt(2)
            assert math.isclose(figure["mean"], mean, rel_tol=1e-6, abs_tol=1e-9)
            assert math.isclose(figure["high"] - figure["mean"], reach, rel_tol=1e-5, abs_tol=1e-9)


def test_policies_come_out_in_their_order(small):
    inventory = {one["policy"]: one["inventory"]["mean"] for one in small["policies"]}
    assert inventory["clairvoyant"] < inventory["engine"] < inventory["minmax"] < 0
    engine, manual = policy(small, "engine"), policy(small, "manual")
    assert engine["fill"]["mean"] > manual["fill"]["mean"]
    assert policy(small, "clairvoyant")["fill"]["mean"] > 0.9999


@pytest.fixture(scope="module")
def usual():
    return run("--policy", "engine")


def engine_of(*arguments):
    return policy(run("--policy", "engine", *arguments), "engine")["outcomes"][0]


def test_stress_worlds_hurt(usual):
    here, outage = policy(usual, "engine")["outcomes"][0], engine_of("--stress", "outage")
    assert outage["fill"] < here["fill"]
    # The engine measures outages and keeps more where there are more.
    assert outage["inventory"] > here["inventory"]


def test_settings_move_the_engine_and_nobody_else(usual):
    here, careful = policy(usual, "engine")["outcomes"][0], run("--policy", "engine", "--fill-rate", "99.9")
    assert policy(careful, "manual")["outcomes"] == policy(usual, "manual")["outcomes"]
    assert policy(careful, "engine")["outcomes"][0]["inventory"] > here["inventory"]


def test_without_transfers_more_is_written_off(usual):
    here, alone = policy(usual, "engine")["outcomes"][0], engine_of("--no-transfers")
    assert alone["transfers"] == 0 < here["transfers"]
    assert alone["write_off"] > here["write_off"]


def test_table_names_every_policy_and_progress_goes_beside_it():
    done = simulate("--pharmacies", "3", "--policy", "minmax", "--progress")
    assert "conserved" in done.stdout and "minmax" in done.stdout and "all made up" in done.stdout
    shares = [float(line.split()[1]) for line in done.stderr.splitlines()]
    assert shares == sorted(shares) and shares[-1] == pytest.approx(1, abs=0.05)


@pytest.mark.parametrize("arguments", [
    ["--seed"], ["--seed", "x"], ["--seed", "5-1"], ["--seed", "1-1000"], ["--pharmacies", "2"], ["--pharmacies", "1e9"],
    ["--policy", "luck"], ["--stress", "war"], ["--fill-rate", "100"], ["--nothing"], ["stray"]])
def test_bad_arguments_are_told_in_one_line(arguments):
    done = simulate(*arguments, expected=2)
    assert done.stdout == "" and len(done.stderr.splitlines()) == 1 and done.stderr.startswith("yaoku: simulate: ")
