"""Who takes part: each server with the arguments that the load needs for it."""

import os
import subprocess
from pathlib import Path

from .peers import HERE, Peer, program

PLAIN_ROOM = ["--messages", "plain", "--path", "/room"]
# What a server does that echoes on /echo and passes on to all in a room on /room.
COMMON = {"echo": [], "room": PLAIN_ROOM, "handshake": [], "idle": []}
OURS = {
    "echo": [], "handshake": [], "idle": [],
    "ping": ["--path", "/ws/bench"],
    "step": ["--path", "/ws/realtime"],
    "room": ["--messages", "room", "--path", "/ws/bench", "--expect", '{"type":"message"'],
}


def certificate(directory, port):
    """Settings for TLS on this port, with a certificate of P-256 that nobody has to trust."""
    key, own = directory / "key.pem", directory / "certificate.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
         "-nodes", "-subj", "/CN=localhost", "-days", "2", "-keyout", key, "-out", own],
        capture_output=True, check=True)
    return {"TLS_CERT_FILE": own, "TLS_KEY_FILE": key, "WEBSOCKET_TLS_PORT": port,
            "WEBSOCKET_MAX_TLS_CONNECTIONS": 100}


def martlet(name, path, bare=None):
    """Over TLS as well when its --version names that trait."""
    secure = {}
    if os.path.exists(path):
        version = subprocess.run([path, "--version"], capture_output=True, text=True, check=False)
        secure = OURS if " TLS" in version.stdout else {}
    return Peer(name, program(path), OURS, takes_settings=True, bare=bare and program(bare),
                secure=secure, secure_settings=certificate)


def libwebsockets(path):
    """Its buffer for receiving is told to it: the largest message of the case, and 512 at least."""
    return lambda port, directory, case: [
        path, "0", str(case.settings.get("WEBSOCKET_MAX_MESSAGE_SIZE", 512))]


def nchan(port, directory, case):
    """nginx with one worker in the foreground."""
    text = (HERE / "nchan.conf").read_text("utf-8")
    file = directory / "nginx.conf"
    file.write_text(text.replace("PORT", str(port)).replace("DIRECTORY", str(directory)), "utf-8")
    return ["nginx", "-c", str(file), "-e", str(directory / "error.log")]


def mosquitto(port, directory, case):
    file = directory / "mosquitto.conf"
    file.write_text(f"listener {port} 127.0.0.1\nallow_anonymous true\nset_tcp_nodelay true\n"
                    "max_queued_messages 0\nlog_type error\n", "utf-8")
    return ["mosquitto", "-c", str(file)]


def peers(built, cache, embedded):
    """All that are there, the yardsticks first."""
    built, cache = Path(built), Path(cache)
    mqtt = ["--framing", "mqtt"]
    everyone = [
        Peer("floor", program(built / "floor"), {"echo": ["--framing", "raw"]}),
        Peer("C echo", program(built / "echo"), COMMON),
        martlet("martlet", os.environ["MARTLET"], built / "martlet-bare"),
        martlet("martlet embedded", embedded),
        Peer("libwebsockets", libwebsockets(built / "libwebsockets"), COMMON),
        Peer("picows", program(cache / "picows/bin/python", str(HERE / "picows_server.py")),
             COMMON),
        Peer("nio", program(built / "nio/release/peer"), COMMON, bare=program(built / "nio-bare")),
        Peer("nchan", nchan, {"room": ["--messages", "plain", "--path", "/room",
                                       "--publish-path", "/publish"]}, announces=False),
        Peer("mosquitto", mosquitto, {
            "room": [*mqtt, "--messages", "plain"], "idle": mqtt}, announces=False),
    ]
    files = {
        "martlet embedded": embedded, "libwebsockets": built / "libwebsockets",
        "picows": cache / "picows/stamp", "nio": built / "nio/release/peer",
        "nchan": "/usr/lib/nginx/modules/ngx_nchan_module.so",
        "mosquitto": "/usr/sbin/mosquitto"}
    return ([peer for peer in everyone if os.path.exists(files.get(peer.name, "/"))],
            [peer.name for peer in everyone if not os.path.exists(files.get(peer.name, "/"))])
