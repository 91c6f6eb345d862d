import Delivery
import JSON
public import Memory

/// All memory that is taken at start: what `--memory-plan` prints.
public struct MemoryPlan {
  public struct Row {
    public let name: StaticString
    public let count: Int
    /// Bytes of one.
    public let size: Int
    /// Who holds them.
    public let holders: StaticString

    /// Wider than the `Int` of a 32-bit board, which they may not fit.
    public var bytes: Int64 { Int64(count) * Int64(size) }
  }

  public let rows: [Row]

  /// Bytes of the sets of places: the mailroom's; resumable, starved, congested, unfinished, lost.
  private static let bytesOfSets = Mailroom.bytesOfSets + 5 * IndexSet.bytesPerIndex

  /// - Parameters:
  ///   - bytesPerLink: what the host takes for each connection.
  ///   - bytesOfDisk: what it takes to write records.
  ///   - bytesPerSession: what it takes for each connection with TLS.
  ///   - bytesPerHandshake: the same for each handshake while it lasts.
  public init(
    _ limits: Limits, bytesPerLink: Int, bytesOfDisk: Int = 0, bytesPerSession: Int = 0,
    bytesPerHandshake: Int = 0
  ) {
    let places = limits.places
    var rows = [
      Row(
        name: "connections", count: places,
        size: MemoryLayout<Connection>.stride + DeadlineQueue.bytesPerPlace + bytesPerLink
          + MemoryPlan.bytesOfSets
          + (limits.isRated ? MemoryLayout<Rates>.stride : 0),
        holders: "state, deadline and event watcher of each connection"),
      Row(
        name: "outboxes", count: places,
        size: Outboxes.bytesPerConnection(places: limits.writePlaces + Mailroom.controlPlaces)
          + Mailroom.bytesPerHold,
        holders: "what waits to be sent to each connection"),
      Row(
        name: "users", count: places, size: Users.bytesPerConnection(places),
        holders: "id and name of who is behind each connection"),
      Row(
        name: "read slots", count: limits.readSlots, size: limits.readSlotSize + SlotPool.overhead,
        holders: "torn heads and messages, and what has to wait"),
      Row(
        name: "write slots", count: limits.writeSlots,
        size: limits.writeSlotSize + SlotPool.overhead, holders: "frames in the outboxes"),
      Row(
        name: "receive buffer", count: 1, size: limits.receivedSize,
        holders: "what one turn reads of one connection"),
      Row(
        name: "message buffer", count: 1, size: limits.assembledSize,
        holders: "a message that came in pieces, or a body in chunks"),
      Row(
        name: "request path", count: 1, size: limits.headMaximum,
        holders: "the path at hand, without escapes"),
      Row(
        name: "cork", count: 1, size: limits.corkSize,
        holders: "the answers to what one connection has sent"),
      Row(name: "draft", count: 1, size: limits.draftSize, holders: "the answer at hand"),
      Row(
        name: "content", count: 1, size: limits.contentSize + Limits.crossOriginMaximum,
        holders: "the content of an HTTP response, and who may read it"),
      Row(name: "token", count: 1, size: Doorkeeper.byteCount, holders: "the token at hand"),
    ]
    #if Deflate
    if limits.deflate.memory > 0 {
      rows.append(
        Row(
          name: "deflate", count: 1,
          size: Deflation.byteCount(
            limits.deflate, connections: places, messageSize: limits.draftSize)
            + limits.messageMaximum + 1,
          holders: "zlib's streams, and the compressed message at hand"))
    }
    #endif
    if limits.isSecure {
      rows += [
        Row(
          name: "TLS sessions", count: limits.secureConnections, size: bytesPerSession,
          holders: "record buffers and keys of each connection with TLS"),
        Row(
          name: "TLS handshakes", count: min(limits.handshakes, limits.secureConnections),
          size: bytesPerHandshake, holders: "what a handshake needs, taken while it lasts"),
      ]
    }
    if limits.connectRate > 0 {
      rows.append(
        Row(
          name: "addresses", count: 1, size: ConnectRate.byteCount(rate: limits.connectRate),
          holders: "who has connected how often"))
    }
    rows += Families.rows(limits)
    if limits.keepsRecords {
      rows.append(
        Row(
          name: "journal", count: 1,
          size: Journal.byteCount(batchSize: limits.batchSize, recordSize: limits.recordSize),
          holders: "records that wait for the disk"))
      rows.append(
        Row(
          name: "disk", count: 1, size: bytesOfDisk,
          holders: "the records on their way, and SQLite's memory"))
    }
    self.rows = rows
  }

  /// Bytes in all.
  public var sum: Int64 { rows.reduce(0) { $0 + $1.bytes } }

  /// One line a row, then the sum; `resident` is what the program takes without its pools.
  public func write(to writer: inout ByteWriter, resident: Int) {
    for row in rows {
      writer.column(row.name, width: 16)
      writer.column(Int64(row.count), width: 9)
      writer.append(" x")
      writer.column(Int64(row.size), width: 8)
      writer.append(" =")
      writer.column(row.bytes, width: 10)
      writer.append("  ")
      writer.append(row.holders)
      writer.append("\n")
    }
    writer.total("pools", sum, "all of it taken at start, none later")
    writer.total("program", Int64(resident), "code, libraries and stack, resident now")
    writer.total("sum", sum + Int64(resident), "resident when every pool is in use")
  }
}

extension ByteWriter {
  fileprivate mutating func total(_ name: StaticString, _ bytes: Int64, _ note: StaticString) {
    column(name, width: 16)
    for _ in 0..<21 { append(" ") }
    column(bytes, width: 10)
    append("  ")
    append(note)
    append("\n")
  }

  fileprivate mutating func column(_ text: StaticString, width: Int) {
    append(text)
    for _ in min(width, text.utf8CodeUnitCount)..<width { append(" ") }
  }

  /// Right-aligned.
  fileprivate mutating func column(_ value: Int64, width: Int) {
    var digits = 1
    var rest = value
    while rest >= 10 {
      rest /= 10
      digits += 1
    }
    for _ in min(width, digits)..<width { append(" ") }
    append(decimal: UInt64(value))
  }
}
