"""The gate of instructions: what each kind of message costs the server's own code.

Each count is the difference of two runs, so that it holds nothing of start and end. One connection
speaks and waits, so every turn of the server is the same. What is left to chance: a timer may fall
into a run, and glibc chooses its memcpy by the processor that Valgrind shows it.
"""

import argparse
import base64
import hmac
import json
import os
import sys
from pathlib import Path

from .cases import MESSAGE, STEP, Case, echo, talk
from .measure import Bench, LoadError
from .peers import QUIET, PeerError
from .roster import OURS, martlet

TOLERANCE = 0.03
FILE = Path(__file__).resolve().parent.parent / "instructions"
EMBEDDED = ".build/cross/amd64/martlet"
MEMBERS = 100
HEAD = """# User instructions a message, of Tests/Benchmarks/instructions-check: 3 % more fails.
# Made by its --update; the machine has AVX2. A room's message is counted once a member.
"""


def token():
    """For an hour in the year 2099, the same in each run."""
    def encoded(data):
        return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
    text = ".".join(encoded(json.dumps(part).encode()) for part in (
        {"alg": "HS256", "typ": "JWT"}, {"sub": "1", "exp": 4070912400}))
    return f"{text}.{encoded(hmac.digest(QUIET['JWT_SECRET'].encode(), text.encode(), 'sha256'))}"


def cases():
    """(name, case, few, many): how many messages the two runs have.

    They are no more than it takes for counting twice to differ by less than 0.5 % (--twice).
    """
    room = Case("room", "room", ["fanout", "--connections", str(MEMBERS), "--payload", "64",
                                 "--depth", "1", "--expect", MESSAGE])
    texts = talk("JSON", "text", "echo_json", '{"type":"echo"', connections=1)
    texts.arguments += ["--payload", "200"]
    return [
        ("echo 20 B", echo(1, 20, 1), 500, 2500),
        ("echo 125 B d16", echo(1, 125, 16), 1600, 8000),
        ("echo 16 KiB", echo(1, 16384, 1), 100, 500),
        ("JSON step sample", talk("step", "step", "step", STEP, connections=1), 960, 2880),
        ("room delivery", room, 20, 220),
        ("JSON parse", texts, 300, 1500),
    ]


def read():
    """Counts by case and build."""
    known = {}
    for line in FILE.read_text("utf-8").splitlines() if FILE.exists() else []:
        if line and not line.startswith("#"):
            build, count, name = line.split(None, 2)
            known[name, build] = int(count)
    return known


def write(known):
    FILE.write_text(HEAD + "".join(
        f"{build:<9} {count:>7}  {name}\n" for (name, build), count in known.items()), "utf-8")


def count(bench, peer, rows):
    for name, case, few, many in rows:
        try:
            yield name, bench.instructions(peer, case, few, many)
        except (LoadError, PeerError) as fault:
            print(f"  FAIL  {name}: {fault}")
            yield name, None


def judge(name, build, found, known, twice):
    """Whether the count is good; says how it stands."""
    limit = known.get((name, build))
    off = f", {found / limit - 1:+.1%}" if limit else ""
    again = f", the second time {twice / found - 1:+.2%}" if twice else ""
    good = limit is not None and found <= limit * (1 + TOLERANCE)
    print(f"  {'ok  ' if good else 'FAIL'}  {build}, {name}: {found:.0f} instructions{off}{again}"
          + ("" if limit else ": not in the file"), flush=True)
    return good


def main():
    parser = argparse.ArgumentParser(prog="Tests/Benchmarks/instructions-check")
    parser.add_argument("--built", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--update", action="store_true")
    parser.add_argument("--twice", action="store_true")
    options = parser.parse_args()
    OURS["text"] = ["--path", "/ws?connection_type=general", "--token", token()]
    programs = {"ordinary": Path(options.built, "martlet-bare"),
                "embedded": Path(__file__).resolve().parents[3] / EMBEDDED}
    bench = Bench(options.built, None, None, 0)
    known, failed, passed = read(), 0, 0
    for build, path in programs.items():
        if not os.path.exists(path):
            print(f"  {build}: not built")
            continue
        peer, rows = martlet(build, path, path), cases()
        second = dict(count(bench, peer, rows)) if options.twice else {}
        for name, found in count(bench, peer, rows):
            if options.update and found:
                known[name, build] = round(found)
            good = found is not None and judge(name, build, found, known, second.get(name))
            passed, failed = passed + good, failed + (not good)
    if options.update:
        write(known)
    print(f"{passed} passed, {failed} failed")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
