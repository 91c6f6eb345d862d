"""DEFLATE_MEMORY: it bounds all connections together, and whoever finds none of it shares."""

import json
import re
import time

from deflate import FORGETFUL, NAME, pool
from helpers import QUICK
from preload import needs_preload, preloaded
from server import SLOWNESS, run_once

TOO_LITTLE = {"DEFLATE_MEMORY": "64k", "DEFLATE_WINDOW_BITS": 15}


def needed(start_line):
    """What the shared streams take, as the refused start says."""
    return int(re.search(r"at least (\d+)", start_line)[1])


def test_too_little_memory_is_said_at_the_start():
    ended = run_once("--check-config", settings=TOO_LITTLE)
    assert ended.returncode == 78
    assert ended.stderr.startswith('DEFLATE_MEMORY="64k": too little for DEFLATE_WINDOW_BITS (15)')
    assert run_once("--check-config", settings=TOO_LITTLE | {
        "DEFLATE_MEMORY": needed(ended.stderr)}).returncode == 0


@needs_preload
def test_a_zlib_that_takes_more_than_planned_is_named(start, open_raw, tmp_path):
    server = start(**QUICK, DEFLATE_MEMORY="256k", LD_PRELOAD=preloaded("greedy", tmp_path))
    one = open_raw(server)
    assert one.agreed is None
    one.frame(1, b"hello " * 50)
    assert one.read() == (b"hello " * 50, False)
    assert "nothing is compressed" in server.log and "DEFLATE_MEMORY" in server.log


def test_without_memory_nobody_compresses(start, open_raw):
    one = open_raw(start(**QUICK, DEFLATE_MEMORY=0))
    assert one.agreed is None
    one.frame(1, b"hello " * 50)
    assert one.read() == (b"hello " * 50, False)


def test_who_finds_no_memory_shares_until_somebody_leaves(start, open_raw):
    server = start(**QUICK, DEFLATE_MEMORY="256k")
    message = b'{"type":"message","content":"hello"}' * 10
    crowd = []
    while not crowd or crowd[-1].agreed != FORGETFUL:
        crowd.append(open_raw(server))
        assert len(crowd) < 20
    assert crowd[0].agreed == NAME
    for _ in range(3):
        for one in crowd:
            one.press(message)
            assert one.read() == (message, True)
    crowd[0].close()
    time.sleep(0.2 * SLOWNESS)
    assert open_raw(server).agreed == NAME
    figures = pool(server)
    assert figures["inuse"] <= figures["size"] == 256 << 10


def test_a_mixed_crowd_hears_the_same(start, open_raw):
    server = start(**QUICK, WEBSOCKET_MAX_MESSAGE_SIZE="4k")
    offers = [None, NAME, FORGETFUL, FORGETFUL, f"{FORGETFUL}; server_max_window_bits=9",
              f"{NAME}; server_max_window_bits=10", None, NAME, FORGETFUL]
    crowd = [open_raw(server, offer, "/ws/lobby") for offer in offers]
    for one in crowd:  # joins and lists of names
        one.frame(1, b'{"type":"ping"}')
        while b'"pong"' not in one.read()[0]:
            pass
    rounds = 30
    for number in range(rounds):
        sender = crowd[number % len(crowd)]
        said = json.dumps({"type": "message", "room": "lobby",
                           "content": f"{number} " * (number * 7)}).encode()
        if sender.agreed:
            sender.press(said)
        else:
            sender.frame(1, said)
        heard = []
        for one in crowd:
            # Who came early may still have others' comings to read.
            while b'"message"' not in (got := one.read())[0]:
                pass
            heard.append(got)
        assert len({message for message, _ in heard}) == 1
        assert json.loads(heard[0][0])["content"] == f"{number} " * (number * 7)
        assert [compressed for _, compressed in heard] == [bool(offer) for offer in offers]
        # Those who share got the same bytes.
        assert len({crowd[n].sizes[-1] for n in (2, 3, 8)}) == 1
        assert crowd[1].sizes[-1] <= crowd[2].sizes[-1] < crowd[0].sizes[-1]


def test_many_come_and_go_and_all_memory_comes_back(press, open_raw):
    before = pool(press)["inuse"]
    for number in range(200):
        one = open_raw(press, [NAME, FORGETFUL, f"{NAME}; server_max_window_bits=9"][number % 3])
        one.press(b"hello " * 30)
        assert one.read() == (b"hello " * 30, True)
        one.close()
    time.sleep(0.3 * SLOWNESS)
    assert pool(press)["inuse"] <= before
