#if Persistence
import Glibc
import Memory
import Testing

@testable import Host

/// A record as a test writes it and finds it again.
struct TestRecord: Equatable, Hashable {
  var key: UInt64
  var kind: UInt8 = 3
  var body: [UInt8]
}

/// A batch, put together by hand.
struct TestBatch {
  private(set) var bytes: [UInt8]

  init(goesOn: Bool = false) { bytes = [goesOn ? 1 : 0] }

  func put(_ record: TestRecord) -> TestBatch {
    appending([1] + number(record.key, 8) + [record.kind] + number(UInt64(record.body.count), 4))
      .appending(record.body)
  }

  func remove(_ key: UInt64) -> TestBatch { appending([2] + number(key, 8)) }
  func clear() -> TestBatch { appending([3]) }

  func appending(_ more: [UInt8]) -> TestBatch {
    var copy = self
    copy.bytes += more
    return copy
  }

  private func number(_ value: UInt64, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * $0)) }
  }
}

/// A directory of a test, gone with it.
final class TestDirectory {
  let path: [UInt8]

  init() throws {
    var template = Array("/tmp/martlet-store-XXXXXX".utf8CString)
    try #require(mkdtemp(&template) != nil)
    path = template.dropLast().map { UInt8(bitPattern: $0) }
  }

  deinit {
    for name in names { unlink(file(name)) }
    for name in names { rmdir(file(name)) }
    rmdir(String(decoding: path, as: UTF8.self))
  }

  func file(_ name: String) -> String { "\(String(decoding: path, as: UTF8.self))/\(name)" }

  var names: [String] {
    guard let directory = opendir(String(decoding: path, as: UTF8.self)) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        String(cString: UnsafeRawPointer($0).assumingMemoryBound(to: CChar.self))
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  func read(_ name: String) throws -> [UInt8] {
    try File.read(Array(file(name).utf8), limit: 4 << 20)
  }

  func write(_ name: String, _ bytes: [UInt8]) throws {
    unlink(file(name))
    let descriptor = open(file(name), O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    try #require(descriptor >= 0)
    let written = bytes.withUnsafeBytes {
      Glibc.write(descriptor, $0.baseAddress, $0.count)
    }
    Glibc.close(descriptor)
    try #require(written == bytes.count)
  }
}

/// A store with small limits that `#expect` can call: it takes no noncopyable value.
final class TestStore {
  var store: Store

  init(
    _ directory: TestDirectory, batchSize: Int = 32 << 10, sizeMaximum: Int = 1 << 20
  ) throws(HostError) {
    store = try Store(
      directory: directory.path, batchSize: batchSize, sizeMaximum: sizeMaximum)
  }

  var setAside: String? { store.setAside.map { String(decoding: $0, as: UTF8.self) } }
  var isBusy: Bool { store.isBusy }
  var fileSize: Int { Int(store.fileSize) }
  var memoryUsed: Int { store.memoryUsed }
  var memoryPeak: Int { store.memoryPeak }

  /// All records, in the order they are handed over; before the first batch.
  func records() throws(HostError) -> [TestRecord] {
    var list: [TestRecord] = []
    try store.forEach { key, kind, body in
      list.append(
        TestRecord(key: key, kind: kind, body: (0..<body.byteCount).map { body[$0] }))
    }
    return list
  }

  /// Writes a batch and waits for its outcome; nil when it is on the disk.
  func write(_ batch: TestBatch) -> HostError? {
    store.begin(batch.bytes.span.raw)
    while true {
      var entry = pollfd(fd: store.descriptor, events: Int16(POLLIN), revents: 0)
      _ = poll(&entry, 1, -1)
      switch store.finish() {
      case .done: return nil
      case .failed(let error): return error
      case nil: continue
      }
    }
  }

  func begin(_ bytes: [UInt8]) { store.begin(bytes.span.raw) }
  func close() { store.close() }
}
#endif
