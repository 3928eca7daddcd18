"""`yaoku parse` over a table of our own, and over the shared vectors where they are at hand.

The binary is $YAOKU, or build/yaoku. The vectors are ../shared/vectors/gs1.jsonl beside the
checkout; their fields are described in ../shared/domain/barcodes.md 6.
"""
import base64
import json
import os
import pathlib
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
YAOKU = os.environ.get("YAOKU", str(ROOT / "build" / "yaoku"))
VECTORS = ROOT.parent / "shared" / "vectors" / "gs1.jsonl"

GS = "\x1d"
ITEM = "0109501101530003"

# Contract codes that may answer for a vector's rule. The upstream suites call a misspelt
# value in a link or between brackets "syntax", where we name what is wrong with it.
CODES = {
    "syntax": {"syntax", "unknown_ai", "empty", "transport", "content", "check_digit"},
    "content": {"content", "check_digit"},
    "mutex": {"mutex"},
    "repeat": {"repeat"},
    "digsig": {"association"},
}

# Strict vectors that upstream calls no GS1 data and the contract calls plain text: no key in it, no
# number, no identifier. They are answered as text, kind other, without elements.
PLAIN_TEXT = {"ftp://", "]Q1https://a/NOPRIMARYAI", "ABC", "abc"}

# name, line or JSON object, members expected in the answer (of an error: its code and place)
OWN = [
    ("data matrix of a pack", f"]d2{ITEM}1727123110aB-1/x_9{GS}21Zz0",
     {"ok": True, "kind": "gs1", "symbology": "gs1-datamatrix", "gtin": "09501101530003",
      "lot": "aB-1/x_9", "serial": "Zz0", "expiry": "2027-12-31", "expiry_precision": "day",
      "ambiguous": False, "hints": []}),
    ("whole month", f"]d2{ITEM}17270200",
     {"ok": True, "expiry": "2027-02-28", "expiry_precision": "month"}),
    ("pallet", "]C10037613032110910342002095011015300033748",
     {"ok": True, "sscc": "376130321109103420", "gtin": "09501101530003", "quantity": 48}),
    ("EAN-13", "6901234567892", {"ok": True, "kind": "gtin", "gtin": "06901234567892"}),
    ("SSCC", "376130321109103420", {"ok": True, "kind": "sscc", "sscc": "376130321109103420"}),
    ("trace code", "81012350000000157474",
     {"ok": True, "kind": "trace_code", "trace_code": "81012350000000157474"}),
    ("link", "https://id.gs1.org/01/09501101530003/10/AB?17=271231",
     {"ok": True, "kind": "digital_link", "gtin": "09501101530003", "lot": "AB",
      "expiry": "2027-12-31"}),
    ("brackets", "[01]09501101530003[10]A(B)",
     {"ok": True, "kind": "gs1", "gtin": "09501101530003", "lot": "A(B)"}),
    ("brackets around nothing", "()12345", {"ok": False, "code": "unknown_ai", "at": 1}),
    ("text", "SHELF A-12", {"ok": True, "kind": "other"}),
    ("approval number typed", "国药准字H21021039", {"ok": True, "kind": "other", "hint": "approval_number"}),
    ("national drug code typed", "86901110000020",
     {"ok": True, "kind": "gtin", "gtin": "86901110000020", "hint": "national_drug_code"}),
    ("insurance code typed", "XA02BCA184A001010100123",
     {"ok": True, "kind": "other", "hint": "insurance_code"}),
    ("a case, by its symbol", "]I186901110000020", {"ok": True, "kind": "gtin", "hint": None}),
    ("lost separator", f"{ITEM}10A17271231",
     {"ok": True, "lot": "A17271231", "ambiguous": True}),
    ("separator of the device", {"input": "101313{GS}15210526", "config": {"separator": "{GS}"}},
     {"ok": True, "lot": "1313"}),
    ("label name", {"input": ITEM, "symbology": "gs1-datamatrix"}, {"ok": True, "kind": "gs1"}),
    ("base64", {"input_base64": "XWQyMTcyNzEyMzE="}, {"ok": True, "expiry": "2027-12-31"}),
    ("check digit", "0109501101530004", {"ok": False, "code": "check_digit", "at": 15}),
    ("syntax", f"10A{GS}{GS}17271231", {"ok": False, "code": "syntax", "at": 4}),
    ("content", "]C117271301", {"ok": False, "code": "content", "at": 7}),
    ("mutex", f"{ITEM}0209501101530003", {"ok": False, "code": "mutex", "at": 16}),
    ("repeat", f"{ITEM}0109501101530010", {"ok": False, "code": "repeat", "at": 16}),
    ("association", f"2539501101530003{GS}8030abc", {"ok": False, "code": "association", "at": 0}),
    ("unknown identifier", "]C18912", {"ok": False, "code": "unknown_ai", "at": 3}),
    ("transport", "6901\x02234", {"ok": False, "code": "transport", "at": 4}),
    ("PPN", "[)>\x1e06\x1d9N111234567842\x1d1TABC\x1e\x04", {"ok": False, "code": "transport", "at": 0}),
    ("PPN behind a prefix", "]d1[)>\x1e06\x1d9N111234567842\x1e\x04", {"ok": False, "code": "transport", "at": 3}),
    ("PPN, controls lost", "[)>069N111234567842", {"ok": False, "code": "transport", "at": 0}),
    ("empty", "", {"ok": False, "code": "empty", "at": 0}),
    ("too long", "a" * 8193, {"ok": False, "code": "too_long", "at": 8192}),
    ("too long in JSON", {"input": "a" * 100_000}, {"ok": False, "code": "too_long", "at": 8192}),
    ("too long in base64", {"input_base64": base64.b64encode(b"\0" * 8193).decode()},
     {"ok": False, "code": "too_long", "at": 8192}),
    ("as long as may be", "a" * 8192, {"ok": True, "kind": "other"}),
    ("as long as may be, a fault at the end", "a" * 8190 + "\x02b", {"ok": False, "code": "transport", "at": 8190}),
    ("a label of long values", "]d2" + GS.join(["91" + "A" * 90] * 60), {"ok": True, "kind": "gs1"}),
    ("more elements than a label has", "]d2" + "2012" * 65, {"ok": False, "code": "too_long"}),
    ("NUL inside, in JSON", {"input": "6901\0234"}, {"ok": False, "code": "transport", "at": 4}),
    ("NUL inside, in base64", {"input_base64": "NjkwMQAyMzQ="}, {"ok": False, "code": "transport", "at": 4}),
    ("no UTF-8 behind a prefix", {"input_base64": base64.b64encode(b"]d210A\xff").decode()},
     {"ok": False, "code": "content", "at": 6}),
    ("no UTF-8 alone", {"input_base64": "//4="}, {"ok": True, "kind": "other"}),
    ("no base64", {"input_base64": "6901-"}, {"ok": False, "code": "transport", "at": 0}),
    ("neither input", {"symbology": "ean-13"}, {"ok": False, "code": "empty", "at": 0}),
    ("input of another type", {"input": 6901234567892}, {"ok": False, "code": "empty", "at": 0}),
    ("nulls", {"input": "6901234567892", "input_base64": None, "symbology": None, "config": None, "mode": None},
     {"ok": True, "kind": "gtin"}),
    ("empty settings", {"input": "6901234567892", "symbology": "", "config": {"separator": ""}},
     {"ok": True, "kind": "gtin"}),
    ("null separator", {"input": f"10A{GS}21B", "config": {"separator": None}}, {"ok": True, "lot": "A", "serial": "B"}),
    ("members of others", {"input": "6901234567892", "id": 7, "expected": {"ok": False}, "kind": "gs1"},
     {"ok": True, "kind": "gtin"}),
    ("prefix in the symbology", {"input": ITEM, "symbology": "]d2"}, {"ok": True, "symbology": "gs1-datamatrix"}),
    ("prefix in both", {"input": f"]d2{ITEM}", "symbology": "]C0"}, {"ok": True, "symbology": "gs1-datamatrix"}),
    ("lenient", {"input": f"10A{GS}{GS}17271231", "mode": "lenient"}, {"ok": True, "lot": "A", "expiry": "2027-12-31"}),
    ("lenient, short GTIN in a link", {"input": "https://a/01/9501101530003", "config": {"lenient": True}},
     {"ok": True, "gtin": "09501101530003"}),
    ("strict, short GTIN in a link", "https://a/01/9501101530003", {"ok": False, "code": "syntax"}),
    ("brace that is no JSON", '{"input":', {"ok": True, "kind": "other"}),
]


