"""PROTOCOL section 2: which signature opens the door, and which does not."""

import json
import socket

import pytest
from helpers import now, who
from server import run_once
from tokens import SECRET, base64url, jwk, jwks, pem, sign, token

ALGORITHMS = ["HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "PS256", "ES256", "ES384"]
PUBLIC = [name for name in ALGORITHMS if not name.startswith("HS")]


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
    settings = {"WEBSOCKET_PORT": 0, "WEBSOCKET_HOST": "127.0.0.1", name: path}
    ended = run_once(settings=settings, timeout=5)
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
