import CBoard
import Memory

/// A name that a certificate is for: of a host, as clients ask for it, or one of its addresses.
public struct SubjectName {
  /// As it was given.
  public let text: [UInt8]
  /// 4 or 16 bytes, none when it is the name of a host.
  let address: [UInt8]

  /// Bytes of a name and of a label between its dots (RFC 1035, section 2.3.4).
  private static var longest: Int { 253 }
  private static var longestLabel: Int { 63 }

  public init(_ text: [UInt8]) throws(SubjectNameError) {
    guard !text.isEmpty else { throw .empty }
    guard text.count <= SubjectName.longest else { throw .tooLong }
    guard !text.contains(0) else { throw .badCharacter }
    self.text = text
    address = SubjectName.address(text)
    if address.isEmpty { try SubjectName.check(text) }
  }

  private static func address(_ text: [UInt8]) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 16)
    let count = unsafe File.terminated(text).withUnsafeBufferPointer { text in
      unsafe bytes.withUnsafeMutableBufferPointer {
        unsafe cboard_read_address(text.baseAddress!, $0.baseAddress!)
      }
    }
    bytes.removeLast(bytes.count - Int(count))
    return bytes
  }

  /// Letters, digits and hyphens in labels (RFC 5280, section 4.2.1.6; RFC 1123, section 2.1), and
  /// one `*` as the first of at least three (RFC 6125, section 6.4.3).
  private static func check(_ text: [UInt8]) throws(SubjectNameError) {
    let labels = text.parts(separatedBy: UInt8(ascii: "."))
    for (place, label) in labels.enumerated() {
      if label.contains(UInt8(ascii: "*")) {
        guard place == 0, label.count == 1, labels.count >= 3 else { throw .badWildcard }
        continue
      }
      guard !label.isEmpty else { throw .emptyLabel }
      guard label.count <= longestLabel else { throw .longLabel }
      guard label.allSatisfy({ isLetter($0) || isDigit($0) || $0 == hyphen }) else {
        throw .badCharacter
      }
      guard label.first != hyphen, label.last != hyphen else { throw .badHyphen }
    }
    // What ends like an address would be read as one.
    if let last = labels.last, last.allSatisfy({ isDigit($0) }) { throw .badAddress }
  }

  private static var hyphen: UInt8 { UInt8(ascii: "-") }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (byte | 0x20) >= UInt8(ascii: "a") && (byte | 0x20) <= UInt8(ascii: "z")
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
  }
}
