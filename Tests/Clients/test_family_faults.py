"""PROTOCOL sections 2, 3 and 9 for user events and the four typed connections, one like another."""

import json
import re
import signal

import pytest
from clients import RawClient, check_error, http_request
from helpers import (BRIEF, NOTE, QUICK, admin, ask, exam, inform, is_now_in_text, note, now,
                     publish, quiet, until)
from test_limits import QUICK_END, flood, opened
from test_metrics import total
from tokens import SECRET, token

TEXT = 1
PATHS = {
    "user-events": "/api/v1/ws/7",
    "general": "/ws?connection_type=general",
    "notifications": "/ws?connection_type=notifications",
    "test-session": "/ws?connection_type=test-session&room=a-room",
    "chat": "/ws?connection_type=chat&room=a-room",
}
EVERY = pytest.mark.parametrize("kind", PATHS)


@pytest.fixture(name="enter_as")
def opener(connect):
    """Opens a connection of this kind for a user, and reads what greets it."""
    def enter_as(server, kind, user="7", **claims):
        path = PATHS[kind].replace("/ws/7", f"/ws/{user}")
        one = connect(server, path, token=token(user, **claims))
        one.waiting()
        return one
    return enter_as


def words(message):
    """What an error says, in either of the two shapes."""
    assert message["type"] == "error", message
    said = message["data"]["message"] if "data" in message else message["message"]
    assert isinstance(said, str) and said
    return said


# Messages that cannot be.

@EVERY
def test_json_that_ends_at_any_depth(gate, enter_as, kind):
    client, other = enter_as(gate, kind), enter_as(gate, kind)
    for depth in (1, 2, 3, 7, 8, 15, 16, 31, 32, 33, 63, 64, 65, 100, 240):
        for text in ("[" * depth, '{"type":' + "[" * depth + "]" * (depth - 1),
                     '{"a":' * min(depth, 100), '{"type":"ping","x":' + "[" * depth,
                     "[" * depth + "]" * (depth + 1), '{"type":"ping"' + "}" * (depth + 1),
                     '{"type":"ping","x":"' + "\\" * (2 * depth - 1) + '"}'):
            client.send(text)
            words(client.receive())
    assert quiet(client) == quiet(other) == []


@EVERY
@pytest.mark.parametrize("text", [
    "", " ", "x", "nul", "1", "null", '"ping"', "[]", "{}", '{"type":}', '{"type":"ping",}',
    '{"type":"ping"}{}', '{"type":"ping"} x', '{type:"ping"}', "{'type':'ping'}",
    '{"type":"ping","x":01}', '{"type":"ping","x":+1}', '{"type":"ping","x":.5}',
    '{"type":"ping","x":NaN}', '{"type":"ping","x":"\\x"}', '{"type":"ping","x":"\\ud800"',
    '{"type":"ping","x":"\n"}', "\ufeff{}", '{"type":null}', '{"type":7}', '{"type":["ping"]}',
    '{"type":""}', '{"type":"Ping"}', '{"type":"%s"}' % ("x" * 400),
    '{"action":"stop"}', '{"type":"join","room":"x"}', '{"Type":"ping"}',
])
def test_bad_message(gate, enter_as, kind, text):
    """An error for the sender alone, and the connection stays."""
    client, other = enter_as(gate, kind), enter_as(gate, kind)
    client.send(text)
    words(quiet(client)[0])
    assert quiet(client) == quiet(other) == []


@EVERY
def test_members_that_nobody_knows(gate, enter_as, kind):
    """They are ignored, whatever is in them."""
    client = enter_as(gate, kind)
    client.send('{"x":{"type":"echo"},"\\u0074ype":"pi\\u006eg","y":[[[]]],"z":null}')
    assert client.receive()["type"] == "pong"


@EVERY
@pytest.mark.parametrize("data", [b"", b'{"type":"ping"}', b"\xff"])
def test_binary(gate, enter_as, kind, data):
    client = enter_as(gate, kind)
    client.send(data)
    assert client.closing_code() == 1003


@EVERY
def test_size(gate, enter_as, kind):
    """512 bytes are taken, 513 are not."""
    client = enter_as(gate, kind)
    whole = '{"type":"ping","x":"%s"}'
    client.send(whole % ("x" * (512 - len(whole) + 2)))
    assert client.receive()["type"] == "pong"
    client.send(whole % ("x" * (513 - len(whole) + 2)))
    assert client.closing_code() == 1009


@EVERY
def test_bad_utf8(gate, kind):
    raw = opened(gate, PATHS[kind], Authorization=f"Bearer {token('7')}")
    raw.frame(TEXT, b'{"type":"ping","x":"\xc0\xaf"}')
    assert raw.closing_code() == 1007
    raw.close()


# Who may come, and for how long.

