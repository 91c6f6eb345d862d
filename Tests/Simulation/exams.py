"""Test sessions as their participants and a proctor see them, across kills of the server."""

import asyncio
import time
from collections import Counter, deque

from tokens import ADMIN, token
from wire import Caller, Lost, Socket

PROCTOR = token("proctor", role="proctor")
QUESTIONS = ["1", "2", "essay", "ü"]
EARLY = 0.1  # seconds; clocks are rounded
AT_THE_START = 1.0  # that a deadline in the past may take to be acted on


class Part:
    """One participant: what was answered, what of it was acknowledged, how it ended."""

    def __init__(self, exam, user):
        self.exam, self.user, self.socket = exam, user, None
        self.token = token(user)
        self.sent, self.floor = Counter(), Counter()  # question: number of answers; the least
        self.pending = deque()  # (question, number, after the end) in the order they were sent
        self.asked_to_submit = False
        self.ends = Counter()  # submitted and auto_submit, as the participant saw them
        self.seen_by_proctor = Counter()

    @property
    def over(self):
        return bool(self.ends or self.seen_by_proctor)

    def answer(self, question):
        self.sent[question] += 1
        self.pending.append((question, self.sent[question], self.over))
        self.socket.say(type="answer_update", question_id=question,
                        answer={"number": self.sent[question], "by": self.user, "to": question})

    def saved(self, question):
        while self.pending:
            asked, number, late = self.pending.popleft()
            if asked == question:
                self.exam.judge.count("answers acknowledged")
                self.floor[question] = number
                if late:
                    self.exam.judge.fault("answers taken after the end", f"{self} {question}")
                return
        self.exam.judge.fault("answers wrong", f"{self}: answer_saved for {question} never sent")

    def knows(self, answers):
        """Whether these answers, or this state of them, were sent."""
        return all((answer["by"], answer["to"]) == (self.user, question)
                   and 1 <= answer["number"] <= self.sent[question]
                   for question, answer in answers.items())

    def check(self, answers, where):
        """These answers are ours, and none is older than what was acknowledged."""
        for question, least in self.floor.items():
            if question not in answers:
                self.exam.judge.fault("answers lost", f"{self} {question} in {where}: {least}")
        for question, answer in answers.items():
            number = answer["number"]
            if not self.knows({question: answer}):
                self.exam.judge.fault("answers wrong", f"{self} {question} in {where}: {answer}")
            elif number < self.floor[question]:
                self.exam.judge.fault("answers lost", f"{self} {question} in {where}: {number}, "
                                                      f"acknowledged {self.floor[question]}")

    def __str__(self):
        return f"{self.exam.name}/{self.user}"


class Exam:
    """A session; `low` and `high` are the bounds of the time when it started."""

    def __init__(self, judge, name, seconds, autostart):
        self.judge, self.name, self.seconds, self.autostart = judge, name, seconds, autostart
        self.path = f"/ws?connection_type=test-session&room={name}"
        self.parts = {user: Part(self, user) for user in (f"{name}-a", f"{name}-b")}
        self.proctor = None
        self.created = False
        self.low = self.high = None
        self.verified = 0  # starts since it ended
        self.passed_while_down = False

    @property
    def has_answers(self):
        return any(part.floor or part.ends for part in self.parts.values())

    def heard(self, socket, message):
        kind = message["type"]
        if message.get("state") == "running" and self.high is None:
            self.high = time.time()
        part = next((part for part in self.parts.values() if part.socket is socket), None)
        if kind in ("auto_submit", "submitted"):
            self.ended(self.parts[message["user_id"]], part, kind, message["answers"])
        elif kind == "answer_saved" and part:
            part.saved(message["question_id"])
        elif kind == "error":
            refused = part and (part.over or part.asked_to_submit or part.pending and self.near)
            if not refused:
                self.judge.fault("errors", f"{self.name}: {message}")

    @property
    def near(self):
        return self.low is not None and time.time() > self.low + self.seconds - EARLY

    def ended(self, whose, by, kind, answers):
        """Someone is told the end of `whose` part."""
        if by is not None and by is not whose:
            self.judge.fault("answers wrong", f"{by} is told of {whose}")
            return
        seen = whose.ends if by else whose.seen_by_proctor
        if not by:
            self.judge.count("ends told to proctors")
        seen[kind] += 1
        if seen.total() > 1 or set(whose.ends) | set(whose.seen_by_proctor) != {kind}:
            self.judge.fault("submissions twice", f"{whose}: {dict(whose.ends)}, "
                                                  f"proctor {dict(whose.seen_by_proctor)}")
        if kind == "auto_submit" and not self.near:
            self.judge.fault("deadlines wrong", f"{whose} ended before its time")
        whose.check(answers, kind)

    async def create(self, caller):
        answer = await caller.ask(f"PUT /ws/test-sessions/{self.name}", {
            "duration_seconds": self.seconds, "autostart": self.autostart}, ADMIN)
        if answer is not None:
            self.created = answer[0] == 201
            if not self.created:
                self.judge.fault("answers to a PUT wrong", f"{self.name}: {answer}")
        return self.created

    async def connect(self, port):
        """Everybody comes, the proctor first, who starts what does not start by itself."""
        self.proctor = await Socket.open(port, self.path, PROCTOR, self.heard)
        ready = await self.proctor.until("test_session_ready")
        if ready["state"] == "waiting":
            self.low = time.time()
            if not self.autostart:
                self.proctor.say(type="start_session")
        for part in self.parts.values():
            part.pending.clear()
            part.socket = None
            socket = Socket.open(port, self.path, part.token,
                                 lambda socket, message, part=part: self._first(part, socket,
                                                                                message))
            part.socket = await socket
            await part.socket.until("test_session_ready")

    def _first(self, part, socket, message):
        part.socket = socket  # messages may come before `open` returns
        self.heard(socket, message)

    def sockets(self):
        return [one for one in (self.proctor, *(part.socket for part in self.parts.values()))
                if one is not None]

    async def get(self, port):
        """What GET says; None when there is no such session."""
        caller = Caller(port)
        answer = await caller.ask(f"GET /ws/test-sessions/{self.name}", token=ADMIN)
        caller.close()
        if answer is None or answer[0] not in (200, 404):
            raise Lost(f"GET {self.name}: {answer}")
        return answer[1] if answer[0] == 200 else None


