"""PROTOCOL section 2: what a token says about its bearer, and which rights it gives."""

import pytest
from clients import RawClient, check_error, http_request
from helpers import now, who
from tokens import ADMIN, SECRET, base64url, sign, token

CLAIMS = {
    "a user by text": ({"sub": "ä€"}, "ä€"),
    "a user by number": ({"sub": 123}, "123"),
    "a user by user_id": ({"sub": None, "user_id": "9"}, "9"),
    "a user by a number as user_id": ({"sub": None, "user_id": 9}, "9"),
    "sub before user_id": ({"sub": "8", "user_id": "9"}, "8"),
    "no user": ({"sub": None}, 401), "an empty user": ({"sub": ""}, 401),
    "a user of 65 bytes": ({"sub": "x" * 65}, 401), "a user of 64": ({"sub": "x" * 64}, "x" * 64),
    "a user with a slash": ({"sub": "a/b"}, 401), "a control character": ({"sub": "a\nb"}, 401),
    "a broken number": ({"sub": 1.5}, 401), "a truth": ({"sub": True}, 401),
    "a list": ({"sub": ["7"]}, 401), "an object": ({"sub": {"id": 7}}, 401),
    "no expiry": ({"exp": None}, 401), "expired": ({"exp": now(-3600)}, 401),
    "expired at zero": ({"exp": 0}, 401), "expired before zero": ({"exp": -1}, 401),
    "a fraction": ({"exp": now(3600) + 0.5}, "1"), "a far one": ({"exp": 1e300}, "1"),
    "an expiry in text": ({"exp": str(now(3600))}, 401), "a true expiry": ({"exp": True}, 401),
    "not yet": ({"nbf": now(3600)}, 401), "since a while": ({"nbf": now(-3600)}, "1"),
    "not yet, in text": ({"nbf": str(now(-3600))}, 401), "iat": ({"iat": now()}, "1"),
    "any issuer": ({"iss": "anybody"}, "1"), "an audience": ({"aud": "somebody else"}, 401),
    "unknown claims": ({"scope": "a b", "x": {"y": [1, None]}}, "1"),
}


@pytest.mark.parametrize("name", CLAIMS)
def test_claims(gate, name):
    claims, user = CLAIMS[name]
    assert who(gate, token(**claims)) == user


@pytest.mark.parametrize("text", ["[]", "null", "7", '"7"', "{", "", '{"sub":"7","exp":9999999999',
                                  '{"sub":"7","sub":"8","exp":9999999999}'])
def test_claims_that_are_none(gate, text):
    """No object, or one that says who it is twice: two readers would see two users."""
    data = ".".join(base64url(part.encode()) for part in ('{"alg":"HS256"}', text))
    assert who(gate, f"{data}.{base64url(sign('HS256', SECRET, data.encode()))}") == 401


LEEWAY = {
    "within, late": ({"exp": -20}, 101), "beyond, late": ({"exp": -40}, 401),
    "within, early": ({"nbf": 20}, 101), "beyond, early": ({"nbf": 45}, 401),
}


@pytest.mark.parametrize("name", LEEWAY)
def test_leeway(gate, name):
    """30 seconds by which clocks may be apart."""
    offsets, status = LEEWAY[name]
    raw = RawClient(gate)
    claims = {claim: now(offset) for claim, offset in offsets.items()}
    raw.upgrade("/api/ws", Authorization=f"Bearer {token(**claims)}")
    assert raw.response()[0] == status
    raw.close()


def test_leeway_is_a_setting(start):
    server = start(JWT_SECRET=SECRET, JWT_LEEWAY="0s")
    assert who(server, token(exp=now(-2))) == 401
    assert who(server, token(nbf=now(5))) == 401
    assert who(server, token()) == "1"


def test_expiry_may_be_left_out_where_allowed(start):
    server = start(JWT_SECRET=SECRET, JWT_REQUIRE_EXP="false")
    assert who(server, token(exp=None)) == "1"
    assert who(server, token(exp=now(-3600))) == 401


