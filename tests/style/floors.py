#!/usr/bin/env python3
"""floors.py COMPILER... -- FOLDER=VIEW...

Two properties of the house, as TAP: every header compiles when it is included
first, seen from its own floor; and an include that points up, or around the
floors, does not compile. VIEW is the include directory the build gives FOLDER.
"""
import pathlib
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

ROOT = pathlib.Path(__file__).resolve().parents[2]
FOLDERS = ["core", "scanner", "access", "inventory", "replenish", "workstation", "simulation", "service"]


def compiles(compiler, view, source):
    command = [*compiler, "-fsyntax-only", "-std=gnu11", "-D_GNU_SOURCE", "-Wall", "-Werror", "-x", "c", "-",
               "-I", view, "-include", str(ROOT / "core/banned.h")]
    done = subprocess.run(command, input=source, text=True, capture_output=True)
    return done.returncode == 0, done.stderr


def header_cases(views):
    for folder, view in views.items():
        root = pathlib.Path(view, folder)
        for header in sorted(root.rglob("*.h")):
            name = f"{folder}/{header.relative_to(root)}"
            yield f"{name} compiles when included first", folder, f'#include "{name}"\n', True


def probe(folder):
    """Some header of a folder, or none while it has no headers."""
    headers = sorted((ROOT / folder).glob("*.h"))
    return f"{folder}/{headers[0].name}" if headers else None


def arrow_cases(views):
    for folder, view in views.items():
        for other in FOLDERS:
            header = probe(other)
            if header and not pathlib.Path(view, other).exists():
                yield f"{folder} cannot include {header}", folder, f'#include "{header}"\n', False
    yield "a banned function does not compile", "core", "int f(void) { return atoi(\"1\"); }\n", False


def dotted_includes():
    """Sources that walk around the views with a relative include."""
    for folder in FOLDERS:
        for file in sorted((ROOT / folder).rglob("*.[ch]")):
            for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
                if line.startswith("#include") and "../" in line:
                    yield f"{file.relative_to(ROOT)}:{number}"


def main():
    split = sys.argv.index("--")
    compiler = sys.argv[1:split]
    views = dict(argument.split("=", 1) for argument in sys.argv[split + 1:])
    cases = [*header_cases(views), *arrow_cases(views)]
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda case: compiles(compiler, views[case[1]], case[2]), cases))
    print(f"1..{len(cases) + 1}")
    for number, ((name, _, _, expected), (ok, errors)) in enumerate(zip(cases, answers), 1):
        print(f"{'ok' if ok == expected else 'not ok'} {number} - {name}")
        if ok != expected:
            print("\n".join("# " + line for line in errors.splitlines()[:8]))
    dotted = list(dotted_includes())
    print(f"{'not ok' if dotted else 'ok'} {len(cases) + 1} - no include walks around the floors {' '.join(dotted)}")


main()
