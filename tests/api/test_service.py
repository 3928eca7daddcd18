"""Start, stop and accidents of the service: the parent, its workers, its PostgreSQL, migrations."""
import os
import pathlib
import pwd
import signal
import socket
import subprocess
import time

import psycopg2
import pytest
from conftest import YAOKU


def yaoku(*arguments):
    return subprocess.run([YAOKU, *arguments], capture_output=True, text=True, timeout=60, check=False)


def is_gone(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text(encoding="ascii").split(") ")[1][0] == "Z"
    except OSError:
        return True


def wait_until(condition, seconds):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def serving(service):
    service.wait_for(lambda: "state=serving" in service.log and service.workers(), 120, "serving")
    return service


@pytest.fixture
def running(make_service):
    return serving(make_service("--workers", 2).spawn())


def applied(service):
    with service.database().cursor() as cursor:
        cursor.execute("SELECT kind, name, sha256, applied_at FROM yaoku_schema.script ORDER BY 1, 2")
        return cursor.fetchall()


def test_stops_clean_on_sigterm(running):
    postmaster = running.postmaster()
    workers = running.workers()
    assert running.stop() == 0
    assert all(is_gone(pid) for pid in [postmaster, *workers])
    assert not (running.data / "pg/postmaster.pid").exists()


def test_cluster_is_private_and_durable(running):
    with running.database().cursor() as cursor:
        cursor.execute("SELECT name, setting FROM pg_settings")
        settings = dict(cursor.fetchall())
    for name, value in {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on",
                        "data_checksums": "on", "listen_addresses": "", "server_encoding": "UTF8",
                        "unix_socket_permissions": "0700"}.items():
        assert settings[name] == value, name
    assert (running.data.stat().st_mode & 0o777) == 0o700


def test_service_does_not_run_as_root(running):
    for pid in [running.process.pid, running.postmaster(), *running.workers()]:
        assert os.stat(f"/proc/{pid}").st_uid != 0


def test_worker_role_has_no_special_rights(running):
    with running.database("yaoku_app").cursor() as cursor:
        cursor.execute("SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles"
                       " WHERE rolname = current_user")
        assert cursor.fetchone() == (False, False, False, False)


def test_second_start_in_one_directory_is_refused(running, make_service):
    other = make_service()
    other.data = running.data
    other.spawn()
    assert other.process.wait(30) == 1
    assert f"is in use by process {running.process.pid}" in other.log.splitlines()[-1]
    assert running.process.poll() is None


def test_port_in_use_is_told(running, make_service):
    other = make_service()
    other.port = running.port
    other.spawn()
    assert other.process.wait(30) == 3
    assert "is in use by another program" in other.log


def test_killed_worker_is_back_within_a_second(running):
    before = running.workers()
    os.kill(before[0], signal.SIGKILL)
    assert wait_until(lambda: len(set(running.workers()) - set(before)) == 1, 1.0)
    assert before[1] in running.workers()


def test_killed_parent_leaves_nothing_that_blocks_the_next_start(running):
    workers, postmaster = running.workers(), running.postmaster()
    running.kill()
    started = time.monotonic()
    serving(running.spawn())
    assert time.monotonic() - started < 30
    assert all(is_gone(pid) for pid in workers)
    assert running.postmaster() != postmaster


def test_killed_with_everything_starts_again(running):
    postmaster = running.postmaster()
    running.kill()
    os.kill(postmaster, signal.SIGKILL)
    serving(running.spawn())


def test_postgresql_stopped_from_outside_is_started_again(running):
    postmaster = running.postmaster()
    os.kill(postmaster, signal.SIGQUIT)     # what pg_ctl stop -m immediate sends
    assert wait_until(lambda: is_gone(postmaster), 10)

    def answers():
        try:
            running.database().close()
            return running.postmaster() != postmaster
        except (psycopg2.OperationalError, OSError, IndexError, ValueError):
            return False
    assert wait_until(answers, 10)
    assert running.process.poll() is None


def test_second_start_applies_nothing_again(running):
    before = applied(running)
    assert len(before) > 0
    running.stop()
    serving(running.spawn())
    assert applied(running) == before


def test_two_starters_on_one_given_database(running, make_service):
    with running.database().cursor() as cursor:
        cursor.execute("CREATE DATABASE given")
    conninfo = f"host={running.socket_directory()} user=postgres dbname=given"
    pair = [make_service("--database", conninfo) for _ in range(2)]
    for one in pair:
        one.user = pwd.getpwuid(running.data.stat().st_uid).pw_name if os.geteuid() == 0 else None
        one.spawn()
    for one in pair:
        one.wait_for(lambda log=one: "state=serving" in log.log, 60, "serving")
    applied_by = [one.log.count("applying schema script") for one in pair]
    assert sorted(applied_by)[0] == 0 and sorted(applied_by)[1] > 0


def test_edited_migration_is_refused(running):
    with running.database().cursor() as cursor:
        cursor.execute("UPDATE yaoku_schema.script SET sha256 = 'other' WHERE kind = 'migration'")
    running.stop()
    running.spawn()
    assert running.process.wait(60) == 1
    assert "was edited after it was applied" in running.log


def self_signed(service):
    """Options for TLS with a certificate of our own."""
    files = [service.directory / "cert.pem", service.directory / "key.pem"]
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                    "-subj", "/CN=localhost", "-out", files[0], "-keyout", files[1]], check=True, capture_output=True)
    for file in files:
        file.chmod(0o644)
    return ["--tls-cert", str(files[0]), "--tls-key", str(files[1])]


