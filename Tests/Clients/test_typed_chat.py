"""PROTOCOL section 8: the connection type chat."""

import json
import time
from urllib.parse import quote

import pytest
from clients import RawClient, Refused
from helpers import is_error, is_now_in_text
from test_typed_general import BAD_ROOMS
from tokens import token


@pytest.fixture(name="chat")
def chatter(typed, room):
    """Opens chat connections of the test's room."""
    def chat(user, where=None, **claims):
        return typed("chat", user, where or room, **claims)
    return chat


@pytest.fixture(name="talk")
def ann_and_bob(chat):
    ann, bob = chat("ann"), chat("bob")
    assert ann.receive()["type"] == "user_joined"
    return ann, bob


def without_time(message):
    assert is_now_in_text(message.pop("timestamp"))
    return message


@pytest.mark.parametrize("name", [name for name in BAD_ROOMS if name], ids=json.dumps)
def test_bad_room(gate, connect, name):
    with pytest.raises(Refused) as refused:
        connect(gate, f"/ws?connection_type=chat&room={quote(name, safe='')}", token=token())
    assert refused.value.status == 400


@pytest.mark.parametrize("name", ["general", "ä€", "x" * 64, "a b&c=d", "%", "+"])
def test_room(chat, name):
    assert chat("ann", name).ask(type="send_message", message="x")["room"] == name


def test_one_joins_silently_for_oneself(chat):
    assert chat("ann").waiting() == []


def test_others_hear_of_a_newcomer(chat, room):
    ann = chat("ann")
    bob = chat("bob")
    assert without_time(ann.receive()) == {
        "type": "user_joined", "room": room, "user_id": "bob", "username": "BOB"}
    assert ann.waiting() == bob.waiting() == []


@pytest.mark.parametrize("message", ["hello", "", "ä€𝄞\0\"\\\n", "x" * 400])
def test_message(talk, room, message):
    talk[0].say(type="send_message", message=message)
    to_ann, to_bob = (client.receive() for client in talk)
    assert to_ann == to_bob
    assert without_time(to_ann) == {
        "type": "chat_message", "room": room, "message": message, "sender_id": "ann",
        "sender_name": "ANN"}
    assert talk[0].waiting() == talk[1].waiting() == []


def test_nobody_speaks_for_another(talk):
    talk[0].say(type="send_message", message="x", sender_id="bob", sender_name="BOB")
    text = talk[1].receive_message()
    assert json.loads(text)["sender_name"] == "ANN" and text.count("sender_name") == 1


@pytest.mark.parametrize("message", [
    {"type": "send_message"}, {"type": "send_message", "message": None},
    {"type": "send_message", "message": 1}, {"type": "send_message", "message": ["x"]},
    {"type": "send_message", "message": {"text": "x"}},
    {"type": "send_message", "message": "x", "room": ""},
    {"type": "send_message", "message": "x", "room": 1},
    {"type": "send_message", "message": "x", "room": "where nobody is"},
    {"type": "typing", "room": "where nobody is"}, {"type": "typing", "room": []},
    {"type": "join_room"}, {"type": "join_room", "room": 1}, {"type": "join_room", "room": ""},
    {"type": "join_room", "room": "stats"}, {"type": "join_room", "room": "x" * 65},
    {"type": "leave_room"}, {"type": "leave_room", "room": None}, {"type": "echo", "message": 1},
    {"type": "broadcast_to_room", "room": "x", "message": "x"}, {"type": "user_typing"},
    {"type": "chat_message", "message": "x"}, {"type": "user_joined", "username": "x"},
], ids=json.dumps)
def test_bad_message(talk, message):
    """An error for the sender, and nothing for the others."""
    ann, bob = talk
    assert is_error(ann.ask(**message))
    assert bob.waiting() == ann.waiting() == []


# More rooms.

def test_more_rooms(talk, room):
    ann, bob = talk
    second = f"{room}-second"
    for client in talk:
        assert without_time(client.ask(type="join_room", room=second)) == {
            "type": "room_joined", "room": second}
    assert without_time(ann.receive()) == {
        "type": "user_joined", "room": second, "user_id": "bob", "username": "BOB"}
    ann.say(type="send_message", room=second, message="there")
    ann.say(type="send_message", message="here")
    ann.waiting()
    assert [(message["room"], message["message"]) for message in bob.waiting()] == [
        (second, "there"), (room, "here")]
    bob.say(type="typing", room=second)
    assert without_time(ann.receive()) == {
        "type": "user_typing", "room": second, "user_id": "bob", "username": "BOB"}


