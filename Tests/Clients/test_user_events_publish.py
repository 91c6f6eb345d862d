"""PROTOCOL section 7: what a backend may publish, and what it is answered."""

import json
import time

import pytest
from clients import check_error, http_request
from helpers import NOTE, QUICK, note, publish, until
from tokens import ADMIN, PROCTOR, SERVICE, token

UPLOAD = {"audio_id": 1, "progress": 65.5, "status": "Uploading..."}
ANALYSIS = {"audio_id": 1, "status": "processing"}


def post(server, body, path="/api/v1/users/7/events", by=SERVICE, **headers):
    return http_request(server, f"POST {path}", body, by, **headers)


@pytest.mark.parametrize("count", [0, 1, 3])
def test_answer(gate, follow, user, count):
    clients = [follow(user) for _ in range(count)]
    answer = publish(gate, user)
    assert type(answer["id"]) is int
    assert answer == {"id": answer["id"], "delivered": count, "queued": count == 0}
    for client in clients:
        assert client.receive()["id"] == answer["id"]


def test_connections_are_counted_once_they_are_gone(gate, follow, user):
    client = follow(user)
    assert publish(gate, user)["delivered"] == 1
    client.close()
    until(lambda: publish(gate, user)["delivered"] == 0)
    assert publish(gate, user)["queued"] is True


def test_a_user_with_other_connections_only(gate, typed, visit, user):
    """Those of another family get no events."""
    others = [typed("general", user), typed("notifications", user), visit(user)]
    answer = publish(gate, user)
    assert (answer["delivered"], answer["queued"]) == (0, True)
    assert [client.waiting() for client in others] == [[]] * 3


@pytest.mark.parametrize("name", ["ä€", "a b", "x" * 64, "%", "a?b", "0"])
def test_user_id(gate, follow, name):
    client = follow(name)
    client.waiting()
    assert note(gate, name) == client.receive()["id"]


@pytest.mark.parametrize("name", ["x" * 65, "a%00", "a%2Fb", "%ff", "a%0Ab"])
def test_bad_user_id(gate, name):
    body = {"type": "notification", "data": NOTE}
    check_error(post(gate, body, f"/api/v1/users/{name}/events"), 400)


GOOD = {
    "the least progress": ("upload_progress", UPLOAD | {"progress": 0}),
    "the most progress": ("upload_progress", UPLOAD | {"progress": 100}),
    "an exponent": ("upload_progress", UPLOAD | {"progress": 1e-3}),
    "an id of text": ("upload_progress", UPLOAD | {"audio_id": "ä" * 32}),
    "an id of one byte": ("upload_progress", UPLOAD | {"audio_id": "x"}),
    "a negative id": ("upload_progress", UPLOAD | {"audio_id": -1}),
    "an empty status": ("upload_progress", UPLOAD | {"status": ""}),
    "no progress": ("analysis_status", ANALYSIS),
    "results of an object": ("analysis_status", ANALYSIS | {
        "status": "completed", "progress": 100, "results": {"bpm": 120, "keys": ["a", None]}}),
    "results of a list": ("analysis_status", ANALYSIS | {"results": [1, [2, [3]]]}),
    "results of nothing": ("analysis_status", ANALYSIS | {"results": None}),
    "results of text": ("analysis_status", ANALYSIS | {"results": "x"}),
    "any level": ("notification", NOTE | {"level": "whatever"}),
    "empty texts": ("notification", {"title": "", "message": "", "level": ""}),
    "more members": ("notification", NOTE | {"more": {"a": [1]}}),
    "escapes": ("notification", NOTE | {"title": "\0\n\"\\ä€𝄞"}),
}


@pytest.mark.parametrize("name", GOOD)
def test_good_body(gate, follow, user, name):
    kind, data = GOOD[name]
    client = follow(user)
    publish(gate, user, kind, data)
    message = client.receive()
    assert (message["type"], message["data"]) == (kind, data)


