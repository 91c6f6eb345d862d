"""PROTOCOL section 3: receivers who do not read, and what they read in the end."""

import json
import time

import pytest
from clients import Closed, RawClient, WebsocketsClient, http_request
from helpers import NOTE, QUICK, admin, exam, note, publish, until
from tokens import PROCTOR, SERVICE, token

TEXT = 1
# Nobody waits for a disk; a queue that is long enough for one who stays away for a while.
SLOW = QUICK | {"PERSIST_ENABLED": "false", "WEBSOCKET_WRITE_WAIT": "60s",
                "USER_QUEUE_LENGTH": 10000, "USER_QUEUE_SIZE": "16M"}
# It is given up soon: until then what it does not take waits where it is kept.
SHORT = {"WEBSOCKET_WRITE_WAIT": "500ms"}
LONG = "x" * 3000
QUICK_READER = pytest.mark.parametrize(
    "connect", [WebsocketsClient], ids=["websockets"], indirect=True)


def opened(server, path, user, **claims):
    """A client with the smallest window, whose greeting has been read."""
    raw = RawClient(server, receive_buffer=4096)
    raw.upgrade(path, Authorization=f"Bearer {token(user, **claims)}")
    assert raw.response()[0] == 101
    raw.read_frame()
    return raw


def read_on(raw):
    """All messages up to the pong to a ping of ours."""
    raw.frame(TEXT, b'{"type":"ping"}')
    messages = []
    while True:
        opcode, payload = raw.read_frame()
        if opcode == TEXT:
            messages.append(json.loads(payload))
            if messages[-1]["type"] == "pong":
                return messages[:-1]


def test_upload_progress_latest_wins(start, user):
    """One who does not read stays, and reads a few old ones of each upload and the newest."""
    server = start(**SLOW)
    slow = opened(server, f"/api/v1/ws/{user}", user)
    path, count = f"POST /api/v1/users/{user}/events", 2400
    for number in range(count):
        body = {"type": "upload_progress", "data": {
            "audio_id": number % 2, "progress": number / count, "status": LONG}}
        status, _, answer = http_request(server, path, body, SERVICE)
        assert status == 202 and json.loads(answer)["delivered"] == 1, number
    messages = read_on(slow)
    assert {message["type"] for message in messages} == {"upload_progress"}
    for audio in (0, 1):
        seen = [round(message["data"]["progress"] * count) for message in messages
                if message["data"]["audio_id"] == audio]
        assert seen == sorted(set(seen))
        assert seen[-1] == count - 2 + audio
    assert len(messages) < count
    ids = [message["id"] for message in messages]
    assert len(set(ids)) == len(ids)
    slow.close()


def until_it_is_gone(act):
    """How often a slow receiver was sent something before the server gave it up."""
    for number in range(4000):
        if act(number) == 0:
            return number
        time.sleep(0.001)  # all of it lasts longer than the server waits
    raise AssertionError("the slow receiver is still there")


def read_to_the_end(raw):
    """The messages that still came, and the code; 1006 where the rest was thrown away."""
    messages = []
    try:
        while frame := raw.read_frame():
            if frame[0] == TEXT:
                messages.append(json.loads(frame[1]))
            elif frame[0] == 8:
                return messages, int.from_bytes(frame[1][:2], "big")
    except (ConnectionError, TimeoutError):
        pass
    return messages, 1006


@QUICK_READER
def test_what_must_arrive_is_resumed(start, follow, user):
    """1013, and then every event once, in order: never a silent gap."""
    server = start(**SLOW | SHORT, WEBSOCKET_CLOSE_WAIT="30s")
    slow = opened(server, f"/api/v1/ws/{user}", user)
    first = note(server, user)
    sent = until_it_is_gone(lambda number: publish(
        server, user, "analysis_status",
        {"audio_id": number, "status": LONG})["delivered"])
    last_of_all = note(server, user)
    messages, code = read_to_the_end(slow)
    slow.close()
    assert code in (1013, 1006)
    ids = [message["id"] for message in messages]
    assert ids == list(range(first, first + len(ids))) and len(ids) <= sent + 1
    turns = 0
    while not ids or ids[-1] < last_of_all:
        client = follow(user, server, last=ids[-1] if ids else first - 1)
        assert client.greeting["data"]["resumed"] is True
        before = len(ids)
        try:
            while not ids or ids[-1] < last_of_all:
                ids.append(client.receive()["id"])
        except Closed as end:
            assert end.code == 1013
        assert len(ids) > before
        turns += 1
    assert ids == list(range(first, last_of_all + 1))
    assert turns < 100


