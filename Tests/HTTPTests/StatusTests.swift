import HTTP
import Testing

@Suite struct StatusTests {
  @Test func everyStatusHasAReasonAndACodeOfItsOwn() {
    let all = Status.allCases
    #expect(Set(all.map { "\($0.reason)" }).count == all.count)
    let errors = all.filter { $0.rawValue >= 400 }
    #expect(Set(errors.map { "\($0.code)" }).count == errors.count)
    for status in errors {
      #expect("\(status.code)".utf8.allSatisfy { $0 == 0x5F || $0 >= 0x61 && $0 <= 0x7A })
    }
  }
}
