import CBoard
import Memory

/// What a file holds, with a zero byte behind it as C wants it; it is wiped when it goes.
@safe public struct SecretFile: ~Copyable {
  let start: UnsafeMutableRawPointer
  /// The zero byte included.
  let count: Int

  /// No file, and no bytes.
  public init() {
    unsafe start = .allocate(byteCount: 1, alignment: 1)
    count = 0
  }

  /// A text that is in memory already.
  init(_ text: RawSpan) {
    count = text.byteCount + 1
    unsafe start = .allocate(byteCount: count, alignment: 1)
    for offset in 0..<text.byteCount {
      unsafe start.storeBytes(of: text[offset], toByteOffset: offset, as: UInt8.self)
    }
    unsafe start.storeBytes(of: 0, toByteOffset: count - 1, as: UInt8.self)
  }

  /// - Parameters:
  ///   - path: without a zero byte.
  ///   - limit: bytes of the largest one that is taken, at least 1.
  public init(_ path: [UInt8], limit: Int) throws(HostError) {
    // Room for the zero byte tells that there is more.
    let memory = UnsafeMutableRawPointer.allocate(byteCount: limit + 1, alignment: 1)
    let found = unsafe File.terminated(path).withUnsafeBufferPointer {
      unsafe cboard_read_file($0.baseAddress!, memory, limit + 1)
    }
    unsafe start = memory
    count = min(max(0, Int(found)), limit) + 1
    try HostError.check("read", Int32(clamping: found))
    guard found <= limit else { throw HostError("read", File.tooLarge) }
    unsafe start.storeBytes(of: 0, toByteOffset: count - 1, as: UInt8.self)
  }

  deinit {
    unsafe cboard_wipe(start, count)
    unsafe start.deallocate()
  }
}
