"""PROTOCOL section 9: what an admin sees and does."""

import json
import re
from urllib.parse import quote

import pytest
from clients import RawClient, check_error, http_request
from helpers import admin, is_now_in_text, until
from server import UNLIMITED
from tokens import ADMIN, SECRET, token

NOTICE = {"type": "system_announcement", "title": "Maintenance", "message": "in 30 minutes",
          "priority": "high", "data": {"a": [1, None, "ä€"]}}
# name: (path, user, display name); everybody's greetings are read.
CAST = {
    "ann in red": ("/ws/red", "1", "Ann"),
    "ann in blue": ("/ws/auth/blue", "1", "Ann"),
    "bob in red": ("/ws/red", "2", "Bob"),
    "ann's emotion": ("/api/ws", "1", "Ann"),
    "bob's emotion": ("/api/ws", "2", "Bob"),
    "a guest's steps": ("/ws/realtime", None, None),
    "a guest in ä€": ("/ws/%C3%A4%E2%82%AC", None, None),
}


@pytest.fixture(name="cast")
def connections(own, connect):
    """Connections of several families, users and rooms by their names."""
    cast = {name: connect(own, path, token=user and token(user, username=display))
            for name, (path, user, display) in CAST.items()}
    for name, client in cast.items():
        if name != "a guest's steps":
            client.waiting()
        else:
            client.receive()
    return cast


def listed(server):
    return admin(server, "GET /ws/connections")["connections"]


def test_stats(own, cast):
    stats = admin(own, "GET /ws/stats")
    assert stats["total_connections"] == len(cast)
    assert {name: count for name, count in stats["connections_by_type"].items() if count} == {
        "rooms": 4, "emotion": 2, "step-session": 1}
    by_user = stats["connections_by_user"]
    assert (by_user["1"], by_user["2"]) == (3, 2)
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
    "connection_type=step-session": ["a guest's steps"],
    "user_id=1": ["ann in red", "ann in blue", "ann's emotion"],
    "user_id=2": ["bob in red", "bob's emotion"],
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
            assert is_now_in_text(message.pop("timestamp"))
            assert message == NOTICE
        if name != "a guest's steps":
            assert client.waiting() == []
        else:
            assert client.ask(action="stats")["type"] == "stats_response"


def test_broadcast_has_one_timestamp(own, cast):
    """A timestamp of the body's own does not stand beside the server's."""
    admin(own, "POST /ws/broadcast?room=blue", {"timestamp": "1999", **NOTICE})
    text = cast["ann in blue"].receive_message()
    assert text.count('"timestamp"') == 1
    assert is_now_in_text(json.loads(text)["timestamp"])


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
    connections = {(one["connection_type"], one.get("user_id"), tuple(one.get("rooms", []))): one
                   for one in listed(own)}
    assert len(connections) == len(cast)
    for kind, user, rooms, name in [
            ("rooms", "1", ("red",), "Ann"), ("rooms", "1", ("blue",), "Ann"),
            ("rooms", "2", ("red",), "Bob"), ("emotion", "2", (), "Bob")]:
        one = connections[kind, user, rooms]
        assert re.fullmatch(rf"{kind}_{user}_\d{{13}}", one["connection_id"])
        assert one["username"] == name
        assert is_now_in_text(one["connected_at"])
    guest = next(one for one in connections.values() if one.get("rooms") == ["ä€"])
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
    one = next(one for one in listed(own) if one.get("rooms") == ["blue"])["connection_id"]
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
    one = next(one for one in listed(own) if one.get("rooms") and one["username"] == "Bob")
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


def test_sessions(start, connect):
    own = start(**UNLIMITED, JWT_SECRET=SECRET, WEBSOCKET_REQUIRE_AUTH="true")
    assert sessions(own) == []
    mine, other = connect(own, token=token("7")), connect(own, token=token("8"))
    ids = [client.receive()["session_id"] for client in (mine, other)]
    mine.ask(samples=[[0, 0, 9.8, 0, 0, 0]] * 5)
    found = {one["session_id"]: one for one in sessions(own)}
    assert set(found) == set(ids)
    assert all(MEMBERS <= set(one) for one in found.values())
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