def parse(lines):
    """Answers of one run of the command, one for each line (text, or an object for JSON)."""
    text = "".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines)
    run = subprocess.run([YAOKU, "parse"], input=text.encode(), stdout=subprocess.PIPE, check=True)
    answers = [json.loads(line) for line in run.stdout.decode().splitlines()]
    assert len(answers) == len(lines)
    return answers


@pytest.fixture(scope="module", autouse=True)
def binary():
    if not os.access(YAOKU, os.X_OK):
        pytest.skip(f"{YAOKU} is not built")


@pytest.mark.parametrize("line,expected", [row[1:] for row in OWN], ids=[row[0] for row in OWN])
def test_own_table(line, expected):
    answer = parse([line])[0]
    seen = {**answer, **answer.get("error", {})}
    seen["hint"] = next((hint["code"] for hint in answer.get("hints", [])), None)
    assert {name: seen.get(name) for name in expected} == expected
    if not answer["ok"]:
        assert answer["error"]["detail"]


def test_lines_of_any_bytes():
    """NUL, bytes that are no UTF-8, a line end of two bytes, a long line between, none at the end."""
    lines = [b"6901\x00234", b"\xff\xfe", b"6901234567892\r", b"]C110A\xe9", b"a" * 1_000_000, b"6901234567892"]
    run = subprocess.run([YAOKU, "parse"], input=b"\n".join(lines), stdout=subprocess.PIPE, check=True)
    answers = [json.loads(line) for line in run.stdout.splitlines()]
    seen = [answer.get("kind") or (answer["error"]["code"], answer["error"]["at"]) for answer in answers]
    assert seen == [("transport", 4), "other", "gtin", ("content", 6), ("too_long", 8192), "gtin"]


