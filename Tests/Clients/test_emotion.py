"""PROTOCOL section 5: one user's emotion, on all of that user's devices and on no other's."""

import json
import time

import pytest
from clients import RawClient, Refused
from helpers import is_now_in_text
from server import UNLIMITED
from tokens import SECRET, token

TEXT = 1


@pytest.fixture(name="device")
def device_opener(gate, connect):
    """Opens devices of a user whose greeting has been read."""
    def device(user, server=gate):
        one = connect(server, "/api/ws", token=token(user))
        one.established = one.receive()
        return one
    return device


def test_connection_established(device, user):
    established = device(user).established
    assert is_now_in_text(established.pop("timestamp"))
    assert established == {
        "type": "connection_established", "user_id": user,
        "message": "Connected to emotion detection WebSocket server"}


@pytest.mark.parametrize("subject, name", [(123, "123"), ("ä€", "ä€"), ("x" * 64, "x" * 64)])
def test_user_id_is_text(device, subject, name):
    assert device(subject).established["user_id"] == name


@pytest.mark.parametrize("options", [{}, {"token": "nonsense"}, {"token": token(exp=1)}])
def test_a_token_is_needed(gate, connect, options):
    with pytest.raises(Refused) as refused:
        connect(gate, "/api/ws", **options)
    assert refused.value.status == 401


def test_an_unknown_emotion_is_not_sent(device, user):
    assert device(user).waiting() == []


def test_update_reaches_every_device(device, user):
    devices = [device(user) for _ in range(5)]
    devices[2].say(type="emotion_update", emotion="happy", timestamp="2023-05-09T14:45:00.000Z")
    updates = [one.receive() for one in devices]
    assert all(update == updates[0] for update in updates)
    assert is_now_in_text(updates[0].pop("timestamp"))
    assert updates[0] == {"type": "emotion_update", "user_id": user, "emotion": "happy"}


def test_update_reaches_no_other_user(device, user):
    one, other = device(user), device(user + "0")
    one.ask(type="emotion_update", emotion="sad")
    one.ask(type="emotion_update", emotion="sad", user_id=user + "0")
    assert other.waiting() == []
    assert device(user + "0").waiting() == []


def test_a_late_device_gets_the_last_with_its_own_timestamp(device, user):
    early = device(user)
    early.ask(type="emotion_update", emotion="sad")
    last = early.ask(type="emotion_update", emotion="happy")
    time.sleep(0.05)
    late = device(user)
    assert late.receive() == last
    assert late.waiting() == []


def test_the_last_outlives_its_connections(device, user):
    first = device(user)
    last = first.ask(type="emotion_update", emotion="calm")
    first.close()
    assert device(user).receive() == last


def test_a_closed_device_harms_nobody(device, user):
    one, other = device(user), device(user)
    other.close()
    assert one.ask(type="emotion_update", emotion="happy")["emotion"] == "happy"


@pytest.mark.parametrize("emotion", [
    "x", "x" * 64, "€" * 21 + "x", "ä €\n\"\\", "\0", "null"])
def test_emotion_arrives_as_it_was(device, user, emotion):
    one, other = device(user), device(user)
    one.say(type="emotion_update", emotion=emotion)
    assert other.receive()["emotion"] == emotion
    assert device(user).receive()["emotion"] == emotion


def is_error(answer):
    return answer["type"] == "error" and isinstance(answer["message"], str) and answer["message"]


BAD_MESSAGES = [
    "", "{", "[]", "1", "null", '"ping"', "{}", '{"emotion":"happy"}', '{"type":1}',
    '{"type":"dance"}', '{"type":"emotion_update"', "{'type':'ping'}", "[" * 300,
    '{"type":"emotion_update"}', '{"type":"emotion_update","emotion":""}',
    '{"type":"emotion_update","emotion":7}', '{"type":"emotion_update","emotion":null}',
    '{"type":"emotion_update","emotion":["happy"]}',
    '{"type":"emotion_update","emotion":"%s"}' % ("x" * 65),
    '{"type":"emotion_update","emotion":"%s"}' % ("€" * 22),
]


