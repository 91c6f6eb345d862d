#if Persistence
import Glibc
import TestSupport
import Testing

@testable import Host

extension StoreSuites {
  @Suite struct StoreOpeningTests {
    /// A file with its log, as a kill leaves them: some records in the one, some in the other.
    private struct Remains {
      var file: [UInt8]
      var log: [UInt8]
      /// What was acknowledged, batch by batch; all of `inFile` batches are in the file.
      var states: [[TestRecord]]
    }

    private static let inFile = 3

    private func remains() throws -> Remains {
      let directory = try TestDirectory()
      var store = try TestStore(directory)
      var generator = SplitMix64(seed: 4)
      var states: [[TestRecord]] = [[]]
      for number in 1...(StoreOpeningTests.inFile + 3) {
        let one = TestRecord(key: UInt64(2 * number), body: generator.bytes(60 * number))
        let two = TestRecord(key: UInt64(2 * number + 1), body: generator.bytes(500))
        #expect(store.write(TestBatch().put(one).put(two).remove(UInt64(number))) == nil)
        states.append(
          (states.last! + [one, two]).filter { $0.key != UInt64(number) }.sorted {
            $0.key < $1.key
          })
        guard number == StoreOpeningTests.inFile else { continue }
        store.close()
        store = try TestStore(directory)
      }
      let found = Remains(
        file: try directory.read("martlet.db"), log: try directory.read("martlet.db-wal"),
        states: states)
      store.close()
      return found
    }

    /// What is found in these bytes; nil when they were set aside, which leaves nothing.
    private func opened(_ file: [UInt8]?, _ log: [UInt8]?) throws -> [TestRecord]? {
      let directory = try TestDirectory()
      if let file { try directory.write("martlet.db", file) }
      if let log { try directory.write("martlet.db-wal", log) }
      let store = try TestStore(directory)
      let records = try store.records()
      // Whatever was there, it works from here on.
      #expect(store.write(TestBatch().put(TestRecord(key: 1 << 40, body: [1]))) == nil)
      guard let name = store.setAside else { return records }
      #expect(records.isEmpty)
      #expect(name.hasPrefix(directory.file("martlet.db.damaged-")))
      let kept = String(name.dropFirst(directory.file("").utf8.count))
      if let file { #expect(try directory.read(kept) == file) }
      if let log { #expect(try directory.read(kept + "-wal") == log) }
      return nil
    }

    /// The headers' bytes, and about 300 further ones.
    private func places(in count: Int) -> [Int] {
      Array(0..<100) + stride(from: 100, to: count, by: max(1, count / 300 | 1))
    }

    @Test func whatAKillLeavesIsFoundAgain() throws {
      let left = try remains()
      #expect(try opened(left.file, left.log) == left.states.last)
      #expect(try opened(left.file, nil) == left.states[StoreOpeningTests.inFile])
    }

    @Test func aFileCutAtAnyLengthIsWholeOrSetAside() throws {
      let left = try remains()
      var setAside = 0
      for length in stride(from: 0, to: left.file.count, by: 101) {
        // Without its log no page can come from anywhere else.
        let records = try opened(Array(left.file.prefix(length)), nil)
        if records == nil { setAside += 1 }
        #expect(
          records == nil || records == left.states[StoreOpeningTests.inFile], "\(length) bytes")
      }
      #expect(setAside > 10)
    }

    @Test func aFlippedByteOfTheFileIsFound() throws {
      let left = try remains()
      var setAside = 0
      for place in places(in: left.file.count) {
        var file = left.file
        file[place] ^= place % 2 == 0 ? 0x01 : 0xFF
        let records = try opened(file, nil)
        if records == nil { setAside += 1 }
        #expect(
          records == nil || records == left.states[StoreOpeningTests.inFile], "byte \(place)")
      }
      // What is not set aside lies between the cells of a page.
      #expect(setAside > 100, "\(setAside)")
    }

    /// A log that was cut looks as after a loss of power: earlier batches are found, whole ones.
    @Test func aLogCutAtAnyLengthEndsWithABatch() throws {
      let left = try remains()
      var found: Set<[TestRecord]> = []
      for length in stride(from: 0, to: left.log.count, by: 301) {
        let records = try opened(left.file, Array(left.log.prefix(length)))
        #expect(records.map { left.states.contains($0) } != false, "\(length) bytes")
        if let records { found.insert(records) }
      }
      #expect(found.count == 3, "the last batch is not among them")
    }

