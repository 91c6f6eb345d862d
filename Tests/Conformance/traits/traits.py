"""traits.py PROGRAM [TRAIT...]: has the program these traits, and nothing of those left out?

/health, --version, --help, --print-env and --memory-plan show exactly the traits named. What a
trait brings has to be there when it is built in; when it is left out, each of its paths answers
404 and each of its settings stops the start with a line that names the trait. Needs the standard
library only.
"""

import http.client
import json
import sys

from server import Server, run_once

CONFIGURATION = 78  # the exit code of settings that cannot work

# (method, path) and the traits that all have to be built in (PROTOCOL section 1).
PATHS = {
    ("GET", "/ws/realtime"): {"StepDetection"},
    ("GET", "/ws"): {"Rooms"},
    ("GET", "/ws/lobby"): {"Rooms"},
    ("GET", "/ws/auth"): {"Rooms"},
    ("GET", "/ws/auth/lobby"): {"Rooms"},
    ("GET", "/api/ws"): {"EmotionSync"},
    ("GET", "/metrics"): {"Admin"},
    ("GET", "/ws/stats"): {"Admin"},
    ("POST", "/ws/broadcast"): {"Admin"},
    ("GET", "/ws/connections"): {"Admin"},
    ("DELETE", "/ws/connections"): {"Admin"},
    ("DELETE", "/ws/connections/rooms_7_1"): {"Admin"},
    ("GET", "/sessions"): {"Admin", "StepDetection"},
    ("GET", "/sessions/x"): {"Admin", "StepDetection"},
    ("DELETE", "/sessions/x"): {"Admin", "StepDetection"},
    ("GET", "/api/v1/ws/7"): {"UserEvents"},
    ("POST", "/api/v1/events"): {"UserEvents"},
    ("POST", "/api/v1/users/7/events"): {"UserEvents"},
    ("GET", "/ws?connection_type=general"): {"TypedConnections"},
    ("GET", "/ws?connection_type=notifications"): {"TypedConnections"},
    ("GET", "/ws?connection_type=chat&room=a"): {"TypedConnections"},
    ("GET", "/ws?connection_type=test-session&room=a"): {"TypedConnections"},
    ("GET", "/ws/test-sessions/a"): {"Admin", "TypedConnections"},
    ("PUT", "/ws/test-sessions/a"): {"Admin", "TypedConnections"},
    ("DELETE", "/ws/test-sessions/a"): {"Admin", "TypedConnections"},
    ("GET", "/echo"): {"Echo"},
}

# Every setting that needs a trait, any of those named, with a value that it takes.
SETTINGS = {
    ("StepDetection",): {"STEP_IDLE_TIMEOUT": "60s", "STEP_MAX_SESSIONS": "7"},
    ("Rooms",): {
        "WEBSOCKET_MAX_ROOMS": "7", "WEBSOCKET_MAX_ROOM_MEMBERS": "7",
        "WEBSOCKET_MAX_ROOMS_PER_CONNECTION": "7", "WEBSOCKET_ROOM_HISTORY": "7",
        "WEBSOCKET_ROOM_HISTORY_SIZE": "64k"},
    ("EmotionSync",): {"EMOTION_ALLOWED": "calm,glad", "EMOTION_MAX_USERS": "7"},
    ("UserEvents", "TypedConnections"): {
        "USER_QUEUE_LENGTH": "7", "USER_QUEUE_TTL": "1h", "USER_QUEUE_SIZE": "64k",
        "USER_QUEUE_USERS": "7"},
    ("TypedConnections",): {
        "TEST_TIMER_INTERVAL": "2s", "TEST_MAX_SESSIONS": "7", "TEST_MAX_PARTICIPANTS": "7",
        "TEST_MAX_ANSWERS": "7", "TEST_PARTICIPANT_SIZE": "1k", "TEST_ANSWERS_SIZE": "64k",
        "TEST_KEEP": "1h"},
    ("Persistence",): {
        "PERSIST_ENABLED": "true", "PERSIST_INTERVAL": "100ms", "PERSIST_MAX_SIZE": "1M",
        "PERSIST_BATCH_SIZE": "64k"},
    ("Deflate",): {
        "DEFLATE_MEMORY": "2M", "DEFLATE_WINDOW_BITS": "11", "DEFLATE_LEVEL": "1",
        "DEFLATE_MIN_SIZE": "32"},
    ("TLS",): {
        "TLS_CERT_FILE": "", "TLS_KEY_FILE": "", "TLS_CLIENT_CA_FILE": "",
        "TLS_CLIENT_AUTH": "required", "WEBSOCKET_TLS_PORT": "8444",
        "WEBSOCKET_MAX_TLS_CONNECTIONS": "7", "TLS_HANDSHAKES": "4",
        "TLS_HANDSHAKES_PER_TURN": "2", "TLS_TICKET_LIFETIME": "1h"},
    ("Admin",): {"METRICS_PUBLIC": "true"},
}
TRAITS = {trait for traits in SETTINGS for trait in traits} | {"Echo"}

