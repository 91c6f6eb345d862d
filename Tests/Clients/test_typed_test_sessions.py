"""PROTOCOL section 8: test sessions: their status, their answers, and who may what."""

import json

import pytest
from clients import http_request
from helpers import ask, exam, is_error, is_now_in_text, quiet, until
from tokens import ADMIN, PROCTOR


@pytest.fixture(name="running")
def running_session(gate, watch, room):
    """A session of a hundred seconds that runs, and its proctor."""
    exam(gate, f"PUT {room}", {"duration_seconds": 100}, status=201)
    one = watch()
    one.say(type="start_session")
    assert one.until("session_status")["state"] == "running"
    return one


def status(client):
    """What one asks for, once all that came before has been read."""
    quiet(client)
    return checked(ask(client, type="get_session_status"), "session_status")


STATUS = {"type", "session_id", "state", "duration_seconds", "remaining_seconds", "answered",
          "participants", "timestamp"}


def checked(message, kind):
    """A status without its type and timestamp."""
    assert set(message) - {"submitted"} == STATUS and message.pop("type") == kind
    assert is_now_in_text(message.pop("timestamp"))
    return message


def figures(room, state, duration, remaining, answered, participants, **own):
    return {"session_id": room, "state": state, "duration_seconds": duration,
            "remaining_seconds": remaining, "answered": answered,
            "participants": participants} | own


def test_a_session_that_nobody_made(sit, room):
    """As the document's client: ready first, then the status it asks for; it waits."""
    client = sit("ann")
    expected = figures(room, "waiting", None, None, 0, 1, submitted=False)
    assert checked(client.ready, "test_session_ready") == expected
    assert status(client) == expected


def test_a_session_goes_with_its_last_connection_unless_it_was_made(gate, sit, room):
    fleeting = f"GET /ws/test-sessions/{room}-fleeting"
    sit("ann", f"{room}-fleeting").close()
    until(lambda: http_request(gate, fleeting, token=PROCTOR)[0] == 404)
    exam(gate, f"PUT {room}", {"duration_seconds": 60}, status=201)
    sit("ann").close()
    assert exam(gate, f"GET {room}")["duration_seconds"] == 60


def test_the_status_of_one_that_was_made(gate, sit, room):
    exam(gate, f"PUT {room}", {"duration_seconds": 90}, status=201)
    client = sit("ann")
    ready = checked(client.ready, "test_session_ready")
    assert ready["remaining_seconds"] in (90, None)
    assert ready | {"remaining_seconds": 90} == figures(
        room, "waiting", 90, 90, 0, 1, submitted=False)
    assert quiet(client) == []


@pytest.mark.parametrize("room_name", ["ä€", "x" * 64, "a b", "%"])
def test_session_id(sit, gate, room_name):
    assert sit("ann", room_name).ready["session_id"] == room_name
    exam(gate, f"PUT {room_name}", {"duration_seconds": 60}, status=201)
    assert exam(gate, f"GET {room_name}")["session_id"] == room_name
    exam(gate, f"DELETE {room_name}")


# Starting.

@pytest.mark.parametrize("claims", [{"role": "proctor"}, {"role": "admin"}, {"is_admin": True},
                                    {"roles": ["x", "proctor"]}])
def test_start(gate, sit, room, claims):
    """By a proctor or an admin: everyone in it gets the status, no other session does."""
    exam(gate, f"PUT {room}", {"duration_seconds": 100}, status=201)
    ann, bob, other = sit("ann"), sit("bob"), sit("cat", f"{room}-other")
    boss = sit("the boss", **claims)
    boss.say(type="start_session")
    for client in (ann, bob, boss):
        told = checked(client.until("session_status"), "session_status")
        own = {} if client is boss else {"submitted": False}
        assert told == figures(room, "running", 100, 100, 0, 2, **own)
    assert other.waiting() == []


@pytest.mark.parametrize("claims", [{}, {"role": "service"}, {"role": "user"}])
def test_who_may_not_start(gate, sit, room, claims):
    exam(gate, f"PUT {room}", {"duration_seconds": 100}, status=201)
    client = sit("ann", **claims)
    assert is_error(client.ask(type="start_session"))
    assert client.waiting() == []
    assert exam(gate, f"GET {room}")["state"] == "waiting"


def test_what_cannot_start(gate, watch, room):
    """One that nobody made, and one that runs."""
    one = watch()
    assert is_error(one.ask(type="start_session"))
    exam(gate, f"PUT {room}", {"duration_seconds": 100}, status=201)
    one.say(type="start_session")
    one.until("session_status")
    while (answer := ask(one, type="start_session"))["type"] == "session_status":
        pass  # that of the PUT, perhaps
    assert is_error(answer)
    assert status(one)["state"] == "running"


def test_autostart(gate, sit, watch, room):
    """At the first participant, not at a proctor."""
    exam(gate, f"PUT {room}", {"duration_seconds": 50, "autostart": True}, status=201)
    boss = watch()
    assert status(boss)["state"] == "waiting"
    ann = sit("ann")
    told = status(ann)
    assert 45 <= told["remaining_seconds"] <= 50
    assert told | {"remaining_seconds": 50} == figures(
        room, "running", 50, 50, 0, 1, submitted=False)
    assert status(boss)["state"] == "running"


# Answers.

def test_answer(running, sit, room):
    """Saved for the sender; in step with the user's devices and proctors; unseen by others."""
    ann, tablet, bob, second = sit("ann"), sit("ann"), sit("bob"), sit("eve", role="admin")
    quiet(running)
    answer = ask(ann, type="answer_update", question_id="q1", answer="B")
    assert is_now_in_text(answer.pop("timestamp"))
    assert answer == {"type": "answer_saved", "session_id": room, "question_id": "q1"}
    for client in (tablet, running, second):
        told, = quiet(client)
        assert is_now_in_text(told.pop("timestamp"))
        assert told == {"type": "answer_sync", "session_id": room, "user_id": "ann",
                        "question_id": "q1", "answer": "B"}
    assert quiet(ann) == quiet(bob) == []


