"""PROTOCOL section 6: who is in a room, who hears of it, and what is said there."""

import time

import pytest
from clients import RawClient
from helpers import code, enter, is_now_in_seconds


@pytest.mark.parametrize("by_path", [True, False], ids=["by path", "by message"])
def test_join(visit, room, by_path):
    ann = visit("ann", path=f"/ws/{room}" if by_path else "/ws")
    if not by_path:
        ann.say(type="join", room=room)
    joined = ann.receive()
    assert is_now_in_seconds(joined.pop("timestamp"))
    assert joined == {"type": "join", "room": room, "user_id": "ann", "username": "ANN"}
    listed = ann.receive()
    assert (listed["type"], listed["room"], listed["data"]) == ("user_list", room, ["ANN"])
    assert ann.waiting() == []


def test_members_hear_of_a_newcomer(visit, room):
    ann, bob = visit("ann", path=f"/ws/{room}"), visit("bob")
    assert [ann.receive()["type"], ann.receive()["type"]] == ["join", "user_list"]
    assert enter(bob, room) == ["ANN", "BOB"]
    joined = ann.receive()
    assert is_now_in_seconds(joined.pop("timestamp"))
    assert joined == {"type": "join", "room": room, "user_id": "bob", "username": "BOB"}
    assert ann.waiting() == []


def test_a_connection_without_a_room_is_in_none(visit):
    assert visit("ann").waiting() == []


def test_joining_twice_announces_nothing(pair, room):
    ann, bob = pair
    for _ in range(3):
        bob.say(type="join", room=room)
    assert [message["type"] for message in bob.waiting()] == []
    assert ann.waiting() == []


def test_joining_by_message_after_the_path(visit, room):
    ann = visit("ann", path=f"/ws/{room}")
    assert [ann.receive()["type"], ann.receive()["type"]] == ["join", "user_list"]
    ann.say(type="join", room=room)
    assert ann.waiting() == []


def test_leaving_by_message(pair, room):
    ann, bob = pair
    bob.say(type="leave", room=room)
    for client in pair:
        left = client.receive()
        assert is_now_in_seconds(left.pop("timestamp"))
        assert left == {"type": "leave", "room": room, "user_id": "bob", "username": "BOB"}
    ann.say(type="message", room=room, content="alone")
    assert ann.receive()["content"] == "alone"
    assert bob.waiting() == []
    assert code(bob.ask(type="message", room=room, content="x")) == "not_a_member"
    assert ann.ask(type="user_list", room=room)["data"] == ["ANN"]


@pytest.mark.parametrize("politely", [True, False], ids=["closing", "losing the connection"])
def test_leaving_by(gate, visit, room, politely):
    ann, bob = visit("ann"), RawClient(gate)
    enter(ann, room)
    bob.upgrade(f"/ws/{room}?username=Bob")
    bob.response()
    assert ann.receive()["type"] == "join"
    if politely:
        bob.frame(8, b"\x03\xe8")
        assert bob.closing_code() == 1000
    bob.close()
    left = ann.receive()
    assert (left["type"], left["room"], left["username"]) == ("leave", room, "Bob")
    assert ann.ask(type="user_list", room=room)["data"] == ["ANN"]


def test_a_lost_connection_leaves_every_room(visit, room):
    ann, bob = visit("ann"), visit("bob")
    rooms = [f"{room}-{number}" for number in range(5)]
    for one in rooms:
        enter(ann, one)
        enter(bob, one)
        ann.receive()
    bob.close()
    assert sorted(ann.receive()["room"] for _ in rooms) == rooms
    assert ann.waiting() == []


def test_one_user_on_two_connections(visit, room):
    """Who is there twice comes with the first connection and goes with the last."""
    ann, first, second = visit("ann"), visit("bob"), visit("bob")
    enter(ann, room)
    enter(first, room)
    assert ann.receive()["type"] == "join"
    second.say(type="join", room=room)
    assert second.until("user_list")["data"] == ["ANN", "BOB"]
    assert ann.waiting() == []
    ann.ask(type="message", room=room, content="to both")
    assert [first.until("message")["content"], second.receive()["content"]] == ["to both"] * 2
    first.close()
    assert ann.waiting() == []
    assert ann.ask(type="user_list", room=room)["data"] == ["ANN", "BOB"]
    ann.ask(type="message", room=room, content="to one")
    assert second.receive()["content"] == "to one"
    second.close()
    left = ann.receive()
    assert (left["type"], left["user_id"]) == ("leave", "bob")
    assert ann.waiting() == []


