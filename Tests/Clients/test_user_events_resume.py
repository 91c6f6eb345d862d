"""PROTOCOL section 7: events that wait for a user, and clients that come back for the rest."""

import calendar
import time

import pytest
from clients import RawClient, Refused
from helpers import BRIEF, NOTE, QUICK, note, progress, publish
from tokens import token


def ids(messages):
    return [message["id"] for message in messages]


def resumed(client):
    """What the greeting says; a client that did not ask is not told."""
    assert set(client.greeting["data"]) - {"resumed"} == {"status", "user_id", "message"}
    return client.greeting["data"].get("resumed")


# What waits for a user who is away.

def test_events_wait_in_order(gate, follow, user):
    sent = [progress(gate, user, 1, 10), note(gate, user), progress(gate, user, 2, 20)]
    client = follow(user)
    messages = client.waiting()
    assert ids(messages) == sent == list(range(sent[0], sent[0] + 3))
    assert [message["type"] for message in messages] == [
        "upload_progress", "notification", "upload_progress"]
    assert messages[1]["data"] == NOTE | {"message": "m"}
    assert resumed(client) is None


def test_what_waited_is_delivered_once(gate, follow, user):
    note(gate, user)
    first = follow(user)
    assert len(first.waiting()) == 1
    second = follow(user)
    assert second.waiting() == []
    first.close()
    second.close()
    assert follow(user).waiting() == []


def test_what_one_device_got_does_not_wait_for_another(gate, follow, user):
    one = follow(user)
    note(gate, user)
    one.close()
    assert follow(user).waiting() == []


def test_the_timestamp_is_that_of_publishing(gate, follow, user):
    note(gate, user)
    began = time.time()
    time.sleep(2.1)
    message = follow(user).receive()
    stamp = time.strptime(message["timestamp"], "%Y-%m-%dT%H:%M:%SZ")
    assert abs(calendar.timegm(stamp) - began) < 2


def test_the_same_text_again(gate, follow, user):
    """What is replayed is what was delivered, to the byte."""
    client = follow(user)
    first = note(gate, user)
    text = client.receive_message()
    assert follow(user, last=first - 1).receive_message() == text


def test_progress_is_replaced(gate, follow, user):
    """Only the newest of each upload waits; nothing else is replaced."""
    first = progress(gate, user, 1, 10)
    sent = [note(gate, user), progress(gate, user, "1", 5), progress(gate, user, 2, 5)]
    for percent in (50, 100):
        publish(gate, user, "analysis_status",
                {"audio_id": 2, "status": "processing", "progress": percent})
    sent += [sent[-1] + 1, sent[-1] + 2, progress(gate, user, 1, 30), note(gate, user)]
    client = follow(user, last=first - 1)
    messages = client.waiting()
    assert ids(messages) == sent
    assert messages[-2]["data"] == {"audio_id": 1, "progress": 30, "status": "Uploading..."}
    assert resumed(client) is True


def test_the_oldest_goes_first(start, follow, user):
    server = start(**QUICK, USER_QUEUE_LENGTH=3)
    sent = [note(server, user) for _ in range(6)]
    other = note(server, user + "0")
    kept = follow(user, server)
    assert ids(kept.waiting()) == sent[3:]
    for last, whole in [(sent[0] - 1, False), (sent[0], False), (sent[1], False),
                        (sent[2], True), (sent[4], True), (sent[5], True)]:
        client = follow(user, server, last=last)
        assert resumed(client) is whole, last - sent[0]
        assert ids(client.waiting()) == [one for one in sent[3:] if one > last]
    assert ids(follow(user + "0", server).waiting()) == [other]


def test_delivered_ones_count_for_the_length(start, follow, user):
    server = start(**QUICK, USER_QUEUE_LENGTH=2)
    client = follow(user, server)
    sent = [note(server, user) for _ in range(5)]
    assert ids(client.waiting()) == sent
    client.close()
    again = follow(user, server, last=sent[0])
    assert (resumed(again), ids(again.waiting())) == (False, sent[3:])


