#if Persistence
import Glibc
import Memory
import TestSupport
import Testing

@testable import Host

extension StoreSuites {
  @Suite struct StoreTests {
    private func record(_ key: UInt64, _ text: String, kind: UInt8 = 3) -> TestRecord {
      TestRecord(key: key, kind: kind, body: Array(text.utf8))
    }

    @Test func whatWasWrittenIsFoundAgain() throws {
      let directory = try TestDirectory()
      let store = try TestStore(directory)
      let none = try store.records()
      #expect(none.isEmpty)
      #expect(store.setAside == nil)
      let first = TestBatch().put(record(7, "seven")).put(record(2, "", kind: 255))
        .put(record(UInt64(Int64.max), "last")).put(record(3, "three"))
      #expect(store.write(first) == nil)
      #expect(store.write(TestBatch().put(record(7, "SEVEN", kind: 8)).remove(3).remove(99)) == nil)
      store.close()
      let again = try TestStore(directory)
      let found = try again.records()
      #expect(
        found == [
          record(2, "", kind: 255), record(7, "SEVEN", kind: 8), record(UInt64(Int64.max), "last"),
        ])
      #expect(again.setAside == nil)
      #expect(directory.names.allSatisfy { $0.hasPrefix("martlet.db") })
    }

    @Test func allIsClearedAndWrittenAnew() throws {
      let directory = try TestDirectory()
      let store = try TestStore(directory)
      #expect(store.write(TestBatch().put(record(1, "one")).put(record(2, "two"))) == nil)
      #expect(store.write(TestBatch().clear().put(record(3, "three"))) == nil)
      store.close()
      let again = try TestStore(directory)
      let found = try again.records()
      #expect(found == [record(3, "three")])
    }

    @Test func aLongRecordIsFoundAgainWithLessRoom() throws {
      let directory = try TestDirectory()
      var generator = SplitMix64(seed: 1)
      let store = try TestStore(directory, batchSize: 100_000, sizeMaximum: 1 << 20)
      // On both sides of where a body is written in place, and where pages end.
      let records = [0, 1, 900, 4095, 4096, 4097, 8192, 20_000].enumerated().map {
        TestRecord(key: UInt64($0 + 1), body: generator.bytes($1))
      }
      #expect(store.write(records.reduce(TestBatch()) { $0.put($1) }) == nil)
      let shorter = TestRecord(key: 8, body: generator.bytes(6000))
      #expect(store.write(TestBatch().put(shorter)) == nil)
      store.close()
      let again = try TestStore(directory, batchSize: 64, sizeMaximum: 1 << 20)
      let found = try again.records()
      #expect(found == records.dropLast() + [shorter])
    }

    @Test func aTransactionOfSeveralBatchesIsOne() throws {
      let directory = try TestDirectory()
      var store = try TestStore(directory)
      #expect(store.write(TestBatch(goesOn: true).put(record(1, "one"))) == nil)
      store.close()
      store = try TestStore(directory)
      let none = try store.records()
      #expect(none.isEmpty, "what went on was not committed")
      for batch in [
        TestBatch(goesOn: true).put(record(1, "one")),
        TestBatch(goesOn: true).put(record(2, "two")),
        TestBatch(),
      ] {
        #expect(store.write(batch) == nil)
      }
      store.close()
      store = try TestStore(directory)
      let both = try store.records()
      #expect(both == [record(1, "one"), record(2, "two")])
    }

    @Test func aFailureTakesBackTheWholeTransaction() throws {
      let directory = try TestDirectory()
      var store = try TestStore(directory)
      #expect(store.write(TestBatch().put(record(1, "one"))) == nil)
      #expect(store.write(TestBatch(goesOn: true).clear().put(record(2, "two"))) == nil)
      let failed = store.write(TestBatch().put(record(3, "three")).appending([9]))
      #expect(failed?.source == .sqlite && failed?.code == -0x10003)
      store.close()
      store = try TestStore(directory)
      let found = try store.records()
      #expect(found == [record(1, "one")])
    }

    @Test func aMalformedBatchDoesNoHarm() throws {
      let directory = try TestDirectory()
      var store = try TestStore(directory)
      #expect(store.write(TestBatch().put(record(1, "one"))) == nil)
      let whole = TestBatch().remove(1).put(record(5, "five")).clear().bytes
      // Where an entry ends a batch may end, too.
      let ends = [1, 10, 10 + 18, 10 + 18 + 1]
      for length in 1..<whole.count where !ends.contains(length) {
        let failed = store.write(TestBatch().appending(Array(whole[1..<length])))
        #expect(failed?.code == -0x10003, "cut behind \(length) bytes")
      }
      let zero = store.write(TestBatch().remove(0))
      #expect(zero?.code == -0x10003)
      let large = store.write(TestBatch().remove(1 << 63))
      #expect(large?.code == -0x10003)
      var flags = TestBatch().bytes
      flags[0] = 2
      store.begin(flags)
      store.close()
      store = try TestStore(directory)
      let found = try store.records()
      #expect(found == [record(1, "one")])
    }