# The rows of the memory plan.
ROWS = {"StepDetection": "step sessions", "Rooms": "rooms", "EmotionSync": "emotions",
        "UserEvents": "user events", "TypedConnections": "test sessions",
        "Persistence": "journal", "Deflate": "deflate"}

# As an upgrade, so that a family that is there has no reason to refuse but a missing token.
HEADERS = {
    "Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="}


class Report:
    """Counts what was looked at and says what is wrong."""

    def __init__(self):
        self.looked = self.failed = 0

    def expect(self, good, words):
        self.looked += 1
        if not good:
            self.failed += 1
            print(f"    FAIL  {words}")


def ask(server, method, path):
    """(status, body) of one request on a connection of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
    try:
        connection.request(method, path, headers=HEADERS if method == "GET" else {})
        response = connection.getresponse()
        return response.status, b"" if response.status == 101 else response.read()
    finally:
        connection.close()


def check_paths(report, program, built):
    with Server(program) as server:
        status, body = ask(server, "GET", "/health")
        listed = json.loads(body)["traits"] if status == 200 else None
        report.expect(listed is not None and sorted(listed) == sorted(built),
                      f"/health: {status}, traits {listed}")
        for (method, path), needs in PATHS.items():
            status, body = ask(server, method, path)
            # Open to anyone, or to those with a token; the answer never depends on another trait.
            good = status in (101, 401) if needs <= built else status == 404
            report.expect(good, f"{method} {path}: {status} {body.decode()}")


def check_settings(report, program, built):
    for traits, settings in SETTINGS.items():
        for name, value in settings.items():
            if built & set(traits):
                ended = run_once("--check-config", settings={name: value}, command=program)
                report.expect(ended.returncode == 0, f"{name}: {ended.stderr}")
                continue
            ended = run_once(settings={name: value}, command=program)
            lines = ended.stderr.splitlines()
            report.expect(ended.returncode == CONFIGURATION,
                          f"{name}: exit code {ended.returncode}")
            report.expect(len(lines) == 1 and lines[0].startswith(f'{name}="{value}": ')
                          and f"trait {' or '.join(traits)}," in lines[0],
                          f"{name}: {ended.stderr}")


def check_commands(report, program, built):
    texts = {}
    for argument in ("--version", "--help", "--memory-plan", "--check-config", "--print-env"):
        ended = run_once(argument, command=program)
        texts[argument] = ended.stdout
        report.expect(ended.returncode == 0 and ended.stdout and not ended.stderr,
                      f"{argument}: exit code {ended.returncode}, {ended.stderr}")
    listed = texts["--version"].partition("\ntraits:")[2].split()
    report.expect(sorted(listed) == sorted(built), f"--version: traits {listed}")
    for traits, settings in SETTINGS.items():
        for name in settings:
            for argument in ("--help", "--print-env"):
                shown = f"{name}=" in texts[argument]
                report.expect(shown == bool(built & set(traits)), f"{argument} and {name}")
    rows = [line[:16].strip() for line in texts["--memory-plan"].splitlines()]
    for trait, row in ROWS.items():
        report.expect((row in rows) == (trait in built), f"--memory-plan and {row}: {rows}")


def main(program, *traits):
    built = set(traits)
    unknown = built - TRAITS
    if unknown:
        sys.exit(f"no such trait: {', '.join(sorted(unknown))}")
    report = Report()
    check_paths(report, program, built)
    check_settings(report, program, built)
    check_commands(report, program, built)
    print(f"{report.looked - report.failed} passed, {report.failed} failed")
    return report.failed > 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
