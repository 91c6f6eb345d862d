public import Memory

/// A key as a JWK Set writes it (RFC 7517, section 4), its private members left unread.
public struct WebKey: Sendable {
  public enum Material: Sendable, Equatable {
    /// A shared secret, `oct` (RFC 7518, section 6.4).
    case secret([UInt8])
    /// Modulus and exponent, big-endian (section 6.3.1).
    case rsa(n: [UInt8], e: [UInt8])
    /// A point of the curve, as many bytes a coordinate as the curve has (section 6.2.1).
    case point(Curve, x: [UInt8], y: [UInt8])
  }

  public enum Curve: Sendable {
    case p256, p384

    /// Bytes of a coordinate.
    var size: Int { self == .p256 ? 32 : 48 }
  }

  public let material: Material
  /// Empty when the key has no name.
  public let kid: ShortText
  /// What the key is good for, and no more than its `alg` allows.
  public let algorithms: AlgorithmSet
}

/// Why a file is no JWK Set.
public enum WebKeySetError: Error, Equatable, Sendable {
  case notJSON(at: Int)
  case noKeys
  case keyIsNoObject
  case tooManyKeys

  public var message: StaticString {
    switch self {
    case .notJSON: "not JSON"
    case .noKeys: "has no array keys: a JWK Set is {\"keys\":[...]} (RFC 7517)"
    case .keyIsNoObject: "holds a key that is no JSON object"
    case .tooManyKeys: "holds more than 64 keys"
    }
  }
}