async def verify(exam, port, killed, started):
    """After a start; False when the session is not to be used any more."""
    status = await exam.get(port)
    if status is None:
        if exam.created:
            exam.judge.fault("sessions lost", exam.name)
        return False
    exam.created = True
    over = exam.high is not None and exam.high + exam.seconds < started
    ends = time.time() + AT_THE_START
    while (over and status["state"] != "waiting" and not all_submitted(exam, status)
           and time.time() < ends):
        exam.judge.count("deadlines acted on after the first answer")
        await asyncio.sleep(0.02)
        status = await exam.get(port)
    _check_state(exam, status, killed, over)
    found = {one["user_id"]: one for one in status["participants"]}
    for user, part in exam.parts.items():
        if user not in found:
            if part.floor or part.ends or part.seen_by_proctor:
                exam.judge.fault("answers lost", f"{part} is not among the participants")
            continue
        part.check(found[user]["answers"], "GET")
        if part.over and not found[user]["submitted"]:
            exam.judge.fault("submissions lost", str(part))
        # What came back is on disk; it may not be undone later.
        for question, answer in found[user]["answers"].items():
            part.floor[question] = max(part.floor[question], answer["number"])
    await exam.connect(port)
    for user, part in exam.parts.items():
        await _check_return(exam, part, found.get(user), over and killed)
    exam.verified += all_submitted(exam, status)
    return True


def all_submitted(exam, status):
    return status["state"] == "submitted" and all(
        one["submitted"] for one in status["participants"])


def _check_state(exam, status, killed, over):
    now, state = time.time(), status["state"]
    if state == "waiting":
        if exam.has_answers:
            exam.judge.fault("sessions lost", f"{exam.name} has lost its start")
        exam.low = exam.high = None
        return
    if exam.low is None:
        exam.judge.fault("sessions lost", f"{exam.name} is {state} and nobody started it")
        return
    exam.high = exam.high or killed
    low, high = exam.low + exam.seconds, exam.high + exam.seconds
    if state == "running":
        left = status["remaining_seconds"]
        if not low - now - EARLY <= left <= high - now + 1 + EARLY:
            exam.judge.fault("deadlines wrong", f"{exam.name}: {left} s left, expected "
                                                f"{low - now:.2f} to {high - now + 1:.2f}")
    elif now < low - EARLY:
        exam.judge.fault("deadlines wrong", f"{exam.name} ended {low - now:.2f} s too early")
    if over:
        if not all_submitted(exam, status):
            exam.judge.fault("deadlines missed", f"{exam.name}: {status}"[:300])
        if killed < low - EARLY and exam.verified == 0:
            exam.judge.count("deadlines that passed while it was down")


async def _check_return(exam, part, found, killed):
    """A participant who comes back: synced answers are those of GET; an end is told once."""
    await part.socket.all_sent()
    if not found:
        return
    kinds = [message["type"] for message in part.socket.messages]
    if not found["submitted"]:
        if not part.ends:
            synced = {message["question_id"]: message["answer"]
                      for message in part.socket.messages if message["type"] == "answer_sync"}
            if synced != found["answers"]:
                exam.judge.fault("answers not synced", f"{part}: {synced}")
    elif "auto_submit" in kinds and kinds[kinds.index("auto_submit") - 1] != "test_session_ready":
        exam.judge.fault("submissions in the wrong place", f"{part}: {kinds}")
    # Before the kill nothing can have been told, and nobody was there when the time had come.
    due = killed and killed < exam.low + exam.seconds - EARLY and part.floor
    if due and not part.asked_to_submit and exam.verified == 0 and not part.ends["auto_submit"]:
        try:
            await part.socket.until("auto_submit", AT_THE_START)
        except Lost:
            exam.judge.fault("submissions not told", str(part))
    elif found["submitted"] and not (part.ends or part.asked_to_submit or exam.verified):
        exam.judge.count("submissions told to nobody: the kill fell between")

