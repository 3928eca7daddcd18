"""`yaoku calc`: the reference values of inventory theory, the program's own rows, and bad input."""
import json
import math
import os
import pathlib
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
YAOKU = os.environ.get("YAOKU", str(ROOT / "build/yaoku"))
VECTORS = ROOT.parent / "shared/vectors/replenish.jsonl"
ROWS = [json.loads(line) for line in VECTORS.read_text(encoding="utf-8").splitlines()] if VECTORS.exists() else []


def calc(*lines):
    text = "".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines)
    done = subprocess.run([YAOKU, "calc"], input=text, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def ask(model, **inputs):
    return calc({"model": model, "inputs": inputs})[0]


def agrees(got, wanted, tolerance):
    if isinstance(wanted, list):
        return isinstance(got, list) and len(got) == len(wanted) and all(
            agrees(*pair, tolerance) for pair in zip(got, wanted))
    if wanted is None or isinstance(wanted, str):
        return got == wanted
    return isinstance(got, (int, float)) and abs(got - wanted) <= max(tolerance * abs(wanted), 1e-12 * (tolerance > 0))


@pytest.mark.skipif(not ROWS, reason="the vectors are not beside the checkout")
@pytest.mark.parametrize("row", ROWS, ids=[f"{i}-{row['model']}" for i, row in enumerate(ROWS)])
def test_vector(row):
    answer = ask(row["model"], **row["inputs"])
    for key, wanted in row["expected"].items():
        assert agrees(answer.get(key), wanted, row["tolerance"]), (key, answer, row["source"])


# Values that can be seen without a computer, or from a second formula.
OWN = [
    ("eoq", {"fixed_cost": 2, "holding_cost": 1, "demand_rate": 9}, {"order_quantity": 6.0, "cost": 6.0}),
    ("eoq_cost", {"fixed_cost": 2, "holding_cost": 1, "demand_rate": 9, "order_quantity": 3}, {"cost": 7.5}),
    ("wagner_whitin", {"holding_cost": 0, "fixed_cost": 5, "demand": [1, 2, 3]},
     {"order_quantities": [6, 0, 0], "cost": 5}),
    ("wagner_whitin", {"holding_cost": 100, "fixed_cost": 5, "demand": [1, 2, 3]},
     {"order_quantities": [1, 2, 3], "cost": 15}),
    ("newsvendor_normal", {"holding_cost": 1, "stockout_cost": 1, "demand_mean": 7, "demand_sd": 2},
     {"base_stock_level": 7.0, "cost": 4 / math.sqrt(2 * math.pi)}),
    ("normal_loss", {"x": 0, "mean": 0, "sd": 1}, {"n": 1 / math.sqrt(2 * math.pi)}),
    ("poisson_loss", {"x": 1, "mean": 2}, {"n": 1 + math.exp(-2), "n_bar": math.exp(-2)}),
    ("nbinom_loss", {"x": 1, "r": 1, "p": 0.5}, {"n": 0.5}),      # geometric
    ("gamma_loss", {"x": 2, "shape": 1, "scale": 2}, {"n": 2 * math.exp(-1)}),      # exponential
    ("safety_stock", {"cycle_service_level": 0.5, "demand_mean": 10, "demand_sd": 3, "lead_time": 4},
     {"safety_stock": 0.0, "reorder_point": 40.0}),
    ("reorder_fillrate_nbinom", {"fill_rate": 0.99, "order_quantity": 1, "leadtime_demand_mean": 0,
                                 "leadtime_demand_var": 0}, {"reorder_point": 0, "expected_short": 0}),
    ("croston", {"series": [0, 0, 6], "alpha": 0.1, "beta": 0.1}, {"next": 2}),
    ("ses", {"series": [4, 4, 4], "alpha": 0.9}, {"next": 4}),
    ("demand_class", {"series": [3, 3, 3]}, {"adi": 1, "cv2": 0, "cls": "smooth"}),
    ("demand_class", {"series": [0, 0, 0]}, {"adi": None, "cv2": None, "cls": None}),
    ("openlmis_adjusted_consumption", {"consumed": 10, "stockout_days": 45, "months": 3, "additional": 4},
     {"adjusted": 24}),
    ("msupply_amc", {"total_consumption": 30, "lookback_months": 1, "number_of_days": 30, "days_out_of_stock": 30},
     {"amc": 30}),
    ("msupply_suggested", {"min_mos": 1, "max_mos": 3, "amc": 0, "available_soh": 0}, {"suggested": 0}),
    ("issue", {"lots_received_expiry_qty": [[1, 9, 2], [2, 9, 2]], "quantity": 5, "rule": "fefo"},
     {"picks": [[1, 2], [2, 2]], "short": 1}),
    ("ewa", {"on_hand": [], "pipeline": [], "mean_daily_demand": 2, "horizon_L_plus_R": 3, "safety_stock": 1,
             "batch": 4, "issuing": "FEFO"}, {"inventory_position": 0, "deficit": 7, "order_quantity": 8}),
    ("round_order", {"need": 13, "multiple": 5, "moq": 0, "cap": 3}, {"order_quantity": 5}),
]


@pytest.mark.parametrize("model,inputs,wanted", OWN, ids=[f"{i}-{row[0]}" for i, row in enumerate(OWN)])
def test_own_row(model, inputs, wanted):
    answer = ask(model, **inputs)
    for key, value in wanted.items():
        assert agrees(answer[key], value, 1e-9), answer


def test_fill_rate_points_are_exact_where_the_mass_begins_to_vanish():
    """The reorder point is the first one whose shortage is allowed, from tiny means to large ones."""
    for mean in (0.02, 1, 30, 299, 301, 800, 5000):
        for ratio in (1, 1.05, 3, 15):
            for quantity in (1, 50, 5000):
                answer = ask("reorder_fillrate_nbinom", fill_rate=0.98, order_quantity=quantity,
                             leadtime_demand_mean=mean, leadtime_demand_var=mean * ratio)
                point, allowed = answer["reorder_point"], 0.02 * quantity
                loss = lambda x: ask("poisson_loss", x=x, mean=mean) if ratio == 1 else ask(  # noqa: E731
                    "nbinom_loss", x=x, r=mean / (ratio - 1), p=1 / ratio)
                assert loss(point)["n"] <= allowed + 1e-9
                assert point == 0 or loss(point - 1)["n"] > allowed - 1e-9
                assert math.isclose(answer["expected_short"], loss(point)["n"], abs_tol=1e-7 * max(mean, 1))


def test_a_higher_fill_rate_never_asks_for_less():
    points = [ask("reorder_fillrate_nbinom", fill_rate=rate, order_quantity=10, leadtime_demand_mean=4,
                  leadtime_demand_var=12)["reorder_point"] for rate in (0.5, 0.8, 0.9, 0.99, 0.999, 0.999999)]
    assert points == sorted(points) and points[0] < points[-1]


def test_best_policies_are_not_beaten_by_their_neighbours():
    costs = {"holding_cost": 3, "stockout_cost": 40, "fixed_cost": 20, "demand_mean": 5, "lead_time": 2}
    best = ask("rq_poisson_exact", **costs)
    for r in range(best["reorder_point"] - 2, best["reorder_point"] + 3):
        for q in range(max(1, best["order_quantity"] - 2), best["order_quantity"] + 3):
            other = ask("rq_cost_poisson", **costs, reorder_point=r, order_quantity=q)["cost"]
            assert other >= best["cost"] - 1e-9
    best = ask("ss_poisson_exact", **costs)
    for s in range(best["s"] - 2, best["s"] + 3):
        for up_to in range(best["S"] - 2, best["S"] + 3):
            assert ask("ss_cost_poisson", **costs, s=s, S=up_to)["cost"] >= best["cost"] - 1e-9


BAD = [
    ("no json", "syntax"),
    ("[1]", "syntax"),
    ('{"model":"eoq"}', "syntax"),
    ('{"model":"eoq","model":"eoq","inputs":{}}', "syntax"),
    ('{"model":"nothing","inputs":{}}', "unknown_model"),
    ('{"model":"eoq","inputs":{"fixed_cost":1}}', "invalid_input"),
    ('{"model":"eoq","inputs":{"fixed_cost":1,"holding_cost":0,"demand_rate":1}}', "invalid_input"),
    ('{"model":"eoq","inputs":{"fixed_cost":"1","holding_cost":1,"demand_rate":1}}', "invalid_input"),
    ('{"model":"croston","inputs":{"series":[],"alpha":0.1,"beta":0.1}}', "invalid_input"),
    ('{"model":"croston","inputs":{"series":[1,"a"],"alpha":0.1,"beta":0.1}}', "invalid_input"),
    ('{"model":"croston","inputs":{"series":[1],"alpha":2,"beta":0.1}}', "invalid_input"),
    ('{"model":"newsvendor_pmf","inputs":{"holding_cost":1,"stockout_cost":1,"demand_pmf":{"1":0.5}}}',
     "invalid_input"),
    ('{"model":"wagner_whitin","inputs":{"holding_cost":[1,2],"fixed_cost":1,"demand":[1,2,3]}}', "invalid_input"),
    ('{"model":"ss_cost_poisson","inputs":{"s":5,"S":5,"holding_cost":1,"stockout_cost":1,"demand_mean":1}}',
     "invalid_input"),
    ('{"model":"msh_consumption","inputs":{"total":1,"months":1,"stockout_days":40,"lead_time":1,'
     '"procurement_period":1,"on_hand":0}}', "invalid_input"),
    ('{"model":"issue","inputs":{"lots_received_expiry_qty":[[1,2]],"quantity":1,"rule":"fefo"}}', "invalid_input"),
    ('{"model":"issue","inputs":{"lots_received_expiry_qty":[],"quantity":1,"rule":"random"}}', "invalid_input"),
    ('{"model":"rq_eil","inputs":{"holding_cost":9,"stockout_cost":0.001,"fixed_cost":8,"demand_mean":1,'
     '"demand_sd":1,"lead_time":1}}', "out_of_range"),
    ('{"model":"eoq_cost","inputs":{"fixed_cost":1e308,"holding_cost":1,"demand_rate":1e308,"order_quantity":1}}',
     "out_of_range"),
]


@pytest.mark.parametrize("line,code", BAD, ids=[f"{i}-{row[1]}" for i, row in enumerate(BAD)])
def test_bad_line_is_answered_by_name_and_the_next_one_still_works(line, code):
    first, second = calc(line, {"model": "ses", "inputs": {"series": [1], "alpha": 0.5}})
    assert first["error"]["code"] == code and first["error"]["detail"]
    assert second["next"] == 1


def test_largest_inputs_end_in_time():
    huge = {"holding_cost": 1e-9, "stockout_cost": 1e9, "fixed_cost": 1e9}
    lines = [
        {"model": "wagner_whitin", "inputs": {"holding_cost": 0, "fixed_cost": 1, "demand": [1] * 1000}},
        {"model": "ss_poisson_exact", "inputs": {**huge, "demand_mean": 500, "lead_time": 100}},
        {"model": "rq_poisson_exact", "inputs": {**huge, "demand_mean": 500, "lead_time": 100}},
        {"model": "newsvendor_poisson", "inputs": {**huge, "demand_mean": 1e4, "lead_time": 100}},
        {"model": "reorder_fillrate_nbinom", "inputs": {"fill_rate": 1 - 1e-15, "order_quantity": 1e-300,
                                                        "leadtime_demand_mean": 1e4, "leadtime_demand_var": 1e300}},
    ]
    assert len(calc(*lines)) == len(lines)
