import CBoard
import CRuntime
import Memory

/// The process: what it was started with, and where it writes.
public enum Process {
  /// The arguments behind the program's name.
  public static var arguments: [[UInt8]] {
    var list: [[UInt8]] = []
    var index: Int32 = 1
    while let text = unsafe cruntime_argument(index) {
      unsafe list.append(bytes(text))
      index += 1
    }
    return list
  }

  /// "NAME=value" entries.
  public static var environment: [[UInt8]] {
    var list: [[UInt8]] = []
    var index: UInt32 = 0
    while let text = unsafe cboard_environment(index) {
      unsafe list.append(bytes(text))
      index += 1
    }
    return list
  }

  private static func bytes(_ text: UnsafePointer<CChar>) -> [UInt8] {
    var list: [UInt8] = []
    var place = 0
    while unsafe text[place] != 0 {
      unsafe list.append(UInt8(bitPattern: text[place]))
      place += 1
    }
    return list
  }

  /// Writes to standard output.
  public static func print(_ bytes: RawSpan) throws(HostError) {
    guard bytes.byteCount > 0 else { return }
    let status = unsafe bytes.withUnsafeBytes { unsafe cboard_print($0.baseAddress!, $0.count) }
    try HostError.check("write", status)
  }

  /// Writes one line to standard error, where the journal or a terminal reads it. It never waits:
  /// a line that is not taken at once is lost.
  ///
  /// - Returns: how many earlier lines were lost, of which `logLoss` has not told yet.
  @discardableResult
  public static func log(_ line: RawSpan) -> Int {
    guard line.byteCount > 0 else { return 0 }
    let lost = unsafe line.withUnsafeBytes { unsafe cboard_log($0.baseAddress!, $0.count) }
    return Int(clamping: lost)
  }

  /// Writes a text to standard error for a person who waits for it, before anything is served.
  public static func report(_ text: RawSpan) {
    guard text.byteCount > 0 else { return }
    unsafe text.withUnsafeBytes { unsafe cboard_report($0.baseAddress!, $0.count) }
  }

  /// Writes the line that tells of lines that were lost.
  public static func logLoss(_ line: RawSpan) {
    guard line.byteCount > 0 else { return }
    unsafe line.withUnsafeBytes { unsafe cboard_log_loss($0.baseAddress!, $0.count) }
  }

  /// Whether standard error goes to systemd's journal, which adds the time to each line.
  public static var isJournaled: Bool { cboard_is_journaled() != 0 }

  /// Waits until a descriptor can be read, so many milliseconds at most.
  public static func wait(for descriptor: Int32, milliseconds: Int) {
    cboard_wait(descriptor, Int32(clamping: milliseconds))
  }

  /// A write that cannot be ends as an error, and not the process; and no socket takes the place of
  /// a standard stream that is closed.
  public static func secureStreams() {
    cboard_ignore_write_signals()
    cboard_secure_streams()
  }

  public static func exit(_ code: Int32) -> Never { cboard_exit(code) }

  /// Raises the limit of open descriptors as far as the system allows and returns it.
  public static func raiseDescriptorLimit() throws(HostError) -> Int {
    let limit = cboard_raise_descriptor_limit()
    guard limit >= 0 else { throw HostError("raise the limit of descriptors", Int32(limit)) }
    return Int(clamping: limit)
  }

  /// Whether the system would let the process have so many bytes more, 1 at least.
  public static func hasMemory(_ bytes: Int) -> Bool { cboard_has_memory(bytes) != 0 }

  /// Whether the machine has a numeric address now.
  public static func hasAddress(_ address: [UInt8]) -> Bool {
    let text = address.map { CChar(bitPattern: $0) } + [0]
    return unsafe text.withUnsafeBufferPointer { unsafe cboard_has_address($0.baseAddress!) } != 0
  }

  /// Makes what tables take from now on resident at once.
  public static func makeTablesResident() { cruntime_make_resident() }

  /// Lets go memory that only the start needed.
  public static func forgetStart() { cboard_forget_start() }

  /// Bytes of the process that are resident in memory now, 0 where the system does not tell.
  public static var residentSize: Int { max(0, Int(cboard_resident_size())) }
}
