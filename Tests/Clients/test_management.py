"""PROTOCOL section 9: what an admin sees and does, and how request bodies are read."""

import json
import re
import time
from datetime import datetime, timezone
from urllib.parse import quote

import pytest
from clients import RawClient, check_error, http_request
from server import UNLIMITED
from tokens import ADMIN, SECRET, token

STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
NOTICE = {"type": "system_announcement", "title": "Maintenance", "message": "in 30 minutes",
          "priority": "high", "data": {"a": [1, None, "ä€"]}}


def is_now(stamp):
    when = datetime.fromisoformat(stamp).replace(tzinfo=timezone.utc).timestamp()
    return STAMP.fullmatch(stamp) and abs(when - time.time()) < 60


def admin(server, line, body=None, status=200, **headers):
    """What an admin is answered, as JSON."""
    response = http_request(server, line, body, ADMIN, **headers)
    assert response[0] == status, response
    assert response[1]["content-type"].startswith("application/json")
    return json.loads(response[2])


@pytest.fixture(name="own")
def own_server(start):
    """A server of the test's own, where every connection is one of its own."""
    return start(**UNLIMITED, JWT_SECRET=SECRET)


# name: (path, user, display name); everybody's greetings are read.
CAST = {
    "ann in red": ("/ws/red", "1", "Ann"),
    "ann in blue": ("/ws/auth/blue", "1", "Ann"),
    "bob in red": ("/ws/red", "2", "Bob"),
    "ann's emotion": ("/api/ws", "1", "Ann"),
    "bob's emotion": ("/api/ws", "2", "Bob"),
    "bob's steps": ("/ws/realtime", "2", "Bob"),
    "a guest in ä€": ("/ws/%C3%A4%E2%82%AC", None, None),
}


@pytest.fixture(name="cast")
def connections(own, connect):
    """Connections of several families, users and rooms by their names."""
    cast = {name: connect(own, path, token=user and token(user, username=display))
            for name, (path, user, display) in CAST.items()}
    for name, client in cast.items():
        if name != "bob's steps":
            client.waiting()
        else:
            client.receive()
    return cast


def listed(server):
    return admin(server, "GET /ws/connections")["connections"]


def test_stats(own, cast):
    stats = admin(own, "GET /ws/stats")
    assert stats["total_connections"] == len(cast)
    assert stats["connections_by_type"] == {"rooms": 4, "emotion": 2, "step-session": 1}
    by_user = stats["connections_by_user"]
    assert (by_user["1"], by_user["2"]) == (3, 3)
    assert stats["connections_by_room"] == {"red": 2, "blue": 1, "ä€": 1}
    assert stats["total_users"] == len(by_user) >= 2
    assert 0 <= stats["uptime_seconds"] < 60


def test_stats_of_an_empty_server(own):
    stats = admin(own, "GET /ws/stats")
    assert (stats["total_connections"], stats["total_users"]) == (0, 0)
    assert stats["connections_by_user"] == stats["connections_by_room"] == {}
    assert sum(stats["connections_by_type"].values()) == 0


def test_stats_follow_what_happens(own, connect):
    one = connect(own, "/ws/red", token=token("1"))
    one.waiting()
    before = admin(own, "GET /ws/stats")
    for _ in range(10):
        one.ask(type="ping")
    after = admin(own, "GET /ws/stats")
    assert after["messages_in"] - before["messages_in"] == 10
    assert after["messages_out"] - before["messages_out"] == 10
    one.say(type="leave", room="red")
    one.waiting()
    assert admin(own, "GET /ws/stats")["connections_by_room"] == {}
    one.close()
    until(lambda: admin(own, "GET /ws/stats")["total_connections"] == 0)


def until(condition, seconds=5):
    """Waits for what the server does in a moment."""
    ends = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < ends
        time.sleep(0.02)


