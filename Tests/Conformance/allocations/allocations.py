"""allocations.py PROGRAM...: does anything take memory after start?

Each program runs under count.c. Every family plays some messages first, since C libraries may set
themselves up once; what they ask of the heap while the others play is counted. mbedTLS as Debian
builds it can be given no memory of ours: for public keys its calls are counted apart, and named.
"""

import argparse
import sys
import tempfile
from pathlib import Path

import families
import tokens
from heap import Heap
from server import Server, run_once
from wire import Fault

WARM_UP = 512
# Who may take memory, and in which families: a tenth of the messages will do to name it.
KNOWN = {"with RS256": ("libmbedcrypto.",), "with ES256": ("libmbedcrypto.",)}
SETTINGS = {
    "JWT_SECRET": tokens.SECRET, "PERSIST_INTERVAL": "10ms", "WEBSOCKET_SHUTDOWN_WAIT": "0s",
    "WEBSOCKET_PING_PERIOD": "1s", "WEBSOCKET_HEARTBEAT_INTERVAL": "100ms",
    "WEBSOCKET_PONG_WAIT": "1h", "WEBSOCKET_CONNECTION_TIMEOUT": "1h",
    "WEBSOCKET_MAX_ROOM_MEMBERS": 200, "USER_QUEUE_LENGTH": 20, "WEBSOCKET_ROOM_HISTORY": 50}


def keys(directory):
    """Settings for one key of each kind; the scenes get their tokens."""
    found = {}
    for algorithm, scene in (("RS256", families.ComingsRS256), ("ES256", families.ComingsES256)):
        found[algorithm] = tokens.new_key(algorithm)
        scene.token = tokens.token("7", found[algorithm], algorithm, {"kid": algorithm})
    path = Path(directory, "keys.json")
    path.write_text(tokens.jwks(*(tokens.jwk(key, name, name) for name, key in found.items())))
    return {"JWT_JWKS_FILE": path}


def play(heap, server, name, messages):
    """Whether the family left the heap alone; says what it did."""
    try:
        scene = families.SCENES[name](server.port)
        scene.play(WARM_UP)
        known = KNOWN.get(name, ())
        messages = messages // 10 if known else messages
        heap.begin(server.pid, known)
        scene.play(messages)
        calls, apart = heap.end()
    except (Fault, OSError) as fault:
        heap.end()
        print(f"  FAIL  {name}: {fault}\n{server.log[-600:]}", flush=True)
        return False
    total = sum(calls.values())
    said = ", ".join(f"{count} {kind}" for kind, count in calls.items() if count) or "0"
    said += f", beside {apart} of {known[0]}so" if apart else ""
    print(f"  {'FAIL' if total else 'ok  '}  {name}: {said}, {messages} messages", flush=True)
    for kind, size, frames in heap.places(server.pid) if total else []:
        print(f"        {kind}({size})")
        for frame in frames[:8]:
            print(f"          {frame}")
    return total == 0


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("programs", nargs="+")
    parser.add_argument("--library", required=True, help="count.c as a shared library")
    parser.add_argument("--messages", type=int, default=10000)
    parser.add_argument("--families", help="names, separated by commas; all by default")
    options = parser.parse_args()
    names = options.families.split(",") if options.families else list(families.SCENES)
    passed = failed = 0
    for program in options.programs:
        print(f"  {run_once('--version', command=program).stdout.splitlines()[0]}", flush=True)
        with tempfile.TemporaryDirectory() as directory:
            heap = Heap(directory, options.library)
            with Server(program, **SETTINGS, **keys(directory), **heap.settings) as server:
                for name in names:
                    good = play(heap, server, name, options.messages)
                    passed, failed = passed + good, failed + (not good)
    print(f"{passed} passed, {failed} failed")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
