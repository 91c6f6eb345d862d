"""PROTOCOL section 6: names of rooms and people, and who may come in."""

from urllib.parse import quote

import pytest
from clients import RawClient, Refused, check_error
from helpers import RESERVED, enter
from tokens import SECRET, token

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
def test_more_than_a_name_in_the_path(gate, path):
    raw = RawClient(gate)
    raw.upgrade(path, Authorization=f"Bearer {token()}")
    response = raw.response()
    check_error(response, 404 if response[0] == 404 else 400)
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