def test_stats_of_memory(own, cast):
    pools = admin(own, "GET /ws/stats")["memory"]
    assert pools
    for pool in pools.values():
        assert set(pool) == {"size", "in_use", "peak"}
        assert 0 <= pool["in_use"] <= pool["peak"] <= pool["size"]
    assert any(pool["in_use"] > 0 for pool in pools.values()), cast


FILTERS = {
    "": list(CAST),
    "connection_type=rooms": ["ann in red", "ann in blue", "bob in red", "a guest in ä€"],
    "connection_type=emotion": ["ann's emotion", "bob's emotion"],
    "connection_type=step-session": ["bob's steps"],
    "user_id=1": ["ann in red", "ann in blue", "ann's emotion"],
    "user_id=2": ["bob in red", "bob's emotion", "bob's steps"],
    "room=red": ["ann in red", "bob in red"],
    "room=%C3%A4%E2%82%AC": ["a guest in ä€"],
    "user_id=1&room=red": ["ann in red"],
    "connection_type=emotion&user_id=2": ["bob's emotion"],
    "connection_type=emotion&room=red": [],
    "connection_type=rooms&user_id=2&room=red": ["bob in red"],
    "room=blue&user_id=2": [],
    "user_id=3": [], "room=green": [], "connection_type=echo": [],
    "user_id=%31": ["ann in red", "ann in blue", "ann's emotion"],
}


@pytest.mark.parametrize("query", FILTERS)
def test_broadcast(own, cast, query):
    """It reaches those whom all filters match, as it was with a timestamp, and nobody else."""
    answer = admin(own, f"POST /ws/broadcast?{query}".rstrip("?"), NOTICE)
    assert answer == {"delivered": len(FILTERS[query])}
    for name, client in cast.items():
        if name in FILTERS[query]:
            message = client.receive()
            assert is_now(message.pop("timestamp"))
            assert message == NOTICE
        if name != "bob's steps":
            assert client.waiting() == []
        else:
            assert client.ask(action="stats")["type"] == "stats_response"


def test_broadcast_has_one_timestamp(own, cast):
    """A timestamp of the body's own does not stand beside the server's."""
    admin(own, "POST /ws/broadcast?room=blue", {"timestamp": "1999", **NOTICE})
    text = cast["ann in blue"].receive_message()
    assert text.count('"timestamp"') == 1
    assert is_now(json.loads(text)["timestamp"])


@pytest.mark.parametrize("body", ["[]", "1", '"x"', "null", "{}", '{"type":1}', '{"type":null}',
                                  '{"title":"x"}'])
def test_broadcast_of_something_else(own, cast, body):
    check_error(http_request(own, "POST /ws/broadcast", body, ADMIN), 422)
    assert cast["ann in red"].waiting() == []


@pytest.mark.parametrize("body", ["", "{", "{'type':'x'}", '{"type":"x"}}', b'{"type":"\xff"}',
                                  '{"type":"x","a":' + "[" * 200])
def test_broadcast_of_no_json(own, cast, body):
    response = http_request(own, "POST /ws/broadcast", body, ADMIN)
    check_error(response, 422 if response[0] == 422 else 400)
    assert cast["ann in red"].waiting() == []


def test_connections(own, cast):
    connections = {(one["connection_type"], one["user_id"], tuple(one["rooms"])): one
                   for one in listed(own)}
    assert len(connections) == len(cast)
    for kind, user, rooms, name in [
            ("rooms", "1", ("red",), "Ann"), ("rooms", "1", ("blue",), "Ann"),
            ("rooms", "2", ("red",), "Bob"), ("emotion", "2", (), "Bob"),
            ("step-session", "2", (), "Bob")]:
        one = connections[kind, user, rooms]
        assert re.fullmatch(rf"{kind}_{user}_\d{{13}}", one["connection_id"])
        assert one["username"] == name
        assert is_now(one["connected_at"])
    guest = next(one for one in connections.values() if one["rooms"] == ["ä€"])
    assert guest["user_id"].startswith("anon-") and guest["username"].startswith("guest-")


