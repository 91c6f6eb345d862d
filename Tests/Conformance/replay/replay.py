"""Replays labelled recordings and signals of our own through /ws/realtime and scores the answers.

usage: replay.py [--server-command COMMAND] [--subset] [--signals-only]      (called by `run`)

STEPS_DATA names the recordings (handheld/ and phones/); without it, ../shared/steps beside the
repository. Where there are none, the signals of signals.py alone are judged, and the last lines
say so. --subset takes one recording a person and the signals up to 100 Hz: for an emulated board.
"""

import argparse
import asyncio
import os
import sys
import time
from pathlib import Path

import numpy as np
from websockets.exceptions import WebSocketException

import figures
import recordings
import score
from client import AnswerError, Session
from server import UNLIMITED, Server, ServerError
from signals import signals

SESSIONS = 4  # at once
BURST = 16  # samples, where arrival alone tells the rate


async def by_timestamps(session, recording):
    stamps = 1700000000 + np.arange(len(recording.samples)) / recording.rate
    return await session.one_by_one(recording.samples, stamps)


async def by_rate(session, recording):
    await session.configure(rate=recording.rate)
    return await session.one_by_one(recording.samples)


async def by_json(session, recording):
    await session.configure(rate=recording.rate)
    return await session.json_batches(recording.samples)


async def by_binary(session, recording):
    await session.configure(rate=recording.rate)
    return await session.binary_batches(recording.samples)


async def by_signal(session, signal):
    if signal.settings:
        await session.configure(**signal.settings)
    if signal.how == "stamps":
        return await session.one_by_one(signal.samples, signal.stamps)
    if signal.how == "arrival":
        return await session.binary_batches(signal.samples, BURST, pause=BURST / signal.rate)
    await session.configure(rate=signal.rate)
    return await session.binary_batches(signal.samples)


async def replay(server, jobs):
    """The detections of each (way, recording), several sessions at once."""
    free = asyncio.Semaphore(SESSIONS)

    async def one(way, recording):
        async with free, Session(server.url("/ws/realtime")) as session:
            return await way(session, recording)

    return await asyncio.gather(*(one(*job) for job in jobs))


def ways(handheld):
    """The first recording of each person goes sample by sample, the others in batches."""
    people, batches = set(), 0
    for recording in handheld:
        if recording.person not in people:
            yield (by_timestamps if not people else by_rate), recording
            people.add(recording.person)
        else:
            yield (by_json, by_binary)[batches % 2], recording
            batches += 1


def scored(detections, recording, step=1):
    """`step`: how many samples of the labels' clock lie between two that were sent."""
    return score.score(np.array(detections, int) * step, recording.labels,
                       len(recording.samples) * step, recording.rate * step)


def people(scores, found):
    """(who, summary) of each person, and the total with F1 as the mean over people."""
    rows = [(name, score.summary([one for one, recording in zip(scores, found)
                                  if recording.person == name]))
            for name in sorted({recording.person for recording in found})]
    total = score.summary(scores)
    total["f1"] = float(np.mean([row["f1"] for _, row in rows]))
    return rows + [("all, F1 mean over people", total)], total


def handheld_part(server, board, found):
    jobs = list(ways(found))
    for way, recording in jobs:
        print(f"  {recording.name}: {len(recording.samples)} samples {way.__name__}")
    scores = [scored(steps, recording)
              for steps, recording in zip(asyncio.run(replay(server, jobs)), found)]
    rows, total = people(scores, found)
    figures.show("handheld recordings, 80 Hz, latency in ms after a step's start", rows, True)
    board.figures(figures.HANDHELD, total)


def phones_part(server, board, found):
    full = asyncio.run(replay(server, [(by_binary, recording) for recording in found]))
    half = asyncio.run(replay(
        server, [(by_binary, recording.every_second()) for recording in found]))
    scores = [scored(steps, recording) for steps, recording in zip(full, found)]
    rows, total = people(scores, found)
    for placement in sorted({recording.placement for recording in found}):
        rows.append((placement, score.summary([
            one for one, recording in zip(scores, found) if recording.placement == placement])))
    figures.show("phones, 50 Hz, Oxford step counter data set (Salvi et al., CC BY 4.0)", rows)
    board.figures(figures.PHONES, total)
    for name, summary in rows:
        if name in ("BackPocket", "Purse"):
            board.figures([(f"{name}: {title}", *rest) for title, *rest in figures.POCKETS],
                          summary)

    halves = [scored(steps, recording.every_second(), 2)
              for steps, recording in zip(half, found)]
    rows, half_total = people(halves, found)
    figures.show("the same at 25 Hz, every second sample", rows)
    board.figures(figures.HALVED, {"f1_lost": max(0, total["f1"] - half_total["f1"])})


def signals_part(server, board, found):
    print("\nsignals of our own")
    results = asyncio.run(replay(server, [(by_signal, signal) for signal in found]))
    for signal, steps in zip(found, results):
        board.judge(abs(len(steps) - signal.steps) <= signal.within,
                    f"{signal.name}: {len(steps)} steps of {signal.steps}, "
                    f"at most {signal.within:.0f} off ({60 * signal.minutes:.0f} s)")


def one_a_person(found):
    """The shortest recording of each person."""
    shortest = {}
    for recording in sorted(found, key=lambda one: len(one.samples)):
        shortest.setdefault(recording.person, recording)
    return list(shortest.values())


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--server-command")
    parser.add_argument("--subset", action="store_true")
    parser.add_argument("--signals-only", action="store_true")
    options = parser.parse_args()

    root = Path(__file__).resolve().parents[3]
    data = Path(os.environ.get("STEPS_DATA") or root.parent / "shared" / "steps")
    handheld, phones = ([], []) if options.signals_only else recordings.available(data)
    ours = signals()
    if options.subset:
        handheld, phones = one_a_person(handheld), one_a_person(phones)
        ours = [signal for signal in ours if signal.rate <= 100]
        for recording in handheld + phones:
            print(f"  subset: {recording.name}")

    board, began = figures.Board(), time.monotonic()
    # A JSON batch is larger than the message size that serves every other way.
    settings = UNLIMITED | {"WEBSOCKET_MAX_MESSAGE_SIZE": "16k"}
    with Server(options.server_command, **settings) as server:
        if handheld:
            handheld_part(server, board, handheld)
        if phones:
            phones_part(server, board, phones)
        signals_part(server, board, ours)
    judged = "recordings and signals of our own" if handheld or phones else (
        "signals of our own alone: no recordings at STEPS_DATA")
    print(f"\nJudged: {judged}; {time.monotonic() - began:.0f} s")
    print(f"{board.passed} passed, {board.failed} failed (figures)")
    return 1 if board.failed else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (AnswerError, ServerError, OSError, WebSocketException) as problem:
        sys.exit(f"error: {problem}\n0 passed, 1 failed (figures)")
    except KeyError as member:
        sys.exit(f"error: an answer without {member}\n0 passed, 1 failed (figures)")
