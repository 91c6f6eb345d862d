import Delivery
import Memory

/// One session: a test that its participants take at the same time.
struct TestSession {
  let id: ShortText
  let hash: UInt32
  /// Tells it from another one that has its place later.
  let serial: UInt64
  /// Of its record; 0 for a placeholder, which nobody has made yet.
  var key: UInt64 = 0
  var state = TestSessionState.waiting
  /// Whether its first participant starts it.
  var startsItself = false
  /// Whether it was deleted, or has been kept long enough.
  var isGone = false
  /// Whether its record is older than it is.
  var isUnwritten = false
  /// Milliseconds.
  var duration: UInt64 = 0
  /// Of the monotonic clock: when it is at zero; once it is submitted, when it need not be kept.
  var end: UInt64 = 0
  /// Milliseconds since 1970 UTC: when it is at zero, or was submitted.
  var wallEnd: UInt64 = 0
  var nextTick: UInt64 = 0
  /// When there is something to go on with.
  var workAt = UInt64.max

  /// Participants, in order of coming.
  var firstParticipant = Spot.none
  var lastParticipant = Spot.none
  var participants: UInt32 = 0
  /// The newest connection of no participant: proctors, and who came too late to take part.
  var firstOther = Spot.none
  var connections: UInt32 = 0
  /// Of all participants.
  var answers: UInt32 = 0

  /// The participant who is to be told next that the time is over.
  var telling = Spot.none
  /// Whether the proctors are still to be told.
  var tellsOthers = false
  /// The participant from whom on some have no record, or an old one.
  var writing = Spot.none

  init(id: ShortText, hash: UInt32, serial: UInt64) {
    self.id = id
    self.hash = hash
    self.serial = serial
  }

  var isPlaceholder: Bool { key == 0 }

  /// Milliseconds to zero, nil where nobody knows them.
  func remaining(at now: Moment) -> UInt64? {
    switch state {
    case .waiting: isPlaceholder ? nil : duration
    case .running: end > now.monotonic ? end - now.monotonic : 0
    case .submitted: 0
    }
  }

  /// When there is something to do about it, `max` when nothing is.
  var due: UInt64 {
    if isGone { return connections == 0 ? workAt : .max }
    switch state {
    case .waiting: return workAt
    case .running: return min(workAt, min(nextTick, end))
    case .submitted: return connections == 0 ? min(workAt, end) : workAt
    }
  }
}
