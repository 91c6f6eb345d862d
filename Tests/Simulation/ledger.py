"""Who was told what: events, notifications and emotions as the server acknowledged them, and the
judgement on what came back. Times are Unix seconds; nothing here waits or talks."""

import json
import time
import zlib
from collections import Counter

LETTERS = "abcdefghijklmnopqrstuvwxyz äß"


def check_sum(data):
    """Of all its other members: what comes back with a right one has not been damaged."""
    rest = {name: value for name, value in data.items() if name != "check"}
    return zlib.crc32(json.dumps(rest, sort_keys=True).encode())


def new_event(rng, user, serial, kind=None):
    """A body to publish, whose data say for whom it is, tell it from others, and can be checked."""
    kind = kind or rng.choice(("upload_progress", "upload_progress", "analysis_status",
                               "notification"))
    audio = rng.choice((1, 2, "take/3"))
    data = {"upload_progress": {"audio_id": audio, "progress": rng.randrange(101), "status": "on"},
            "analysis_status": {"audio_id": audio, "status": "done", "results": {"steps": [1, 2]}},
            "notification": {"title": "A title", "message": "A text", "level": "info"}}[kind]
    data |= {"serial": serial, "to": user,
             "padding": "".join(rng.choices(LETTERS, k=rng.randrange(150)))}
    data["check"] = check_sum(data)
    return {"type": kind, "data": data}


class Published:
    """An event that was sent to the server; `id` once it has been acknowledged."""

    def __init__(self, body):
        self.body, self.id, self.due = body, None, False
        data = body["data"]
        self.audio = repr(data["audio_id"]) if body["type"] == "upload_progress" else None


class Events:
    """One user's events, and what the user's client has got of them.

    `resumes`: the client says the highest id it has seen, and so gets each once. One that does not
    gets what nobody got yet; after a kill that may be more than needed, and never less.
    """

    def __init__(self, judge, user, resumes=True):
        self.judge, self.user, self.resumes = judge, user, resumes
        self.open = {}  # serial: Published, until it is judged
        self.seen, self.ids, self.acknowledged = {}, {}, set()
        self.newest = {}  # audio: the highest id of its progress that was seen
        self.last, self.last_run, self.run, self.resumed = 0, None, 0, None
        self.is_whole = True  # whether all there ever was is known to the server

    def _name(self, number, serial):
        """Notes the event that has this id; an id belongs to one event for ever."""
        if self.ids.setdefault(number, serial) != serial:
            self.judge.fault("ids used twice", f"{self.user}: {number} is {self.ids[number]}, "
                                               f"and now {serial}")

    def publishing(self, body):
        self.open[body["data"]["serial"]] = Published(body)

    def answered(self, serial, answer):
        number = answer["id"]
        if serial in self.seen and self.seen[serial] != number:
            self.judge.fault("ids wrong", f"{serial} came as {self.seen[serial]}, not {number}")
        if answer["queued"] is not (answer["delivered"] == 0):
            self.judge.fault("answers to publishers wrong", str(answer))
        self._name(number, serial)
        self.acknowledged.add(number)
        if serial in self.open:
            self.open[serial].id, self.open[serial].due = number, True

    def owed(self, serial):
        """One to all was acknowledged, and this user was there from before it was sent."""
        if serial in self.open:
            self.open[serial].due = True

    def connecting(self, run):
        """Whether the server has no reason to say that something was lost."""
        self.run, before = run, self.last
        return (before == 0 and self.is_whole or before in self.acknowledged
                or self.last_run == run)

    def connected(self, message, sure):
        self.resumed = message["data"].get("resumed")
        if self.resumes and type(self.resumed) is not bool:
            self.judge.fault("resumed not said", str(message))
        if self.resumed is False and sure:
            self.judge.fault("resumed false without a loss", f"{self.user} after {self.last}")

    def received(self, message):
        number, data = message["id"], message["data"]
        serial, sent = data.get("serial"), self.open.get(data.get("serial"))
        self._name(number, serial)
        if data.get("check") != check_sum(data) or data["to"] not in (self.user, "all"):
            self.judge.fault("events wrong", str(message)[:300])
        elif sent and (sent.body["data"] != data or sent.body["type"] != message["type"]):
            self.judge.fault("events wrong", f"{message} for {sent.body}"[:300])
        if sent and sent.id not in (None, number):
            self.judge.fault("ids wrong", f"{serial} came as {number}, 202 said {sent.id}")
        if serial in self.seen:
            if self.resumes:
                self.judge.fault("delivered twice",
                                 f"{self.user}: {serial} as {self.seen[serial]} and {number}")
            else:
                self.judge.count("again to a client that does not resume")
        elif number <= self.last:
            self.judge.fault("out of order", f"{self.user}: {number} behind {self.last}")
        self.seen[serial] = number
        self.last, self.last_run = max(self.last, number), self.run
        if message["type"] == "upload_progress":
            audio = repr(data["audio_id"])
            self.newest[audio] = max(self.newest.get(audio, 0), number)

    def settle(self):
        """All that the server has for the client has come: what was acknowledged is among it."""
        lost = 0
        for serial, sent in self.open.items():
            if serial in self.seen or not sent.due:
                continue
            if sent.audio and self.newest.get(sent.audio, 0) > (sent.id or 0):
                self.judge.count("progress replaced by newer progress")
                continue
            lost += 1
            self.judge.fault("acknowledged and lost", f"{self.user}: {serial} ({sent.id}), a "
                                                      f"{sent.body['type']}; last {self.last}")
        if lost and self.resumed:
            self.judge.fault("resumed true with a loss", f"{self.user}: {lost} missing")
        self.open = {}


