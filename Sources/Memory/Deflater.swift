#if Deflate
import CZlib

/// Compresses one message after the other (RFC 7692, section 7.2.1), in a `DeflateMemory` that
/// outlives it: it has it until it is ended.
@safe public struct Deflater: ~Copyable {
  private let stream: OpaquePointer

  init(_ stream: OpaquePointer) { unsafe self.stream = stream }

  /// Gives its memory back.
  public consuming func end() { unsafe czlib_end(stream) }

  /// Forgets the messages before: the next one can be read without them.
  public mutating func reset() { unsafe czlib_deflater_reset(stream) }

  /// Writes the message to the start of `out`, which is empty, and refers to those before where it
  /// can.
  ///
  /// - Parameters:
  ///   - message: not empty.
  ///   - limit: bytes that it may have in the end.
  /// - Returns: false, with nothing written and the messages before forgotten, when it is longer.
  public mutating func deflate(
    _ message: RawSpan, into out: inout ByteWriter, limit: Int
  ) -> Bool {
    // zlib writes four bytes that no message carries, and wants one to spare.
    let room = min(limit, out.capacity - Deflater.overhead) + Deflater.overhead
    guard room > Deflater.overhead else {
      reset()
      return false
    }
    let count = unsafe message.withUnsafeBytes {
      unsafe czlib_deflate(stream, $0.baseAddress!, $0.count, out.base, room)
    }
    guard count >= 0 else { return false }
    out.count = count
    return true
  }

  /// Bytes that `out` has to have beyond the message.
  public static let overhead = 5
}
#endif
