"""The echo path through third-party clients: every message comes back as it was."""

import pytest

MESSAGES = {
    "empty text": "",
    "empty binary": b"",
    "ASCII": "hello",
    "two, three and four bytes a character": "ä€𝄞" * 30,
    "zero characters": "\0" * 10,
    "every byte": bytes(range(256)),
    "125 bytes": b"a" * 125,
    "126 bytes": b"a" * 126,
    "the largest message": "x" * 512,
}


@pytest.mark.parametrize("name", MESSAGES)
def test_message_comes_back(server, connect, name):
    client = connect(server, "/echo")
    client.send(MESSAGES[name])
    assert client.receive_message() == MESSAGES[name]


def test_order_is_kept(server, connect):
    client = connect(server, "/echo")
    sent = [str(number) * (number % 100) if number % 3 else bytes([number % 256] * (number % 512))
            for number in range(400)]
    for message in sent:
        client.send(message)
    assert [client.receive_message() for _ in sent] == sent


def test_connections_do_not_mix(server, connect):
    clients = [connect(server, "/echo") for _ in range(50)]
    for number, client in enumerate(clients):
        client.send(f"client {number}")
    assert [client.receive_message() for client in clients] == [
        f"client {number}" for number in range(50)]
