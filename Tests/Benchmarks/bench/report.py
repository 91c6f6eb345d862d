"""Tables of what was measured: medians, ratios to the yardstick, goals."""

import statistics

from .goals import judge


class Results:
    """Every run by case and peer; a value is the median of its rounds."""

    def __init__(self):
        self.runs = {}

    def note(self, case, peer, result):
        self.runs.setdefault((case, peer), []).append(result)

    def value(self, case, measure, peer):
        found = [run[measure] for run in self.runs.get((case, peer), []) if measure in run]
        return statistics.median(found) if found else None

    def ratio(self, case, measure, peer, yardstick):
        """The median of the rounds' ratios: a slow round is slow for both."""
        ours, theirs = ([run[measure] for run in self.runs.get((case, one), []) if measure in run]
                        for one in (peer, yardstick))
        found = [a / b for a, b in zip(ours, theirs) if b]
        return statistics.median(found) if found else None


def table(rows):
    print("\n".join("| " + " | ".join(row) + " |" for row in rows))
    print()


def number(value, digits=2):
    return "" if value is None else f"{value:.{digits}f}"


def matrix(results, cases, peers, title, measure, digits=2, relative=False):
    """One row a case, one column a peer; a case without any figure has no row."""
    rows = []
    for case in cases:
        def cell(peer):
            if relative:
                return results.ratio(case.name, measure, peer, case.yardstick)
            return results.value(case.name, measure, peer)
        cells = [cell(peer) for peer in peers]
        if any(one is not None for one in cells) and (case.yardstick or not relative):
            rows.append([case.name, *(number(one, digits) for one in cells)])
    if rows:
        table([[title, *peers], ["---"] * (len(peers) + 1), *rows])


def show(results, cases, peers):
    """Everything; true when no goal was missed."""
    matrix(results, cases, peers, "server CPU a message, us", "server_us", 3)
    matrix(results, cases, peers, "the same as a ratio to the yardstick", "server_us", 2, True)
    matrix(results, cases, peers, "system calls a message", "calls")
    matrix(results, cases, peers, "user instructions a message", "instructions", 0)
    matrix(results, cases, peers, "median latency, us", "p50_us", 0)
    idle = [case for case in cases if case.work == "idle"]
    matrix(results, idle, peers, "user bytes a connection", "bytes_each", 0)
    matrix(results, idle, peers, "fresh resident KB", "fresh_kb", 0)
    show_load(results, cases, peers)
    good = True
    for who in peers:
        if not who.startswith("martlet"):
            continue
        rows, reached, missed = judge(results, who)
        if rows:
            table([[f"goals, {who}", "at most", "is", ""], ["---"] * 4, *map(list, rows)])
            print(f"{reached} reached, {missed} not reached ({who})\n")
            good = good and missed == 0
    return good


def show_load(results, cases, peers):
    """Is the load faster than what it measures? It is where its core was idle now and then."""
    busy = {(case.name, peer): results.value(case.name, "load_busy", peer)
            for case in cases for peer in peers}
    full = {place: share for place, share in busy.items() if share is not None and share > 0.97}
    shares = [share for share in busy.values() if share is not None]
    if shares:
        print(f"the load took {min(shares):.0%} to {max(shares):.0%} of its core"
              + "".join(f"\n  no core left for it: {case}, {peer} ({share:.0%})"
                        for (case, peer), share in full.items()) + "\n")
