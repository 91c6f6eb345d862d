"""Sends samples through a WebSocket to /ws/realtime and collects the answers' steps.

The client is the `websockets` package: not ours, so it cannot share a misreading with the server.
"""

import asyncio
import json

from websockets.asyncio.client import connect

IN_FLIGHT = 64  # messages sent before their answers are read
BINARY_BATCH = 21  # samples: 504 of the 512 bytes that a message has by default
JSON_BATCH = 40
ANSWER_SECONDS = 60

AXES = ("accel_x", "accel_y", "accel_z", "gyro_x", "gyro_y", "gyro_z")
SAMPLE = "{" + ",".join(f'"{axis}":%.7g' for axis in AXES) + "%s}"


class AnswerError(Exception):
    """An answer that the wire contract does not allow here."""


class Session:
    """One step session; its methods return the indexes of the samples that were steps."""

    def __init__(self, url):
        self._connection = connect(url, compression=None, max_size=None, ping_interval=None)
        self._socket = None
        self.steps = []

    async def __aenter__(self):
        self._socket = await self._connection.__aenter__()
        await self._answer("session_started")
        return self

    async def __aexit__(self, *error):
        await self._connection.__aexit__(*error)

    async def _answer(self, kind):
        text = await asyncio.wait_for(self._socket.recv(), ANSWER_SECONDS)
        answer = json.loads(text)
        if answer.get("type") != kind:
            raise AnswerError(f"{kind} expected: {text[:200]}")
        return answer

    async def configure(self, **settings):
        await self._socket.send(json.dumps({"action": "configure"} | settings))
        return await self._answer("configure_response")

    async def one_by_one(self, samples, stamps=None):
        """A message a sample, with the sensor's time in seconds where `stamps` says it."""
        for low in range(0, len(samples), IN_FLIGHT):
            part = samples[low:low + IN_FLIGHT]
            for offset, row in enumerate(part):
                stamp = f',"timestamp":{stamps[low + offset]:.6f}' if stamps is not None else ""
                await self._socket.send(SAMPLE % (*row, stamp))
            for index in range(low, low + len(part)):
                answer = await self._answer("step_detection")
                if answer["step_detected"]:
                    self.steps.append(index)
                self._check(answer, index + 1)
        return self.steps

    async def json_batches(self, samples, size=JSON_BATCH, pause=0):
        return await self._batches(samples, size, pause, lambda part: json.dumps(
            {"samples": [[float(f"{value:.7g}") for value in row] for row in part]}))

    async def binary_batches(self, samples, size=BINARY_BATCH, pause=0):
        return await self._batches(samples, size, pause, lambda part: part.astype("<f4").tobytes())

    async def _batches(self, samples, size, pause, encode):
        """`pause` seconds pass between two batches; without one, many are in flight."""
        starts = range(0, len(samples), size)
        flight = 1 if pause else IN_FLIGHT
        for low in range(0, len(starts), flight):
            group = starts[low:low + flight]
            for start in group:
                await self._socket.send(encode(samples[start:start + size]))
            for start in group:
                answer = await self._answer("step_batch")
                end = min(start + size, len(samples))
                if any(not 0 <= index < end - start for index in answer["steps"]):
                    raise AnswerError(f"{answer['steps']} for a batch of {end - start} samples")
                self.steps += [start + index for index in answer["steps"]]
                self._check(answer, end)
            await asyncio.sleep(pause)
        return self.steps

    def _check(self, answer, samples):
        """The totals of an answer agree with all that came before it."""
        if answer["total_steps"] != len(self.steps) or answer["total_predictions"] != samples:
            raise AnswerError(f"{len(self.steps)} steps of {samples} samples so far, but {answer}")