def test_connection_ids_are_unique(own, connect):
    for _ in range(50):
        connect(own, "/ws", token=token("1"))
    ids = [one["connection_id"] for one in listed(own)]
    assert len(set(ids)) == 50


def test_a_long_list(own):
    """Longer than any one buffer: it comes whole."""
    raws = [RawClient(own) for _ in range(300)]
    for number, raw in enumerate(raws):
        raw.upgrade(f"/ws/room-{number}", Authorization=f"Bearer {token(f'user-{number}')}")
        assert raw.response()[0] == 101
    assert sorted(one["user_id"] for one in listed(own)) == sorted(
        f"user-{number}" for number in range(300))
    assert len(admin(own, "GET /ws/stats")["connections_by_room"]) == 256  # WEBSOCKET_MAX_ROOMS
    for raw in raws:
        raw.close()


def test_disconnect(own, cast):
    one = next(one for one in listed(own) if one["rooms"] == ["blue"])["connection_id"]
    assert admin(own, f"DELETE /ws/connections/{one}") == {"disconnected": one}
    assert cast["ann in blue"].closing_code() == 4409
    until(lambda: one not in [other["connection_id"] for other in listed(own)])
    assert len(listed(own)) == len(cast) - 1
    check_error(http_request(own, f"DELETE /ws/connections/{one}", token=ADMIN), 404)


def test_disconnect_by_an_escaped_id(own, connect):
    client = connect(own, "/ws", token=token("ä€"))
    one = listed(own)[0]["connection_id"]
    assert one.startswith("rooms_ä€_")
    assert admin(own, f"DELETE /ws/connections/{quote(one)}") == {"disconnected": one}
    assert client.closing_code() == 4409


def test_others_hear_of_a_disconnected_member(own, cast):
    one = next(one for one in listed(own) if one["username"] == "Bob" and one["rooms"])
    admin(own, f"DELETE /ws/connections/{one['connection_id']}")
    left = cast["ann in red"].receive()
    assert (left["type"], left["user_id"]) == ("leave", "2")


@pytest.mark.parametrize("query", [query for query in FILTERS if query])
def test_disconnect_by_filter(own, cast, query):
    answer = admin(own, f"DELETE /ws/connections?{query}")
    assert answer == {"disconnected": len(FILTERS[query])}
    for name in FILTERS[query]:
        assert cast[name].closing_code() == 4409
    until(lambda: len(listed(own)) == len(cast) - len(FILTERS[query]))


@pytest.mark.parametrize("query", ["", "?", "?users=1", "?user_id=", "?room=%ff"])
def test_disconnect_needs_a_filter(own, cast, query):
    """One that says nothing must not end everybody's connection."""
    check_error(http_request(own, f"DELETE /ws/connections{query}", token=ADMIN), 400)
    assert len(listed(own)) == len(cast)


@pytest.mark.parametrize("line", [
    "DELETE /ws/connections/nobody", "DELETE /ws/connections/rooms_1_1", "GET /sessions/nobody",
    "DELETE /sessions/nobody", "GET /sessions/00000000-0000-4000-8000-000000000000",
])
def test_unknown(gate, line):
    check_error(http_request(gate, line, token=ADMIN), 404)


@pytest.mark.parametrize("line, allowed", [
    ("POST /ws/stats", {"GET"}), ("GET /ws/broadcast", {"POST"}), ("PUT /ws/broadcast", {"POST"}),
    ("POST /ws/connections", {"GET", "DELETE"}), ("GET /ws/connections/x", {"DELETE"}),
    ("PUT /sessions", {"GET"}), ("POST /sessions/x", {"GET", "DELETE"}),
    ("DELETE /metrics", {"GET"}),
])
def test_method_not_allowed(gate, line, allowed):
    headers = check_error(http_request(gate, line, token=ADMIN), 405)
    methods = {method.strip() for method in headers["allow"].split(",")}
    assert allowed <= methods <= allowed | {"HEAD", "OPTIONS"}


