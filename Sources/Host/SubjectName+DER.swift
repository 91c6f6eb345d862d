import Memory

extension SubjectName {
  /// The value of the extension subjectAltName (RFC 5280, section 4.2.1.6).
  static func alternatives(_ names: [SubjectName]) -> [UInt8] {
    DER.sequence(names.flatMap { DER.element($0.address.isEmpty ? host : network, $0.bytes) })
  }

  /// The value of the extension nameConstraints (section 4.2.1.10) that lets a certificate vouch
  /// for these names and no others.
  static func bounds(_ names: [SubjectName]) -> [UInt8] {
    let permitted = names.flatMap { name in
      name.address.isEmpty
        ? subtree(host, name.domain)
        : subtree(network, name.address + [UInt8](repeating: 0xFF, count: name.address.count))
    }
    // A kind of which no name is permitted would be without bounds.
    var excluded: [UInt8] = []
    if names.allSatisfy({ !$0.address.isEmpty }) { excluded += subtree(host, []) }
    if names.allSatisfy({ $0.address.isEmpty }) {
      excluded += subtree(network, [UInt8](repeating: 0, count: 8))
      excluded += subtree(network, [UInt8](repeating: 0, count: 32))
    }
    let both = DER.element(0xA0, permitted) + (excluded.isEmpty ? [] : DER.element(0xA1, excluded))
    return DER.sequence(both)
  }

  private var bytes: [UInt8] { address.isEmpty ? text : address }

  /// The name, or what stands behind `*.`.
  private var domain: [UInt8] { text.first == UInt8(ascii: "*") ? Array(text.dropFirst(2)) : text }

  private static func subtree(_ tag: UInt8, _ base: [UInt8]) -> [UInt8] {
    DER.sequence(DER.element(tag, base))
  }

  // Of a GeneralName: dNSName and iPAddress.
  private static var host: UInt8 { 0x82 }
  private static var network: UInt8 { 0x87 }
}
