"""What a program can see of the style: format, file length, SQL outside schema/, pinned modules."""
import json
import pathlib
import re
import shutil
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
FOLDERS = ["core", "scanner", "access", "inventory", "replenish", "workstation", "simulation", "service", "tests"]
SOURCES = sorted(str(file.relative_to(ROOT)) for folder in FOLDERS for file in (ROOT / folder).rglob("*.[ch]"))


@pytest.mark.parametrize("source", SOURCES)
def test_format(source):
    formatter = shutil.which("clang-format-14")
    if formatter is None:
        pytest.skip("clang-format-14 is not installed")
    done = subprocess.run([formatter, "--dry-run", "--Werror", "--ferror-limit=3", source],
                          cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("source", SOURCES)
def test_file_is_not_too_long(source):
    assert len((ROOT / source).read_text(encoding="utf-8").splitlines()) <= 800


@pytest.mark.parametrize("source", [s for s in SOURCES if not s.startswith("tests/")])
def test_sql_and_libpq_stay_where_they_belong(source):
    text = (ROOT / source).read_text(encoding="utf-8")
    code = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    statement = re.search(r'"\s*(SELECT|INSERT INTO|UPDATE \w+ SET|DELETE FROM|CREATE|ALTER|WITH \w+ AS)\b', code)
    assert statement is None, "SQL belongs into schema/"
    if not source.startswith("core/db"):
        assert re.search(r"\bPQ[a-z]\w*\(", code) is None, "libpq is called in core/db*.c only"
        assert "PQcancel" not in code


def test_modules_are_pinned_and_name_no_registry():
    package = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    versions = {**package["dependencies"], **package["devDependencies"]}
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in versions.values())
    assert "resolved" not in (ROOT / "package-lock.json").read_text(encoding="utf-8")