# The sessions of steps.

def sessions(server):
    return admin(server, "GET /sessions")["sessions"]


MEMBERS = {"session_id", "connection_id", "total_steps", "total_predictions", "duration",
           "last_activity"}


def test_sessions(own, connect):
    assert sessions(own) == []
    mine, other = connect(own, token=token("7")), connect(own)
    ids = [client.receive()["session_id"] for client in (mine, other)]
    mine.ask(samples=[[0, 0, 9.8, 0, 0, 0]] * 5)
    found = {one["session_id"]: one for one in sessions(own)}
    assert set(found) == set(ids)
    assert all(MEMBERS <= set(one) <= MEMBERS | {"user_id"} for one in found.values())
    assert found[ids[0]]["user_id"] == "7"
    assert [found[one]["total_predictions"] for one in ids] == [5, 0]
    assert found[ids[0]]["connection_id"].startswith("step-session_7_")
    assert 0 <= found[ids[0]]["duration"] < 60
    one = admin(own, f"GET /sessions/{ids[0]}")
    assert (one["session_id"], one["total_predictions"]) == (ids[0], 5)
    assert set(one) == set(found[ids[0]])


def test_ending_a_session(own, connect):
    client, other = connect(own), connect(own)
    one, kept = client.receive()["session_id"], other.receive()["session_id"]
    assert admin(own, f"DELETE /sessions/{one}") == {"disconnected": one}
    assert client.closing_code() == 4409
    until(lambda: [left["session_id"] for left in sessions(own)] == [kept])
    check_error(http_request(own, f"DELETE /sessions/{one}", token=ADMIN), 404)
    assert other.ask(action="stats")["type"] == "stats_response"


# Request bodies (RFC 9112 sections 6 and 7).

BODY = b'{"type":"note"}'
NOT_DELIVERED = {"delivered": 0}


@pytest.fixture(name="raw")
def raw_client(gate):
    client = RawClient(gate)
    yield client
    client.close()


def post(raw, **headers):
    raw.request("POST /ws/broadcast?user_id=nobody HTTP/1.1", Authorization=f"Bearer {ADMIN}",
                **headers)


def delivered(response):
    return response[0] == 200 and json.loads(response[2]) == NOT_DELIVERED


def chunked(*chunks, extension=b"", trailers=b""):
    return b"".join(b"%x%s\r\n%s\r\n" % (len(chunk), extension, chunk)
                    for chunk in chunks) + b"0\r\n" + trailers + b"\r\n"


SINGLE = [BODY[low:low + 1] for low in range(len(BODY))]
CHUNKED = {
    "one chunk": chunked(BODY), "a chunk a byte": chunked(*SINGLE),
    "extensions": chunked(BODY[:3], BODY[3:], extension=b';a="b;c";d'),
    "trailers": chunked(BODY, trailers=b"X-Sum: 1\r\nX-More: 2\r\n"),
    "leading zeros and capitals": b"00000F\r\n" + BODY + b"\r\n0\r\n\r\n",
}


def test_body_with_a_length(raw):
    post(raw, Content_Length=len(BODY))
    raw.send(BODY)
    assert delivered(raw.response())


def test_body_byte_by_byte(raw):
    post(raw, Content_Length=len(BODY))
    for byte in SINGLE:
        raw.send(byte)
    assert delivered(raw.response())


@pytest.mark.parametrize("name", CHUNKED)
@pytest.mark.parametrize("slowly", [False, True])
def test_chunked_body(raw, name, slowly):
    post(raw, Transfer_Encoding="chunked")
    size = 1 if slowly else 1000
    for low in range(0, len(CHUNKED[name]), size):
        raw.send(CHUNKED[name][low:low + size])
    assert delivered(raw.response())


