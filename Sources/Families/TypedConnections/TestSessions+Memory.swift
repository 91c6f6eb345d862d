import Memory

/// What the memory plan counts, and what metrics show.
extension TestSessions {
  /// Bytes of all that `init` takes for the same numbers.
  public static func byteCount(
    connections: Int, sessions: Int, participants: Int, answersSize: Int
  ) -> Int {
    TestSessionTables.byteCount(
      connections: connections, sessions: sessions, participants: participants,
      answersSize: answersSize)
  }

  /// An id or a name with quotes: a byte becomes six at most when it is escaped.
  private static var nameSize: Int { 6 * ShortText.maximumSize + 2 }

  /// Bytes of the longest message that test sessions send: one with all answers of a participant.
  public static func longestAnswer(participantSize: Int) -> Int {
    participantSize + 3 * nameSize + 256
  }

  /// Bytes of the longest head or piece of the telling of a session.
  public static func longestPiece(participantSize: Int) -> Int {
    max(participantSize, 2 * nameSize) + 256
  }

  // MARK: Metrics

  public var connectionCount: Int { tables.connections }
  public var sessionCount: Int { tables.sessions.count }
  public var sessionPeak: Int { tables.sessions.peak }
  public var sessionCapacity: Int { tables.sessions.capacity }
  /// Users in sessions, each once for every session.
  public var participantCount: Int { tables.participants.count }
  public var participantPeak: Int { tables.participants.peak }
  public var participantCapacity: Int { tables.participants.capacity }
  public var answerCount: Int { tables.answers.count }
  public var answerPeak: Int { tables.answers.peak }
  public var answerCapacity: Int { tables.answers.capacity }
  /// Bytes of slots that hold answers.
  public var answersInUse: Int {
    (tables.pool.capacity - tables.pool.available) * tables.pool.slotSize
  }
  public var answersPeak: Int { tables.pool.peak * tables.pool.slotSize }
  public var answersCapacity: Int { tables.pool.capacity * tables.pool.slotSize }
}
