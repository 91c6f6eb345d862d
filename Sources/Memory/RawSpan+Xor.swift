extension MutableRawSpan {
  /// Combines `range` with `pattern`, its four bytes repeated, by exclusive or.
  ///
  /// `pattern` is in memory order: its byte at the lowest address meets the range's first byte.
  @_lifetime(self: copy self)
  @inline(never) public mutating func xor(_ range: Range<Int>, with pattern: UInt32) {
    precondition(range.lowerBound >= 0 && range.upperBound <= byteCount)
    unsafe withUnsafeMutableBytes { buffer in
      guard let base = buffer.baseAddress else { return }
      var place = unsafe base + range.lowerBound
      let end = unsafe base + range.upperBound
      let wide = SIMD16<UInt32>(repeating: pattern)
      // Four blocks a round: what the round itself takes hardly counts then.
      while unsafe end - place >= 256 {
        unsafe combine(place, wide)
        unsafe combine(place + 64, wide)
        unsafe combine(place + 128, wide)
        unsafe combine(place + 192, wide)
        unsafe place += 256
      }
      while unsafe end - place > 64 {
        unsafe combine(place, wide.lowHalf)
        unsafe place += 32
      }
      switch unsafe end - place {
      case 32...: unsafe combineEnds(place, end, wide.lowHalf)
      case 16...: unsafe combineEnds(place, end, wide.lowHalf.lowHalf)
      case 8...: unsafe combineEnds(place, end, wide.lowHalf.lowHalf.lowHalf)
      default: unsafe combineFew(place, end, pattern)
      }
    }
  }
}

@inline(__always) private func combine<Block: SIMD>(
  _ place: UnsafeMutableRawPointer, _ pattern: Block
) where Block.Scalar == UInt32 {
  let block = unsafe place.loadUnaligned(as: Block.self)
  unsafe place.storeBytes(of: block ^ pattern, as: Block.self)
}

/// Combines what is as long as one block or two, or lies between: the first block and the last,
/// which may overlap, so that both are loaded before either is stored.
@inline(__always) private func combineEnds<Block: SIMD>(
  _ place: UnsafeMutableRawPointer, _ end: UnsafeMutableRawPointer, _ pattern: Block
) where Block.Scalar == UInt32 {
  let last = unsafe end - MemoryLayout<Block>.size
  let (first, second) = unsafe (
    place.loadUnaligned(as: Block.self), last.loadUnaligned(as: Block.self)
  )
  // The pattern as it meets the last block's first byte.
  let turn = UInt32(truncatingIfNeeded: unsafe last - place) & 3 &* 8
  let word = pattern[0].littleEndian
  let turned = (word &>> turn | word &<< (0 &- turn)).littleEndian
  unsafe place.storeBytes(of: first ^ pattern, as: Block.self)
  unsafe last.storeBytes(of: second ^ Block(repeating: turned), as: Block.self)
}

/// Combines less than eight bytes.
@inline(__always) private func combineFew(
  _ start: UnsafeMutableRawPointer, _ end: UnsafeMutableRawPointer, _ pattern: UInt32
) {
  var (place, rest) = unsafe (start, pattern.littleEndian)
  while unsafe place < end {
    let byte = unsafe place.load(as: UInt8.self) ^ UInt8(truncatingIfNeeded: rest)
    unsafe place.storeBytes(of: byte, as: UInt8.self)
    rest = rest &>> 8 | rest &<< 24
    unsafe place += 1
  }
}
