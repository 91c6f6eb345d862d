"""PROTOCOL section 2: where a token stands, and that it is written down nowhere."""

from urllib.parse import quote

import pytest
from clients import RawClient, http_request
from helpers import SOURCES, carried, who
from tokens import ADMIN, SECRET, token

NAMED = "https://app.example.org"


@pytest.mark.parametrize("source", SOURCES)
def test_source(gate, source):
    path, headers = carried(source, token("7"))
    assert who(gate, path=path, **headers) == "7"
    path, headers = carried(source, token("7", key="x" * 64))
    assert who(gate, path=path, **headers) == 401


@pytest.mark.parametrize("first, second", [
    (first, second) for n, first in enumerate(SOURCES) for second in SOURCES[n + 1:]])
def test_the_first_source_decides(gate, first, second):
    """Also when its token is bad: a good one elsewhere does not mend it."""
    for one, other, user in [(token("7"), token("8"), "7"), (token("7", key="x" * 64),
                                                            token("8"), 401)]:
        (path, headers), (other_path, more) = carried(first, one), carried(second, other)
        path = path if "?" in path else other_path
        assert who(gate, path=path, **(more | headers)) == user


@pytest.mark.parametrize("value", [
    "Bearer", "Bearer ", "Basic {}", "{}", "Bearer {} x", "Bearer {},{}", "Token {}", "Bearer={}"])
def test_authorization_that_is_none(gate, value):
    raw = RawClient(gate)
    raw.upgrade("/api/ws", Authorization=value.replace("{}", token("7")))
    assert raw.response()[0] in (400, 401)
    raw.close()


def test_the_scheme_in_any_case(gate):
    assert who(gate, Authorization=f"bearer {token('7')}") == "7"
    assert who(gate, Authorization=f"BEARER {token('7')}") == "7"


def test_subprotocol_is_selected(gate, connect):
    client = connect(gate, "/api/ws", protocols=["bearer", token("7")])
    assert client.protocol == "bearer"
    assert client.receive()["user_id"] == "7"


def test_no_subprotocol_is_selected_unasked(gate, connect):
    assert not connect(gate, "/api/ws", token=token("7")).protocol
    assert not connect(gate, "/api/ws", token=token("7"), protocols=["chat"]).protocol


@pytest.mark.parametrize("origins, origin, user", [
    (NAMED, NAMED, "7"), (f"https://other.example,{NAMED}", NAMED, "7"),
    ("*", NAMED, 401), ("*", "http://localhost", "7"), ("*", "http://localhost:8080", 401),
    ("*", "http://localhost.evil.example", 401), ("*", "null", 401),
    ("*", "http://evil.example/localhost", 401),
    (NAMED, "https://evil.example", 403), (NAMED, "http://app.example.org", 403),
])
def test_a_cookie_counts_from_here_or_from_those_named(start, origins, origin, user):
    """Any page can make a browser send a cookie: `*` is not enough."""
    server = start(JWT_SECRET=SECRET, WEBSOCKET_ALLOWED_ORIGINS=origins)
    got = who(server, Cookie=f"token={token('7')}", Origin=origin)
    assert got == user or (user, got) == (401, 403)


@pytest.mark.parametrize("cookie", ["Token={}", "xtoken={}", "a=token={}", "token ={}x", "token="])
def test_cookie_of_another_name(gate, cookie):
    assert who(gate, Cookie=cookie.replace("{}", token("7")), Origin="http://localhost") == 401


def test_a_cookie_disconnects_nobody_from_elsewhere(gate, connect):
    """Cross-site request forgery."""
    client = connect(gate, "/ws", token=token("77"))
    for origin in ("https://evil.example", "null"):
        status = http_request(gate, "DELETE /ws/connections?user_id=77",
                              Cookie=f"token={ADMIN}", Origin=origin)[0]
        assert status in (401, 403)
    assert client.ask(type="ping")["type"] == "pong"


def test_no_token_reaches_the_log(start, connect):
    """At any level, from any source, good or bad, in any answer."""
    server = start(JWT_SECRET=SECRET, LOG_LEVEL="debug")
    shown = [token("7"), token("7", key="x" * 64), token("7", exp=1), token("7") + "%00", ADMIN]
    for one in shown:
        for source in SOURCES:
            path, headers = carried(source, one)
            who(server, path=path, **headers)
        for line in (f"GET /nothing?token={one}", f"GET /health?token={one}",
                     f"POST /ws/stats?token={one}", f"GET /ws/stats?token={one}&x=%zz",
                     f"GET /ws/stats?a=b&%74oken={one}", f"BREW /ws?token={one}"):
            answer = http_request(server, line)
            assert one not in answer[2].decode()
        raw = RawClient(server)
        raw.upgrade(f"/ws/x?token={one}&username=%00", Sec_WebSocket_Version="9")
        raw.response()
        raw.send(b"junk")
        raw.close()
    connect(server, f"/ws/lobby?token={token('7')}").ask(type="ping")
    server.stop()
    assert server.log.count("\n") > 10
    for secret in [SECRET] + [part for one in shown for part in one.split(".")[1:]]:
        assert secret not in server.log
        assert quote(secret) not in server.log
