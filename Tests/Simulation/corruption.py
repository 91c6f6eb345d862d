"""corruption.py [--rounds N] [--seed S]: damages what the server has kept, and starts it.

It always starts, answers, and takes events; a damaged file is set aside, which is said once and
counted, or all is intact; what comes back is what was sent. N rounds go through all kinds of damage
in turn, on what a stopped server left and on what a killed one left.
"""

import argparse
import asyncio
import os
import random
import shutil
import sys
import tempfile
import time
from urllib.parse import quote

import damage
from judge import Judge, report
from ledger import check_sum
from load import FEELERS, READERS, World
from rig import DATABASE, Rig
from tokens import ADMIN
from wire import SECONDS, TOO_SLOW, Caller, Lost, Socket, metric

FILLING_SECONDS = 1.0
FORBIDDEN = ["starts failed", "not taken within 5 s", "events wrong", "others wrong",
             "lost without a word", "not set aside", "set aside without need", "not said once",
             "not kept afterwards"]
COUNTED = ["set aside", "intact", "less, where nothing can tell", "records come back"]
SERIES = ("martlet_persist_active", "martlet_persist_damaged_files_total")


def body_of(answer):
    """A test session without what changes with time."""
    status = {key: answer[key] for key in ("session_id", "state", "participants")}
    status["participants"] = sorted(status["participants"], key=lambda one: one["user_id"])
    return status


async def events_of(world, user, found):
    """All events of a user, the last of them a new one, whose serial is returned."""
    caller, messages, last = Caller(world.rig.port), [], 0
    serial = await world.publish(caller, user, "notification")
    caller.close()
    if serial is None:
        raise Lost(f"{user}: nothing can be published")
    while not messages or messages[-1]["data"]["serial"] != serial:
        socket = await Socket.open(world.rig.port, f"/api/v1/ws/{quote(user)}?last_event_id={last}",
                                   world.tokens[user])
        try:
            await socket.until(lambda message: message.get("data", {}).get("serial") == serial)
        except Lost:
            if socket.code != TOO_SLOW or not socket.messages[1:]:
                raise
        socket.close()
        messages += socket.messages[1:]
        last = messages[-1]["id"]
    for message in messages:
        data = message["data"]
        if data.get("check") != check_sum(data) or data.get("to") not in (user, "all"):
            world.judge.fault("events wrong", str(message)[:300])
        if data["serial"] != serial:
            found["event", (user, message["id"])] = (message["type"], data)
    return serial


async def look(world):
    """Everything the server has, by the ways of clients, and the serials of the new events."""
    found, port = {}, world.rig.port
    serials = {user: await events_of(world, user, found) for user in world.events}
    for user in READERS:
        socket = await Socket.open(port, "/ws?connection_type=notifications", world.tokens[user])
        await socket.all_sent()
        for message in socket.messages:
            if message["type"] == "notification":
                found["notification", (user, message["id"])] = (message["title"],
                                                                message["message"])
        socket.close()
    for user in FEELERS:
        socket = await Socket.open(port, "/api/ws", world.tokens[user])
        await socket.all_sent()
        for message in socket.messages:
            if message["type"] == "emotion_update":
                found["emotion", user] = message["emotion"]
        socket.close()
    for exam in world.exams:
        status = await exam.get(port)
        if status:
            found["session", exam.name] = body_of(status)
    return found, serials


async def fill(world):
    """Real traffic for a moment; test sessions go on for hours."""
    rig = world.rig
    for user in world.events:
        await world.subscribe(user)
    for user in READERS:
        await world.open_reader(user)
    for _ in range(2):
        world.new_exam()
    tasks = world.tasks()
    await asyncio.sleep(FILLING_SECONDS)
    rig.killed = time.time()  # for the actors: they come to their ends
    await asyncio.wait(tasks, timeout=SECONDS)
    for socket in world.all_sockets():
        socket.close()
    rig.killed = None
    await asyncio.sleep(0.5)
    if world.judge.faults:
        raise Lost("filling: " + world.judge.faults[0])


def knows(world, records):
    """What comes back was sent, be it an older state of it."""
    for (family, name), value in records.items():
        if family == "event":
            sent = world.events[name[0]].open[value[1]["serial"]]
            right = (sent.body["type"], sent.body["data"]) == value and sent.id in (None, name[1])
        elif family == "notification":
            right = value[1] in world.notifications[name[0]].sent
        elif family == "emotion":
            right = 1 <= int(value.split("-")[1]) <= world.emotions[name].count
        else:
            exam = next(exam for exam in world.exams if exam.name == name)
            right = all(exam.parts[part["user_id"]].knows(part["answers"])
                        for part in value["participants"])
        if not right:
            world.judge.fault("events wrong" if family == "event" else "others wrong",
                              f"{name}: {value}"[:300])


