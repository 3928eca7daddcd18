"""Who may ask: log-in, its throttle, sessions, CSRF, keys, roles, and how fast a disabled account is out."""
import time
import uuid

import pytest
import requests

API = "/api/v1"
PASSWORD = "not-a-demo-password"


def code(answer):
    return answer.json()["code"]


def name():
    return f"t{uuid.uuid4().hex[:12]}"


@pytest.fixture
def user(service, admin):
    """make(role, **members) → (id, username) of a new user with PASSWORD."""
    def make(role="admin", **members):
        username = name()
        answer = admin.post(f"{API}/users", json={"username": username, "name": "测试", "role": role,
                                                  "password": PASSWORD, **members})
        assert answer.status_code == 200, answer.text
        return answer.json()["id"], username
    return make


@pytest.fixture
def key(service, admin):
    """make(kind, **members) → (id, secret)."""
    def make(kind="agent", **members):
        answer = admin.post(f"{API}/keys", json={"name": "test", "kind": kind, **members})
        assert answer.status_code == 200, answer.text
        return answer.json()["id"], answer.json()["key"]
    return make


@pytest.fixture
def forget_failures(service):
    """The tests come from one address; others must not feel what a test of the throttle did."""
    yield
    with service.database().cursor() as cursor:
        cursor.execute("DELETE FROM login_attempt")


def log_in(service, username, password):
    return service.client().post(f"{API}/session", json={"username": username, "password": password})


def within(seconds, condition):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return False


# --- log-in and sessions


@pytest.mark.parametrize("username, role", [("clerk", "clerk"), ("manager", "manager"),
                                            ("supplier", "supplier"), ("admin", "admin")])
def test_demo_log_in(service, username, role):
    answer = log_in(service, username, "demo")
    assert answer.status_code == 200
    body = answer.json()
    assert set(body) == {"user", "csrf"}
    assert set(body["user"]) == {"id", "name", "role", "pharmacy_id", "supplier_id"}
    assert body["user"]["role"] == role
    assert (body["user"]["pharmacy_id"] is not None) == (role in ("clerk", "manager"))
    assert (body["user"]["supplier_id"] is not None) == (role == "supplier")


def test_cookie_attributes(service):
    answer = log_in(service, "clerk", "demo")
    cookie = answer.headers["Set-Cookie"]
    value, *attributes = cookie.split("; ")
    assert value.startswith("yaoku_session=")
    assert len(value.split("=")[1]) == 64
    assert {"Path=/", "HttpOnly", "SameSite=Strict"} <= set(attributes)
    assert not any(a.lower().startswith("domain") for a in attributes)
    assert answer.headers["Cache-Control"] == "no-store"


def test_get_session_says_the_same(service, clerk):
    answer = clerk.get(f"{API}/session")
    assert answer.json() == {"user": clerk.user, "csrf": clerk.headers["X-CSRF-Token"]}


def test_secrets_are_stored_hashed(service, clerk):
    token = clerk.cookies["yaoku_session"]
    with service.database().cursor() as cursor:
        cursor.execute("SELECT count(*) FROM session WHERE token_hash = sha256(%s::bytea)", (token.encode(),))
        assert cursor.fetchone() == (1,)
        cursor.execute("SELECT count(*) FROM account WHERE kind = 'person' AND secret NOT LIKE '$argon2id$%%m=19456,t=2,p=1$%%'")
        assert cursor.fetchone() == (0,)


def test_service_role_cannot_read_secrets(service):
    with service.database("yaoku_app").cursor() as cursor:
        for statement in ("SELECT secret FROM account", "SELECT * FROM session", "SELECT * FROM login_attempt"):
            with pytest.raises(Exception, match="permission denied"):
                cursor.execute(statement)


def test_wrong_password(service, forget_failures):
    answer = log_in(service, "clerk", "wrong")
    assert (answer.status_code, code(answer)) == (401, "wrong_password")
    assert "Set-Cookie" not in answer.headers


def test_unknown_user_costs_the_same_time(service, forget_failures):
    def seconds(username):
        begin = time.monotonic()
        assert log_in(service, username, "wrong").status_code == 401
        return time.monotonic() - begin

    log_in(service, "clerk", "demo")
    pairs = [(seconds("clerk"), seconds(name())) for _ in range(4)]
    known, unknown = (min(column) for column in zip(*pairs))  # the least disturbed of each
    assert 0.6 < known / unknown < 1.6, pairs


