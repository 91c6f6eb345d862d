import Testing

@testable import Memory

@Suite struct ByteWriterWipeTests {
  @Test func nothingStaysBehind() {
    var writer = ByteWriter(capacity: 5)
    writer.append(literal("secret"))
    writer.append(literal("abcde"))
    writer.truncate(to: 2)
    writer.wipe()
    let (count, overflowed) = (writer.count, writer.overflowed)
    #expect(count == 0 && !overflowed)
    for offset in 0..<5 {
      let byte = unsafe writer.base.load(fromByteOffset: offset, as: UInt8.self)
      #expect(byte == 0)
    }
  }
}
