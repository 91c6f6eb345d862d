/// The places before and behind an element of a list, `none` at its ends.
@frozen public struct Links: BitwiseCopyable {
  public internal(set) var before = Links.none
  public internal(set) var behind = Links.none

  @inlinable public static var none: UInt32 { .max }

  @inlinable public init() {}
}

extension UInt32 {
  /// The place that is linked to, if any.
  @inlinable public var place: Int? { self == Links.none ? nil : Int(self) }
}
