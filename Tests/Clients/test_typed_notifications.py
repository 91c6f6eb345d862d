"""PROTOCOL section 8: notifications, published by an admin's broadcast and read by their user."""

import json
import time

import pytest
from clients import check_error, http_request
from helpers import BRIEF, QUICK, admin, inform, is_error, is_now_in_text
from tokens import ADMIN

ANNOUNCEMENT = {
    "type": "system_announcement", "title": "Maintenance Notice",
    "message": "System will be down for maintenance in 30 minutes", "priority": "high"}


@pytest.fixture(name="listen")
def listener(typed):
    """Opens notifications connections."""
    def listen(user, **options):
        return typed("notifications", user, **options)
    return listen


def to(user):
    return f"?user_id={user}"


def titles(client):
    return [message["title"] for message in client.waiting()]


@pytest.mark.parametrize("query", ["?user_id={}", "?connection_type=notifications&user_id={}"])
def test_notification(gate, listen, user, query):
    """The document's body, as the document's client reads it."""
    client = listen(user)
    assert admin(gate, f"POST /ws/broadcast{query.format(user)}", ANNOUNCEMENT) == {"delivered": 1}
    message = client.receive()
    assert is_now_in_text(message.pop("timestamp"))
    assert type(message["id"]) is int
    assert message == {
        "type": "notification", "id": message["id"], "title": ANNOUNCEMENT["title"],
        "message": ANNOUNCEMENT["message"], "priority": "high"}
    assert client.waiting() == []


@pytest.mark.parametrize("priority", ["low", "normal", "high", "urgent"])
def test_priority(gate, listen, user, priority):
    client = listen(user)
    inform(gate, to(user), priority=priority)
    assert client.receive()["priority"] == priority


def test_defaults(gate, listen, user):
    client = listen(user)
    inform(gate, to(user), title="ä€𝄞\0\"")
    message = client.receive()
    assert (message["title"], message["message"], message["priority"]) == (
        "ä€𝄞\0\"", "", "normal")


@pytest.mark.parametrize("members", [
    {"priority": "highest"}, {"priority": "High"}, {"priority": ""}, {"priority": 1},
    {"priority": None}, {"priority": []}, {"message": 1}, {"message": None}, {"message": {}},
], ids=json.dumps)
@pytest.mark.parametrize("filters", ["user_id={}", "user_id={}&connection_type=notifications"])
def test_bad_notification(gate, listen, user, members, filters):
    """422, and nobody has it, now or later."""
    client = listen(user)
    line = f"POST /ws/broadcast?{filters.format(user)}"
    check_error(http_request(gate, line, ANNOUNCEMENT | members, ADMIN), 422)
    assert client.waiting() == []
    assert listen(user).waiting() == []


def test_ids_grow(gate, listen, user):
    """One counter, from the server's start in microseconds."""
    one, other = listen(user), listen(user + "0")
    for number in range(6):
        inform(gate, to((user, user + "0")[number % 2]), title=str(number))
    found = sorted((message["id"], message["title"])
                   for client in (one, other) for message in client.waiting())
    assert [title for _, title in found] == [str(number) for number in range(6)]
    assert len({number for number, _ in found}) == 6
    assert time.time() - 86400 < found[0][0] / 1e6 < time.time() + 1


def test_every_connection_of_the_user_and_nobody_elses(gate, listen, typed, visit, user):
    """Of the notifications type: those of other types get the body as it is (section 9)."""
    devices, other = [listen(user) for _ in range(3)], listen(user + "0")
    general, visitor = typed("general", user), visit(user)
    assert inform(gate, f"{to(user)}&connection_type=notifications") == 3
    assert len({json.dumps(device.receive()) for device in devices}) == 1
    assert other.waiting() == general.waiting() == visitor.waiting() == []
    assert inform(gate, to(user)) == 5
    assert {client.receive()["type"] for client in devices} == {"notification"}
    assert general.receive()["type"] == visitor.receive()["type"] == "system_announcement"