    @Test func aFullStoreFailsAndWorksAgainWithLess() throws {
      let directory = try TestDirectory()
      let maximum = 256 << 10
      var store = try TestStore(directory, sizeMaximum: maximum)
      let body = [UInt8](repeating: 0x61, count: 700)
      var count: UInt64 = 0
      var failed: HostError?
      while failed == nil, count < 1000 {
        count += 1
        failed = store.write(TestBatch().put(TestRecord(key: count, body: body)))
        #expect(store.fileSize <= maximum)
      }
      #expect(failed?.code == -13, "SQLITE_FULL")
      #expect(count > 80, "somewhat less than a half is for records")
      let again = store.write(TestBatch().put(TestRecord(key: count, body: body)))
      #expect(again?.code == -13)
      #expect(store.write(TestBatch().remove(1).remove(2)) == nil)
      #expect(store.write(TestBatch().put(TestRecord(key: count, body: body))) == nil)
      // All of it anew in one transaction: the largest one there can be.
      var next = store.write(TestBatch(goesOn: true).clear())
      for key in 3...count where next == nil {
        next = store.write(TestBatch(goesOn: true).put(TestRecord(key: key, body: body)))
        #expect(store.fileSize <= maximum)
      }
      #expect(next == nil)
      #expect(store.write(TestBatch()) == nil)
      #expect(store.fileSize <= maximum)
      store.close()
      store = try TestStore(directory, sizeMaximum: maximum)
      let found = try store.records().map { $0.key }
      #expect(found == Array(3...count))
    }

    @Test func aStoreThatShrinksItsMaximumStillOpens() throws {
      let directory = try TestDirectory()
      var generator = SplitMix64(seed: 2)
      let records = (1...60).map { TestRecord(key: UInt64($0), body: generator.bytes(30_000)) }
      var store = try TestStore(directory, sizeMaximum: 8 << 20)
      for record in records {
        #expect(store.write(TestBatch().put(record)) == nil)
      }
      // As a kill leaves it: the log is still there.
      let other = try TestDirectory()
      try other.write("martlet.db", try directory.read("martlet.db"))
      try other.write("martlet.db-wal", try directory.read("martlet.db-wal"))
      store.close()
      store = try TestStore(other, sizeMaximum: 256 << 10)
      let found = try store.records()
      #expect(found == records)
      #expect(store.write(TestBatch().clear()) == nil)
      #expect(store.write(TestBatch().put(records[0])) == nil)
    }

    @Test func oneRecordCostsOneSyncAndFewBytes() throws {
      let directory = try TestDirectory()
      let store = try TestStore(directory)
      let body = [UInt8](repeating: 0x61, count: 300)
      #expect(store.write(TestBatch().put(TestRecord(key: 1, body: body))) == nil)
      let (bytes, syncs) = (store.store.bytesWritten, store.store.syncs)
      #expect(store.write(TestBatch().put(TestRecord(key: 2, body: body))) == nil)
      let (moreBytes, moreSyncs) = (store.store.bytesWritten - bytes, store.store.syncs - syncs)
      #expect(moreSyncs == 1)
      #expect(moreBytes > 300 && moreBytes <= 3 * 1048)
      let size = store.fileSize
      #expect(size > 1024 && size < 64 << 10)
    }

    @Test func memoryStaysInsideTheArena() throws {
      for maximum in [256 << 10, 4 << 20] {
        let directory = try TestDirectory()
        var generator = SplitMix64(seed: 3)
        let store = try TestStore(directory, sizeMaximum: maximum)
        let arena =
          Store.byteCount(batchSize: 32 << 10, sizeMaximum: maximum) - (32 << 10) - (128 << 10)
        var failed: HostError?
        var key: UInt64 = 0
        // One transaction as large as it gets, which fills the log and its index.
        while failed == nil {
          key += 1
          let body = generator.bytes(generator.below(3) == 0 ? 9000 : 400)
          failed = store.write(TestBatch(goesOn: true).put(TestRecord(key: key, body: body)))
        }
        #expect(failed?.code == -13)
        for part in 0..<40 {
          failed = store.write(
            TestBatch().put(TestRecord(key: UInt64(part + 1), body: generator.bytes(2000))))
          #expect(failed == nil)
        }
        #expect(store.memoryUsed > 0)
        #expect(store.memoryPeak < arena * 9 / 10, "\(store.memoryPeak) of \(arena)")
        let used = store.memoryUsed
        #expect(store.write(TestBatch().clear()) == nil)
        #expect(store.memoryUsed <= used + (2 << 10), "nothing is kept")
        store.close()
        #expect(store.memoryUsed == 0, "all was given back")
      }
    }

    @Test func aProcessHasOneStore() throws {
      let directory = try TestDirectory()
      let store = try TestStore(directory)
      let other = try TestDirectory()
      do throws(HostError) {
        _ = try TestStore(other)
        Issue.record("two stores")
      } catch {
        #expect(error.code == -0x10004)
      }
      do throws(HostError) {
        _ = try TestStore(directory)
        Issue.record("two stores in one directory")
      } catch {
        #expect(error.code == -5)
      }
      #expect(store.write(TestBatch().put(record(1, "one"))) == nil, "the first one works on")
    }

    @Test func theLoopIsWoken() throws {
      let directory = try TestDirectory()
      let store = try TestStore(directory)
      var loop = try EventLoop(capacity: 1)
      try loop.watch(further: store.store.descriptor)
      for key in 1...UInt64(3) {
        let bytes = TestBatch().put(record(key, "body")).bytes
        store.begin(bytes)
        #expect(store.isBusy)
        var isDone = false
        while !isDone {
          try loop.wait(until: loop.now + 1000)
          while let event = loop.nextEvent() {
            guard case .woken = event else { continue }
            if case .done = store.store.finish() { isDone = true }
          }
        }
        #expect(!store.isBusy)
        let isNothing = store.store.finish() == nil
        #expect(isNothing)
      }
      try loop.wait(until: loop.now + 1)
      let isQuiet = loop.nextEvent() == nil
      #expect(isQuiet)
    }
  }
}

/// SQLite's memory is the process's: one store at a time, so one test at a time.
@Suite(.serialized) enum StoreSuites {}
#endif
