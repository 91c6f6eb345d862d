"""What the tests of the clients share: a server with default settings, and others on demand."""

import itertools

import pytest

pytest.register_assert_rewrite("clients")
# pylint: disable=wrong-import-position
from clients import AiohttpClient, WebsocketsClient
from server import UNLIMITED, Server
from tokens import SECRET


@pytest.fixture(scope="session", name="server")
def default_server():
    """One server for every test that needs no settings of its own; only its rates are raised."""
    with Server(**UNLIMITED) as running:
        yield running


@pytest.fixture(scope="session", name="gate")
def server_with_a_key():
    """The same for every test that needs tokens: they are made with SECRET."""
    with Server(**UNLIMITED, JWT_SECRET=SECRET) as running:
        yield running


@pytest.fixture(name="start")
def starter():
    """Starts servers with settings of the test's own and ends them with the test."""
    running = []

    def start(**settings):
        running.append(Server(**settings))
        return running[-1]

    yield start
    for one in running:
        one.__exit__(None, None, None)


@pytest.fixture(params=[WebsocketsClient, AiohttpClient], ids=["websockets", "aiohttp"],
                name="connect")
def connector(request):
    """Opens connections with one third-party client after the other."""
    opened = []

    def connect(server, path="/ws/realtime", **options):
        opened.append(request.param(server.url(path), **options))
        return opened[-1]

    yield connect
    for one in opened:
        one.close()


@pytest.fixture(name="session")
def open_session(server, connect):
    """A step session whose greeting has been read."""
    one = connect(server)
    one.started = one.receive()
    return one


numbers = itertools.count(1)


@pytest.fixture(name="room")
def room_name():
    """A room that no other test uses."""
    return f"room-{next(numbers)}"


@pytest.fixture(name="user")
def user_id():
    """A user that no other test knows, as text."""
    return str(1000 + next(numbers))
