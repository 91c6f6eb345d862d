"""Signals of our own: walking, running, stairs, and movement that is no walking.

A walk is a phase that runs through one cycle a step. The body's vertical acceleration is periodic
in that phase (a fundamental and two harmonics, their sum scaled to a peak-to-peak height), the
fore-aft follows it in quadrature, the lateral has half the frequency. Steps vary in length and
height, the sensor is tilted and turned, and noise is added. Nothing comes from a recording.
"""

from dataclasses import dataclass, field

import numpy as np

GRAVITY = 9.80665
FINE = 1200  # Hz: every signal is made at this rate and sampled from it


@dataclass
class Signal:
    """Samples at `rate` Hz, with the steps that they hold and how far a count may be off."""

    name: str
    rate: float
    samples: np.ndarray
    steps: int
    within: float  # steps
    stamps: np.ndarray = None  # s, the sensor's own clock
    how: str = "binary"  # or "stamps", "arrival": what tells the server the time
    settings: dict = field(default_factory=dict)  # for `configure`

    @property
    def minutes(self):
        return len(self.samples) / self.rate / 60


class Body:
    """Builds the acceleration of a body piece by piece, at FINE Hz."""

    def __init__(self, seed):
        self.random = np.random.default_rng(seed)
        self.pieces = [np.zeros((0, 3))]
        self.steps = 0

    def stand(self, seconds):
        count = int(seconds * FINE)
        sway = self._slow(count, 0.4) * 0.08
        self.pieces.append(np.stack([sway, sway[::-1], 0.5 * sway], 1))
        return self

    def walk(self, steps, frequency, height, variation=0.03, shape=(1, 0.35, 0.15)):
        """`frequency` in steps a second, `height` in m/s² from peak to peak."""
        lengths = FINE / frequency * (1 + variation * self.random.standard_normal(steps))
        heights = 1 + 2 * variation * self.random.standard_normal(steps)
        edges = np.concatenate([[0], np.cumsum(lengths)])
        times = np.arange(int(edges[-1]))
        phase = 2 * np.pi * np.interp(times, edges, np.arange(steps + 1))
        scale = np.interp(times, (edges[:-1] + edges[1:]) / 2, heights)
        # The first and the last half step rise from rest and fall to it.
        edge = np.minimum(1, np.minimum(phase, phase[-1] - phase) / np.pi)
        wave = sum(weight * np.cos((n + 1) * (phase - np.pi) + 0.7 * n)
                   for n, weight in enumerate(shape))
        wave *= height / np.ptp(wave) * scale * edge
        forward = 0.35 * height / 2 * np.sin(phase) * scale * edge
        sideways = 0.20 * height / 2 * np.sin(phase / 2) * scale * edge
        self.pieces.append(np.stack([forward, sideways, wave], 1))
        self.steps += steps
        return self

    def shake(self, seconds):
        """A phone shaken in the hand: 4 to 7 Hz, 10 to 30 m/s², now one axis, now another."""
        while seconds > 0:
            burst = min(seconds, self.random.uniform(0.8, 2.5))
            count = int(burst * FINE)
            frequency = self.random.uniform(4, 7)
            axis = self.random.standard_normal(3)
            swing = self.random.uniform(5, 15) * np.hanning(count) ** 0.25
            angle = 2 * np.pi * frequency * np.arange(count) / FINE
            self.pieces.append(np.outer(swing * np.sin(angle), axis / np.linalg.norm(axis)))
            seconds -= burst
        return self

    def ride(self, seconds):
        """A car: engine at 25 to 35 Hz, suspension around 1.3 Hz, now and then a bump."""
        count = int(seconds * FINE)
        engine = 0.25 * np.sin(2 * np.pi * np.cumsum(30 + 5 * self._slow(count, 0.2)) / FINE)
        suspension = 0.25 * (self._slow(count, 2.0) - self._slow(count, 0.8))
        pedals = 0.9 * self._slow(count, 0.15)
        bumps = np.zeros(count)
        for at in self.random.integers(0, max(count - FINE, 1), int(seconds / 20)):
            ring = np.arange(FINE) / FINE
            bumps[at:at + FINE] += 2.0 * np.exp(-4 * ring) * np.sin(2 * np.pi * 1.3 * ring)
        up = engine + suspension + bumps[:count]
        self.pieces.append(np.stack([pedals, 0.3 * engine, up], 1))
        return self

    def _slow(self, count, cutoff):
        """Noise of unit height below `cutoff` Hz."""
        knots = max(4, int(count / FINE * cutoff * 2) + 2)
        values = self.random.standard_normal(knots)
        return np.interp(np.linspace(0, knots - 1, count), np.arange(knots), values)

    def sampled(self, rate, tilt=(0.5, 0.3), turns=0.0, noise=0.08):
        """What a sensor at `rate` Hz gives; `turns` in rad/s about the vertical, then tilted."""
        body = np.concatenate(self.pieces)
        body = body + np.array([0, 0, GRAVITY])
        at = np.arange(0, len(body) - 1, FINE / rate)
        values = np.stack([np.interp(at, np.arange(len(body)), axis) for axis in body.T], 1)
        angle = turns * at / FINE + 0.3 * np.sin(at / FINE)
        x = values[:, 0] * np.cos(angle) - values[:, 1] * np.sin(angle)
        y = values[:, 0] * np.sin(angle) + values[:, 1] * np.cos(angle)
        roll, pitch = tilt
        y, z = (y * np.cos(roll) - values[:, 2] * np.sin(roll),
                y * np.sin(roll) + values[:, 2] * np.cos(roll))
        x, z = x * np.cos(pitch) + z * np.sin(pitch), z * np.cos(pitch) - x * np.sin(pitch)
        gyro = np.stack([0 * at, 0 * at, turns + 0.3 * np.cos(at / FINE)], 1)
        accelerations = np.stack([x, y, z], 1)
        accelerations += noise * self.random.standard_normal(accelerations.shape)
        return np.hstack([accelerations, gyro])


