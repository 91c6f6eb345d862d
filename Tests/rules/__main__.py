"""Reads the sources for DESIGN's rules.    python3 Tests/rules [--self-test]

With --self-test each rule is given broken samples instead, and has to fail on every one.
"""

import sys
from pathlib import Path

from rules import RULES
from samples import self_test
from tree import Tree


def judge(tree):
    for title, rule in RULES:
        looked, faults = rule(tree)
        yield title, looked, faults


def main():
    root = Path(__file__).resolve().parents[2]
    results = self_test() if "--self-test" in sys.argv[1:] else judge(Tree.of(root))
    passed = failed = 0
    for title, looked, faults in results:
        print(f"  {'FAIL' if faults else 'ok  '}  {title}: {looked}")
        for fault in faults:
            print(f"          {fault}")
        passed, failed = (passed, failed + 1) if faults else (passed + 1, failed)
    print(f"{passed} passed, {failed} failed (rules)")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
