import Testing

@testable import HTTP

@Suite struct FieldNameTests {
  @Test(arguments: [
    ("Host", FieldName.host), ("hOST", .host), ("Origin", .origin), ("Cookie", .cookie),
    ("Expect", .expect), ("Upgrade", .upgrade), ("Connection", .connection),
    ("Authorization", .authorization), ("Content-Length", .contentLength),
    ("Sec-WebSocket-Key", .webSocketKey), ("Transfer-Encoding", .transferEncoding),
    ("Sec-WebSocket-Version", .webSocketVersion), ("", .other), ("Hos", .other), ("Hosts", .other),
    ("Accept-Encoding", .other), ("Transfer_Encoding", .other), ("Sec-WebSocket-Kez", .other),
  ])
  func isRecognised(_ text: String, _ name: FieldName) {
    withBytes(of: text) { #expect(FieldName(in: $0, at: 0, count: $0.byteCount) == name) }
  }
}