def test_replaced_progress_makes_room(start, follow, user):
    server = start(**QUICK, USER_QUEUE_LENGTH=2)
    kept = note(server, user)
    last = [progress(server, user, 1, percent) for percent in range(10)][-1]
    assert ids(follow(user, server).waiting()) == [kept, last]


def test_time_to_live(start, follow, user):
    server = start(**QUICK, USER_QUEUE_TTL="2s")
    old = [note(server, user) for _ in range(2)]
    time.sleep(1.2)
    new = note(server, user)
    time.sleep(1.2)
    client = follow(user, server, last=old[0])
    assert (resumed(client), ids(client.waiting())) == (False, [new])
    client = follow(user, server, last=old[1])
    assert (resumed(client), ids(client.waiting())) == (True, [new])
    time.sleep(1.2)
    client = follow(user, server, last=old[1])
    assert (resumed(client), client.waiting()) == (False, [])
    assert note(server, user) == new + 1 == client.receive()["id"]


def test_all_users_together_are_bounded(start, follow):
    """Within USER_QUEUE_SIZE somebody's oldest go, and who has lost some is told so."""
    server = start(**QUICK, USER_QUEUE_SIZE="64k", USER_QUEUE_LENGTH=1000)
    sent = {name: [] for name in ("ann", "bob")}
    for number in range(60):
        name = ("ann", "bob")[number % 2]
        sent[name].append(publish(server, name, data=NOTE | {"message": "x" * 2000})["id"])
    held = 0
    for name, all_ids in sent.items():
        client = follow(name, server, last=all_ids[0] - 1)
        got = ids(client.waiting())
        assert resumed(client) is (got == all_ids)
        assert got == (all_ids[-len(got):] if got else [])
        held += len(got)
    assert 1 <= held <= 32


# Coming back.

def test_what_came_since(gate, follow, user):
    client = follow(user)
    sent = [note(gate, user) for _ in range(4)]
    client.waiting()
    client.close()
    sent.append(note(gate, user))
    again = follow(user, last=sent[1])
    assert (resumed(again), ids(again.waiting())) == (True, sent[2:])
    assert note(gate, user) == again.receive()["id"]


def test_twice_in_a_row(gate, follow, user):
    """One who lost the answer asks again, and gets the same: each once a connection."""
    sent = [note(gate, user) for _ in range(3)]
    for _ in range(3):
        again = follow(user, last=sent[0])
        assert (resumed(again), ids(again.waiting())) == (True, sent[1:])
        again.close()


def test_nothing_received_yet(gate, follow, user):
    """0: all that is held, also what another device got."""
    other = follow(user)
    sent = [note(gate, user) for _ in range(3)]
    other.waiting()
    client = follow(user, last=0)
    assert (resumed(client), ids(client.waiting())) == (True, sent)


def test_nothing_was_ever_published(gate, follow, user):
    client = follow(user, last=0)
    assert (resumed(client), client.waiting()) == (True, [])
    assert note(gate, user) == client.receive()["id"]


def test_nothing_came_since(gate, follow, user):
    last = note(gate, user)
    client = follow(user, last=last)
    assert (resumed(client), client.waiting()) == (True, [])


def test_the_old_socket_is_still_open(gate, follow, user):
    """It hears nothing twice; what comes now reaches both."""
    old = follow(user)
    sent = [note(gate, user) for _ in range(3)]
    new = follow(user, last=sent[0])
    assert (resumed(new), ids(new.waiting())) == (True, sent[1:])
    assert ids(old.waiting()) == sent
    answer = publish(gate, user)
    assert (answer["delivered"], answer["queued"]) == (2, False)
    assert old.receive() == new.receive()
    assert old.waiting() == new.waiting() == []


def test_a_half_open_socket(gate, follow, user):
    """Its client is gone and the server does not know yet: nothing is lost by it."""
    raw = RawClient(gate)
    raw.upgrade(f"/api/v1/ws/{user}", Authorization=f"Bearer {token(user)}")
    assert raw.response()[0] == 101 and b'"connection"' in raw.read_frame()[1]
    last = note(gate, user) - 1
    sent = [last + 1] + [note(gate, user) for _ in range(3)]
    client = follow(user, last=last)
    assert (resumed(client), ids(client.waiting())) == (True, sent)
    raw.close()


