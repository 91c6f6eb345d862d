import Delivery
import JSON
import Memory

/// What emotion sync says, as JSON in a draft (PROTOCOL.md, section 5).
extension ByteWriter {
  private mutating func begin(_ type: StaticString) {
    beginObject()
    member("type", type)
  }

  private mutating func timestamp(_ milliseconds: UInt64) {
    member("timestamp", timestamp: Int64(clamping: milliseconds), .milliseconds)
  }

  mutating func connectionEstablished(_ user: ShortText, at now: Moment) {
    begin("connection_established")
    member("message", "Connected to emotion detection WebSocket server")
    timestamp(now.wall)
    member("user_id", user.bytes)
    endObject()
  }

  mutating func emotionUpdate(_ known: borrowing KnownEmotion) {
    begin("emotion_update")
    member("user_id", known.id.bytes)
    member("emotion", known.emotion.bytes)
    timestamp(known.changed)
    endObject()
  }

  mutating func pong(at now: Moment) {
    begin("pong")
    timestamp(now.wall)
    endObject()
  }

  mutating func refusal(_ refusal: EmotionRefusal, _ allowed: borrowing AllowedEmotions) {
    begin("error")
    switch refusal {
    case .malformed: member("message", "Invalid message format")
    case .unknownType: member("message", "Unknown message type: send emotion_update or ping")
    case .noEmotion: member("message", "emotion is missing, or is no string")
    case .size: member("message", "emotion must be 1 to 64 bytes")
    case .notAllowed:
      member("message", "This emotion is not allowed")
      name("allowed_emotions")
      allowed.write(to: &self)
    case .tooFast: member("message", "Messages come too fast: this one was dropped")
    }
    endObject()
  }
}
