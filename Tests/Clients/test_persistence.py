"""What survives a power cut: a server that is killed, and files that come back damaged."""

import shutil
import sqlite3
import stat
import time

import pytest
from clients import http_request
from helpers import BRIEF, NOTE, ask, exam, inform, note, progress, publish, quiet, until
from server import SLOWNESS, Server, ServerError
from test_persistence_cost import disk
from tokens import token

@pytest.fixture(name="cut")
def power_cut(begin):
    """Kills a server and starts the next one in its place."""
    def cut(server, **settings):
        server.kill()
        return begin(**settings)
    return cut


def batches(server):
    """How many there were, once there has been no other for a moment."""
    number = None
    while number != (now := disk(server, "batches_total")):
        number = now
        time.sleep(0.05 * SLOWNESS)
    return number


def written(server, act):
    """Waits until what this does is on disk, of which nobody is told."""
    before = batches(server)
    result = act()
    until(lambda: disk(server, "batches_total") > before)
    batches(server)
    return result


def ids(messages):
    return [message["id"] for message in messages]


def set_aside(directory):
    return sorted(path.name for path in directory.glob("martlet.db.damaged-*"))


# A power cut.

def test_events(begin, cut, follow, user):
    first = begin()
    client = follow(user, first)
    delivered = [note(first, user), progress(first, user, 1, 50)]
    assert ids(client.waiting()) == delivered
    client.close()
    until(lambda: publish(first, user)["queued"])
    queued = [note(first, user, f"m{number}") for number in range(5)]
    second = cut(first)
    client = follow(user, second, last=delivered[0])
    messages = client.waiting()
    assert client.greeting["data"]["resumed"] is True
    assert messages[0]["id"] == delivered[1] and ids(messages)[-5:] == queued
    assert ids(messages) == sorted(set(ids(messages)))
    assert [message["data"]["message"] for message in messages[-5:]] == [
        f"m{number}" for number in range(5)]
    assert note(second, user) > queued[-1]


def test_events_that_wait(begin, cut, follow, user):
    first = begin()
    queued = [note(first, user) for _ in range(20)]
    assert ids(follow(user, cut(first)).waiting()) == queued


def test_ids_are_never_used_twice(begin, cut, follow, user):
    """Also not those of events that are long gone, nor those of a run that kept nothing."""
    server, seen = begin(USER_QUEUE_LENGTH=1), []
    for turn in range(4):
        seen += [note(server, user) for _ in range(3)]
        server = cut(server, USER_QUEUE_LENGTH=1)
        assert ids(follow(user, server, last=seen[-2]).waiting()) == seen[-1:], turn
    assert seen == sorted(set(seen))


def test_notifications(begin, cut, typed, user):
    """Unread ones come again; one that was told to be read does not."""
    first = begin()
    for title in "abcd":
        inform(first, f"?user_id={user}", title=title)
    client = typed("notifications", user, server=first)
    numbers = ids(client.waiting())
    for one in numbers[:2]:
        assert client.ask(type="mark_notification_read",
                          notification_id=one)["type"] == "notification_read"
    second = cut(first)
    messages = typed("notifications", user, server=second).waiting()
    assert [(one["title"], one["id"]) for one in messages] == [
        ("c", numbers[2]), ("d", numbers[3])]


def test_emotions(begin, cut, connect, user):
    """A moment after they were shown; with the time that they were told at."""
    first = begin()
    phone = connect(first, "/api/ws", token=token(user))
    phone.receive()
    phone.ask(type="emotion_update", emotion="sad")
    last = written(first, lambda: phone.ask(type="emotion_update", emotion="happy"))
    second = cut(first)
    again = connect(second, "/api/ws", token=token(user))
    assert again.until("emotion_update") == last
    assert connect(second, "/api/ws", token=token(user + "0")).waiting()[1:] == []


def test_an_emotion_of_the_last_moment(begin, connect, user):
    first = begin()
    phone = connect(first, "/api/ws", token=token(user))
    phone.receive()
    last = phone.ask(type="emotion_update", emotion="happy")
    first.stop()
    again = connect(begin(), "/api/ws", token=token(user))
    assert again.until("emotion_update") == last


def test_sessions(begin, cut, sit, room):
    """Answers, submits and the deadline of a session that runs."""
    first = begin()
    exam(first, f"PUT {room}", {"duration_seconds": 100, "autostart": True}, status=201)
    exam(first, f"PUT {room}-waiting", {"duration_seconds": 60}, status=201)
    ann, bob = sit("ann", server=first), sit("bob", server=first)
    for number in range(5):
        ask(ann, type="answer_update", question_id=number, answer=[number, "ä€"])
    ask(ann, type="answer_update", question_id=0, answer="changed")
    ask(bob, type="answer_update", question_id="q", answer="B")
    assert ask(bob, type="submit")["type"] == "submitted"
    second = cut(first)
    found = exam(second, f"GET {room}")
    assert (found["state"], found["duration_seconds"]) == ("running", 100)
    assert 80 <= found["remaining_seconds"] <= 100
    people = {one["user_id"]: one for one in found["participants"]}
    assert people["ann"]["answers"] == {"0": "changed"} | {
        str(number): [number, "ä€"] for number in range(1, 5)}
    assert people["ann"]["submitted"] is False and people["ann"]["username"] == "ANN"
    assert people["bob"]["submitted"] is True and people["bob"]["answers"] == {"q": "B"}
    assert exam(second, f"GET {room}-waiting")["state"] == "waiting"