def test_old_session_ends_with_a_new_log_in(service):
    client = service.login("clerk")
    first = client.cookies["yaoku_session"]
    assert client.post(f"{API}/session", json={"username": "clerk", "password": "demo"}).status_code == 200
    assert client.cookies["yaoku_session"] != first
    stale = service.client()
    stale.cookies.set("yaoku_session", first)
    assert stale.get(f"{API}/session").status_code == 401


def test_log_out(service):
    client = service.login("clerk")
    token = client.cookies["yaoku_session"]
    assert client.get(f"{API}/session").status_code == 200
    answer = client.delete(f"{API}/session")
    assert answer.status_code == 204
    assert "Max-Age=0" in answer.headers["Set-Cookie"]
    stale = service.client()
    stale.cookies.set("yaoku_session", token)
    assert stale.get(f"{API}/session").status_code == 401


@pytest.mark.parametrize("column, past", [("seen_at", "61 minutes"), ("expires_at", "1 second")])
def test_session_ends_when_idle_or_old(service, column, past):
    client = service.login("clerk")
    with service.database().cursor() as cursor:
        cursor.execute(f"UPDATE session SET {column} = now() - %s::interval WHERE token_hash = sha256(%s::bytea)",
                       (past, client.cookies["yaoku_session"].encode()))
    assert within(6, lambda: client.get(f"{API}/session").status_code == 401)


def test_use_extends_a_session(service):
    client = service.login("clerk")
    with service.database().cursor() as cursor:
        cursor.execute("UPDATE session SET seen_at = now() - interval '30 minutes' WHERE token_hash = sha256(%s::bytea)",
                       (client.cookies["yaoku_session"].encode(),))
        client.get(f"{API}/session")

        def is_extended():
            cursor.execute("SELECT seen_at > now() - interval '1 minute' FROM session WHERE token_hash = sha256(%s::bytea)",
                           (client.cookies["yaoku_session"].encode(),))
            return cursor.fetchone()[0]
        assert within(2, is_extended)


@pytest.mark.parametrize("body", [{}, {"username": "clerk"}, {"username": "clerk", "password": "demo", "admin": True},
                                  {"username": 7, "password": "demo"}, {"username": "", "password": "demo"},
                                  {"username": "clerk", "password": "x" * 2000}])
def test_log_in_refuses_odd_bodies(service, body):
    assert service.client().post(f"{API}/session", json=body).status_code == 400


# --- throttle


def test_five_failures_delay_the_account(service, user, forget_failures):
    _, username = user()
    for _ in range(5):
        assert log_in(service, username, "wrong").status_code == 401
    answer = log_in(service, username, PASSWORD)
    assert (answer.status_code, code(answer)) == (429, "too_many_requests")
    assert 50 <= int(answer.headers["Retry-After"]) <= 60
    assert log_in(service, "clerk", "demo").status_code == 200
    with service.database().cursor() as cursor:
        cursor.execute("UPDATE login_attempt SET next_at = now() - interval '1 second' WHERE login = %s", (username,))
        assert log_in(service, username, "wrong").status_code == 401
        cursor.execute("SELECT extract(epoch FROM next_at - now()) FROM login_attempt WHERE login = %s", (username,))
        assert 110 < cursor.fetchone()[0] <= 120


def test_unknown_users_are_delayed_alike(service, forget_failures):
    username = name()
    for _ in range(5):
        assert log_in(service, username, "wrong").status_code == 401
    assert log_in(service, username, "wrong").status_code == 429


def test_stranger_cannot_lock_a_clerk_out(service, user, forget_failures):
    """What another address does is counted apart once a person has logged in from here."""
    _, username = user()
    assert log_in(service, username, PASSWORD).status_code == 200
    with service.database().cursor() as cursor:
        for _ in range(6):
            cursor.execute("SELECT wait_seconds FROM begin_login(%s, '203.0.113.9')", (username,))
        assert cursor.fetchone()[0] > 0
    assert log_in(service, username, PASSWORD).status_code == 200


