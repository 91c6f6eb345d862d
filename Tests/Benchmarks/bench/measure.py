"""One measurement: a server, a load, and what the load's line of JSON says."""

import json
import re
import subprocess

from .peers import Running

LOAD_SECONDS = 300
# Counts whose difference is measured; the first one pays for all that is done once.
FEW, MANY = 3200, 19200
# Callgrind counts each byte of a `rep movsb` as an instruction: glibc is to copy by words.
WORDS = ("GLIBC_TUNABLES=glibc.cpu.x86_rep_movsb_threshold=1073741824"
         ":glibc.cpu.x86_rep_stosb_threshold=1073741824")
# The same places in memory and the same order of everything, in each run.
CALLGRIND = ["env", WORDS, "setarch", "-R", "valgrind", "--tool=callgrind",
             "--callgrind-out-file=/dev/null"]


class LoadError(Exception):
    """The load failed, or got wrong answers."""


class Bench:
    """Where the load lies, and the cores."""

    def __init__(self, built, server_core, load_core, seconds):
        self.built, self.seconds = built, seconds
        self.server_core, self.load_core = server_core, load_core

    def load(self, running, peer, case, *more, core=None):
        works = peer.secure if case.secure else peer.works
        command = [f"{self.built}/load{'-tls' if case.secure else ''}", *case.arguments,
                   *works[case.work], *more, "--port", str(running.port)]
        for pid in running.pids:
            command += ["--server", str(pid)]
        if core is not None:
            command += ["--core", str(core)]
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=LOAD_SECONDS, check=False)
        if not done.stdout:
            raise LoadError(done.stderr.strip())
        result = json.loads(done.stdout)
        if result["errors"] or result["lost"]:
            raise LoadError(f"{result['errors']} wrong answers, {result['lost']} closed")
        return result

    def timed(self, peer, case):
        """CPU, latency and memory, with a core for each side."""
        with Running(peer, case, core=self.server_core) as running:
            return self.load(running, peer, case, "--seconds", str(self.seconds),
                             core=self.load_core)

    def counted(self, peer, case, under, total, few=FEW, many=MANY):
        """What `total` reads from a run, of one message: the difference of two runs."""
        found = []
        for count in (few, many):
            with Running(peer, case, under=under) as running:
                result = self.load(running, peer, case, "--warmup", "0", "--count", str(count))
                text = running.stop()
            found.append((total(text), result["messages"]))
        return (found[1][0] - found[0][0]) / (found[1][1] - found[0][1])

    def calls(self, peer, case, few=FEW, many=MANY):
        """System calls a message."""
        return self.counted(peer, case, ["strace", "-f", "-c"], system_calls, few, many)

    def instructions(self, peer, case, few=FEW, many=MANY):
        """User instructions a message."""
        return self.counted(peer, case, CALLGRIND, collected, few, many)


def system_calls(text):
    """The sum below strace's table; what failed counts as well."""
    return int(re.search(r"^100\.00\s+\S+\s+(?:\S+\s+)?(\d+)\s+(?:\d+\s+)?total$", text, re.M)[1])


def collected(text):
    return sum(int(number) for number in re.findall(r"Collected : (\d+)", text))
