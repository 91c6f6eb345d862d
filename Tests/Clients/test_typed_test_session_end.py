"""PROTOCOL section 8: test sessions: their timers, submitting, and their end."""

import time

import pytest
from clients import WebsocketsClient
from helpers import BRIEF, QUICK, ask, exam, is_error, is_now_in_text, quiet, until
from server import Server

# They take their time; the other client talks to sessions in other files.
pytestmark = pytest.mark.parametrize(
    "connect", [WebsocketsClient], ids=["websockets"], indirect=True)


@pytest.fixture(scope="module", name="clock")
def server_with_quick_timers():
    with Server(**QUICK, TEST_TIMER_INTERVAL="100ms", TEST_MAX_SESSIONS=1000) as running:
        yield running


@pytest.fixture(name="make")
def session_maker(clock, room):
    """Makes the test's session, which starts with its first participant."""
    def make(seconds, server=clock):
        exam(server, f"PUT {room}", {"duration_seconds": seconds, "autostart": True}, status=201)
    return make


def answer(client, question, value):
    assert ask(client, type="answer_update", question_id=question,
               answer=value)["type"] == "answer_saved"


def submission(message, kind, room, user, answers):
    assert is_now_in_text(message.pop("timestamp"))
    assert message == {"type": kind, "session_id": room, "user_id": user, "answers": answers}


def participants(server, room):
    return {one["user_id"]: (one["submitted"], one["answers"])
            for one in exam(server, f"GET {room}")["participants"]}


# Timers.

def test_timer_updates(clock, make, sit, watch, room):
    """Whole seconds, rounded up, to everyone in it; none before the start."""
    boss = watch(server=clock)
    make(2)
    time.sleep(0.3)
    assert not [message for message in boss.waiting() if message["type"] == "timer_update"]
    ann = sit("ann", server=clock)
    began = time.monotonic()
    for client in (ann, boss):
        first = client.until("timer_update")
        assert is_now_in_text(first.pop("timestamp"))
        assert first == {"type": "timer_update", "session_id": room, "remaining_seconds": 2}
    seconds = []
    while (message := ann.receive())["type"] != "auto_submit":
        if message["type"] == "timer_update":
            seconds.append(message["remaining_seconds"])
    assert 1.5 < time.monotonic() - began < 4
    assert seconds == sorted(seconds, reverse=True)
    assert set(seconds) <= {2, 1, 0} and {2, 1} <= set(seconds)
    assert 10 <= len(seconds) <= 21


def test_no_timers_behind_the_end(clock, make, sit):
    make(1)
    ann = sit("ann", server=clock)
    ann.until("auto_submit")
    ann.waiting()
    time.sleep(0.4)
    assert not [message for message in ann.waiting() if message["type"] == "timer_update"]


def test_remaining_seconds_count_down(clock, make, sit):
    make(3)
    ann = sit("ann", server=clock)
    time.sleep(1.2)
    assert ask(ann, type="get_session_status")["remaining_seconds"] in (1, 2)
    late = sit("bob", server=clock)
    assert late.ready["remaining_seconds"] in (1, 2) and late.ready["state"] == "running"


# Submitting early.

def test_submit(clock, make, sit, watch, room):
    """To the user's connections and to proctors; after it, no answer of that user is taken."""
    make(100)
    ann, tablet, bob, boss = (sit("ann", server=clock), sit("ann", server=clock),
                              sit("bob", server=clock), watch(server=clock))
    answer(ann, "q1", "A")
    answer(ann, 2, [None])
    quiet(tablet)
    quiet(boss)
    submission(ask(ann, type="submit"), "submitted", room, "ann", {"q1": "A", "2": [None]})
    for client in (tablet, boss):
        told, = quiet(client)
        submission(told, "submitted", room, "ann", {"q1": "A", "2": [None]})
    for client in (ann, tablet):
        assert is_error(ask(client, type="answer_update", question_id="q1", answer="B"))
        assert is_error(ask(client, type="submit"))
    assert quiet(bob) == quiet(boss) == []
    answer(bob, "q1", "C")
    assert participants(clock, room) == {"ann": (True, {"q1": "A", "2": [None]}),
                                         "bob": (False, {"q1": "C"})}


def test_submitting_nothing(clock, make, sit, room):
    make(100)
    submission(ask(sit("ann", server=clock), type="submit"), "submitted", room, "ann", {})
    assert participants(clock, room) == {"ann": (True, {})}


def test_who_has_submitted_comes_back(clock, make, sit, room):
    """The status is told, answers are not sent again and none are taken."""
    make(100)
    ann = sit("ann", server=clock)
    answer(ann, "q1", "A")
    ask(ann, type="submit")
    ann.close()
    again = sit("ann", server=clock)
    assert not [message for message in quiet(again) if message["type"] == "answer_sync"]
    assert is_error(ask(again, type="answer_update", question_id="q1", answer="B"))
    assert participants(clock, room)["ann"] == (True, {"q1": "A"})


