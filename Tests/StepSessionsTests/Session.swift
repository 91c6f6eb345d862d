import Delivery
import Foundation
import Memory
import Testing
import WebSocket

@testable import StepSessions

/// One session, its answers parsed by Foundation.
final class Session {
  private var family: StepSessions
  private var mailroom: Mailroom
  var now: Moment

  init(idleTimeout: UInt64 = 300_000, sessions: Int = 2) {
    now = Moment(monotonic: 10_000, wall: 1_234_567_890_123)
    family = StepSessions(connections: 4, sessions: sessions, idleTimeout: idleTimeout)
    mailroom = Mailroom(
      connections: 4, places: 60, slots: 200, slotSize: 1024, draftSize: 64 * 1024, seed: 1)
  }

  deinit { for connection in 0..<4 { mailroom.remove(connection) } }

  var hasRoom: Bool { family.hasRoom }
  var takesBinary: Bool { family.takesBinary }
  func deadline() -> UInt64? { family.deadline(of: 0) }

  func pass(_ milliseconds: UInt64) {
    now.monotonic += milliseconds
    now.wall += milliseconds
  }

  func open(_ connection: Int = 0) {
    family.opened(
      connection, Opening(seed: InlineArray(repeating: 0xAB)), at: now, &mailroom)
  }

  func close(_ connection: Int = 0) { family.closed(connection, at: now, &mailroom) }

  /// Sends a text message, which must be answered with one object at most.
  func send(_ text: String, from connection: Int = 0) throws -> [String: Any]? {
    try send(.text, Array(text.utf8), from: connection).first
  }

  func send(_ samples: [Float]) throws -> [String: Any]? {
    try send(
      .binary,
      samples.flatMap { value in
        (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * $0)) }
      }
    ).first
  }

  private(set) var step = FamilyStep.stay

  func send(
    _ opcode: Opcode, _ bytes: [UInt8], from connection: Int = 0
  ) throws -> [[String: Any]] {
    step = family.received(opcode, bytes.span.raw, from: connection, at: now, &mailroom)
    return try answers(of: connection)
  }

  func expire(_ connection: Int = 0) throws -> [[String: Any]] {
    step = family.expired(connection, at: now, &mailroom)
    return try answers(of: connection)
  }

  /// What waits for a connection, taken out of its outbox.
  func answers(of connection: Int = 0) throws -> [[String: Any]] {
    let isOverfull = mailroom.missed.contains(connection)
    try #require(!isOverfull)
    var rest = Session.waiting(mailroom, for: connection)[...]
    mailroom.outboxes.sent(rest.count, from: connection)
    var objects: [[String: Any]] = []
    while !rest.isEmpty {
      try #require(rest.removeFirst() == 0x81)
      var size = Int(rest.removeFirst())
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
}

let still = #"{"accel_x":0,"accel_y":0,"accel_z":9.81,"gyro_x":0,"gyro_y":0,"gyro_z":0}"#
let sessionID = "abababab-abab-4bab-abab-abababababab"
