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
  /// - Parameter kid: what tokens call the key; empty when it has no name.
  public mutating func add(kid: ShortText = ShortText(), algorithms: AlgorithmSet) -> Int? {
    guard count < KeySet.capacity else { return nil }
    keys[count] = KeyEntry(kid: kid, algorithms: algorithms)
    count += 1
    return count - 1
  }

  public func algorithms(of key: Int) -> AlgorithmSet { keys[key].algorithms }

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
}
