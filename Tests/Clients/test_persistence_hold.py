"""Who is told that something is safe waits for the disk; nobody else, and nothing else, does."""

import threading
import time

import pytest
from clients import WebsocketsClient
from helpers import BRIEF, exam, inform, note, quiet
from server import SLOWNESS
from tokens import token

# With groups a second apart, who waits for the second one waits for nearly a second.
LONG, SOON, LATE = 0.4, 0.4 * SLOWNESS, 3 * SLOWNESS
pytestmark = pytest.mark.parametrize(
    "connect", [WebsocketsClient], ids=["websockets"], indirect=True)


@pytest.fixture(name="patient")
def patient_server(start):
    return start(**(BRIEF | {"PERSIST_INTERVAL": "1s"}))


@pytest.fixture(name="prime")
def primer(patient):
    """Has one group written now, and gives the time: the next is due a second later."""
    def prime():
        time.sleep(1.1)  # so that this one goes at once
        note(patient, "somebody")
        return time.monotonic()
    return prime


def test_the_first_group_goes_at_once(patient, prime, connect):
    """Nobody waits for a second where nothing was written before."""
    assert connect(patient, "/ws").ask(type="ping")["type"] == "pong"
    began = time.monotonic()
    prime()
    assert time.monotonic() - began < 1.1 + SOON


def test_publishing(patient, prime, follow, user):
    """The event is shown at once, 202 comes later; whoever writes nothing is answered meanwhile."""
    client, other = follow(user, patient), follow(user + "0", patient)
    began = prime()
    took = []

    def publish_one():
        note(patient, user)
        took.append(time.monotonic() - began)

    thread = threading.Thread(target=publish_one)
    thread.start()
    assert client.receive()["type"] == "notification"
    assert other.ask(type="ping")["type"] == "pong"
    assert client.ask(type="ping")["type"] == "pong"
    assert time.monotonic() - began < SOON
    thread.join()
    assert LONG < took[0] < LATE


def test_answers(patient, prime, sit, watch, room):
    """A proctor sees an answer at once; its sender is told when it is safe."""
    exam(patient, f"PUT {room}", {"duration_seconds": 100, "autostart": True}, status=201)
    ann, boss, bob = (sit("ann", server=patient), watch(server=patient),
                      sit("bob", server=patient))
    quiet(ann)
    began = prime()
    ann.say(type="answer_update", question_id="q", answer=1)
    assert boss.until("answer_sync")["answer"] == 1
    quiet(bob)
    assert time.monotonic() - began < SOON
    ann.until("answer_saved")
    assert LONG < time.monotonic() - began < LATE
    began = prime()
    ann.say(type="submit")
    ann.until("submitted")
    assert LONG < time.monotonic() - began < LATE


def test_notifications(patient, prime, typed, user):
    client, other = (typed("notifications", name, server=patient) for name in (user, user + "0"))
    inform(patient, f"?user_id={user}")
    one = client.receive()["id"]
    began = prime()
    client.say(type="mark_notification_read", notification_id=one)
    assert other.waiting() == []
    assert time.monotonic() - began < SOON
    assert client.receive()["type"] == "notification_read"
    assert LONG < time.monotonic() - began < LATE


def test_sessions(patient, prime, connect, room):
    """201 of PUT is held; a ping meanwhile is not."""
    other = connect(patient, "/ws")
    began = prime()
    thread = threading.Thread(target=exam, args=(
        patient, f"PUT {room}", {"duration_seconds": 100}), kwargs={"status": 201})
    thread.start()
    assert other.ask(type="ping")["type"] == "pong"
    assert time.monotonic() - began < SOON
    thread.join()
    assert LONG < time.monotonic() - began < LATE
    assert exam(patient, f"GET {room}")["state"] == "waiting"


def test_emotions_wait_for_nothing(patient, prime, connect, user):
    client = connect(patient, "/api/ws", token=token(user))
    client.receive()
    began = prime()
    for number in range(20):
        assert client.ask(type="emotion_update", emotion=str(number))["emotion"] == str(number)
    assert time.monotonic() - began < SOON


def test_nobody_waits_where_nothing_is_kept(start, follow, user):
    server = start(**(BRIEF | {"PERSIST_INTERVAL": "5s", "PERSIST_ENABLED": "false"}))
    client = follow(user, server)
    began = time.monotonic()
    sent = [note(server, user) for _ in range(20)]
    assert [message["id"] for message in client.waiting()] == sent
    assert time.monotonic() - began < 4
