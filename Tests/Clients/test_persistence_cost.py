"""What is written to the disk, and how often."""

import time

from clients import http_request
from helpers import NOTE, note, publish
from test_metrics import metrics
from tokens import token

NAMES = {"active", "batches_total", "failures_total", "written_bytes_total", "syncs_total",
         "size_bytes", "damaged_files_total"}


def disk(server, name):
    return metrics(server)[f"martlet_persist_{name}"]


def test_metrics(begin):
    server = begin()
    before = metrics(server)
    assert {f"martlet_persist_{name}" for name in NAMES} <= set(before)
    assert before["martlet_persist_active"] == 1
    for number in range(5):
        note(server, "7", str(number))
    after = metrics(server)
    grown = {name: after[f"martlet_persist_{name}"] - before[f"martlet_persist_{name}"]
             for name in NAMES}
    assert 5 <= grown["batches_total"] <= 7 and grown["syncs_total"] >= 5
    assert grown["written_bytes_total"] > 5 * len(str(NOTE))
    assert grown["failures_total"] == grown["damaged_files_total"] == 0
    assert after["martlet_persist_size_bytes"] > 0


def test_card_wear(begin, connect, user):
    """However fast emotions change, there are few groups: at most one in PERSIST_INTERVAL."""
    server = begin(PERSIST_INTERVAL="500ms")
    client = connect(server, "/api/ws", token=token(user))
    client.receive()
    before, began = disk(server, "batches_total"), time.monotonic()
    for number in range(1000):
        client.ask(type="emotion_update", emotion=f"e{number}")
    groups, took = disk(server, "batches_total") - before, time.monotonic() - began
    assert groups <= took / 0.5 + 2
    server.stop()
    again = connect(begin(), "/api/ws", token=token(user))
    assert again.until("emotion_update")["emotion"] == "e999"


def test_nothing_is_written_for_nothing(begin, connect, typed, visit, room):
    """Rooms, chat, pings and steps leave the card alone."""
    server = begin()
    before = metrics(server)
    clients = [visit("ann", server, f"/ws/{room}"), typed("chat", "ann", room, server),
               typed("general", "ann", server=server), connect(server, "/ws/realtime")]
    for client in clients[:3]:
        client.waiting()
    clients[1].ask(type="send_message", message="x")
    assert publish(server, None)["id"] is None
    assert http_request(server, "GET /health")[0] == 200
    time.sleep(0.2)
    after = metrics(server)
    assert after["martlet_persist_batches_total"] == before["martlet_persist_batches_total"]
