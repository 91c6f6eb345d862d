"""What a client does with the board: health, tokens, steps and events, over its forwarded ports."""

import asyncio
import http.client
import json
from urllib.parse import quote

from client import Session  # of Tests/Conformance/replay
from signals import walk
from websockets.sync.client import connect

PLAIN, SECURE = 18000, 18443  # on this machine; 8000 and 8443 on the board


def request(method, path, token=None, body=None):
    """The status and the JSON of an answer; None when there is none."""
    connection = http.client.HTTPConnection("127.0.0.1", PLAIN, timeout=20)
    try:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        connection.request(method, path, json.dumps(body) if body else None, headers)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def healthy():
    answer = request("GET", "/health")
    return answer is not None and answer[0] == 200 and answer[1]["status"] == "healthy"


def count(url, steps=60):
    """Walks so many steps of a signal of our own; how many the board counted."""
    async def session():
        async with Session(url) as one:
            await one.configure(rate=50)
            return len(await one.binary_batches(walk(7, steps).sampled(50)))
    return asyncio.run(asyncio.wait_for(session(), 120))


def publish(token, user, title):
    """Tells a user something while nobody listens; it is kept once this is answered."""
    answer = request("POST", f"/api/v1/users/{user}/events", token, {
        "type": "notification", "data": {"title": title, "message": "kept", "level": "info"}})
    return answer is not None and answer[0] == 202


def titles(token, user):
    """The titles of all that is kept for a user."""
    url = f"ws://127.0.0.1:{PLAIN}/api/v1/ws/{user}?last_event_id=0&token={quote(token)}"
    found = []
    with connect(url, open_timeout=30) as socket:
        try:
            while True:
                message = json.loads(socket.recv(timeout=10))
                if message["type"] == "notification":
                    found.append(message["data"]["title"])
        except TimeoutError:
            return found
