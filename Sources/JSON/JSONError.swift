/// Why a document, or one value of it, was not taken; offsets are bytes from the document's start.
public enum JSONError: Error, Equatable {
  /// The text breaks the grammar of RFC 8259, is no UTF-8 (RFC 3629), or ends too early.
  case malformed(at: Int)
  /// An array or object lies deeper than the reader was told to follow.
  case tooDeep(at: Int)
  /// The value is of another kind than the caller asked for; the text itself may be well formed.
  case mismatch(found: JSONKind, at: Int)
  /// The number is further from zero than the type asked for can hold.
  case numberOutOfRange(at: Int)
}

/// What a value is, as its first byte tells.
public enum JSONKind: Equatable, Sendable {
  case object, array, string, number, bool, null
}
