/// One connection in a session.
struct TestSessionDevice: BitwiseCopyable {
  /// How far a connection is with being told what was submitted when the time was over.
  enum Submission: UInt8 {
    /// The time is not over, or nothing of its end was decided yet.
    case none
    case due
    /// Queued, and perhaps not all sent.
    case sent
    /// All sent, or nothing is to be sent for now.
    case done
  }

  var session = Spot.none
  /// Nil for a proctor, and for who came too late to take part.
  var participant = Spot.none
  var isProctor = false
  /// Among those of the same participant, or of none.
  var before = Spot.none
  var behind = Spot.none
  /// Of a participant: the first answer that it is still to be told of. Of a proctor: the first
  /// participant of whose submission it is still to be told.
  var next = Spot.none
  var submission = Submission.none
  /// Whether it missed the newest time that is left.
  var wantsTime = false
}
