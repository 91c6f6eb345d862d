"""Node's built-in WebSocket and the package `ws` talk to every endpoint."""

import json
import os
import pathlib
import re
import subprocess

import pytest
from server import UNLIMITED, Server
from tokens import SECRET, token

TALK = pathlib.Path(__file__).with_name("talk.mjs")
SAMPLE = json.dumps({"accel_x": 0, "accel_y": 0, "accel_z": 9.8,
                     "gyro_x": 0, "gyro_y": 0, "gyro_z": 0})
PING = '{"type":"ping"}'

# path: (what is sent, the types of what comes).
ENDPOINTS = {
    "/ws/realtime": ([SAMPLE, '{"action":"stop"}'],
                     ["session_started", "step_detection", "stop_response"]),
    "/api/ws": (['{"type":"emotion_update","emotion":"happy"}', PING],
                ["connection_established", "emotion_update", "pong"]),
    "/ws": ([PING], ["pong"]),
    "/ws/lobby": (['{"type":"message","room":"lobby","content":"ä€𝄞"}', PING],
                  ["join", "user_list", "message", "pong"]),
    "/ws/auth": (['{"type":"join","room":"r"}'], ["join", "user_list"]),
    "/ws/auth/%C3%A4": ([PING], ["join", "user_list", "pong"]),
    "/api/v1/ws/{}": (['{"type":"subscribe","data":{"events":["upload","analysis"]}}', PING],
                      ["connection", "subscribed", "pong"]),
    "/ws?connection_type=general": (
        [PING, '{"type":"echo","message":"Hello WebSocket!"}',
         '{"type":"join_room","room":"room1"}',
         '{"type":"broadcast_to_room","room":"room1","message":"Hello everyone in room1!"}'],
        ["connection_established", "pong", "echo", "room_joined", "room_message"]),
    "/ws?connection_type=notifications": ([PING], ["connection_established", "pong"]),
    "/ws?connection_type=test-session&room=exam": (
        ['{"type":"get_session_status"}'],
        ["connection_established", "test_session_ready", "session_status"]),
    "/ws?connection_type=chat&room=general": (
        ['{"type":"typing"}', '{"type":"send_message","message":"ä€𝄞"}', PING],
        ["connection_established", "chat_message", "pong"]),
}


def node(kind, talks):
    """What each of these connections heard."""
    flags = ["--experimental-websocket", "--no-warnings"] if kind == "builtin" else []
    ended = subprocess.run(
        ["node", *flags, str(TALK), kind, json.dumps(talks)], capture_output=True, text=True,
        env=os.environ | {"NODE_PATH": "/usr/share/nodejs"}, timeout=30, check=False)
    assert ended.returncode == 0, ended.stderr
    return [json.loads(line) for line in ended.stdout.splitlines()]


@pytest.fixture(scope="module", name="own")
def own_server():
    """Its users' emotions are not known yet, its rooms are empty."""
    with Server(**UNLIMITED, JWT_SECRET=SECRET) as running:
        yield running


# Debian's own Node 18 has no WebSocket built in yet.
MAJOR = int(re.search(r"\d+", subprocess.check_output(["node", "--version"], text=True))[0])


@pytest.fixture(params=["builtin", "ws"] if MAJOR >= 20 else ["ws"], name="kind")
def node_client(request):
    return request.param


@pytest.mark.parametrize("path", ENDPOINTS)
def test_endpoint(own, kind, path):
    """With the token by subprotocol, all that a browser's WebSocket can do."""
    sent, types = ENDPOINTS[path]
    one = token(f"user-of-{kind}")
    url = own.url(path.format(f"user-of-{kind}"))
    heard, = node(kind, [{"url": url, "protocols": ["bearer", one], "send": sent,
                          "receive": 0 if "stop_response" in types else len(types)}])
    messages = [json.loads(text) for text in heard["messages"]]
    assert [message["type"] for message in messages] == types
    assert (heard["protocol"], heard["code"]) == ("bearer", 1000)
    if "message" in types:
        assert messages[2]["content"] == "ä€𝄞"
    if "chat_message" in types:
        assert messages[1]["message"] == "ä€𝄞"


def test_echo(server, kind):
    texts = ["", "a" * 512, "ä€𝄞\0"]
    heard, = node(kind, [{"url": server.url("/echo"), "send": texts, "receive": 3}])
    assert (heard["messages"], heard["code"], heard["protocol"]) == (texts, 1000, "")


def test_refusals(own, kind):
    """A connection that is refused is no open one: 1006, nothing heard."""
    talks = [{"url": own.url(path), "protocols": protocols, "receive": 1}
             for path, protocols in [("/api/ws", []), ("/api/ws", ["bearer", "nonsense"]),
                                     ("/ws/auth", []), ("/nothing", []),
                                     ("/api/ws?token=nonsense", []),
                                     ("/ws?connection_type=general", []),
                                     ("/ws?connection_type=chat", ["bearer", token()]),
                                     ("/api/v1/ws/7", ["bearer", token("8")])]]
    assert [(one["code"], one["messages"]) for one in node(kind, talks)] == [(1006, [])] * 8


def test_closing_codes(own, kind):
    """What a client is told about its end arrives as such."""
    talks = [{"url": own.url("/ws"), "send": ["x" * 600], "receive": 9},
             {"url": own.url("/ws/realtime"), "send": ['{"action":"stop"}'], "receive": 9}]
    assert [one["code"] for one in node(kind, talks)] == [1009, 1000]


def test_header(own):
    """`ws` can set header fields."""
    heard, = node("ws", [{"url": own.url("/api/ws"), "receive": 1,
                          "headers": {"Authorization": f"Bearer {token('7')}"}}])
    assert json.loads(heard["messages"][0])["user_id"] == "7"
