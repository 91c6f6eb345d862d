import JSON
import Memory

/// How a refused message is answered (PROTOCOL.md, section 4): what was wrong, where, and what is
/// taken instead.
extension ByteWriter {
  mutating func refusal(_ refusal: StepRefusal, _ session: borrowing StepSession) {
    beginObject()
    member("type", "error")
    member("error", refusal.text)
    member("session_id", plain: session.id.bytes)
    switch refusal {
    case .malformed: member("message", "Send one JSON object a message (RFC 8259)")
    case .missingFields: requiredFields(session.hasGyro)
    case .invalidValue(let field): member("field", field.name)
    case .invalidTimestamp: member("field", "timestamp")
    case .unknownAction: allowedActions()
    case .invalidSetting(let setting):
      member("field", setting.name)
      member("message", setting.allowed)
    case .invalidSample(let index):
      member("index", index)
      member("message", "A sample is six numbers from -2000 to 2000, or three with gyro false")
    case .rateLimited: member("message", "Send fewer messages a second: several samples in one")
    case .tornSample: member("message", "A sample is six little-endian float32, 24 bytes")
    }
    endObject()
  }

  /// Said once: a client that takes gravity out has to send what its sensor says.
  mutating func noGravity(_ session: borrowing StepSession) {
    beginObject()
    member("type", "error")
    member("error", "No gravity in sensor data")
    member("session_id", plain: session.id.bytes)
    member(
      "message", "Steps cannot be counted: send acceleration with gravity, 9.81 m/s2 at rest")
    endObject()
  }

  private mutating func requiredFields(_ hasGyro: Bool) {
    name("required_fields")
    beginArray()
    for place in 0..<(hasGyro ? SensorField.count : 3) {
      if let field = SensorField(rawValue: place) { string(field.name) }
    }
    endArray()
  }

  private mutating func allowedActions() {
    name("allowed_actions")
    beginArray()
    string("configure")
    string("reset")
    string("stats")
    string("stop")
    endArray()
  }
}

extension StepRefusal {
  fileprivate var text: StaticString {
    switch self {
    case .malformed: "Invalid JSON"
    case .missingFields: "Missing sensor data fields"
    case .invalidValue, .invalidTimestamp: "Invalid sensor value"
    case .unknownAction: "Unknown action"
    case .invalidSetting: "Invalid setting"
    case .invalidSample: "Invalid sample"
    case .rateLimited: "Rate limited"
    case .tornSample: "Torn sample"
    }
  }
}
