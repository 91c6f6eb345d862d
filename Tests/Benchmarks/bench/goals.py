"""The figures to reach: each is read from the results, of Martlet and of its yardstick."""

from dataclasses import dataclass


@dataclass
class Goal:
    """`figure` takes the results and a peer's name, and gives the value, or None."""

    text: str
    limit: float
    figure: object
    digits: int = 2


def own(case, measure):
    return lambda results, who: results.value(case, measure, who)


def ratio(case, yardstick):
    """The server's CPU a message through the yardstick's."""
    return lambda results, who: results.ratio(case, "server_us", who, yardstick)


GOALS = [
    Goal("system calls a message, one in flight", 2.1, own("echo 64 x 20 B", "calls")),
    Goal("system calls a message, d16", 0.2, own("echo 64 x 20 B d16", "calls")),
    Goal("user instructions, echo 20 B", 550, own("echo 64 x 20 B", "instructions"), 0),
    Goal("user instructions, echo 125 B d16", 300, own("echo 64 x 125 B d16", "instructions"), 0),
    Goal("user instructions, echo 16 KiB", 5000, own("echo 64 x 16 KiB", "instructions"), 0),
    Goal("user instructions, a step sample answered whole", 4000,
         own("step sample", "instructions"), 0),
    Goal("server CPU to the floor, 64 x 20 B", 1.05, ratio("echo 64 x 20 B", "floor")),
    Goal("server CPU to the floor, 64 x 20 B d16", 1.08, ratio("echo 64 x 20 B d16", "floor")),
    Goal("server CPU to the floor, 64 x 16 KiB d16", 1.4, ratio("echo 64 x 16 KiB d16", "floor")),
    Goal("fan-out in bursts of 16, to one send each", 0.10,
         ratio("room 1 to 1000, bursts of 16", "C echo")),
    Goal("user bytes of an idle connection", 400, own("idle 10000", "bytes_each"), 0),
    Goal("handshake, to the C echo's", 1.2, ratio("handshakes", "C echo")),
]


def judge(results, who):
    """(rows, reached, missed): goals whose cases did not run are left out."""
    rows, reached, missed = [], 0, 0
    for goal in GOALS:
        figure = goal.figure(results, who)
        if figure is None:
            continue
        good = figure <= goal.limit
        reached, missed = reached + good, missed + (not good)
        shown, limit = f"{figure:.{goal.digits}f}", f"{goal.limit:.{goal.digits}f}"
        rows.append((goal.text, limit, shown,
                     "reached" if good else f"not reached: {shown} of {limit}"))
    return rows, reached, missed
