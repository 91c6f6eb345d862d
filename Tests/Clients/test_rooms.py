"""PROTOCOL section 6: rooms, their members, messages, limits and history."""

import json
import time
from urllib.parse import quote

import pytest
from clients import RawClient, Refused, check_error
from server import UNLIMITED
from tokens import SECRET, token

TEXT, BINARY = 1, 2
RESERVED = ["realtime", "auth", "stats", "broadcast", "connections", "test-sessions"]


def is_now(stamp):
    return type(stamp) is int and abs(stamp - time.time()) < 60


def enter(client, room, **members):
    """Joins, and gives the user list's names once the newcomer's echo has been read."""
    client.say(type="join", room=room, **members)
    assert client.receive()["type"] == "join"
    return client.receive()["data"]


def code(answer):
    """The code of an error whose every member is as section 6 describes."""
    assert set(answer) <= {"type", "room", "content", "timestamp", "data"}
    assert answer["type"] == "error" and answer["content"]
    assert is_now(answer["timestamp"])
    return answer["data"]["code"]


@pytest.fixture(name="visit")
def visitor(gate, connect):
    """Opens connections of named users: the user's id is the name, the display name in capitals."""
    def visit(name, server=gate, path="/ws"):
        return connect(server, path, token=token(name, username=name.upper()))
    return visit


@pytest.fixture(name="pair")
def two_members(visit, room):
    """Ann and Bob in one room, with all that was said of their coming read."""
    ann, bob = visit("ann"), visit("bob")
    enter(ann, room)
    enter(bob, room)
    assert ann.receive()["type"] == "join"
    return ann, bob


@pytest.mark.parametrize("by_path", [True, False], ids=["by path", "by message"])
def test_join(visit, room, by_path):
    ann = visit("ann", path=f"/ws/{room}" if by_path else "/ws")
    if not by_path:
        ann.say(type="join", room=room)
    joined = ann.receive()
    assert is_now(joined.pop("timestamp"))
    assert joined == {"type": "join", "room": room, "user_id": "ann", "username": "ANN"}
    listed = ann.receive()
    assert (listed["type"], listed["room"], listed["data"]) == ("user_list", room, ["ANN"])
    assert ann.waiting() == []


def test_members_hear_of_a_newcomer(visit, room):
    ann, bob = visit("ann", path=f"/ws/{room}"), visit("bob")
    assert [ann.receive()["type"], ann.receive()["type"]] == ["join", "user_list"]
    assert enter(bob, room) == ["ANN", "BOB"]
    joined = ann.receive()
    assert is_now(joined.pop("timestamp"))
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
        assert is_now(left.pop("timestamp"))
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
    assert is_now(to_ann.pop("timestamp"))
    assert type(to_ann.pop("id")) is int
    assert to_ann == {"type": "message", "room": room, "content": "Hello, world!",
                      "user_id": "ann", "username": "ANN"}


def test_nobody_speaks_for_another(pair, room):
    ann, bob = pair
    ann.say(type="message", room=room, content="x", user_id="bob", username="BOB", id=1,
            timestamp=1)
    message = bob.receive()
    assert (message["user_id"], message["username"]) == ("ann", "ANN")
    assert message["id"] > 1 and is_now(message["timestamp"])


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


CONTENTS = ["", "a", "ä€𝄞", "\"\\/\b\f\n\r\t", "\0\x1f\x7f", "\u2028\u2029", "x" * 300,
            "</script>", "%00%2f", "\ufeff"]


@pytest.mark.parametrize("content", CONTENTS)
@pytest.mark.parametrize("escaped", [True, False])
def test_content_arrives_as_it_was(pair, room, content, escaped):
    ann, bob = pair
    ann.send(json.dumps({"type": "message", "room": room, "content": content},
                        ensure_ascii=escaped))
    assert bob.receive()["content"] == content