@pytest.mark.parametrize("answer", [
    "B", "", "ä€𝄞\0\"\\", 0, -1.5, True, False, None, [], {}, ["a", {"b": [None]}]],
    ids=json.dumps)
def test_an_answer_of_any_kind(gate, running, sit, room, answer):
    ann = sit("ann")
    assert ask(ann, type="answer_update", question_id="q", answer=answer)["type"] == "answer_saved"
    assert quiet(running)[-1]["answer"] == answer
    assert exam(gate, f"GET {room}")["participants"][0]["answers"] == {"q": answer}


@pytest.mark.parametrize("question", ["x", "x" * 64, "€" * 21, "a/b \n", 0, 7, -7, 1234567890123])
def test_question_id(gate, running, sit, room, question):
    ann = sit("ann")
    saved = ask(ann, type="answer_update", question_id=question, answer=1)
    assert str(saved["question_id"]) == str(question)
    assert str(quiet(running)[-1]["question_id"]) == str(question)
    assert exam(gate, f"GET {room}")["participants"][0]["answers"] == {str(question): 1}


def test_the_last_answer_counts(gate, running, sit, room):
    """Each question has one, whichever device it came from."""
    ann, tablet = sit("ann"), sit("ann")
    for client, answer in [(ann, "A"), (tablet, "B"), (ann, "C")]:
        ask(client, type="answer_update", question_id="q1", answer=answer)
        quiet(ann)
        quiet(tablet)
    ask(tablet, type="answer_update", question_id=2, answer=[1])
    assert status(ann)["answered"] == 2
    one, = exam(gate, f"GET {room}")["participants"]
    assert one["answers"] == {"q1": "C", "2": [1]}
    told = [(one["question_id"], one["answer"]) for one in quiet(running)]
    assert told == [("q1", "A"), ("q1", "B"), ("q1", "C"), (2, [1])]


BAD_ANSWERS = [
    {}, {"question_id": "q"}, {"answer": 1}, {"question_id": "", "answer": 1},
    {"question_id": "x" * 65, "answer": 1}, {"question_id": "€" * 22, "answer": 1},
    {"question_id": None, "answer": 1}, {"question_id": 1.5, "answer": 1},
    {"question_id": True, "answer": 1}, {"question_id": ["q"], "answer": 1},
    {"question_id": {}, "answer": 1},
]


@pytest.mark.parametrize("message", BAD_ANSWERS, ids=json.dumps)
def test_bad_answer(gate, running, sit, room, message):
    ann, tablet = sit("ann"), sit("ann")
    assert is_error(ask(ann, type="answer_update", **message))
    assert quiet(tablet) == quiet(running) == []
    assert exam(gate, f"GET {room}")["participants"][0]["answers"] == {}


@pytest.mark.parametrize("message", [
    {"type": "echo", "message": 1}, {"type": "send_message", "message": "x"},
    {"type": "timer_update", "remaining_seconds": 1}, {"type": "auto_submit"},
    {"type": "session_status", "state": "running"}, {"type": "stop_session"},
], ids=json.dumps)
def test_what_it_does_not_take(running, sit, message):
    ann = sit("ann")
    assert is_error(ask(ann, **message))
    assert quiet(running) == []


def test_no_answers_while_waiting(gate, sit, room):
    exam(gate, f"PUT {room}", {"duration_seconds": 100}, status=201)
    ann = sit("ann")
    assert is_error(ann.ask(type="answer_update", question_id="q", answer=1))
    assert exam(gate, f"GET {room}")["participants"][0]["answers"] == {}


def test_a_proctor_does_not_answer(gate, running, room):
    assert is_error(ask(running, type="answer_update", question_id="q", answer=1))
    assert is_error(ask(running, type="submit"))
    assert exam(gate, f"GET {room}")["participants"] == []


def test_who_comes_later_gets_the_answers(running, sit, room):
    """Right behind `test_session_ready`, each once and the newest; nobody else's."""
    ann, bob = sit("ann"), sit("bob")
    for question, answer in [("a", 1), ("b", 2), ("a", 3)]:
        ask(ann, type="answer_update", question_id=question, answer=answer)
    ask(bob, type="answer_update", question_id="a", answer="bob's")
    tablet = sit("ann")
    assert tablet.ready["answered"] == 2
    synced = [tablet.receive() for _ in range(2)]
    assert {told["type"] for told in synced} == {"answer_sync"}
    assert {told["user_id"] for told in synced} == {"ann"}
    assert {told["question_id"]: told["answer"] for told in synced} == {"a": 3, "b": 2}
    assert quiet(tablet) == quiet(sit("cat")) == []
    assert status(running) | {"remaining_seconds": 100} == figures(
        room, "running", 100, 100, 3, 3)


def test_a_session_is_one_of_many(gate, running, sit, room):
    """The same user in another session has other answers."""
    other = f"{room}-other"
    exam(gate, f"PUT {other}", {"duration_seconds": 100, "autostart": True}, status=201)
    here, there = sit("ann"), sit("ann", other)
    ask(here, type="answer_update", question_id="q", answer="here")
    assert quiet(there) == []
    ask(there, type="answer_update", question_id="q", answer="there")
    assert [told["answer"] for told in quiet(running)] == ["here"]
    assert exam(gate, f"GET {other}", by=ADMIN)["participants"][0]["answers"] == {"q": "there"}
