/// The place of an element in a table, or none, in four bytes.
struct Spot: BitwiseCopyable {
  private let raw: UInt32

  static var none: Spot { Spot(raw: .max) }

  private init(raw: UInt32) { self.raw = raw }
  init(_ place: Int) { raw = UInt32(place) }

  var place: Int? { raw == .max ? nil : Int(raw) }
}
