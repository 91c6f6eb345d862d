import Delivery
import Foundation
import Memory
import Testing
import WebSocket

@testable import Rooms

/// Connections in rooms; what they are sent, parsed by Foundation.
final class Hall {
  private var family: Rooms
  private var mailroom: Mailroom
  private var open: Set<Int> = []
  private(set) var step = FamilyStep.stay
  var now = Moment(monotonic: 10_000, wall: 1_234_567_890_123)

  static let startedAt: UInt64 = 1_000_000

  init(
    connections: Int = 6, rooms: Int = 4, members: Int = 3, roomsEach: Int = 3, history: Int = 0,
    historySize: Int = 8192, messageMaximum: Int = 512, places: Int = 60, slots: Int = 400
  ) {
    family = Rooms(
      connections: connections, rooms: rooms, membersPerRoom: members,
      roomsPerConnection: roomsEach, history: history, historySize: historySize,
      messageMaximum: messageMaximum, startedAt: Hall.startedAt, seed: 7)
    let draft = Rooms.longestAnswer(membersPerRoom: members, messageMaximum: messageMaximum)
    mailroom = Mailroom(
      connections: connections, places: places, slots: slots, slotSize: 256, draftSize: draft,
      seed: 7)
    family.touch()
  }

  deinit { for connection in open { close(connection) } }

  // MARK: Coming and going

  /// Opens a connection; without an id it is anonymous.
  func open(
    _ connection: Int, _ id: String? = nil, name: String? = nil, room: String = "",
    since: UInt64? = nil
  ) {
    open.insert(connection)
    let shown = name.map { short($0) }
    if let id {
      mailroom.users.enter(connection, id: short(id), name: shown ?? short(id))
    } else {
      mailroom.users.enterAnonymously(connection, name: shown)
    }
    let opening = Opening(seed: InlineArray(repeating: 0), subject: short(room), since: since)
    family.opened(connection, opening, at: now, &mailroom)
    mailroom.endSharing()
  }

  func close(_ connection: Int) {
    open.remove(connection)
    family.closed(connection, at: now, &mailroom)
    mailroom.endSharing()
    mailroom.remove(connection)
  }

  func send(_ text: String, from connection: Int) {
    step = family.received(.text, Array(text.utf8).span.raw, from: connection, at: now, &mailroom)
    mailroom.endSharing()
  }

  func refuse(_ connection: Int) { family.refused(connection, at: now, &mailroom) }

