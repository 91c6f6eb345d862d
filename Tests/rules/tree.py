"""The files that the rules read: those of the clone, or the few of a self-test."""

import re
import subprocess
from pathlib import Path

CODE = (".swift", ".c", ".h", ".py", ".sh")
SKIPPED = {".git", ".build", ".cache"}


class Tree:
    """Texts by their path from the repository's root, with `/` between names."""

    def __init__(self, files):
        self.files = files

    @classmethod
    def of(cls, root):
        """Every text file that is tracked, or would be by `git add -A`."""
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=root, capture_output=True, check=False)
        if listed.returncode == 0:
            names = [name for name in listed.stdout.decode().split("\0") if name]
        else:  # an exported tree, without git
            names = [path.relative_to(root).as_posix() for path in root.rglob("*")
                     if not SKIPPED & set(path.relative_to(root).parts)]
        files = {}
        for name in sorted(set(names)):
            path = root / name
            if path.is_file():
                try:
                    files[name] = path.read_text("utf-8")
                except UnicodeDecodeError:
                    continue  # a binary sample
        return cls(files)

    def with_file(self, name, text):
        return Tree(self.files | {name: text})

    def without(self, prefix):
        return Tree({name: text for name, text in self.files.items()
                     if not name.startswith(prefix)})

    def sources(self):
        """(module, path, text) of each Swift file under Sources."""
        for name, text in self.files.items():
            if name.startswith("Sources/") and name.endswith(".swift"):
                yield module_of(name), name, text

    def modules(self):
        return sorted({module for module, _, _ in self.sources()})

    def shims(self):
        return {name.split("/")[1] for name in self.files
                if name.startswith("CShims/") and name.count("/") > 1}

    def code(self):
        """(path, text) of what we wrote as program text, scripts without a suffix included."""
        for name, text in self.files.items():
            if name.endswith(CODE) or text.startswith("#!"):
                yield name, text


def module_of(path):
    """Sources/Memory/Slab.swift is of Memory, Sources/Families/Rooms/Room.swift of Rooms."""
    names = path.split("/")
    return names[2] if names[1] == "Families" else names[1]


LITERAL = re.compile(
    r'''//[^\n]*|/\*.*?\*/|(\#*)"""(?:\\.|.)*?"""\1|(\#+)".*?"\2|"(?:\\.|[^"\\\n])*"''', re.S)


def bare(text):
    """Swift text without comments and strings; every line keeps its number."""
    return LITERAL.sub(lambda match: "\n" * match[0].count("\n"), text)


def find(pattern, text):
    """(line number, match) of each place where the pattern stands."""
    for number, line in enumerate(text.split("\n"), 1):
        for match in re.finditer(pattern, line):
            yield number, match