@pytest.mark.parametrize("data", [
    "{}", "[]", "null", "true", '"text"', "0", "-0.0", "1.0", "1e5", "1E+5", "12345678901234567890",
    "0.1000000000000000055511151231257827", '"\\u00e9\\/"', '{"a":[1,{"b":[]}],"a":2}',
    '{"type":"leave","room":"other","id":1}', "[[[[[[[[]]]]]]]]", '"\\ud834\\udd1e"',
])
def test_data_is_passed_on_byte_for_byte(pair, room, data):
    ann, bob = pair
    ann.send(f'{{"data":{data},"type":"message","room":"{room}","content":"c"}}')
    message = bob.receive_message()
    assert data in message
    assert json.loads(message)["data"] == json.loads(data)
    assert json.loads(message)["type"] == "message"


def test_a_message_without_data_has_none(pair, room):
    ann, bob = pair
    ann.say(type="message", room=room, content="c")
    assert "data" not in bob.receive()


def test_half_a_surrogate_pair_harms_nobody(pair, room):
    """What is no text in JSON (RFC 8259 section 8.2) is refused, or arrives as valid UTF-8."""
    ann, bob = pair
    ann.send(f'{{"type":"message","room":"{room}","content":"\\ud800"}}')
    assert ann.receive()["type"] in ("error", "message")
    ann.say(type="message", room=room, content="still here")
    while bob.receive()["content"] != "still here":
        pass


def test_bad_utf8_reaches_nobody(gate, visit, room):
    ann, bad = visit("ann"), RawClient(gate)
    enter(ann, room)
    bad.upgrade(f"/ws/{room}")
    bad.response()
    assert ann.receive()["type"] == "join"
    bad.frame(TEXT, b'{"type":"message","room":"%s","content":"\xff"}' % room.encode())
    assert bad.closing_code() == 1007
    assert ann.receive()["type"] == "leave"
    assert ann.waiting() == []


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
    assert is_now(pong.pop("timestamp"))
    assert pong == {"type": "pong"}


BAD_MESSAGES = {
    "": "invalid_message", "{": "invalid_message", "[]": "invalid_message",
    '"ping"': "invalid_message", "null": "invalid_message", "1": "invalid_message",
    "{}": "invalid_message", '{"room":"r"}': "invalid_message", '{"type":1}': "invalid_message",
    '{"type":null}': "invalid_message", '{"type":"ping"': "invalid_message",
    '{"type":"ping"}}': "invalid_message", "{'type':'ping'}": "invalid_message",
    '{"type":"\x01"}': "invalid_message", "[" * 300: "invalid_message",
    '{"type":"ping","a":' + "[" * 200 + "]" * 200 + "}": "invalid_message",
    '{"type":"dance"}': "unsupported_type", '{"type":""}': "unsupported_type",
    '{"type":"PING"}': "unsupported_type", '{"type":"join "}': "unsupported_type",
    '{"type":"join"}': "invalid_message", '{"type":"join","room":7}': "invalid_message",
    '{"type":"join","room":""}': "invalid_message",
    '{"type":"join","room":"a/b"}': "invalid_message",
    '{"type":"join","room":"a\\u0000b"}': "invalid_message",
    '{"type":"join","room":"a\\u007fb"}': "invalid_message",
    '{"type":"join","room":"%s"}' % ("x" * 65): "invalid_message",
    '{"type":"join","room":"%s"}' % ("€" * 22): "invalid_message",
    '{"type":"join","room":"r","since":"x"}': "invalid_message",
    '{"type":"join","room":"r","since":1.5}': "invalid_message",
    '{"type":"leave","room":"nowhere"}': "not_a_member",
    '{"type":"message","room":"nowhere","content":"x"}': "not_a_member",
} | {'{"type":"join","room":"%s"}' % name: "invalid_message" for name in RESERVED}


