import Delivery
import TestSupport
import Testing

@testable import Rooms

@Suite struct RoomsTests {
  @Test(arguments: [
    ("{", "invalid_message"), ("[]", "invalid_message"), ("{}", "invalid_message"),
    (#"{"type":7}"#, "invalid_message"), (#"{"type":"dance"}"#, "unsupported_type"),
    (#"{"type":"error"}"#, "unsupported_type"),
    (#"{"type":"join"}"#, "invalid_message"), (#"{"type":"join","room":7}"#, "invalid_message"),
    (#"{"type":"join","room":"a/b"}"#, "invalid_message"),
    (#"{"type":"join","room":"stats"}"#, "invalid_message"),
    (#"{"type":"join","room":"b","since":"1"}"#, "invalid_message"),
    (#"{"type":"join","room":"b","since":-1}"#, "invalid_message"),
    (#"{"type":"join","room":"b","since":1.5}"#, "invalid_message"),
    (#"{"type":"join","room":"b"} x"#, "invalid_message"),
    (#"{"type":"leave","room":"b"}"#, "not_a_member"),
    (#"{"type":"leave","room":"none"}"#, "not_a_member"),
    (#"{"type":"message","room":"b","content":"x"}"#, "not_a_member"),
    (#"{"type":"message","room":"a"}"#, "invalid_message"),
    (#"{"type":"message","room":"a","content":7}"#, "invalid_message"),
    (#"{"type":"message","content":"x"}"#, "invalid_message"),
    (#"{"type":"user_list","room":"b"}"#, "not_a_member"),
  ])
  func aRefusedMessageChangesNothing(_ text: String, _ code: String) throws {
    let hall = Hall(history: 4)
    hall.open(0, "ann", room: "a")
    hall.open(1, "bob", room: "a")
    hall.join("b", 1)
    _ = (try hall.take(0), try hall.take(1))
    hall.send(text, from: 0)
    #expect(try hall.events(0) == [code])
    #expect(try hall.events(1) == [])
    #expect(hall.step == .stay && hall.rooms == ["a", "b"])
    #expect(hall.rooms(of: 0) == ["a"] && hall.membershipCount == 3)
    hall.say("x", in: "a", 0)
    #expect(try hall.take(1).last?["id"] as? UInt64 == Hall.startedAt)
  }

  @Test func pingIsAnsweredAndPongIsNot() throws {
    let hall = Hall()
    hall.open(0)
    hall.send(#"{"type":"pong"}"#, from: 0)
    #expect(try hall.take(0).isEmpty)
    hall.send(#"{"type":"ping"}"#, from: 0)
    let pong = try #require(try hall.take(0).first)
    #expect(pong["type"] as? String == "pong" && pong["timestamp"] as? Int == 1_234_567_890)
  }

  @Test func aMessageThatCameTooFastIsAnsweredSo() throws {
    let hall = Hall()
    hall.open(0)
    hall.refuse(0)
    #expect(try hall.events(0) == ["rate_limited"])
  }

  @Test func theLastOfTwoMembersOfOneNameCounts() throws {
    let hall = Hall()
    hall.open(0, "ann")
    hall.send(#"{"room":"stats","type":"leave","type":"join","room":"a"}"#, from: 0)
    #expect(hall.rooms == ["a"])
    hall.send(#"{"type":"join","room":"b","room":7}"#, from: 0)
    #expect(hall.rooms == ["a"])
  }

  @Test func namesAreComparedDecoded() throws {
    let hall = Hall()
    hall.open(0, "ann", room: "caf\u{E9}")
    _ = try hall.take(0)
    hall.send(#"{"type":"leave","room":"caf\u00e9"}"#, from: 0)
    #expect(try hall.events(0) == ["leave caf\u{E9} ann"])
  }

  /// Everything at random, against a model that says what each connection hears.
  @Test(arguments: 1...20) func randomOperationsFollowTheModel(_ seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let hall = Hall(connections: 8, rooms: 3, members: 3, roomsEach: 2, history: 2)
    var model = Model(rooms: 3, members: 3, roomsEach: 2)
    let names = ["a", "b", "c", "d"]
    for round in 0..<600 {
      let connection = random.below(8)
      let room = names[random.below(4)]
      if !model.isOpen(connection) {
        let user = "u\(random.below(5))"
        hall.open(connection, user, room: room)
        model.open(connection, user, room)
      } else {
        switch random.below(8) {
        case 0:
          hall.close(connection)
          model.close(connection)
        case 1, 2:
          hall.leave(room, connection)
          model.leave(room, connection)
        case 3, 4, 5:
          hall.join(room, connection)
          model.join(room, connection)
        default:
          hall.say("\(round)", in: room, connection)
          model.say("\(round)", room, connection)
        }
      }
      for connection in 0..<8 where model.isOpen(connection) {
        // In which order one leaves two rooms at its end, nobody says.
        #expect(try hall.events(connection).sorted() == model.take(connection).sorted())
      }
      #expect(hall.rooms == model.names && hall.presenceCount == model.presenceCount)
      #expect(hall.membershipCount == model.membershipCount)
    }
    for connection in 0..<8 where model.isOpen(connection) { hall.close(connection) }
    #expect(hall.roomCount == 0 && hall.presenceCount == 0 && hall.membershipCount == 0)
    #expect(hall.historyInUse == 0 && hall.slotsInUse == 0)
  }
}

/// Rooms in the plainest way, with what each connection is told.
private struct Model {
  let rooms: Int
  let members: Int
  let roomsEach: Int
  private var users: [Int: String] = [:]
  /// Per room: its connections in order of joining.
  private var lists: [String: [Int]] = [:]
  /// Per room: users in order of joining.
  private var present: [String: [String]] = [:]
  private var heard: [Int: [String]] = [:]

  init(rooms: Int, members: Int, roomsEach: Int) {
    self.rooms = rooms
    self.members = members
    self.roomsEach = roomsEach
  }

  var names: Set<String> { Set(present.keys) }
  var presenceCount: Int { present.values.reduce(0) { $0 + $1.count } }
  var membershipCount: Int { lists.values.reduce(0) { $0 + $1.count } }
  func isOpen(_ connection: Int) -> Bool { users[connection] != nil }

  mutating func take(_ connection: Int) -> [String] {
    defer { heard[connection] = [] }
    return heard[connection, default: []]
  }

  private mutating func tell(_ connection: Int, _ text: String) {
    heard[connection, default: []].append(text)
  }

  mutating func open(_ connection: Int, _ user: String, _ room: String) {
    users[connection] = user
    heard[connection] = []
    join(room, connection)
  }

  mutating func join(_ room: String, _ connection: Int) {
    let user = users[connection]!
    if lists[room]?.contains(connection) == true { return }
    if lists.values.filter({ $0.contains(connection) }).count == roomsEach {
      return tell(connection, "too_many_rooms")
    }
    if present[room] == nil, present.count == rooms { return tell(connection, "too_many_rooms") }
    let isPresent = present[room]?.contains(user) == true
    if !isPresent, present[room]?.count == members { return tell(connection, "room_full") }
    lists[room, default: []].append(connection)
    if !isPresent { present[room, default: []].append(user) }
    for other in isPresent ? [connection] : lists[room]! { tell(other, "join \(room) \(user)") }
    tell(connection, "user_list \(room) " + present[room]!.joined(separator: " "))
  }

  mutating func leave(_ room: String, _ connection: Int) {
    guard lists[room]?.contains(connection) == true else {
      return tell(connection, "not_a_member")
    }
    tell(connection, "leave \(room) \(users[connection]!)")
    remove(room, connection)
  }

  private mutating func remove(_ room: String, _ connection: Int) {
    let user = users[connection]!
    lists[room]!.removeAll { $0 == connection }
    guard !lists[room]!.contains(where: { users[$0] == user }) else { return }
    present[room]!.removeAll { $0 == user }
    for other in lists[room]! { tell(other, "leave \(room) \(user)") }
    if present[room]!.isEmpty {
      present[room] = nil
      lists[room] = nil
    }
  }

  mutating func close(_ connection: Int) {
    for room in lists.keys where lists[room]!.contains(connection) { remove(room, connection) }
    users[connection] = nil
  }

  mutating func say(_ text: String, _ room: String, _ connection: Int) {
    guard lists[room]?.contains(connection) == true else {
      return tell(connection, "not_a_member")
    }
    for other in lists[room]! { tell(other, "message \(room) \(users[connection]!) \(text)") }
  }
}
