import Testing

@testable import StepSessions

@Suite struct StepRefusalsTests {
  private func answer(_ text: String) throws -> [String: Any] {
    let session = Session()
    session.open()
    _ = try session.answers()
    let answer = try #require(try session.send(text))
    #expect(answer["type"] as? String == "error")
    #expect(answer["session_id"] as? String == sessionID)
    return answer
  }

  private let all = ["accel_x", "accel_y", "accel_z", "gyro_x", "gyro_y", "gyro_z"]

  @Test func aSampleWithAMemberMissing() throws {
    let answer = try answer(#"{"accel_x":1}"#)
    #expect(answer["error"] as? String == "Missing sensor data fields")
    #expect(answer["required_fields"] as? [String] == all)
  }

  @Test func aValueNamesItsField() throws {
    for name in all + ["timestamp"] {
      let answer = try answer(#"{"\#(name)":{}}"#)
      #expect(answer["error"] as? String == "Invalid sensor value")
      #expect(answer["field"] as? String == name)
    }
  }

  @Test(arguments: [
    ("rate", #"{"action":"configure","rate":1e9}"#), ("t0", #"{"samples":[],"t0":"x"}"#),
    ("samples", #"{"samples":1}"#), ("reply", #"{"action":"configure","reply":2}"#),
    ("units", #"{"action":"configure","units":"kg"}"#),
    ("gyro", #"{"action":"configure","gyro":0}"#),
  ])
  func aSettingSaysWhatItTakes(name: String, text: String) throws {
    let answer = try answer(text)
    #expect(answer["error"] as? String == "Invalid setting")
    #expect(answer["field"] as? String == name)
    #expect((answer["message"] as? String)?.hasPrefix("\(name) is ") == true)
  }

  @Test func whatElseIsRefused() throws {
    #expect(try answer("{")["error"] as? String == "Invalid JSON")
    let unknown = try answer(#"{"action":"dance"}"#)
    #expect(unknown["error"] as? String == "Unknown action")
    #expect(
      unknown["allowed_actions"] as? [String] == ["configure", "reset", "stats", "stop"])
    let batch = try answer(#"{"samples":[[0,0,0,0,0,0],1]}"#)
    #expect(batch["error"] as? String == "Invalid sample" && batch["index"] as? Int == 1)
  }
}
