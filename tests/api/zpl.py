"""What a Zebra printer would make of a label, by the rules of the ZPL II programming guide.

Written from the guide's rules and from nothing of ours: ^FH hexadecimal, ^BX escapes, the code sets of ^BC, the
check digit that ^BE adds, the hexadecimal picture of ^GF. FNC1 is shown as GS.
"""
import collections
import re

GS = "\x1d"
FNC1 = 102
Field = collections.namedtuple("Field", "x y command parameters data module")


def unhex(data, indicator):
    return re.sub(re.escape(indicator) + "([0-9A-Fa-f]{2})", lambda m: chr(int(m[1], 16)), data)


def fields(text):
    """The fields of one ^XA…^XZ, and the label's own settings as {command: parameters}."""
    assert "~" not in text and text.startswith("^XA") and text.rstrip("\n").endswith("^XZ")
    settings, found, current = {}, [], {}
    for part in text.replace("\n", "").split("^")[1:]:
        name, rest = (part[:2], part[2:])
        if name in ("PW", "LL", "CI", "LH"):
            settings[name] = rest
        elif name == "FO":
            current = {"origin": tuple(map(int, rest.split(",")))}
        elif name == "BY":
            settings["BY"] = rest.split(",")
        elif name == "FH":
            current["hex"] = rest or "_"
        elif name == "FD":
            current["data"] = unhex(rest, current["hex"]) if "hex" in current else rest
        elif name in ("BX", "BC", "BE", "B2", "GB", "GF", "A0"):
            current["command"], current["parameters"] = name, rest.split(",")
        elif name == "FS":
            found.append(Field(*current["origin"], current["command"], current["parameters"], current.get("data"),
                               int(settings.get("BY", ["0"])[0])))
            current = {}
        else:
            assert name in ("XA", "XZ"), f"a command the test does not know: ^{part}"
    return settings, found


def data_matrix(field):
    """^BXo,h,200,,,,g: g1 is FNC1, gg is g. The leading FNC1 makes it GS1."""
    escape = field.parameters[6]
    assert field.parameters[2] == "200" and len(escape) == 1
    said = re.sub(re.escape(escape) + "(.)", lambda m: {"1": GS, escape: escape}[m[1]], field.data)
    return said


def code_128(data):
    """The symbol characters of ^BC data without mode: the start first, the check character left out."""
    starts, named = {">9": 103, ">:": 104, ">;": 105}, {">5": 99, ">6": 100, ">7": 101, ">8": FNC1}
    typed = {"><": "^", ">0": ">", ">=": "~"}
    symbols = [starts[data[:2]]]
    code_set, at = data[1], 2
    while at < len(data):
        two = data[at:at + 2]
        if two in named:
            symbols.append(named[two])
            code_set = {">5": ";", ">6": ":", ">7": "9"}.get(two, code_set)
        elif code_set == ";":
            assert re.fullmatch(r"\d\d", two), f"digits must pair up in code set C: {data[at:]}"
            symbols.append(int(two))
        elif two in typed:
            symbols.append(ord(typed[two]) - 32)
        else:
            assert two[0] != ">", f"unknown invocation {two}"
            symbols.append(ord(two[0]) - 32)
            at -= 1
        at += 2
    return symbols


def code_128_text(symbols):
    """What a scanner reads, by the tables of ISO/IEC 15417."""
    code_set, said = symbols[0], ""
    for value in symbols[1:]:
        if value == FNC1:
            said += GS
        elif code_set == 105:
            code_set, said = (104, said) if value == 100 else (105, said + f"{value:02d}")
        elif value == 99:
            code_set = 105
        else:
            assert code_set == 104 and value < 96
            said += chr(32 + value)
    return said


def code_128_width(symbols):
    """In modules: each character 11, a check character, and a stop of 13."""
    return 11 * (len(symbols) + 1) + 13


def check_digit(digits):
    return str(-sum(int(d) * (3 if i % 2 == 0 else 1) for i, d in enumerate(reversed(digits))) % 10)


def ean_13(field):
    """^BE takes 12 digits and makes the thirteenth."""
    assert re.fullmatch(r"\d{12}", field.data)
    return field.data + check_digit(field.data)


def interleaved(field):
    """^B2o,h,f,g,e: without the check digit that e would add."""
    assert field.parameters[4] == "N" and re.fullmatch(r"(\d\d)+", field.data)
    return field.data


def picture(field):
    """^GFA,bytes,bytes,bytes per row,hexadecimal: rows of booleans, True where black."""
    kind, total, again, stride, data = field.parameters
    stride = int(stride)
    assert kind == "A" and total == again and len(data) == 2 * int(total) and int(total) % stride == 0
    raw = bytes.fromhex(data)
    return [[bool(raw[at + x // 8] >> 7 - x % 8 & 1) for x in range(8 * stride)] for at in range(0, len(raw), stride)]