def test_demo_data_are_not_served_beyond_loopback(running):
    """Without --demo too: what an earlier run loaded has logins that everybody knows."""
    everywhere = ["--listen", f"0.0.0.0:{running.port}", *self_signed(running)]
    loopback, running.arguments = running.arguments, [*running.arguments, *everywhere]
    running.stop()
    serving(running.spawn())
    with running.database().cursor() as cursor:
        cursor.execute("INSERT INTO district (name, name_en, demo_loaded_at) VALUES ('x', 'x', now())"
                       " ON CONFLICT (only_one) DO UPDATE SET demo_loaded_at = now()")
    running.stop()
    running.spawn()
    assert running.process.wait(60) == 1
    assert "yaoku: the data are the demo district" in running.log and "state=serving" not in running.log
    running.arguments = loopback
    serving(running.spawn())


def test_database_of_a_newer_program_is_refused(running):
    with running.database().cursor() as cursor:
        cursor.execute("INSERT INTO yaoku_schema.script VALUES ('migration', '9999_later', '')")
    running.stop()
    running.spawn()
    assert running.process.wait(60) == 1
    assert "of a newer yaoku" in running.log


def test_changed_function_is_applied_again(running):
    with running.database().cursor() as cursor:
        cursor.execute("UPDATE yaoku_schema.script SET sha256 = 'old' WHERE kind = 'function'"
                       " AND name = (SELECT min(name) FROM yaoku_schema.script WHERE kind = 'function')")
    running.stop()
    serving(running.spawn())
    assert all(row[2] != "old" for row in applied(running))


def test_unsafe_setting_cannot_be_slipped_in(running):
    running.stop()
    (running.data / "postgresql.conf").write_text("fsync = off\nwork_mem = '9MB'\n", encoding="utf-8")
    serving(running.spawn())
    with running.database().cursor() as cursor:
        cursor.execute("SELECT current_setting('fsync'), current_setting('work_mem')")
        assert cursor.fetchone() == ("on", "9MB")


def test_unsafe_setting_of_the_workers_role_is_refused(running):
    """PostgreSQL itself is well, so the migrator finds nothing; the workers' connections are others."""
    with running.database().cursor() as cursor:
        cursor.execute("ALTER ROLE yaoku_app SET synchronous_commit = off")
    for pid in running.workers():
        os.kill(pid, signal.SIGKILL)
    assert running.process.wait(30) == 1
    assert "scans could be lost with synchronous_commit = off" in running.log


def test_long_directory_name(make_service):
    service = make_service()
    service.data = service.directory / ("d" * 60) / ("e" * 60)
    serving(service.spawn())
    assert len(service.socket_directory()) < 90
    service.database().close()


def test_reload_replaces_the_workers(make_service):
    service = make_service()
    config = service.directory / "yaoku.conf"
    config.write_text("workers = 1\n", encoding="utf-8")
    service.arguments = ["--config", str(config)]
    serving(service.spawn())
    before = service.workers()
    config.write_text("workers = 3\n", encoding="utf-8")
    service.process.send_signal(signal.SIGHUP)
    assert wait_until(lambda: len(service.workers()) == 3 and not set(before) & set(service.workers()), 10)
    config.write_text("workers = many\n", encoding="utf-8")
    kept = service.workers()
    service.process.send_signal(signal.SIGHUP)
    assert wait_until(lambda: "options not usable" in service.log, 5)
    assert service.workers() == kept


def test_second_reload_lets_workers_drain(make_service):
    """A request that began before both reloads is answered."""
    service = serving(make_service("--workers", 1).spawn())
    with socket.create_connection(("127.0.0.1", service.port), timeout=20) as client:
        client.sendall(b"POST /api/v1/session HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
                       b"Content-Length: 2\r\n\r\n{")
        time.sleep(0.5)
        for _ in range(2):
            before = service.log.count("options read again")
            service.process.send_signal(signal.SIGHUP)
            assert wait_until(lambda: service.log.count("options read again") > before, 5)
            time.sleep(0.5)
        client.sendall(b"}")
        assert client.recv(4096).startswith(b"HTTP/1.1 400")
    assert wait_until(lambda: len(service.workers()) == 1, 10)


@pytest.mark.parametrize("arguments, code, says", [
    (["serve", "--port", "1"], 2, "--port"),
    (["serve", "--workers", "many"], 2, "workers takes a number"),
    (["serve", "--demo", "--listen", "0.0.0.0:1"], 2, "needs --tls-cert"),
    (["serve", "--listen", "127.0.0.1:x"], 2, "no ADDR:PORT"),
    (["serve", "--simulation"], 2, "--simulation belongs to a later version"),
    (["serve", "--database", "nonsense"], 2, "conninfo"),
    (["serve", "--database", "host=/nonexistent user=x"], 3, "nonexistent"),
    (["no-such-command"], 2, "no command"),
])
def test_errors_are_one_line(arguments, code, says, make_service):
    if "--listen" not in arguments and arguments[0] == "serve":
        arguments = [*arguments, "--listen", f"127.0.0.1:{make_service().port}"]
    done = yaoku(*arguments)
    complaints = [line for line in done.stderr.splitlines() if line.startswith("yaoku: ")]
    assert (done.returncode, len(complaints)) == (code, 1), done.stderr
    assert says in complaints[0]
