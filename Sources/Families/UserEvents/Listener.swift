/// A connection that listens to a user's events.
public struct Listener: BitwiseCopyable {
  /// Bits of `EventKinds`.
  var kinds = EventKinds.all
  /// Whether the client has said which kinds it wants.
  var hasChosen = false
  /// Whether it has not got yet all that is held.
  var isBehind = false
  /// It got, or did not want, all up to this id.
  var seen: UInt64 = 0
  /// Up to this id it gets only what nobody else got.
  var untoldOnly: UInt64 = 0
}
