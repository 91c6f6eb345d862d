"""The judgement itself: a server that lied would be found out. Talks to nobody."""

import random
import sys
import time

from exams import Exam
from judge import Judge
from ledger import Emotions, Events, Notifications, new_event


class Backend:
    """One user's book and the messages a server might send."""

    def __init__(self, resumes=True):
        self.judge = Judge()
        self.book = Events(self.judge, "u", resumes)
        self.bodies = {}

    def publish(self, serial, number=None, kind="notification"):
        # The same numbers each time: all progress is of one recording.
        self.bodies[serial] = new_event(random.Random(1), "u", serial, kind)
        self.book.publishing(self.bodies[serial])
        if number:
            self.book.answered(serial, {"id": number, "delivered": 0, "queued": True})

    def deliver(self, serial, number, **changes):
        message = {"type": self.bodies[serial]["type"], "id": number,
                   "data": self.bodies[serial]["data"] | changes}
        self.book.received(message)

    def connect(self, run, resumed=True):
        sure = self.book.connecting(run)
        self.book.connected({"data": {"resumed": resumed}}, sure)


def right(one):
    one.connect(1)
    one.publish(1, 10)
    one.deliver(1, 10)
    one.publish(2)  # never answered
    one.publish(3, 13, "upload_progress")
    one.publish(4, 14, "upload_progress")
    one.deliver(4, 14)
    one.book.settle()


def lost(one):
    one.connect(1, True)
    one.publish(1, 10)
    one.book.settle()


def newer_progress_lost(one):
    one.publish(1, 10, "upload_progress")
    one.publish(2, 11, "upload_progress")
    one.deliver(1, 10)
    one.book.settle()


def twice(one):
    right(one)
    one.deliver(1, 10)


def twice_under_a_new_id(one):
    right(one)
    one.deliver(1, 20)


def disorder(one):
    one.publish(1, 10)
    one.publish(2, 11)
    one.deliver(2, 11)
    one.deliver(1, 10)


def id_again(one):
    right(one)
    one.publish(9, 10)


def other_id(one):
    one.publish(1, 10)
    one.deliver(1, 12)


def changed(one):
    one.publish(1, 10)
    one.deliver(1, 10, padding="another")


def false_for_nothing(one):
    right(one)
    one.connect(2, False)


def false_with_a_reason(one):
    one.connect(1)
    one.publish(1)
    one.deliver(1, 10)  # never acknowledged: after a start nobody knows of it
    one.connect(2, False)


def queued_and_delivered(one):
    one.publish(1)
    one.book.answered(1, {"id": 5, "delivered": 1, "queued": True})


EVENTS = {right: set(), false_with_a_reason: set(),
          lost: {"acknowledged and lost", "resumed true with a loss"},
          newer_progress_lost: {"acknowledged and lost"}, twice: {"delivered twice"},
          twice_under_a_new_id: {"delivered twice"}, disorder: {"out of order"},
          id_again: {"ids used twice"}, other_id: {"ids wrong"}, changed: {"events wrong"},
          false_for_nothing: {"resumed false without a loss"},
          queued_and_delivered: {"answers to publishers wrong"}}


def notifications(judge, there, marked, read):
    """One accepted, known by its id from before the kill."""
    book = Notifications(judge, "u", 50)
    book.sent["text"] = time.time()
    book.accepted.add("text")
    book.ids["text"], book.texts[7] = 7, "text"
    if marked:
        book.marked.add("text")
    if read:
        book.was_read(7)
    for _ in range(there):
        book.received({"id": 7, "message": "text"})
    book.settle()


NOTIFICATIONS = [
    ((1, False, False), set()), ((0, True, True), set()), ((0, True, False), set()),
    ((1, True, False), set()), ((0, False, False), {"notifications lost"}),
    ((1, True, True), {"back from the read"}), ((2, False, False), {"notifications twice"})]


def emotions(judge, back, told_before):
    book = Emotions(judge, "u")
    for _ in range(3):
        book.received({"emotion": book.next()})
    now = time.time()
    book.settle(back and {"emotion": f"feeling-{back}"}, now + 1 if told_before else now - 1)


EMOTIONS = [((3, True), set()), ((1, False), set()), ((None, False), set()),
            ((2, True), {"emotions lost"}), ((None, True), {"emotions lost"}),
            ((4, True), {"emotions lost"})]


class Silent:
    def say(self, **_):
        pass


def exams(judge, act):
    exam = Exam(judge, "e", 1, True)
    exam.low = exam.high = time.time() - 2
    part = exam.parts["e-a"]
    part.socket = Silent()
    for _ in range(2):
        part.answer("1")
    part.saved("1")
    answer = {"number": 1, "by": "e-a", "to": "1"}
    act(exam, part, answer)


EXAMS = [
    (lambda exam, part, answer: part.check({"1": answer}, "GET"), set()),
    (lambda exam, part, answer: part.check({"1": answer | {"number": 2}}, "GET"), set()),
    (lambda exam, part, answer: part.check({}, "GET"), {"answers lost"}),
    (lambda exam, part, answer: (part.saved("1"), part.check({"1": answer}, "GET")),
     {"answers lost"}),
    (lambda exam, part, answer: part.check({"1": answer | {"number": 3}}, "GET"),
     {"answers wrong"}),
    (lambda exam, part, answer: part.check({"1": answer | {"by": "e-b"}}, "GET"),
     {"answers wrong"}),
    (lambda exam, part, answer: exam.ended(part, part, "auto_submit", {"1": answer}), set()),
    (lambda exam, part, answer: [exam.ended(part, by, "auto_submit", {"1": answer})
                                 for by in (part, None)], set()),
    (lambda exam, part, answer: [exam.ended(part, by, "auto_submit", {"1": answer})
                                 for by in (None, None)], {"submissions twice"}),
    (lambda exam, part, answer: [exam.ended(part, part, kind, {"1": answer})
                                 for kind in ("submitted", "auto_submit")],
     {"submissions twice"})]


def main():
    results = []
    for act, expected in EVENTS.items():
        one = Backend()
        act(one)
        results.append((act.__name__, expected, one.judge.kinds))
    for function, cases in ((notifications, NOTIFICATIONS), (emotions, EMOTIONS)):
        for arguments, expected in cases:
            judge = Judge()
            function(judge, *arguments)
            results.append((f"{function.__name__}{arguments}", expected, judge.kinds))
    for number, (act, expected) in enumerate(EXAMS):
        judge = Judge()
        exams(judge, act)
        results.append((f"exams {number}", expected, judge.kinds))
    failed = [result for result in results if result[1] != result[2]]
    for name, expected, found in failed:
        print(f"  {name}: expected {expected or 'nothing'}, found {found or 'nothing'}")
    print(f"{len(results) - len(failed)} passed, {len(failed)} failed (judgements)")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
