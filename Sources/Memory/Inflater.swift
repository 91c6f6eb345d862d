#if Deflate
import CZlib

/// Brings messages back that a `Deflater` has made (RFC 7692, section 7.2.2), in a `DeflateMemory`
/// that outlives it: it has it until it is ended.
@safe public struct Inflater: ~Copyable {
  /// What became of a message.
  public enum Outcome: Equatable {
    /// How many bytes it has.
    case whole(Int)
    /// It has more bytes than it may.
    case tooLong
    /// It is none that a deflater has made.
    case corrupt
  }

  private let stream: OpaquePointer

  init(_ stream: OpaquePointer) { unsafe self.stream = stream }

  /// Gives its memory back.
  public consuming func end() { unsafe czlib_end(stream) }

  /// Forgets the messages before: the next one does not refer to them.
  public mutating func reset() { unsafe czlib_inflater_reset(stream) }

  /// Writes what `message` was to the start of `target`, and no further than to its last byte but
  /// one: so long it may be. After another outcome than a whole message only `reset` and `end` are
  /// of use.
  public mutating func inflate(
    _ message: RawSpan, into target: inout MutableRawSpan
  ) -> Outcome {
    precondition(target.byteCount > 1)
    let count = unsafe target.withUnsafeMutableBytes { out in
      unsafe message.withUnsafeBytes {
        unsafe czlib_inflate(stream, $0.baseAddress, $0.count, out.baseAddress!, out.count)
      }
    }
    return count >= 0 ? .whole(count) : count == Int(CZLIB_FULL) ? .tooLong : .corrupt
  }
}
#endif
