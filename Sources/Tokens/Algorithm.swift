public import JSON

/// How a token is signed (RFC 7518, section 3.1). There is no `none`.
public enum Algorithm: UInt8, CaseIterable, Sendable {
  case hs256, hs384, hs512
  case rs256, rs384, rs512
  case ps256
  case es256, es384

  /// What `alg` calls it.
  public var name: StaticString {
    switch self {
    case .hs256: "HS256"
    case .hs384: "HS384"
    case .hs512: "HS512"
    case .rs256: "RS256"
    case .rs384: "RS384"
    case .rs512: "RS512"
    case .ps256: "PS256"
    case .es256: "ES256"
    case .es384: "ES384"
    }
  }

  /// Nil for any other name; upper and lower case differ.
  public init?(_ name: borrowing JSONString) {
    for number in 0...Algorithm.es384.rawValue {
      if let algorithm = Algorithm(rawValue: number), name.equals(algorithm.name) {
        self = algorithm
        return
      }
    }
    return nil
  }
}

/// What one key may be used for: an algorithm is never taken from the token alone.
public struct AlgorithmSet: OptionSet, Sendable {
  public let rawValue: UInt16

  public init(rawValue: UInt16) { self.rawValue = rawValue }
  public init(_ algorithm: Algorithm) { rawValue = 1 << UInt16(algorithm.rawValue) }

  /// What a shared secret is good for.
  public static let hmac: AlgorithmSet = [
    AlgorithmSet(.hs256), AlgorithmSet(.hs384), AlgorithmSet(.hs512),
  ]
  /// What an RSA key is good for.
  public static let rsa: AlgorithmSet = [
    AlgorithmSet(.rs256), AlgorithmSet(.rs384), AlgorithmSet(.rs512), AlgorithmSet(.ps256),
  ]

  public func contains(_ algorithm: Algorithm) -> Bool { contains(AlgorithmSet(algorithm)) }
}
