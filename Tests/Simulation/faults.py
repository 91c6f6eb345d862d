"""Faults of a disk that a test can make: each is made in a directory of its own, and undone."""

import os
import resource
import subprocess

from rig import DATABASE

EXPIRY_SECONDS = 15  # of events, where expiry is what makes room
BALLAST = "ballast"


class NotHere(Exception):
    """This machine does not allow a fault of this kind; the text says why."""


def command(*words):
    try:
        done = subprocess.run(words, capture_output=True, text=True, timeout=20, check=False)
    except FileNotFoundError as error:
        raise NotHere(str(error)) from None
    if done.returncode != 0:
        raise NotHere(f"{words[0]}: {done.stderr.strip().splitlines()[:1] or done.returncode}")


class Fault:
    """A kind of fault: how it is made in `top`, and undone."""

    name = settings = None
    can_be_undone = True
    at_start = False  # there before the server, which is not asked to open its file later

    def __init__(self, top):
        self.top, self.directory = top, os.path.join(top, "state")
        self.settings = self.settings or {}

    def prepare(self):
        os.mkdir(self.directory)

    def make(self, rig):
        pass

    def undo(self, rig):
        pass

    def clean(self):
        pass


class SizeLimit(Fault):
    name = "PERSIST_MAX_SIZE is reached"
    settings = {"PERSIST_MAX_SIZE": "256k", "PERSIST_BATCH_SIZE": "32k",
                "USER_QUEUE_TTL": f"{EXPIRY_SECONDS}s", "USER_QUEUE_SIZE": "8M"}


class FileLimit(Fault):
    """RLIMIT_FSIZE, set from outside; the kernel sends SIGXFSZ as well, which must not kill."""

    name = "a limit of the file's size"

    def make(self, rig):
        size = max(os.path.getsize(os.path.join(self.directory, name))
                   for name in os.listdir(self.directory) if name.startswith(DATABASE))
        self._limit(rig, size + 16384)

    def undo(self, rig):
        self._limit(rig, resource.RLIM_INFINITY)

    def _limit(self, rig, size):
        try:
            resource.prlimit(rig.server.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
        except PermissionError as error:
            raise NotHere(f"prlimit: {error}") from None


class Mounted(Fault):
    """A small tmpfs of its own."""

    options = "size=4m,mode=700"

    def prepare(self):
        self.mount = os.path.join(self.top, "mount")
        self.directory = os.path.join(self.mount, "state")
        os.mkdir(self.mount)
        command("mount", "-t", "tmpfs", "-o", self.options, "martlet-test", self.mount)
        os.mkdir(self.directory)

    def clean(self):
        if os.path.ismount(self.mount):
            command("umount", "-l", self.mount)


class FullDisk(Mounted):
    name = "a full disk"

    def make(self, rig):
        with open(os.path.join(self.mount, BALLAST), "wb", buffering=0) as ballast:
            try:
                while True:
                    ballast.write(bytes(4096))
            except OSError:
                pass

    def undo(self, rig):
        os.remove(os.path.join(self.mount, BALLAST))


class FullAtStart(FullDisk):
    name = "a disk that is full at the start"
    at_start = True


class ReadOnlyAtStart(Mounted):
    name = "a read-only disk at the start"
    at_start = True

    def make(self, rig):
        command("mount", "-o", "remount,ro", self.mount)

    def undo(self, rig):
        command("mount", "-o", "remount,rw", self.mount)


class ReadOnlyLater(Mounted):
    """A file system that finds an error in itself, as on a worn card: Linux makes it read-only.

    It stays so, and a plain remount is refused while a file is open for writing.
    """

    name = "a disk that becomes read-only"
    can_be_undone = False

    def prepare(self):
        self.mount = os.path.join(self.top, "mount")
        self.directory = os.path.join(self.mount, "state")
        image = os.path.join(self.top, "image")
        os.mkdir(self.mount)
        with open(image, "wb") as file:
            file.truncate(16 << 20)
        command("mkfs.ext4", "-q", image)
        command("mount", "-o", "loop,errors=remount-ro", image, self.mount)
        os.mkdir(self.directory)

    def make(self, rig):
        with open("/proc/self/mounts", encoding="utf-8") as mounts:
            device = next(line.split()[0] for line in mounts if line.split()[1] == self.mount)
        trigger = f"/sys/fs/ext4/{os.path.basename(device)}/trigger_fs_error"
        try:
            with open(trigger, "w", encoding="ascii") as file:
                file.write("a test of martlet\n")
        except OSError as error:
            raise NotHere(str(error)) from None


class ReadOnlyDirectory(Fault):
    name = "a directory without the right to write"
    at_start = True

    def make(self, rig):
        if os.geteuid() == 0:
            raise NotHere("root may write everywhere")
        os.chmod(self.directory, 0o500)

    def undo(self, rig):
        os.chmod(self.directory, 0o700)

    def clean(self):
        os.chmod(self.directory, 0o700)


class BelowAFile(Fault):
    name = "STATE_DIRECTORY below a file"
    at_start = True

    def prepare(self):
        self.file = os.path.join(self.top, "file")
        self.directory = os.path.join(self.file, "state")
        with open(self.file, "w", encoding="ascii") as file:
            file.write("in the way\n")

    def undo(self, rig):
        os.remove(self.file)
        os.makedirs(self.directory)


KINDS = [SizeLimit, FileLimit, FullDisk, FullAtStart, ReadOnlyAtStart, ReadOnlyLater,
         ReadOnlyDirectory, BelowAFile]
