"""PROTOCOL sections 1, 8 and 9: PUT, GET and DELETE /ws/test-sessions/{id}."""

import json
from urllib.parse import quote

import pytest
from clients import check_error, http_request
from helpers import QUICK, RESERVED, ask, exam
from tokens import ADMIN, PROCTOR, SERVICE, token

GOOD = {"duration_seconds": 60}


def request(server, method, name, body=None, by=PROCTOR, **headers):
    line = f"{method} /ws/test-sessions/{quote(name, safe='')}"
    return http_request(server, line, body, by, **headers)


@pytest.mark.parametrize("seconds", [1, 3600, 86400])
@pytest.mark.parametrize("autostart", [None, False, True])
def test_put_and_get(gate, room, seconds, autostart):
    body = {"duration_seconds": seconds} | ({} if autostart is None else {"autostart": autostart})
    made = exam(gate, f"PUT {room}", body, status=201)
    assert (made["session_id"], made["state"], made["duration_seconds"]) == (
        room, "waiting", seconds)
    found = exam(gate, f"GET {room}")
    assert found.pop("remaining_seconds") in (seconds, None)
    assert found == {"session_id": room, "state": "waiting", "duration_seconds": seconds,
                     "autostart": bool(autostart), "participants": []}


def test_put_again(gate, room):
    """200 while it waits, and what it says counts; autostart is false where it is left out."""
    exam(gate, f"PUT {room}", {"duration_seconds": 60, "autostart": True}, status=201)
    assert exam(gate, f"PUT {room}", {"duration_seconds": 90})["duration_seconds"] == 90
    found = exam(gate, f"GET {room}")
    assert (found["duration_seconds"], found["autostart"]) == (90, False)


def test_put_once_it_runs(gate, room, watch):
    exam(gate, f"PUT {room}", GOOD, status=201)
    one = watch()
    one.say(type="start_session")
    one.until("session_status")
    check_error(request(gate, "PUT", room, {"duration_seconds": 90}), 409)
    found = exam(gate, f"GET {room}")
    assert (found["duration_seconds"], found["state"]) == (60, "running")
    assert 0 < found["remaining_seconds"] <= 60


@pytest.mark.parametrize("body, member", [
    ({}, "duration_seconds"), ({"autostart": True}, "duration_seconds"),
    *[({"duration_seconds": value}, "duration_seconds")
      for value in (0, -1, 86401, 1e300, 1.5, "60", None, True, [60], {})],
    *[(GOOD | {"autostart": value}, "autostart") for value in (1, 0, "true", None, [], {})],
], ids=json.dumps)
def test_bad_body(gate, room, body, member):
    response = request(gate, "PUT", room, body)
    check_error(response, 422)
    assert member in json.loads(response[2])["message"]
    check_error(request(gate, "GET", room), 404)


@pytest.mark.parametrize("body", ["", "{", "[]", "1", "null", "{'duration_seconds':1}",
                                  '{"duration_seconds":60}}', "[" * 300,
                                  b'{"duration_seconds":60,"x":"\xff"}'])
def test_no_json_object(gate, room, body):
    response = request(gate, "PUT", room, body)
    check_error(response, 422 if response[0] == 422 else 400)
    check_error(request(gate, "GET", room), 404)


def test_a_bad_change_changes_nothing(gate, room):
    exam(gate, f"PUT {room}", GOOD, status=201)
    check_error(request(gate, "PUT", room, {"duration_seconds": 0}), 422)
    assert exam(gate, f"GET {room}")["duration_seconds"] == 60


@pytest.mark.parametrize("method", ["PUT", "GET", "DELETE"])
@pytest.mark.parametrize("by, status", [
    (None, 401), ("nonsense", 401), (token(exp=1, role="proctor"), 401), (token("7"), 403),
    (SERVICE, 403), (token("7", role="user"), 403), (ADMIN, 200), (PROCTOR, 200),
    (token("7", roles=["proctor"]), 200),
])
def test_who_may(gate, room, method, by, status):
    if method != "PUT":
        exam(gate, f"PUT {room}", GOOD, status=201)
    response = request(gate, method, room, GOOD if method == "PUT" else None, by)
    assert response[0] == (201 if (method, status) == ("PUT", 200) else status)
    if status != 200:
        check_error(response, status)
        assert request(gate, "GET", room)[0] == (404 if method == "PUT" else 200)


@pytest.mark.parametrize("name", ["x" * 65, "€" * 22, "a/b", "a\n", "\0"], ids=json.dumps)
@pytest.mark.parametrize("method", ["PUT", "GET", "DELETE"])
def test_bad_id(gate, method, name):
    check_error(request(gate, method, name, GOOD if method == "PUT" else None), 400)


@pytest.mark.parametrize("name", RESERVED)
def test_reserved_names(gate, name):
    """They are no room names, so nobody could come in."""
    check_error(request(gate, "PUT", name, GOOD), 400)


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_unknown(gate, room, method):
    check_error(request(gate, method, room), 404)


@pytest.mark.parametrize("method", ["POST", "PATCH"])
def test_method_not_allowed(gate, room, method):
    headers = check_error(request(gate, method, room, GOOD), 405)
    assert {"PUT", "GET", "DELETE"} <= {one.strip() for one in headers["allow"].split(",")}


