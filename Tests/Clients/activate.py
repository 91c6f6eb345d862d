"""Starts a program with sockets as systemd passes them (sd_listen_fds(3)).

    activate.py KIND,KIND,… PROGRAM ARGUMENT…

A kind is one of SOCKETS; each gets a free port of the loopback.
"""

import os
import socket
import sys


def tcp():
    """One that listens, on IPv4."""
    one = socket.socket()
    one.bind(("127.0.0.1", 0))
    one.listen()
    return one


def tcp6():
    """One that listens, on IPv6."""
    one = socket.socket(socket.AF_INET6)
    one.bind(("::1", 0))
    one.listen()
    return one


def unix():
    """One that listens, of another family."""
    one = socket.socket(socket.AF_UNIX)
    one.bind(f"\0martlet-{os.getpid()}")
    one.listen()
    return one


SOCKETS = {"tcp": tcp, "tcp6": tcp6, "unix": unix, "silent": socket.socket,
           "udp": lambda: socket.socket(type=socket.SOCK_DGRAM)}


def main():
    """Becomes the program."""
    passed = [SOCKETS[kind]() for kind in sys.argv[1].split(",")]
    # Out of the way first: the numbers wanted may be those of others.
    spare = [os.dup2(one.fileno(), 100 + place) for place, one in enumerate(passed)]
    for place, one in enumerate(spare):
        os.dup2(one, 3 + place)
        os.close(one)
    os.environ |= {"LISTEN_PID": str(os.getpid()), "LISTEN_FDS": str(len(passed))}
    os.execvp(sys.argv[2], sys.argv[2:])


if __name__ == "__main__":
    main()
