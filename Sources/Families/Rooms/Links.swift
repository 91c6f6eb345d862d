/// The places before and behind an element of a list, `none` at its ends.
struct Links {
  var before = Links.none
  var behind = Links.none

  static var none: UInt32 { .max }
}

extension UInt32 {
  /// The place that is linked to, if any.
  var place: Int? { self == Links.none ? nil : Int(self) }
}
