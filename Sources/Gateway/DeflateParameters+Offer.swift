#if Deflate
import HTTP
import Memory
import WebSocket

/// The words of Sec-WebSocket-Extensions (RFC 7692, section 7.1).
extension DeflateParameters {
  private static let name: StaticString = "permessage-deflate"
  private static let serverForgetsName: StaticString = "server_no_context_takeover"
  private static let clientForgetsName: StaticString = "client_no_context_takeover"
  private static let serverWindowName: StaticString = "server_max_window_bits"
  private static let clientWindowName: StaticString = "client_max_window_bits"

  /// Reads one element of the field. Nil when it is another extension, when it is malformed, and
  /// when it asks for what zlib cannot do: to look back no further than 8 bits.
  init?(offer: RawSpan) {
    self.init()
    var parts = ListElements(of: offer, separatedBy: UInt8(ascii: ";"))
    guard let first = parts.next(), first.equals(DeflateParameters.name) else { return nil }
    while let part = parts.next() {
      guard take(part) else { return nil }
    }
    if let bits = serverWindowBits, bits < 9 { return nil }
  }

  /// Takes one parameter; false when it is none, or stands there twice.
  private mutating func take(_ part: RawSpan) -> Bool {
    var end = 0
    while end < part.byteCount, part[end] != UInt8(ascii: "=") { end += 1 }
    let name = part.extracting(0..<end)
    let hasValue = end < part.byteCount
    let bits = hasValue ? DeflateParameters.windowBits(part.extracting((end + 1)...)) : nil
    if name.equals(DeflateParameters.serverForgetsName) {
      guard !hasValue, !serverForgets else { return false }
      serverForgets = true
    } else if name.equals(DeflateParameters.clientForgetsName) {
      guard !hasValue, !clientForgets else { return false }
      clientForgets = true
    } else if name.equals(DeflateParameters.serverWindowName) {
      guard let bits, serverWindowBits == nil else { return false }
      serverWindowBits = bits
    } else if name.equals(DeflateParameters.clientWindowName) {
      guard bits != nil || !hasValue, clientWindowBits == nil else { return false }
      clientWindowBits = bits ?? DeflateParameters.windowBitsMaximum
    } else {
      return false
    }
    return true
  }

  /// 8 to 15 without a zero in front, perhaps quoted; nil for anything else.
  private static func windowBits(_ value: RawSpan) -> Int? {
    let quote = UInt8(ascii: "\"")
    let count = value.byteCount
    let isQuoted = count >= 2 && value[0] == quote && value[count - 1] == quote
    let digits = isQuoted ? value.extracting(1..<(count - 1)) : value
    guard digits.byteCount <= 2, digits.byteCount > 0, digits[0] != UInt8(ascii: "0"),
      let bits = digits.decimal, 8...15 ~= bits
    else { return nil }
    return Int(bits)
  }

  /// Writes the field that tells the client what is agreed on.
  func write(to writer: inout ByteWriter) {
    writer.append("Sec-WebSocket-Extensions: ")
    writer.append(DeflateParameters.name)
    if serverForgets { DeflateParameters.write(DeflateParameters.serverForgetsName, to: &writer) }
    if clientForgets { DeflateParameters.write(DeflateParameters.clientForgetsName, to: &writer) }
    if let bits = serverWindowBits {
      DeflateParameters.write(DeflateParameters.serverWindowName, bits, to: &writer)
    }
    if let bits = clientWindowBits {
      DeflateParameters.write(DeflateParameters.clientWindowName, bits, to: &writer)
    }
    writer.append("\r\n")
  }

  private static func write(
    _ name: StaticString, _ value: Int? = nil, to writer: inout ByteWriter
  ) {
    writer.append("; ")
    writer.append(name)
    guard let value else { return }
    writer.append("=")
    writer.append(decimal: UInt64(value))
  }
}
#endif
