"""PROTOCOL section 7: what a user is told while connected, and what a client may ask."""

import json
import re
import time
from datetime import datetime, timezone

import pytest
from clients import Refused, http_request
from helpers import NOTE, note, progress, publish
from tokens import ADMIN, PROCTOR, SERVICE, token

WHOLE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def is_now(stamp):
    """ISO 8601 UTC, whole seconds."""
    assert WHOLE.fullmatch(stamp), stamp
    when = datetime.strptime(stamp, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc)
    return abs(when.timestamp() - time.time()) < 60


def is_refusal(answer):
    """An error of this family, whose every member is as it should be."""
    assert set(answer) == {"type", "data", "timestamp"} and is_now(answer["timestamp"])
    assert set(answer["data"]) == {"message"}
    return answer["type"] == "error" and isinstance(answer["data"]["message"], str)


def events_in_force(answer):
    assert set(answer) == {"type", "data", "timestamp"} and set(answer["data"]) == {"events"}
    assert is_now(answer["timestamp"])
    assert len(set(answer["data"]["events"])) == len(answer["data"]["events"])
    return answer["type"], set(answer["data"]["events"])


@pytest.mark.parametrize("subject, shown", [
    ("1", 1), ("0", 0), ("4711", 4711), ("ada", "ada"), ("ä€", "ä€"), ("x" * 64, "x" * 64),
    ("1.5", "1.5"), ("1e3", "1e3"), ("0x1", "0x1"), ("007", "007"),
])
def test_connection(follow, subject, shown):
    """The greeting as documented: a decimal integer is a number."""
    greeting = follow(subject).greeting
    assert is_now(greeting.pop("timestamp"))
    assert greeting == {"type": "connection", "data": {
        "status": "connected", "user_id": shown,
        "message": "WebSocket connection established"}}
    assert type(greeting["data"]["user_id"]) is type(shown)


DOCUMENTED = {
    "upload_progress": {"audio_id": 1, "progress": 65.5, "status": "Uploading..."},
    "analysis_status": {"audio_id": 1, "status": "processing", "progress": 45.0},
    "notification": NOTE,
}


@pytest.mark.parametrize("kind", DOCUMENTED)
def test_event(gate, follow, user, kind):
    """Each message as the document shows it, with its id, once."""
    client = follow(user)
    answer = publish(gate, user, kind, DOCUMENTED[kind])
    message = client.receive()
    assert is_now(message.pop("timestamp"))
    assert message == {"type": kind, "data": DOCUMENTED[kind], "id": answer["id"]}
    assert client.waiting() == []


@pytest.mark.parametrize("data", [
    '{"audio_id":1,"progress":65.50,"status":"Uploading..."}',
    '{ "audio_id" : "a\\u00e4\\/" ,\t"progress":1e1,"status":"" , "more":[null,{"x":-0.0}] }',
    '{"status":"ä€𝄞","progress":0,"audio_id":9007199254740993}',
])
def test_data_is_passed_on_byte_for_byte(gate, follow, user, data):
    client = follow(user)
    body = '{"data":%s, "type":"upload_progress","more":1}' % data
    path = f"POST /api/v1/users/{user}/events"
    assert http_request(gate, path, body.encode(), SERVICE)[0] == 202
    assert f'"data":{data}' in client.receive_message()


def test_every_connection_of_the_user_and_nobody_elses(gate, follow, user):
    devices, other = [follow(user) for _ in range(3)], follow(user + "0")
    answer = publish(gate, user)
    assert answer == {"id": answer["id"], "delivered": 3, "queued": False}
    assert len({json.dumps(device.receive()) for device in devices}) == 1
    assert other.waiting() == devices[0].waiting() == []


def test_ids_grow_by_one_for_each_user(gate, follow, user):
    one, other = follow(user), follow(user + "0")
    ids = {user: [], user + "0": []}
    for number in range(12):
        whom = (user, user + "0")[number % 3 == 0]
        ids[whom].append(note(gate, whom))
    for those in ids.values():
        assert those == list(range(those[0], those[0] + len(those)))
        assert time.time() - 86400 < those[0] / 1e6 < time.time() + 1
    assert [message["id"] for message in one.waiting()] == ids[user]
    assert [message["id"] for message in other.waiting()] == ids[user + "0"]


def test_a_closed_connection_harms_nobody(gate, follow, user):
    one, other = follow(user), follow(user)
    other.close()
    assert note(gate, user) == one.receive()["id"]


def test_ping(follow, user):
    pong = follow(user).ask(type="ping")
    assert is_now(pong.pop("timestamp"))
    assert pong == {"type": "pong"}


# Which events.

KINDS = {"upload": "upload_progress", "analysis": "analysis_status",
         "notification": "notification"}


def tell_all(server, user):
    return [publish(server, user, kind, data)["delivered"] for kind, data in DOCUMENTED.items()]


def heard(client):
    return [message["type"] for message in client.waiting()]


def test_all_are_on_before_the_first_subscribe(gate, follow, user):
    client = follow(user)
    assert tell_all(gate, user) == [1, 1, 1]
    assert heard(client) == list(DOCUMENTED)


def test_subscribe(gate, follow, user):
    """As documented: only those that were asked for; a second one adds to them."""
    client = follow(user)
    answer = client.ask(type="subscribe", data={"events": ["upload", "analysis"]})
    assert events_in_force(answer) == ("subscribed", {"upload", "analysis"})
    assert tell_all(gate, user) == [1, 1, 0]
    assert heard(client) == ["upload_progress", "analysis_status"]
    answer = client.ask(type="subscribe", data={"events": ["notification"]})
    assert events_in_force(answer) == ("subscribed", set(KINDS))
    assert tell_all(gate, user) == [1, 1, 1]
    assert heard(client) == list(DOCUMENTED)