def counted(name, body, rate=50.0, within=None, turns=0.0, **more):
    """A signal whose count may be off by 4 percent, and by two steps in any case."""
    within = max(2, 0.04 * body.steps) if within is None else within
    return Signal(name, rate, body.sampled(rate, turns=turns), body.steps, within, **more)


def still(name, body, rate=50.0, a_minute=5):
    """A signal without steps: fewer than so many a minute may be counted."""
    signal = Signal(name, rate, body.sampled(rate), 0, 0)
    signal.within = a_minute * signal.minutes
    return signal


def walk(seed, steps=120, frequency=1.85, height=6.0, **more):
    return Body(seed).stand(3).walk(steps, frequency, height, **more).stand(3)


def lossy(rate=50.0):
    """Radio: one sample in a hundred is lost, one comes twice; the sensor's clock says so."""
    body = walk(31, steps=200)
    samples = body.sampled(rate)
    stamps = 1000 + np.arange(len(samples)) / rate
    kept = np.flatnonzero(body.random.random(len(samples)) >= 0.01)
    again = kept[body.random.random(len(kept)) < 0.01]
    order = np.sort(np.concatenate([kept, again]))
    return Signal("1 % lost, 1 % twice", rate, samples[order], body.steps, 8, stamps[order],
                  how="stamps")


def paused():
    body = Body(41).stand(4)
    for steps in (20, 8, 40, 12, 30):
        body.walk(steps, 1.8, 5.5).stand(5)
    return counted("pauses between bouts", body, within=5)


def in_g(name, seed, **settings):
    signal = counted(name, walk(seed), settings=settings)
    signal.samples[:, :3] /= GRAVITY
    return signal


def signals():
    """Every signal, short ones first where it does not matter."""
    found = [
        counted("walking", walk(1)),
        counted("slow gait, 1.2 steps a second", walk(2, frequency=1.2, height=3.2)),
        counted("frail gait, 1.7 m/s² in all", walk(3, frequency=1.4, height=1.7, variation=0.05)),
        counted("brisk walk", walk(4, frequency=2.3, height=9)),
        counted("stairs up", walk(5, frequency=1.5, height=4.5, variation=0.06,
                                  shape=(1, 0.5, 0.3))),
        counted("stairs down", walk(6, frequency=1.9, height=10, variation=0.06,
                                    shape=(1, 0.6, 0.4))),
        counted("running, 2.8 steps a second", walk(7, frequency=2.8, height=22)),
        counted("running, 3.5 steps a second", walk(8, steps=160, frequency=3.5, height=26)),
        counted("turning while walking", walk(9), turns=1.2),
        paused(),
        in_g("in g, said", 21, units="g"),
        in_g("in g, not said", 22),
        lossy(),
        still("standing", Body(51).stand(90), a_minute=1),
        still("shaken in the hand", Body(52).stand(5).shake(90).stand(5)),
        still("riding in a car", Body(53).ride(180)),
        counted("rate from arrival alone", walk(61, steps=60), rate=100.0, within=8,
                how="arrival"),
    ]
    return found + [counted(f"walking at {rate} Hz", walk(70 + n), rate=float(rate))
                    for n, rate in enumerate((12, 15, 25, 60, 100, 200, 400))]
