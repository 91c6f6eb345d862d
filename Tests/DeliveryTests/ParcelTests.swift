import Memory
import Testing

@testable import Delivery

@Suite struct ParcelTests {
  @Test(arguments: [0..<1, 0..<0x8000, 0x7FFF..<0x8000, 5..<6, 1..<0x7FFF])
  func boundsAndFlagDoNotTouchEachOther(_ range: Range<Int>) {
    var pool = SlotPool(capacity: 1, slotSize: Parcel.slotMaximum)
    var parcel = Parcel(pool.take()!, 0..<1)
    parcel.isBegun = true
    parcel.range = range
    let (found, isBegun) = (parcel.range, parcel.isBegun)
    #expect(found == range && isBegun)
    parcel.isBegun = false
    let (still, isFresh) = (parcel.range, !parcel.isBegun)
    #expect(still == range && isFresh)
    pool.giveBack(parcel.unwrap())
  }
}
