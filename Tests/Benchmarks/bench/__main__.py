"""Tests/Benchmarks/run: rounds in turn, then tables and goals. Needs the standard library only."""

import argparse
import json
import sys
from pathlib import Path

from .cases import CASES
from .measure import Bench, LoadError
from .peers import PeerError
from .report import Results, show
from .roster import peers

# Figures that are the same in each round are taken once, and not of every case.
COUNTED = {"echo 64 x 20 B", "echo 64 x 20 B d16", "echo 64 x 125 B d16", "echo 64 x 16 KiB",
           "step sample", "JSON ping"}


def arguments():
    parser = argparse.ArgumentParser(prog="Tests/Benchmarks/run")
    parser.add_argument("cases", nargs="*", metavar="CASE", help="those whose names hold this")
    parser.add_argument("--built", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=1, help="of one measurement")
    parser.add_argument("--peers", help="names, separated by commas; all by default")
    parser.add_argument("--nio", action="store_true", help="build the peer on SwiftNIO, too")
    parser.add_argument("--no-counts", action="store_true", help="times only")
    parser.add_argument("--list", action="store_true", help="names of cases and peers")
    return parser.parse_args()


def chosen(options):
    root = Path(__file__).resolve().parents[3]
    cases = [case for case in CASES
             if not options.cases or any(word in case.name for word in options.cases)]
    there, missing = peers(options.built, root / ".cache", root / ".build/cross/amd64/martlet")
    if options.peers:
        names = options.peers.split(",")
        there = [peer for peer in there
                 if peer.name in names or peer.name.replace(" ", "-") in names]
    return cases, there, missing


def attempt(results, case, peer, measure):
    try:
        results.note(case.name, peer.name, measure())
    except (LoadError, PeerError) as fault:
        print(f"  {case.name}, {peer.name}: {fault}", flush=True)
        return False
    return True


def main():
    options = arguments()
    cases, everyone, missing = chosen(options)
    if options.list:
        print("\n".join([*(case.name for case in cases), "", *(peer.name for peer in everyone)]))
        return 0
    if missing:
        print(f"not there: {', '.join(missing)}")
    bench = Bench(options.built, server_core=0, load_core=1, seconds=options.seconds)
    results = Results()
    for case in cases:
        able = [peer for peer in everyone if peer.can(case)]
        print(f"{case.name}: {', '.join(peer.name for peer in able)}", flush=True)
        for _ in range(options.rounds):
            able = [peer for peer in able if attempt(
                results, case, peer, lambda peer=peer: bench.timed(peer, case))]
        if case.name in COUNTED and not options.no_counts:
            for peer in able:
                attempt(results, case, peer, lambda peer=peer: {
                    "calls": bench.calls(peer, case),
                    "instructions": bench.instructions(peer, case)})
    print()
    Path(options.built, "results.json").write_text(json.dumps(
        [{"case": case, "peer": peer, "runs": runs}
         for (case, peer), runs in results.runs.items()], indent=1), "utf-8")
    good = show(results, cases, [peer.name for peer in everyone])
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
