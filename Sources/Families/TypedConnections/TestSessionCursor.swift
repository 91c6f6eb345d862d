/// Where the telling of a session stands.
public struct TestSessionCursor: BitwiseCopyable {
  /// Of the session: another one may have its place by now.
  let serial: UInt64
  private let place: UInt32
  /// Whose names were told last.
  var participant = Spot.none
  /// The answer of that participant which was told last.
  var answer = Spot.none

  init(session: Int, serial: UInt64) {
    place = UInt32(session)
    self.serial = serial
  }

  public var session: Int { Int(place) }
}

/// What a piece of the telling of a session was.
public enum TestSessionPiece: Sendable {
  case more
  case last
  /// The session was deleted: nothing was written, and the rest cannot be told.
  case gone
}
