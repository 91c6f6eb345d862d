"""PROTOCOL section 10: settings, and what the program says about them."""

import json
import re

import pytest
from server import run_once

BAD = {
    "WEBSOCKET_PORT": "70000",
    "WEBSOCKET_MAX_CONNECTIONS": "many",
    "WEBSOCKET_WRITE_WAIT": "10 parsecs",
    "WEBSOCKET_MAX_MESSAGE_SIZE": "-1",
    "WEBSOCKET_ENABLED": "perhaps",
    "WEBSOCKET_NO_SUCH_THING": "1",
    "STEP_IDLE_TIMEOUT": "soon",
    "LOG_FORMAT": "poem",
    "LOG_LEVEL": "loud",
}


def complaint(**settings):
    """What the program says of settings that stop its start, one line each."""
    ended = run_once("--check-config", settings=settings)
    assert ended.returncode != 0
    return (ended.stderr + ended.stdout).strip().splitlines()


def test_check_config_of_good_settings():
    assert run_once("--check-config", settings={"WEBSOCKET_PORT": 9000}).returncode == 0


def test_help():
    ended = run_once("--help")
    assert ended.returncode == 0
    text = ended.stdout + ended.stderr
    assert "--check-config" in text and "--memory-plan" in text


def test_memory_plan():
    ended = run_once("--memory-plan")
    assert ended.returncode == 0
    assert re.search(r"\d", ended.stdout + ended.stderr)


def test_unknown_argument():
    ended = run_once("--no-such-argument")
    assert ended.returncode != 0
    assert "--no-such-argument" in ended.stderr + ended.stdout


@pytest.mark.parametrize("name", BAD)
def test_bad_setting_is_named(name):
    lines = complaint(**{name: BAD[name]})
    naming = [line for line in lines if name in line]
    assert len(naming) == 1, lines
    assert BAD[name] in naming[0]


def test_all_faults_are_shown_at_once():
    text = "\n".join(complaint(**BAD))
    assert [name for name in BAD if name not in text] == []


def test_bad_settings_stop_the_start():
    ended = run_once(settings={"WEBSOCKET_PORT": "none"})
    assert ended.returncode != 0
    assert "WEBSOCKET_PORT" in ended.stderr


def test_ping_period_below_pong_wait():
    text = "\n".join(complaint(WEBSOCKET_PING_PERIOD="60s", WEBSOCKET_PONG_WAIT="60s"))
    assert "WEBSOCKET_PING_PERIOD" in text and "WEBSOCKET_PONG_WAIT" in text


@pytest.mark.parametrize("name, value", [
    ("WEBSOCKET_WRITE_WAIT", "1m30s"), ("WEBSOCKET_WRITE_WAIT", "500ms"),
    ("WEBSOCKET_MAX_MESSAGE_SIZE", "4k"), ("WEBSOCKET_MAX_MESSAGE_SIZE", "1M"),
    ("WEBSOCKET_HOST", "::"), ("WEBSOCKET_REQUIRE_AUTH", "false"),
])
def test_good_forms(name, value):
    ended = run_once("--check-config", settings={name: value})
    assert ended.returncode == 0, ended.stderr


def test_listening_line_as_json(start):
    server = start(LOG_FORMAT="json")
    lines = [json.loads(line) for line in server.log.splitlines()]
    assert any(str(server.port) in json.dumps(line) for line in lines)


def test_port_in_use(start):
    first = start()
    ended = run_once(settings={"WEBSOCKET_HOST": "127.0.0.1", "WEBSOCKET_PORT": first.port})
    assert ended.returncode != 0
    assert str(first.port) in ended.stderr


def test_variables_of_others_are_left_alone():
    settings = {"EDITOR": "vi", "MY_WEBSOCKET_PORT": "x", "LOGNAME": "me"}
    assert run_once("--check-config", settings=settings).returncode == 0


@pytest.mark.parametrize("arguments", [["--check-config"], ["--print-env"], ["--help"],
                                       ["--memory-plan"]])
def test_secrets_are_not_shown(arguments):
    secret = "a secret that is nobody's business"
    ended = run_once(*arguments, settings={"JWT_SECRET": secret})
    assert ended.returncode == 0
    assert secret not in ended.stdout + ended.stderr


@pytest.mark.parametrize("secret", ["two\nlines", "x" * 600])
def test_a_bad_secret_is_not_shown_either(secret):
    text = "\n".join(complaint(JWT_SECRET=secret))
    assert "JWT_SECRET" in text
    assert secret not in text and secret.split("\n")[0] not in text
