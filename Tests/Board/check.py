"""The life of a package on a board: a line for each thing that has to hold, in this order."""

import os
import re
import sys
import time
from pathlib import Path

import peer
from board import Board, BoardError

SETTINGS = "/etc/default/martlet"
PLACES = "find / -xdev -not -path '/proc/*' | sort"
# What changes by itself, or is apt's, dpkg's and the journal's.
OTHERS = "^/(var/(cache|log|lib/(apt|dpkg|systemd))|tmp|var/tmp|run|proc|sys|root)(/|$)"


class Check:
    """Says and counts what held."""

    def __init__(self, board):
        self.board = board
        self.passed = self.failed = 0

    def that(self, good, line, detail=""):
        print(f"  {'ok  ' if good else 'FAIL'}  {line}" + (f": {detail}" if detail else ""),
              flush=True)
        self.passed, self.failed = self.passed + bool(good), self.failed + (not good)

    def soon(self, condition, line, seconds=60):
        """Within so many seconds, by a condition that is asked here or a command there."""
        began = time.monotonic()
        good = False
        while not good and time.monotonic() - began < seconds:
            good = condition() if callable(condition) else self.board.run(condition)[0] == 0
            if not good:
                time.sleep(0.5)
        self.that(good, line, f"after {time.monotonic() - began:.0f} s")

    def keeps(self, token, line):
        """Whether what was published is there."""
        found = peer.titles(token, "ada")
        self.that(found == ["one"], line, ", ".join(found) or "nothing")

    def show(self, key):
        return self.board.out(f"systemctl show -P {key} martlet")

    def set(self, *lines):
        """Puts settings of this test behind those that are there."""
        self.board.out(f"sed -i '/^# test/,$d' {SETTINGS}")
        if lines:
            self.board.out(f"printf '%s\\n' '# test' {' '.join(map(repr, lines))} >>{SETTINGS}")

    def install(self, package):
        code, text = self.board.run(
            "DEBIAN_FRONTEND=noninteractive apt-get -qq -y -o Dpkg::Options::=--force-confdef "
            f"-o Dpkg::Options::=--force-confold install {package} </dev/null", 300)
        return code == 0, "" if code == 0 else text[-600:]


def installs(check, board):
    # The operator's, as the credentials in it; Debian 13 has it, Debian 12 has not.
    board.out(f"mkdir -p -m 700 /etc/credstore; {PLACES} >~/before")
    good, text = check.install("/mnt/martlet_*_arm64.deb")
    check.that(good, "apt installs it", text)
    check.soon(peer.healthy, "it serves right after")
    check.that(check.show("ActiveState") == "active", "the service is active",
               check.show("StatusText"))
    pid = check.show("MainPID")
    check.that(True, "resident", board.out(f"grep VmRSS /proc/{pid}/status | tr -s '\\t ' ' '"))
    check.that(board.out(f"stat -c %u /proc/{pid}") != "0", "its user is not root")
    exposure = board.out("systemd-analyze security martlet --no-pager | tail -1").split(": ")[1]
    check.that(float(exposure.split()[0]) <= 1.5, "systemd-analyze security", exposure)
    found = board.out("journalctl -u martlet -o cat --no-pager")
    check.that("listening" in found and not re.search("warning:|error:|credential", found),
               "the journal has no warning", found[-1500:])
    found = peer.count(f"ws://127.0.0.1:{peer.PLAIN}/ws/realtime")
    check.that(abs(found - 60) <= 3, "steps are counted over ws", f"{found} of 60")
    if board.run("systemctl is-active -q avahi-daemon")[0] == 0:
        check.soon("journalctl -u avahi-daemon | grep -q 'Martlet on .*successfully established'",
                   "Avahi tells the network of it", 20)


def secure(check, board):
    if "TLS" not in board.out("martlet --version"):
        return check.that(False, "TLS is built in")
    board.out("cd ~ && martlet cert localhost && mkdir -p -m 700 /etc/credstore && "
              "install -m 600 localhost.crt /etc/credstore/martlet.cert && "
              "install -m 600 localhost.key /etc/credstore/martlet.key")
    check.set("TLS_CERT_FILE=martlet.cert", "TLS_KEY_FILE=martlet.key")
    check.that(board.run("systemctl restart martlet")[0] == 0, "it starts with a certificate")
    trusted = Path(board.console).with_name("localhost.crt")
    trusted.write_text(board.out("cat ~/localhost.crt") + "\n")
    os.environ["SSL_CERT_FILE"] = str(trusted)
    found = peer.count(f"wss://localhost:{peer.SECURE}/ws/realtime")
    check.that(abs(found - 60) <= 3, "steps are counted over wss", f"{found} of 60")


