import Memory

/// What a user felt last, as far as anyone said.
struct KnownEmotion {
  let id: ShortText
  let hash: UInt32
  /// Of its record.
  let key: UInt64
  /// Whether a record of the key was put.
  var isPut = false
  /// The user's place while it is connected, else `none`.
  var user: UInt32
  /// 1 to 64 bytes.
  var emotion: ShortText
  /// Milliseconds since 1970 UTC.
  var changed: UInt64
  /// Among all that are known: changed earlier, and later; `none` at the ends.
  var earlier = KnownEmotion.none
  var later = KnownEmotion.none

  static var none: UInt32 { .max }
}