    /// Of the last batches nobody can tell whether the disk ever had them; all others are found, or
    /// the file is set aside.
    @Test func aFlippedByteOfTheLogLosesAtMostTheLastBatches() throws {
      let left = try remains()
      var setAside = 0
      for place in places(in: left.log.count) {
        var log = left.log
        log[place] ^= place % 2 == 0 ? 0x01 : 0xFF
        let records = try opened(left.file, log)
        if records == nil { setAside += 1 }
        #expect(
          records.map { left.states.suffix(3).contains($0) } != false, "byte \(place)")
      }
      #expect(setAside > 100, "\(setAside)")
    }

    @Test func whatIsNotOursIsSetAside() throws {
      var generator = SplitMix64(seed: 5)
      let zeros = [UInt8](repeating: 0, count: 8192)
      let foreign: [[UInt8]] = [
        [], [0], zeros, generator.bytes(100), generator.bytes(5000),
        Array("SQLite format 3\0".utf8),
      ]
      for bytes in foreign {
        #expect(try opened(bytes, nil) == nil)
        #expect(try opened(bytes, generator.bytes(3000)) == nil)
      }
      #expect(try opened(nil, zeros) == nil, "a log without its file")
      let left = try remains()
      // A log of zeros is one that never began; another's is not.
      #expect(try opened(left.file, zeros) == left.states[StoreOpeningTests.inFile])
      #expect(try opened(left.file, generator.bytes(3000)) == nil)
      // A rollback journal is never ours: it is not played back.
      let directory = try TestDirectory()
      try directory.write("martlet.db", left.file)
      try directory.write("martlet.db-journal", generator.bytes(2000))
      let store = try TestStore(directory)
      #expect(store.setAside == nil)
      #expect(try store.records() == left.states[StoreOpeningTests.inFile])
    }

    @Test func aDirectoryInItsPlaceIsSetAside() throws {
      for name in ["martlet.db", "martlet.db-wal"] {
        let directory = try TestDirectory()
        #expect(mkdir(directory.file(name), 0o700) == 0)
        let store = try TestStore(directory)
        #expect(store.setAside != nil)
        #expect(store.write(TestBatch().put(TestRecord(key: 1, body: [1]))) == nil)
      }
    }

    @Test func everyDamagedFileHasANameOfItsOwn() throws {
      let directory = try TestDirectory()
      var names: Set<String> = []
      for _ in 0..<4 {
        try directory.write("martlet.db", [1, 2, 3])
        let store = try TestStore(directory)
        names.insert(try #require(store.setAside))
        store.close()
      }
      #expect(names.count == 4)
    }

    @Test func onlyTheOwnerMayReadIt() throws {
      let directory = try TestDirectory()
      let store = try TestStore(directory)
      #expect(store.write(TestBatch().put(TestRecord(key: 1, body: [1]))) == nil)
      for name in ["martlet.db", "martlet.db-wal"] {
        var status = stat()
        #expect(stat(directory.file(name), &status) == 0 && status.st_mode & 0o777 == 0o600)
      }
      #expect(directory.names == ["martlet.db", "martlet.db-wal"], "no shared memory, no draft")
    }

    private func fault(_ directory: TestDirectory) -> HostError? {
      do throws(HostError) {
        _ = try TestStore(directory)
        return nil
      } catch {
        return error
      }
    }

    @Test func aFileThatAnotherProcessHasIsLeftAlone() throws {
      let directory = try TestDirectory()
      try TestStore(directory).close()
      let before = try directory.read("martlet.db")
      // A lock of the open file holds against this process as well as against others (fcntl(2)).
      let descriptor = open(directory.file("martlet.db"), O_RDWR)
      var lock = flock(
        l_type: Int16(F_RDLCK), l_whence: Int16(SEEK_SET), l_start: 0x4000_0002, l_len: 510,
        l_pid: 0)
      let setLockOfFile: Int32 = 37
      try #require(fcntl(descriptor, setLockOfFile, &lock) == 0)
      let error = fault(directory)
      #expect(error?.source == .sqlite && error?.code == -5, "SQLITE_BUSY")
      Glibc.close(descriptor)
      #expect(directory.names == ["martlet.db"])
      #expect(try directory.read("martlet.db") == before)
      #expect(fault(directory) == nil)
    }

    @Test func aMissingDirectoryIsAnError() throws {
      let directory = try TestDirectory()
      rmdir(String(decoding: directory.path, as: UTF8.self))
      let error = fault(directory)
      #expect(error?.source == .sqlite && error?.code == -14, "SQLITE_CANTOPEN")
      let reason = error.map { error in (0..<error.reason.byteCount).map { error.reason[$0] } }
      #expect(reason == Array("the file cannot be opened or made".utf8))
    }
  }
}
#endif
