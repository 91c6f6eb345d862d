import Testing

@testable import Host

@Suite struct DERTests {
  @Test func lengths() {
    #expect(DER.element(4, []) == [4, 0])
    let sizes: [(Int, [UInt8])] = [
      (127, [4, 127]), (128, [4, 0x81, 128]), (255, [4, 0x81, 255]), (256, [4, 0x82, 1, 0]),
      (65535, [4, 0x82, 255, 255]),
    ]
    for (size, head) in sizes {
      let content = [UInt8](repeating: 9, count: size)
      #expect(DER.element(4, content) == head + content)
    }
  }

  @Test func attributes() {
    #expect(DER.sequence(DER.attribute(4, 3)) == [0x30, 5, 6, 3, 0x55, 4, 3])
  }
}
