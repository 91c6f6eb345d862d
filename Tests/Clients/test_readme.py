"""README's sessions and commands are run as they stand there.

Each page has fenced blocks: `js`, `python` and `sh` are taken out of it, given the server's address
and a token as a reader would, and run. The `dart` blocks are not: there is no Dart here. What is
asked of those is that each page has one, with the same two lines to fill in.
"""

import json
import pathlib
import re
import shlex
import socket
import sqlite3
import subprocess
import sys
import threading

import pytest
from clients import http_request
from helpers import until
from server import command_line, environment, run_once

README = pathlib.Path(__file__).resolve().parents[2] / "README.md"
FAMILIES = ["Step sessions", "Rooms", "Emotion sync", "User events", "Typed connections"]
ADDRESS, PLACE, PROGRAM = "localhost:8000", "PUT_YOUR_TOKEN_HERE", ".build/release/martlet"
# Debian's own Node 18 has no WebSocket built in yet: node-ws takes its place.
MAJOR = int(re.search(r"\d+", subprocess.check_output(["node", "--version"], text=True))[0])
NODE = ["node", "--experimental-websocket", "--no-warnings"] if MAJOR >= 20 else ["node"]
STAND_IN = "" if MAJOR >= 20 else (
    'import { createRequire } from "node:module";\n'
    'globalThis.WebSocket = createRequire(import.meta.url)("ws");\n')


def block(page, language):
    """The one block in this language on the page whose heading begins so."""
    pages = re.split(r"^## ", README.read_text(encoding="utf-8"), flags=re.M)
    text, = [text for text in pages if text.startswith(page)]
    found, = re.findall(rf"^```{language}\n(.*?)^```$", text, re.M | re.S)
    return found


def filled_in(text, server, token):
    """The session with its two lines at the top filled in."""
    assert text.count(ADDRESS) == 1 and text.count(PLACE) == 1
    return text.replace(ADDRESS, f"127.0.0.1:{server.port}").replace(PLACE, token)


def output(*command, settings=None, text=None):
    ended = subprocess.run(command, input=text, env=environment(settings or {}),
                           capture_output=True, text=True, timeout=30, check=False)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


@pytest.fixture(name="state")
def settings_of_a_state(tmp_path):
    """No key is set: the server makes one, and `martlet token` finds it."""
    return {"STATE_DIRECTORY": tmp_path}


@pytest.fixture(name="fresh")
def fresh_server(start, state):
    return start(**state)


@pytest.fixture(name="token")
def admins_token(fresh, state):
    assert fresh.port
    made = run_once("token", "--sub", "1", "--role", "admin", "--for", "1h", settings=state)
    return made.stdout.strip()


@pytest.fixture(name="run")
def runner(fresh, token, tmp_path):
    """Runs a page's session in a language, and gives the lines that it prints."""
    def run(page, language):
        text = filled_in(block(page, language), fresh, token)
        if language == "python":
            return output(sys.executable, "-", text=text).splitlines()
        file = tmp_path / "session.mjs"
        file.write_text(STAND_IN + text)
        return output(*NODE, str(file), settings={"NODE_PATH": "/usr/share/nodejs"}).splitlines()
    return run


BOTH = pytest.mark.parametrize("language", ["js", "python"])


@BOTH
def test_step_session(run, language):
    *lines, last = run("Step sessions", language)
    messages = [json.loads(line) for line in lines]
    types = [message["type"] for message in messages]
    steps = types.count("step_detection")
    assert types == ["session_started", "configure_response", *["step_detection"] * steps,
                     "stop_response"]
    assert 17 <= steps <= 20  # ten seconds, 1.9 a second
    assert [message["total_steps"] for message in messages[2:-1]] == list(range(1, steps + 1))
    assert last == "closed with 1000"


@BOTH
def test_room(run, language):
    first, names, said, again, names_again = map(json.loads, run("Rooms", language))
    assert (first["type"], said["type"], again["type"]) == ("join", "message", "join")
    assert names["data"] == names_again["data"] == ["1"]
    assert (said["room"], said["content"], said["user_id"]) == ("lobby", "hello", "1")
    assert "data" not in first and again["data"] == {"recovered": True}


@BOTH
def test_emotion(run, language):
    """What the phone says, the tablet shows."""
    lines = [line.removeprefix("tablet ") for line in run("Emotion sync", language)]
    greeting, update = (json.loads(line) for line in lines if not line.startswith("phone "))
    assert (greeting["type"], greeting["user_id"]) == ("connection_established", "1")
    assert (update["type"], update["emotion"]) == ("emotion_update", "happy")


def objects(printed):
    """JSON that was printed without anything between."""
    found, at = [], 0
    while at < len(printed.rstrip()):
        one, at = json.JSONDecoder().raw_decode(printed, at)
        found.append(one)
    return found


@BOTH
@pytest.mark.parametrize("connected", [False, True], ids=["away", "listening"])
def test_user_events(run, fresh, token, language, connected):
    """The backend's curl first, and then the client; or the client is there already."""
    told = []

    def backend():
        if connected:
            until(lambda: "user-events" in str(listed(fresh, token)))
        told.extend(objects(shell("User events", fresh, token=token)))

    thread = threading.Thread(target=backend)
    thread.start()
    if not connected:
        thread.join()
    lines = [json.loads(line) for line in run("User events", language)]
    thread.join()
    first, progress, again, notification = lines
    assert first["type"] == again["type"] == "connection"
    assert first["data"] == {"status": "connected", "user_id": 1,
                             "message": "WebSocket connection established"}
    assert again["data"]["resumed"] is True
    assert (progress["type"], notification["type"]) == ("upload_progress", "notification")
    assert [one["id"] for one in told] == [progress["id"], notification["id"]]
    assert [one["queued"] for one in told][0] is not connected


