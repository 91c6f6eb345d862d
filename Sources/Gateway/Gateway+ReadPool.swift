import Memory
import WebSocket

/// Who may fill slots of the read pool.
extension Gateway where Link: ~Copyable {
  /// Bytes that may be received now from a connection, 0 when the read pool has none for it.
  ///
  /// What is received may have to be kept, torn across two chains. Whoever holds nothing may always
  /// begin: what it needs for that is set aside, so that those who hold much and go on with nothing
  /// keep nobody else from being read.
  @inline(__always)
  mutating func readAllowance(_ place: Int) -> Int {
    readPool.available >= bounds.ampleReadSlots ? bounds.receiveSize : scarceAllowance(place)
  }

  @inline(never) private mutating func scarceAllowance(_ place: Int) -> Int {
    guard readPool.available > Limits.readReserve else { return 0 }
    let slots = max(readShare, connections[place].isHolder ? 0 : 1)
    return min(bounds.receiveSize, slots * bounds.readSlotSize)
  }

  /// Slots that one connection may fill now: an eighth of those that are not set aside, so that no
  /// few of them can take them all.
  var readShare: Int {
    @inline(__always) mutating get {
      let aside = min(limits.places - holders, readPool.capacity / 2)
      let free = readPool.available - aside
      return free > Limits.readReserve ? max(free / 8, Limits.readReserve) - 2 : 0
    }
  }

  /// Notes whether a connection holds slots of the read pool.
  @inline(__always)
  mutating func countHolder(_ place: Int) {
    let holds =
      !(connections[place].backlog.isEmpty && connections[place].assembler.pieces.isEmpty)
    if holds != connections[place].isHolder { setHolder(place, holds) }
  }

  @inline(never) private mutating func setHolder(_ place: Int, _ holds: Bool) {
    connections[place].isHolder = holds
    holders += holds ? 1 : -1
  }
}
