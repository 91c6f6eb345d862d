#!/usr/bin/env python3
"""Reads the verdicts of an Autobahn run; its own exit code says nothing about them.

usage: verdict.py INDEX.JSON [--strict] [--need-deflate]

A case passes when its behaviour is OK or INFORMATIONAL and the connection closed cleanly.
NON-STRICT passes without --strict. UNIMPLEMENTED, a feature that was not negotiated, passes
without --need-deflate.
"""

import collections
import json
import sys


def order(case):
    return [int(number) for number in case.split(".")]


def main():
    flags = sys.argv[2:]
    behaviours = {"OK", "INFORMATIONAL"}
    if "--strict" not in flags:
        behaviours.add("NON-STRICT")
    if "--need-deflate" not in flags:
        behaviours.add("UNIMPLEMENTED")

    with open(sys.argv[1], encoding="utf-8") as index:
        agents = json.load(index)
    passed = failed = 0
    for cases in agents.values():
        for title, key in (("behaviour", "behavior"), ("closing", "behaviorClose")):
            counts = collections.Counter(case[key] for case in cases.values())
            print(f"  {title}: " + ", ".join(f"{n} {name}" for name, n in counts.most_common()))
        for name in sorted(cases, key=order):
            case = cases[name]
            clean = case["behaviorClose"] in ("OK", "INFORMATIONAL")
            if case["behavior"] in behaviours and clean:
                passed += 1
            else:
                failed += 1
                print(f"  case {name}: {case['behavior']}, closing {case['behaviorClose']}, "
                      f"code {case['remoteCloseCode']}")
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed or not passed else 0)


if __name__ == "__main__":
    main()
