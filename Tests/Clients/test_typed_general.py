"""PROTOCOL section 8: the connection type general, and what all four types share."""

import json
import re

import pytest
from clients import Refused
from helpers import RESERVED, enter, is_error, is_now_in_text
from server import UNLIMITED
from tokens import SECRET, token

TYPES = ["general", "notifications", "test-session", "chat"]
ROOMY = ["test-session", "chat"]
BAD_ROOMS = ["", "x" * 65, "€" * 22, "a/b", "\0", "a\n", *RESERVED]


def opened(typed, kind, user, **options):
    return typed(kind, user, "a-room" if kind in ROOMY else None, **options)


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("subject", ["7", "ada", "ä€", "x" * 64])
def test_connection_established(typed, kind, subject):
    greeting = opened(typed, kind, subject).greeting
    assert is_now_in_text(greeting.pop("timestamp"))
    assert re.fullmatch(rf"{kind}_{subject}_\d{{13}}", greeting.pop("connection_id"))
    assert greeting == {"type": "connection_established", "connection_type": kind,
                        "user_id": subject}


def test_connection_ids_are_unique(typed, user):
    """Two in one millisecond get two times."""
    ids = [typed("general", user).greeting["connection_id"] for _ in range(50)]
    assert len(set(ids)) == 50


@pytest.mark.parametrize("kind", TYPES)
def test_ping(typed, kind, user):
    client = opened(typed, kind, user)
    client.waiting()
    pong = client.ask(type="ping")
    assert is_now_in_text(pong.pop("timestamp"))
    assert pong == {"type": "pong"}


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("by", [None, "nonsense", token(exp=1), token(key="x" * 64)])
def test_a_token_is_needed(gate, connect, kind, by):
    with pytest.raises(Refused) as refused:
        connect(gate, f"/ws?connection_type={kind}&room=r", token=by)
    assert refused.value.status == 401


@pytest.mark.parametrize("query", [
    "connection_type=", "connection_type=General", "connection_type=rooms",
    "connection_type=emotion", "connection_type=user-events", "connection_type=dance",
    "connection_type=general%00", "connection_type=chat", "connection_type=test-session",
    "connection_type=chat&room=", "connection_type=test-session&room=",
    "connection_type=chat&room=%ff", "connection_type=chat&room=a%2Fb",
])
def test_bad_query(gate, connect, query):
    with pytest.raises(Refused) as refused:
        connect(gate, f"/ws?{query}", token=token())
    assert refused.value.status == 400


@pytest.mark.parametrize("kind", TYPES)
def test_the_documented_address(gate, connect, kind):
    client = connect(gate, f"/ws?connection_type={kind}&room=r&token={token()}")
    assert client.receive()["connection_type"] == kind


def test_without_a_type_it_is_rooms(gate, connect, room):
    assert enter(connect(gate, "/ws", token=token("ann")), room) == ["ann"]


def test_several_types_at_once(typed, user):
    """A user may have all of them, and each answers for itself."""
    clients = {kind: opened(typed, kind, user) for kind in TYPES}
    for kind, client in clients.items():
        client.waiting()
        answer = client.ask(type="echo", message=1)
        assert answer["type"] == "echo" if kind == "general" else is_error(answer)


# Echo.

@pytest.mark.parametrize("value", [
    "Hello WebSocket!", "", "ä€𝄞\0\"\\\n", 0, -1.5e-7, 12345678901234567, True, False, None, [], {},
    [1, [2, {"a": [None]}]], {"type": "ping", "message": "x"},
])
def test_echo(typed, user, value):
    answer = typed("general", user).ask(type="echo", message=value)
    assert is_now_in_text(answer.pop("timestamp"))
    assert answer == {"type": "echo", "message": value}
    assert type(answer["message"]) is type(value)


def test_echo_keeps_a_numbers_digits(typed, user):
    client = typed("general", user)
    client.send('{"message":12345678901234567890.10,"type":"echo"}')
    assert '"message":12345678901234567890.10' in client.receive_message()


def test_echo_reaches_nobody_else(typed, user):
    one, other = typed("general", user), typed("general", user)
    one.ask(type="echo", message="x")
    assert other.waiting() == []


# Rooms.

@pytest.fixture(name="members")
def ann_and_bob(typed, room):
    pair = typed("general", "ann"), typed("general", "bob")
    for client in pair:
        client.ask(type="join_room", room=room)
    return pair


def test_the_documented_session(typed, room):
    """All four messages at once, as the document's example sends them."""
    client = typed("general", "ann")
    client.say(type="ping")
    client.say(type="echo", message="Hello WebSocket!")
    client.say(type="join_room", room=room)
    client.say(type="broadcast_to_room", room=room, message="Hello everyone in room1!")
    messages = [client.receive() for _ in range(4)]
    assert [message["type"] for message in messages] == [
        "pong", "echo", "room_joined", "room_message"]
    assert all(is_now_in_text(message.pop("timestamp")) for message in messages)
    assert messages[2:] == [
        {"type": "room_joined", "room": room},
        {"type": "room_message", "room": room, "message": "Hello everyone in room1!",
         "sender_id": "ann", "sender_name": "ANN"}]
    assert client.waiting() == []


def test_broadcast_reaches_all_members(typed, members, room):
    stranger = typed("general", "cat")
    members[0].say(type="broadcast_to_room", room=room, message="hi")
    heard = [client.receive() for client in members]
    assert heard[0] == heard[1] and heard[0]["sender_id"] == "ann"
    assert stranger.waiting() == members[1].waiting() == []


