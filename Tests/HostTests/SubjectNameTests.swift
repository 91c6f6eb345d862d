import Testing

@testable import Host

@Suite struct SubjectNameTests {
  private func fault(_ text: String) -> SubjectNameError? {
    do throws(SubjectNameError) {
      _ = try SubjectName(Array(text.utf8))
      return nil
    } catch {
      return error
    }
  }

  @Test(arguments: [
    "gateway", "gateway.local", "GATEWAY.Local", "*.example.org", "3com.com", "a-b.c--d.e1",
    "xn--bcher-kva.example", "1.2.3.4.example", "127.0.0.1", "::1", "fd00:0:0:0:0:0:0:1",
    "::ffff:10.0.0.1",
  ])
  func names(_ text: String) throws {
    #expect(fault(text) == nil)
    let name = try SubjectName(Array(text.utf8))
    #expect(name.text == Array(text.utf8))
  }

  @Test(
    arguments: [
      ("", SubjectNameError.empty), (".", .emptyLabel), ("a.", .emptyLabel), (".a", .emptyLabel),
      ("a..b", .emptyLabel), ("a b", .badCharacter), ("a_b", .badCharacter), ("a/b", .badCharacter),
      ("bücher.example", .badCharacter), ("a\u{0}b", .badCharacter), ("a\n", .badCharacter),
      ("a,O=b", .badCharacter), ("-a.b", .badHyphen), ("a.b-", .badHyphen), ("*", .badWildcard),
      ("*.org", .badWildcard), ("a*.example.org", .badWildcard), ("a.*.example.org", .badWildcard),
      ("**.example.org", .badWildcard), ("*..org", .emptyLabel), ("300.1.1.1", .badAddress),
      ("1.2.3", .badAddress), ("7", .badAddress), ("::1%eth0", .badCharacter),
      ("[::1]", .badCharacter),
    ] as [(String, SubjectNameError)])
  func whatIsNoName(_ text: String, _ error: SubjectNameError) {
    #expect(fault(text) == error)
    #expect(error.message.utf8CodeUnitCount > 10)
  }

  @Test func lengths() {
    let label = String(repeating: "a", count: 63)
    #expect(fault(label) == nil)
    #expect(fault(label + "a") == .longLabel)
    let most = [label, label, label, String(repeating: "a", count: 61)].joined(separator: ".")
    #expect(most.utf8.count == 253 && fault(most) == nil)
    #expect(fault(most + "a") == .tooLong)
  }

  @Test func addressesAreBytes() throws {
    #expect(try SubjectName(Array("10.2.3.255".utf8)).address == [10, 2, 3, 255])
    let six = try SubjectName(Array("fd00::1".utf8)).address
    #expect(six == [0xFD] + [UInt8](repeating: 0, count: 14) + [1])
    #expect(try SubjectName(Array("gateway.local".utf8)).address.isEmpty)
  }
}
