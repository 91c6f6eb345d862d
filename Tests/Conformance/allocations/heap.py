"""What count.c shares: counts of calls, and where the first ones came from."""

import mmap
import re
import shutil
import struct
import subprocess
from pathlib import Path

KINDS = ("malloc", "calloc", "realloc", "aligned", "free")
PLACES, DEPTH, KNOWN = 16, 24, 4
PLACE = struct.Struct(f"={3 + DEPTH}Q")
RANGES = struct.Struct(f"={2 * KNOWN}Q")
COUNTS = struct.Struct(f"={2 + len(KINDS)}Q")  # of known libraries, by kind, and of places
SIZE = 8 + RANGES.size + COUNTS.size + PLACES * PLACE.size
SHOWN = 3


class Heap:
    """The shared memory; `settings` are what the server's environment needs for it."""

    def __init__(self, directory, library):
        self._path = Path(directory, "counts")
        self._path.write_bytes(bytes(SIZE))
        with open(self._path, "r+b") as file:
            self._memory = mmap.mmap(file.fileno(), SIZE)
        self.settings = {"LD_PRELOAD": str(library), "ALLOCATIONS": str(self._path)}

    def begin(self, pid, known=()):
        """Counts from now on; calls by libraries whose names begin so apart from the others."""
        self._memory[:] = bytes(SIZE)
        ranges = [number for first, end, _, path in mapped(pid)
                  if Path(path).name.startswith(tuple(known)) for number in (first, end)]
        RANGES.pack_into(self._memory, 8, *(ranges + [0] * 2 * KNOWN)[:2 * KNOWN])
        self._memory[0] = 1

    def end(self):
        """(calls by kind, calls by known libraries), those that came meanwhile."""
        self._memory[0] = 0
        known, *calls = COUNTS.unpack_from(self._memory, 8 + RANGES.size)
        return dict(zip(KINDS, calls)), known

    def places(self, pid):
        """(kind, bytes, functions from the innermost out) of the first calls, each path once."""
        count = min(COUNTS.unpack_from(self._memory, 8 + RANGES.size)[-1], PLACES)
        found, regions = {}, mapped(pid)
        for index in range(count):
            kind, size, depth, *frames = PLACE.unpack_from(
                self._memory, 8 + RANGES.size + COUNTS.size + index * PLACE.size)
            # The two innermost are the counting itself.
            found.setdefault((KINDS[kind], tuple(frames[2:depth])), size)
        return [(kind, size, [named(frame - 1, regions) for frame in frames])
                for (kind, frames), size in list(found.items())[:SHOWN]]


def mapped(pid):
    """(first, end, offset, file) of each part of the process that holds code."""
    regions = []
    for line in Path(f"/proc/{pid}/maps").read_text("utf-8").splitlines():
        match = re.match(r"(\w+)-(\w+) ..x. (\w+) \S+ \d+ +(/\S+)", line)
        if match:
            regions.append((*(int(match[group], 16) for group in (1, 2, 3)), match[4]))
    return regions


def named(address, regions):
    """The function at this address, as well as the tools of this machine know it."""
    for first, end, offset, path in regions:
        if first <= address < end:
            place = address - first + offset
            return f"{Path(path).name} {function(path, place) or hex(place)}"
    return hex(address)


def function(path, offset):
    tool = shutil.which("llvm-symbolizer")
    if not tool:
        return None
    # Code lies in the file at another place than in memory: the segment tells by how much.
    address = offset + displacement(path, offset)
    done = subprocess.run([tool, "--obj", path, "--functions=linkage", "--no-inlines",
                           hex(address)], capture_output=True, text=True, check=False)
    name = done.stdout.split("\n")[0].strip()
    return name if name and name != "??" else None


def displacement(path, offset):
    """A segment's address less its place in the file (ELF-64, program headers of type 1)."""
    with open(path, "rb") as file:
        head = file.read(64)
        start, size, count = (struct.unpack_from("<Q", head, 32)[0],
                              *struct.unpack_from("<HH", head, 54))
        file.seek(start)
        table = file.read(size * count)
    for index in range(count):
        kind, _, place, address, _, length = struct.unpack_from("<IIQQQQ", table, index * size)
        if kind == 1 and place <= offset < place + length:
            return address - place
    return 0
