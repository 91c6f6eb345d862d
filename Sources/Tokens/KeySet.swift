public import Memory

/// What is known about the keys that check tokens; the keys themselves stay with the verifier,
/// which calls them by the same numbers.
public struct KeySet: ~Copyable {
  /// Keys at most.
  public static var capacity: Int { 16 }

  private var keys = FixedArray(count: KeySet.capacity) { _ in KeyEntry() }
  public private(set) var count = 0

  public init() {}

  /// The number of the new key, nil when there is no place for one more.
  ///
  /// - Parameters:
  ///   - kid: what tokens call the key; empty when it has no name.
  ///   - fingerprint: tells the key from others, in this set and in those that were or will be in
  ///     its place; not 0.
  public mutating func add(
    kid: ShortText = ShortText(), algorithms: AlgorithmSet, fingerprint: UInt64 = 1
  ) -> Int? {
    guard count < KeySet.capacity else { return nil }
    precondition(fingerprint != 0)
    keys[count] = KeyEntry(kid: kid, algorithms: algorithms, fingerprint: fingerprint)
    count += 1
    return count - 1
  }

  public func algorithms(of key: Int) -> AlgorithmSet { keys[key].algorithms }

  public func fingerprint(of key: Int) -> UInt64 { keys[key].fingerprint }

  /// Whether a key with this fingerprint is in the set.
  public func contains(fingerprint: UInt64) -> Bool {
    for key in 0..<count where keys[key].fingerprint == fingerprint { return true }
    return false
  }

  /// Whether a token with this header may have been signed with the key.
  func isCandidate(_ key: Int, for header: TokenHeader) -> Bool {
    guard keys[key].algorithms.contains(header.algorithm) else { return false }
    switch header.kid {
    case .none: return true
    case .tooLong: return keys[key].kid.isEmpty
    case .named(let kid): return keys[key].kid.isEmpty || keys[key].kid == kid
    }
  }
}

struct KeyEntry {
  var kid = ShortText()
  var algorithms: AlgorithmSet = []
  var fingerprint: UInt64 = 0
}
