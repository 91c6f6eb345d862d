"""A Debian for arm64 in QEMU, and what it says to commands."""

import base64
import os
import socket
import subprocess
import time
from pathlib import Path


class BoardError(Exception):
    """The board does not answer."""


class Board:
    """Boots the disk of Tests/Board/image; the second disk has the packages and the agent."""

    def __init__(self, image, disk, parcel, ports):
        self.console = Path(disk).with_name("console.log")
        path = Path(disk).with_name("agent.sock")
        path.unlink(missing_ok=True)
        forwards = "".join(f",hostfwd=tcp:127.0.0.1:{here}-:{there}"
                           for there, here in ports.items())
        self.process = subprocess.Popen([
            "qemu-system-aarch64", "-M", "virt", "-cpu", "cortex-a53", "-smp", "2", "-m", "512",
            "-display", "none", "-monitor", "none", "-serial", f"file:{self.console}",
            "-kernel", f"{image}/vmlinuz", "-initrd", f"{image}/initrd.img",
            "-append", "root=LABEL=board rw console=ttyAMA0 quiet",
            "-drive", f"file={disk},format=raw,if=virtio",
            "-drive", f"file={parcel},format=raw,if=virtio,readonly=on",
            "-netdev", f"user,id=n0,restrict=on{forwards}",
            "-device", "virtio-net-pci,netdev=n0,romfile=",
            "-chardev", f"socket,id=agent,path={path},server=on,wait=off",
            "-device", "virtio-serial-pci",
            "-device", "virtserialport,chardev=agent,name=board",
        ], stderr=self.console.with_name("qemu.log").open("wb"))
        self._number, self._bytes = 0, b""
        self._socket = socket.socket(socket.AF_UNIX)
        for _ in range(100):
            try:
                self._socket.connect(os.path.relpath(path))
                return
            except OSError:
                time.sleep(0.1)
        raise BoardError("QEMU does not start")

    def _line(self, seconds):
        end = time.monotonic() + seconds
        while b"\n" not in self._bytes:
            left = end - time.monotonic()
            if left <= 0 or self.process.poll() is not None:
                raise BoardError(f"no answer within {seconds} s; see {self.console}")
            self._socket.settimeout(min(left, 1))
            try:
                self._bytes += self._socket.recv(65536)
            except TimeoutError:
                pass
        line, self._bytes = self._bytes.split(b"\n", 1)
        return line.decode().split()

    def booted(self, seconds=300):
        """Waits until it is up; how long that took."""
        began = time.monotonic()
        while self._line(seconds)[0] != "ready":
            pass
        return time.monotonic() - began

    def run(self, command, seconds=120):
        """The exit code of a command, and what it printed."""
        self._number += 1
        self._socket.sendall(b"%d %s\n" % (self._number, base64.b64encode(command.encode())))
        while True:
            answer = self._line(seconds)
            if answer[0] == str(self._number):
                return int(answer[1]), base64.b64decode("".join(answer[2:])).decode().rstrip("\n")

    def out(self, command, seconds=120):
        """What a command printed that must not fail."""
        code, text = self.run(command, seconds)
        if code:
            raise BoardError(f"exit code {code} of {command}: {text}")
        return text

    def until(self, command, seconds=60):
        """Waits until a command does not fail; how long that took, None when it never did."""
        began = time.monotonic()
        while time.monotonic() - began < seconds:
            if self.run(command)[0] == 0:
                return time.monotonic() - began
            time.sleep(0.5)
        return None

    def end(self):
        self._socket.close()
        self.process.terminate()
        self.process.wait(30)
