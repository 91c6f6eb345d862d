/// Elements of DER (X.690, section 8.1), which a certificate consists of.
enum DER {
  static func sequence(_ content: [UInt8]) -> [UInt8] { element(0x30, content) }

  /// - Parameter content: less than 65536 bytes.
  static func element(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
    let count = content.count
    precondition(count < 0x10000)
    if count < 0x80 { return [tag, UInt8(count)] + content }
    if count < 0x100 { return [tag, 0x81, UInt8(count)] + content }
    return [tag, 0x82, UInt8(count >> 8), UInt8(count & 0xFF)] + content
  }

  /// - Parameter number: what its object identifier begins with is 2.5.
  static func attribute(_ number: UInt8...) -> [UInt8] { element(0x06, [0x55] + number) }
}
