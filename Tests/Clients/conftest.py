"""What the tests of the clients share: a server with default settings, and others on demand."""

import itertools
from urllib.parse import quote

import pytest

pytest.register_assert_rewrite("clients", "deflate", "helpers")
# pylint: disable=wrong-import-position
from clients import AiohttpClient, WebsocketsClient
from deflate import NAME, Deflated
from helpers import BRIEF, QUICK, enter
from secure import make_certificate
from server import UNLIMITED, Server
from tokens import new_key, token


@pytest.fixture(scope="session", name="server")
def default_server():
    """One server for every test that needs no settings of its own; only its rates are raised."""
    with Server(**UNLIMITED) as running:
        yield running


@pytest.fixture(scope="session", name="gate")
def server_with_a_key():
    """The same for every test that needs tokens: they are made with SECRET."""
    with Server(**QUICK, TEST_MAX_SESSIONS=1000) as running:
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


@pytest.fixture(name="own")
def own_server(start):
    """A server of the test's own, where every connection is one of its own."""
    return start(**QUICK)


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


@pytest.fixture(name="visit")
def visitor(gate, connect):
    """Opens connections of named users: the user's id is the name, the display name in capitals."""
    def visit(name, server=gate, path="/ws"):
        return connect(server, path, token=token(name, username=name.upper()))
    return visit


@pytest.fixture(name="follow")
def follower(gate, connect):
    """Opens connections for a user's events, whose greeting has been read."""
    def follow(user, server=gate, last=None, **options):
        query = "" if last is None else f"?last_event_id={last}"
        options = {"token": token(user)} | options
        one = connect(server, f"/api/v1/ws/{quote(user, safe='')}{query}", **options)
        one.greeting = one.receive()
        return one
    return follow


@pytest.fixture(name="typed")
def typed_opener(gate, connect):
    """Opens typed connections of named users, as `visit` does; the greeting has been read."""
    def typed(kind, user, room=None, server=gate, **claims):
        query = "" if room is None else f"&room={quote(room, safe='')}"
        one = connect(server, f"/ws?connection_type={kind}{query}",
                      token=token(user, **({"username": user.upper()} | claims)))
        one.greeting = one.receive()
        assert one.greeting["type"] == "connection_established"
        return one
    return typed


@pytest.fixture(name="sit")
def participant(typed, room):
    """Opens connections to the test's session; `ready` is what came behind the greeting."""
    def sit(user, where=None, **options):
        one = typed("test-session", user, where or room, **options)
        one.ready = one.receive()
        assert one.ready["type"] == "test_session_ready"
        return one
    return sit


@pytest.fixture(name="watch")
def proctor(sit):
    """The same for a proctor."""
    def watch(user="the proctor", **options):
        return sit(user, role="proctor", **options)
    return watch


@pytest.fixture(name="pair")
def two_members(visit, room):
    """Ann and Bob in one room, with all that was said of their coming read."""
    ann, bob = visit("ann"), visit("bob")
    enter(ann, room)
    enter(bob, room)
    assert ann.receive()["type"] == "join"
    return ann, bob


@pytest.fixture(scope="session", name="keys")
def all_keys():
    """A private key for each algorithm with public keys, and another one of its kind."""
    rsa, *curves = [(new_key(name), new_key(name)) for name in ("RS256", "ES256", "ES384")]
    return dict(zip(("ES256", "ES384"), curves)) | dict.fromkeys(
        ("RS256", "RS384", "RS512", "PS256"), rsa)


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


@pytest.fixture(name="begin")
def starter_in_one_directory(start, tmp_path):
    """Starts a server on the test's own state directory; the one before has to have ended."""
    def begin(**settings):
        return start(**(BRIEF | {"STATE_DIRECTORY": tmp_path / "state"} | settings))
    return begin


@pytest.fixture(scope="session", name="press")
def server_that_compresses():
    """One server for what compresses messages of some size."""
    with Server(**QUICK, WEBSOCKET_MAX_MESSAGE_SIZE="60k") as running:
        yield running


@pytest.fixture(name="open_raw")
def opener_of_raw_clients():
    """Opens raw clients that compress."""
    opened = []

    def open_raw(server, offer=NAME, path="/echo"):
        opened.append(Deflated(server, offer, path))
        return opened[-1]

    yield open_raw
    for one in opened:
        one.close()


@pytest.fixture(scope="session", name="certificate")
def self_signed(tmp_path_factory):
    return make_certificate(tmp_path_factory.mktemp("tls"), "gateway.local")
