import CBoard
import Memory

/// Small files, read and made at start, at reload and by commands.
public enum File {
  /// All bytes of a file.
  ///
  /// - Parameters:
  ///   - path: without a zero byte.
  ///   - limit: bytes of the largest one that is taken, at least 1.
  public static func read(_ path: [UInt8], limit: Int) throws(HostError) -> [UInt8] {
    // Room for one more tells that there is more.
    var bytes = [UInt8](repeating: 0, count: limit + 1)
    let name = terminated(path)
    let count = unsafe name.withUnsafeBufferPointer { name in
      unsafe bytes.withUnsafeMutableBufferPointer {
        unsafe cboard_read_file(name.baseAddress!, $0.baseAddress!, $0.count)
      }
    }
    try HostError.check("read", Int32(clamping: count))
    guard count <= limit else { throw HostError("read", File.tooLarge) }
    bytes.removeLast(bytes.count - Int(count))
    return bytes
  }

  /// EFBIG on Linux.
  static let tooLarge: Int32 = -27

  /// Makes a file that only its owner may read, or everybody, whole or not at all.
  public static func make(
    _ path: [UInt8], _ bytes: RawSpan, isPublic: Bool = false
  ) throws(HostError) {
    let name = terminated(path)
    let status = unsafe name.withUnsafeBufferPointer { name in
      unsafe bytes.withUnsafeBytes {
        // An empty span may have no address.
        unsafe cboard_make_file(
          name.baseAddress!, $0.baseAddress ?? UnsafeRawPointer(name.baseAddress!), $0.count,
          isPublic ? 1 : 0)
      }
    }
    try HostError.check("make", status)
  }

  public static func remove(_ path: [UInt8]) throws(HostError) {
    let status = unsafe terminated(path).withUnsafeBufferPointer {
      unsafe cboard_remove_file($0.baseAddress!)
    }
    try HostError.check("remove", status)
  }

  /// Makes a directory and those above it that are missing, for their owner alone.
  public static func makeDirectory(_ path: [UInt8]) throws(HostError) {
    let status = unsafe terminated(path).withUnsafeBufferPointer {
      unsafe cboard_make_directory($0.baseAddress!)
    }
    try HostError.check("make the directory", status)
  }

  /// Whether any user of the machine may read the file.
  public static func isReadableByOthers(_ path: [UInt8]) -> Bool {
    let answer = unsafe terminated(path).withUnsafeBufferPointer {
      unsafe cboard_is_readable_by_others($0.baseAddress!)
    }
    return answer != 0
  }

  static func terminated(_ path: [UInt8]) -> [CChar] {
    path.map { CChar(bitPattern: $0) } + [0]
  }
}

extension HostError {
  /// Whether there was no such file.
  public var isMissingFile: Bool { source == .system && cboard_no_such_file(Int64(code)) != 0 }

  /// Whether the file was there already.
  public var isTakenName: Bool { source == .system && cboard_name_taken(Int64(code)) != 0 }
}