def listed(server, token):
    return json.loads(http_request(server, "GET /ws/connections", token=token)[2])


@BOTH
def test_typed_connections(run, fresh, token, language):
    """The proctor's and the admin's curl, and then a session with all four types."""
    made, found, told = objects(shell("Typed connections", fresh, token=token))
    assert (made["session_id"], made["state"], made["duration_seconds"]) == (
        "exam-1", "waiting", 3600)
    assert found["participants"] == [] and told == {"delivered": 0}
    lines = [json.loads(line) for line in run("Typed connections", language)]
    assert [line["type"] for line in lines] == [
        "connection_established", "echo", "connection_established", "chat_message",
        "connection_established", "notification", "notification_read",
        "connection_established", "test_session_ready", "session_status"]
    assert lines[5]["title"] == "The exam begins at noon" and lines[5]["priority"] == "high"
    assert lines[-1]["duration_seconds"] == 3600


def test_management(run, fresh, token, connect):
    member = connect(fresh, "/ws/lobby", token=token)
    member.until("user_list")
    stats, listed, told = run("Management", "python")
    assert "'connections_by_room': {'lobby': 1}" in stats
    assert re.fullmatch(r"rooms_1_\d{13} \d{4}-\d\d-\d\dT[\d:.]{12}Z", listed)
    assert told == "{'delivered': 1}"
    assert member.receive()["type"] == "notice"


def shell(page, server, **settings):
    """What the page's commands print."""
    text = block(page, "sh")
    assert ADDRESS in text
    text = text.replace(ADDRESS, f"127.0.0.1:{server.port}")
    text = text.replace(PROGRAM, shlex.join(command_line()))
    return output("bash", "-euo", "pipefail", text=text, settings=settings)


def test_the_first_minute(fresh, state):
    """The server, the token and `curl` share nothing but the state directory."""
    printed = shell("In within a minute", fresh, **state)
    health, end = json.JSONDecoder().raw_decode(printed)
    assert health["status"] == "healthy"
    assert json.loads(printed[end:])["total_connections"] == 0


def test_managing_by_curl(fresh, token, state, connect):
    other = run_once("token", "--sub", "7", settings=state).stdout.strip()
    member, seven = (connect(fresh, "/ws/lobby", token=one) for one in (token, other))
    seven.until("user_list")
    printed = shell("Management", fresh, token=token)
    listed, end = json.JSONDecoder().raw_decode(printed)
    assert {one["user_id"] for one in listed["connections"]} == {"1", "7"}
    assert printed[end:].startswith('{"delivered":2}{"disconnected":1}# HELP martlet_')
    assert '\nmartlet_errors_total{kind="disconnected_by_admin"} 1\n' in printed
    assert member.until("notice")["title"] == "Maintenance at noon"
    assert seven.closing_code() == 4409


def test_looking_into_the_file(fresh, token, state):
    """The page's commands for sqlite3, once the server has ended."""
    shell("User events", fresh, token=token)
    fresh.stop()
    page, = [page for page in re.split(r"^## ", README.read_text(encoding="utf-8"), flags=re.M)
             if page.startswith("What survives")]
    whole, kinds, _ = re.findall(r"^    sqlite3 (.*)$", page, re.M)
    rows = []
    for command in (whole, kinds):
        name, query = shlex.split(command)
        database = sqlite3.connect(state["STATE_DIRECTORY"] / name)
        rows.append(database.execute(query).fetchall())
        database.close()
    assert rows[0] == [("ok",)]
    assert 2 in [count for kind, count, _ in rows[1] if kind == 3]


def test_tls(tmp_path, monkeypatch):
    """The page's commands beside one another, as they are pasted; then the client."""
    monkeypatch.chdir(tmp_path)
    places = [socket.create_server(("127.0.0.1", 0)) for _ in range(2)]
    plain, secure = (str(one.getsockname()[1]) for one in places)
    for one in places:
        one.close()
    text = re.sub(r"\bmartlet(?= cert| &)", shlex.join(command_line()), block("TLS", "sh"))
    client = block("TLS", "python").replace("8443", secure)
    printed = output("bash", "-eu", text="\n".join(
        [text.replace("8443", secure), f"{shlex.quote(sys.executable)} - <<'END'", client + "END",
         "kill %1", "wait"]),
        settings={"WEBSOCKET_HOST": "127.0.0.1", "WEBSOCKET_PORT": plain,
                  "WEBSOCKET_TLS_PORT": secure, "STATE_DIRECTORY": tmp_path})
    assert '"status":"healthy"' in printed and "session_started" in printed


@pytest.mark.parametrize("page", FAMILIES)
def test_dart(page):
    """Not run: only that it is there, and asks for the same."""
    text = block(page, "dart")
    assert "package:web_socket_channel/" in text
    assert text.count(ADDRESS) == 1 and text.count(PLACE) == 1
    for opening, closing in ("()", "[]", "{}"):
        assert text.count(opening) == text.count(closing)


def test_links():
    """Each link to a page leads to a heading."""
    text = README.read_text(encoding="utf-8")
    headings = {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")
                for heading in re.findall(r"^#+ (.*)$", text, re.M)}
    links = re.findall(r"\]\(#([^)]*)\)", text)
    assert len(links) >= 8 and set(links) <= headings
