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
      while unsafe end - place >= 64 {
        unsafe combine(place, wide)
        unsafe place += 64
      }
      while unsafe end - place >= 16 {
        let block = unsafe place.loadUnaligned(as: SIMD4<UInt32>.self)
        unsafe place.storeBytes(of: block ^ wide.lowHalf.lowHalf, as: SIMD4<UInt32>.self)
        unsafe place += 16
      }
      // Less than 16 bytes are left, and the pattern begins anew with each four.
      if unsafe end - place >= 8 {
        let word = UInt64(pattern) << 32 | UInt64(pattern)
        let block = unsafe place.loadUnaligned(as: UInt64.self)
        unsafe place.storeBytes(of: block ^ word, as: UInt64.self)
        unsafe place += 8
      }
      if unsafe end - place >= 4 {
        let block = unsafe place.loadUnaligned(as: UInt32.self)
        unsafe place.storeBytes(of: block ^ pattern, as: UInt32.self)
        unsafe place += 4
      }
      var rest = pattern.littleEndian
      if unsafe end - place >= 2 {
        let block = unsafe place.loadUnaligned(as: UInt16.self)
        let half = UInt16(truncatingIfNeeded: rest).littleEndian
        unsafe place.storeBytes(of: block ^ half, as: UInt16.self)
        rest >>= 16
        unsafe place += 2
      }
      if unsafe place < end {
        let byte = unsafe place.load(as: UInt8.self)
        unsafe place.storeBytes(of: byte ^ UInt8(truncatingIfNeeded: rest), as: UInt8.self)
      }
    }
  }
}

@inline(__always) private func combine(_ place: UnsafeMutableRawPointer, _ wide: SIMD16<UInt32>) {
  let block = unsafe place.loadUnaligned(as: SIMD16<UInt32>.self)
  unsafe place.storeBytes(of: block ^ wide, as: SIMD16<UInt32>.self)
}
