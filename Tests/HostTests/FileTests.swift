import Glibc
import Memory
import Testing

@testable import Host

@Suite struct FileTests {
  /// A new directory, whose name nobody else has.
  private func directory() throws -> [UInt8] {
    var template = Array("/tmp/martlet-XXXXXX".utf8CString)
    try #require(mkdtemp(&template) != nil)
    return template.dropLast().map { UInt8(bitPattern: $0) }
  }

  private func path(_ directory: [UInt8], _ name: String) -> [UInt8] {
    directory + Array("/\(name)".utf8)
  }

  private func text(_ path: [UInt8]) -> String { String(decoding: path, as: UTF8.self) }

  private func fault(_ body: () throws(HostError) -> Void) -> HostError? {
    do throws(HostError) {
      try body()
      return nil
    } catch {
      return error
    }
  }

  @Test func whatIsMadeIsReadByItsOwnerAlone() throws {
    let place = path(try directory(), "a/b c/d")
    try File.makeDirectory(place)
    try File.makeDirectory(place)
    let file = path(place, "key")
    let bytes = Array("some bytes\n".utf8)
    try File.make(file, bytes.span.raw)
    #expect(try File.read(file, limit: bytes.count) == bytes)
    var status = stat()
    #expect(stat(text(file), &status) == 0 && status.st_mode & 0o777 == 0o600)
    #expect(stat(text(place), &status) == 0 && status.st_mode & 0o777 == 0o700)
    #expect(!File.isReadableByOthers(file))
    #expect(chmod(text(file), 0o604) == 0)
    #expect(File.isReadableByOthers(file))
  }

  @Test func aFileThatIsThereStays() throws {
    let file = path(try directory(), "key")
    let (first, other): ([UInt8], [UInt8]) = ([1], [2])
    try File.make(file, first.span.raw)
    let second = fault { () throws(HostError) in try File.make(file, other.span.raw) }
    #expect(second?.isTakenName == true)
    #expect(try File.read(file, limit: 8) == first)
  }

  @Test func whatIsPublicIsReadByAll() throws {
    let file = path(try directory(), "certificate")
    let bytes: [UInt8] = [1, 2]
    try File.make(file, bytes.span.raw, isPublic: true)
    var status = stat()
    #expect(stat(text(file), &status) == 0 && status.st_mode & 0o777 == 0o644)
    #expect(File.isReadableByOthers(file))
  }

  @Test func whatIsRemovedIsGone() throws {
    let file = path(try directory(), "key")
    let bytes: [UInt8] = [1]
    try File.make(file, bytes.span.raw)
    try File.remove(file)
    let missing = fault { () throws(HostError) in _ = try File.read(file, limit: 8) }
    #expect(missing?.isMissingFile == true)
    let again = fault { () throws(HostError) in try File.remove(file) }
    #expect(again?.isMissingFile == true)
  }

  @Test func whatCannotBeReadIsNamed() throws {
    let place = try directory()
    let file = path(place, "key")
    let missing = fault { () throws(HostError) in _ = try File.read(file, limit: 8) }
    #expect(missing?.isMissingFile == true)
    let nine = [UInt8](repeating: 7, count: 9)
    try File.make(file, nine.span.raw)
    let large = fault { () throws(HostError) in _ = try File.read(file, limit: 8) }
    #expect(large?.code == -EFBIG)
    let isDirectory = fault { () throws(HostError) in _ = try File.read(place, limit: 8) }
    #expect(isDirectory?.code == -EISDIR)
    // A pipe without a writer would hold up the start for ever.
    let pipe = path(place, "pipe")
    #expect(mkfifo(text(pipe), 0o600) == 0)
    let special = fault { () throws(HostError) in _ = try File.read(pipe, limit: 8) }
    #expect(special?.code == -ENOTSUP)
    let below = fault { () throws(HostError) in try File.makeDirectory(path(file, "below")) }
    #expect(below?.code == -ENOTDIR)
  }
}
