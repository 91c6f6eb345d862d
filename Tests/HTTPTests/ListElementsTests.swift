import HTTP
import Testing

@Suite struct ListElementsTests {
  @Test(arguments: [
    ("", []), (" ", []), (",", []), ("a", ["a"]), ("a,b", ["a", "b"]), (" a , b ", ["a", "b"]),
    ("a,,b,", ["a", "b"]), ("a;x=\"1,2\",b", ["a;x=\"1,2\"", "b"]),
    ("\"a\\\",b\",c", ["\"a\\\",b\"", "c"]), ("\"a,b", ["\"a,b"]), ("\"a\\", ["\"a\\"]),
  ])
  func elementsAreSplitAtCommas(_ value: String, _ expected: [String]) {
    #expect(elements(of: value, separatedBy: ",") == expected)
  }

  @Test func parametersAreSplitAtSemicolons() {
    #expect(
      elements(of: "permessage-deflate; a=\";\" ;b", separatedBy: ";")
        == ["permessage-deflate", "a=\";\"", "b"])
  }

  private func elements(of value: String, separatedBy separator: Unicode.Scalar) -> [String] {
    withBytes(of: value) { bytes in
      var found: [String] = []
      var elements = ListElements(of: bytes, separatedBy: UInt8(ascii: separator))
      while let element = elements.next() { found.append(String(element)) }
      return found
    }
  }
}
