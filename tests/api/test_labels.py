"""Labels through decoders that are none of ours: parse(draw(x)) = x.

Every symbology, SVG as rsvg-convert draws it and PNG, at 203 and 300 dots per inch, is read by ZXingReader and by
zbarimg or, where that knows no Data Matrix, dmtxread: the same bytes from both. Then generated contents, in turn
through the formats and resolutions; a failure says the seed, LABEL_SEED repeats it, YAOKU_LONG=1 draws more. ZPL is
read by an interpreter of the guide's rules (zpl.py).
"""
import base64
import collections
import itertools
import json
import os
import random
import re
import stat
import string
import subprocess
import xml.etree.ElementTree as ElementTree

import picture
import pytest
import zpl
from conftest import YAOKU

GS = "\x1d"
CSET82 = "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
PREDEFINED = {"00", "01", "02", "03", "11", "12", "13", "15", "16", "17", "20"}
SYMBOLOGIES = ["gs1-datamatrix", "gs1-128", "gs1-qr", "ean-13", "itf-14", "code-128"]
GS1 = SYMBOLOGIES[:3]
MATRIX = {"gs1-datamatrix", "gs1-qr"}
IDENTIFIERS = dict(zip(SYMBOLOGIES, ["]d2", "]C1", "]Q3", "]E0", "]I1", "]C0"]))
ZBAR = {"gs1-128": "code128", "gs1-qr": "qrcode", "ean-13": "ean13", "itf-14": "i25", "code-128": "code128"}
QUIET = dict(zip(SYMBOLOGIES, [(1, 1), (10, 10), (4, 4), (11, 7), (10, 10), (10, 10)]))    # modules, by GS1
NARROWEST = dict(zip(SYMBOLOGIES, [0.254, 0.170, 0.254, 0.264, 0.250, 0.170]))             # mm, by GS1
BARS_MAX = 48
SEED = int(os.environ.get("LABEL_SEED", random.randrange(10**6)))
ROUNDS = 600 if os.environ.get("YAOKU_LONG") else 60

# What is drawn, what a scanner sends for it, and what it means.
Content = collections.namedtuple("Content", "symbology text data elements")


def of_elements(symbology, elements):
    """Content of GS1 elements, with FNC1 as the General Specifications 7.8 want it."""
    parts = [ai + value + (GS if ai not in PREDEFINED else "") for ai, value in elements]
    return Content(symbology, "".join(f"[{ai}]{value}" for ai, value in elements), "".join(parts).removesuffix(GS),
                   [list(e) for e in elements])


def of_number(symbology, number, typed=None):
    return Content(symbology, typed or number, number, [["01", number.zfill(14)]])


def of_text(text):
    return Content("code-128", text, text, None)


PACK = [("01", "06901234567892"), ("17", "271231"), ("10", "LOT-A1"), ("21", "SN0001")]
HARD = [("01", "09501101530003"), ("17", "280200"), ("10", "aB_1/x<9>&\""), ("21", "__>8'%")]
TABLE = [of_elements(symbology, elements) for symbology in GS1 for elements in (PACK, HARD)] + [
    of_elements("gs1-qr", [("21", "A%B%%C"), ("30", "18604317")]),
    of_number("ean-13", "6901234567892"), of_number("ean-13", "6901234567892", "690123456789"),
    of_number("itf-14", "16901234567899"), of_number("itf-14", "16901234567899", "1690123456789"),
    of_text("81012350000000157474"), of_text("^FS~JA\\ >8<&>'\"_{|}`@#$[]"), of_text("CONFIRM")]


# ---------------------------------------------------------------- drawing and reading

def label(*words):
    return subprocess.run([YAOKU, "label", *words], capture_output=True, timeout=60)


def draw(content, form, dpi=300):
    run = label("--symbology", content.symbology, "--format", form, "--dpi", str(dpi), "--", content.text)
    assert run.returncode == 0 and run.stderr == b"", run.stderr.decode()
    return run.stdout


def run_decoder(*words):
    return subprocess.run(words, capture_output=True, timeout=120).stdout


