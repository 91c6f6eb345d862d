import JSON
import Memory

/// The members of one JWK as they stand there, put together to a key when all are known.
struct WebKeyMembers {
  private enum Kind { case secret, rsa, elliptic }

  private var kind: Kind?
  private var curve: WebKey.Curve?
  private var kid: ShortText?
  private var algorithms: AlgorithmSet?
  private var canVerify = true
  /// The Base64url members, decoded; empty when they are missing or no Base64url.
  private var k: [UInt8] = []
  private var n: [UInt8] = []
  private var e: [UInt8] = []
  private var x: [UInt8] = []
  private var y: [UInt8] = []

  mutating func read(_ reader: inout JSONReader) throws(JSONError) {
    try reader.beginObject()
    while let name = try reader.nextMember() {
      if name.equals("key_ops") {
        try readOperations(&reader)
        continue
      }
      guard try reader.peekKind() == .string else { continue }
      if name.equals("kty") {
        kind = WebKeyMembers.kind(try reader.readString())
      } else if name.equals("crv") {
        let text = try reader.readString()
        curve = text.equals("P-256") ? .p256 : text.equals("P-384") ? .p384 : nil
      } else if name.equals("alg") {
        algorithms = Algorithm(try reader.readString()).map { AlgorithmSet($0) } ?? []
      } else if name.equals("use") {
        if try !reader.readString().equals("sig") { canVerify = false }
      } else if name.equals("kid") {
        let (text, isWhole) = try reader.readString().shortText()
        kid = text
        // No token can name it.
        if !isWhole { canVerify = false }
      } else {
        try readNumber(name, &reader)
      }
    }
  }

  private mutating func readNumber(
    _ name: borrowing JSONString, _ reader: inout JSONReader
  ) throws(JSONError) {
    let isKnown =
      name.equals("k") || name.equals("n") || name.equals("e") || name.equals("x")
      || name.equals("y")
    guard isKnown else { return }
    let bytes = Base64URL.decoded(try reader.readString().raw) ?? []
    if name.equals("k") { k = bytes }
    if name.equals("n") { n = bytes }
    if name.equals("e") { e = bytes }
    if name.equals("x") { x = bytes }
    if name.equals("y") { y = bytes }
  }

  /// RFC 7517, section 4.3.
  private mutating func readOperations(_ reader: inout JSONReader) throws(JSONError) {
    guard try reader.peekKind() == .array else { return }
    var isThere = false
    try reader.beginArray()
    while try reader.nextElement() {
      guard try reader.peekKind() == .string else { continue }
      if try reader.readString().equals("verify") { isThere = true }
    }
    if !isThere { canVerify = false }
  }

  private static func kind(_ name: borrowing JSONString) -> Kind? {
    if name.equals("oct") { return .secret }
    if name.equals("RSA") { return .rsa }
    if name.equals("EC") { return .elliptic }
    return nil
  }

  /// Nil when something is missing, or the key is for something else.
  var key: WebKey? {
    guard canVerify, let material else { return nil }
    let allowed = algorithms ?? material.algorithms
    let common = allowed.intersection(material.algorithms)
    guard !common.isEmpty else { return nil }
    return WebKey(material: material, kid: kid ?? ShortText(), algorithms: common)
  }

  private var material: WebKey.Material? {
    switch kind {
    case nil: return nil
    case .secret: return k.isEmpty ? nil : .secret(k)
    case .rsa: return n.isEmpty || e.isEmpty ? nil : .rsa(n: n, e: e)
    case .elliptic:
      guard let curve, x.count == curve.size, y.count == curve.size else { return nil }
      return .point(curve, x: x, y: y)
    }
  }
}

extension WebKey.Material {
  /// All that a key of this kind could be used for.
  fileprivate var algorithms: AlgorithmSet {
    switch self {
    case .secret: .hmac
    case .rsa: .rsa
    case .point(let curve, _, _): AlgorithmSet(curve == .p256 ? .es256 : .es384)
    }
  }
}
