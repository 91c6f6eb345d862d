import Memory
import Testing

@testable import TypedConnections

@Suite struct TypedRoomRefusalsTests {
  @Test func everyOneHasWordsOfItsOwnThatNeedNoEscape() {
    let texts = TypedRoomRefusal.allCases.map { "\($0.text)" }
    #expect(Set(texts).count == texts.count)
    for text in texts {
      #expect(!text.isEmpty && !text.contains("\"") && !text.contains("\\"))
    }
  }

  @Test func anUnknownTypeIsToldWhatThereIs() {
    let general = "\(TypedRoomRefusal.unknownType(.general).text)"
    let chat = "\(TypedRoomRefusal.unknownType(.chat).text)"
    for type in ["echo", "join_room", "leave_room", "broadcast_to_room", "ping"] {
      #expect(general.contains(type))
    }
    for type in ["send_message", "typing", "join_room", "leave_room", "ping"] {
      #expect(chat.contains(type))
    }
    #expect(!general.contains("typing") && !chat.contains("echo"))
  }
}