def read_zxing(path):
    """(AIM identifier, bytes); its Text would hide GS."""
    said = run_decoder("ZXingReader", path).decode()
    found = re.search(r"^Identifier: *(\S+)$", said, re.M), re.search(r"^Bytes: *([0-9A-F ]*)$", said, re.M)
    assert all(found), f"ZXingReader found nothing in {path}: {said}"
    data = bytes.fromhex(found[1][1])
    return found[0][1], data.zfill(13) if "Format:     UPC-A" in said else data    # an EAN-13 that begins with 0


def read_second(path, symbology):
    """The same by a decoder of another family."""
    if symbology == "gs1-datamatrix":
        said = run_decoder("dmtxread", "-N1", "-G", "29", path)
        assert said[:1] == GS.encode(), f"dmtxread found no GS1 Data Matrix in {path}: {said}"
        return said[1:]
    said = run_decoder("zbarimg", "-q", "--raw", "-Sdisable", f"-S{ZBAR[symbology]}.enable", path)
    return said.removesuffix(b"\n")


def rasterised(svg, dpi, path):
    subprocess.run(["rsvg-convert", "-d", str(dpi), "-p", str(dpi), "-o", path], input=svg, check=True)


def save_picture(content, form, dpi, path):
    drawn = draw(content, form, dpi)
    if form == "svg":
        rasterised(drawn, dpi, path)
    else:
        path.write_bytes(drawn)


def read_both(path, symbology):
    """(AIM identifier, bytes) on which both agree. In a QR code's letters and digits GS1 doubles each %, and ZXing-C++
    before 2.2 loses what stands behind it (its pull request 675): there zbarimg's word counts.
    """
    identifier, data = read_zxing(path)
    second = read_second(path, symbology)
    assert data == second or symbology == "gs1-qr" and b"%" in second
    return identifier, second


def assert_reads(path, content):
    assert read_both(path, content.symbology) == (IDENTIFIERS[content.symbology], content.data.encode())


def parse(contents):
    """What our parser makes of the symbols' bytes behind their AIM identifiers."""
    lines = [json.dumps({"input_base64": base64.b64encode((IDENTIFIERS[c.symbology] + c.data).encode()).decode()})
             for c in contents]
    run = subprocess.run([YAOKU, "parse"], input="\n".join(lines).encode() + b"\n", capture_output=True, check=True)
    return [json.loads(line) for line in run.stdout.splitlines()]


def assert_parses(contents):
    for content, answer in zip(contents, parse(contents), strict=True):
        assert answer["ok"], (content, answer)
        if content.elements is not None:
            assert answer["elements"] == content.elements


def first_of(symbology):
    return next(content for content in TABLE if content.symbology == symbology)


NAMES = [f"{c.symbology} {c.text}" for c in TABLE]


@pytest.mark.parametrize("dpi", [203, 300])
@pytest.mark.parametrize("form", ["svg", "png"])
@pytest.mark.parametrize("content", TABLE, ids=NAMES)
def test_two_decoders_read_what_was_drawn(tmp_path, content, form, dpi):
    save_picture(content, form, dpi, tmp_path / "label.png")
    assert_reads(tmp_path / "label.png", content)
    assert_parses([content])


# ---------------------------------------------------------------- generated contents

