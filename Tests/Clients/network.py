"""What `ip` does elsewhere, for a network of a process's own, where only lo is:

    network.py up | add ADDRESS | get ADDRESS PORT
"""

import fcntl
import socket
import struct
import sys

SIOCSIFFLAGS, SIOCSIFADDR = 0x8914, 0x8916
IFF_UP = 1


def request(number, name, value):
    """One of netdevice(7)'s requests."""
    with socket.socket(type=socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, number, struct.pack("16s", name.encode()) + value.ljust(24, b"\0"))


def main():
    """Does it."""
    what, *arguments = sys.argv[1:]
    if what == "up":
        request(SIOCSIFFLAGS, "lo", struct.pack("h", IFF_UP))
    elif what == "add":
        address = socket.inet_aton(arguments[0])
        request(SIOCSIFADDR, "lo:1", struct.pack("HH4s", socket.AF_INET, 0, address))
    else:
        with socket.create_connection((arguments[0], int(arguments[1])), 5) as peer:
            peer.sendall(b"GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            print(peer.recv(4096).decode())


if __name__ == "__main__":
    main()
