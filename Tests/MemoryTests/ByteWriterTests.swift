import Memory
import Testing

@Suite struct ByteWriterTests {
  @Test func writesFrontToBack() {
    var writer = ByteWriter(capacity: 8)
    #expect(writer.last == nil)
    writer.append(0x61)
    writer.append("bcd")
    writer.append(([0x65, 0x66] as [UInt8]).span.bytes)
    writer.append(RawSpan())
    #expect(text(writer) == "abcdef")
    #expect(writer.last == 0x66)
    #expect(writer.overflowed == false)
  }

  @Test(arguments: 0...12)
  func whatDoesNotFitIsLeftOutWhole(length: Int) {
    var writer = ByteWriter(capacity: 8)
    writer.append("ab")
    writer.append([UInt8](repeating: 0x78, count: length).span.bytes)
    #expect(writer.overflowed == (length > 6))
    #expect(writer.count == (length > 6 ? 2 : 2 + length))
  }

  @Test func aFullWriterTakesNoByte() {
    var writer = ByteWriter(capacity: 1)
    writer.append(1)
    #expect(writer.overflowed == false)
    writer.append(2)
    #expect(writer.overflowed == true)
    #expect(writer.count == 1)
    #expect(writer.last == 1)
    writer.removeAll()
    #expect(writer.overflowed == false)
    #expect(writer.count == 0)
  }

  @Test func truncatingForgetsTheRestAndTheOverflow() {
    var writer = ByteWriter(capacity: 6)
    writer.append("abcd")
    writer.append("xyz")
    #expect(writer.overflowed == true)
    writer.truncate(to: 2)
    #expect(writer.overflowed == false)
    writer.append("cdef")
    #expect(text(writer) == "abcdef")
  }
}