def test_origin(start, room):
    server = start(**QUICK, WEBSOCKET_ALLOWED_ORIGINS="https://app.example.org")
    check_error(request(server, "PUT", room, GOOD, Origin="https://evil.example"), 403)
    assert request(server, "PUT", room, GOOD, Origin="https://app.example.org")[0] == 201
    check_error(request(server, "DELETE", room, Origin="https://evil.example"), 403)
    status, headers, _ = http_request(
        server, f"OPTIONS /ws/test-sessions/{room}", Origin="https://app.example.org",
        Access_Control_Request_Method="PUT",
        Access_Control_Request_Headers="authorization,content-type")
    assert status == 204 and "PUT" in headers["access-control-allow-methods"]


def test_participants(gate, room, sit, watch):
    """Who took part stays in the list, with all answers; a proctor is not in it."""
    exam(gate, f"PUT {room}", {"duration_seconds": 100, "autostart": True}, status=201)
    boss, ann, bob = watch(), sit("ann"), sit("bob")
    ask(ann, type="answer_update", question_id="q1", answer={"a": [1, "ä€"]})
    ask(ann, type="answer_update", question_id="q2", answer=None)
    ask(bob, type="answer_update", question_id=7, answer="B")
    ask(bob, type="submit")
    ann.close()
    boss.waiting()
    found = sorted(exam(gate, f"GET {room}")["participants"], key=lambda one: one["user_id"])
    assert found == [
        {"user_id": "ann", "username": "ANN", "submitted": False,
         "answers": {"q1": {"a": [1, "ä€"]}, "q2": None}},
        {"user_id": "bob", "username": "BOB", "submitted": True, "answers": {"7": "B"}}]


def test_all_answers_of_many(start, sit, room):
    """More than any one buffer holds: the answer is whole."""
    server = start(**QUICK)
    exam(server, f"PUT {room}", {"duration_seconds": 100, "autostart": True}, status=201)
    expected = {}
    for number in range(10):
        client = sit(f"user-{number}", server=server)
        expected[f"user-{number}"] = {f"q{question}": f"{number}" * 300 for question in range(12)}
        for question, answer in expected[f"user-{number}"].items():
            saved = ask(client, type="answer_update", question_id=question, answer=answer)
            assert saved["type"] == "answer_saved"
    found = exam(server, f"GET {room}")["participants"]
    assert {one["user_id"]: one["answers"] for one in found} == expected


def test_delete(gate, room, sit, watch):
    """Its connections are told 4409, and the name is free again."""
    exam(gate, f"PUT {room}", {"duration_seconds": 100, "autostart": True}, status=201)
    clients = [watch(), sit("ann"), sit("ann")]
    other = sit("ann", f"{room}-other")
    ask(clients[1], type="answer_update", question_id="q", answer=1)
    assert exam(gate, f"DELETE {room}") == {"deleted": room}
    assert [client.closing_code() for client in clients] == [4409] * 3
    check_error(request(gate, "GET", room), 404)
    assert other.waiting() == []
    exam(gate, f"PUT {room}", GOOD, status=201)
    assert exam(gate, f"GET {room}")["participants"] == []


# Bounds.

def test_sessions_are_bounded(start, sit, room):
    server = start(**QUICK, TEST_MAX_SESSIONS=2)
    for number in range(2):
        exam(server, f"PUT {room}-{number}", GOOD, status=201)
    assert check_error(request(server, "PUT", room, GOOD), 503)
    check_error(request(server, "GET", room), 404)
    exam(server, f"PUT {room}-1", {"duration_seconds": 61})
    exam(server, f"DELETE {room}-0")
    exam(server, f"PUT {room}", GOOD, status=201)
    assert sit("ann", server=server).ready["state"] == "waiting"


def test_answers_are_bounded(start, sit, room):
    """One too many is an error, and changing one that is there still works."""
    server = start(**QUICK, TEST_MAX_ANSWERS=2, TEST_PARTICIPANT_SIZE="1k")
    exam(server, f"PUT {room}", {"duration_seconds": 100, "autostart": True}, status=201)
    ann, bob = sit("ann", server=server), sit("bob", server=server)
    kinds = [ask(ann, type="answer_update", question_id=question, answer=1)["type"]
             for question in ("a", "b", "c", "a")]
    assert kinds == ["answer_saved", "answer_saved", "error", "answer_saved"]
    for size, kind in [(400, "answer_saved"), (10, "answer_saved"), (400, "answer_saved")]:
        assert ask(ann, type="answer_update", question_id="a", answer="x" * size)["type"] == kind
    assert ask(bob, type="answer_update", question_id="c", answer=1)["type"] == "answer_saved"


def test_the_size_of_a_participants_answers_is_bounded(start, sit, room):
    server = start(**QUICK, TEST_PARTICIPANT_SIZE="1k")
    exam(server, f"PUT {room}", {"duration_seconds": 100, "autostart": True}, status=201)
    ann = sit("ann", server=server)
    kinds = [ask(ann, type="answer_update", question_id=n, answer="x" * 300)["type"]
             for n in range(5)]
    saved = kinds.count("answer_saved")
    assert 2 <= saved <= 3 and kinds == ["answer_saved"] * saved + ["error"] * (5 - saved)
    found, = exam(server, f"GET {room}")["participants"]
    assert len(found["answers"]) == saved
    assert ask(ann, type="answer_update", question_id=0, answer="")["type"] == "answer_saved"
    assert ask(ann, type="answer_update", question_id=9, answer="x" * 200)["type"] == "answer_saved"
