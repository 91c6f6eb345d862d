"""What goes on while the server is killed: publishers, subscribers, marks, emotions and exams."""

import asyncio
import math
import time
from urllib.parse import quote

from exams import QUESTIONS, Exam
from ledger import Emotions, Events, Notifications, new_event
from rig import KEEP_SECONDS
from tokens import ADMIN, token
from wire import Caller, Lost, Socket

SERVICE = token("backend", role="service")
SUBSCRIBERS = ["11", "12", "13", "dora", "emil", "füsun"]
PLAIN = "plain"  # never resumes
READERS, FEELERS = ["21", "rita"], ["31", "felix"]
EXAMS = 3  # at a time
EVENTS = ("upload_progress", "analysis_status", "notification")


class World:
    """All users, and what they know; it outlives every server."""

    def __init__(self, rig, judge, rng):
        self.rig, self.judge, self.rng = rig, judge, rng
        self.events = {user: Events(judge, user, user != PLAIN) for user in [*SUBSCRIBERS, PLAIN]}
        self.notifications = {user: Notifications(judge, user, KEEP_SECONDS - 10)
                              for user in READERS}
        self.emotions = {user: Emotions(judge, user) for user in FEELERS}
        self.exams, self.exam_count, self.exam_seconds = [], 0, (1, 1, 2, 3)
        self.tokens = {user: token(user) for user in [*self.events, *READERS, *FEELERS]}
        self.sockets, self.subscribed, self.readers = [], {}, {}
        self.awaiting = 0  # answers to publishers
        self.slowest = 0  # seconds that one took, or would have

    @property
    def alive(self):
        return self.rig.killed is None

    async def open(self, path, user, heard):
        socket = await Socket.open(self.rig.port, path, self.tokens[user], heard)
        self.sockets.append(socket)
        return socket

    def all_sockets(self):
        return self.sockets + [socket for exam in self.exams for socket in exam.sockets()]

    # Events

    async def subscribe(self, user):
        """Connects with the highest id that was seen, or without one when it never resumes."""
        book = self.events[user]
        sure = book.connecting(self.rig.run)
        path = f"/api/v1/ws/{quote(user)}" + (
            f"?last_event_id={book.last}" if book.resumes else "")

        def heard(_, message):
            if message["type"] in EVENTS:
                self.judge.count("events received")
                book.received(message)
            elif message["type"] == "connection":
                book.connected(message, sure)
            else:
                self.judge.fault("errors", str(message))

        socket = await self.open(path, user, heard)
        await socket.until("connection")
        self.subscribed[user] = socket
        return socket

    async def publish(self, caller, user, kind=None):
        """Publishes one event; its serial when it was acknowledged."""
        body = new_event(self.rng, user, self.rig.next_serial(), kind)
        serial, book = body["data"]["serial"], self.events[user]
        book.publishing(body)
        self.awaiting, began = self.awaiting + 1, time.time()
        answer = await caller.ask(f"POST /api/v1/users/{quote(user)}/events", body, SERVICE)
        self.slowest = max(self.slowest, min(time.time(), self.rig.killed or math.inf) - began)
        if answer is None:
            return None  # nobody knows; it stays one of those that were awaited
        self.awaiting -= 1
        if answer[0] != 202:
            self.judge.fault("publishes refused", str(answer))
            return None
        self.judge.count("publishes acknowledged")
        book.answered(serial, answer[1])
        return serial

    async def publisher(self, user, seed):
        caller, rng = Caller(self.rig.port), self.rng
        await asyncio.sleep(seed * 0.01)
        while self.alive:
            await self.publish(caller, user)
            await asyncio.sleep(rng.random() * 0.01)
        caller.close()

    async def publisher_to_all(self):
        """To every user with a connection: those who had one all the while have to get it."""
        caller = Caller(self.rig.port)
        while self.alive:
            serial = self.rig.next_serial()
            body = new_event(self.rng, "all", serial, "analysis_status")
            there = {user: socket for user, socket in self.subscribed.items()
                     if not socket.gone.done() and not socket.closing}
            for user in self.events:
                self.events[user].publishing(body)
            answer = await caller.ask("POST /api/v1/events", body, SERVICE)
            if answer and answer[0] == 202:
                self.judge.count("publishes to all acknowledged")
                for user, socket in there.items():
                    if self.subscribed[user] is socket and not socket.closing:
                        self.events[user].owed(serial)
            elif answer:
                self.judge.fault("publishes refused", str(answer))
            await asyncio.sleep(0.02 + self.rng.random() * 0.05)
        caller.close()

    async def wanderer(self, user):
        """Goes away and comes back once."""
        await asyncio.sleep(self.rng.random() * 0.3)
        if self.alive:
            self.subscribed[user].close()
            await asyncio.sleep(self.rng.random() * 0.05)
            await self.subscribe(user)
            self.judge.count("resumed under load")

    # Notifications

    def reader_hears(self, user):
        book = self.notifications[user]

        def heard(_, message):
            if message["type"] == "notification":
                book.received(message)
            elif message["type"] == "notification_read":
                book.was_read(message["notification_id"])
            elif message["type"] == "error":
                self.judge.fault("errors", str(message))
        return heard

    async def open_reader(self, user):
        self.notifications[user].here.clear()
        self.readers[user] = await self.open("/ws?connection_type=notifications", user,
                                             self.reader_hears(user))
        return self.readers[user]

    async def notify(self, caller, user):
        """Sends one notification; its text when it was accepted."""
        book, text = self.notifications[user], f"text {self.rig.next_serial()}"
        book.sent[text] = time.time()
        body = {"type": "notification", "title": "News", "message": text,
                "priority": self.rng.choice(("low", "normal", "high", "urgent"))}
        answer = await caller.ask(f"POST /ws/broadcast?connection_type=notifications"
                                  f"&user_id={user}", body, ADMIN)
        if answer is None:
            return None
        if answer[0] != 200:
            self.judge.fault("broadcasts refused", str(answer))
            return None
        self.judge.count("notifications acknowledged")
        book.accepted.add(text)
        return text

    def mark(self, socket, user, text):
        book = self.notifications[user]
        if text in book.ids and text not in book.marked:
            book.marked.add(text)
            socket.say(type="mark_notification_read", notification_id=book.ids[text])

    async def notifier(self, user, socket):
        caller = Caller(self.rig.port)
        while self.alive:
            text = await self.notify(caller, user)
            await asyncio.sleep(self.rng.random() * 0.02)
            here = list(self.notifications[user].here)
            if text and socket and here and self.alive and self.rng.random() < 0.6:
                self.mark(socket, user, self.rng.choice(here))
        caller.close()

    # Emotions

    async def feeler(self, user):
        book = self.emotions[user]

        def heard(_, message):
            if message["type"] == "emotion_update" and begun:
                self.judge.count("emotions told")
                book.received(message)
        begun = False
        socket = await self.open("/api/ws", user, heard)
        await socket.all_sent()
        begun = True
        while self.alive:
            socket.say(type="emotion_update", emotion=book.next())
            await asyncio.sleep(0.005 + self.rng.random() * 0.015)

    # Test sessions

    async def examine(self, exam):
        """Everybody answers, and now and then submits."""
        if not exam.sockets():
            caller = Caller(self.rig.port)
            there = await exam.create(caller)
            caller.close()
            if not there:
                return
            await exam.connect(self.rig.port)
        await asyncio.gather(*(self.participant(part) for part in exam.parts.values()))

    async def participant(self, part):
        late = 0
        while self.alive and late < 2 and not part.socket.gone.done():
            if part.over:
                late += 1
            if part.asked_to_submit and not part.over:
                await asyncio.sleep(0.02)
                continue
            if not part.over and self.rng.random() < 0.02:
                part.asked_to_submit = True
                part.socket.say(type="submit")
            elif not part.exam.high:
                await asyncio.sleep(0.005)  # not started yet
            else:
                part.answer(self.rng.choice(QUESTIONS))
            await asyncio.sleep(0.003 + self.rng.random() * 0.012)

    def new_exam(self):
        self.exam_count += 1
        exam = Exam(self.judge, f"exam-{self.exam_count}", self.rng.choice(self.exam_seconds),
                    self.rng.random() < 0.7)
        self.exams.append(exam)
        return exam

    # All together

    def tasks(self):
        """The actors of one round; some users have stayed connected since the check, some not."""
        rng, tasks = self.rng, []
        for user in SUBSCRIBERS:
            if rng.random() < 0.35:
                self.subscribed[user].close()
            elif rng.random() < 0.3:
                tasks.append(self.wanderer(user))
        for user in self.events:
            tasks += [self.publisher(user, seed) for seed in range(2)]
        tasks.append(self.publisher_to_all())
        for user in READERS:
            if rng.random() < 0.3:
                self.readers.pop(user).close()
            tasks.append(self.notifier(user, self.readers.get(user)))
        tasks += [self.feeler(user) for user in FEELERS]
        if len(self.exams) < EXAMS and rng.random() < 0.6:
            self.new_exam()
        tasks += [self.examine(exam) for exam in self.exams]
        return [asyncio.ensure_future(self.until_killed(task)) for task in tasks]

    async def until_killed(self, task):
        try:
            await task
        except Lost as lost:
            if self.alive:
                self.judge.fault("connections lost before the kill", str(lost))