class Notifications:
    """One user's notifications, each known by its message, until a mark was seen to count."""

    def __init__(self, judge, user, keep_seconds):
        self.judge, self.user, self.keep_seconds = judge, user, keep_seconds
        self.sent = {}  # text: when it was sent
        self.accepted, self.marked, self.read = set(), set(), set()
        self.ids, self.texts = {}, {}
        self.here = Counter()  # what the connection at hand got

    def received(self, message):
        text, number = message["message"], message["id"]
        if text not in self.sent:
            self.judge.fault("notifications wrong", f"{self.user}: {message}")
            return
        if self.ids.setdefault(text, number) != number or (
                self.texts.setdefault(number, text) != text):
            self.judge.fault("notifications wrong", f"{self.user}: {number} or {text} is not new")
        self.here[text] += 1
        if self.here[text] > 1:
            self.judge.fault("notifications twice", f"{self.user}: {text}")
        if text in self.read:
            self.judge.fault("back from the read", f"{self.user}: {text}")

    def was_read(self, number):
        self.judge.count("notification marks acknowledged")
        self.read.add(self.texts[number])

    def settle(self):
        """A new connection has got all that is unread."""
        oldest = time.time() - self.keep_seconds
        for text in self.accepted - self.marked:
            if self.sent[text] > oldest and not self.here[text]:
                self.judge.fault("notifications lost", f"{self.user}: {text}")
        order = [self.ids[text] for text in self.here]
        if order != sorted(order):
            self.judge.fault("notifications out of order", f"{self.user}: {order}")
        # What a mark or a broadcast without an answer did is known now.
        self.accepted |= set(self.here)
        self.marked = {text for text in self.marked if not self.here[text]}
        self.accepted -= self.marked


class Emotions:
    """One user's emotions, numbered; each was sent, and told to the user's devices at some time."""

    def __init__(self, judge, user):
        self.judge, self.user = judge, user
        self.count, self.told, self.floor = 0, [], 0

    def next(self):
        self.count += 1
        return f"feeling-{self.count}"

    def received(self, message):
        self.told.append((int(message["emotion"].split("-")[1]), time.time()))

    def settle(self, message, before):
        """After a start: at least the newest that was told `before` this time, none not sent."""
        least = max([self.floor] + [number for number, when in self.told if when < before])
        number = int(message["emotion"].split("-")[1]) if message else 0
        if not least <= number <= self.count:
            self.judge.fault("emotions lost", f"{self.user}: {number}, at least {least} "
                                              f"of {self.count} was told in time")
        self.floor, self.told = number, []
