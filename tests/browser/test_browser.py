"""The pages in a real browser: each file of node's test runner is one test here."""
import os
import pathlib
import subprocess

import pytest

HERE = pathlib.Path(__file__).parent


@pytest.mark.parametrize("file", sorted(HERE.glob("*.test.mjs")), ids=lambda path: path.stem)
def test_in_browser(file, service):
    done = subprocess.run(["node", "--test", str(file)], cwd=HERE, text=True, timeout=300, check=False,
                          env=dict(os.environ, YAOKU_URL=service.url),
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert done.returncode == 0, done.stdout
