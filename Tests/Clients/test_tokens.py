"""PROTOCOL section 2: who comes in with which token, and with which rights."""

import json
import os
import re
import resource
import signal
import socket
import stat
import time
from urllib.parse import quote

import pytest
from clients import Closed, RawClient, check_error, http_request
from server import run_once
from tokens import ADMIN, SECRET, base64url, jwk, jwks, new_key, pem, sign, token

ALGORITHMS = ["HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "PS256", "ES256", "ES384"]
PUBLIC = [name for name in ALGORITHMS if not name.startswith("HS")]
NAMED = "https://app.example.org"


@pytest.fixture(scope="session", name="keys")
def all_keys():
    """A private key for each algorithm, and another one of its kind."""
    kinds = {name: (new_key(name), new_key(name)) for name in ("RS256", "ES256", "ES384")}
    return kinds | {name: kinds["RS256"] for name in PUBLIC if name[:2] in ("RS", "PS")}


def now(offset=0):
    return int(time.time()) + offset


def who(server, by=None, path="/api/ws", **headers):
    """The user that these header fields, or this token, come in as; the status for nobody."""
    if by:
        headers["Authorization"] = f"Bearer {by}"
    raw = RawClient(server)
    try:
        raw.upgrade(path, **headers)
        response = raw.response()
        if response[0] == 101:
            return json.loads(raw.read_frame()[1])["user_id"]
        fields = check_error(response, response[0])
        assert response[0] != 401 or fields["www-authenticate"].startswith("Bearer")
        return response[0]
    finally:
        raw.close()


def until(condition, seconds=5):
    """Waits for what the server does in a moment."""
    ends = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < ends
        time.sleep(0.02)


@pytest.fixture(name="keep")
def file_keeper(tmp_path):
    """Writes a file for the server, whole at every moment."""
    def keep(name, text):
        path = tmp_path / name
        fresh = tmp_path / f"{name}.new"
        fresh.write_text(text)
        fresh.chmod(0o600)
        fresh.rename(path)
        return path
    return keep


# Algorithms and keys.

@pytest.mark.parametrize("algorithm", ["HS256", "HS384", "HS512"])
@pytest.mark.parametrize("end", [None, "", "\n"])
def test_secret(start, keep, algorithm, end):
    """From the environment, or from a file whose one line end does not count."""
    settings = {"JWT_SECRET": SECRET} if end is None else {
        "JWT_SECRET_FILE": keep("secret", SECRET + end)}
    server = start(**settings)
    assert who(server, token("7", algorithm=algorithm)) == "7"
    assert who(server, token("7", SECRET[:-1], algorithm)) == 401


@pytest.mark.parametrize("algorithm", PUBLIC)
def test_public_key(start, keep, keys, algorithm):
    mine, other = keys[algorithm]
    server = start(JWT_PUBLIC_KEY_FILE=keep("key.pem", pem(mine)))
    assert who(server, token("7", mine, algorithm)) == "7"
    assert who(server, token("7", other, algorithm)) == 401
    assert who(server, token("7", SECRET)) == 401


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_key_set(start, keep, keys, algorithm):
    """The key is found by `kid`, and used for the algorithm that it names alone."""
    mine, other = keys.get(algorithm, (SECRET, SECRET[::-1]))
    server = start(JWT_JWKS_FILE=keep("set", jwks(
        jwk(other, "old", algorithm), jwk(mine, "new", algorithm))))
    assert who(server, token("7", mine, algorithm, {"kid": "new"})) == "7"
    assert who(server, token("7", other, algorithm, {"kid": "old"})) == "7"
    assert who(server, token("7", mine, algorithm, {"kid": "old"})) == 401
    assert who(server, token("7", mine, algorithm, {"kid": "no such key"})) == 401
    for wrong in ALGORITHMS:
        if wrong[:2] == algorithm[:2] != "ES" and wrong != algorithm:
            assert who(server, token("7", mine, wrong, {"kid": "new"})) == 401


def test_several_keys_in_one_file(start, keep, keys):
    mine, other = keys["RS256"]
    server = start(JWT_PUBLIC_KEY_FILE=keep("key.pem", pem(mine) + pem(other)
                                            + pem(keys["ES256"][0])))
    for key, algorithm in [(mine, "RS256"), (other, "PS256"), (keys["ES256"][0], "ES256")]:
        assert who(server, token("7", key, algorithm)) == "7"


@pytest.mark.parametrize("name", ["JWT_SECRET_FILE", "JWT_PUBLIC_KEY_FILE", "JWT_JWKS_FILE"])
@pytest.mark.parametrize("text", [None, ""])
def test_a_bad_key_stops_the_start(keep, tmp_path, name, text):
    path = tmp_path / "nothing" if text is None else keep("file", text)
    ended = run_once(settings={"WEBSOCKET_PORT": 0, "WEBSOCKET_HOST": "127.0.0.1", name: path})
    assert ended.returncode != 0
    assert name in ended.stderr


def altered(part, index):
    """Turns one character of a part of the token into another one."""
    def alter(good):
        parts = good.split(".")
        text = parts[part]
        place = index % len(text)
        parts[part] = text[:place] + ("A" if text[place] != "A" else "B") + text[place + 1:]
        return ".".join(parts)
    return alter


def claimed(**claims):
    """Other claims under the same signature."""
    def claim(good):
        head, _, signature = good.split(".")
        return f"{head}.{base64url(json.dumps(claims).encode())}.{signature}"
    return claim


def unused_bits(good):
    """The same signature, written with bits at its end that stand for nothing."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return good[:-1] + alphabet[alphabet.index(good[-1]) ^ 1]


FORGERIES = {
    "no signature": lambda good: good.rsplit(".", 1)[0] + ".",
    "two parts": lambda good: good.rsplit(".", 1)[0],
    "four parts": lambda good: good + ".AAAA",
    "five parts": lambda good: good + ".AAAA.AAAA",
    "cut": lambda good: good[:-2],
    "longer": lambda good: good + "AA",
    "padded": lambda good: good + "=",
    "first of the signature": altered(2, 0),
    "middle of the signature": altered(2, 20),
    "first claim": altered(1, 3),
    "another user": claimed(sub="8", exp=now(3600)),
    "more rights": claimed(sub="7", exp=now(3600), role="admin"),
    "unused bits": unused_bits,
    "nothing": lambda good: "..",
    "one part": lambda good: "A",
    "not Base64": lambda good: "!" + good[1:],
    "long": lambda good: good + "A" * 5000,
}


@pytest.mark.parametrize("name", FORGERIES)
def test_forgery(gate, name):
    good = token("7")
    assert who(gate, good) == "7"
    assert who(gate, FORGERIES[name](good)) == 401


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "nOnE", "", "hs256", "HS1", "ES256",
                                       "RS256", "HS256 ", "EdDSA", None, 256, ["HS256"]])
def test_algorithm_that_the_key_does_not_allow(gate, algorithm):
    """Neither without a signature, nor with the one that HS256 would have."""
    head = {name: value for name, value in {"alg": algorithm, "typ": "JWT"}.items() if value}
    data = ".".join(base64url(json.dumps(part).encode())
                    for part in (head, {"sub": "7", "exp": now(3600)}))
    assert who(gate, data + ".") == 401
    assert who(gate, f"{data}.{base64url(sign('HS256', SECRET, data.encode()))}") == 401


@pytest.mark.parametrize("algorithm", ["HS256", "HS384", "HS512"])
def test_public_key_taken_for_a_secret(start, keep, keys, algorithm):
    """Algorithm confusion: what is public signs nothing."""
    mine = keys["RS256"][0]
    text = pem(mine)
    server = start(JWT_PUBLIC_KEY_FILE=keep("key.pem", text))
    modulus = mine.public_key().public_numbers().n.to_bytes(256, "big")
    for secret in (text, text.strip(), "", modulus, str(keep("key.pem", text))):
        assert who(server, token("7", secret, algorithm)) == 401


@pytest.mark.parametrize("signature", [
    bytes(64), bytes(31) + b"\1" + bytes(31) + b"\1", b"\xff" * 64, bytes(63), bytes(65), bytes(96),
    bytes.fromhex("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551") * 2,
])
def test_numbers_that_are_no_signature(start, keep, keys, signature):
    """Zeros and the order of the curve itself as r and s (FIPS 186-5, section 6.4.2)."""
    server = start(JWT_PUBLIC_KEY_FILE=keep("key.pem", pem(keys["ES256"][0])))
    data = token("7", keys["ES256"][0], "ES256").rsplit(".", 1)[0]
    assert who(server, f"{data}.{base64url(signature)}") == 401


@pytest.mark.parametrize("head", [
    {"crit": ["exp"]}, {"crit": []}, {"crit": ["b64"], "b64": False}, {"kid": "../../dev/null"},
    {"kid": "' or 1=1"}, {"kid": "x" * 1000},
])
def test_header_members(start, keep, head):
    """A critical extension is refused (RFC 7515 section 4.1.11), a strange `kid` opens no file."""
    server = start(JWT_JWKS_FILE=keep("set", jwks(jwk(SECRET, "mine", "HS256"))))
    assert who(server, token("7", head={"kid": "mine"})) == "7"
    assert who(server, token("7", head={"kid": "mine"} | head)) == 401
    assert who(server, token("7", "", head={"kid": "mine"} | head)) == 401


def test_no_key_comes_from_the_token(start, keep, keys):
    """jku, x5u, jwk: nothing is fetched from where a token points to, no key in it believed."""
    mine, other = keys["RS256"]
    server = start(JWT_JWKS_FILE=keep("set", jwks(jwk(mine, "mine", "RS256"))))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(1)
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/keys"
        for head in ({"jku": url}, {"x5u": url}, {"jku": url, "kid": "mine"},
                     {"jwk": jwk(other, "mine", "RS256"), "kid": "mine"}):
            assert who(server, token("7", other, "RS256", head, iss=url)) == 401
        with pytest.raises(TimeoutError):
            listener.accept()


# Claims.

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


# Where a token stands.

def carried(source, one):
    """(path, header fields) of a request with this token in this place."""
    if source == "query":
        return f"/api/ws?token={one}", {}
    return "/api/ws", {
        "authorization": {"Authorization": f"Bearer {one}"},
        "subprotocol": {"Sec_WebSocket_Protocol": f"bearer, {one}"},
        "cookie": {"Cookie": f"theme=dark; token={one}; a=b", "Origin": "http://localhost"},
    }[source]


SOURCES = ["authorization", "query", "subprotocol", "cookie"]


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


# Roles.

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


# Time.

@pytest.mark.parametrize("path", ["/ws", "/ws/lobby", "/api/ws", "/ws/realtime"])
def test_expiry_closes_an_open_connection(gate, connect, path):
    """At `exp` itself, whatever the leeway."""
    expires = now(3)
    client = connect(gate, path, token=token("7", exp=expires))
    with pytest.raises(Closed) as closed:
        while True:
            client.receive_message()
    assert closed.value.code == 4401
    assert closed.value.args[0].endswith("token expired")
    assert -0.5 < time.time() - expires < 1.5


def test_the_clock_is_not_set(start):
    """Before JWT_CLOCK_FLOOR nothing is known about `exp`: come again."""
    server = start(JWT_SECRET=SECRET, JWT_CLOCK_FLOOR="2099-01-01")
    raw = RawClient(server)
    raw.upgrade("/api/ws", Authorization=f"Bearer {token()}")
    response = raw.response()
    check_error(response, 503)
    assert "clock" in json.loads(response[2])["message"]
    raw.close()
    assert who(server, token(key="x" * 64)) in (401, 503)
    assert who(server, path="/ws/lobby").startswith("anon-")


def test_the_clock_may_be_unset(start):
    server = start(JWT_SECRET=SECRET, JWT_CLOCK_FLOOR="2099-01-01", JWT_ALLOW_UNSET_CLOCK="true")
    assert who(server, token()) == "1"
    assert who(server, token(key="x" * 64)) == 401


def test_the_clock_as_the_system_has_it(start):
    """JWT_CLOCK=synced asks for the flag file of systemd-timesyncd."""
    server = start(JWT_SECRET=SECRET, JWT_CLOCK="synced")
    synced = os.path.exists("/run/systemd/timesync/synchronized")
    assert who(server, token()) == ("1" if synced else 503)


# Keys that change.

def test_rotation(start, keep, keys):
    """SIGHUP takes the new set: its keys open, those that are gone do not."""
    old, new = keys["ES256"]
    path = keep("set", jwks(jwk(old, "old", "ES256")))
    server = start(JWT_JWKS_FILE=path)
    assert (who(server, token("7", old, "ES256")), who(server, token("7", new, "ES256"))) == (
        "7", 401)
    keep("set", jwks(jwk(new, "new", "ES256")))
    assert who(server, token("7", new, "ES256")) == 401
    server.signal(signal.SIGHUP)
    until(lambda: who(server, token("7", new, "ES256")) == "7")
    assert who(server, token("7", old, "ES256")) == 401


BAD_SETS = {"empty": "", "no JSON": "{", "no keys": "{}", "no list": '{"keys":1}',
            "no key of use": '{"keys":[{"kty":"none"}]}', "too large": " " * 5_000_000 + "{}"}


@pytest.mark.parametrize("name", BAD_SETS)
def test_rotation_to_a_bad_set(start, keep, name):
    """The old one stays in force and the log says why."""
    server = start(JWT_JWKS_FILE=keep("set", jwks(jwk(SECRET, "mine", "HS256"))))
    keep("set", BAD_SETS[name])
    before = len(server.log)
    server.signal(signal.SIGHUP)
    until(lambda: "JWT_JWKS_FILE" in server.log[before:])
    assert who(server, token("7")) == "7"
    keep("set", jwks(jwk(SECRET[::-1], "mine", "HS256")))
    server.signal(signal.SIGHUP)
    until(lambda: who(server, token("7", SECRET[::-1])) == "7")


@pytest.mark.parametrize("setting, made", [
    ("JWT_SECRET_FILE", lambda key: key), ("JWT_PUBLIC_KEY_FILE", pem)])
def test_rotation_of_a_file(start, keep, keys, setting, made):
    both, algorithm = ((SECRET, SECRET[::-1]), "HS256") if "SECRET" in setting else (
        keys["ES384"], "ES384")
    server = start(**{setting: keep("key", made(both[0]))})
    keep("key", made(both[1])).chmod(0o600)
    server.signal(signal.SIGHUP)
    until(lambda: who(server, token("7", both[1], algorithm)) == "7")
    assert who(server, token("7", both[0], algorithm)) == 401


def test_rotation_with_no_file_descriptor_left(start, keep):
    server = start(JWT_JWKS_FILE=keep("set", jwks(jwk(SECRET, "mine", "HS256"))))
    before = len(server.log)
    limits = resource.prlimit(server.pid, resource.RLIMIT_NOFILE, (3, 4096))
    server.signal(signal.SIGHUP)
    until(lambda: "JWT_JWKS_FILE" in server.log[before:])
    resource.prlimit(server.pid, resource.RLIMIT_NOFILE, (limits[0], 4096))
    until(lambda: who(server, token("7")) == "7")


def test_log_level_file(start, keep):
    """SIGHUP reads the log level anew; a bad one changes nothing."""
    server = start(JWT_SECRET=SECRET, LOG_LEVEL_FILE=keep("level", "warning\n"))

    def lines_of(count):
        before = len(server.log)
        for _ in range(count):
            who(server, token("7"))
        time.sleep(0.2)
        return len(server.log[before:].splitlines())

    assert lines_of(5) <= 1
    keep("level", "debug\n")
    server.signal(signal.SIGHUP)
    until(lambda: lines_of(5) >= 5)
    keep("level", "loud\n")
    server.signal(signal.SIGHUP)
    until(lambda: "LOG_LEVEL_FILE" in server.log)
    assert lines_of(5) >= 5


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


# The key of the first start.

def made_token(directory, *arguments):
    ended = run_once("token", *arguments, settings={"STATE_DIRECTORY": directory})
    assert ended.returncode == 0, ended.stderr
    return ended.stdout.strip()


def test_first_start(start, tmp_path):
    """Without a key the server makes one, for itself alone, and keeps it over a restart."""
    first = start(STATE_DIRECTORY=tmp_path)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) == 1
    assert stat.S_IMODE(files[0].stat().st_mode) == 0o600
    assert files[0].stat().st_size >= 32
    admin = made_token(tmp_path, "--sub", "1", "--role", "admin", "--for", "1h")
    assert http_request(first, "GET /ws/stats", token=admin)[0] == 200
    assert who(first, admin) == "1"
    key = files[0].read_bytes()
    first.stop()
    second = start(STATE_DIRECTORY=tmp_path)
    assert files[0].read_bytes() == key
    assert http_request(second, "GET /ws/stats", token=admin)[0] == 200
    assert key.decode("latin-1").strip() not in first.log + second.log


def test_two_boards_have_two_keys(start, tmp_path):
    directories = [tmp_path / name for name in "ab"]
    for directory in directories:
        directory.mkdir()
        start(STATE_DIRECTORY=directory)
    tokens = [made_token(directory, "--sub", "1", "--for", "1h") for directory in directories]
    assert who(start(STATE_DIRECTORY=directories[0]), tokens[1]) == 401


@pytest.mark.parametrize("mode", [0o644, 0o660, 0o604])
def test_a_key_that_others_may_read(start, tmp_path, mode):
    """It is no secret any more: the start says so, or the file is closed again."""
    start(STATE_DIRECTORY=tmp_path).stop()
    path = next(path for path in tmp_path.rglob("*") if path.is_file())
    path.chmod(mode)
    again = start(STATE_DIRECTORY=tmp_path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600 or path.name in again.log


@pytest.mark.parametrize("arguments, user, stats", [
    (["--sub", "7", "--for", "1h"], "7", 403),
    (["--sub", "ä", "--role", "admin", "--for", "30s"], "ä", 200),
    (["--sub", "7", "--role", "service", "--for", "1h"], "7", 403),
])
def test_made_tokens(start, tmp_path, arguments, user, stats):
    server = start(STATE_DIRECTORY=tmp_path)
    one = made_token(tmp_path, *arguments)
    assert re.fullmatch(r"[\w-]+\.[\w-]+\.[\w-]+", one)
    assert who(server, one) == user
    assert http_request(server, "GET /ws/stats", token=one)[0] == stats


def test_made_tokens_expire(start, tmp_path):
    server = start(STATE_DIRECTORY=tmp_path, JWT_LEEWAY="0s")
    one = made_token(tmp_path, "--sub", "7", "--for", "1s")
    time.sleep(2.1)
    assert who(server, one) == 401


@pytest.mark.parametrize("key", ["", "secret", "changeme", "martlet", "password", "\0" * 32])
def test_no_default_credentials(start, key):
    """A server that was given no key has none that can be guessed."""
    server = start()
    for algorithm in ("HS256", "HS512"):
        assert who(server, token(key=key, algorithm=algorithm, role="admin")) == 401
