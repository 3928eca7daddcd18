"""The pages in a real browser: each file of node's test runner is one test here."""
import http.server
import os
import pathlib
import subprocess
import threading

import pytest

HERE = pathlib.Path(__file__).parent


@pytest.fixture
def control(service):
    """The address where a test has the service killed and started: POST /kill, /start."""
    acts = {"/kill": service.kill, "/start": lambda: service.is_ready() or service.start()}

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            acts[self.path]()
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    acts["/start"]()


@pytest.mark.parametrize("file", sorted(HERE.glob("*.test.mjs")), ids=lambda path: path.stem)
def test_in_browser(file, service, control):
    done = subprocess.run(["node", "--test", str(file)], cwd=HERE, text=True, timeout=300, check=False,
                          env=dict(os.environ, YAOKU_URL=service.url, YAOKU_CONTROL=control),
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert done.returncode == 0, done.stdout
