"""PROTOCOL section 6: full rooms, too many rooms, floods and those who never read."""

import json
import time

import pytest
from clients import RawClient
from helpers import code, enter
from server import UNLIMITED
from tokens import SECRET

TEXT = 1


def test_room_full(start, visit, room):
    server = start(**UNLIMITED, JWT_SECRET=SECRET, WEBSOCKET_MAX_ROOM_MEMBERS=2)
    ann, bob, eve = (visit(name, server) for name in ("ann", "bob", "eve"))
    enter(ann, room)
    enter(bob, room)
    ann.receive()
    assert code(eve.ask(type="join", room=room)) == "room_full"
    assert code(eve.ask(type="message", room=room, content="x")) == "not_a_member"
    assert ann.waiting() == bob.waiting() == []
    by_path = visit("zoe", server, f"/ws/{room}")
    assert code(by_path.receive()) == "room_full"
    bob.say(type="leave", room=room)
    bob.receive()
    assert enter(eve, room) == ["ANN", "EVE"]


@pytest.mark.parametrize("setting", ["WEBSOCKET_MAX_ROOMS", "WEBSOCKET_MAX_ROOMS_PER_CONNECTION"])
def test_too_many_rooms(start, visit, setting):
    """And a room that was left makes place for another."""
    ann = visit("ann", start(**UNLIMITED, JWT_SECRET=SECRET, **{setting: 3}))
    for number in range(3):
        enter(ann, f"room-{number}")
    for _ in range(3):
        assert code(ann.ask(type="join", room="one more")) == "too_many_rooms"
    assert code(ann.ask(type="message", room="one more", content="x")) == "not_a_member"
    assert ann.ask(type="message", room="room-1", content="x")["type"] == "message"
    ann.say(type="leave", room="room-1")
    ann.receive()
    assert enter(ann, "one more") == ["ANN"]


def test_rooms_are_freed_by_the_thousand(visit, room):
    """More rooms, one after the other, than there may be at once: none is left behind."""
    ann = visit("ann")
    for number in range(1000):
        enter(ann, f"{room}-{number}")
        assert ann.ask(type="leave", room=f"{room}-{number}")["type"] == "leave"


def test_over_the_rate(start, visit, room):
    """What came too fast gets an error and does nothing: no id is spent on it."""
    server = start(JWT_SECRET=SECRET, WEBSOCKET_MESSAGE_RATE=5, WEBSOCKET_BURST=5,
                   WEBSOCKET_RATE_GRACE="30s")
    ann, bob = visit("ann", server, f"/ws/{room}"), visit("bob", server, f"/ws/{room}")
    for _ in range(20):
        ann.say(type="message", room=room, content="fast")
    while (answer := ann.receive())["type"] != "error":
        pass
    assert code(answer) == "rate_limited"
    time.sleep(2)
    ann.say(type="message", room=room, content="slow")
    kinds = ["error"]
    while (answer := ann.receive()).get("content") != "slow":
        kinds.append(answer["type"])
    assert 10 <= kinds.count("error") <= 15
    ids = []
    while (message := bob.until("message"))["content"] != "slow":
        ids.append(message["id"])
    assert 5 <= len(ids) <= 10
    assert ids + [message["id"]] == list(range(ids[0], ids[0] + len(ids) + 1))


def test_a_flood_ends_the_connection(start, visit, room):
    server = start(JWT_SECRET=SECRET, WEBSOCKET_MESSAGE_RATE=10, WEBSOCKET_BURST=10,
                   WEBSOCKET_RATE_GRACE="1s")
    raw, bob = RawClient(server), visit("bob", server, f"/ws/{room}")
    bob.waiting()
    raw.upgrade(f"/ws/{room}")
    raw.response()
    ends = time.monotonic() + 6
    try:
        while time.monotonic() < ends:
            raw.frame(TEXT, json.dumps({"type": "message", "room": room, "content": "x"}).encode())
            time.sleep(0.005)
    except OSError:
        pass  # the server closed while we were sending
    assert raw.closing_code() == 1008
    assert bob.until("leave")["user_id"].startswith("anon-")


def test_a_member_that_never_reads(start, visit, room):
    """It is let go with no gap in what it was sent; the others hear that it left."""
    server = start(**UNLIMITED, JWT_SECRET=SECRET, WEBSOCKET_WRITE_WAIT="1s")
    deaf = RawClient(server, receive_buffer=4096)
    deaf.upgrade(f"/ws/{room}?username=Deaf")
    deaf.response()
    ann = visit("ann", server, f"/ws/{room}")
    ann.until("user_list")
    ends = time.monotonic() + 40
    left = None
    while left is None and time.monotonic() < ends:
        for _ in range(200):
            ann.say(type="message", room=room, content="x" * 300)
        for _ in range(200):
            if (message := ann.receive())["type"] == "leave":
                left = message
                break
    assert left and left["username"] == "Deaf"
    ids = []
    try:
        while frame := deaf.read_frame():
            message = json.loads(frame[1]) if frame[0] == TEXT else {}
            ids += [message["id"]] if "id" in message else []
            assert frame[0] != 8 or frame[1][:2] == (1013).to_bytes(2, "big")
    except ConnectionError:
        pass  # the rest was thrown away with the connection
    assert ids and ids == list(range(ids[0], ids[0] + len(ids)))