def test_one_connection_of_two_leaves(visit, room):
    ann, first, second = visit("ann"), visit("bob"), visit("bob")
    for client in (ann, first, second):
        client.say(type="join", room=room)
        client.until("user_list")
    first.say(type="leave", room=room)
    first.waiting()
    assert [message["type"] for message in ann.waiting()] == ["join"]
    ann.ask(type="message", room=room, content="for the other")
    assert second.until("message")["content"] == "for the other"
    assert code(first.ask(type="message", room=room, content="x")) == "not_a_member"


def test_message(pair, room):
    ann, bob = pair
    ann.say(type="message", room=room, content="Hello, world!")
    to_ann, to_bob = ann.receive(), bob.receive()
    assert to_ann == to_bob
    assert is_now_in_seconds(to_ann.pop("timestamp"))
    assert type(to_ann.pop("id")) is int
    assert to_ann == {"type": "message", "room": room, "content": "Hello, world!",
                      "user_id": "ann", "username": "ANN"}


def test_nobody_speaks_for_another(pair, room):
    ann, bob = pair
    ann.say(type="message", room=room, content="x", user_id="bob", username="BOB", id=1,
            timestamp=1)
    message = bob.receive()
    assert (message["user_id"], message["username"]) == ("ann", "ANN")
    assert message["id"] > 1 and is_now_in_seconds(message["timestamp"])


def test_ids_grow_by_one_in_each_room(visit, room):
    """They start at the server's start, in microseconds, and no room sees another's."""
    ann = visit("ann")
    ids = {f"{room}-{number}": [] for number in range(3)}
    for one in ids:
        enter(ann, one)
    for number in range(30):
        one = list(ids)[number % 3 if number < 15 else 0]
        ids[one].append(ann.ask(type="message", room=one, content=str(number))["id"])
    for those in ids.values():
        assert those == list(range(those[0], those[0] + len(those)))
        assert time.time() - 86400 < those[0] / 1e6 < time.time() + 1


def test_a_member_of_one_room_hears_nothing_of_another(visit, room):
    ann, bob = visit("ann"), visit("bob")
    enter(ann, room)
    enter(bob, room + "-other")
    ann.ask(type="message", room=room, content="here")
    assert bob.waiting() == []


def test_user_list_is_sorted_by_joining(visit, room):
    names = ["zoe", "ann", "mia", "bob"]
    clients = [visit(name) for name in names]
    for client in clients:
        enter(client, room)
    clients[0].waiting()
    listed = clients[0].ask(type="user_list", room=room)
    assert (listed["type"], listed["room"]) == ("user_list", room)
    assert listed["data"] == ["ZOE", "ANN", "MIA", "BOB"]
    clients[1].close()
    clients[0].until("leave")
    again = visit("ann")
    assert enter(again, room) == ["ZOE", "MIA", "BOB", "ANN"]


def test_ping(visit):
    pong = visit("ann").ask(type="ping")
    assert is_now_in_seconds(pong.pop("timestamp"))
    assert pong == {"type": "pong"}


def test_fifty_members_get_the_same(visit, room):
    clients = [visit(f"user-{number}", path=f"/ws/{room}") for number in range(50)]
    for client in clients:
        client.waiting()
    for number, client in enumerate(clients):
        client.say(type="message", room=room, content=f"from {number}")
    received = [[client.until("message") for _ in clients] for client in clients]
    assert all(one == received[0] for one in received)
    assert sorted(message["content"] for message in received[0]) == sorted(
        f"from {number}" for number in range(50))
    ids = [message["id"] for message in received[0]]
    assert ids == list(range(ids[0], ids[0] + 50))
