import Memory
import Testing

@Suite struct FixedArrayTests {
  @Test func makesEveryElement() {
    var array = FixedArray(count: 5) { $0 * $0 }
    array[2] += 100
    #expect((0..<array.count).map { array[$0] } == [0, 1, 104, 9, 16])
  }

  @Test func holdsWhatCannotBeCopied() {
    var writers = FixedArray(count: 2) { _ in ByteWriter(capacity: 4) }
    writers[1].append("abc")
    #expect(writers[0].count == 0)
    #expect(writers[1].count == 3)
  }

  @Test func repeatsAnElement() {
    let array = FixedArray(repeating: true, count: 3)
    #expect((0..<3).allSatisfy { array[$0] })
  }

  @Test func mayBeEmpty() {
    let array = FixedArray(repeating: 0, count: 0)
    #expect(array.count == 0)
  }

  @Test func anIndexBeyondTheEndIsRefused() async {
    await #expect(processExitsWith: .failure) {
      let array = FixedArray(repeating: 0, count: 3)
      _ = array[3]
    }
  }
}
