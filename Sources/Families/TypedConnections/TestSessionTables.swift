import Memory

/// Sessions, who takes part in them, the connections by which they do, and what they answer.
struct TestSessionTables: ~Copyable {
  var sessions: Slab<TestSession>
  var participants: Slab<TestSessionParticipant>
  var answers: Slab<TestSessionAnswer>
  /// Per connection; one of another family is in no session.
  var devices: FixedArray<TestSessionDevice>
  /// What is answered.
  var pool: SlotPool
  var ids: HashIndex
  var keys: HashIndex
  var users: HashIndex
  var questions: HashIndex
  /// Connections in sessions.
  var connections = 0
  /// Sessions that nobody has made.
  var placeholders = 0
  private var lastSerial: UInt64 = 0

  /// Bytes of a slot: most answers are a choice or a line.
  static var slotSize: Int { 64 }

  /// Answers that may be kept in so many bytes: each takes a slot at least.
  static func slots(size: Int) -> Int { max(1, size / slotSize) }

  init(connections: Int, sessions: Int, participants: Int, answersSize: Int, seed: UInt64) {
    let slots = TestSessionTables.slots(size: answersSize)
    self.sessions = Slab(capacity: sessions)
    self.participants = Slab(capacity: participants)
    answers = Slab(capacity: slots)
    devices = FixedArray(repeating: TestSessionDevice(), count: connections)
    pool = SlotPool(capacity: slots, slotSize: TestSessionTables.slotSize)
    ids = HashIndex(capacity: sessions, seed: seed)
    keys = HashIndex(capacity: sessions, seed: ~seed)
    users = HashIndex(capacity: participants, seed: seed &+ 1)
    questions = HashIndex(capacity: slots, seed: seed &+ 2)
  }

  static func byteCount(
    connections: Int, sessions: Int, participants: Int, answersSize: Int
  ) -> Int {
    let (slots, link) = (slots(size: answersSize), MemoryLayout<UInt32>.stride)
    return sessions * (MemoryLayout<TestSession>.stride + link)
      + 2 * HashIndex.byteCount(capacity: sessions)
      + participants * (MemoryLayout<TestSessionParticipant>.stride + link)
      + HashIndex.byteCount(capacity: participants)
      + slots * (MemoryLayout<TestSessionAnswer>.stride + link + slotSize + SlotPool.overhead)
      + HashIndex.byteCount(capacity: slots)
      + connections * MemoryLayout<TestSessionDevice>.stride
  }

  mutating func touch() {
    sessions.touch()
    participants.touch()
    answers.touch()
    pool.touch()
  }

  // MARK: Sessions

  func find(_ id: RawSpan) -> Int? {
    var probe = ids.probe(ids.hash(id))
    while let session = ids.next(&probe) {
      if sessions[session].id.bytes.equals(id) { return session }
    }
    return nil
  }

  /// The session whose record has this key.
  func find(key: UInt64) -> Int? {
    var probe = keys.probe(keys.hash(key))
    while let session = keys.next(&probe) {
      if sessions[session].key == key { return session }
    }
    return nil
  }

  /// A placeholder, for which there must be a place.
  mutating func makeSession(_ id: ShortText) -> Int {
    let hash = ids.hash(id.bytes)
    lastSerial += 1
    guard let session = sessions.insert(TestSession(id: id, hash: hash, serial: lastSerial)) else {
      preconditionFailure("a session was not asked for")
    }
    ids.insert(session, hash: hash)
    placeholders += 1
    return session
  }

  /// A placeholder becomes a session with a record.
  mutating func settle(_ session: Int, key: UInt64) {
    sessions[session].key = key
    keys.insert(session, hash: keys.hash(key))
    placeholders -= 1
  }

  /// Takes a session's name away; what belongs to it goes after its connections.
  mutating func retire(_ session: Int) {
    ids.remove(session, hash: sessions[session].hash)
    keys.remove(session, hash: keys.hash(sessions[session].key))
    sessions[session].isGone = true
  }

  /// Frees a session without connections and participants.
  mutating func free(_ session: Int) {
    if !sessions[session].isGone {
      ids.remove(session, hash: sessions[session].hash)
      placeholders -= 1
    }
    sessions.remove(at: session)
  }

  // MARK: Participants

  private func hash(_ user: ShortText, _ session: Int) -> UInt32 {
    users.hash(UInt64(users.hash(user.bytes)) << 32 | UInt64(session))
  }

  func participant(_ user: ShortText, in session: Int) -> Int? {
    var probe = users.probe(hash(user, session))
    while let place = users.next(&probe) {
      if participants[place].session == UInt32(session), participants[place].user == user {
        return place
      }
    }
    return nil
  }

  /// A participant who is not there yet, for whom there must be a place.
  mutating func makeParticipant(_ user: ShortText, _ name: ShortText, in session: Int) -> Int {
    let hash = hash(user, session)
    var participant = TestSessionParticipant(session: session, user: user, name: name, hash: hash)
    participant.before = sessions[session].lastParticipant
    guard let place = participants.insert(participant) else {
      preconditionFailure("a participant was not asked for")
    }
    if let before = participant.before.place {
      participants[before].behind = Spot(place)
    } else {
      sessions[session].firstParticipant = Spot(place)
    }
    sessions[session].lastParticipant = Spot(place)
    sessions[session].participants += 1
    users.insert(place, hash: hash)
    return place
  }

  /// Frees a participant without connections and answers.
  mutating func removeParticipant(_ place: Int) {
    let gone = participants[place]
    let session = Int(gone.session)
    if let before = gone.before.place {
      participants[before].behind = gone.behind
    } else {
      sessions[session].firstParticipant = gone.behind
    }
    if let behind = gone.behind.place {
      participants[behind].before = gone.before
    } else {
      sessions[session].lastParticipant = gone.before
    }
    sessions[session].participants -= 1
    users.remove(place, hash: gone.hash)
    participants.remove(at: place)
  }
}