# While away.

def test_unread_ones_wait(gate, listen, user):
    assert [inform(gate, to(user), title=title) for title in "abc"] == [0] * 3
    inform(gate, to(user + "0"), title="another's")
    for _ in range(2):  # until they are marked: on each connection
        client = listen(user)
        messages = client.waiting()
        assert [message["title"] for message in messages] == ["a", "b", "c"]
        assert sorted(message["id"] for message in messages) == [
            message["id"] for message in messages]
        assert {message["type"] for message in messages} == {"notification"}


def test_what_is_sent_again_is_the_same(gate, listen, user):
    first = listen(user)
    inform(gate, to(user))
    text = first.receive_message()
    assert listen(user).receive_message() == text


@pytest.mark.parametrize("query", ["&room=lobby", "&connection_type=general",
                                   "&connection_type=rooms"])
def test_what_is_for_others_is_no_notification(gate, listen, user, query):
    client = listen(user)
    assert inform(gate, to(user) + query) == 0
    assert client.waiting() == []
    assert listen(user).waiting() == []


def test_to_everybody(own, listen, typed):
    """One for each user with a notifications connection: away ones get none, each marks theirs."""
    ann, ann_too, bob = listen("ann", server=own), listen("ann", server=own), listen(
        "bob", server=own)
    general = typed("general", "cat", server=own)
    assert inform(own, "?connection_type=notifications") == 3
    assert general.waiting() == []
    message = ann.receive()
    assert ann_too.receive() == message
    bobs = bob.receive()
    assert inform(own, title="again") == 4
    assert general.receive()["title"] == "again"
    assert [titles(client) for client in (ann, ann_too, bob)] == [["again"]] * 3
    assert ann.ask(type="mark_notification_read",
                   notification_id=message["id"])["type"] == "notification_read"
    assert titles(listen("ann", server=own)) == ["again"]
    assert titles(listen("bob", server=own)) == ["Maintenance Notice", "again"]
    assert listen("cat", server=own).waiting() == []
    assert bob.ask(type="mark_notification_read",
                   notification_id=bobs["id"])["type"] == "notification_read"


def test_a_body_without_a_title_is_no_notification(gate, listen, user):
    """It goes to the connection as it is, and is not kept."""
    client = listen(user)
    assert admin(gate, f"POST /ws/broadcast{to(user)}", {"type": "note", "x": 1}) == {
        "delivered": 1}
    message = client.receive()
    assert is_now_in_text(message.pop("timestamp"))
    assert message == {"type": "note", "x": 1}
    assert listen(user).waiting() == []


# Read.

@pytest.mark.parametrize("form", [int, str])
def test_mark(gate, listen, user, form):
    """As documented: told to all of the user's connections, and not sent again."""
    one, other, stranger = listen(user), listen(user), listen(user + "0")
    for title in "abc":
        inform(gate, to(user), title=title)
    ids = [message["id"] for message in one.waiting()]
    other.waiting()
    one.say(type="mark_notification_read", notification_id=form(ids[1]))
    for client in (one, other):
        answer = client.receive()
        assert is_now_in_text(answer.pop("timestamp"))
        assert str(answer.pop("notification_id")) == str(ids[1])
        assert answer == {"type": "notification_read"}
    assert stranger.waiting() == []
    assert titles(listen(user)) == ["a", "c"]


def test_marking_all_in_any_order(gate, listen, user):
    client = listen(user)
    for number in range(10):
        inform(gate, to(user), title=str(number))
    ids = [message["id"] for message in client.waiting()]
    for one in ids[::2] + ids[1::2][::-1]:
        client.ask(type="mark_notification_read", notification_id=one)
    assert listen(user).waiting() == []
    inform(gate, to(user), title="new")
    assert titles(listen(user)) == ["new"]


