import Foundation
import TestSupport
import Testing

@testable import TypedConnections

/// What a session has to do at random: four users with devices, two proctors, time, and crashes.
struct ExamModel {
  private let exam: Exam
  private var random: SplitMix64
  private var users: [Int: String] = [:]
  private var proctors: Set<Int> = []
  /// What each user had answered when the disk took the last batch.
  private var durable: [String: [String: String]] = [:]
  /// What each connection asked for without having been told of it.
  private var asked: [Int: [(question: String, answer: String)]] = [:]
  /// What each device was told of its user's answers.
  private var shown: [Int: [String: String]] = [:]
  private var submitted: Set<String> = []
  /// How often each user was told that the time is over; a crash may have come before.
  private var told: [String: Set<Int>] = [:]
  /// Tells a connection from another one of its number.
  private var lives: [Int: Int] = [:]
  private var lastLife = 0
  /// Who may be told again: a connection was lost with something unread.
  private var unsure: Set<String> = []
  /// How often each kind of thing happened.
  private(set) var met: [String: Int] = [:]

  init(seed: UInt64) {
    random = SplitMix64(seed: seed)
    var sizes = Exam.Sizes()
    sizes.answersSize = 64 * 16
    sizes.places = 12
    sizes.batchSize = 4096
    exam = Exam(sizes)
    #expect(exam.create("s", seed % 2 == 0 ? 30 : 4) == .created)
    exam.land()
    exam.open(7, "boss", isProctor: true)
    exam.start(7)
    exam.land()
    proctors = [7]
  }

  mutating func step() throws {
    let connection = random.below(8)
    guard exam.open.contains(connection) else { return open(connection) }
    switch random.below(20) {
    case 0: try close(connection)
    case 1: exam.block(connection)
    case 2...4: try read(connection)
    case 5, 6: try land()
    case 7: exam.pass(UInt64(random.below(400)))
    case 8: if random.below(4) == 0 { try submit(connection) }
    case 9: if random.below(4) == 0 { try crash() }
    case 10: if random.below(8) == 0 { try rewrite() }
    default: answer(connection)
    }
  }

  private mutating func land() throws {
    exam.land()
    durable = try exam.answers()
  }

  private mutating func rewrite() throws {
    exam.rewrite()
    durable = try exam.answers()
    met["rewrite", default: 0] += 1
  }

  private mutating func open(_ connection: Int) {
    if connection > 5 {
      proctors.insert(connection)
      exam.open(connection, "boss", isProctor: true)
    } else {
      users[connection] = "u\(random.below(4))"
      exam.open(connection, users[connection] ?? "")
      if exam.isWaiting(connection) { met["waiting", default: 0] += 1 }
    }
    (shown[connection], asked[connection]) = ([:], [])
    lastLife += 1
    lives[connection] = lastLife
  }

  private mutating func close(_ connection: Int) throws {
    try land()
    try read(connection)
    guard exam.open.contains(connection) else { return }
    if let user = users[connection], exam.hasUnread(connection) { unsure.insert(user) }
    exam.close(connection)
    users[connection] = nil
    proctors.remove(connection)
  }

  private mutating func answer(_ connection: Int) {
    guard users[connection] != nil else { return }
    let question = "q\(random.below(6))"
    let answer = "\(random.next() % 1000)" + String(repeating: "0", count: random.below(90))
    asked[connection]?.append((question, "\"\(answer)\""))
    exam.answer("\"\(question)\"", "\"\(answer)\"", connection)
  }

  private mutating func submit(_ connection: Int) throws {
    guard users[connection] != nil else { return }
    asked[connection]?.append(("", ""))
    exam.submit(connection)
  }

  /// All that waits for a connection, and its meaning.
  private mutating func read(_ connection: Int) throws {
    if exam.isOverfull(connection) {
      met["overfull", default: 0] += 1
      if let user = users[connection] { unsure.insert(user) }
      exam.close(connection)
      (users[connection], asked[connection]) = (nil, nil)
      proctors.remove(connection)
      return
    }
    for object in try exam.drain(connection) { try see(object, connection) }
  }

  private mutating func see(_ object: [String: Any], _ connection: Int) throws {
    let answers = object["answers"] as? [String: Any]
    met[object["type"] as? String ?? "?", default: 0] += 1
    switch object["type"] as? String {
    case "answer_saved":
      let (question, answer) = try #require(next(connection))
      #expect(object["question_id"] as? String == question)
      #expect(durable[users[connection] ?? ""]?[question] != nil)
      shown[connection]?[question] = answer
    case "error": _ = next(connection)
    case "answer_sync" where users[connection] != nil:
      let question = try #require(object["question_id"] as? String)
      shown[connection]?[question] = try "\"\(#require(object["answer"] as? String))\""
    case "submitted":
      let user = try #require(object["user_id"] as? String)
      if user == users[connection] { shown[connection] = answers?.mapValues { "\"\($0)\"" } }
      submitted.insert(user)
      if asked[connection]?.first?.question == "" { _ = next(connection) }
    case "auto_submit" where users[connection] != nil:
      let user = try #require(object["user_id"] as? String)
      #expect(user == users[connection] && !submitted.contains(user))
      told[user, default: []].insert(lives[connection] ?? 0)
      shown[connection] = answers?.mapValues { "\"\($0)\"" }
    default: break
    }
  }

  private mutating func next(_ connection: Int) -> (String, String)? {
    guard let first = asked[connection]?.first else { return nil }
    asked[connection]?.removeFirst()
    return (first.question, first.answer)
  }

  private mutating func crash() throws {
    for connection in exam.open { try read(connection) }
    exam.restart(away: UInt64(random.below(1000)), clock: Int64(random.below(2000)) - 1000)
    (users, proctors, asked) = ([:], [], [:])
    // Who was told is not told again; of whom the disk says so is not, either.
    let toldOnDisk = exam.toldOnDisk
    for user in told.keys { #expect(toldOnDisk.contains(user)) }
    for user in toldOnDisk where told[user] == nil { told[user] = [] }
    met["crash", default: 0] += 1
    // All that any batch held is there, and nothing else.
    #expect(try exam.answers().filter { !$0.value.isEmpty } == durable.filter { !$0.value.isEmpty })
  }

  mutating func finish() throws {
    for connection in exam.open { try read(connection) }
    exam.pass(40_000)
    try land()
    for _ in 0..<3 {
      for connection in exam.open { try read(connection) }
      exam.pass(100)
      try land()
    }
    let answers = try exam.answers()
    for (connection, user) in users where exam.open.contains(connection) {
      // A proctor's view aside, each device has seen what counts.
      if told[user]?.contains(lives[connection] ?? 0) == true {
        #expect(shown[connection] == answers[user]?.mapValues { "\"\($0)\"" })
      }
    }
    for connection in exam.open { exam.close(connection) }
    #expect(exam.slotsInUse == 0)
    exam.restart()
    for (user, _) in answers where !submitted.contains(user) && !unsure.contains(user) {
      for connection in 0..<2 { exam.open(connection, user) }
      exam.land()
      let told = try exam.events(0).filter { $0.hasPrefix("auto_submit") }.count
      #expect(told == (self.told[user] == nil ? 1 : 0))
      #expect(try exam.events(1).filter { $0.hasPrefix("auto_submit") }.isEmpty)
      for connection in 0..<2 { exam.close(connection) }
    }
    #expect(try exam.answers() == answers)
    exam.pass(61_000)
    exam.land()
    #expect(exam.disk.isEmpty && exam.family.answersInUse == 0)
    #expect(exam.family.sessionCount == 0 && exam.family.participantCount == 0)
  }
}