def test_submitting_before_the_start(clock, sit, room):
    exam(clock, f"PUT {room}", {"duration_seconds": 100}, status=201)
    assert is_error(sit("ann", server=clock).ask(type="submit"))
    assert participants(clock, room)["ann"][0] is False


# At zero.

def test_auto_submit(clock, make, sit, watch, room):
    """Once for each who has not submitted: to that user's connections, and to proctors."""
    make(1)
    ann, tablet, bob, cat, boss = (
        sit("ann", server=clock), sit("ann", server=clock), sit("bob", server=clock),
        sit("cat", server=clock), watch(server=clock))
    answer(ann, "q1", "A")
    answer(cat, "q1", "C")
    submission(ask(cat, type="submit"), "submitted", room, "cat", {"q1": "C"})
    for client in (ann, tablet):
        submission(client.until("auto_submit"), "auto_submit", room, "ann", {"q1": "A"})
    submission(bob.until("auto_submit"), "auto_submit", room, "bob", {})
    told = [boss.until("auto_submit") for _ in range(2)]
    assert sorted(one["user_id"] for one in told) == ["ann", "bob"]
    for client in (ann, tablet, bob, cat):
        assert "auto_submit" not in [message["type"] for message in client.waiting()]
    assert not [one for one in boss.waiting() if one["type"] in ("auto_submit", "submitted")]
    assert ask(ann, type="get_session_status")["state"] == "submitted"
    for client in (ann, bob, cat):
        assert is_error(ask(client, type="answer_update", question_id="q1", answer="late"))
        assert is_error(ask(client, type="submit"))
    found = exam(clock, f"GET {room}")
    assert found["state"] == "submitted" and found["remaining_seconds"] in (0, None)
    assert participants(clock, room) == {
        "ann": (True, {"q1": "A"}), "bob": (True, {}), "cat": (True, {"q1": "C"})}


def test_a_participant_who_is_away(clock, make, sit, watch, room):
    """It runs on without them; they get it when they come back, once, behind the greeting."""
    make(1)
    boss, ann = watch(server=clock), sit("ann", server=clock)
    answer(ann, "q1", "A")
    ann.close()
    submission(boss.until("auto_submit"), "auto_submit", room, "ann", {"q1": "A"})
    again = sit("ann", server=clock)
    assert again.ready["state"] == "submitted"
    submission(again.receive(), "auto_submit", room, "ann", {"q1": "A"})
    assert quiet(again) == []
    assert is_error(ask(again, type="answer_update", question_id="q1", answer="B"))
    assert quiet(sit("ann", server=clock)) == []


def test_who_comes_too_late(clock, make, sit, room):
    """One who never took part has nothing to submit, and submits nothing."""
    make(1)
    sit("ann", server=clock).until("auto_submit")
    bob = sit("bob", server=clock)
    assert bob.ready["state"] == "submitted"
    assert is_error(ask(bob, type="answer_update", question_id="q1", answer="B"))
    assert is_error(ask(bob, type="submit"))
    assert "auto_submit" not in [message["type"] for message in quiet(bob)]
    assert participants(clock, room).get("bob", (True, {}))[1] == {}


def test_all_have_submitted(clock, make, sit, room):
    """The session goes on until zero; then there is nobody left to submit for."""
    make(1)
    ann = sit("ann", server=clock)
    ask(ann, type="submit")
    assert ask(ann, type="get_session_status")["state"] == "running"
    ends = time.monotonic() + 4
    while exam(clock, f"GET {room}")["state"] != "submitted":
        assert time.monotonic() < ends
        time.sleep(0.05)
    assert "auto_submit" not in [message["type"] for message in ann.waiting()]


def test_after_the_end_it_cannot_start_again(clock, make, sit, watch):
    make(1)
    sit("ann", server=clock).until("auto_submit")
    boss = watch(server=clock)
    assert is_error(ask(boss, type="start_session"))
    assert ask(boss, type="get_session_status")["state"] == "submitted"


def test_submitted_sessions_are_kept_for_a_while(start, make, sit, room):
    """For TEST_KEEP, then their place is free."""
    server = start(**QUICK, TEST_KEEP="1s", TEST_MAX_SESSIONS=1)
    make(1, server)
    ann = sit("ann", server=server)
    ann.until("auto_submit")
    assert exam(server, f"GET {room}")["state"] == "submitted"
    ann.close()
    ends = time.monotonic() + 8
    while True:
        try:
            exam(server, f"PUT {room}-other", {"duration_seconds": 60}, status=201)
            break
        except AssertionError:
            assert time.monotonic() < ends
            time.sleep(0.1)
    exam(server, f"PUT {room}-other", {"duration_seconds": 60})


# A restart.