  func join(_ room: String, _ connection: Int, since: UInt64? = nil) {
    let member = since.map { #","since":\#($0)"# } ?? ""
    send(#"{"type":"join","room":"\#(room)"\#(member)}"#, from: connection)
  }

  func leave(_ room: String, _ connection: Int) {
    send(#"{"type":"leave","room":"\#(room)"}"#, from: connection)
  }

  func say(_ text: String, in room: String, _ connection: Int) {
    send(#"{"type":"message","room":"\#(room)","content":"\#(text)"}"#, from: connection)
  }

  // MARK: What was sent

  /// What waits for a connection, taken out of its outbox.
  func take(_ connection: Int) throws -> [[String: Any]] {
    var stream: [UInt8] = []
    while !mailroom.outboxes.isEmpty(connection) {
      let part = Hall.waiting(mailroom, for: connection)
      mailroom.outboxes.sent(part.count, from: connection)
      stream += part
    }
    return try Hall.objects(stream[...])
  }

  /// The same, and all that follows once there is room again.
  func drain(_ connection: Int) throws -> [[String: Any]] {
    var objects = try take(connection)
    while isWaiting(connection) {
      mailroom.waiting.remove(connection)
      family.resumed(connection, at: now, &mailroom)
      objects += try take(connection)
    }
    return objects
  }

  /// What waits, in short: type, and what else tells one from another.
  func events(_ connection: Int) throws -> [String] { try take(connection).map(Hall.event) }

  static func event(_ object: [String: Any]) -> String {
    let type = object["type"] as? String ?? "?"
    let data = object["data"] as? [String: Any]
    if type == "error" { return data?["code"] as? String ?? "?" }
    var words = [type, object["room"] as? String ?? "?"]
    if let id = object["user_id"] as? String { words.append(id) }
    if let content = object["content"] as? String { words.append(content) }
    if let names = object["data"] as? [String] { words += names }
    if let recovered = data?["recovered"] as? Bool { words.append("\(recovered)") }
    return words.joined(separator: " ")
  }

  /// An object with its members in order of their names.
  static func text(_ object: [String: Any]) throws -> String {
    let data = try JSONSerialization.data(
      withJSONObject: object, options: [.sortedKeys, .withoutEscapingSlashes])
    return String(decoding: data, as: UTF8.self)
  }

  private static func objects(_ stream: ArraySlice<UInt8>) throws -> [[String: Any]] {
    var (rest, objects) = (stream, [[String: Any]]())
    while !rest.isEmpty {
      try #require(rest.removeFirst() == 0x81)
      var size = Int(rest.removeFirst())
      try #require(size != 127)
      if size == 126 { size = Int(rest.removeFirst()) << 8 | Int(rest.removeFirst()) }
      let value = try JSONSerialization.jsonObject(with: Data(rest.prefix(size)))
      objects.append(try #require(value as? [String: Any]))
      rest = rest.dropFirst(size)
    }
    return objects
  }

  private static func waiting(_ mailroom: borrowing Mailroom, for connection: Int) -> [UInt8] {
    let list = mailroom.outboxes.gather(connection)
    return list.withParts { parts, count in
      (0..<count).flatMap {
        UnsafeRawBufferPointer(start: parts[$0].start, count: parts[$0].length)
      }
    }
  }

  // MARK: The mailroom

  func isWaiting(_ connection: Int) -> Bool { mailroom.waiting.contains(connection) }
  func isOverfull(_ connection: Int) -> Bool { mailroom.missed.contains(connection) }
  func block(_ connection: Int) { mailroom.blocked.insert(connection) }
  func unblock(_ connection: Int) { mailroom.blocked.remove(connection) }

  // MARK: The family

  var roomCount: Int { family.roomCount }
  var membershipCount: Int { family.membershipCount }
  var presenceCount: Int { family.attendance.presences.count }
  var historyInUse: Int { family.historyInUse }
  var historyCapacity: Int { family.historyCapacity }
  var slotsInUse: Int { mailroom.outboxes.pool.capacity - mailroom.outboxes.pool.available }
  var peaks: [Int] { [family.roomPeak, family.membershipPeak, family.historyPeak] }

  func users(in room: String) -> Int? { find(room).map { family.memberCount(ofRoom: $0) } }
  func find(_ room: String) -> Int? { family.find(Array(room.utf8).span.raw) }

  func isMember(_ connection: Int, of room: String) -> Bool {
    family.isMember(connection, of: Array(room.utf8).span.raw)
  }

  /// Names of all rooms, in any order.
  var rooms: Set<String> {
    Set((0..<family.roomEndIndex).filter { family.containsRoom(at: $0) }.map { name($0) })
  }

  /// Names of the rooms of one connection.
  func rooms(of connection: Int) -> Set<String> {
    var (rooms, next) = (Set<String>(), family.firstMembership(of: connection))
    while let membership = next {
      rooms.insert(name(family.room(of: membership)))
      next = family.membership(behind: membership)
    }
    return rooms
  }

  private func name(_ room: Int) -> String { string(family.name(ofRoom: room)) }
}

func short(_ text: String) -> ShortText { ShortText(prefixOf: Array(text.utf8).span.raw) }

func string(_ text: ShortText) -> String {
  String(decoding: (0..<text.bytes.byteCount).map { text.bytes[$0] }, as: UTF8.self)
}