def test_success_forgets_failures(service, user, forget_failures):
    _, username = user()
    for _ in range(3):
        for _ in range(4):
            assert log_in(service, username, "wrong").status_code == 401
        assert log_in(service, username, PASSWORD).status_code == 200


# --- CSRF and other sites


def test_write_needs_the_csrf_token(service, clerk):
    for token in (None, "", "0" * 64, clerk.headers["X-CSRF-Token"][:-1]):
        answer = clerk.delete(f"{API}/session", headers={"X-CSRF-Token": token})
        assert (answer.status_code, code(answer)) == (403, "csrf"), token
    assert clerk.get(f"{API}/session", headers={"X-CSRF-Token": None}).status_code == 200


def test_token_of_another_session_is_refused(service, clerk, manager):
    answer = clerk.delete(f"{API}/session", headers={"X-CSRF-Token": manager.headers["X-CSRF-Token"]})
    assert code(answer) == "csrf"


@pytest.mark.parametrize("headers", [{"Origin": "https://evil.example"}, {"Origin": "null"},
                                     {"Sec-Fetch-Site": "cross-site"}])
def test_other_sites_are_refused(service, clerk, headers):
    answer = clerk.delete(f"{API}/session", headers=headers)
    assert (answer.status_code, code(answer)) == (403, "cross_origin")
    answer = service.client().post(f"{API}/session", json={"username": "clerk", "password": "demo"}, headers=headers)
    assert answer.status_code == 403


def test_log_in_by_a_form_is_refused(service):
    answer = service.client().post(f"{API}/session", data='{"username":"clerk","password":"demo"}',
                                   headers={"Content-Type": "text/plain"})
    assert answer.status_code == 415


# --- keys


def test_key_works_without_cookie_and_csrf(service, clerk, key):
    _, secret = key("agent", pharmacy_id=clerk.user["pharmacy_id"])
    answer = service.key(secret).get(f"{API}/session")
    assert answer.status_code == 200
    assert answer.json()["user"]["role"] == "clerk"
    assert answer.json()["csrf"] is None


@pytest.mark.parametrize("spoil", [lambda k: k[:-1], lambda k: k + "0", lambda k: k.split(".")[0],
                                   lambda k: k.split(".")[0] + ".", lambda k: "." + k.split(".")[1],
                                   lambda k: "k000000000000." + k.split(".")[1], lambda k: "x" * 200 + k])
def test_spoiled_key_is_refused(service, clerk, key, spoil):
    _, secret = key("agent", pharmacy_id=clerk.user["pharmacy_id"])
    assert service.key(secret).get(f"{API}/session").status_code == 200
    answer = service.key(spoil(secret)).get(f"{API}/session")
    assert (answer.status_code, code(answer)) == (401, "unauthenticated")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_secret_of_one_key_does_not_open_another(service, clerk, key):
    pharmacy = clerk.user["pharmacy_id"]
    one, two = key("agent", pharmacy_id=pharmacy)[1], key("agent", pharmacy_id=pharmacy)[1]
    for secret in (one, two):
        assert service.key(secret).get(f"{API}/session").status_code == 200
    mixed = two.split(".")[0] + "." + one.split(".")[1]
    assert service.key(mixed).get(f"{API}/session").status_code == 401


def test_a_key_that_is_shown_counts_before_a_cookie(service, clerk):
    assert clerk.get(f"{API}/session", headers={"Authorization": "Bearer k.nonsense"}).status_code == 401


def test_only_the_hash_of_a_key_is_stored(service, clerk, key):
    key_id, secret = key("agent", pharmacy_id=clerk.user["pharmacy_id"])
    with service.database().cursor() as cursor:
        cursor.execute("SELECT secret = encode(sha256(%s::bytea), 'hex') FROM account WHERE id = %s",
                       (secret.split(".")[1].encode(), key_id))
        assert cursor.fetchone() == (True,)
        cursor.execute("SELECT count(*) FROM audit WHERE detail::text LIKE '%%' || %s || '%%'", (secret.split(".")[1],))
        assert cursor.fetchone() == (0,)


# --- disabling stops within a second


def test_disabled_key_is_out_within_a_second(service, admin, clerk, key):
    key_id, secret = key("agent", pharmacy_id=clerk.user["pharmacy_id"])
    program = service.key(secret)
    assert program.get(f"{API}/session").status_code == 200
    assert admin.post(f"{API}/keys/{key_id}/disable").status_code == 200
    assert within(1, lambda: program.get(f"{API}/session").status_code == 401)
    assert admin.post(f"{API}/keys/{key_id}/disable").status_code == 200