@pytest.mark.parametrize("text", BAD_MESSAGES)
def test_bad_message(visit, text):
    """It gets an error with this code, and the connection stays as it was."""
    ann = visit("ann")
    ann.send(text)
    assert code(ann.receive()) == BAD_MESSAGES[text]
    assert ann.waiting() == []


@pytest.mark.parametrize("content", ["5", "null", "{}", "[]", "true"])
def test_content_is_text(pair, room, content):
    ann, bob = pair
    ann.send(f'{{"type":"message","room":"{room}","content":{content}}}')
    assert code(ann.receive()) == "invalid_message"
    assert bob.waiting() == []


def test_binary_is_not_taken(visit):
    ann = visit("ann")
    ann.send(b'{"type":"ping"}')
    assert ann.closing_code() == 1003


def test_message_too_large(pair, room):
    ann, bob = pair
    ann.say(type="message", room=room, content="x" * 512)
    assert ann.closing_code() == 1009
    assert bob.receive()["type"] == "leave"


GOOD_NAMES = ["a", "ä€𝄞", "x" * 64, "€" * 21 + "x", "a b", "...", "a%b", "a+b", "realtime2", "?",
              "#"]


@pytest.mark.parametrize("name", GOOD_NAMES)
@pytest.mark.parametrize("door", ["/ws/", "/ws/auth/"])
def test_name_in_the_path(visit, name, door):
    ann = visit("ann", path=door + quote(name, safe=""))
    assert ann.receive()["room"] == name
    assert ann.receive()["type"] == "user_list"
    ann.say(type="join", room=name)
    assert ann.waiting() == []


BAD_NAMES = ["x" * 65, quote("€" * 22), "%00", "a%0Ab", "%7f", "a%2fb", "%ff", "%ed%a0%80", "%zz",
             "%c3"]


@pytest.mark.parametrize("name", BAD_NAMES)
@pytest.mark.parametrize("door", ["/ws/", "/ws/auth/"])
def test_bad_name_in_the_path(gate, name, door):
    raw = RawClient(gate)
    raw.upgrade(door + name, Authorization=f"Bearer {token()}")
    check_error(raw.response(), 400)
    raw.close()


@pytest.mark.parametrize("name", RESERVED)
def test_reserved_name_in_the_path(gate, name):
    raw = RawClient(gate)
    raw.upgrade(f"/ws/auth/{name}", Authorization=f"Bearer {token()}")
    check_error(raw.response(), 400)
    raw.close()


@pytest.mark.parametrize("path", ["/ws/a/b", "/ws/auth/a/b", "/ws/a/"])
def test_no_such_path(gate, path):
    raw = RawClient(gate)
    raw.upgrade(path, Authorization=f"Bearer {token()}")
    check_error(raw.response(), 404)
    raw.close()


def test_guests_have_names_of_their_own(gate, connect, room):
    joined = [connect(gate, f"/ws/{room}").receive() for _ in range(3)]
    assert all(one["user_id"].startswith("anon-") and one["user_id"][5:].isdigit()
               for one in joined)
    assert all(one["username"].startswith("guest-") and one["username"][6:].isdigit()
               for one in joined)
    assert len({one["user_id"] for one in joined}) == len({one["username"] for one in joined}) == 3


@pytest.mark.parametrize("name", ["Ann", "x" * 32, "ä€𝄞", "€" * 10 + "xy", "a b", "\"\\", "a&b"])
def test_name_of_a_guest(gate, connect, room, name):
    guest = connect(gate, f"/ws/{room}?username={quote(name, safe='')}")
    joined = guest.receive()
    assert joined["username"] == name
    assert joined["user_id"].startswith("anon-")
    assert guest.receive()["data"] == [name]


@pytest.mark.parametrize("name", ["", "x" * 33, "%E2%82%AC" * 11, "a%00b", "%0a", "%7f", "%ff"])
def test_bad_name_of_a_guest(gate, room, name):
    raw = RawClient(gate)
    raw.upgrade(f"/ws/{room}?username={name}")
    check_error(raw.response(), 400)
    raw.close()


