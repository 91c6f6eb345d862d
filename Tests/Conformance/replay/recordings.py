"""Reads the labelled recordings of STEPS_DATA; they are not ours, so none is in the repository."""

import gzip
from dataclasses import dataclass
from pathlib import Path

import numpy as np


@dataclass
class Recording:
    """Samples are rows of ax, ay, az in m/s² and gx, gy, gz in rad/s; labels of start and end."""

    name: str
    rate: float
    samples: np.ndarray
    labels: np.ndarray

    @property
    def person(self):
        return self.name.split("_")[0]

    @property
    def placement(self):
        return self.name.split("_")[-2]

    def every_second(self):
        """What a sensor at half the rate would have sent."""
        return Recording(self.name, self.rate / 2, self.samples[::2], self.labels)


# Hz, where a directory has no rates.csv or it does not name the recording.
RATES = {"handheld": 80.0, "phones": 50.0}


def read(directory):
    """The recordings of one directory, in the order of their names."""
    found, rates, listed = [], {}, directory / "rates.csv"
    for line in listed.read_text("ascii").split()[1:] if listed.is_file() else ():
        name, rate = line.split(",")[:2]
        rates[name] = float(rate)
    for path in sorted(directory.glob("*.steps.csv")):
        name = path.name[:-len(".steps.csv")]
        labels = np.loadtxt(path, delimiter=",", skiprows=1, ndmin=2).reshape(-1, 2).astype(int)
        with gzip.open(directory / f"{name}.csv.gz", "rt") as text:
            # An empty cell is a gyroscope that is not there: zeros stand for it.
            samples = np.nan_to_num(np.genfromtxt(
                text, delimiter=",", skip_header=1, usecols=range(1, 7)))
        rate = rates.get(name, RATES[directory.name])
        found.append(Recording(name, rate, samples, labels))
    return found


def available(directory):
    """The handheld and the phone recordings, both empty where there are none."""
    directory = Path(directory)
    return tuple(read(directory / kind) if (directory / kind).is_dir() else []
                 for kind in ("handheld", "phones"))