@pytest.mark.parametrize("one", [
    0, 1, -1, 1.5, 1e300, 12345678901234567890123, "", "x", "1x", " 1", "0", None, True, [], {}],
    ids=json.dumps)
def test_an_unknown_id(gate, listen, user, one):
    client, other = listen(user), listen(user)
    inform(gate, to(user), title="a")
    client.receive()
    other.receive()
    assert is_error(client.ask(type="mark_notification_read", notification_id=one))
    assert other.waiting() == []
    assert titles(listen(user)) == ["a"]


def test_a_missing_id(listen, user):
    assert is_error(listen(user).ask(type="mark_notification_read"))


def test_another_users_notification(gate, listen, user):
    """It can be neither seen nor marked: the answer is that of an unknown id."""
    owner, thief = listen(user), listen(user + "0")
    inform(gate, to(user), title="mine")
    one = owner.receive()["id"]
    answer = thief.ask(type="mark_notification_read", notification_id=one)
    assert is_error(answer)
    unknown = thief.ask(type="mark_notification_read", notification_id=one + 1000)
    assert answer["message"] == unknown["message"]
    assert owner.waiting() == []
    assert titles(listen(user)) == ["mine"]


def test_marking_by_two_devices_at_once(gate, listen, user):
    """Both hear of it; whoever comes second is told something, and it is read once."""
    one, other = listen(user), listen(user)
    inform(gate, to(user))
    number = one.receive()["id"]
    other.receive()
    one.say(type="mark_notification_read", notification_id=number)
    other.say(type="mark_notification_read", notification_id=number)
    for client in (one, other):
        kinds = [message["type"] for message in client.waiting()]
        assert kinds[0] == "notification_read" and set(kinds) <= {"notification_read", "error"}
    assert listen(user).waiting() == []


@pytest.mark.parametrize("message", [
    {"type": "notification", "title": "x"}, {"type": "echo", "message": 1},
    {"type": "join_room", "room": "x"}, {"type": "system_announcement", "title": "x"},
], ids=json.dumps)
def test_a_client_publishes_nothing(listen, user, message):
    client, other = listen(user), listen(user)
    assert is_error(client.ask(**message))
    assert client.waiting() == other.waiting() == []


# Bounds.

def test_the_oldest_goes_first(start, listen, user):
    server = start(**QUICK, USER_QUEUE_LENGTH=3)
    for title in "abcde":
        inform(server, to(user), title=title)
    inform(server, to(user + "0"), title="x")
    assert titles(listen(user, server=server)) == ["c", "d", "e"]
    assert titles(listen(user + "0", server=server)) == ["x"]


def test_time_to_live(start, listen, user):
    server = start(**QUICK, USER_QUEUE_TTL="2s")
    inform(server, to(user), title="old")
    time.sleep(1.2)
    inform(server, to(user), title="new")
    time.sleep(1.2)
    assert titles(listen(user, server=server)) == ["new"]
    time.sleep(1.2)
    assert titles(listen(user, server=server)) == []


def test_a_restart(start, listen, user, tmp_path):
    """Unread ones stay, read ones stay away, and ids go on."""
    first = start(**BRIEF, STATE_DIRECTORY=tmp_path)
    client = listen(user, server=first)
    for title in "abc":
        inform(first, to(user), title=title)
    ids = [message["id"] for message in client.waiting()]
    client.ask(type="mark_notification_read", notification_id=ids[1])
    first.stop()
    second = start(**BRIEF, STATE_DIRECTORY=tmp_path)
    again = listen(user, server=second)
    messages = again.waiting()
    assert [(message["title"], message["id"]) for message in messages] == [
        ("a", ids[0]), ("c", ids[2])]
    inform(second, to(user), title="d")
    assert again.receive()["id"] > ids[2]
    assert is_error(again.ask(type="mark_notification_read", notification_id=ids[1]))
    assert again.ask(type="mark_notification_read",
                     notification_id=ids[0])["type"] == "notification_read"
