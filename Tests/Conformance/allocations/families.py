"""One scene a family: it is set once, and then plays so many messages."""

import json
import struct
import zlib

import tokens
from wire import Fault, Talker, answered, ask, frame, text

BURST = 16     # messages in one write
AT_ONCE = 64   # requests, or users, that wait for the disk together
USERS = [f"user-{number}" for number in range(AT_ONCE)]
NOTE = json.dumps({"type": "notification", "data": {
    "title": "Analysis Complete", "message": "Your audio has been analyzed",
    "level": "success"}}).encode()


def rounds(count, each):
    return range(max(1, count // each))


class Echo:
    """Text, binary and a ping."""

    def __init__(self, port):
        self.one = Talker(port, "/echo")
        self.burst = (frame(b"hello") + frame(bytes(125), 2)) * (BURST // 2)

    def play(self, count):
        for _ in rounds(count, BURST):
            self.one.send(self.burst + frame(b"", 9))
            for _ in range(BURST):
                self.one.receive()


class Steps:
    """JSON samples, batches and binary ones."""

    def __init__(self, port):
        self.one = Talker(port, "/ws/realtime")
        sample = text(accel_x=0.2, accel_y=-0.1, accel_z=12.75, gyro_x=0, gyro_y=1e-3, gyro_z=0.5)
        batch = text(samples=[[0.2, 0.1, 9.81, 0, 0, 0.5]] * 8)
        binary = frame(struct.pack("<6f", 0.2, 0.1, 8.5, 0, 0, 0) * 20, 2)
        self.burst = sample * (BURST - 3) + batch + binary + text(action="stats")
        self.one.receive()

    def play(self, count):
        for _ in rounds(count, BURST):
            self.one.send(self.burst)
            for _ in range(BURST):
                self.one.receive()


class Rooms:
    """Three members hear what one says, another comes and goes, and all ask who is there."""

    def __init__(self, port):
        self.members = [Talker(port, f"/ws/lobby?username=member-{n}") for n in range(3)]
        for member in self.members:
            member.settle()
        say = text(type="message", room="lobby", content="hello", data={"any": ["thing", 1.5]})
        self.burst = say * (BURST - 3) + text(type="user_list", room="lobby") + text(
            type="join", room="other") + text(type="leave", room="other")

    def play(self, count):
        for _ in rounds(count, BURST):
            self.members[0].send(self.burst)
            for member in self.members:
                member.await_type("message", BURST - 3)
            self.members[0].await_type("leave")


class Emotion:
    """Many users with a device each."""

    def __init__(self, port):
        self.devices = [Talker(port, "/api/ws", tokens.token(user)) for user in USERS]
        for device in self.devices:
            device.await_type("connection_established")
        self.bursts = [text(type="emotion_update", emotion=name) for name in ("happy", "sad")]

    def play(self, count):
        for number in rounds(count, AT_ONCE):
            for device in self.devices:
                device.send(self.bursts[number % 2])
            for device in self.devices:
                device.await_type("emotion_update")


class UserEvents:
    """A backend publishes to users who are there and to some who are not."""

    def __init__(self, port):
        self.port = port
        self.devices = [Talker(port, f"/api/v1/ws/{user}", tokens.token(user))
                        for user in USERS[:AT_ONCE // 2]]
        for device in self.devices:
            device.await_type("connection")

    def play(self, count):
        for _ in rounds(count, AT_ONCE):
            asked = [ask(self.port, f"POST /api/v1/users/{user}/events", NOTE, tokens.SERVICE)
                     for user in USERS]
            for one in asked:
                answered(one, 202)
            for device in self.devices:
                device.await_type("notification")


class General:
    def __init__(self, port):
        self.one = Talker(port, "/ws?connection_type=general", tokens.token("1"))
        self.one.await_type("connection_established")
        self.one.send(text(type="join_room", room="lobby"))
        self.one.await_type("room_joined")
        echo = text(type="echo", message={"text": "caf\u00e9", "list": [1, 2.5, None, True]})
        said = text(type="broadcast_to_room", room="lobby", message="hello")
        self.burst = echo * (BURST // 2) + said * (BURST // 2)

    def play(self, count):
        for _ in rounds(count, BURST):
            self.one.send(self.burst)
            self.one.await_type("room_message", BURST // 2)


class Notifications:
    """An admin tells many users, and each marks it read."""

    def __init__(self, port):
        self.port = port
        self.devices = [Talker(port, "/ws?connection_type=notifications", tokens.token(user))
                        for user in USERS]
        for device in self.devices:
            device.await_type("connection_established")
        self.body = json.dumps({"type": "notice", "title": "Maintenance Notice"}).encode()

    def play(self, count):
        for _ in rounds(count, 2 * AT_ONCE):
            answered(ask(self.port, "POST /ws/broadcast?connection_type=notifications", self.body,
                         tokens.ADMIN), 200)
            for device in self.devices:
                note = json.loads(device.await_type("notification"))
                device.send(text(type="mark_notification_read", notification_id=note["id"]))
            for device in self.devices:
                device.await_type("notification_read")


class TestSession:
    """A participant answers the same questions over and over; a proctor looks on."""

    def __init__(self, port):
        answered(ask(port, "PUT /ws/test-sessions/exam", b'{"duration_seconds":80000}',
                     tokens.PROCTOR), 201)
        path = "/ws?connection_type=test-session&room=exam"
        self.proctor = Talker(port, path, tokens.PROCTOR)
        self.one = Talker(port, path, tokens.token("1"))
        self.proctor.send(text(type="start_session"))
        self.one.await_type("session_status")
        self.burst = b"".join(text(type="answer_update", question_id=f"q{number}", answer="B")
                              for number in range(BURST))

    def play(self, count):
        for _ in rounds(count, BURST):
            self.one.send(self.burst)
            self.one.await_type("answer_saved", BURST)
            self.proctor.await_type("answer_sync", BURST)


class Compressed:
    """Compressed messages, in one piece and in two; who comes late finds no memory, and shares."""

    offer = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n"

    def __init__(self, port):
        self.port = port
        deflater = zlib.compressobj(wbits=-9)
        data = deflater.compress(NOTE) + deflater.flush(zlib.Z_SYNC_FLUSH)
        whole, rsv1 = data[:-4], 0x40
        torn = bytearray(frame(whole[:50], rsv1 | 1))
        torn[0] &= 0x7F
        self.burst = (frame(whole, rsv1 | 1) + torn + frame(whole[50:], 0)) * (BURST // 2)

    def play(self, count):
        for _ in rounds(count, BURST * AT_ONCE):
            talkers = [Talker(self.port, "/echo", fields=self.offer) for _ in range(AT_ONCE)]
            for talker in talkers:
                talker.send(self.burst)
            for talker in talkers:
                if any(talker.receive() == NOTE for _ in range(BURST)):
                    raise Fault("not compressed")
                talker.close()


class Chat:
    def __init__(self, port):
        path = "/ws?connection_type=chat&room=lobby"
        self.members = [Talker(port, path, tokens.token(str(number))) for number in range(3)]
        for member in self.members:
            member.await_type("connection_established")
        self.burst = text(type="send_message", message="hello") * (BURST - 1) + text(type="typing")

    def play(self, count):
        for _ in rounds(count, BURST):
            self.members[0].send(self.burst)
            for member in self.members:
                member.await_type("chat_message", BURST - 1)


class Requests:
    """One path by HTTP, over and over, a connection each."""

    line, token, body, status = "GET /health", None, b"", 200

    def __init__(self, port):
        self.port = port

    def play(self, count):
        for _ in rounds(count, AT_ONCE):
            asked = [ask(self.port, self.line, self.body, self.token) for _ in range(AT_ONCE)]
            for one in asked:
                answered(one, self.status)


class Stats(Requests):
    line, token = "GET /ws/stats", tokens.ADMIN


class Metrics(Requests):
    line, token = "GET /metrics", tokens.ADMIN


class Missing(Requests):
    line, status = "GET /nowhere", 404


class Comings:
    """Connects, says a word and goes, without a token."""

    path, token = "/ws/lobby", None

    def __init__(self, port):
        self.port = port

    def play(self, count):
        for _ in rounds(count, AT_ONCE):
            talkers = [Talker(self.port, self.path, self.token) for _ in range(AT_ONCE)]
            for talker in talkers:
                talker.receive()
                talker.close()


class ComingsSteps(Comings):
    path = "/ws/realtime"


class ComingsHS256(Comings):
    path, token = "/api/ws", tokens.token("7")


class ComingsRS256(Comings):
    path = "/api/ws"


class ComingsES256(Comings):
    path = "/api/ws"


SCENES = {
    "echo": Echo, "step sessions": Steps, "rooms": Rooms, "emotion": Emotion,
    "user events": UserEvents, "general": General, "notifications": Notifications,
    "test sessions": TestSession, "chat": Chat, "/health": Requests, "/ws/stats": Stats,
    "/metrics": Metrics, "a path that is not": Missing, "comings and goings": Comings,
    "of step sessions": ComingsSteps, "compressed": Compressed, "with HS256": ComingsHS256,
    "with RS256": ComingsRS256, "with ES256": ComingsES256,
}
