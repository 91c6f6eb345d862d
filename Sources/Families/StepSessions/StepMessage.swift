import JSON
import Memory

/// What a client asks of its session.
enum StepAction { case stop, reset, stats, configure, unknown }

/// Why a message is refused; it has changed nothing.
enum StepRefusal: Error {
  case malformed
  case missingFields
  case invalidValue(SensorField)
  case invalidTimestamp
  case unknownAction
  /// A member of `configure`, or `rate` or `t0` of a batch, with a value it cannot have.
  case invalidSetting(StepSetting)
  /// A sample of a batch, by its index, that is no array of six (or three) numbers.
  case invalidSample(Int)
  /// More messages than the gateway takes in that time.
  case rateLimited
  /// A binary message that is no whole number of samples.
  case tornSample
}

/// A client's message, read whole before anything is done about it.
struct StepMessage {
  var action: StepAction?
  var sample = SensorSample()
  /// Seconds of the sensor's own clock.
  var timestamp: Double?
  /// Where the array of a batch's samples stands in the message.
  var samples: Range<Int>?
  var rate: Double?
  var start: Double?
  var repliesEvery: Bool?
  var usesG: Bool?
  var hasGyro: Bool?
  /// The first member that was well formed and yet of no use; it counts once it is known what
  /// kind of message this is.
  private var fault: StepRefusal?

  /// The sensor's time of one sample of a batch: only `t0` and `rate` together tell it.
  func timestamp(ofSample index: Int) -> Double? {
    guard let start, let rate else { return nil }
    return start + Double(index) / rate
  }

  /// Reads it into a message that holds nothing yet; one that throws is of no use.
  mutating func read(_ bytes: RawSpan) throws(StepRefusal) {
    do throws(JSONError) {
      var json = JSONReader(bytes)
      try json.beginObject()
      while let name = try json.nextMember() { try readMember(name, &json) }
      try json.end()
    } catch {
      throw .malformed
    }
  }

  /// Throws what is wrong with the members that this kind of message uses.
  func check() throws(StepRefusal) {
    if let fault { throw fault }
  }

  private mutating func readMember(
    _ name: JSONString, _ json: inout JSONReader
  ) throws(JSONError) {
    if let field = SensorField(name) {
      try readField(field, &json)
    } else if name.equals("timestamp") {
      try readTimestamp(&json)
    } else if name.equals("action") {
      action = try StepMessage.readAction(&json)
    } else if name.equals("samples") {
      try readSamples(&json)
    } else if name.equals("rate") {
      rate = try readSetting(.rate, &json)
    } else if name.equals("t0") {
      start = try readSetting(.start, &json)
    } else if name.equals("reply") {
      repliesEvery = try readChoice(.reply, "every", "steps", &json)
    } else if name.equals("units") {
      usesG = try readChoice(.units, "g", "m/s2", &json)
    } else if name.equals("gyro") {
      try readGyro(&json)
    } else {
      _ = try json.skipValue()
    }
  }

  private mutating func note(_ refusal: StepRefusal) { if fault == nil { fault = refusal } }

  private mutating func readField(
    _ field: SensorField, _ json: inout JSONReader
  ) throws(JSONError) {
    if let value = try json.readNumberOrSkip(), SensorField.isValid(value) {
      sample.set(field, value)
    } else {
      note(.invalidValue(field))
    }
  }

  private mutating func readTimestamp(_ json: inout JSONReader) throws(JSONError) {
    if try json.peekKind() == .string {
      timestamp = try json.readString().number
    } else {
      timestamp = try json.readNumberOrSkip()
    }
    if timestamp == nil { note(.invalidTimestamp) }
  }

  private static func readAction(_ json: inout JSONReader) throws(JSONError) -> StepAction {
    guard try json.peekKind() == .string else {
      _ = try json.skipValue()
      return .unknown
    }
    let name = try json.readString()
    if name.equals("stop") { return .stop }
    if name.equals("reset") { return .reset }
    if name.equals("stats") { return .stats }
    if name.equals("configure") { return .configure }
    return .unknown
  }

  private mutating func readSamples(_ json: inout JSONReader) throws(JSONError) {
    let isArray = try json.peekKind() == .array
    let range = try json.skipValue()
    if isArray { samples = range } else { note(.invalidSetting(.samples)) }
  }

  private mutating func readSetting(
    _ setting: StepSetting, _ json: inout JSONReader
  ) throws(JSONError) -> Double? {
    let value = try json.readNumberOrSkip()
    if value == nil { note(.invalidSetting(setting)) }
    return value
  }

  /// True for `yes`, false for `no`.
  private mutating func readChoice(
    _ setting: StepSetting, _ yes: StaticString, _ no: StaticString, _ json: inout JSONReader
  ) throws(JSONError) -> Bool? {
    if try json.peekKind() == .string {
      let value = try json.readString()
      if value.equals(yes) { return true }
      if value.equals(no) { return false }
    } else {
      _ = try json.skipValue()
    }
    note(.invalidSetting(setting))
    return nil
  }

  private mutating func readGyro(_ json: inout JSONReader) throws(JSONError) {
    if try json.peekKind() == .bool {
      hasGyro = try json.readBool()
    } else {
      _ = try json.skipValue()
      note(.invalidSetting(.gyro))
    }
  }
}
