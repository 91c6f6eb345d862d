import Memory
import Testing

@testable import Delivery

@Suite struct UsersTests {
  private func text(_ string: String) -> ShortText {
    ShortText(prefixOf: Array(string.utf8).span.raw)
  }

  private func string(_ text: ShortText) -> String {
    String(decoding: (0..<text.bytes.byteCount).map { text.bytes[$0] }, as: UTF8.self)
  }

  private func connections(of user: Int, _ users: borrowing Users) -> Set<Int> {
    var found: Set<Int> = []
    var next = users.firstConnection(of: user)
    while let connection = next {
      found.insert(connection)
      next = users.connection(behind: connection)
    }
    return found
  }

  @Test func oneUserForAllConnectionsOfAnId() throws {
    var users = Users(connections: 8, seed: 1)
    users.enter(0, id: text("7"), name: text("Ada"))
    users.enter(1, id: text("8"), name: text("Bob"))
    users.enter(2, id: text("7"), name: text("Ada L."))
    let first = users.user(of: 0)
    let user = try #require(first)
    let (same, count, name) = (users.user(of: 2), users.count, users.name(of: user))
    #expect(same == user && count == 2)
    #expect(string(name) == "Ada L.")
    let found = connections(of: user, users)
    #expect(found == [0, 2])
    users.leave(0)
    users.leave(0)
    let (left, still) = (connections(of: user, users), users.find(text("7").bytes))
    #expect(left == [2] && still == user)
    users.leave(2)
    let gone = users.find(text("7").bytes)
    #expect(gone == nil)
  }

  @Test func whoGivesNoTokenIsNobodyElse() throws {
    var users = Users(connections: 8, seed: 1)
    users.enterAnonymously(0, name: nil)
    users.enterAnonymously(1, name: text("Eve"))
    let (first, next) = (users.user(of: 0), users.user(of: 1))
    let (one, other) = (try #require(first), try #require(next))
    let (id, name) = (users.id(of: one), users.name(of: one))
    #expect(string(id) == "anon-1" && string(name) == "guest-1")
    let (second, given) = (users.id(of: other), users.name(of: other))
    #expect(string(second) == "anon-2" && string(given) == "Eve")
    // A token may say that its subject is anon-1: it is another user.
    users.enter(2, id: text("anon-1"), name: text("Mallory"))
    let claimed = users.user(of: 2)
    #expect(claimed != one)
    users.leave(0)
    let found = users.find(text("anon-1").bytes)
    #expect(found == claimed)
  }

  /// Random coming and going against a dictionary.
  @Test(arguments: 0..<10 as Range<UInt64>) func agreesWithADictionary(_ seed: UInt64) {
    var state = seed &+ 3
    func random(_ bound: UInt64) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((state >> 33) % bound)
    }
    var users = Users(connections: 10, seed: seed)
    var model = [Int: String]()
    for _ in 0..<3_000 {
      let connection = random(10)
      if model[connection] == nil {
        let id = "user \(random(4))"
        users.enter(connection, id: text(id), name: text(id))
        model[connection] = id
      } else {
        users.leave(connection)
        model[connection] = nil
      }
      let count = users.count
      #expect(count == Set(model.values).count)
      for id in Set(model.values) {
        guard let user = users.find(text(id).bytes) else {
          Issue.record("\(id) is lost")
          continue
        }
        let found = connections(of: user, users)
        #expect(found == Set(model.filter { $0.value == id }.keys))
      }
    }
  }
}
