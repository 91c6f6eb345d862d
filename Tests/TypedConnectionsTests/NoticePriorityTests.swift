import JSON
import Testing

@testable import TypedConnections

@Suite struct NoticePriorityTests {
  private func priority(_ text: String) throws -> NoticePriority? {
    let bytes = Array(text.utf8)
    var json = JSONReader(bytes.span.raw)
    return NoticePriority(try json.readString())
  }

  @Test func everyNameIsReadAsItIsWritten() throws {
    for one in NoticePriority.allCases { #expect(try priority("\"\(one.name)\"") == one) }
    #expect(try priority(#""h\u0069gh""#) == .high)
    #expect(try priority(#""High""#) == nil && priority(#""""#) == nil)
  }
}