@EVERY
@pytest.mark.parametrize("origin, status", [
    ("https://app.example.org", 101), ("https://evil.example", 403), ("null", 403), (None, 101)])
def test_origin(start, kind, origin, status):
    server = start(**QUICK, WEBSOCKET_ALLOWED_ORIGINS="https://app.example.org")
    raw = RawClient(server)
    raw.upgrade(PATHS[kind], Origin=origin, Authorization=f"Bearer {token('7')}")
    response = raw.response()
    assert response[0] == status
    if status != 101:
        check_error(response, status)
    raw.close()


@EVERY
def test_plain_request(gate, kind):
    response = http_request(gate, f"GET {PATHS[kind]}", token=token("7"))
    assert check_error(response, 426)["sec-websocket-version"] == "13"


def test_expiry_closes(gate, connect):
    clients = [connect(gate, path, token=token("7", exp=now(2))) for path in PATHS.values()]
    assert [client.closing_code() for client in clients] == [4401] * len(PATHS)


@EVERY
def test_without_authentication_required_a_token_is_still_needed(start, kind):
    server = start(JWT_SECRET=SECRET, WEBSOCKET_REQUIRE_AUTH="false")
    raw = RawClient(server)
    raw.upgrade(PATHS[kind])
    assert check_error(raw.response(), 401)["www-authenticate"].startswith("Bearer")
    raw.close()


@EVERY
def test_rate(start, kind):
    """Told that messages were dropped, then 1008."""
    server = start(**QUICK_END, JWT_SECRET=SECRET, WEBSOCKET_MESSAGE_RATE=20, WEBSOCKET_BURST=20,
                   WEBSOCKET_RATE_GRACE="1s")
    raw = opened(server, PATHS[kind], Authorization=f"Bearer {token('7')}")
    code, seconds = flood(raw, b'{"type":"ping"}')
    assert code == 1008 and 0.9 < seconds < 4
    assert total(server, r"rate_limited_messages") >= 1


def test_what_came_too_fast_is_told(start, enter_as):
    """Each connection for itself, in the words of its family."""
    server = start(JWT_SECRET=SECRET, WEBSOCKET_MESSAGE_RATE=5, WEBSOCKET_BURST=10,
                   WEBSOCKET_RATE_GRACE="30s")
    clients = [enter_as(server, kind) for kind in PATHS]
    for client in clients:
        for _ in range(30):
            client.say(type="ping")
    for client in clients:
        told, pongs = 0, 0
        while told < 5:
            message = client.receive()
            pongs += message["type"] == "pong"
            told += message["type"] != "pong" and bool(words(message))
        assert pongs >= 5


def test_heartbeat(start):
    """Who answers no ping is let go."""
    server = start(JWT_SECRET=SECRET, WEBSOCKET_PING_PERIOD="300ms", WEBSOCKET_PONG_WAIT="1s",
                   WEBSOCKET_HEARTBEAT_INTERVAL="300ms", WEBSOCKET_CONNECTION_TIMEOUT="2s")
    raws = [opened(server, path, Authorization=f"Bearer {token('7')}") for path in PATHS.values()]
    assert [raw.closing_code() for raw in raws] == [1001] * len(PATHS)
    for raw in raws:
        raw.close()


# An admin's view.

@pytest.fixture(name="crowd")
def one_of_each(own, enter_as):
    exam(own, "PUT a-room", {"duration_seconds": 100}, status=201)
    crowd = {kind: enter_as(own, kind) for kind in PATHS}
    crowd["bob"] = enter_as(own, "chat", "8")  # of another user, in the same room
    for client in crowd.values():
        client.waiting()
    return crowd


def test_stats(own, crowd, visit):
    visitor = visit("9", own, "/ws/lobby")
    visitor.waiting()
    stats = admin(own, "GET /ws/stats")
    assert stats["total_connections"] == len(crowd) + 1
    assert {kind: count for kind, count in stats["connections_by_type"].items() if count} == {
        "user-events": 1, "general": 1, "notifications": 1, "test-session": 1, "chat": 2,
        "rooms": 1}
    assert stats["connections_by_user"] == {"7": 5, "8": 1, "9": 1}
    assert stats["total_users"] == 3
    by_room = stats["connections_by_room"]
    assert by_room["lobby"] == 1 and by_room["a-room"] == 2


def test_connections(own, crowd):
    found = {}
    for one in admin(own, "GET /ws/connections")["connections"]:
        kind, user = one["connection_type"], one["user_id"]
        found[kind, user] = one
        assert re.fullmatch(rf"{kind}_{user}_\d{{13}}", one["connection_id"])
        assert is_now_in_text(one["connected_at"])
    assert set(found) == {(kind, "7") for kind in PATHS} | {("chat", "8")}, crowd
    assert found["chat", "7"]["rooms"] == found["test-session", "7"]["rooms"] == ["a-room"]