class Generator:
    """Contents of all kinds; the characters of CSET 82 are dealt like cards, so that each comes soon."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.pool, self.dealt = [], set()

    def characters(self, length):
        while len(self.pool) < length:
            self.pool += self.random.sample(CSET82, len(CSET82))
        taken, self.pool = self.pool[:length], self.pool[length:]
        self.dealt |= set(taken)
        return "".join(taken)

    def value(self):
        """A lot or serial: of any characters, or of digits, which bar codes pack in pairs."""
        length = self.random.randint(1, 20)
        if self.random.random() < 0.3:
            return "".join(self.random.choices(string.digits, k=length))
        return self.characters(length)

    def number(self, digits):
        body = "".join(self.random.choices(string.digits, k=digits - 1))
        return body + zpl.check_digit("0" * 20 + body)

    def date(self):
        year, month = self.random.randrange(100), self.random.randint(1, 12)
        return f"{year:02d}{month:02d}{self.random.choice([0, 1, 15, 28]):02d}"

    def elements(self, symbology):
        chosen = [("01", self.number(14)), ("17", self.date()), ("10", self.value()), ("21", self.value()),
                  ("240", self.value()), ("11", self.date()), ("30", str(self.random.randint(1, 10**8 - 1)))]
        chosen = self.random.sample(chosen, self.random.randint(1, len(chosen)))
        while symbology == "gs1-128" and len(of_elements(symbology, chosen).data) > BARS_MAX:
            chosen.pop()
        return chosen or [("10", self.value())]

    def content(self, symbology):
        if symbology in GS1:
            return of_elements(symbology, self.elements(symbology))
        if symbology == "code-128":
            text = "".join(self.random.choices([chr(c) for c in range(32, 127)], k=self.random.randint(1, 30)))
            return of_text(self.random.choice(["8" + "".join(self.random.choices(string.digits, k=19)),
                                               "T" + text]))
        digits = int(symbology[-2:])
        number = self.number(digits)
        return of_number(symbology, number, number[:self.random.choice([digits, digits - 1])])


def generated(rounds):
    generator = Generator(SEED)
    contents = [generator.content(symbology) for symbology in itertools.islice(itertools.cycle(SYMBOLOGIES), rounds)]
    while generator.dealt < set(CSET82):
        contents.append(generator.content("gs1-datamatrix"))
    return contents


def test_what_is_drawn_is_read(tmp_path):
    """One symbology after the other, each through SVG and PNG, 203 and 300 dots."""
    contents = generated(ROUNDS)
    for i, content in enumerate(contents):
        form, dpi = [("svg", 203), ("png", 300), ("svg", 300), ("png", 203)][i // len(SYMBOLOGIES) % 4]
        save_picture(content, form, dpi, tmp_path / "label.png")
        try:
            assert_reads(tmp_path / "label.png", content)
        except AssertionError as error:
            raise AssertionError(f"LABEL_SEED={SEED}, {form} at {dpi}: {content}") from error
    assert_parses(contents)


# ---------------------------------------------------------------- measures

def box(rows):
    """Left, top, right, bottom of what is dark; the last two are outside."""
    columns = [x for x in range(len(rows[0])) if any(row[x] for row in rows)]
    lines = [y for y, row in enumerate(rows) if any(row)]
    return columns[0], lines[0], columns[-1] + 1, lines[-1] + 1


def runs(row):
    return [len(list(group)) for _, group in itertools.groupby(row)]


@pytest.mark.parametrize("dpi", [203, 300, 600])
@pytest.mark.parametrize("symbology", SYMBOLOGIES)
def test_modules_are_whole_dots_and_quiet_zones_are_clear(symbology, dpi):
    content = first_of(symbology)
    png = draw(content, "png", dpi)
    rows = picture.dots(png)
    symbol = symbol_of(rows, symbology, svg_text_box(draw(content, "svg", dpi)))
    assert sum(map(sum, rows)) > sum(map(sum, symbol)), "the text for people is missing"
    left, top, right, bottom = box(symbol)
    middle = rows[(top + bottom) // 2][left:right]
    module = min(runs(middle))
    assert module * 25.4 / dpi >= NARROWEST[symbology] - 0.001
    assert all(run % module == 0 for run in runs(middle))
    assert left >= QUIET[symbology][0] * module
    assert not any(any(row[right:right + QUIET[symbology][1] * module]) for row in rows[top:bottom])
    assert len(rows[0]) - right >= QUIET[symbology][1] * module
    if symbology in MATRIX:
        quiet = QUIET[symbology][0] * module
        assert top >= quiet and len(rows) - bottom >= quiet
        assert all(run % module == 0 for x in range(left, right, module)
                   for run in runs([row[x] for row in rows[top:bottom]]))


def svg_text_box(svg):
    """Where the SVG's text stands, in dots: left and top; it is beside a matrix and below bars."""
    root = ElementTree.fromstring(svg)
    texts = list(root.iter("{http://www.w3.org/2000/svg}text"))
    size = int(next(root.iter("{http://www.w3.org/2000/svg}g")).get("font-size"))
    return min(int(t.get("x")) for t in texts), min(int(t.get("y")) for t in texts) - size


