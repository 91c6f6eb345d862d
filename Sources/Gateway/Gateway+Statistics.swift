#if Admin
import Delivery
import JSON
import Memory

/// What GET /ws/stats tells.
extension Gateway where Link: ~Copyable {
  mutating func writeStats(_ report: inout Report) -> Bool {
    if report.section == 0 {
      beginStats()
      report.section = 1
    }
    if report.section == 1 {
      guard writeUsers(&report) else { return false }
      endItems()
      content.name("connections_by_room")
      content.beginObject()
      (report.section, report.cursor, report.isFirst) = (2, 0, true)
    }
    if report.section == 2 {
      guard writeRooms(&report) else { return false }
      endItems()
      (report.section, report.isFirst) = (3, false)
    }
    guard !isPieceFull else { return false }
    endStats()
    return true
  }

  /// Ends an object whose items may have ended with the piece before.
  private mutating func endItems() {
    if content.last == UInt8(ascii: ",") { content.truncate(to: content.count - 1) }
    content.endObject()
  }

  private mutating func beginStats() {
    content.beginObject()
    content.member("total_connections", openCount)
    content.member("total_users", mailroom.users.count)
    content.name("connections_by_type")
    content.beginObject()
    for kind in FamilyKind.allCases where Families.isBuiltIn(kind) {
      content.member(kind.name, metrics.open[Int(kind.rawValue)])
    }
    content.endObject()
    content.name("connections_by_user")
    content.beginObject()
  }

  /// True behind the last user.
  private mutating func writeUsers(_ report: inout Report) -> Bool {
    var user = Int(report.cursor)
    while user < mailroom.users.endIndex, !isPieceFull {
      if mailroom.users.contains(user) {
        let id = mailroom.users.id(of: user)
        content.string(id.bytes)
        content.append(":")
        content.append(decimal: UInt64(mailroom.users.connectionCount(of: user)))
        report.isFirst = false
      }
      user += 1
    }
    report.cursor = UInt32(user)
    return user >= mailroom.users.endIndex
  }

  /// The rooms family's, then those of general and chat; a name that was there already stands
  /// behind its kind and a slash, which is in no name. True behind the last.
  private mutating func writeRooms(_ report: inout Report) -> Bool {
    let first = families.rooms.roomEndIndex
    let end = first + families.talks.roomEndIndex
    var room = Int(report.cursor)
    while room < end, !isPieceFull {
      if room < first {
        if families.rooms.containsRoom(at: room) {
          let connections = families.rooms.connectionCount(ofRoom: room)
          writeRoom("", families.rooms.name(ofRoom: room), connections, &report)
        }
      } else if families.talks.containsRoom(at: room - first) {
        let connections = families.talks.connectionCount(ofRoom: room - first)
        let name = families.talks.name(ofRoom: room - first)
        writeRoom(prefix(ofTalk: room - first, name), name, connections, &report)
      }
      room += 1
    }
    report.cursor = UInt32(room)
    return room >= end
  }

  private func prefix(ofTalk room: Int, _ name: ShortText) -> StaticString {
    if families.talks.isChat(room: room) {
      let isTaken =
        families.rooms.find(name.bytes) != nil || families.talks.hasGeneralRoom(named: name.bytes)
      return isTaken ? "chat/" : ""
    }
    return families.rooms.find(name.bytes) != nil ? "general/" : ""
  }

  private mutating func writeRoom(
    _ prefix: StaticString, _ name: ShortText, _ connections: Int, _ report: inout Report
  ) {
    content.string(prefix)
    content.truncate(to: content.count - 1)
    content.escaped(name.bytes)
    content.append("\":")
    content.append(decimal: UInt64(connections))
    report.isFirst = false
  }

  private mutating func endStats() {
    content.member("uptime_seconds", (now.monotonic - started) / 1000)
    content.member("messages_in", metrics.messagesIn)
    content.member("messages_out", mailroom.messageCount)
    content.name("memory")
    content.beginObject()
    for pool in PoolKind.allCases {
      let use = use(of: pool)
      content.name(pool.name)
      content.beginObject()
      content.member("size", use.size)
      content.member("in_use", use.inUse)
      content.member("peak", use.peak)
      content.endObject()
    }
    content.endObject()
    content.endObject()
  }
}
#endif
