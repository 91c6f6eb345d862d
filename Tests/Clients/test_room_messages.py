"""PROTOCOL section 6: what arrives as it was, and what is refused."""

import json

import pytest
from clients import RawClient
from helpers import RESERVED, code, enter

TEXT = 1

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