@pytest.mark.parametrize("body", [
    b"x\r\n", b"-1\r\n", b"\r\n", b"fffffffffffffffff\r\n", b"0x5\r\n", b"3\r\nabcd\r\n",
    b"3\nabc\n", b"5 \r\nab", b"0\r\nbad trailer\r\n\r\n",
])
def test_malformed_chunks(raw, body):
    post(raw, Transfer_Encoding="chunked")
    raw.send(body)
    check_error(raw.response(), 400)


def test_expect_continue(raw):
    """RFC 9110 section 10.1.1: told to go on, then the answer."""
    post(raw, Content_Length=len(BODY), Expect="100-continue")
    assert raw.response()[0] == 100
    raw.send(BODY)
    assert delivered(raw.response())


def test_expect_continue_of_too_much(raw):
    post(raw, Content_Length=1_000_000, Expect="100-continue")
    check_error(raw.response(), 413)


def test_expect_continue_without_a_right(raw):
    """Who may not send a body is not asked for it."""
    raw.request("POST /ws/broadcast HTTP/1.1", Content_Length=len(BODY), Expect="100-continue")
    check_error(raw.response(), 401)


def test_expect_something_else(raw):
    post(raw, Content_Length=len(BODY), Expect="200-ok")
    raw.send(BODY)
    assert raw.response()[0] in (200, 417)


def test_body_that_is_announced_too_large(raw):
    post(raw, Content_Length=4097)
    check_error(raw.response(), 413)


def test_chunked_body_that_grows_too_large(raw):
    post(raw, Transfer_Encoding="chunked")
    for _ in range(5):
        raw.send(b"400\r\n" + b" " * 1024 + b"\r\n")
    check_error(raw.response(), 413)


@pytest.mark.parametrize("trailers", [b"X: " + b"a" * 20_000, b"X: y\r\n" * 2000])
def test_trailers_that_never_end(raw, trailers):
    post(raw, Transfer_Encoding="chunked")
    try:
        raw.send(chunked(BODY)[:-2] + trailers)
        status = raw.response()[0]
    except ConnectionError:
        status = 400  # ended while we were sending
    assert status in (400, 413, 431)


def test_largest_body(raw):
    post(raw, Content_Length=4096)
    raw.send(BODY.ljust(4096))
    assert delivered(raw.response())


def test_max_body_size(start):
    server = start(JWT_SECRET=SECRET, WEBSOCKET_MAX_BODY_SIZE="1k")
    for size, status in [(1024, 200), (1025, 413)]:
        assert http_request(server, "POST /ws/broadcast", BODY.ljust(size), ADMIN)[0] == status


@pytest.mark.parametrize("part", [b"", b'{"type"'])
@pytest.mark.parametrize("way", [{"Content_Length": 100}, {"Transfer_Encoding": "chunked"}])
def test_slow_body(start, part, way):
    raw = RawClient(start(JWT_SECRET=SECRET, WEBSOCKET_HANDSHAKE_TIMEOUT="1s"))
    post(raw, **way)
    raw.send(b"40\r\n" + part if "Transfer_Encoding" in way else part)
    check_error(raw.response(), 408)
    assert raw.ended()
    raw.close()


def test_a_lost_body_broadcasts_nothing(own, cast):
    for _ in range(20):
        raw = RawClient(own)
        raw.request("POST /ws/broadcast HTTP/1.1", Authorization=f"Bearer {ADMIN}",
                    Content_Length=100)
        raw.send(BODY)
        raw.close()
    assert cast["ann in red"].waiting() == []
    assert admin(own, "POST /ws/broadcast?room=blue", NOTICE) == {"delivered": 1}


def test_a_request_behind_a_body(gate, raw):
    """A connection is kept (RFC 9112 section 9.3), unless the answer says that it is not."""
    for _ in range(3):
        post(raw, Content_Length=len(BODY))
        raw.send(BODY)
        response = raw.response()
        assert delivered(response)
        if response[1].get("connection", "").lower() == "close":
            assert raw.ended()
            raw = RawClient(gate)


