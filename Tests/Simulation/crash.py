"""crash.py [--rounds N] [--seed S]: kills the server under load, starts it again, and counts.

Acknowledged and lost has to be 0, and so has delivered twice to a client that resumes correctly;
PROTOCOL sections 3, 7 and 8 say what else is judged here.
"""

import argparse
import asyncio
import random
import sys
import tempfile
import time
import traceback

from exams import verify
from judge import Judge, report
from load import FEELERS, READERS, World
from rig import Rig, unfinished_frames
from server import ServerError
from tokens import ADMIN
from wire import SECONDS, TOO_SLOW, Caller, Lost, Socket

LOAD_SECONDS = 0.05, 0.4
INTERVALS = {"10ms": 0.01, "50ms": 0.05, "200ms": 0.2}
EMOTION_SLACK = 0.35  # seconds that a group may take to reach the disk, when that is quick
QUIET_SECONDS = 0.6  # now and then before a load: what nobody waits for is kept as well
WAIT = 1.5  # seconds at most for a deadline
UNREAD = 3  # notifications of a user that stay unread from one round to the next
# What has to be 0, and what shows that the rest was put to the test.
FORBIDDEN = ["acknowledged and lost", "delivered twice", "out of order", "ids used twice",
             "resumed true with a loss", "resumed false without a loss", "answers lost",
             "answers wrong", "submissions lost", "submissions twice", "deadlines missed",
             "notifications lost", "notifications twice", "back from the read", "emotions lost"]
COUNTED = ["publishes acknowledged", "publishes to all acknowledged", "events received",
           "progress replaced by newer progress", "resumed under load", "resumed after 1013",
           "again to a client that does not resume", "notifications acknowledged",
           "notification marks acknowledged", "answers acknowledged", "ends told to proctors",
           "deadlines that passed while it was down",
           "deadlines acted on after the first answer",
           "submissions told to nobody: the kill fell between", "emotions told",
           "kills while answers were awaited", "kills in the middle of a commit"]


async def check_subscriber(world, user):
    """Resumes; behind all that was held comes one more, and then nothing can be missing."""
    book = world.events[user]
    socket = await world.subscribe(user)
    caller = Caller(world.rig.port)
    serial = await world.publish(caller, user, "notification")
    caller.close()
    if serial is None:
        raise Lost(f"{user}: nothing can be published")
    while True:
        try:
            await socket.until(lambda message: message.get("data", {}).get("serial") == serial)
            break
        except Lost:
            if socket.code != TOO_SLOW or not socket.messages[1:]:
                raise
        world.judge.count("resumed after 1013")
        socket = await world.subscribe(user)
    book.settle()
    if not book.resumes:
        socket.close()


async def check_reader(world, user):
    """Sees all unread ones, a new one behind them, and marks all but the newest."""
    book = world.notifications[user]
    socket = await world.open_reader(user)
    caller = Caller(world.rig.port)
    text = await world.notify(caller, user)
    caller.close()
    if text is None:
        raise Lost(f"{user}: no notification is accepted")
    await socket.until(lambda message: message.get("message") == text)
    book.settle()
    for old in list(book.here)[:-UNREAD]:
        world.mark(socket, user, old)


async def check_feeler(world, user, before):
    book = world.emotions[user]
    socket = await Socket.open(world.rig.port, "/api/ws", world.tokens[user])
    await socket.all_sent()
    updates = [one for one in socket.messages if one["type"] == "emotion_update"]
    book.settle(updates[0] if updates else None, before)
    socket.say(type="emotion_update", emotion=book.next())
    book.received(await socket.until("emotion_update"))
    socket.close()


async def check_exam(world, exam, killed):
    if exam.verified == 2:
        caller = Caller(world.rig.port)
        answer = await caller.ask(f"DELETE /ws/test-sessions/{exam.name}", token=ADMIN)
        caller.close()
        if answer is None or answer[0] != 200:
            world.judge.fault("answers to a DELETE wrong", f"{exam.name}: {answer}")
    elif await verify(exam, world.rig.port, killed, world.rig.started):
        return
    world.exams.remove(exam)


