import JSON
import Memory
import Testing

@testable import TypedConnections

@Suite struct TestSessionQuestionTests {
  @Test(arguments: [0, 7, -7, 10, 1_234_567_890, Int64.max, Int64.min])
  func aNumberIsWrittenAsItIs(_ number: Int64) {
    let question = TestSessionQuestion(number)
    #expect(question.text == brief("\(number)"))
    #expect(question.isNumber && question.isWholeNumber)
  }

  @Test(arguments: ["", "x", "07", "-0", "1.5", "1e3", " 7", "7 ", "9223372036854775808"])
  func aTextIsNone(_ text: String) {
    #expect(!TestSessionQuestion(brief(text)).isWholeNumber)
  }

  @Test(arguments: ["q", "a\"b\\c", "\u{8}\t\n\u{C}\r", "\u{1}\u{1F}", "é\u{7F}", ""])
  func theSizeIsThatOfAMember(_ text: String) {
    let question = TestSessionQuestion(brief(text))
    let name = Exam.written {
      $0.string(question.text.bytes)
      $0.append(":,")
    }
    #expect(question.size == name.utf8.count)
  }
}
