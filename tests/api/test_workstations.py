"""Device profiles: set up by one scan of the test symbol, and from then on every scan of that workstation is read with
them, in every worker, in that pharmacy and nowhere else. What is kept of a scan stays what arrived."""
import base64
import pathlib
import re
import time
import urllib.parse
import uuid

import pytest

PHARMACY, OTHER = 61, 62
PASSWORD = "eleven green umbrellas"
GS = "\x1d"
HEAD, TAIL = "01095011015300031727123110aB-1/x_9", "21Zz0"
GERMAN = str.maketrans({"]": "+", "-": "ß", "/": "-", "_": "?", "z": "y", "y": "z", "Z": "Y", "Y": "Z"})


def plain(text):
    return text


# A scanner: what it makes of a scan of "]d2…" with GS. The profile's four parts as the service finds them.
DEVICES = {
    "as it should be": (plain, "", GS, {"fault": "none", "prefix": "", "separator": ""}),
    "prefix and |": (plain, "A", "|", {"fault": "none", "prefix": "A", "separator": "|"}),
    "{GS}": (plain, "", "{GS}", {"fault": "none", "prefix": "", "separator": "{GS}"}),
    "Caps Lock": (str.swapcase, "", GS, {"fault": "caps", "prefix": "", "separator": ""}),
    "German keyboard": (lambda text: text.translate(GERMAN), "*", GS, {"fault": "de", "prefix": "*", "separator": ""}),
}


def sent(device, content):
    """What arrives when this device scans `content`, as a page gets it: without the Enter."""
    change, prefix, separator, _ = DEVICES[device]
    return prefix + separator.join(change(part) for part in ("]d2" + content).split(GS))


def b64(text):
    return base64.b64encode(text.encode()).decode()


def profile_call(client, name, arrived, method="put", **more):
    return getattr(client, method)("/api/v1/workstations", json={"name": name, "arrived_base64": b64(arrived), **more})


def set_up(client, name, device, **more):
    response = profile_call(client, name, sent(device, HEAD + GS + TAIL) + "\r", **more)
    assert response.status_code == 200, response.text
    return response.json()


def derive(client, arrived):
    response = client.post("/api/v1/workstations/derive", json={"arrived_base64": b64(arrived)})
    assert response.status_code == 200, response.text
    return response.json()


class Place:
    """People of two pharmacies, and a product of both."""

    def __init__(self, service):
        self.service = service
        self.admin = service.login("admin")
        self.clerk, self.manager = self.person("clerk", PHARMACY), self.person("manager", PHARMACY)
        self.other = self.person("clerk", OTHER)
        self.gtin = self.sql("SELECT p.gtin FROM product p ORDER BY p.id LIMIT 1")[0][0]

    def person(self, role, pharmacy):
        name = f"w-{uuid.uuid4().hex[:10]}"
        made = self.admin.post("/api/v1/users", json={"username": name, "name": name, "role": role,
                                                      "password": PASSWORD, "pharmacy_id": pharmacy})
        assert made.status_code == 200, made.text
        return self.service.login(name, PASSWORD)

    def sql(self, query, *args):
        connection = self.service.database()
        try:
            with connection.cursor() as cursor:
                cursor.execute(query, args or None)
                return cursor.fetchall()
        finally:
            connection.close()

    def pack(self, lot, serial):
        return f"01{self.gtin}17311231" f"10{lot}{GS}21{serial}"

    def receive(self, client, code, workstation, **more):
        body = {"id": str(uuid.uuid4()), "movement": "receive", "code": code, "workstation": workstation, **more}
        response = client.post("/api/v1/scans", json=body)
        assert response.status_code == 200, response.text
        return response.json()["results"][0]


@pytest.fixture(scope="module")
def place(service):
    return Place(service)


@pytest.fixture(scope="module")
def two(service_two):
    return Place(service_two)


def name():
    return "W-" + uuid.uuid4().hex[:8]


def serial():
    return "zY" + uuid.uuid4().hex[:12]


@pytest.mark.parametrize("device", DEVICES)
def test_a_scan_posts_right_after_set_up(place, device):
    workstation, code = name(), serial()
    kept = set_up(place.clerk, workstation, device)
    assert {key: kept[key] for key in DEVICES[device][3]} == DEVICES[device][3] and kept["suffix"] == "\r"
    result = place.receive(place.clerk, sent(device, place.pack("zB-1/y_9", code)), workstation)
    assert result["outcome"] == "posted", result
    assert result["lot"] == "zB-1/y_9"
    assert place.sql("SELECT 1 FROM pack WHERE pharmacy_id = %s AND code = %s", PHARMACY,
                     f"01{place.gtin}21{code}") == [(1,)]


