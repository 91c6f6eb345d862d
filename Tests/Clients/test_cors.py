"""PROTOCOL section 9: CORS (the Fetch standard) of the HTTP paths."""

import pytest
from clients import check_error, http_request
from server import UNLIMITED
from tokens import ADMIN, SECRET

MINE, WILD, FOREIGN = "https://app.example.org", "https://*.example.net", "https://evil.example"


@pytest.fixture(name="guarded")
def server_with_origins(start):
    return start(**UNLIMITED, JWT_SECRET=SECRET, WEBSOCKET_ALLOWED_ORIGINS=f"{MINE},{WILD}")


def preflight(server, origin, path="/ws/stats", method="GET"):
    return http_request(server, f"OPTIONS {path}", Origin=origin,
                        Access_Control_Request_Method=method,
                        Access_Control_Request_Headers="authorization,content-type")


@pytest.mark.parametrize("origin", [MINE, "https://a.example.net", "https://a.b.example.net"])
@pytest.mark.parametrize("path, method", [
    ("/ws/stats", "GET"), ("/ws/broadcast", "POST"), ("/ws/connections/x", "DELETE"),
    ("/sessions/x", "DELETE"), ("/metrics", "GET"), ("/health", "GET"),
])
def test_preflight(guarded, origin, path, method):
    status, headers, body = preflight(guarded, origin, path, method)
    assert (status, body) == (204, b"")
    assert headers["access-control-allow-origin"] == origin
    assert method in [one.strip() for one in headers["access-control-allow-methods"].split(",")]
    allowed = headers["access-control-allow-headers"].lower()
    assert "authorization" in allowed and "content-type" in allowed
    assert int(headers["access-control-max-age"]) > 0
    assert "origin" in headers["vary"].lower()


@pytest.mark.parametrize("origin", [
    FOREIGN, "http://app.example.org", "https://app.example.org:8443", "https://example.net",
    "https://app.example.org.evil.example", "https://evilexample.net", "null", "https://",
    "https://a.example.net.evil.example", "https://a.example.net@evil.example",
])
def test_preflight_from_elsewhere(guarded, origin):
    response = preflight(guarded, origin)
    headers = check_error(response, 403)
    assert not [name for name in headers if name.startswith("access-control")]


def test_preflight_of_a_path_that_is_not_there(guarded):
    check_error(preflight(guarded, MINE, "/nothing"), 404)


@pytest.mark.parametrize("origin, shared", [(MINE, True), (FOREIGN, False), ("null", False)])
@pytest.mark.parametrize("path", ["/ws/stats", "/health", "/metrics"])
def test_reading_from_an_origin(guarded, path, origin, shared):
    status, headers, _ = http_request(guarded, f"GET {path}", token=ADMIN, Origin=origin)
    assert status == 200
    assert headers.get("access-control-allow-origin") == (origin if shared else None)
    assert shared or not [name for name in headers if name.startswith("access-control")]


def test_an_error_can_be_read_from_an_origin(guarded):
    response = http_request(guarded, "GET /ws/stats", Origin=MINE)
    assert check_error(response, 401)["access-control-allow-origin"] == MINE


@pytest.mark.parametrize("line", ["POST /ws/broadcast", "DELETE /ws/connections?user_id=1",
                                  "DELETE /ws/connections/x", "DELETE /sessions/x"])
def test_changing_from_elsewhere(guarded, line):
    check_error(http_request(guarded, line, {"type": "note"}, ADMIN, Origin=FOREIGN), 403)
    assert http_request(guarded, line, {"type": "note"}, ADMIN, Origin=MINE)[0] in (200, 404)


def test_credentials_are_for_those_named(start, guarded):
    """Never together with `*`: the Fetch standard, section 3.3.5."""
    named = preflight(guarded, MINE)[1]
    assert named["access-control-allow-credentials"] == "true"
    anyone = preflight(start(JWT_SECRET=SECRET), MINE)
    assert anyone[0] == 204
    assert anyone[1]["access-control-allow-origin"] in ("*", MINE)
    assert "access-control-allow-credentials" not in anyone[1]
