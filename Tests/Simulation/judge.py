"""Faults and counts of a run."""

from collections import Counter


class Judge:
    """Counts, and the faults of the round at hand in words."""

    def __init__(self):
        self.counts, self.faults = Counter(), []

    def count(self, name, number=1):
        self.counts[name] += number

    def fault(self, name, words):
        self.counts[name] += 1
        self.faults.append(f"{name}: {words}")


def report(counts, forbidden, counted):
    """Prints what has to be 0, what else went wrong, and what was counted on the way."""
    for name in counted:
        print(f"  {counts[name]:8} {name}")
    print("  has to be 0:")
    others = sorted(set(counts) - set(counted) - set(forbidden))
    for name in [*forbidden, *others]:
        print(f"  {counts[name]:8} {name}")