@pytest.mark.parametrize("command", ["echo 6901234567892 | $YAOKU parse >/dev/full", "$YAOKU parse </"])
def test_streams_that_fail(command):
    """Neither scans nor answers are lost without a word."""
    run = subprocess.run(["sh", "-c", command], env={**os.environ, "YAOKU": YAOKU}, stdout=subprocess.PIPE,
                         stderr=subprocess.PIPE, check=False)
    assert run.returncode == 3
    assert run.stderr.startswith(b"yaoku: parse: ") and run.stderr.count(b"\n") == 1


def vectors():
    if not VECTORS.exists():
        return []
    return [json.loads(line) for line in VECTORS.read_text().splitlines()]


@pytest.fixture(scope="module")
def answers():
    """Answers to all vectors, by their place in the file."""
    names = ("input", "symbology", "config", "mode")
    return parse([{name: v[name] for name in names if name in v} for v in vectors()])


@pytest.mark.skipif(not VECTORS.exists(), reason="no vectors beside the checkout")
@pytest.mark.parametrize("place,vector", list(enumerate(vectors())),
                         ids=[f"{n}-{v['kind']}" for n, v in enumerate(vectors(), 1)])
def test_vector(answers, place, vector):
    answer = answers[place]
    accepted = vector["parse_ok"] and vector["rule"] not in ("mutex", "repeat", "digsig")
    text = vector["kind"] == "plain" or vector["input"] in PLAIN_TEXT
    assert answer["ok"] == (accepted or text), answer
    assert (answer.get("kind") == "other") == text, answer
    if accepted:
        assert answer.get("elements", []) == vector["elements"]
    assert ("gtin" in answer) == any(ai in ("01", "02", "03", "8006", "8026") for ai, _ in answer.get("elements", []))
    if "ambiguous" in vector:
        assert answer["ambiguous"] == vector["ambiguous"]
    if not answer["ok"]:
        assert answer["error"]["code"] in CODES[vector["rule"]]
    if vector["rule"] == "requisite":
        assert "companion_missing" in [hint["code"] for hint in answer["hints"]]
    if "iso_date" in vector and "expiry" in answer:
        assert answer["expiry"] == vector["iso_date"]
