"""disk.py: disks that are full or read-only.

The server starts, or goes on, in memory: it answers 202 and delivers, says so in one error line,
counts, and martlet_persist_active is 0. When there is room again it keeps things anew within
35 seconds, and what was queued in between survives a kill. All faults are made side by side.
"""

import argparse
import asyncio
import os
import random
import sys
import tempfile
import time

from crash import check_subscriber
from faults import EXPIRY_SECONDS, KINDS, Mounted, NotHere, SizeLimit
from judge import Judge
from ledger import Events
from load import World
from rig import Rig
from server import ServerError
from tokens import ADMIN
from wire import Caller, Lost, metric

USER = "11"
PUBLISHERS = 16
FAILING_SECONDS = 20  # of publishing, until the fault is noticed
RECOVERY_SECONDS = 35  # it tries every 30
SERIES = ("martlet_persist_active", "martlet_persist_failures_total")


async def publish(world, number):
    caller = Caller(world.rig.port)
    for _ in range(number):
        await world.publish(caller, USER, "notification")
    caller.close()


async def until_active(world, wanted, seconds, publishers):
    """Publishes all the while, and waits until the gauge is as wanted."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        await asyncio.gather(*(publish(world, 1 if publishers == 1 else 5)
                               for _ in range(publishers)))
        if (await metric(world.rig.port, ADMIN, SERIES[0]))[0] == wanted:
            return True
        if publishers == 1:
            await asyncio.sleep(0.2)
    return False


async def all_comes(world, sent, is_whole):
    """A client that comes with nothing gets all that was acknowledged.

    `is_whole`: that is all there ever was, and the server has to know it.
    """
    world.events[USER] = book = Events(world.judge, USER)
    book.is_whole = is_whole
    book.open = sent
    await check_subscriber(world, USER)
    book.open = sent
    world.subscribed[USER].close()


def said(world, number):
    lines = world.rig.error_lines()
    if len(lines) != number:
        world.judge.fault("not said once", f"{len(lines)} error lines: {lines[:4]}")


async def go_through(fault, world):
    """The fault comes and goes; what the server did about it is in the judge."""
    rig, judge, book = world.rig, world.judge, world.events[USER]
    sent = book.open
    # Without its file it knows nothing of earlier runs; what has expired is lost.
    is_whole = not fault.at_start and not isinstance(fault, SizeLimit)
    if fault.at_start:
        fault.make(rig)
    rig.start()
    await rig.check_traits()
    if not fault.at_start:
        await rig.check_health(judge)
        await publish(world, 20)
        fault.make(rig)
    if not await until_active(world, 0, FAILING_SECONDS, PUBLISHERS):
        judge.fault("not noticed", f"active is not 0 after {len(sent)} events")
        return
    failures = (await metric(rig.port, ADMIN, SERIES[1]))[0]
    if not failures:
        judge.fault("not counted", f"{SERIES[1]} is {failures}")
    await publish(world, 10)
    if not isinstance(fault, SizeLimit):
        await all_comes(world, sent, is_whole)
    said(world, 1)
    if not fault.can_be_undone:
        await asyncio.sleep(RECOVERY_SECONDS)
        await all_comes(world, sent, is_whole)
        said(world, 1)
        return
    fault.undo(rig)
    began = time.monotonic()
    seconds = RECOVERY_SECONDS + (EXPIRY_SECONDS if isinstance(fault, SizeLimit) else 0)
    back = await until_active(world, 1, seconds, 1)
    said(world, 1)
    if not back:
        if fault.at_start:
            print(f"  note: {fault.name}: not kept again after {RECOVERY_SECONDS} s")
        else:
            judge.fault("not kept again", f"{seconds} s after there was room")
        return
    judge.count("seconds", int(time.monotonic() - began))
    if isinstance(fault, SizeLimit):
        sent.clear()  # what made room was their end
    await publish(world, 5)
    rig.kill()
    rig.wait_killed()
    rig.start()
    await all_comes(world, sent, is_whole)
    await rig.check_health(judge)


async def attempt(kind, seed):
    """'passed', 'failed' or 'not made here', said with its reasons."""
    with tempfile.TemporaryDirectory(prefix="martlet-disk-") as top:
        fault, judge = kind(top), Judge()
        rig = Rig(None, PERSIST_INTERVAL="10ms", **({"USER_QUEUE_TTL": "1h"} | fault.settings))
        world = World(rig, judge, random.Random(seed))
        result, why = "passed", ""
        try:
            try:
                fault.prepare()
                rig.directory = fault.directory
                await go_through(fault, world)
            finally:
                rig.end()
                if os.path.exists(fault.directory) or isinstance(fault, Mounted):
                    fault.clean()
        except NotHere as reason:
            result, why = "not made here", str(reason)
        except (Lost, ServerError, AssertionError) as error:
            judge.fault("the server failed", f"{type(error).__name__} {error}"[:600])
        if judge.faults:
            result = "failed"
            why = "; ".join(judge.faults[:5])
        elif result == "passed":
            why = f"{judge.counts['publishes acknowledged']} acknowledged, " + (
                f"kept again after {judge.counts['seconds']} s" if judge.counts["seconds"]
                else "in memory to the end")
        print(f"  {result}: {fault.name}: {why}", flush=True)
        return result


async def run(kinds, seed):
    results = await asyncio.gather(*(attempt(kind, seed) for kind in kinds))
    print(f"{results.count('passed')} passed, {results.count('failed')} failed, "
          f"{results.count('not made here')} not made here")
    return "failed" not in results


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("kinds", nargs="*", help="names of classes of faults; all when left out")
    options = parser.parse_args()
    chosen = [kind for kind in KINDS if not options.kinds or kind.__name__ in options.kinds]
    return 0 if asyncio.run(run(chosen, options.seed)) else 1


if __name__ == "__main__":
    sys.exit(main())