@EVERY
def test_broadcast_by_type(own, crowd, kind):
    """As it is, to that type alone."""
    answer = admin(own, f"POST /ws/broadcast?connection_type={kind}", {"type": "note", "x": [1]})
    assert answer == {"delivered": 2 if kind == "chat" else 1}
    for name, client in crowd.items():
        heard = [message for message in quiet(client) if message["type"] == "note"]
        assert len(heard) == (name == kind or (name, kind) == ("bob", "chat"))
        assert all(message["x"] == [1] and is_now_in_text(message["timestamp"])
                   for message in heard)


@pytest.mark.parametrize("query, reached", [
    ("user_id=7", list(PATHS)), ("user_id=8", ["bob"]),
    ("room=a-room", ["test-session", "chat", "bob"]),
    ("room=a-room&connection_type=chat&user_id=8", ["bob"]),
    ("room=a-room&connection_type=test-session", ["test-session"]),
    ("room=a-room&connection_type=general", []), ("room=elsewhere", []),
])
def test_broadcast_by_other_filters(own, crowd, query, reached):
    assert admin(own, f"POST /ws/broadcast?{query}", {"type": "note"}) == {
        "delivered": len(reached)}
    for name, client in crowd.items():
        assert [message["type"] for message in quiet(client)] == ["note"] * (name in reached)


def test_a_title_reaches_other_types_as_it_was(own, crowd):
    """Only notification connections get a notification."""
    assert inform(own, message="m", priority="low") == len(crowd)
    for name, client in crowd.items():
        message, = quiet(client)
        assert message["title"] == "Maintenance Notice"
        assert message["type"] == (
            "notification" if name == "notifications" else "system_announcement")


@EVERY
def test_disconnect(own, crowd, kind):
    one = next(one["connection_id"] for one in admin(own, "GET /ws/connections")["connections"]
               if (one["connection_type"], one["user_id"]) == (kind, "7"))
    assert admin(own, f"DELETE /ws/connections/{one}") == {"disconnected": one}
    assert crowd[kind].closing_code() == 4409
    if kind == "chat":
        assert crowd["bob"].receive()["type"] == "user_left"
    check_error(http_request(own, f"DELETE /ws/connections/{one}", token=token(
        "900", role="admin")), 404)
    until(lambda: admin(own, "GET /ws/stats")["total_connections"] == len(crowd) - 1)


@EVERY
def test_disconnect_by_type(own, crowd, kind):
    answer = admin(own, f"DELETE /ws/connections?connection_type={kind}&user_id=7")
    assert answer == {"disconnected": 1}
    assert crowd[kind].closing_code() == 4409


# What outlives the end of a connection.

def test_a_token_that_has_run_out_resumes_with_a_new_one(gate, follow, user):
    old = follow(user, token=token(user, exp=now(2)))
    first = note(gate, user)
    assert old.closing_code() == 4401
    until(lambda: publish(gate, user)["queued"])
    again = follow(user, last=first)
    assert again.greeting["data"]["resumed"] is True
    assert again.receive()["data"] == NOTE


def test_a_drain_loses_nothing(start, follow, sit, user, room, tmp_path):
    """SIGTERM: 1001 to all, and what was acknowledged before is there after."""
    first = start(**BRIEF, STATE_DIRECTORY=tmp_path)
    exam(first, f"PUT {room}", {"duration_seconds": 100, "autostart": True}, status=201)
    client, ann = follow(user, first), sit("ann", server=first)
    sent = [note(first, user) for _ in range(3)]
    assert ask(ann, type="answer_update", question_id="q", answer=1)["type"] == "answer_saved"
    first.signal(signal.SIGTERM)
    assert client.closing_code() == ann.closing_code() == 1001
    assert first.wait() == 0
    second = start(**BRIEF, STATE_DIRECTORY=tmp_path)
    again = follow(user, second, last=sent[0])
    assert [message["id"] for message in again.waiting()] == sent[1:]
    assert exam(second, f"GET {room}")["participants"][0]["answers"] == {"q": 1}


def test_memory_after_all_that(own):
    """Connections and messages by the thousand leave the server as large as it was."""
    sizes = []
    for turn in range(4):
        for number in range(60):
            for kind, path in PATHS.items():
                raw = opened(own, path.replace("a-room", f"room-{turn}-{number}"),
                             Authorization=f"Bearer {token('7')}")
                raw.frame(TEXT, json.dumps({"type": "echo", "message": kind * 10}).encode())
                raw.frame(TEXT, b'{"type":"ping"}')
                while b'"pong"' not in raw.read_frame()[1]:
                    pass
                raw.close()
        publish(own, "7")
        sizes.append(own.resident())
    assert own.is_emulated or sizes[-1] - sizes[1] < 300_000, sizes
