import Memory

extension KeyRing {
  /// Every public key of a text in PEM (RFC 7468, section 13), at least one; what stands between
  /// the blocks does not count.
  public mutating func add(pem text: RawSpan) throws(KeyError) {
    let begin: StaticString = "-----BEGIN "
    var offset = 0
    var hasBlock = false
    while let start = text.first(begin.bytes, from: offset) {
      let label = start + begin.utf8CodeUnitCount
      guard let dashes = text.first(KeyRing.dashes, from: label) else { throw .unreadable }
      try KeyRing.check(text.extracting(label..<dashes))
      offset = try KeyRing.end(of: text, label..<dashes)
      var block: [UInt8] = []
      for place in start..<offset { block.append(text[place]) }
      // mbedTLS wants a C string.
      try add(block: block + [0x0A, 0])
      hasBlock = true
    }
    guard hasBlock else { throw .noBlock }
  }

  private static var dashes: RawSpan {
    @_lifetime(immortal) get { ("-----" as StaticString).bytes }
  }

  private static func check(_ label: RawSpan) throws(KeyError) {
    let (rsa, any): (StaticString, StaticString) = ("RSA PUBLIC KEY", "PUBLIC KEY")
    if label.equals(any.bytes) || label.equals(rsa.bytes) { return }
    let (secret, certificate): (StaticString, StaticString) = ("PRIVATE KEY", "CERTIFICATE")
    if label.first(secret.bytes, from: 0) != nil { throw .privateKey }
    throw label.first(certificate.bytes, from: 0) != nil ? .certificate : .unreadable
  }

  /// Where the block ends whose label stands at `label`.
  private static func end(of text: RawSpan, _ label: Range<Int>) throws(KeyError) -> Int {
    let end: StaticString = "-----END "
    guard let start = text.first(end.bytes, from: label.upperBound) else { throw .unreadable }
    let name = start + end.utf8CodeUnitCount
    let close = name + label.count + dashes.byteCount
    guard close <= text.byteCount,
      text.extracting(name..<name + label.count).equals(text.extracting(label)),
      text.extracting(name + label.count..<close).equals(dashes)
    else { throw .unreadable }
    return close
  }
}

extension RawSpan {
  /// Where `part` first stands at `start` or behind it.
  fileprivate func first(_ part: RawSpan, from start: Int) -> Int? {
    var offset = start
    while offset <= byteCount - part.byteCount {
      if extracting(offset..<offset + part.byteCount).equals(part) { return offset }
      offset += 1
    }
    return nil
  }
}