def test_disabled_user_is_out_within_a_second_in_every_worker(service_two):
    admin = service_two.login("admin")
    username = name()
    made = admin.post(f"{API}/users", json={"username": username, "name": "x", "role": "admin", "password": PASSWORD})
    client = service_two.login(username, PASSWORD)
    token = client.cookies["yaoku_session"]

    def statuses():
        # A connection of its own each time, so that both workers are asked.
        return {requests.get(service_two.url + f"{API}/session", cookies={"yaoku_session": token}, timeout=10).status_code
                for _ in range(12)}
    assert statuses() == {200}
    assert admin.post(f"{API}/users/{made.json()['id']}/disable").status_code == 200
    assert within(1, lambda: statuses() == {401})
    assert log_in(service_two, username, PASSWORD).status_code == 401


# --- roles and the own pharmacy


@pytest.mark.parametrize("who, status", [("clerk", 403), ("supplier", 403), ("manager", 200), ("admin", 200)])
@pytest.mark.parametrize("path", ["/users", "/keys", "/audit"])
def test_roles(service, who, status, path):
    assert service.login(who).get(API + path).status_code == status


@pytest.mark.parametrize("path", ["/users", "/keys", "/audit", "/session"])
def test_nobody_is_refused(service, path):
    answer = service.client().get(API + path)
    assert (answer.status_code, code(answer)) == (401, "unauthenticated")


def test_manager_sees_and_makes_own_pharmacy_only(service, manager, admin):
    own = manager.user["pharmacy_id"]
    items = manager.get(f"{API}/users", params={"limit": 1000}).json()["items"]
    assert items and {i["pharmacy_id"] for i in items} == {own}
    assert all("secret" not in i for i in items)
    made = manager.post(f"{API}/users", json={"username": name(), "name": "新人", "role": "clerk", "password": PASSWORD})
    assert made.json()["pharmacy_id"] == own
    for body, problem in [({"role": "clerk", "pharmacy_id": own + 1}, "wrong_pharmacy"),
                          ({"role": "admin"}, "invalid_member"),
                          ({"role": "supplier", "supplier_id": 1}, "invalid_member")]:
        answer = manager.post(f"{API}/users", json={"username": name(), "name": "x", "password": PASSWORD, **body})
        assert code(answer) == problem, body
    other = admin.post(f"{API}/users", json={"username": name(), "name": "x", "role": "clerk", "password": PASSWORD,
                                             "pharmacy_id": own + 1}).json()["id"]
    assert manager.post(f"{API}/users/{other}/disable").status_code == 404
    assert manager.post(f"{API}/users/{other}/password", json={"password": PASSWORD}).status_code == 404


def test_username_is_taken_once(service, admin, user):
    _, username = user()
    answer = admin.post(f"{API}/users", json={"username": username, "name": "x", "role": "admin", "password": PASSWORD})
    assert (answer.status_code, code(answer)) == (409, "duplicate")


@pytest.mark.parametrize("password", ["short", "password1", "aaaaaaaaaaaa", "七个汉字的密码"])
def test_weak_password_is_refused(service, admin, password):
    answer = admin.post(f"{API}/users", json={"username": name(), "name": "x", "role": "admin", "password": password})
    assert (answer.status_code, code(answer)) == (400, "invalid_member")


def test_own_password_needs_the_present_one_and_ends_other_sessions(service, user):
    user_id, username = user()
    one, two = service.login(username, PASSWORD), service.login(username, PASSWORD)
    path = f"{API}/users/{user_id}/password"
    assert code(one.post(path, json={"password": "another-password"})) == "missing_member"
    assert code(one.post(path, json={"password": "another-password", "current_password": "wrong"})) == "wrong_password"
    assert one.post(path, json={"password": "another-password", "current_password": PASSWORD}).status_code == 200
    assert within(1, lambda: two.get(f"{API}/session").status_code == 401)
    assert one.get(f"{API}/session").status_code == 200
    assert log_in(service, username, PASSWORD).status_code == 401
    assert log_in(service, username, "another-password").status_code == 200