@pytest.mark.parametrize("device", ["prefix and |", "{GS}", "German keyboard"])
def test_without_the_profile_it_is_not_read(place, device):
    """Another workstation's scans, and those that name none, are read as they come."""
    set_up(place.clerk, name(), device)
    for workstation in (name(), None):
        result = place.receive(place.clerk, sent(device, place.pack("zB-1/y_9", serial())), workstation)
        assert result["outcome"] == "held", result


def test_the_same_name_in_another_pharmacy_is_another_workstation(place):
    workstation = name()
    set_up(place.clerk, workstation, "prefix and |")
    scan = sent("prefix and |", place.pack("L1", serial()))
    assert place.receive(place.other, scan, workstation)["outcome"] == "held"
    assert place.receive(place.clerk, scan, workstation)["outcome"] == "posted"
    assert place.other.get("/api/v1/workstations").json()["items"] == []


def test_the_profile_of_the_pharmacy_that_the_scan_is_for(place):
    """An agent's key, or an administrator's scan, names the pharmacy; the profile is that pharmacy's."""
    workstation = name()
    assert set_up(place.admin, workstation, "{GS}", pharmacy_id=PHARMACY)["pharmacy_id"] == PHARMACY
    key = place.manager.post("/api/v1/keys", json={"name": "agent", "kind": "agent"}).json()["key"]
    scan = sent("{GS}", place.pack("L2", serial()))
    assert place.receive(place.service.key(key), scan, workstation)["outcome"] == "posted"


def test_bytes_of_an_agent_are_undone_too(place):
    workstation = name()
    set_up(place.clerk, workstation, "German keyboard")
    scan = sent("German keyboard", place.pack("zB-1", serial()))
    result = place.receive(place.clerk, None, workstation, code_base64=b64(scan + "\r"))
    assert result["outcome"] == "posted" and result["lot"] == "zB-1"


def test_what_is_kept_of_a_scan_is_what_arrived(place):
    """A held scan shows the raw bytes; sent again it is a replay, whatever the profile is by then."""
    workstation = name()
    set_up(place.clerk, workstation, "prefix and |")
    body = {"id": str(uuid.uuid4()), "movement": "receive", "code": "A]d2" + place.pack("L3", serial()).replace(GS, "|"),
            "workstation": workstation}
    held = {**body, "id": str(uuid.uuid4()), "code": f"A]C0NO-SUCH-{uuid.uuid4().hex}"}
    first = place.clerk.post("/api/v1/scans", json=body).json()["results"][0]
    assert first["outcome"] == "posted"
    assert place.clerk.post("/api/v1/scans", json=held).json()["results"][0]["problem"]["code"] == "unknown_code"
    [(raw,)] = place.sql("SELECT raw FROM scan WHERE pharmacy_id = %s AND id = %s", PHARMACY, held["id"])
    assert bytes(raw).decode() == held["code"]
    set_up(place.clerk, workstation, "German keyboard")
    again = place.clerk.post("/api/v1/scans", json=body).json()["results"][0]
    assert again == {**first, "outcome": "replayed"}


@pytest.mark.parametrize("lost", [str.upper, str.lower])
def test_where_the_case_is_lost_nothing_is_posted_by_a_wrong_reading(place, lost):
    workstation = name()
    kept = profile_call(place.clerk, workstation, lost("]d2" + HEAD + GS + TAIL) + "\r")
    assert kept.status_code == 200 and kept.json()["fault"] == lost.__name__
    doubtful = place.receive(place.clerk, lost("]d2" + place.pack("aB1", "Zz0" + serial())), workstation)
    assert doubtful["outcome"] == "held" and doubtful["problem"]["code"] == "needs_review"
    assert "letters" in doubtful["problem"]["detail"]
    digits = place.receive(place.clerk, lost("]d2" + place.pack("2031-7", uuid.uuid4().int % 10**9)), workstation)
    assert digits["outcome"] == "posted" and digits["lot"] == "2031-7"


def test_caps_lock_that_went_off_again_posts_nothing(place):
    """The AIM prefix of each scan says whether the fault is still there."""
    workstation = name()
    set_up(place.clerk, workstation, "Caps Lock")
    result = place.receive(place.clerk, "]d2" + place.pack("aB1", serial()), workstation)
    assert result["outcome"] == "held" and result["problem"]["code"] == "bad_code"


@pytest.mark.parametrize("arrived, finding", [
    (HEAD + TAIL, "gs_lost"), ("]d2" + HEAD + "029" + TAIL, "gs_data"), ("6901234567892", "other_symbol"),
    ("]d2" + HEAD[:20], "cut"), ("０１０９５０１１", "ime"), ("x", "differs"),
])
def test_what_no_profile_mends_is_not_kept(place, arrived, finding):
    workstation = name()
    answer = derive(place.clerk, arrived + "\r")
    assert not answer["usable"] and not answer["exact"]
    assert [f["code"] for f in answer["findings"] if f["remedy"] == "device"] == [finding]
    refused = profile_call(place.clerk, workstation, arrived + "\r")
    assert refused.status_code == 409 and refused.json()["code"] == "no_profile" and refused.json()["detail"]
    assert workstation not in [w["name"] for w in place.clerk.get("/api/v1/workstations").json()["items"]]


