import Memory

/// One text that is kept for a user, in two lists: the user's, and that of all by their age.
public struct KeptMessage: BitwiseCopyable {
  static var none: UInt32 { .max }

  var id: UInt64
  /// Of its record.
  var key: UInt64
  /// When it goes, in milliseconds of the monotonic clock.
  var deadline: UInt64
  /// The tag, and behind it the text.
  var text: StoredChain
  var tagHash: UInt32
  var tagSize: UInt8
  /// What whoever keeps it wants to know of it again.
  var mark: UInt8
  /// Whether it was handed to a connection of its user.
  var isTold = false

  var user: UInt32
  /// The user's messages before and behind, or `none`.
  var before = KeptMessage.none
  var behind = KeptMessage.none
  /// The messages of all that are next to it in age, or `none`.
  var older = KeptMessage.none
  var newer = KeptMessage.none
}

/// What is known of a user for whom messages are kept, or were.
public struct KeptUser {
  let id: ShortText
  let hash: UInt32
  /// The highest id that a message of the user's was given.
  var newest: UInt64
  /// All messages up to this one were handed to a connection when the process began.
  var restoredTold: UInt64
  /// All that came behind this one is held, or was taken out by whoever keeps it.
  var floor: UInt64
  /// Of its record, 0 before there is one.
  var key: UInt64 = 0
  /// Reasons why it must not go.
  var pins: UInt32 = 0
  /// Messages.
  var count: UInt32 = 0
  /// The oldest message, the newest, and the first that was handed to no connection, or `none`.
  var first = KeptMessage.none
  var last = KeptMessage.none
  var untold = KeptMessage.none
  /// Users that may go before and behind this one, or `none`.
  var before = KeptMessage.none
  var behind = KeptMessage.none
}

/// Both ends of a list of places.
public struct KeptEnds: BitwiseCopyable {
  var first = KeptMessage.none
  var last = KeptMessage.none
}

extension UInt32 {
  /// The place that this stands for, nil for `none`.
  var kept: Int? { self == KeptMessage.none ? nil : Int(self) }
}