def test_a_guest_is_no_user(visit, gate, connect, room):
    """A guest who takes the name of a user is another one still."""
    ann = visit("ann")
    enter(ann, room)
    guest = connect(gate, f"/ws/{room}?username=ANN&user_id=ann")
    assert guest.receive()["user_id"] != "ann"
    assert ann.receive()["user_id"] != "ann"


def test_a_token_decides_the_name(gate, connect, room):
    one = connect(gate, f"/ws/{room}?username=Boss", token=token("7", username="Ann"))
    joined = one.receive()
    assert (joined["user_id"], joined["username"]) == ("7", "Ann")


@pytest.mark.parametrize("path", ["/ws/auth", "/ws/auth/lobby"])
def test_the_door_with_a_token(gate, connect, path):
    with pytest.raises(Refused) as refused:
        connect(gate, path)
    assert refused.value.status == 401
    assert connect(gate, path, token=token()).ask(type="ping")


@pytest.mark.parametrize("path", ["/ws", "/ws/lobby", "/ws/auth", "/ws/auth/lobby"])
def test_a_bad_token_is_worse_than_none(gate, connect, path):
    with pytest.raises(Refused) as refused:
        connect(gate, path, token=token(key="another key, as long as it has to be"))
    assert refused.value.status == 401


@pytest.mark.parametrize("path", ["/ws", "/ws/lobby", "/ws/realtime"])
def test_require_auth(start, connect, path):
    server = start(JWT_SECRET=SECRET, WEBSOCKET_REQUIRE_AUTH="true")
    with pytest.raises(Refused) as refused:
        connect(server, path)
    assert refused.value.status == 401
    connect(server, path, token=token())


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


def history(start, length, **settings):
    return start(**UNLIMITED, JWT_SECRET=SECRET, WEBSOCKET_ROOM_HISTORY=length, **settings)


def publish(client, room, count):
    """So many messages, and their ids."""
    return [client.ask(type="message", room=room, content=str(number))["id"]
            for number in range(count)]


def rejoin(client, room, since, by_path=False):
    """(recovered, the ids replayed) of a join that says what came last."""
    if not by_path:
        client.say(type="join", room=room, since=since)
    joined, listed = client.receive(), client.receive()
    assert (joined["type"], listed["type"]) == ("join", "user_list")
    replayed = client.waiting()
    assert all(message["type"] == "message" for message in replayed)
    return joined["data"]["recovered"], [message["id"] for message in replayed]


@pytest.mark.parametrize("by_path", [True, False], ids=["by path", "by message"])
@pytest.mark.parametrize("seen", range(5))
def test_history(start, visit, room, seen, by_path):
    """Five messages are held: what came after `since` is replayed, each once, in order."""
    server = history(start, 5)
    ann = visit("ann", server, f"/ws/{room}")
    ann.until("user_list")
    ids = publish(ann, room, 5)
    since = ids[seen]
    bob = visit("bob", server, f"/ws/{room}?since={since}" if by_path else "/ws")
    assert rejoin(bob, room, since, by_path) == (True, ids[seen + 1:])


def test_history_that_is_too_short(start, visit, room):
    """Ten came, five are held: who saw the fourth missed one, who saw the fifth did not."""
    server = history(start, 5)
    ann = visit("ann", server, f"/ws/{room}")
    ann.until("user_list")
    ids = publish(ann, room, 10)
    for name, seen, recovered in [("a", 0, False), ("b", 3, False), ("c", 4, True), ("d", 8, True)]:
        got, replayed = rejoin(visit(name, server), room, ids[seen])
        assert got == recovered
        if recovered:
            assert replayed == ids[seen + 1:]
        else:
            assert replayed == ids[len(ids) - len(replayed):]