@QUICK_READER
@pytest.mark.parametrize("path, kind", [
    ("/ws?connection_type=general", "general"),
    ("/ws?connection_type=notifications", "notifications"),
    ("/ws?connection_type=chat&room=r", "chat"),
    ("/ws?connection_type=test-session&room=r", "test-session"),
])
def test_must_arrive_closes(start, connect, path, kind):
    """Nobody else waits for one who does not read, and that one is told 1013."""
    server = start(**SLOW, WEBSOCKET_CLOSE_WAIT="30s")
    slow, quick = opened(server, path, "slow"), connect(server, path, token=token("quick"))
    quick.waiting()
    line = f"POST /ws/broadcast?connection_type={kind}&user_id=slow"
    body = {"type": "note", "x": LONG}
    assert until_it_is_gone(lambda _: admin(server, line, body)["delivered"]) > 10
    assert quick.ask(type="ping")["type"] in ("pong", "user_left")
    messages, code = read_to_the_end(slow)
    assert code in (1013, 1006)
    assert all(message["x"] == LONG for message in messages if message["type"] == "note")
    slow.close()


@QUICK_READER
def test_timer_update_latest_wins(start, connect, room):
    """Timers alone never fill anybody's queue: one who does not read stays, and reads the last."""
    server = start(**SLOW, TEST_TIMER_INTERVAL="10ms", WEBSOCKET_WRITE_QUEUE=64)
    exam(server, f"PUT {room}", {"duration_seconds": 3600}, status=201)
    path = f"/ws?connection_type=test-session&room={room}"
    slow = opened(server, path, "slow")
    line, body = "POST /ws/broadcast?user_id=slow", {"type": "note", "x": LONG}

    def waiting_blocks():
        return admin(server, "GET /ws/stats")["memory"]["write_slots"]["in_use"]

    for _ in range(4000):
        assert admin(server, line, body)["delivered"] == 1
        if waiting_blocks() >= 8:
            break
    assert waiting_blocks() >= 8
    quick = connect(server, path, token=PROCTOR)
    quick.say(type="start_session")
    for _ in range(200):
        quick.until("timer_update")
    assert admin(server, "GET /ws/stats")["connections_by_user"]["slow"] == 1
    told = [message["remaining_seconds"] for message in read_on(slow)
            if message["type"] == "timer_update"]
    newest = quick.until("timer_update")["remaining_seconds"]
    assert 1 <= len(told) < 100 and told == sorted(told, reverse=True)
    assert told[-1] <= 3599 and abs(told[-1] - newest) <= 2
    slow.close()


@QUICK_READER
def test_typing_latest_wins(start, connect, room):
    """The same for who is typing: many users may, and the slow one is not closed for it."""
    server = start(**SLOW)
    path = f"/ws?connection_type=chat&room={room}"
    slow = opened(server, path, "slow")
    typists = [connect(server, path, token=token(f"user-{number}")) for number in range(20)]
    for client in typists:
        client.waiting()
    for client in typists:
        client.say(type="typing")
        client.waiting()
    until(lambda: admin(server, "GET /ws/stats")["connections_by_user"].get("slow") == 1)
    kinds = [message["type"] for message in read_on(slow)]
    assert kinds.count("user_joined") == 20 and 1 <= kinds.count("user_typing") <= 20
    slow.close()


@QUICK_READER
def test_a_notification_to_one_who_does_not_read_is_unread(start, typed, user):
    """What a slow one did not get is sent again when it comes back."""
    server = start(**SLOW | SHORT)
    slow = opened(server, "/ws?connection_type=notifications", user)
    line = f"POST /ws/broadcast?user_id={user}&connection_type=notifications"
    body = {"type": "note", "title": "t", "message": LONG}
    sent = until_it_is_gone(lambda _: admin(server, line, body)["delivered"]) + 1
    slow.close()
    body = NOTE | {"type": "note", "title": "the last"}
    assert admin(server, line, body)["delivered"] == 0
    seen, turns = {}, 0
    while "the last" not in [message["title"] for message in seen.values()]:
        client = typed("notifications", user, server=server)
        try:
            while (message := client.until("notification"))["title"] != "the last":
                seen[message["id"]] = message
                client.say(type="mark_notification_read", notification_id=message["id"])
            seen[message["id"]] = message
        except Closed as end:
            assert end.code == 1013
        turns += 1
        assert turns < 100
    assert len(seen) == sent + 1 and max(seen) == message["id"]
