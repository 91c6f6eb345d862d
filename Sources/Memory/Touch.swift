/// Writes to every page of memory that holds nothing yet, so that what was planned is there before
/// it is needed: a system that promises more than it has fails at start, not in the night.
@inline(never)
func touchPages(_ start: UnsafeMutableRawPointer, byteCount: Int) {
  guard byteCount > 0 else { return }
  // The smallest page of any board; the last byte, because the start need not be a page's.
  for offset in stride(from: 0, to: byteCount, by: 4096) {
    unsafe start.storeBytes(of: 0, toByteOffset: offset, as: UInt8.self)
  }
  unsafe start.storeBytes(of: 0, toByteOffset: byteCount - 1, as: UInt8.self)
}