@pytest.mark.parametrize("device", DEVICES)
def test_derive_reads_the_test_symbol(place, device):
    answer = derive(place.clerk, sent(device, HEAD + GS + TAIL) + "\r")
    assert answer["usable"] and answer["exact"]
    assert answer["profile"] == {**DEVICES[device][3], "suffix": "\r"}
    assert answer["reading"]["elements"] == [["01", "09501101530003"], ["17", "271231"], ["10", "aB-1/x_9"], ["21", "Zz0"]]
    assert answer["content"] == "[01]09501101530003[17]271231[10]aB-1/x_9[21]Zz0"
    assert answer["expected"] == "]d2" + HEAD + GS + TAIL


def test_derive_keeps_nothing_and_refuses_what_is_no_text(place):
    before = place.sql("SELECT count(*) FROM workstation")
    derive(place.clerk, "]d2" + HEAD + "|" + TAIL)
    for wrong in ("***", base64.b64encode(b"\xff\xfe").decode()):
        refused = place.clerk.post("/api/v1/workstations/derive", json={"arrived_base64": wrong})
        assert refused.status_code == 400 and refused.json()["code"] == "invalid_member"
    assert place.sql("SELECT count(*) FROM workstation") == before


def test_list_change_and_forget(place):
    workstation = name()
    set_up(place.clerk, workstation, "prefix and |")
    [row] = [w for w in place.manager.get("/api/v1/workstations").json()["items"] if w["name"] == workstation]
    assert (row["prefix"], row["separator"], row["fault"]) == ("A", "|", "none")
    assert base64.b64decode(row["arrived_base64"]).decode() == sent("prefix and |", HEAD + GS + TAIL) + "\r"
    set_up(place.manager, workstation, "{GS}")
    scan = sent("{GS}", place.pack("L4", serial()))
    assert place.receive(place.clerk, scan, workstation)["outcome"] == "posted"
    assert place.clerk.delete(f"/api/v1/workstations/{workstation}").status_code == 200
    wait_until(lambda: place.receive(place.clerk, scan, workstation)["outcome"] == "held")
    assert place.clerk.delete(f"/api/v1/workstations/{workstation}").status_code == 404
    actions = [(a["action"], a["detail"]) for a in place.manager.get("/api/v1/audit", params={"limit": 1000}).json()["items"]
               if a["subject"] == workstation]
    assert [action for action, _ in actions] == ["workstation.delete", "workstation.put", "workstation.put"]
    assert actions[1][1]["old"]["separator"] == "|" and actions[1][1]["new"]["separator"] == "{GS}"


def test_names_as_scans_carry_them(place):
    for workstation in ("收银台 1", "a b%?#&", "x" * 100):
        set_up(place.clerk, workstation, "{GS}")
        assert place.receive(place.clerk, sent("{GS}", place.pack("L5", serial())), workstation)["outcome"] == "posted"
        path = "/api/v1/workstations/" + urllib.parse.quote(workstation, safe="")
        assert place.clerk.delete(path).status_code == 200
    refused = profile_call(place.clerk, "a/b", sent("{GS}", HEAD + GS + TAIL))
    assert refused.status_code == 400 and "/" in refused.json()["detail"]


def wait_until(condition, seconds=1.0):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"not within {seconds} s"
        time.sleep(0.02)


def test_both_workers_see_a_change_within_a_second(two):
    """Each connection stays with the worker that accepted it: twenty of them reach both."""
    workstation = name()
    clients = [two.service.client() for _ in range(20)]
    for client in clients:
        client.cookies.update(two.clerk.cookies)
        client.headers.update(two.clerk.headers)
        client.get("/api/v1/session").raise_for_status()
    pids = worker_connections(two.service)
    assert len(pids) == 2 and all(pids.values()), "both workers have a client"
    for device in ("prefix and |", "{GS}", "German keyboard"):
        set_up(clients[0], workstation, device)

        def everywhere(device=device):
            scans = [two.receive(client, sent(device, two.pack("zB", serial())), workstation) for client in clients]
            return all(scan["outcome"] == "posted" and scan["lot"] == "zB" for scan in scans)
        wait_until(everywhere)


def worker_connections(service):
    """Established connections to the service by worker."""
    established = set()
    for line in pathlib.Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]:
        fields = line.split()
        if int(fields[1].split(":")[1], 16) == service.port and fields[3] == "01":
            established.add(fields[9])
    found = {}
    for pid in service.workers():
        links = (str(link.readlink()) for link in pathlib.Path(f"/proc/{pid}/fd").iterdir())
        found[pid] = len(established & {m[1] for m in (re.fullmatch(r"socket:\[(\d+)\]", one) for one in links) if m})
    return found
