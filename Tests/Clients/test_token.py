"""`martlet token`: tokens for tests and scripts, checked here without any code of ours."""

import base64
import hashlib
import hmac
import json
import os
import stat

import pytest
from server import run_once

SECRET = "a secret of thirty-two bytes, ok"


def decoded(part):
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def claims(text, secret):
    """The claims of a token that is signed with the secret."""
    assert text.endswith("\n") and "=" not in text
    head, body, code = text.strip().split(".")
    signed = hmac.new(secret.encode(), f"{head}.{body}".encode(), hashlib.sha256).digest()
    assert decoded(code) == signed
    assert json.loads(decoded(head)) == {"alg": "HS256", "typ": "JWT"}
    return json.loads(decoded(body))


def test_the_configured_secret_signs(tmp_path):
    path = tmp_path / "secret"
    path.write_text(SECRET + "\n")
    for settings in ({"JWT_SECRET": SECRET}, {"JWT_SECRET_FILE": path}):
        made = run_once("token", "--sub", "ada", settings=settings)
        assert made.returncode == 0
        found = claims(made.stdout, SECRET)
        assert found.keys() == {"sub", "iat", "exp"}
        assert found["sub"] == "ada" and found["exp"] - found["iat"] == 3600


def test_every_claim(tmp_path):
    made = run_once("token", "--name", "Ada \"L\"", "--for", "1h30m", "--role", "proctor", "--sub",
                    "ada ä", settings={"JWT_SECRET": SECRET, "JWT_ISSUER": "me",
                                       "JWT_AUDIENCE": "here"})
    found = claims(made.stdout, SECRET)
    assert found.pop("exp") - found.pop("iat") == 5400
    assert found == {"sub": "ada ä", "username": "Ada \"L\"", "role": "proctor", "iss": "me",
                     "aud": "here"}


def test_a_secret_is_made_once(tmp_path):
    state = tmp_path / "a" / "state"
    settings = {"STATE_DIRECTORY": state}
    first = run_once("token", "--sub", "ada", settings=settings)
    assert first.returncode == 0
    key = state / "jwt.key"
    secret = key.read_text()
    assert len(decoded(secret.strip())) == 32 and secret.endswith("\n")
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert stat.S_IMODE(state.stat().st_mode) == 0o700
    assert os.listdir(state) == ["jwt.key"]
    second = run_once("token", "--sub", "bob", settings=settings)
    assert claims(second.stdout, secret.strip())["sub"] == "bob"
    assert key.read_text() == secret


@pytest.mark.parametrize("variables, place", [
    ({"XDG_STATE_HOME": "{}/x"}, "x/martlet"),
    ({"HOME": "{}"}, ".local/state/martlet"),
    ({"XDG_STATE_HOME": "x", "HOME": "{}"}, ".local/state/martlet"),
    ({"STATE_DIRECTORY": "{}/s:{}/t", "HOME": "{}"}, "s"),
])
def test_where_the_secret_is_kept(tmp_path, variables, place):
    settings = {name: value.format(tmp_path, tmp_path) for name, value in variables.items()}
    assert run_once("token", "--sub", "ada", settings=settings).returncode == 0
    assert (tmp_path / place / "jwt.key").is_file()


@pytest.mark.parametrize("arguments", [
    [], ["--sub"], ["--sub", ""], ["--sub", "a/b"], ["--sub", "a\n"], ["--sub", "a" * 65],
    ["--sub", "a", "--role", "root"], ["--sub", "a", "--for", "0s"], ["--sub", "a", "--for", "1d"],
    ["--sub", "a", "--for", "999999h"], ["--sub", "a", "extra"], ["--what"],
])
def test_bad_arguments_are_told(arguments):
    made = run_once("token", *arguments, settings={"JWT_SECRET": SECRET})
    assert made.returncode == 64 and made.stdout == ""
    assert made.stderr.startswith("martlet token: ")


def test_what_stops_it_is_told(tmp_path):
    def fails(code, words, **settings):
        made = run_once("token", "--sub", "ada", settings=settings)
        assert made.returncode == code and made.stdout == ""
        assert words in made.stderr and SECRET not in made.stderr

    (tmp_path / "file").write_text(SECRET)
    fails(78, "No such file", JWT_SECRET_FILE=tmp_path / "none")
    fails(78, "private key is", JWT_PUBLIC_KEY_FILE=tmp_path / "file")
    fails(78, "private key is", JWT_JWKS_FILE=tmp_path / "file")
    fails(78, "JWT_SECRET_FILE", JWT_SECRET=SECRET, JWT_SECRET_FILE=tmp_path / "file")
    fails(71, "JWT_CLOCK_FLOOR", JWT_SECRET=SECRET, JWT_CLOCK_FLOOR="2999-12-31")
    fails(71, "STATE_DIRECTORY", STATE_DIRECTORY=tmp_path / "file" / "below")


def test_help():
    made = run_once("token", "--help")
    assert made.returncode == 0 and "--sub" in made.stdout