def symbol_of(rows, symbology, text_box):
    """The rows without the text."""
    left, top = text_box
    return [row[:left] for row in rows] if symbology in MATRIX else rows[:top]


@pytest.mark.parametrize("dpi", [203, 300])
@pytest.mark.parametrize("symbology", SYMBOLOGIES)
def test_svg_in_millimetres_is_the_png_dot_for_dot(tmp_path, symbology, dpi):
    content = first_of(symbology)
    svg, png = draw(content, "svg", dpi), draw(content, "png", dpi)
    rasterised(svg, dpi, tmp_path / "svg.png")
    drawn, other = picture.dots((tmp_path / "svg.png").read_bytes()), picture.dots(png)
    assert (len(drawn[0]), len(drawn)) == (len(other[0]), len(other))
    text_box = svg_text_box(svg)
    assert symbol_of(drawn, symbology, text_box) == symbol_of(other, symbology, text_box)
    metre = int.from_bytes(picture.chunks(png)["pHYs"][:4], "big")
    assert metre == round(dpi / 0.0254) and picture.chunks(png)["pHYs"][8:] == b"\x01"


@pytest.mark.parametrize("content", TABLE, ids=NAMES)
def test_svg_says_what_it_shows(content):
    root = ElementTree.fromstring(draw(content, "svg"))
    name = "{http://www.w3.org/2000/svg}"
    people = content.data if content.elements is None or content.symbology not in GS1 else "".join(
        f"({ai}){value}" for ai, value in content.elements)
    assert root.get("role") == "img" and root.find(name + "title").text
    assert root.find(name + "desc").text == people
    assert "".join(text.text for text in root.iter(name + "text")) == people
    assert {child.tag.removeprefix(name) for child in root.iter()} == {"svg", "title", "desc", "rect", "path", "g",
                                                                       "text"}


# ---------------------------------------------------------------- ZPL

def zpl_data(field, symbology, tmp_path):
    """What the printer's symbol says."""
    if symbology == "gs1-qr":
        path = tmp_path / "qr.ppm"
        rows = zpl.picture(field)
        quiet = [[False] * (len(rows[0]) + 80)] * 40
        path.write_bytes(picture.ppm(quiet + [[False] * 40 + row + [False] * 40 for row in rows] + quiet))
        return read_both(path, symbology)[1].decode()
    read = {"gs1-datamatrix": zpl.data_matrix, "ean-13": zpl.ean_13, "itf-14": zpl.interleaved,
            "gs1-128": lambda f: zpl.code_128_text(zpl.code_128(f.data)),
            "code-128": lambda f: zpl.code_128_text(zpl.code_128(f.data))}[symbology]
    said = read(field)
    if symbology in ("gs1-datamatrix", "gs1-128"):
        assert said[0] == GS, "FNC1 in first position makes it GS1"
        said = said[1:]
    return said


COMMANDS = dict(zip(SYMBOLOGIES, ["BX", "BC", "GF", "BE", "B2", "BC"]))


def assert_zpl_says(content, dpi, tmp_path):
    text = draw(content, "zpl", dpi).decode("ascii")
    settings, fields = zpl.fields(text)
    symbols = [f for f in fields if f.command == COMMANDS[content.symbology]]
    people = content.data if content.symbology not in GS1 else "".join(f"({a}){v}" for a, v in content.elements)
    assert settings["CI"] == "28" and len(symbols) == 1
    assert zpl_data(symbols[0], content.symbology, tmp_path) == content.data
    assert "".join(f.data for f in fields if f.command == "A0") == people
    assert {f.command for f in fields} <= {COMMANDS[content.symbology], "A0", "GB"}
    assert all(f.x < int(settings["PW"]) and f.y < int(settings["LL"]) for f in fields)
    if symbols[0].command == "BC":
        wide = zpl.code_128_width(zpl.code_128(symbols[0].data)) * symbols[0].module
        quiet = 10 * symbols[0].module
        assert symbols[0].x >= quiet and symbols[0].x + wide + quiet <= int(settings["PW"])