@pytest.mark.parametrize("value", ["", "ä€", 1.5, True, None, [1, {"a": 2}], {"type": "ping"}])
def test_a_message_of_any_kind(members, room, value):
    members[0].say(type="broadcast_to_room", room=room, message=value)
    assert [client.receive()["message"] for client in members] == [value] * 2


def test_nobody_speaks_for_another(members, room):
    members[0].say(type="broadcast_to_room", room=room, message="x", sender_id="bob",
                   sender_name="BOB", timestamp="1999")
    text = members[1].receive_message()
    message = json.loads(text)
    assert (message["sender_id"], message["sender_name"]) == ("ann", "ANN")
    assert is_now_in_text(message["timestamp"]) and text.count("sender_id") == 1


def test_members_only(typed, members, room):
    stranger = typed("general", "cat")
    assert is_error(stranger.ask(type="broadcast_to_room", room=room, message="x"))
    assert is_error(stranger.ask(type="broadcast_to_room", room="nobody is here", message="x"))
    assert members[0].waiting() == []


def test_joining_again_changes_nothing(members, room):
    ann, bob = members
    ann.say(type="join_room", room=room)
    ann.waiting()
    bob.say(type="broadcast_to_room", room=room, message="once")
    bob.waiting()
    assert [message["type"] for message in ann.waiting()] == ["room_message"]
    ann.ask(type="leave_room", room=room)
    bob.ask(type="broadcast_to_room", room=room, message="x")
    assert ann.waiting() == []


def test_leaving(members, room):
    ann, bob = members
    answer = bob.ask(type="leave_room", room=room)
    assert is_now_in_text(answer.pop("timestamp"))
    assert answer == {"type": "room_left", "room": room}
    ann.ask(type="broadcast_to_room", room=room, message="alone")
    assert bob.waiting() == []
    assert is_error(bob.ask(type="broadcast_to_room", room=room, message="x"))
    assert ann.waiting() == []


def test_several_rooms(typed, room):
    ann, bob = typed("general", "ann"), typed("general", "bob")
    for number in range(3):
        ann.ask(type="join_room", room=f"{room}-{number}")
    bob.ask(type="join_room", room=f"{room}-1")
    ann.ask(type="broadcast_to_room", room=f"{room}-2", message="not for bob")
    ann.ask(type="broadcast_to_room", room=f"{room}-1", message="for bob")
    assert bob.receive()["message"] == "for bob"


def test_both_connections_of_a_member(typed, members, room):
    again = typed("general", "ann")
    again.ask(type="join_room", room=room)
    members[1].ask(type="broadcast_to_room", room=room, message="x")
    assert members[0].receive()["message"] == again.receive()["message"] == "x"
    members[0].close()
    members[1].ask(type="broadcast_to_room", room=room, message="y")
    assert again.receive()["message"] == "y"


def test_rooms_of_other_families(typed, visit, members, room):
    """One name, three rooms: nothing is heard in the others."""
    chat, visitor = typed("chat", "cat", room), visit("dan")
    enter(visitor, room)
    assert visitor.waiting() == chat.waiting() == []
    members[0].ask(type="broadcast_to_room", room=room, message="general")
    chat.ask(type="send_message", message="chat")
    visitor.ask(type="message", room=room, content="rooms")
    assert [message["message"] for message in members[1].waiting()] == ["general"]
    assert chat.waiting() == visitor.waiting() == []


@pytest.mark.parametrize("kind", ["join_room", "leave_room", "broadcast_to_room"])
@pytest.mark.parametrize("name", [*BAD_ROOMS, None, 5, True, [], {}, ["a"]], ids=json.dumps)
def test_bad_room(typed, members, kind, name):
    client = typed("general", "cat")
    assert is_error(client.ask(type=kind, room=name, message="x"))
    assert members[0].waiting() == client.waiting() == []


@pytest.mark.parametrize("message", [
    {"type": "join_room"}, {"type": "leave_room"}, {"type": "broadcast_to_room", "message": "x"},
    {"type": "echo"}, {"type": "send_message", "message": "x"}, {"type": "typing"},
    {"type": "get_session_status"}, {"type": "mark_notification_read", "notification_id": 1},
    {"type": "connection_established"}, {"type": "room_message", "room": "x", "message": "x"},
], ids=json.dumps)
def test_what_it_does_not_take(typed, user, message):
    client = typed("general", user)
    assert is_error(client.ask(**message))
    assert client.waiting() == []


def test_a_broadcast_without_a_message(members, room):
    assert is_error(members[0].ask(type="broadcast_to_room", room=room))
    assert members[1].waiting() == []


def test_rooms_are_bounded(start, typed):
    server = start(**UNLIMITED, JWT_SECRET=SECRET, WEBSOCKET_MAX_ROOMS_PER_CONNECTION=2)
    client = typed("general", "ann", server=server)
    joined = [client.ask(type="join_room", room=f"room-{number}")["type"] for number in range(3)]
    assert joined == ["room_joined", "room_joined", "error"]
    client.ask(type="leave_room", room="room-0")
    assert client.ask(type="join_room", room="room-2")["type"] == "room_joined"


def test_fifty_members_get_the_same(typed, room):
    clients = [typed("general", f"user-{number}") for number in range(50)]
    for client in clients:
        client.ask(type="join_room", room=room)
    for number, client in enumerate(clients):
        client.say(type="broadcast_to_room", room=room, message=number)
    received = [[client.receive() for _ in clients] for client in clients]
    assert all(one == received[0] for one in received)
    assert sorted(message["message"] for message in received[0]) == list(range(50))
