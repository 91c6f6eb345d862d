"""Libraries for LD_PRELOAD, made of a C file beside this one: other clocks, systems in want."""

import os
import subprocess
from pathlib import Path

import pytest


def is_dynamic():
    """Whether the server is a program that a library can be preloaded to."""
    program = Path(os.environ.get("MARTLET", ""))
    return program.is_file() and b"ld-linux" in program.read_bytes()[:4096]


needs_preload = pytest.mark.skipif(not is_dynamic(), reason="nothing can be preloaded to it")


def preloaded(name, folder):
    """The library of `name`.c, made in the folder."""
    library = folder / f"{name}.so"
    source = Path(__file__).with_name(f"{name}.c")
    subprocess.run(["cc", "-shared", "-fPIC", "-o", library, source], check=True)
    return library