@pytest.mark.parametrize("dpi", [203, 300, 600])
@pytest.mark.parametrize("content", TABLE, ids=NAMES)
def test_zpl_by_the_guide(tmp_path, content, dpi):
    assert_zpl_says(content, dpi, tmp_path)


def test_zpl_of_generated_contents(tmp_path):
    for content in generated(ROUNDS):
        try:
            assert_zpl_says(content, 203, tmp_path)
        except AssertionError as error:
            raise AssertionError(f"LABEL_SEED={SEED}: {content}") from error


# ---------------------------------------------------------------- bad input

BAD = [
    ("gs1-datamatrix", "[01]09501101530004", "check_digit", 17),
    ("gs1-128", "[17]271301", "content", 6),
    ("gs1-qr", "[01]09501101530003[02]09501101530003", "mutex", 19),
    ("gs1-qr", "[01]09501101530003[10]A[10]B", "repeat", 24),
    ("gs1-qr", "0109501101530003", "syntax", 0),
    ("gs1-datamatrix", "[10]A^B", "content", 5),
    ("gs1-datamatrix", "[10]A~B", "content", 5),
    ("gs1-datamatrix", "[10]A\\B", "content", 5),
    ("gs1-datamatrix", "[10]A\x01B", "transport", 5),
    ("gs1-datamatrix", "[10]批号", "content", 4),
    ("gs1-datamatrix", "[10]ABCDEFGHIJKLMNOPQRSTU", "syntax", 24),
    ("gs1-datamatrix", "[8899]1", "unknown_ai", 1),
    ("gs1-datamatrix", "", "empty", 0),
    ("gs1-128", "[01]09501101530003[10]ABCDEFGHIJKLMNOPQRST[21]12345678", "too_long", 43),
    ("gs1-qr", "[91]" + "A" * 397, "too_long", 400),
    ("ean-13", "6901234567893", "check_digit", 12),
    ("ean-13", "69012345678", "syntax", 11),
    ("itf-14", "1690123456789x", "syntax", 13),
    ("code-128", "药", "content", 0),
    ("code-128", "a\nb", "transport", 1),
    ("code-128", "x" * 49, "too_long", 48),
]
BAD_NAMES = [f"{row[0]} {row[1][:30]!r}" for row in BAD]


@pytest.mark.parametrize("form", ["svg", "png", "zpl"])
@pytest.mark.parametrize("symbology, text, code, at", BAD, ids=BAD_NAMES)
def test_bad_content_is_named_and_nothing_is_drawn(tmp_path, symbology, text, code, at, form):
    out = tmp_path / "label"
    run = label("--symbology", symbology, "--format", form, "--out", str(out), text)
    said = run.stderr.decode()
    assert run.returncode == 1 and run.stdout == b"" and said.count("\n") == 1
    assert f" {code}: " in said and f"at byte {at};" in said and "correct the content" in said
    assert list(tmp_path.iterdir()) == []


GOOD = ["--symbology", "ean-13", "--format", "svg"]


@pytest.mark.parametrize("words", [
    [], ["690123456789"], GOOD, [*GOOD, "690123456789", "1"], ["--symbology", "pdf417", "--format", "svg", "1"],
    ["--symbology", "ean-13", "--format", "gif", "690123456789"], [*GOOD, "--dpi", "150", "690123456789"],
    [*GOOD, "--dpi", "300x", "690123456789"], [*GOOD, "--colour", "690123456789"], [*GOOD, "690123456789", "--out"],
], ids=" ".join)
def test_usage(words):
    run = label(*words)
    assert run.returncode == 2 and run.stdout == b"" and run.stderr.count(b"\n") == 1