def without(data, member):
    return {name: value for name, value in data.items() if name != member}


def bad_bodies():
    """(body, the member that the answer has to name)."""
    for kind in (None, 1, "", "dance", "upload", "connection", ["notification"]):
        yield {"type": kind, "data": NOTE}, "type"
    yield {"data": NOTE}, "type"
    yield {"type": "notification"}, "data"
    for data in (None, 1, "x", [], [NOTE]):
        yield {"type": "notification", "data": data}, "data"
    for kind, data, required in [
            ("upload_progress", UPLOAD, UPLOAD), ("analysis_status", ANALYSIS, ANALYSIS),
            ("notification", NOTE, NOTE)]:
        for member in required:
            yield {"type": kind, "data": without(data, member)}, member
            for value in (None, True, [], {}):
                yield {"type": kind, "data": data | {member: value}}, member
    for kind, data in [("upload_progress", UPLOAD), ("analysis_status", ANALYSIS)]:
        for value in (-0.1, 100.1, -1, 1e300, "50", None, True, [50]):
            yield {"type": kind, "data": data | {"progress": value}}, "progress"
        for value in ("", "x" * 65, "ä" * 33, 1.5):
            yield {"type": kind, "data": data | {"audio_id": value}}, "audio_id"
        yield {"type": kind, "data": data | {"status": 1}}, "status"
    for member in NOTE:
        yield {"type": "notification", "data": NOTE | {member: 1}}, member


@pytest.mark.parametrize("path", ["/api/v1/users/{}/events", "/api/v1/events"])
def test_bad_body(own, follow, user, path):
    """422, the member is named, nobody is told, and no id is used up."""
    client = follow(user, own)
    first = note(own, user)
    for body, member in bad_bodies():
        response = post(own, body, path.format(user))
        check_error(response, 422)
        assert member in json.loads(response[2])["message"], body
    assert note(own, user) == first + 1
    assert [message["id"] for message in client.waiting()] == [first, first + 1]


@pytest.mark.parametrize("body", [
    "", "{", "[]", "1", "null", "{'type':'x'}", b'{"type":"notification","data":{"title":"\xff"}}',
    '{"type":"notification","data":{"title":"x","message":"x","level":"x"}', "[" * 300,
    '{"type":"notification","data":{"title":"x","message":"x","level":"x"}}}',
    '{"type":"analysis_status","data":{"audio_id":1,"status":"x","results":' + "[" * 300,
])
def test_no_json_object(gate, follow, user, body):
    client = follow(user)
    response = post(gate, body, f"/api/v1/users/{user}/events")
    check_error(response, 422 if response[0] == 422 else 400)
    assert client.waiting() == []


@pytest.mark.parametrize("depth", range(1, 12))
def test_json_that_ends_at_any_depth(gate, follow, user, depth):
    client = follow(user)
    results = '{"a":[' * depth + "1" + "]}" * depth
    whole = '{"type":"analysis_status","data":{"audio_id":1,"status":"x","results":%s}}' % results
    response = post(gate, whole[:-depth], f"/api/v1/users/{user}/events")
    check_error(response, 422 if response[0] == 422 else 400)
    assert client.waiting() == []
    assert post(gate, whole, f"/api/v1/users/{user}/events")[0] == 202
    assert json.dumps(client.receive()["data"]["results"], separators=(",", ":")) == results


def test_a_body_too_large(gate, follow, user):
    """WEBSOCKET_MAX_BODY_SIZE is 4k; what fits arrives whole."""
    client = follow(user)
    body = json.dumps({"type": "notification", "data": NOTE | {"message": "x" * 4096}})
    check_error(post(gate, body, f"/api/v1/users/{user}/events"), 413)
    assert client.waiting() == []
    publish(gate, user, data=NOTE | {"message": "x" * 3800})
    assert client.receive()["data"]["message"] == "x" * 3800


