/// A value that stays until the process ends, in one allocation made at start. Nothing takes it
/// apart: for what is large and made once, that would be much code that runs when nobody needs it.
@safe @frozen public struct Permanent<Value: ~Copyable>: ~Copyable {
  @usableFromInline let place: UnsafeMutablePointer<Value>

  @inlinable public init(_ value: consuming Value) {
    unsafe place = takeZeroed(1, of: Value.self)
    unsafe place.initialize(to: value)
  }

  @inlinable public var value: Value {
    unsafeAddress { unsafe UnsafePointer(place) }
    unsafeMutableAddress { unsafe place }
  }
}
