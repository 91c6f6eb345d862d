"""Scores step detections against labelled steps.

A detection is the index of the sample whose answer said "step"; a label is the first and the last
sample of one step. A pair matches when the detection lies within TOLERANCE of the label; pairs
keep their order and each detection and label serves once; the matching with most pairs counts,
among those the one nearest to the labels.

F1       harmonic mean of precision and recall over matched pairs
count    100 (detections - labels) / labels, signed, of one recording
MACE     mean of |count| over recordings: errors of opposite sign do not cancel
idle     detections a minute where no labelled step is within GUARD
latency  detection minus the START of its matched label, in ms
onset    how many of the first four steps of each bout were matched, in percent; a bout is four or
         more labels less than BOUT_GAP apart
"""

import numpy as np

TOLERANCE = 0.20  # s: under half a median step, so no detection can serve two neighbours
GUARD = 1.0  # s
BOUT_GAP = 1.5  # s


def match(detections, start, end, tolerance):
    """Pairs of (detection, label) positions; all in samples, sorted."""
    rows, columns = len(detections), len(start)
    if not rows or not columns:
        return []
    best = np.zeros((rows + 1, columns + 1))
    for i, at in enumerate(detections):
        low = np.searchsorted(end, at - tolerance, "left")
        high = np.searchsorted(start, at + tolerance, "right")
        row = best[i].copy()
        if high > low:
            outside = np.maximum(0, np.maximum(start[low:high] - at, at - end[low:high]))
            weight = 1 - 1e-3 * outside / max(tolerance, 1)
            row[low + 1:high + 1] = np.maximum(row[low + 1:high + 1], best[i, low:high] + weight)
        best[i + 1] = np.maximum.accumulate(row)
    pairs, i, j = [], rows, columns
    while i and j:
        if best[i, j] == best[i - 1, j]:
            i -= 1
        elif best[i, j] == best[i, j - 1]:
            j -= 1
        else:
            i, j = i - 1, j - 1
            pairs.append((i, j))
    return pairs[::-1]


def bouts(start, end, rate):
    """(first, behind last) of each run of labels without a pause between them."""
    if not len(start):
        return []
    breaks = np.flatnonzero(start[1:] - end[:-1] > BOUT_GAP * rate) + 1
    edges = [0, *breaks, len(start)]
    return list(zip(edges[:-1], edges[1:]))


def score(detections, labels, samples, rate):
    """The counts of one recording; `labels` is an array of (start, end), `rate` in Hz."""
    detections = np.sort(np.asarray(detections, int))
    start, end = labels[:, 0], labels[:, 1]
    pairs = match(detections, start, end, TOLERANCE * rate)

    guard = round(GUARD * rate)
    idle = np.ones(samples, bool)
    for first, last in labels:
        idle[max(0, first - guard):last + guard + 1] = False

    matched = np.zeros(len(start), bool)
    matched[[j for _, j in pairs]] = True
    first_steps = [matched[low:low + 4] for low, high in bouts(start, end, rate) if high - low >= 4]
    return {
        "matched": len(pairs), "detections": len(detections), "labels": len(start),
        "idle_detections": int(idle[detections].sum()), "idle_seconds": idle.sum() / rate,
        "latency": np.array([1000 * (detections[i] - start[j]) / rate for i, j in pairs]),
        "first_matched": sum(int(steps.sum()) for steps in first_steps),
        "first_steps": 4 * len(first_steps),
    }


def summary(scores):
    """The figures of several recordings taken together."""
    total = {key: sum(score[key] for score in scores) for key in (
        "matched", "detections", "labels", "idle_detections", "idle_seconds", "first_matched",
        "first_steps")}
    errors = [100 * (score["detections"] - score["labels"]) / score["labels"]
              for score in scores if score["labels"]]
    latency = np.concatenate([score["latency"] for score in scores])
    middle, late = np.percentile(latency, [50, 95]) if len(latency) else (np.inf, np.inf)
    return {
        "labels": total["labels"], "detections": total["detections"],
        "f1": 2 * total["matched"] / max(total["detections"] + total["labels"], 1),
        "mace": float(np.mean(np.abs(errors))) if errors else np.nan,
        "worst": float(max(errors, key=abs)) if errors else np.nan,
        "idle": 60 * total["idle_detections"] / max(total["idle_seconds"], 1e-9),
        "latency": float(middle), "latency95": float(late),
        "onset": 100 * total["first_matched"] / max(total["first_steps"], 1),
    }
