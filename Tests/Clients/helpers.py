"""What several tests ask of a server, and how they judge the answer."""

import json
import re
import time
from datetime import datetime, timezone
from urllib.parse import quote

from clients import RawClient, check_error, http_request
from server import SLOWNESS, UNLIMITED
from tokens import ADMIN, PROCTOR, SECRET, SERVICE

# Who waits for the disk does not wait long.
QUICK = UNLIMITED | {"JWT_SECRET": SECRET, "PERSIST_INTERVAL": "10ms"}
# Nor does who waits for the end of a server whose clients are still there.
BRIEF = QUICK | {"WEBSOCKET_SHUTDOWN_WAIT": "200ms", "WEBSOCKET_CLOSE_WAIT": "300ms"}

RESERVED = ["realtime", "auth", "stats", "broadcast", "connections", "test-sessions"]
STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
SOURCES = ["authorization", "query", "subprotocol", "cookie"]


def now(offset=0):
    """Unix seconds."""
    return int(time.time()) + offset


def is_now_in_seconds(stamp):
    """Whole Unix seconds."""
    return type(stamp) is int and abs(stamp - time.time()) < 60


def is_now_in_text(stamp):
    """ISO 8601 UTC with milliseconds."""
    when = datetime.fromisoformat(stamp).replace(tzinfo=timezone.utc).timestamp()
    return STAMP.fullmatch(stamp) and abs(when - time.time()) < 60


def until(condition, seconds=5):
    """Waits for what the server does in a moment."""
    ends = time.monotonic() + seconds * SLOWNESS
    while not condition():
        assert time.monotonic() < ends
        time.sleep(0.02)


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


def carried(source, one):
    """(path, header fields) of a request with this token in this place."""
    if source == "query":
        return f"/api/ws?token={one}", {}
    return "/api/ws", {
        "authorization": {"Authorization": f"Bearer {one}"},
        "subprotocol": {"Sec_WebSocket_Protocol": f"bearer, {one}"},
        "cookie": {"Cookie": f"theme=dark; token={one}; a=b", "Origin": "http://localhost"},
    }[source]


def admin(server, line, body=None, status=200, **headers):
    """What an admin is answered, as JSON."""
    response = http_request(server, line, body, ADMIN, **headers)
    assert response[0] == status, response
    assert response[1]["content-type"].startswith("application/json")
    return json.loads(response[2])


def enter(client, room, **members):
    """Joins, and gives the user list's names once the newcomer's echo has been read."""
    client.say(type="join", room=room, **members)
    assert client.receive()["type"] == "join"
    return client.receive()["data"]


def code(answer):
    """The code of an error whose every member is as section 6 describes."""
    assert set(answer) <= {"type", "room", "content", "timestamp", "data"}
    assert answer["type"] == "error" and answer["content"]
    assert is_now_in_seconds(answer["timestamp"])
    return answer["data"]["code"]


def is_error(answer):
    """An error of a typed connection, whose every member is as section 8 describes."""
    assert set(answer) == {"type", "message", "timestamp"}
    assert is_now_in_text(answer["timestamp"]) and isinstance(answer["message"], str)
    return answer["type"] == "error" and answer["message"]


# User events and what else a backend does.

NOTE = {"title": "Analysis Complete", "message": "Your audio has been analyzed",
        "level": "success"}


def publish(server, user, kind="notification", data=NOTE, by=SERVICE, status=202):
    """What a backend is answered when it tells a user, or everybody (None), of an event."""
    path = "events" if user is None else f"users/{quote(user, safe='')}/events"
    response = http_request(server, f"POST /api/v1/{path}", {"type": kind, "data": data}, by)
    assert response[0] == status, response
    assert response[1]["content-type"].startswith("application/json")
    return json.loads(response[2])


def note(server, user, message="m"):
    """The id of a notification with this message."""
    return publish(server, user, data=NOTE | {"message": message})["id"]


def progress(server, user, audio, percent):
    """The id of an upload's progress."""
    return publish(server, user, "upload_progress", {
        "audio_id": audio, "progress": percent, "status": "Uploading..."})["id"]


def inform(server, query="", **members):
    """How many connections a broadcast with a title reached."""
    body = {"type": "system_announcement", "title": "Maintenance Notice"} | members
    return admin(server, f"POST /ws/broadcast{query}", body)["delivered"]


def exam(server, line, body=None, by=PROCTOR, status=200):
    """What a proctor is answered about a test session: `line` is `METHOD ID`."""
    method, name = line.split(" ", 1)
    response = http_request(
        server, f"{method} /ws/test-sessions/{quote(name, safe='')}", body, by)
    assert response[0] == status, response
    return json.loads(response[2])


# Test sessions, whose timers come between anything.

def quiet(client):
    """What the server sent so far, timers aside."""
    return [message for message in client.waiting() if message["type"] != "timer_update"]


def ask(client, **message):
    """The answer, timers aside."""
    client.say(**message)
    while (answer := client.receive())["type"] == "timer_update":
        pass
    return answer