def test_a_deadline_that_passed_meanwhile(begin, cut, sit, watch, room):
    first = begin()
    exam(first, f"PUT {room}", {"duration_seconds": 1, "autostart": True}, status=201)
    ask(sit("ann", server=first), type="answer_update", question_id="q", answer="A")
    first.kill()
    time.sleep(1.2)
    second = begin()
    assert exam(second, f"GET {room}")["state"] == "submitted"
    told = sit("ann", server=second).receive()
    assert (told["type"], told["answers"]) == ("auto_submit", {"q": "A"})
    time.sleep(0.8)  # until it is on disk that it was heard
    third = cut(second)
    assert quiet(sit("ann", server=third)) == []
    assert watch(server=third).ready["state"] == "submitted"


def test_changed_and_deleted_sessions(begin, cut, room):
    first = begin()
    exam(first, f"PUT {room}", {"duration_seconds": 60}, status=201)
    exam(first, f"PUT {room}", {"duration_seconds": 90})
    second = cut(first)
    assert exam(second, f"GET {room}")["duration_seconds"] == 90
    exam(second, f"DELETE {room}")
    exam(cut(second), f"GET {room}", status=404)


# The file.

def test_the_file(begin, tmp_path):
    """For the server alone to read, and SQLite's to look into once the server has ended."""
    server = begin()
    note(server, "7")
    exam(server, "PUT an-exam", {"duration_seconds": 60}, status=201)
    files = [path for path in (tmp_path / "state").iterdir() if path.name.startswith("martlet.db")]
    assert "martlet.db" in {path.name for path in files}
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    server.stop()
    with sqlite3.connect(tmp_path / "state" / "martlet.db") as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        kinds = [kind for kind, in database.execute("SELECT kind FROM records")]
    assert {3, 6} <= set(kinds)  # an event, a test session
    database.close()


def a_foreign_file(path):
    path.unlink()
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE records (name TEXT)")
        database.execute("INSERT INTO records VALUES ('mine')")
    database.close()


def flipped(path):
    data = bytearray(path.read_bytes())
    for place in range(len(data) // 2, len(data)):
        data[place] ^= 0xFF
    path.write_bytes(data)


DAMAGES = {
    "garbage": lambda path: path.write_bytes(b"This is no database. " * 500),
    "zeros": lambda path: path.write_bytes(bytes(path.stat().st_size)),
    "half of it": lambda path: path.write_bytes(path.read_bytes()[:path.stat().st_size // 2]),
    "flipped": flipped,
    "another application's": a_foreign_file,
}


@pytest.mark.parametrize("name", DAMAGES)
def test_a_damaged_file(begin, tmp_path, name):
    """It is set aside as it was, the log and the metrics say so, and a fresh one serves."""
    directory = tmp_path / "state"
    server = begin()
    for number in range(30):
        note(server, f"user-{number}", "x" * 300)
    server.stop()
    assert set_aside(directory) == [] and disk_files(directory) == ["martlet.db"]
    DAMAGES[name](directory / "martlet.db")
    bytes_found = (directory / "martlet.db").read_bytes()
    server = begin()
    aside, = [one for one in set_aside(directory) if not one.endswith("-wal")]
    assert abs(int(aside.split("-")[1]) - time.time()) < 60
    assert (directory / aside).read_bytes() == bytes_found
    assert aside in server.log
    assert (disk(server, "damaged_files_total"), disk(server, "active")) == (1, 1)
    kept = note(server, "7")
    server.kill()
    server = begin()
    assert disk(server, "damaged_files_total") == 0
    assert note(server, "7") > kept


def disk_files(directory):
    """The database's files that hold something."""
    return sorted(path.name for path in directory.iterdir()
                  if path.name.startswith("martlet.db") and path.stat().st_size)


@pytest.mark.parametrize("make", [
    lambda path: path.write_bytes(b""), lambda path: path.mkdir(),
    lambda path: path.symlink_to("nowhere")], ids=["empty", "a directory", "a loose link"])
def test_something_else_in_its_place(begin, tmp_path, make):
    """The server starts and serves, whether or not it can keep anything."""
    (tmp_path / "state").mkdir(mode=0o700)
    make(tmp_path / "state" / "martlet.db")
    server = begin()
    assert publish(server, "7")["queued"] is True
    assert disk(server, "active") in (0, 1)


def test_a_copy_taken_while_it_runs(begin, follow, user, tmp_path):
    """As a backup would: what was answered before is in it."""
    server = begin(PERSIST_INTERVAL="10ms")
    sent = [note(server, user) for _ in range(10)]
    shutil.copytree(tmp_path / "state", tmp_path / "copy")
    other = begin(STATE_DIRECTORY=tmp_path / "copy")
    assert ids(follow(user, other).waiting()) == sent


def test_a_second_server(begin, follow, user, tmp_path):
    """It harms the first in nothing: the file is not taken away, and not written to by two."""
    first = begin()
    sent = [note(first, user)]
    try:
        second = Server(**BRIEF, STATE_DIRECTORY=tmp_path / "state")
    except ServerError:
        second = None  # it may say so and end
    if second:
        with second:
            assert disk(second, "active") == 0
            assert publish(second, user)["queued"] is True
            assert "martlet.db" in second.log or "STATE_DIRECTORY" in second.log
    assert set_aside(tmp_path / "state") == []
    assert disk(first, "active") == 1
    sent.append(note(first, user))
    first.kill()
    assert ids(follow(user, begin()).waiting()) == sent


def test_switched_off(begin, follow, user, tmp_path):
    """PERSIST_ENABLED=false: no file, and everything goes on in memory."""
    server = begin(PERSIST_ENABLED="false")
    sent = [note(server, user)]
    assert ids(follow(user, server).waiting()) == sent
    assert disk(server, "active") == 0
    assert not [path for path in (tmp_path / "state").glob("martlet.db*")]