async def judge_round(world, kind, whole):
    """What a server makes of the damage; `whole` is what it would have without."""
    judge, rig = world.judge, world.rig
    records, serials = await look(world)
    active, damaged = await metric(rig.port, ADMIN, *SERIES)
    names = [name for name in os.listdir(rig.directory) if ".damaged-" in name
             and damage.WAL not in name]
    judge.count("records come back", len(records))
    knows(world, records)
    missing = [name for name in whole if name not in records]
    changed = [name for name in records if records[name] != whole.get(name)]
    if damaged:
        judge.count("set aside")
        if len(names) != 1 or damaged != 1:
            judge.fault("not set aside", f"{names}, {damaged} counted")
    elif kind in damage.CERTAIN:
        judge.fault("not set aside", f"{len(missing)} records missing, active {active}")
    elif not missing and not changed:
        judge.count("intact")
    elif kind in damage.SILENT:
        judge.count("less, where nothing can tell")
    else:
        judge.fault("lost without a word", f"{len(missing)} missing, {len(changed)} changed: "
                                           f"{missing[:3]}")
    if not active and kind.__name__ != "directory (WAL)":
        judge.fault("not kept afterwards", "martlet_persist_active is 0")
    lines = rig.error_lines()
    if len(lines) != (1 if damaged or not active else 0):
        judge.fault("not said once", str(lines))
    return serials if active else {}


async def judge_restart(world, serials):
    """What was taken after the damage survives a kill, and nothing is set aside again."""
    found = (await look(world))[0]
    there = {value[1]["serial"] for (family, _), value in found.items() if family == "event"}
    for user, serial in serials.items():
        if serial not in there:
            world.judge.fault("not kept afterwards", f"{user}: {serial}")
    if (await metric(world.rig.port, ADMIN, SERIES[1]))[0] or world.rig.error_lines():
        world.judge.fault("set aside without need", "at the second start")


async def start_in(world, image, directory, kind, rng):
    """Starts the server on a damaged copy of what was kept."""
    rig = world.rig
    shutil.rmtree(directory, ignore_errors=True)
    shutil.copytree(image, directory)
    if kind:
        kind(rng, os.path.join(directory, DATABASE))
    rig.directory = directory
    began = time.monotonic()
    rig.start()
    return time.monotonic() - began


def kill(rig):
    rig.kill()
    rig.wait_killed()


async def images(world, top):
    """What a killed server left, and what a stopped one left, each with all that it holds."""
    rig, made = world.rig, []
    rig.directory = os.path.join(top, "killed")
    os.mkdir(rig.directory)
    rig.start()
    await rig.check_traits()
    await fill(world)
    kill(rig)
    rig.directory = os.path.join(top, "stopped")
    shutil.copytree(os.path.join(top, "killed"), rig.directory)
    rig.start()
    rig.stop()
    for name in ("killed", "stopped"):
        await start_in(world, os.path.join(top, name), os.path.join(top, "copy"), None, None)
        made.append((os.path.join(top, name), (await look(world))[0]))
        kill(rig)
    return made


async def run(rounds, seed, top):
    judge = Judge()
    rig = Rig(None, USER_QUEUE_TTL="1h", PERSIST_INTERVAL="20ms")
    world = World(rig, judge, random.Random(seed))
    world.exam_seconds = (3600,)
    passed, began, directory = 0, time.monotonic(), os.path.join(top, "copy")
    try:
        made = await images(world, top)
        if made[0][1] != made[1][1] or len(made[0][1]) < 50:
            raise Lost(f"undamaged, {len(made[0][1])} and {len(made[1][1])} records come back")
        for number in range(rounds):
            rng, kind = random.Random(f"{seed}/{number}"), damage.KINDS[number % len(damage.KINDS)]
            image, whole = made[number // len(damage.KINDS) % 2 ^ number % 2]
            try:
                seconds = await start_in(world, image, directory, kind, rng)
                if seconds > SECONDS:
                    judge.fault("not taken within 5 s", f"the start took {seconds:.1f} s")
                serials = await judge_round(world, kind, whole)
                kill(rig)
                rig.start()
                await judge_restart(world, serials)
                kill(rig)
            except Lost as lost:
                judge.fault("not taken within 5 s", str(lost))
            except Exception as error:  # a server that does not start, or dies
                judge.fault("starts failed", f"{type(error).__name__} {error}"[:600])
            rig.end()
            for fault in judge.faults[:3]:
                print(f"  round {number}, {kind.__name__}, {os.path.basename(image)}: {fault}")
            passed += not judge.faults
            judge.faults = []
    finally:
        rig.end()
    report(judge, FORBIDDEN, COUNTED)
    print(f"{passed} passed, {rounds - passed} failed ({rounds} rounds, {len(damage.KINDS)} kinds, "
          f"seed {seed}, {time.monotonic() - began:.0f} s)")
    return passed == rounds


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=2 * len(damage.KINDS))
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="martlet-corruption-") as top:
        return 0 if asyncio.run(run(options.rounds, options.seed, top)) else 1


if __name__ == "__main__":
    sys.exit(main())