# Who may publish.

@pytest.mark.parametrize("path", ["/api/v1/users/7/events", "/api/v1/events"])
@pytest.mark.parametrize("by, status", [
    (None, 401), ("nonsense", 401), (token("7", exp=1, role="admin"), 401),
    (token("7"), 403), (token("8"), 403), (PROCTOR, 403), (token("7", role="user"), 403),
    (ADMIN, 202), (SERVICE, 202), (token("7", roles=["x", "service"]), 202),
    (token("7", is_admin=True), 202),
])
def test_who_may(own, by, status, path):
    """Roles decide: not even one's own events are published without one."""
    response = post(own, {"type": "notification", "data": NOTE}, path, by)
    assert response[0] == status
    if status != 202:
        check_error(response, status)


@pytest.mark.parametrize("path", ["/api/v1/users/7/events", "/api/v1/events"])
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_method_not_allowed(gate, path, method):
    headers = check_error(http_request(gate, f"{method} {path}", token=SERVICE), 405)
    assert "POST" in [one.strip() for one in headers["allow"].split(",")]


@pytest.mark.parametrize("path", ["/api/v1/users/7", "/api/v1/users", "/api/v1", "/api/v1/ws",
                                  "/api/v1/users/7/events/8", "/api/v1/event"])
def test_no_such_path(gate, path):
    check_error(post(gate, {"type": "notification", "data": NOTE}, path), 404)


def test_origin(start):
    server = start(**QUICK, WEBSOCKET_ALLOWED_ORIGINS="https://app.example.org")
    body = {"type": "notification", "data": NOTE}
    for path in ("/api/v1/users/7/events", "/api/v1/events"):
        check_error(post(server, body, path, Origin="https://evil.example"), 403)
        status, headers, _ = post(server, body, path, Origin="https://app.example.org")
        assert status == 202
        assert headers["access-control-allow-origin"] == "https://app.example.org"
        status, headers, _ = http_request(
            server, f"OPTIONS {path}", Origin="https://app.example.org",
            Access_Control_Request_Method="POST",
            Access_Control_Request_Headers="authorization,content-type")
        assert status == 204 and "POST" in headers["access-control-allow-methods"]


# To everybody.

def test_to_everybody(own, follow, typed):
    """Each user who has an event connection gets it once a connection, with an id of theirs."""
    note(own, "away")
    clients = {name: [follow(name, own) for _ in range(count)]
               for name, count in (("ann", 2), ("bob", 1))}
    general = typed("general", "cat", server=own)
    highest = max(note(own, "bob") for _ in range(5))
    clients["bob"][0].waiting()
    answer = publish(own, None, "upload_progress", UPLOAD)
    messages = {name: [client.receive() for client in those] for name, those in clients.items()}
    assert messages["ann"][0] == messages["ann"][1]
    assert all(message["data"] == UPLOAD and message["type"] == "upload_progress"
               for those in messages.values() for message in those)
    ids = [those[0]["id"] for those in messages.values()]
    assert ids[1] == highest + 1
    assert answer == {"id": max(ids), "delivered": 3, "queued": False}
    assert general.waiting() == []
    assert [message["type"] for message in follow("away", own).waiting()] == ["notification"]
    assert follow("cat", own).waiting() == []


def test_to_nobody(own):
    assert publish(own, None) == {"id": None, "delivered": 0, "queued": False}


def test_to_everybody_can_be_resumed(own, follow):
    client = follow("ann", own)
    before = note(own, "ann")
    after = publish(own, None)["id"]
    client.close()
    again = follow("ann", own, last=before)
    assert again.greeting["data"]["resumed"] is True
    assert again.receive()["id"] == after


def test_ids_start_at_the_servers_start(start):
    began = time.time()
    server = start(**QUICK)
    first = note(server, "7")
    assert began - 1 < first / 1e6 < time.time() + 1
