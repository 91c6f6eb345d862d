import Delivery
import Foundation
import Memory
import Testing

/// What waits in an outbox, taken apart into frames.
enum Wire {
  /// The bytes that may go.
  static func waiting(_ mailroom: borrowing Mailroom, for connection: Int) -> [UInt8] {
    let list = mailroom.outboxes.gather(connection, limit: mailroom.free(connection))
    return list.withParts { parts, count in
      (0..<count).flatMap {
        UnsafeRawBufferPointer(start: parts[$0].start, count: parts[$0].length)
      }
    }
  }

  /// The texts of all frames that may go, taken out.
  static func take(_ connection: Int, _ mailroom: inout Mailroom) throws -> [String] {
    var stream: [UInt8] = []
    while true {
      let part = waiting(mailroom, for: connection)
      if part.isEmpty { return try texts(stream) }
      mailroom.sent(part.count, from: connection)
      stream += part
    }
  }

  private static func texts(_ stream: [UInt8]) throws -> [String] {
    var (rest, texts) = (stream[...], [String]())
    while !rest.isEmpty {
      try #require(rest.removeFirst() == 0x81)
      var size = Int(rest.removeFirst())
      try #require(size != 127)
      if size == 126 { size = Int(rest.removeFirst()) << 8 | Int(rest.removeFirst()) }
      texts.append(String(decoding: rest.prefix(size), as: UTF8.self))
      rest = rest.dropFirst(size)
    }
    return texts
  }

  /// Bytes of the first frame that waits.
  static func firstFrame(_ mailroom: borrowing Mailroom, of connection: Int) -> Int {
    let stream = waiting(mailroom, for: connection)
    return stream[1] == 126 ? 4 + Int(stream[2]) << 8 + Int(stream[3]) : 2 + Int(stream[1])
  }

  static func object(_ text: String) throws -> [String: Any] {
    let value = try JSONSerialization.jsonObject(with: Data(text.utf8))
    return try #require(value as? [String: Any])
  }
}

extension ShortText {
  init(text: String) { self.init(prefixOf: Array(text.utf8).span.raw) }

  var text: String {
    String(decoding: (0..<bytes.byteCount).map { bytes[$0] }, as: UTF8.self)
  }
}
