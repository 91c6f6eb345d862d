import Delivery
import Foundation
import Memory
import Testing
import WebSocket

@testable import TypedConnections

/// General and chat connections; what they are sent, parsed by Foundation.
final class Parlour {
  private var family: TypedRooms
  private var mailroom: Mailroom
  private var open: Set<Int> = []
  private(set) var step = FamilyStep.stay
  var now = Moment(monotonic: 10_000, wall: 1_752_143_400_000)

  init(
    connections: Int = 6, rooms: Int = 4, members: Int = 3, roomsEach: Int = 3,
    messageMaximum: Int = 512, places: Int = 60, slots: Int = 400
  ) {
    family = TypedRooms(
      connections: connections, rooms: rooms, membersPerRoom: members,
      roomsPerConnection: roomsEach, seed: 7)
    mailroom = Mailroom(
      connections: connections, places: places, slots: slots, slotSize: 256,
      draftSize: TypedRooms.longestAnswer(messageMaximum: messageMaximum), seed: 7)
    family.touch()
  }

  deinit { for connection in open { close(connection) } }

  // MARK: Coming and going

  /// Opens a connection: a chat one when a room is given.
  func open(
    _ connection: Int, _ id: String, name: String? = nil, chat room: String = "",
    isGreeted: Bool = false
  ) {
    open.insert(connection)
    mailroom.users.enter(
      connection, id: ShortText(text: id), name: ShortText(text: name ?? id.uppercased()))
    let opening = Opening(
      seed: InlineArray(repeating: 0), subject: ShortText(text: room), stamp: 42)
    family.opened(connection, opening, at: now, &mailroom)
    mailroom.endSharing()
    if !isGreeted { mailroom.sent(Wire.firstFrame(mailroom, of: connection), from: connection) }
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

  func ask(_ type: String, _ room: String? = nil, from connection: Int) {
    let member = room.map { #","room":"\#($0)""# } ?? ""
    send(#"{"type":"\#(type)"\#(member)}"#, from: connection)
  }

  /// Says something in a room of a general connection.
  func broadcast(_ text: String, in room: String, from connection: Int) {
    send(
      #"{"type":"broadcast_to_room","room":"\#(room)","message":"\#(text)"}"#, from: connection)
  }

  /// Says something in a chat.
  func say(_ text: String, in room: String? = nil, from connection: Int) {
    let member = room.map { #","room":"\#($0)""# } ?? ""
    send(#"{"type":"send_message","message":"\#(text)"\#(member)}"#, from: connection)
  }

  // MARK: What was sent

  /// What waits for a connection, taken out of its outbox.
  func texts(_ connection: Int) throws -> [String] { try Wire.take(connection, &mailroom) }

  func take(_ connection: Int) throws -> [[String: Any]] {
    try texts(connection).map(Wire.object)
  }

  /// What waits, in short: type, and what else tells one from another.
  func events(_ connection: Int) throws -> [String] {
    try take(connection).map { object in
      let names = ["type", "room", "user_id", "sender_id", "message"]
      if object["type"] as? String == "error" { return "error" }
      return names.compactMap { object[$0] as? String }.joined(separator: " ")
    }
  }

  // MARK: The mailroom and the family

  func isOverfull(_ connection: Int) -> Bool { mailroom.missed.contains(connection) }
  func isFaulty(_ connection: Int) -> Bool { mailroom.faulty.contains(connection) }
  func block(_ connection: Int) { mailroom.blocked.insert(connection) }
  func unblock(_ connection: Int) { mailroom.blocked.remove(connection) }
  var slotsInUse: Int { mailroom.outboxes.pool.capacity - mailroom.outboxes.pool.available }

  var roomCount: Int { family.roomCount }
  var membershipCount: Int { family.membershipCount }
  var presenceCount: Int { family.attendance.presences.count }
  var peaks: [Int] { [family.roomPeak, family.membershipPeak] }
  var capacities: [Int] { [family.roomCapacity, family.membershipCapacity] }

  func rooms(_ scope: TypedRoomScope) -> Int { family.roomCount(scope) }
  func connections(_ scope: TypedRoomScope) -> Int { family.connectionCount(scope) }
  func scope(_ connection: Int) -> TypedRoomScope? { family.scope(of: connection) }

  /// Users and connections of a room.
  func members(_ room: String, _ scope: TypedRoomScope) -> [Int]? {
    let place = family.find(Array(room.utf8).span.raw, scope)
    return place.map { [family.memberCount(ofRoom: $0), family.connectionCount(ofRoom: $0)] }
  }

  func isMember(_ connection: Int, of room: String) -> Bool {
    family.isMember(connection, of: Array(room.utf8).span.raw)
  }

  /// All rooms, with their kinds in front.
  var rooms: Set<String> {
    Set((0..<family.roomEndIndex).filter { family.containsRoom(at: $0) }.map { name($0) })
  }

  /// Rooms of one connection.
  func rooms(of connection: Int) -> Set<String> {
    var (rooms, next) = (Set<String>(), family.firstMembership(of: connection))
    while let membership = next {
      rooms.insert(name(family.room(of: membership)))
      next = family.membership(behind: membership)
    }
    return rooms
  }

  private func name(_ room: Int) -> String {
    "\(family.scope(ofRoom: room)) \(family.name(ofRoom: room).text)"
  }
}
