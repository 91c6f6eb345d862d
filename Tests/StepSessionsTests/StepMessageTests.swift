import Memory
import Testing

@testable import StepSessions

@Suite struct StepMessageTests {
  private func read(_ text: String) throws(StepRefusal) -> StepMessage {
    var message = StepMessage()
    try message.read(Array(text.utf8).span.raw)
    return message
  }

  /// The refusal of reading or of the check behind it, in words; "none" when there is none.
  private func refusal(_ text: String) -> String {
    do throws(StepRefusal) {
      try read(text).check()
      return "none"
    } catch { return "\(error)" }
  }

  @Test func everyMemberIsRead() throws {
    let message = try read(
      #" {"accel_x":1,"accel_y":-2.5,"accel_z":3e1,"gyro_x":4,"gyro_y":5,"gyro_z":-2000,"#
        + #""timestamp":12.25,"rate":50,"t0":7,"reply":"steps","units":"g","gyro":false} "#)
    try message.check()
    #expect((0..<6).map { message.sample.values[$0] } == [1, -2.5, 30, 4, 5, -2000])
    #expect(message.sample.present == SensorSample.all)
    #expect(message.timestamp == 12.25 && message.rate == 50 && message.start == 7)
    #expect(message.repliesEvery == false && message.usesG == true && message.hasGyro == false)
    #expect(message.action == nil && message.samples == nil)
    #expect(message.timestamp(ofSample: 100) == 9)
  }

  @Test(arguments: [
    ("stop", StepAction.stop), ("reset", .reset), ("stats", .stats), ("configure", .configure),
    ("Stop", .unknown), ("", .unknown), (#"st\u006fp"#, .stop),
  ])
  func actions(name: String, action: StepAction) throws {
    #expect(try read(#"{"action":"\#(name)"}"#).action == action)
  }

  @Test(arguments: ["1", "null", "{}", "[]", "true"])
  func anActionThatIsNoStringIsUnknown(value: String) throws {
    #expect(try read(#"{"action":\#(value)}"#).action == .unknown)
  }

  @Test func whatIsUnknownIsReadOver() throws {
    let message = try read(
      #"{"x":{"accel_x":1},"accel_x":2,"y":[1,{"z":"}"}],"ACCEL_Y":3,"accel_xx":4,"":null}"#)
    #expect(message.sample.present == 1 && message.sample.values[0] == 2)
  }

  @Test func theLastOfTwoCounts() throws {
    let message = try read(#"{"accel_x":1,"accel_x":2,"action":"stop","action":"reset"}"#)
    #expect(message.sample.values[0] == 2 && message.action == .reset)
  }

  @Test func theNamesMayBeEscaped() throws {
    #expect(try read(#"{"\u0061ccel_x":2}"#).sample.present == 1)
  }

  @Test(arguments: [
    (#"{"accel_y":"1"}"#, "invalidValue(StepSessions.SensorField.accelY)"),
    (#"{"accel_y":null}"#, "invalidValue(StepSessions.SensorField.accelY)"),
    (#"{"gyro_z":2000.1}"#, "invalidValue(StepSessions.SensorField.gyroZ)"),
    (#"{"gyro_z":-1e999}"#, "invalidValue(StepSessions.SensorField.gyroZ)"),
    (#"{"accel_x":[],"accel_y":{}}"#, "invalidValue(StepSessions.SensorField.accelX)"),
    (#"{"timestamp":true}"#, "invalidTimestamp"), (#"{"timestamp":"soon"}"#, "invalidTimestamp"),
    (#"{"timestamp":""}"#, "invalidTimestamp"), (#"{"timestamp":1e999}"#, "invalidTimestamp"),
    (#"{"timestamp":"12.5"}"#, "none"), (#"{"timestamp":-1}"#, "none"),
    (#"{"rate":"50"}"#, "invalidSetting(StepSessions.StepSetting.rate)"),
    (#"{"t0":[]}"#, "invalidSetting(StepSessions.StepSetting.start)"),
    (#"{"samples":{}}"#, "invalidSetting(StepSessions.StepSetting.samples)"),
    (#"{"reply":"some"}"#, "invalidSetting(StepSessions.StepSetting.reply)"),
    (#"{"reply":1}"#, "invalidSetting(StepSessions.StepSetting.reply)"),
    (#"{"units":"mg"}"#, "invalidSetting(StepSessions.StepSetting.units)"),
    (#"{"gyro":"no"}"#, "invalidSetting(StepSessions.StepSetting.gyro)"),
    (#"{"samples":[[1,2]]}"#, "none"), ("{}", "none"),
  ])
  func aMemberOfTheWrongKindIsNamed(text: String, expected: String) {
    #expect(refusal(text) == expected)
  }

  @Test(arguments: [
    "", " ", "null", "[]", "1", "\"x\"", "{", "{}{}", "{},", "{\"a\":}", "{\"a\" 1}", "{a:1}",
    "{\"accel_x\":01}", "{\"accel_x\":NaN}", "{\"accel_x\":Infinity}", "{\"accel_x\":.5}",
    "{\"timestamp\":\"\n\"}", "{\"samples\":[1,]}", "{\"action\":\"\\x\"}",
  ])
  func whatIsNoObjectIsMalformed(text: String) { #expect(refusal(text) == "malformed") }

  @Test func everyCutIsMalformed() {
    let whole =
      #"{"accel_x":1.5,"timestamp":"2","samples":[[1,2,3]],"action":"stop","gyro":true,"rate":1}"#
    #expect(refusal(whole) == "none")
    for length in 0..<whole.utf8.count {
      #expect(refusal(String(whole.prefix(length))) == "malformed", "\(length)")
    }
  }
}
