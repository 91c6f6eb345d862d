import Memory

/// Checks UTF-8 as it comes in, part by part, and refuses the first byte that no valid text can
/// have (RFC 3629, section 4; Unicode 15, table 3-7).
public struct UTF8Validator: Equatable {
  /// Continuation bytes that the character begun still lacks.
  private var missing: UInt8 = 0
  /// What the next continuation byte may be: overlong forms, surrogates and what lies above
  /// U+10FFFF show in the second byte.
  private var low: UInt8 = 0x80
  private var high: UInt8 = 0xBF

  public init() {}

  /// Whether the text may end here.
  public var isComplete: Bool { missing == 0 }

  /// Whether `bytes` are valid as a whole.
  public static func isValid(_ bytes: RawSpan) -> Bool {
    let prefix = asciiPrefix(of: bytes, from: 0)
    if prefix == bytes.byteCount { return true }
    var validator = UTF8Validator()
    return validator.feed(bytes.extracting(prefix...)) && validator.isComplete
  }

  /// Returns false at the first byte that is wrong; the validator is of no use afterwards.
  public mutating func feed(_ bytes: RawSpan) -> Bool {
    var offset = 0
    let end = bytes.byteCount
    while offset < end {
      if missing == 0 {
        offset = UTF8Validator.asciiPrefix(of: bytes, from: offset)
        if offset == end { break }
      }
      guard step(bytes[offset]) else { return false }
      offset += 1
    }
    return true
  }

  /// The first offset from `start` on whose byte is not ASCII, or the end.
  private static func asciiPrefix(of bytes: RawSpan, from start: Int) -> Int {
    var offset = start
    let end = bytes.byteCount
    // No difference below overflows: the offsets are within the bytes.
    while end &- offset >= 32 {
      let block = bytes.load(at: offset, as: SIMD4<UInt64>.self)
      if block.wrappedOr & 0x8080_8080_8080_8080 != 0 { break }
      offset &+= 32
    }
    while end &- offset >= 8 {
      if bytes.load(at: offset, as: UInt64.self) & 0x8080_8080_8080_8080 != 0 { break }
      offset &+= 8
    }
    // A rest of less than a word is one together with what went before it.
    if end &- offset < 8, end &- start >= 8,
      bytes.load(at: end - 8, as: UInt64.self) & 0x8080_8080_8080_8080 == 0
    {
      return end
    }
    while offset < end, bytes[offset] < 0x80 { offset += 1 }
    return offset
  }

  private mutating func step(_ byte: UInt8) -> Bool {
    if missing > 0 {
      guard byte >= low && byte <= high else { return false }
      missing -= 1
      (low, high) = (0x80, 0xBF)
      return true
    }
    switch byte {
    case 0x00...0x7F: break
    case 0xC2...0xDF: missing = 1
    case 0xE0: expect(2, from: 0xA0, to: 0xBF)
    case 0xED: expect(2, from: 0x80, to: 0x9F)
    case 0xE1...0xEF: missing = 2
    case 0xF0: expect(3, from: 0x90, to: 0xBF)
    case 0xF1...0xF3: missing = 3
    case 0xF4: expect(3, from: 0x80, to: 0x8F)
    default: return false
    }
    return true
  }

  private mutating func expect(_ count: UInt8, from low: UInt8, to high: UInt8) {
    missing = count
    self.low = low
    self.high = high
  }
}

extension SIMD4<UInt64> {
  /// All lanes joined by or.
  fileprivate var wrappedOr: UInt64 { self[0] | self[1] | self[2] | self[3] }
}