def survives(check, board):
    token = board.out("STATE_DIRECTORY=/var/lib/martlet martlet token --sub ada --role admin "
                      "--for 24h")
    check.that(peer.publish(token, "ada", "one"), "an event is kept")
    pid = check.show("MainPID")
    with peer.connect(f"ws://127.0.0.1:{peer.PLAIN}/ws/realtime") as one:
        one.recv(timeout=20)
        check.that(board.run("systemctl reload martlet")[0] == 0, "it reloads")
        one.send('{"action":"stats"}')
        check.that("stats_response" in one.recv(timeout=20), "nobody is dropped by it")
    check.that(check.show("MainPID") == pid and check.show("ActiveState") == "active",
               "the same process goes on")
    board.out("kill -9 $(systemctl show -P MainPID martlet)")
    check.soon(peer.healthy, "it is back after kill -9", 30)
    check.keeps(token, "the event is still there")
    # Not at once: the agent has to answer first.
    board.out("systemd-run --on-active=1 --timer-property=AccuracySec=100ms systemctl reboot")
    took = board.booted()
    check.that(True, "the board booted again", f"{took:.0f} s")
    check.soon(peer.healthy, "it serves after a reboot", 120)
    check.keeps(token, "the event is still there, and the token good")


def hangs(check, board):
    pid = check.show("MainPID")
    board.out(f"kill -STOP {pid}")
    check.soon(f"test $(systemctl show -P MainPID martlet) != {pid}", "the watchdog ends it", 150)
    check.soon(peer.healthy, "it is back after that", 60)


def is_misconfigured(check, board):
    check.set("WEBSOCKET_PORT=banana")
    check.that(board.run("systemctl restart martlet")[0] != 0, "it does not start with a bad port")
    time.sleep(10)
    check.that(check.show("ActiveState") == "failed", "it is not tried again",
               f"{check.show('NRestarts')} restarts, exit code {check.show('ExecMainStatus')}")
    found = board.out("journalctl -b -u martlet -o cat | grep -m1 banana")
    check.that("WEBSOCKET_PORT" in found, "the journal says which", found)
    check.set()
    check.that(board.run("systemctl start martlet")[0] == 0, "mended, it starts")


def has_a_credential(check, board):
    board.out("mkdir -p -m 700 /etc/credstore && (umask 077; "
              "echo 0123456789abcdef0123456789abcdef >/etc/credstore/martlet.secret)")
    check.set("JWT_SECRET_FILE=martlet.secret")
    board.out("systemctl restart martlet")
    token = board.out("CREDENTIALS_DIRECTORY=/etc/credstore JWT_SECRET_FILE=martlet.secret "
                      "martlet token --sub ada --role admin")
    check.soon(peer.healthy, "it starts with a secret of root's")
    answer = peer.request("GET", "/ws/stats", token)
    check.that(answer and answer[0] == 200, "a token made with it is good")


def takes_sockets(check, board):
    check.set()
    board.out("systemctl stop martlet && systemctl enable --now martlet.socket "
              "&& systemctl start martlet")
    found = board.out("exec 4<>/dev/tcp/127.0.0.1/80; printf 'GET /health HTTP/1.1\\r\\n"
                      "Host: board\\r\\n\\r\\n' >&4; timeout 10 head -1 <&4")
    check.that("200" in found, "port 80 is opened for it by martlet.socket", found.strip())
    board.out("systemctl stop martlet martlet.socket && systemctl start martlet")


def upgrades(check, board):
    check.set("STEP_IDLE_TIMEOUT=123s")
    board.out("systemctl restart martlet")
    check.that(check.install("/mnt/newer/martlet_*_arm64.deb")[0], "apt upgrades it")
    check.that(board.out("dpkg-query -W -f '${Version}' martlet").endswith("+newer"),
               "the version is the newer")
    check.soon(peer.healthy, "it serves after an upgrade")
    check.that("STEP_IDLE_TIMEOUT=123s" in board.out(f"cat {SETTINGS}"), "its settings are kept")
    token = board.out("STATE_DIRECTORY=/var/lib/martlet martlet token --sub ada --role admin")
    check.keeps(token, "so is what it kept")


def goes(check, board):
    code, text = board.run("DEBIAN_FRONTEND=noninteractive apt-get -qq -y purge martlet", 300)
    check.that(code == 0, "apt purges it", text[-300:] if code else "")
    board.run("rm -rf /etc/credstore/martlet.* ~/localhost.*")
    left = board.run(f"{PLACES} >~/after; comm -13 ~/before ~/after "
                     f"| grep -vE '{OTHERS}'; find / -xdev -name '*martlet*' "
                     "-not -path '/proc/*' -not -path '/var/log/*' -not -path '/var/cache/*'")[1]
    check.that(not left, "nothing is left", left[:500])
    check.that("martlet" not in board.out("systemctl list-units --all --no-pager --plain")
               and not board.run("ls -d /run/credentials/martlet* /run/martlet*")[0] == 0,
               "nor of its service")


def main(image, disk, parcel):
    board = Board(image, disk, parcel, {8000: peer.PLAIN, 8443: peer.SECURE})
    check = Check(board)
    try:
        check.that(True, "the board boots", f"{board.booted(600):.0f} s")
        for part in (installs, secure, survives, hangs, is_misconfigured, has_a_credential,
                     takes_sockets, upgrades, goes):
            try:
                part(check, board)
            except Exception as error:  # pylint: disable=broad-exception-caught
                check.that(False, part.__name__, f"{type(error).__name__}: {error}")
                if isinstance(error, BoardError) and "no answer" in str(error):
                    break
                print(board.run("journalctl -b -u martlet -n 20 -o cat --no-pager")[1])
                check.set()
                board.run("systemctl restart martlet")
    except BoardError as error:
        check.that(False, "the board", error)
    finally:
        board.end()
    print(f"{check.passed} passed, {check.failed} failed")
    return 1 if check.failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