def test_a_restart(start, make, sit, watch, room, tmp_path):
    """It goes on: the same deadline, the same answers, and one end."""
    settings = BRIEF | {"STATE_DIRECTORY": tmp_path, "TEST_TIMER_INTERVAL": "100ms"}
    first = start(**settings)
    make(4, first)
    began = time.monotonic()
    ann, bob = sit("ann", server=first), sit("bob", server=first)
    answer(ann, "q1", "A")
    answer(bob, "q1", "B")
    ask(bob, type="submit")
    first.stop()
    second = start(**settings)
    again, boss = sit("ann", server=second), watch(server=second)
    assert again.ready["state"] == "running" and again.ready["duration_seconds"] == 4
    assert 1 <= again.ready["remaining_seconds"] <= 4
    synced = again.receive()
    assert (synced["type"], synced["answer"]) == ("answer_sync", "A")
    assert participants(second, room) == {"ann": (False, {"q1": "A"}), "bob": (True, {"q1": "B"})}
    answer(again, "q2", "new")
    submission(again.until("auto_submit"), "auto_submit", room, "ann", {"q1": "A", "q2": "new"})
    assert 3.5 < time.monotonic() - began < 6
    assert boss.until("auto_submit")["user_id"] == "ann"
    assert is_error(ask(sit("bob", server=second), type="submit"))


def test_the_deadline_passed_meanwhile(start, make, sit, room, tmp_path):
    """It is submitted at the start; who took part is told when coming back, once."""
    settings = BRIEF | {"STATE_DIRECTORY": tmp_path}
    first = start(**settings)
    make(1, first)
    answer(sit("ann", server=first), "q1", "A")
    first.stop()
    time.sleep(1.2)
    second = start(**settings)
    assert exam(second, f"GET {room}")["state"] == "submitted"
    assert participants(second, room) == {"ann": (True, {"q1": "A"})}
    again = sit("ann", server=second)
    submission(again.receive(), "auto_submit", room, "ann", {"q1": "A"})
    assert quiet(sit("ann", server=second)) == []
    second.stop()
    third = start(**settings)
    assert quiet(sit("ann", server=third)) == []
    assert participants(third, room) == {"ann": (True, {"q1": "A"})}


def test_a_waiting_session_waits_on(start, sit, room, tmp_path):
    first = start(**BRIEF, STATE_DIRECTORY=tmp_path)
    exam(first, f"PUT {room}", {"duration_seconds": 60, "autostart": True}, status=201)
    first.stop()
    second = start(**BRIEF, STATE_DIRECTORY=tmp_path)
    found = exam(second, f"GET {room}")
    assert (found["state"], found["duration_seconds"], found["autostart"]) == (
        "waiting", 60, True)
    assert ask(sit("ann", server=second), type="get_session_status")["state"] == "running"
    exam(second, f"DELETE {room}")
    second.stop()
    third = start(**BRIEF, STATE_DIRECTORY=tmp_path)
    exam(third, f"GET {room}", status=404)


def test_told_is_kept(start, sit, room, tmp_path):
    """`auto_submit` was heard: whatever happens then, the session is submitted; and once, when it
    is on disk, too, that it was heard."""
    settings = BRIEF | {"STATE_DIRECTORY": tmp_path}
    first = start(**settings)
    exam(first, f"PUT {room}", {"duration_seconds": 1, "autostart": True}, status=201)
    ann = sit("ann", server=first)
    ann.until("auto_submit")
    time.sleep(0.8)
    first.kill()
    second = start(**settings)
    assert exam(second, f"GET {room}")["state"] == "submitted"
    assert quiet(sit("ann", server=second)) == []


def test_auto_submit_is_heard_by_whoever_is_left(start, sit, room, tmp_path):
    """The device that was to hear it goes before the disk has it: another one of the user hears
    it, once."""
    first = start(**(BRIEF | {"STATE_DIRECTORY": tmp_path, "PERSIST_INTERVAL": "3s"}))
    exam(first, f"PUT {room}", {"duration_seconds": 4, "autostart": True}, status=201)
    ann = sit("ann", server=first)
    while ann.until("timer_update")["remaining_seconds"]:
        pass
    again = sit("ann", server=first)
    ann.close()
    assert again.until("auto_submit")["user_id"] == "ann"
    assert quiet(sit("ann", server=first)) == []


def test_whether_a_submission_came_in(start, sit, room, tmp_path):
    """Its answer was lost: the next status tells."""
    settings = BRIEF | {"STATE_DIRECTORY": tmp_path}
    first = start(**settings)
    exam(first, f"PUT {room}", {"duration_seconds": 100, "autostart": True}, status=201)
    ann = sit("ann", server=first)
    assert ann.ready["submitted"] is False
    ann.say(type="submit")
    until(lambda: exam(first, f"GET {room}")["participants"][0]["submitted"])
    ann.close()
    assert sit("ann", server=first).ready["submitted"] is True
    first.kill()
    second = start(**settings)
    again = sit("ann", server=second)
    assert again.ready["submitted"] is True
    assert ask(again, type="get_session_status")["submitted"] is True
