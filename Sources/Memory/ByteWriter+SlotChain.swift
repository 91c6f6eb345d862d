extension ByteWriter {
  /// Appends all of `chain`, which lies in `pool`, or what fits of it.
  public mutating func append(_ chain: borrowing SlotChain, in pool: borrowing SlotPool) {
    var (slot, left) = (chain.first, Int(chain.count))
    while left > 0 {
      let length = min(pool.slotSize, left)
      append(unsafe RawSpan(_unsafeStart: pool.address(slot), byteCount: length))
      left -= length
      if left > 0 { unsafe slot = pool.links[Int(slot)] }
    }
  }
}
