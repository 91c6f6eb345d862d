"""What the program ends with when a certificate or key cannot be read: whether to try again
(README, Unattended)."""

import errno
import signal

import pytest

from helpers import until
from preload import needs_preload, preloaded
from secure import make_certificate, settings
from server import run_once

SYSTEM, MEMORY, CONFIGURATION = 71, 75, 78


@pytest.fixture(scope="module", name="faults")
def fault_library(tmp_path_factory):
    return preloaded("faults", tmp_path_factory.mktemp("faults"))


def ends(certificate, *arguments, **more):
    """The exit code of a start that does not succeed, and its last line."""
    ended = run_once(*arguments, settings=settings(certificate, PERSIST_ENABLED="false", **more))
    return ended.returncode, (ended.stderr.splitlines() or [""])[-1]


@needs_preload
@pytest.mark.parametrize("arguments", [[], ["--check-config"]], ids=["start", "check"])
@pytest.mark.parametrize("number, code", [
    (errno.EIO, SYSTEM), (errno.ENFILE, SYSTEM), (errno.EMFILE, SYSTEM), (errno.ENOMEM, MEMORY),
    (errno.ENOENT, CONFIGURATION), (errno.EACCES, CONFIGURATION)])
def test_what_passes_is_told_from_what_stays(certificate, faults, arguments, number, code):
    for path, name in zip(certificate, ("TLS_CERT_FILE", "TLS_KEY_FILE")):
        ended, line = ends(certificate, *arguments, LD_PRELOAD=faults, MARTLET_FAULT_FILE=path,
                           MARTLET_FAULT_NUMBER=number)
        assert ended == code, line
        assert line.startswith(f'{name}="{path}": ')


@needs_preload
@pytest.mark.parametrize("key", [
    ("ec", "ec_paramgen_curve:P-256"), ("rsa", "rsa_keygen_bits:2048")], ids=["ec", "rsa"])
def test_memory_that_ends_while_they_are_read(tmp_path, faults, key):
    """Wherever it ends: only the first blocks are many enough to be counted one by one."""
    certificate = make_certificate(tmp_path, "scarce", key=key)
    codes = {}
    for blocks in [*range(60), *range(60, 6000, 97)]:
        codes[blocks], line = ends(
            certificate, "--check-config", LD_PRELOAD=faults,
            MARTLET_FAULT_FILE=certificate[1], MARTLET_FAULT_AFTER=blocks)
        if codes[blocks] == 0:
            break
        assert codes[blocks] == MEMORY and "no memory" in line, (blocks, line)
    assert codes[0] == MEMORY and 0 in codes.values()


def memory_of(pid):
    """All that the process may write to, piece by piece."""
    with open(f"/proc/{pid}/maps", encoding="ascii") as maps, \
            open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
        for line in maps:
            area, rights, *_ = line.split()
            if not rights.startswith("rw"):
                continue
            start, end = (int(place, 16) for place in area.split("-"))
            memory.seek(start)
            yield memory.read(end - start)


@needs_preload
def test_nothing_is_left_of_the_text_of_a_key(tmp_path, start):
    certificate = make_certificate(tmp_path, "gateway.local", key=("rsa", "rsa_keygen_bits:2048"))
    server = start(**settings(certificate))
    lines = certificate[1].read_bytes().splitlines()[1:-1]
    for _ in range(2):
        left = {line for part in memory_of(server.pid) for line in lines if line in part}
        assert not left
        server.signal(signal.SIGHUP)
        until(lambda: "reloaded" in server.log)
