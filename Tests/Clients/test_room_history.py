"""PROTOCOL section 6: coming back with `since`, and what is told to one who missed something."""

import pytest
from clients import RawClient, check_error
from server import UNLIMITED
from tokens import SECRET


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
    # What finds no room at once comes when the outbox is empty, perhaps behind a pong.
    replayed = []
    while more := client.waiting():
        replayed += more
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
    """Messages of 300 bytes by the hundred in 16 KB: the last ones are held, the first are not."""
    server = history(start, 200, WEBSOCKET_ROOM_HISTORY_SIZE="16k")
    ann = visit("ann", server, f"/ws/{room}")
    ann.until("user_list")
    ids = [ann.ask(type="message", room=room, content="x" * 300)["id"] for _ in range(100)]
    recovered, replayed = rejoin(visit("bob", server), room, ids[0])
    assert recovered is False
    assert 0 < len(replayed) < 56
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