async def check(world, killed, interval):
    """All that was acknowledged before the kill is there, and everybody is connected again."""
    for socket in world.all_sockets():
        if socket.code not in (None, TOO_SLOW) and not socket.closing:
            world.judge.fault("closed by the server", f"{socket.path.split('?')[0]}: {socket.code}")
        if socket.not_understood:
            world.judge.fault("not understood", socket.not_understood)
    world.sockets = []
    before = (killed or 0) - interval - max(EMOTION_SLACK, 2 * world.slowest)
    checks = [check_subscriber(world, user) for user in world.events]
    checks += [check_reader(world, user) for user in READERS]
    checks += [check_feeler(world, user, before) for user in FEELERS]
    checks += [check_exam(world, exam, killed) for exam in list(world.exams)]
    for problem in await asyncio.gather(*checks, return_exceptions=True):
        if isinstance(problem, Lost):
            world.judge.fault("not there again", str(problem))
        elif problem is not None:
            not_understood(world, problem)
    await world.rig.check_health(world.judge)


def not_understood(world, error):
    """An answer that was not as the contract says; where that was noticed is shown as well."""
    traceback.print_exception(error)
    world.judge.fault("not understood", repr(error)[:300])


async def load(world, seconds):
    """One load with its kill; what the server had sent before is read to the end."""
    loop, killed = asyncio.get_running_loop(), asyncio.Event()
    tasks = world.tasks()
    world.awaiting = world.slowest = 0
    world.rig.kill_after(seconds, lambda: loop.call_soon_threadsafe(killed.set))
    await killed.wait()
    _, stuck = await asyncio.wait(
        tasks + [socket.gone for socket in world.all_sockets()], timeout=2 * SECONDS)
    for task in stuck:
        task.cancel()
    if stuck:
        world.judge.fault("stuck after the kill", str(len(stuck)))
    for task in tasks:
        if not task.cancelled() and task.exception():
            not_understood(world, task.exception())
    world.rig.wait_killed()


async def before_load(world, rng, seconds):
    """Now and then the load waits, so that its kill falls on a deadline, or follows a silence."""
    if rng.random() < 0.1:
        await asyncio.sleep(QUIET_SECONDS)
    for exam in world.exams:
        if exam.high is not None and rng.random() < 0.5:
            left = exam.high + exam.seconds + rng.uniform(-0.05, 0.15) - seconds - time.time()
            if 0 < left < WAIT:
                await asyncio.sleep(left)
                return


async def while_down(world, rng):
    """Now and then the server is away until the time of a session that runs is over."""
    for exam in world.exams:
        if exam.high is None or exam.low is None or not exam.has_answers:
            continue
        left = exam.high + exam.seconds - time.time()
        if exam.low + exam.seconds > world.rig.killed and left < WAIT and rng.random() < 0.4:
            await asyncio.sleep(max(0, left) + 0.02)


async def run(rounds, seed, directory):
    judge, rig = Judge(), Rig(directory)
    world = World(rig, judge, random.Random(seed))
    passed, began, shown = 0, time.monotonic(), 0
    try:
        rig.start()
        await rig.check_traits()
        await check(world, None, 0)
        for number in range(1, rounds + 1):
            rng = world.rng = random.Random(f"{seed}/{number}")
            seconds = rng.uniform(*LOAD_SECONDS)
            interval = INTERVALS[rig.settings.get("PERSIST_INTERVAL", "200ms")]
            await before_load(world, rng, seconds)
            await load(world, seconds)
            judge.count("kills while answers were awaited", world.awaiting > 0)
            judge.count("kills in the middle of a commit", unfinished_frames(directory) > 0)
            await while_down(world, rng)
            killed, rig.settings["PERSIST_INTERVAL"] = rig.killed, rng.choice(list(INTERVALS))
            rig.start()
            await check(world, killed, interval)
            for fault in judge.faults[:max(0, 40 - shown)]:
                print(f"  round {number}: {fault}")
            shown += len(judge.faults)
            passed += not judge.faults
            judge.faults = []
            if number % 100 == 0:
                print(f"  {number} rounds, {judge.counts['publishes acknowledged']} publishes, "
                      f"{number - passed} failed, {time.monotonic() - began:.0f} s", flush=True)
        rig.stop()
    except ServerError as error:
        passed = min(passed, rounds - 1)
        judge.fault("the server failed", "it does not start, or ends by itself")
        print(f"  {error}")
    finally:
        rig.end()
    report(judge, FORBIDDEN, COUNTED)
    seconds = time.monotonic() - began
    print(f"{passed} passed, {rounds - passed} failed ({rounds} rounds, seed {seed}, "
          f"{seconds:.0f} s)")
    return passed == rounds


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=25)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="martlet-crash-") as directory:
        return 0 if asyncio.run(run(options.rounds, options.seed, directory)) else 1


if __name__ == "__main__":
    sys.exit(main())
