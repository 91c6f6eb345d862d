import CBoard
import Memory

/// How a transfer of bytes ended.
public enum TransferResult: Equatable {
  /// How many bytes went; at least 1.
  case bytes(Int)
  /// Nothing goes now: the loop tells when.
  case wouldBlock
  /// The peer sends no more.
  case ended
  /// The connection is of no use any longer.
  case failed
}

/// One TCP connection without encryption. The event loop closes its descriptor.
struct PlainChannel {
  let descriptor: Int32

  /// Receives into the start of `target`, which is not empty.
  func receive(into target: inout MutableRawSpan) -> TransferResult {
    let result = unsafe target.withUnsafeMutableBytes {
      unsafe cboard_receive(descriptor, $0.baseAddress!, $0.count)
    }
    if result > 0 { return .bytes(Int(result)) }
    if result == 0 { return .ended }
    return cboard_would_block(result) != 0 ? .wouldBlock : .failed
  }

  /// Sends as much as the kernel takes; `bytes` is not empty.
  func send(_ bytes: RawSpan) -> TransferResult {
    let result = unsafe bytes.withUnsafeBytes {
      unsafe cboard_send(descriptor, $0.baseAddress!, $0.count)
    }
    if result >= 0 { return .bytes(Int(result)) }
    return cboard_would_block(result) != 0 ? .wouldBlock : .failed
  }

  /// Sends the parts in order, as far as the kernel takes them; the list is not empty.
  func send(_ list: borrowing GatherList) -> TransferResult {
    let result = unsafe list.withParts { parts, count in
      unsafe cboard_send_parts(
        descriptor, UnsafeRawPointer(parts).assumingMemoryBound(to: cboard_part.self),
        Int32(count))
    }
    if result >= 0 { return .bytes(Int(result)) }
    return cboard_would_block(result) != 0 ? .wouldBlock : .failed
  }

  /// Sends no more; what was sent still arrives.
  func finish() { _ = cboard_finish(descriptor) }
}