@pytest.mark.parametrize("text", BAD_MESSAGES)
def test_bad_message(device, user, text):
    """An error for the sender, nothing for the others, and the emotion stays as it was."""
    one, other = device(user), device(user)
    last = one.ask(type="emotion_update", emotion="calm")
    assert other.receive() == last
    one.send(text)
    assert is_error(one.receive())
    assert one.waiting() == other.waiting() == []
    assert device(user).receive() == last


def test_malformed_json_has_the_documented_error(device, user):
    one = device(user)
    one.send("{")
    answer = one.receive()
    assert (answer["type"], answer["message"]) == ("error", "Invalid message format")


def test_binary_is_not_taken(device, user):
    one = device(user)
    one.send(b'{"type":"ping"}')
    assert one.closing_code() == 1003


def test_ping(device, user):
    pong = device(user).ask(type="ping", timestamp="2023-05-09T14:40:00.000Z")
    assert is_now_in_text(pong.pop("timestamp"))
    assert pong == {"type": "pong"}


def test_allowed_emotions(start, device, user):
    server = start(**UNLIMITED, JWT_SECRET=SECRET, EMOTION_ALLOWED="happy,sad,très content")
    one, other = device(user, server), device(user, server)
    for emotion in ("happy", "très content", "sad"):
        assert one.ask(type="emotion_update", emotion=emotion)["emotion"] == emotion
        assert other.receive()["emotion"] == emotion
    for emotion in ("angry", "Happy", "happy ", "happy,sad", "hap", ""):
        assert is_error(one.ask(type="emotion_update", emotion=emotion))
    assert other.waiting() == []
    assert device(user, server).receive()["emotion"] == "sad"


def test_over_the_rate(start, device, user):
    """What came too fast gets an error and is not the user's emotion."""
    server = start(JWT_SECRET=SECRET, WEBSOCKET_MESSAGE_RATE=5, WEBSOCKET_BURST=5,
                   WEBSOCKET_RATE_GRACE="30s")
    one = device(user, server)
    for number in range(20):
        one.say(type="emotion_update", emotion=f"e{number}")
    time.sleep(2)
    answers = one.waiting()
    assert len([answer for answer in answers if is_error(answer)]) >= 10
    taken = [answer["emotion"] for answer in answers if answer["type"] == "emotion_update"]
    assert device(user, server).receive()["emotion"] == taken[-1]


def frame(text):
    """A masked text frame below 126 bytes; the masking key of zeros makes it quick to build."""
    return bytes([0x81, 0x80 | len(text)]) + bytes(4) + text


def test_a_slow_device_gets_the_latest(start, user):
    """A device that does not read holds nobody up, stays, and reads a few old ones and the last."""
    server = start(**UNLIMITED, JWT_SECRET=SECRET, WEBSOCKET_WRITE_WAIT="60s")
    slow, quick = RawClient(server, receive_buffer=4096), RawClient(server)
    for client in (slow, quick):
        client.upgrade("/api/ws", Authorization=f"Bearer {token(user)}")
        assert client.response()[0] == 101
        assert b"connection_established" in client.read_frame()[1]
    count, at_once = 60_000, 100
    for low in range(0, count, at_once):
        quick.send(b"".join(frame(b'{"type":"emotion_update","emotion":"e%d"}' % number)
                            for number in range(low, low + at_once)))
        while f'"e{low + at_once - 1}"' not in quick.read_frame()[1].decode():
            pass
    slow.frame(TEXT, b'{"type":"ping"}')
    emotions = []
    while (message := json.loads(slow.read_frame()[1]))["type"] != "pong":
        emotions.append(int(message["emotion"][1:]))
    assert emotions == sorted(set(emotions))
    assert emotions[-1] == count - 1
    assert len(emotions) < count
