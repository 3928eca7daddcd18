#!/usr/bin/env python3
"""summary.py DIRECTORY: add up the JUnit reports of a test run.

A line for each suite, the names of what failed, and last `N passed, N failed,
N skipped`. Exit 1 when something failed, when a suite ended badly without
saying so in its report (file `unclean` names it), or when nothing ran.
"""
import pathlib
import sys
import xml.etree.ElementTree as ElementTree


def read(report):
    """(passed, names of failed, skipped) of one report."""
    passed, failed, skipped = 0, [], 0
    for case in ElementTree.parse(report).iter("testcase"):
        if case.find("failure") is not None or case.find("error") is not None:
            failed.append(f"{case.get('classname', '')} {case.get('name')}")
        elif case.find("skipped") is not None:
            skipped += 1
        else:
            passed += 1
    return passed, failed, skipped


def main():
    directory = pathlib.Path(sys.argv[1])
    passed, failed, skipped = 0, [], 0
    clean_failures = set()
    for report in sorted(directory.glob("*.xml")):
        one = read(report)
        print(f"{report.stem:10} {one[0]:6} passed {len(one[1]):5} failed {one[2]:5} skipped")
        passed, failed, skipped = passed + one[0], failed + one[1], skipped + one[2]
        if one[1]:
            clean_failures.add(report.stem)
    unclean = directory / "unclean"
    if unclean.exists():
        failed += [f"suite {name} did not end well" for name in unclean.read_text(encoding="utf-8").split()
                   if name not in clean_failures]
    if passed + len(failed) == 0:
        failed.append("no test ran")
    for name in failed:
        print(f"failed: {name}")
    print(f"{passed} passed, {len(failed)} failed, {skipped} skipped")
    sys.exit(1 if failed else 0)


main()
