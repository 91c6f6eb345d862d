import Memory

/// One share of a slot, the part of it that waits for one receiver, and all of the slots that are
/// linked to it: whole frames, of which the first may be half sent.
@frozen public struct Parcel: ~Copyable {
  /// Slots of the write pool are at most this long: two bounds and a flag fit a word.
  public static let slotMaximum = 0x8000

  var slot: Slot
  /// Start in 15 bits, end less one in 15, then `isBegun`.
  private var packed: UInt32

  init(_ slot: consuming Slot, _ range: Range<Int>) {
    precondition(!range.isEmpty && range.upperBound <= Parcel.slotMaximum)
    self.slot = slot
    packed = UInt32(range.lowerBound) | UInt32(range.upperBound - 1) << 15
  }

  /// Bytes of the slot that were not sent yet; never empty.
  var range: Range<Int> {
    get { Int(packed & 0x7FFF)..<(Int(packed >> 15 & 0x7FFF) + 1) }
    set {
      precondition(!newValue.isEmpty && newValue.upperBound <= Parcel.slotMaximum)
      let bounds = UInt32(newValue.lowerBound) | UInt32(newValue.upperBound - 1) << 15
      packed = packed & (1 << 30) | bounds
    }
  }

  /// Whether a part of it was sent.
  var isBegun: Bool {
    get { packed & (1 << 30) != 0 }
    set { packed = newValue ? packed | 1 << 30 : packed & ~(1 << 30) }
  }

  /// The right to the slot, when the parcel is done with.
  consuming func unwrap() -> Slot { slot }
}
