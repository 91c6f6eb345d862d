import Memory

/// One user in one session, who answers by one connection or more, or is away.
struct TestSessionParticipant {
  let session: UInt32
  let user: ShortText
  var name: ShortText
  let hash: UInt32
  /// Of its record; 0 while it has none.
  var key: UInt64 = 0
  /// Whether the user ended its part itself.
  var isSubmitted = false
  /// Whether the user was told what was submitted when the time was over: it has left for one of
  /// the user's devices.
  var isTold = false
  /// Whether it was put down that the user is told, which is before the message leaves: after a
  /// kill nobody is told twice.
  var isPromised = false
  /// Among the session's participants, in order of coming.
  var before = Spot.none
  var behind = Spot.none
  /// Answers, in order of first answering.
  var firstAnswer = Spot.none
  var lastAnswer = Spot.none
  var answers: UInt32 = 0
  /// Bytes of all answers as members of one object, commas and all.
  var size = 0
  /// The newest connection.
  var firstDevice = Spot.none

  init(session: Int, user: ShortText, name: ShortText, hash: UInt32) {
    self.session = UInt32(session)
    self.user = user
    self.name = name
    self.hash = hash
  }
}
