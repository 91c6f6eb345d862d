"""Chromium: a page of another origin, listed or not, opens a WebSocket and fetches by CORS."""

import functools
import http.server
import json
import os
import pathlib
import threading
from urllib.parse import quote

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.support.ui import WebDriverWait
from server import UNLIMITED, Server
from tokens import ADMIN, SECRET

FLAGS = ["--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]


class Pages(http.server.SimpleHTTPRequestHandler):
    """The files beside this one."""

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module", name="pages")
def page_servers():
    """Two origins that serve the page: the first is listed, the other is foreign."""
    serve = functools.partial(Pages, directory=pathlib.Path(__file__).parent)
    servers = [http.server.ThreadingHTTPServer(("127.0.0.1", 0), serve) for _ in range(2)]
    for one in servers:
        threading.Thread(target=one.serve_forever, daemon=True).start()
    yield [f"http://127.0.0.1:{one.server_port}" for one in servers]
    for one in servers:
        one.shutdown()
        one.server_close()


@pytest.fixture(scope="module", name="chromium")
def headless_chromium():
    os.environ["SE_OFFLINE"] = "true"
    options = webdriver.ChromeOptions()
    for flag in FLAGS:
        options.add_argument(flag)
    driver = webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))
    yield driver
    driver.quit()


@pytest.fixture(scope="module", name="show")
def page_shower(pages, chromium):
    """What the page of an origin found out about a server that lists the first origin."""
    with Server(**UNLIMITED, JWT_SECRET=SECRET, WEBSOCKET_ALLOWED_ORIGINS=pages[0]) as server:
        def show(origin, page="page.html", path="/ws/auth"):
            orders = {"ws": server.url(path), "http": server.url("", "http"), "token": ADMIN}
            chromium.get("about:blank")
            chromium.get(f"{origin}/{page}#{quote(json.dumps(orders))}")
            WebDriverWait(chromium, 20).until(lambda driver: driver.title.startswith("{"))
            return json.loads(chromium.title)
        yield show


def test_listed_origin(pages, show):
    found = show(pages[0])
    talk = found["talk"]
    assert (talk["protocol"], talk["code"]) == ("bearer", 1000)
    assert [message["type"] for message in talk["messages"]] == ["join", "user_list", "message"]
    assert {message["room"] for message in talk["messages"]} == {"ä€"}
    assert talk["messages"][2]["content"] == "from a browser"
    assert found["stats"]["status"] == 200
    assert "total_connections" in found["stats"]["body"]
    assert found["broadcast"] == {"status": 200, "body": {"delivered": 0}}
    assert found["missing"]["status"] == 404
    assert set(found["missing"]["body"]) == {"error", "message"}


def test_foreign_origin(pages, show):
    """The WebSocket does not open, and the page can neither read nor change a thing."""
    found = show(pages[1])
    assert found["talk"] == {"protocol": "", "messages": [], "code": 1006}
    assert [found[name] for name in ("stats", "broadcast", "missing")] == [
        {"error": "TypeError"}] * 3


def test_user_events_and_typed_connections(pages, show):
    """A page listens, and is its own backend by CORS: all as the two documents show it."""
    found = show(pages[0], "families.html", "")
    types = {name: [message["type"] for message in one["messages"]]
             for name, one in found.items()}
    assert types == {
        "events": ["connection", "pong", "subscribed", "upload_progress", "analysis_status"],
        "general": ["connection_established", "pong", "echo", "room_joined", "room_message"],
        "notifications": ["connection_established", "notification", "notification_read"],
        "exam": ["connection_established", "test_session_ready", "session_status",
                 "session_status"],
        "chat": ["connection_established", "chat_message"],
    }
    assert {one["code"] for one in found.values()} == {1000}
    assert [one["answer"]["status"] for name, one in found.items() if one["answer"]] == [
        202, 200, 201]
    assert found["events"]["messages"][3]["data"]["progress"] == 65.5
    assert found["chat"]["messages"][1]["message"] == "ä€ from a browser"
    assert found["exam"]["messages"][3]["state"] == "running"


def test_families_from_a_foreign_origin(pages, show):
    for one in show(pages[1], "families.html", "").values():
        assert (one["messages"], one["code"]) == ([], 1006)
        assert one["answer"] in (None, {"error": "TypeError"})
