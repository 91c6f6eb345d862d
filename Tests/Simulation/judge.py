"""Faults and counts of a run."""

from collections import Counter


class Judge:
    """Counts, and the faults of the round at hand in words."""

    def __init__(self):
        self.counts, self.faults, self.kinds = Counter(), [], set()

    def count(self, name, number=1):
        self.counts[name] += number

    def fault(self, name, words):
        self.counts[name] += 1
        self.kinds.add(name)
        self.faults.append(f"{name}: {words}")


def report(judge, forbidden, counted):
    """Prints what has to be 0, what else went wrong, and what was counted on the way."""
    for name in counted:
        print(f"  {judge.counts[name]:8} {name}")
    print("  has to be 0:")
    for name in [*forbidden, *sorted(judge.kinds - set(forbidden))]:
        print(f"  {judge.counts[name]:8} {name}")