def test_replayed_messages_are_as_they_were(start, visit, room):
    server = history(start, 5)
    ann = visit("ann", server, f"/ws/{room}")
    ann.until("user_list")
    first, *rest = [ann.ask(type="message", room=room, content=f"ä{number}", data={"n": number})
                    for number in range(4)]
    bob = visit("bob", server)
    bob.say(type="join", room=room, since=first["id"])
    bob.until("user_list")
    assert [bob.receive() for _ in rest] == rest


def test_without_since_nothing_is_replayed(start, visit, room):
    server = history(start, 5)
    ann = visit("ann", server, f"/ws/{room}")
    ann.until("user_list")
    publish(ann, room, 3)
    bob = visit("bob", server)
    bob.say(type="join", room=room)
    assert "data" not in bob.receive()
    assert bob.receive()["type"] == "user_list"
    assert bob.waiting() == []


@pytest.mark.parametrize("since", [0, 1, 1 << 53, (1 << 63) - 1])
def test_an_id_that_was_never_given(start, visit, room, since):
    server = history(start, 5)
    ann = visit("ann", server, f"/ws/{room}")
    ann.until("user_list")
    publish(ann, room, 3)
    assert rejoin(visit("bob", server), room, since)[0] is False


@pytest.mark.parametrize("since", ["", "x", "-1", "1.5", "1e3", "9" * 30])
def test_bad_since_in_the_path(gate, room, since):
    raw = RawClient(gate)
    raw.upgrade(f"/ws/{room}?since={since}")
    check_error(raw.response(), 400)
    raw.close()


def test_an_id_from_before_a_restart(start, visit, room):
    first = history(start, 5)
    ann = visit("ann", first, f"/ws/{room}")
    ann.until("user_list")
    old = publish(ann, room, 3)[-1]
    first.stop()
    second = history(start, 5)
    bob = visit("bob", second)
    assert rejoin(bob, room, old)[0] is False
    assert publish(bob, room, 1)[0] > old


def test_a_room_that_was_freed_does_not_pretend(start, visit, room):
    """Its ids may start again; then `recovered` must not hide what was said meanwhile."""
    server = history(start, 10)
    ann = visit("ann", server, f"/ws/{room}")
    ann.until("user_list")
    seen = publish(ann, room, 3)[-1]
    ann.ask(type="leave", room=room)
    bob = visit("bob", server, f"/ws/{room}")
    bob.until("user_list")
    ids = publish(bob, room, 5)
    recovered, replayed = rejoin(ann, room, seen)
    assert not recovered or replayed == ids


def test_history_has_a_size(start, visit, room):
    """Messages of 300 bytes by the hundred in 8 KB: the last ones are held, the first are not."""
    server = history(start, 200, WEBSOCKET_ROOM_HISTORY_SIZE="8k")
    ann = visit("ann", server, f"/ws/{room}")
    ann.until("user_list")
    ids = [ann.ask(type="message", room=room, content="x" * 300)["id"] for _ in range(100)]
    recovered, replayed = rejoin(visit("bob", server), room, ids[0])
    assert recovered is False
    assert 0 < len(replayed) < 40
    assert replayed == ids[len(ids) - len(replayed):]


def test_joining_in_the_middle_of_a_flood(start, visit, room):
    """Replayed and new messages are one sequence: no gap, nothing twice."""
    server = history(start, 1000)
    ann, bob = visit("ann", server, f"/ws/{room}"), visit("bob", server)
    ann.until("user_list")
    since = publish(ann, room, 1)[0]
    for number in range(300):
        ann.say(type="message", room=room, content="x")
        if number == 150:
            bob.say(type="join", room=room, since=since)
    joined, listed = bob.receive(), bob.receive()
    assert (joined["type"], listed["type"]) == ("join", "user_list")
    assert joined["data"] == {"recovered": True}
    assert [bob.receive()["id"] for _ in range(300)] == list(range(since + 1, since + 301))


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
