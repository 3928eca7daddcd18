"""The real binary on a private data directory, for every test that asks for it.

service       session-wide, with the demo district, one worker
service_two   the same with two workers
make_service  a factory for services of one's own, stopped at the end of the test

A Service gives login(name) and key(secret) as requests sessions that know the
address and the CSRF token, and database() as a psycopg2 connection.
"""
import os
import pathlib
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time

import psycopg2
import pytest
import requests

ROOT = pathlib.Path(__file__).resolve().parents[1]
YAOKU = pathlib.Path(os.environ.get("YAOKU", ROOT / "build/yaoku"))
READY_SECONDS = 120
STOP_SECONDS = 60


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def private_directory():
    """A directory the service can work in; root's services run as `postgres`."""
    path = pathlib.Path(tempfile.mkdtemp(prefix="yaoku-test-"))
    if os.geteuid() == 0:
        user = pwd.getpwnam("postgres")
        os.chown(path, user.pw_uid, user.pw_gid)
    return path


class Client(requests.Session):
    """A session whose addresses begin below the service, with the CSRF token once there is one."""

    def __init__(self, base):
        super().__init__()
        self.base = base

    def request(self, method, url, **kwargs):
        kwargs.setdefault("timeout", 60)
        return super().request(method, url if "://" in url else self.base + url, **kwargs)


class Service:
    def __init__(self, directory, *arguments, port=None):
        self.directory = directory
        self.data = directory / "data"
        self.port = port or free_port()
        self.arguments = [str(a) for a in arguments]
        self.log_path = directory / "service.log"
        self.process = None
        self.user = None    # to start it as; None: as ourselves

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self):
        return self.log_path.read_text(encoding="utf-8", errors="replace") if self.log_path.exists() else ""

    def spawn(self):
        """Start the process without waiting for it to be ready; the log begins anew."""
        where = [] if "--database" in self.arguments else ["--data", str(self.data)]
        with open(self.log_path, "wb") as log:
            self.process = subprocess.Popen(
                [YAOKU, "serve", "--listen", f"127.0.0.1:{self.port}", *where, *self.arguments],
                stdout=log, stderr=log, stdin=subprocess.DEVNULL, cwd=self.directory,
                user=self.user, extra_groups=[] if self.user else None)
        return self

    def start(self):
        self.spawn()
        self.wait_ready()
        return self

    def is_ready(self):
        try:
            return requests.get(self.url + "/readyz", timeout=5).status_code == 200
        except requests.RequestException:
            return False

    def wait_ready(self, seconds=READY_SECONDS):
        self.wait_for(self.is_ready, seconds, "ready")

    def wait_for(self, condition, seconds, what):
        end = time.monotonic() + seconds
        while not condition():
            if self.process.poll() is not None:
                pytest.fail(f"the service ended with {self.process.returncode}:\n{self.log[-4000:]}")
            if time.monotonic() > end:
                pytest.fail(f"not {what} after {seconds} s:\n{self.log[-4000:]}")
            time.sleep(0.05)

    def stop(self):
        """SIGTERM; returns the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(STOP_SECONDS)

    def kill(self):
        """kill -9 of the parent."""
        self.process.kill()
        self.process.wait(STOP_SECONDS)

    def children(self):
        """Direct children: {pid: command}."""
        path = pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        names = {}
        for pid in path.read_text(encoding="ascii").split():
            try:
                names[int(pid)] = pathlib.Path(f"/proc/{pid}/comm").read_text(encoding="ascii").strip()
            except OSError:
                pass
        return names

    def workers(self):
        return sorted(pid for pid, name in self.children().items() if name == "yaoku")

    def postmaster(self):
        return int((self.data / "pg/postmaster.pid").read_text(encoding="ascii").split("\n")[0])

    def socket_directory(self):
        return (self.data / "pg/postmaster.pid").read_text(encoding="ascii").split("\n")[4]

    def database(self, user="postgres"):
        """A connection in autocommit mode; `postgres` is bound by no policy."""
        connection = psycopg2.connect(host=self.socket_directory(), dbname="yaoku", user=user,
                                      options="-c search_path=yaoku,pg_temp")
        connection.autocommit = True
        return connection

    def client(self):
        return Client(self.url)

    def login(self, name, password="demo"):
        client = self.client()
        answer = client.post("/api/v1/session", json={"username": name, "password": password})
        assert answer.status_code == 200, answer.text
        client.user = answer.json()["user"]
        client.headers["X-CSRF-Token"] = answer.json()["csrf"]
        return client

    def key(self, secret):
        client = self.client()
        client.headers["Authorization"] = f"Bearer {secret}"
        return client

    def clean(self):
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        shutil.rmtree(self.directory, ignore_errors=True)


def demo_service(workers):
    service = Service(private_directory(), "--demo", "--open-metrics", "--workers", workers)
    try:
        yield service.start()
    finally:
        service.clean()


@pytest.fixture(scope="session")
def service():
    yield from demo_service(1)


@pytest.fixture(scope="session")
def service_two():
    yield from demo_service(2)


@pytest.fixture
def make_service():
    """make_service(*arguments) → a Service that is not started yet."""
    made = []

    def make(*arguments):
        made.append(Service(private_directory(), *arguments))
        return made[-1]

    yield make
    for one in made:
        one.clean()


def login_fixture(name):
    @pytest.fixture
    def logged_in(service):
        return service.login(name)
    return logged_in


clerk = login_fixture("clerk")
manager = login_fixture("manager")
supplier = login_fixture("supplier")
admin = login_fixture("admin")
