import Memory

/// SHA-1 as FIPS 180-4, section 6.1.2 writes it down: the tests have no mbedTLS.
func simulatedSHA1(_ bytes: RawSpan) -> InlineArray<20, UInt8> {
  var message = array(bytes)
  let bitCount = UInt64(message.count) * 8
  message.append(0x80)
  while message.count % 64 != 56 { message.append(0) }
  for shift in stride(from: 56, through: 0, by: -8) {
    message.append(UInt8(truncatingIfNeeded: bitCount >> UInt64(shift)))
  }
  var hash: [UInt32] = [0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476, 0xC3D2_E1F0]
  for block in stride(from: 0, to: message.count, by: 64) {
    mix(message[block..<(block + 64)], into: &hash)
  }
  return InlineArray { UInt8(truncatingIfNeeded: hash[$0 / 4] >> UInt32(24 - 8 * ($0 % 4))) }
}

private func mix(_ block: ArraySlice<UInt8>, into hash: inout [UInt32]) {
  var words: [UInt32] = []
  for place in stride(from: block.startIndex, to: block.endIndex, by: 4) {
    words.append(block[place..<(place + 4)].reduce(0) { $0 << 8 | UInt32($1) })
  }
  for place in 16..<80 {
    words.append(
      rotate(words[place - 3] ^ words[place - 8] ^ words[place - 14] ^ words[place - 16], 1))
  }
  var (a, b, c, d, e) = (hash[0], hash[1], hash[2], hash[3], hash[4])
  for place in 0..<80 {
    let (choice, constant): (UInt32, UInt32) =
      switch place {
      case ..<20: ((b & c) | (~b & d), 0x5A82_7999)
      case ..<40: (b ^ c ^ d, 0x6ED9_EBA1)
      case ..<60: ((b & c) | (b & d) | (c & d), 0x8F1B_BCDC)
      default: (b ^ c ^ d, 0xCA62_C1D6)
      }
    let next = rotate(a, 5) &+ choice &+ e &+ constant &+ words[place]
    (e, d, c, b, a) = (d, c, rotate(b, 30), a, next)
  }
  hash = zip(hash, [a, b, c, d, e]).map { $0 &+ $1 }
}

private func rotate(_ word: UInt32, _ bits: UInt32) -> UInt32 { word << bits | word >> (32 - bits) }
