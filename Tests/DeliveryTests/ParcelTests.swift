import Memory
import Testing

@testable import Delivery

@Suite struct ParcelTests {
  @Test(arguments: [0..<1, 0..<0x8000, 0x7FFF..<0x8000, 5..<6, 1..<0x7FFF])
  func boundsAndFlagDoNotTouchEachOther(_ range: Range<Int>) {
    var pool = SlotPool(capacity: 1, slotSize: Parcel.slotMaximum)
    var parcel = Parcel(pool.take()!, 0..<1)
    parcel.continues = true
    parcel.range = range
    let (found, continues) = (parcel.range, parcel.continues)
    #expect(found == range && continues)
    parcel.continues = false
    let (still, isLast) = (parcel.range, !parcel.continues)
    #expect(still == range && isLast)
    pool.giveBack(parcel.unwrap())
  }
}