def test_wrong_present_password_is_delayed_like_a_log_in(service, user, forget_failures):
    user_id, username = user()
    client = service.login(username, PASSWORD)
    change = lambda present: client.post(f"{API}/users/{user_id}/password",
                                         json={"password": "another-password", "current_password": present})
    for _ in range(5):
        assert code(change("wrong")) == "wrong_password"
    answer = change(PASSWORD)
    assert (answer.status_code, code(answer)) == (429, "too_many_requests")
    assert 50 <= int(answer.headers["Retry-After"]) <= 60
    with service.database().cursor() as cursor:
        cursor.execute("UPDATE login_attempt SET next_at = now() WHERE login LIKE %s", (username + "%",))
        assert change(PASSWORD).status_code == 200
        cursor.execute("SELECT max(failures) FROM login_attempt WHERE login LIKE %s", (username + "%",))
        assert cursor.fetchone() == (0,)


def test_password_of_another_is_refused_before_anything_is_hashed(service, clerk, user):
    """Else anybody who is logged in could keep the hasher busy."""
    user_id, username = user()
    own = service.login(username, PASSWORD)

    def seconds(client, status, **members):
        begin = time.monotonic()
        answer = client.post(f"{API}/users/{user_id}/password", json={"password": PASSWORD, **members})
        assert answer.status_code == status, answer.text
        return time.monotonic() - begin

    refused = min(seconds(clerk, 404) for _ in range(5))
    hashed = min(seconds(own, 200, current_password=PASSWORD) for _ in range(3))    # twice
    assert refused < hashed / 3


@pytest.mark.parametrize("login, account", [("admin", "clerk"), ("nobody", "clerk")])
def test_session_is_of_the_person_who_logged_in(service, login, account):
    with service.database().cursor() as cursor:
        cursor.execute("SELECT problem FROM start_session(%s, '203.0.113.7', (SELECT id FROM account WHERE login = %s),"
                       " sha256('x'), NULL, '', '')", (login, account))
        assert cursor.fetchone() == ("wrong_password",)


def test_a_key_begins_no_session(service, clerk, key):
    key_id, secret = key("agent", pharmacy_id=clerk.user["pharmacy_id"])
    with service.database().cursor() as cursor:
        cursor.execute("SELECT problem FROM start_session(%s, '203.0.113.7', %s, sha256('x'), NULL, '', '')",
                       (secret.split(".")[0], key_id))
        assert cursor.fetchone() == ("wrong_password",)


def test_nobody_disables_the_own_account(service, admin):
    items = admin.get(f"{API}/users", params={"limit": 1000}).json()["items"]
    own = next(i["id"] for i in items if i["username"] == "admin")
    assert admin.post(f"{API}/users/{own}/disable").status_code == 409


def test_pages_of_users_meet_without_gap(service, admin, user):
    for _ in range(3):
        user()
    whole = [i["id"] for i in admin.get(f"{API}/users", params={"limit": 1000}).json()["items"]]
    seen, cursor = [], None
    while True:
        page = admin.get(f"{API}/users", params={"limit": 2, "cursor": cursor} if cursor else {"limit": 2}).json()
        seen += [i["id"] for i in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert seen == whole


def test_changes_are_audited(service, admin, user):
    user_id, username = user()
    admin.post(f"{API}/users/{user_id}/disable")
    items = admin.get(f"{API}/audit", params={"limit": 20}).json()["items"]
    rows = [i for i in items if i["subject"] == str(user_id) and i["action"].startswith("user.")]
    assert [r["action"] for r in rows] == ["user.disable", "user.create"]
    assert all(r["account"] and r["request"] for r in rows)
    assert PASSWORD not in str(items) and "argon2" not in str(items)


def test_metrics_need_a_key_unless_open(make_service):
    service = make_service("--demo").start()
    admin = service.login("admin")
    assert service.client().get("/metrics").status_code == 401
    assert admin.get("/metrics").status_code == 403
    secret = admin.post(f"{API}/keys", json={"name": "prometheus", "kind": "metrics"}).json()["key"]
    answer = service.key(secret).get("/metrics")
    assert answer.status_code == 200 and "yaoku_db_questions_total" in answer.text
    assert service.key(secret).get(f"{API}/users").status_code == 403