# CORS (the Fetch standard) of the HTTP paths.

MINE, WILD, FOREIGN = "https://app.example.org", "https://*.example.net", "https://evil.example"


@pytest.fixture(name="guarded")
def server_with_origins(start):
    return start(**UNLIMITED, JWT_SECRET=SECRET, WEBSOCKET_ALLOWED_ORIGINS=f"{MINE},{WILD}")


def preflight(server, origin, path="/ws/stats", method="GET"):
    return http_request(server, f"OPTIONS {path}", Origin=origin,
                        Access_Control_Request_Method=method,
                        Access_Control_Request_Headers="authorization,content-type")


@pytest.mark.parametrize("origin", [MINE, "https://a.example.net", "https://a.b.example.net"])
@pytest.mark.parametrize("path, method", [
    ("/ws/stats", "GET"), ("/ws/broadcast", "POST"), ("/ws/connections/x", "DELETE"),
    ("/sessions/x", "DELETE"), ("/metrics", "GET"), ("/health", "GET"),
])
def test_preflight(guarded, origin, path, method):
    status, headers, body = preflight(guarded, origin, path, method)
    assert (status, body) == (204, b"")
    assert headers["access-control-allow-origin"] == origin
    assert method in [one.strip() for one in headers["access-control-allow-methods"].split(",")]
    allowed = headers["access-control-allow-headers"].lower()
    assert "authorization" in allowed and "content-type" in allowed
    assert int(headers["access-control-max-age"]) > 0
    assert "origin" in headers["vary"].lower()


@pytest.mark.parametrize("origin", [
    FOREIGN, "http://app.example.org", "https://app.example.org:8443", "https://example.net",
    "https://app.example.org.evil.example", "https://evilexample.net", "null", "https://",
    "https://a.example.net.evil.example", "https://a.example.net@evil.example",
])
def test_preflight_from_elsewhere(guarded, origin):
    response = preflight(guarded, origin)
    headers = check_error(response, 403)
    assert not [name for name in headers if name.startswith("access-control")]


def test_preflight_of_a_path_that_is_not_there(guarded):
    check_error(preflight(guarded, MINE, "/nothing"), 404)


@pytest.mark.parametrize("origin, shared", [(MINE, True), (FOREIGN, False), ("null", False)])
@pytest.mark.parametrize("path", ["/ws/stats", "/health", "/metrics"])
def test_reading_from_an_origin(guarded, path, origin, shared):
    status, headers, _ = http_request(guarded, f"GET {path}", token=ADMIN, Origin=origin)
    assert status == 200
    assert headers.get("access-control-allow-origin") == (origin if shared else None)
    assert shared or not [name for name in headers if name.startswith("access-control")]


def test_an_error_can_be_read_from_an_origin(guarded):
    response = http_request(guarded, "GET /ws/stats", Origin=MINE)
    assert check_error(response, 401)["access-control-allow-origin"] == MINE


@pytest.mark.parametrize("line", ["POST /ws/broadcast", "DELETE /ws/connections?user_id=1",
                                  "DELETE /ws/connections/x", "DELETE /sessions/x"])
def test_changing_from_elsewhere(guarded, line):
    check_error(http_request(guarded, line, NOTICE, ADMIN, Origin=FOREIGN), 403)
    assert http_request(guarded, line, NOTICE, ADMIN, Origin=MINE)[0] in (200, 404)


def test_credentials_are_for_those_named(start, guarded):
    """Never together with `*`: the Fetch standard, section 3.3.5."""
    named = preflight(guarded, MINE)[1]
    assert named["access-control-allow-credentials"] == "true"
    anyone = preflight(start(JWT_SECRET=SECRET), MINE)
    assert anyone[0] == 204
    assert anyone[1]["access-control-allow-origin"] in ("*", MINE)
    assert "access-control-allow-credentials" not in anyone[1]