def test_without_last_event_id_only_what_nobody_got(gate, follow, user):
    client = follow(user)
    got = note(gate, user)
    assert client.receive()["id"] == got
    client.ask(type="unsubscribe", data={"events": ["notification"]})
    missed = note(gate, user)
    assert ids(follow(user).waiting()) == [missed]


def test_events_while_many_come_back(own, follow, user):
    """Every one of them gets each event once, in order, whenever it came."""
    first = note(own, user)
    clients, sent = [], [first]
    for _ in range(10):
        clients.append(follow(user, own, last=first - 1))
        sent.append(note(own, user))
    for client in clients:
        assert ids(client.waiting()) == sent


@pytest.mark.parametrize("last", ["", "x", "-1", "1.5", "1e3", "0x10", "%201", "1%20", "1,2", "+1",
                                  "null", "%00", "1" * 100])
def test_bad_last_event_id(gate, connect, last):
    with pytest.raises(Refused) as refused:
        connect(gate, f"/api/v1/ws/7?last_event_id={last}", token=token("7"))
    assert refused.value.status == 400


# A restart.

def test_a_restart(start, follow, user, tmp_path):
    """With persistence: what was queued and what was delivered are both held, ids go on."""
    first = start(**BRIEF, STATE_DIRECTORY=tmp_path)
    client = follow(user, first)
    sent = [note(first, user), progress(first, user, 1, 10)]
    client.waiting()
    client.close()
    first_of_queue = note(first, user)
    sent += [first_of_queue, progress(first, user, 1, 90)]
    del sent[1]  # replaced
    first.stop()
    second = start(**BRIEF, STATE_DIRECTORY=tmp_path)
    again = follow(user, second, last=sent[0])
    assert (resumed(again), ids(again.waiting())) == (True, sent[1:])
    assert note(second, user) > sent[-1]
    all_held = follow(user, second, last=0)
    assert ids(all_held.waiting())[:3] == sent


def test_what_waited_before_a_restart_is_delivered_once(start, follow, user, tmp_path):
    first = start(**BRIEF, STATE_DIRECTORY=tmp_path)
    sent = [note(first, user) for _ in range(3)]
    first.stop()
    second = start(**BRIEF, STATE_DIRECTORY=tmp_path)
    assert ids(follow(user, second).waiting()) == sent
    second.stop()
    third = start(**BRIEF, STATE_DIRECTORY=tmp_path)
    assert follow(user, third).waiting() == []
    assert ids(follow(user, third, last=sent[0]).waiting()) == sent[1:]


def test_what_was_lost_before_a_restart_stays_lost(start, follow, user, tmp_path):
    settings = BRIEF | {"STATE_DIRECTORY": tmp_path, "USER_QUEUE_LENGTH": 2}
    first = start(**settings)
    sent = [note(first, user) for _ in range(4)]
    first.stop()
    second = start(**settings)
    for last, whole in [(sent[0], False), (sent[1], True)]:
        client = follow(user, second, last=last)
        assert (resumed(client), ids(client.waiting())) == (whole, sent[2:])


def test_a_restart_without_persistence(start, follow, user, tmp_path):
    """An id from before is known for what it is, and none is used again."""
    settings = BRIEF | {"STATE_DIRECTORY": tmp_path, "PERSIST_ENABLED": "false"}
    first = start(**settings)
    sent = [note(first, user) for _ in range(3)]
    first.stop()
    second = start(**settings)
    client = follow(user, second, last=sent[0])
    assert (resumed(client), client.waiting()) == (False, [])
    new = note(second, user)
    assert new > sent[-1]
    assert client.receive()["id"] == new
    again = follow(user, second, last=sent[-1])
    assert (resumed(again), ids(again.waiting())) == (False, [new])
    assert resumed(follow(user, second, last=new)) is True