def test_a_file_is_written_whole_or_not_at_all(tmp_path):
    out = tmp_path / "label.png"
    out.write_bytes(b"before")
    assert label("--symbology", "ean-13", "--format", "png", "--out", str(out), "1").returncode == 1
    assert out.read_bytes() == b"before"
    run = label("--symbology", "ean-13", "--format", "png", "--out", str(out), "690123456789")
    assert run.returncode == 0 and run.stdout == b"" and list(tmp_path.iterdir()) == [out]
    assert out.read_bytes() == draw(of_number("ean-13", "6901234567892"), "png")
    mask = os.umask(0)
    os.umask(mask)
    assert stat.S_IMODE(out.stat().st_mode) == 0o666 & ~mask


@pytest.mark.parametrize("out", ["/dev/full", "/nowhere/label.svg", "/proc/label.svg"])
def test_what_cannot_be_written(out):
    run = label(*GOOD, "--out", out, "690123456789")
    assert run.returncode == 3 and run.stderr.count(b"\n") == 1 and out.encode() in run.stderr


def test_standard_output_that_is_full():
    with open("/dev/full", "wb") as full:
        run = subprocess.run([YAOKU, "label", *GOOD, "690123456789"], stdout=full, stderr=subprocess.PIPE)
    assert run.returncode == 3 and b"standard output" in run.stderr


def test_a_device_is_written_to_and_not_replaced(tmp_path):
    pipe = tmp_path / "printer"
    os.mkfifo(pipe)
    with subprocess.Popen([YAOKU, "label", *GOOD, "--out", str(pipe), "690123456789"]) as run:
        assert pipe.read_bytes().startswith(b"<svg ")
    assert run.returncode == 0 and stat.S_ISFIFO(pipe.stat().st_mode)


def test_help_names_everything():
    said = subprocess.run([YAOKU, "help", "label"], capture_output=True, check=True, text=True).stdout
    assert all(word in said for word in [*SYMBOLOGIES, "svg", "png", "zpl", "--dpi", "--out"])


# ---------------------------------------------------------------- the call

TYPES = {"svg": "image/svg+xml", "png": "image/png", "zpl": "text/plain; charset=utf-8"}


def get(client, **query):
    return client.get("/api/v1/labels", params=query)


@pytest.mark.parametrize("form", TYPES)
@pytest.mark.parametrize("content", TABLE, ids=NAMES)
def test_the_call_draws_what_the_command_draws(clerk, content, form):
    answer = get(clerk, symbology=content.symbology, format=form, content=content.text, dpi=203)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] == TYPES[form]
    assert answer.content == draw(content, form, 203)


def test_300_dots_unless_told(manager, admin):
    content = TABLE[0]
    for client in (manager, admin):
        answer = get(client, symbology=content.symbology, format="svg", content=content.text)
        assert answer.content == draw(content, "svg", 300)


# The guard and the table refuse these before the parser sees them.
EARLIER = {"": "missing_member", "[91]" + "A" * 397: "invalid_member", "a\nb": "bad_framing", "[10]A\x01B": "bad_framing"}


@pytest.mark.parametrize("symbology, text, code, at", BAD, ids=BAD_NAMES)
def test_the_call_names_bad_content(clerk, symbology, text, code, at):
    answer = get(clerk, symbology=symbology, format="svg", content=text)
    problem = answer.json()
    assert answer.status_code == 400 and answer.headers["Content-Type"] == "application/problem+json"
    assert problem["code"] == EARLIER.get(text, code), problem
    assert text in EARLIER or f"at byte {at};" in problem["detail"]


@pytest.mark.parametrize("query, code", [
    ({"symbology": "aztec"}, "invalid_member"), ({"format": "pdf"}, "invalid_member"), ({"dpi": "72"}, "invalid_member"),
    ({"content": None}, "missing_member"), ({"colour": "red"}, "unknown_member"),
])
def test_the_call_names_bad_members(clerk, query, code):
    answer = get(clerk, **{"symbology": "ean-13", "format": "svg", "content": "690123456789", **query})
    assert answer.status_code == 400 and answer.json()["code"] == code


def test_suppliers_and_strangers_draw_nothing(service, supplier):
    query = {"symbology": "ean-13", "format": "svg", "content": "690123456789"}
    assert get(supplier, **query).status_code == 403
    assert get(service.client(), **query).status_code == 401