ISSUED = {
    "as configured": ({"iss": "us", "aud": "gate"}, "1"),
    "among others": ({"iss": "us", "aud": ["door", "gate"]}, "1"),
    "no issuer": ({"aud": "gate"}, 401), "another issuer": ({"iss": "them", "aud": "gate"}, 401),
    "nearly": ({"iss": "us/", "aud": "gate"}, 401), "a list": ({"iss": ["us"], "aud": "gate"}, 401),
    "no audience": ({"iss": "us"}, 401), "another": ({"iss": "us", "aud": "door"}, 401),
    "others": ({"iss": "us", "aud": ["door", "gates"]}, 401),
    "none at all": ({"iss": "us", "aud": []}, 401),
}


@pytest.mark.parametrize("name", ISSUED)
def test_issuer_and_audience(start, name):
    claims, user = ISSUED[name]
    server = start(JWT_SECRET=SECRET, JWT_ISSUER="us", JWT_AUDIENCE="gate")
    assert who(server, token(**claims)) == user


@pytest.mark.parametrize("claims, name", [
    ({"username": "Ann"}, "Ann"), ({"preferred_username": "Ann"}, "Ann"), ({"name": "Ann"}, "Ann"),
    ({"name": "C", "preferred_username": "B", "username": "A"}, "A"),
    ({"name": "C", "preferred_username": "B"}, "B"), ({"username": "ä€𝄞 \"\\"}, "ä€𝄞 \"\\"),
])
def test_display_name(gate, connect, room, claims, name):
    assert connect(gate, f"/ws/{room}", token=token(**claims)).receive()["username"] == name


ROLES = {
    "role": ({"role": "admin"}, 200), "roles": ({"roles": ["user", "admin"]}, 200),
    "is_admin": ({"is_admin": True}, 200), "none": ({}, 403), "user": ({"role": "user"}, 403),
    "service": ({"role": "service"}, 403), "proctor": ({"role": "proctor"}, 403),
    "capitals": ({"role": "Admin"}, 403), "part": ({"role": "administrator"}, 403),
    "list of others": ({"roles": ["user", "service"]}, 403), "no roles": ({"roles": []}, 403),
    "text for true": ({"is_admin": "true"}, 403), "one for true": ({"is_admin": 1}, 403),
    "false": ({"is_admin": False}, 403), "named admin": ({"username": "admin"}, 403),
    "a user called admin": ({"sub": "admin"}, 403), "space": ({"role": "admin "}, 403),
}


@pytest.mark.parametrize("name", ROLES)
def test_roles(gate, name):
    claims, status = ROLES[name]
    assert http_request(gate, "GET /ws/stats", token=token(**claims))[0] == status


ADMIN_LINES = [
    "GET /ws/stats", "POST /ws/broadcast", "GET /ws/connections", "DELETE /ws/connections/x",
    "DELETE /ws/connections?user_id=nobody", "GET /sessions", "GET /sessions/x",
    "DELETE /sessions/x", "GET /metrics",
]


@pytest.mark.parametrize("line", ADMIN_LINES)
def test_admin_paths(gate, line):
    """Who has no right does not learn what is there either."""
    body = '{"type":"note"}' if line.startswith("POST") else None
    headers = check_error(http_request(gate, line, body), 401)
    assert headers["www-authenticate"].startswith("Bearer")
    check_error(http_request(gate, line, body, token(key="x" * 64, role="admin")), 401)
    check_error(http_request(gate, line, body, token(exp=now(-3600), role="admin")), 401)
    for role in ("user", "service", "proctor"):
        check_error(http_request(gate, line, body, token(role=role)), 403)
    assert http_request(gate, line, body, ADMIN)[0] == (404 if line.endswith("/x") else 200)


@pytest.mark.parametrize("line", ["GET /ws/stats", "GET /ws/connections", "GET /metrics"])
def test_admin_by_the_query(gate, line):
    assert http_request(gate, f"{line}?token={ADMIN}")[0] == 200