def test_leaving_by_message(talk, room):
    ann, bob = talk
    assert without_time(bob.ask(type="leave_room", room=room)) == {
        "type": "room_left", "room": room}
    assert without_time(ann.receive()) == {
        "type": "user_left", "room": room, "user_id": "bob", "username": "BOB"}
    ann.ask(type="send_message", message="alone")
    assert bob.waiting() == []
    assert is_error(bob.ask(type="send_message", message="x"))
    assert is_error(bob.ask(type="typing"))
    assert ann.waiting() == []


@pytest.mark.parametrize("politely", [True, False], ids=["closing", "losing the connection"])
def test_leaving_by(gate, chat, room, politely):
    ann, bob = chat("ann"), RawClient(gate)
    bob.upgrade(f"/ws?connection_type=chat&room={room}",
                Authorization=f"Bearer {token('bob', username='BOB')}")
    bob.response()
    assert ann.receive()["type"] == "user_joined"
    if politely:
        bob.frame(8, b"\x03\xe8")
        assert bob.closing_code() == 1000
    bob.close()
    assert without_time(ann.receive()) == {
        "type": "user_left", "room": room, "user_id": "bob", "username": "BOB"}


def test_a_lost_connection_leaves_every_room(chat, room):
    ann, bob = chat("ann"), chat("bob")
    ann.receive()
    rooms = [f"{room}-{number}" for number in range(4)]
    for one in rooms:
        ann.ask(type="join_room", room=one)
        bob.ask(type="join_room", room=one)
        ann.receive()
    bob.close()
    left = [ann.receive() for _ in range(5)]
    assert {message["type"] for message in left} == {"user_left"}
    assert sorted(message["room"] for message in left) == sorted([*rooms, room])


def test_one_user_on_two_connections(talk, chat):
    """Who is there twice comes with the first connection and goes with the last."""
    ann, first = talk
    second = chat("bob")
    assert ann.waiting() == []
    ann.ask(type="send_message", message="to both")
    assert first.receive()["message"] == second.receive()["message"] == "to both"
    first.close()
    ann.ask(type="send_message", message="to one")
    assert second.receive()["message"] == "to one"
    assert ann.waiting() == []
    second.close()
    assert ann.receive()["type"] == "user_left"
    assert ann.waiting() == []


def test_one_connection_of_two_leaves(talk, chat, room):
    ann, first = talk
    second = chat("bob")
    first.ask(type="leave_room", room=room)
    assert ann.waiting() == []
    ann.ask(type="send_message", message="x")
    assert second.receive()["message"] == "x"
    assert first.waiting() == []


# Typing.

def test_typing(talk, room):
    ann, bob = talk
    bob.say(type="typing")
    assert without_time(ann.receive()) == {
        "type": "user_typing", "room": room, "user_id": "bob", "username": "BOB"}
    assert bob.waiting() == []


def test_typing_at_most_once_a_second(talk, chat):
    """Of a user, on however many connections; another's is another's."""
    ann, bob = talk
    again, cat = chat("bob"), chat("cat")
    ann.until("user_joined")
    began = time.monotonic()
    for _ in range(10):
        for client in (bob, again):
            client.say(type="typing")
            client.waiting()
    heard = ann.waiting()
    took = time.monotonic() - began
    assert 1 <= len(heard) <= 1 + took
    assert {message["user_id"] for message in heard} == {"bob"}
    cat.say(type="typing")
    assert ann.until("user_typing")["user_id"] == "cat"
    time.sleep(1.1)
    bob.say(type="typing")
    assert ann.receive()["user_id"] == "bob"


def test_typing_is_told_again_after_a_second(talk):
    ann, bob = talk
    bob.say(type="typing")
    ann.receive()
    ends = time.monotonic() + 2.5
    while time.monotonic() < ends:
        bob.say(type="typing")
        bob.waiting()
        time.sleep(0.05)
    assert 1 <= len(ann.waiting()) <= 3


# Rooms of their own.

def test_a_room_of_another_name_hears_nothing(chat, room):
    ann, cat = chat("ann"), chat("cat", f"{room}-other")
    ann.ask(type="send_message", message="x")
    assert cat.waiting() == []


def test_fifty_members_get_the_same(chat):
    clients = [chat(f"user-{number}") for number in range(50)]
    for client in clients:
        client.waiting()
    for number, client in enumerate(clients):
        client.say(type="send_message", message=f"from {number}")
    received = [[client.receive() for _ in clients] for client in clients]
    assert all(one == received[0] for one in received)
    assert {message["message"] for message in received[0]} == {
        f"from {number}" for number in range(50)}