@pytest.mark.parametrize("name", KINDS)
def test_unsubscribe(gate, follow, user, name):
    client = follow(user)
    answer = client.ask(type="unsubscribe", data={"events": [name]})
    assert events_in_force(answer) == ("unsubscribed", set(KINDS) - {name})
    tell_all(gate, user)
    assert heard(client) == [kind for kind in DOCUMENTED if kind != KINDS[name]]
    answer = client.ask(type="unsubscribe", data={"events": list(KINDS)})
    assert events_in_force(answer) == ("unsubscribed", set())
    assert tell_all(gate, user) == [0, 0, 0]
    assert heard(client) == []


def test_subscriptions_are_of_a_connection(gate, follow, user):
    one, other = follow(user), follow(user)
    one.ask(type="subscribe", data={"events": ["upload"]})
    assert tell_all(gate, user) == [2, 1, 1]
    assert (heard(one), heard(other)) == (["upload_progress"], list(DOCUMENTED))
    one.close()
    again = follow(user)
    tell_all(gate, user)
    assert heard(again) == list(DOCUMENTED)


def test_what_nobody_subscribed_to_is_queued(gate, follow, user):
    """It waits for a connection that takes it."""
    client = follow(user)
    client.ask(type="subscribe", data={"events": ["upload"]})
    answer = publish(gate, user)
    assert (answer["delivered"], answer["queued"]) == (0, True)
    assert client.waiting() == []
    assert follow(user).receive()["id"] == answer["id"]


BAD_SUBSCRIPTIONS = [
    {}, {"data": None}, {"data": []}, {"data": "upload"}, {"data": {}},
    {"data": {"events": None}}, {"data": {"events": "upload"}}, {"data": {"events": {}}},
    {"data": {"events": ["upload", "dance"]}}, {"data": {"events": ["Upload"]}},
    {"data": {"events": [1]}}, {"data": {"events": [["upload"]]}}, {"data": {"events": [None]}},
    {"data": {"events": ["upload_progress"]}}, {"events": ["upload"]},
]


@pytest.mark.parametrize("kind", ["subscribe", "unsubscribe"])
@pytest.mark.parametrize("message", BAD_SUBSCRIPTIONS, ids=json.dumps)
def test_bad_subscription(follow, user, kind, message):
    """It changes nothing, not even in part."""
    client = follow(user)
    client.ask(type="subscribe", data={"events": ["analysis", "notification"]})
    assert is_refusal(client.ask(type=kind, **message))
    answer = client.ask(type="unsubscribe", data={"events": ["notification"]})
    assert events_in_force(answer) == ("unsubscribed", {"analysis"})


@pytest.mark.parametrize("text", [
    "", "{", "[]", "1", "null", '"ping"', "{}", '{"data":{}}', '{"type":1}', '{"type":null}',
    '{"type":"dance"}', '{"type":"ping"', "{'type':'ping'}", "[" * 300, '{"type":"connection"}',
    '{"type":"upload_progress","data":{"audio_id":1,"progress":1,"status":"x"}}',
    '{"type":"notification","data":{"title":"x","message":"x","level":"x"}}',
])
def test_bad_message(follow, user, text):
    """An error, the connection stays, and nobody hears of it: a client publishes nothing."""
    client, other = follow(user), follow(user)
    client.send(text)
    assert is_refusal(client.receive())
    assert client.waiting() == other.waiting() == []


# Who may listen.

@pytest.mark.parametrize("by, status", [
    (None, 401), ("nonsense", 401), (token("7", exp=1), 401), (token("8"), 403),
    (SERVICE, 403), (PROCTOR, 403), (token("77"), 403),
])
def test_who_may_not(gate, connect, by, status):
    with pytest.raises(Refused) as refused:
        connect(gate, "/api/v1/ws/7", token=by)
    assert refused.value.status == status


def test_an_admin_may_listen_to_anybody(gate, follow, user):
    mine, admins = follow(user), follow(user, token=ADMIN)
    assert str(admins.greeting["data"]["user_id"]) == user
    assert publish(gate, user)["delivered"] == 2
    assert mine.receive() == admins.receive()


@pytest.mark.parametrize("name", ["x" * 65, "a%00", "a%2Fb", "%ff", "a%0Ab", "%zz"])
def test_bad_user_id(gate, connect, name):
    with pytest.raises(Refused) as refused:
        connect(gate, f"/api/v1/ws/{name}", token=ADMIN)
    assert refused.value.status == 400


def test_the_documented_address(gate, connect, user):
    """The token by parameter, as in the document's examples."""
    client = connect(gate, f"/api/v1/ws/{user}?token={token(user)}")
    assert client.receive()["type"] == "connection"
    assert client.ask(type="ping")["type"] == "pong"


def test_many_users_at_once(own, follow):
    """Each gets what is theirs, in order, while all are told of something."""
    clients = {f"user-{number}": follow(f"user-{number}", own) for number in range(30)}
    ids = {name: [] for name in clients}
    for number in range(90):
        name = f"user-{number % 30}"
        ids[name].append(progress(own, name, number, 50))
    for name, client in clients.items():
        assert [message["id"] for message in client.waiting()] == ids[name]
