import Delivery
import JSON
import Memory
import StepDetection

/// What a step session says, as JSON in a draft (PROTOCOL.md, section 4).
extension ByteWriter {
  /// Unix seconds with three decimals, in a string.
  private mutating func end(at now: Moment) {
    member("timestamp", secondsOf: Int64(clamping: now.wall))
    endObject()
  }

  private mutating func begin(_ type: StaticString) {
    beginObject()
    member("type", type)
  }

  mutating func sessionStarted(_ session: borrowing StepSession, at now: Moment) {
    begin("session_started")
    member("session_id", plain: session.id.bytes)
    member("message", "Step detection session initialized successfully")
    end(at: now)
  }

  /// The one answer that each sample may have: what is the same in all of them is appended in runs,
  /// and the session, from which nothing is taken away, is not copied.
  mutating func stepDetection(
    _ decision: StepDecision, _ session: inout StepSession, at now: Moment
  ) {
    append(constant: #"{"type":"step_detection","session_id":""#)
    append(session.id.bytes)
    append(constant: #"","step_detected":"#)
    append(choice: decision.isStepStart)
    append(constant: #","prediction":{"confidence":"#)
    fourDecimals(decision.confidence)
    append(constant: #","start_probability":"#)
    fourDecimals(decision.startProbability)
    append(constant: #","end_probability":"#)
    fourDecimals(decision.endProbability)
    append(constant: #","no_step_probability":"#)
    fourDecimals(decision.noStepProbability)
    append(constant: #","predicted_class":"#)
    append(UInt8(ascii: "0") + decision.predictedClass.rawValue)
    append(constant: #","movement_magnitude":"#)
    fourDecimals(decision.movementMagnitude)
    append(constant: #","step_start":"#)
    append(choice: decision.isStepStart)
    append(constant: #","step_end":"#)
    append(choice: decision.isStepEnd)
    append(constant: #"},"total_steps":"#)
    append(decimal: UInt64(session.counter.steps))
    append(constant: #","total_predictions":"#)
    append(decimal: UInt64(session.counter.predictions))
    append(constant: #","buffer_size":"#)
    append(decimal: UInt64(session.bufferSize))
    append(constant: #","timestamp":""#)
    append(secondsOf: now.wall)
    append(constant: #""}"#)
  }

  /// A boolean, where no comma is due.
  @inline(__always)
  private mutating func append(choice: Bool) {
    if choice { append(constant: "true") } else { append(constant: "false") }
  }

  /// What most samples have most of is nothing.
  @inline(never)
  private mutating func fourDecimals(_ value: Float) {
    if value == 0 { append(constant: "0.0000") } else { append(fixed: value, decimals: 4) }
  }

  mutating func beginStepBatch(_ session: borrowing StepSession) {
    begin("step_batch")
    member("session_id", plain: session.id.bytes)
    name("steps")
    beginArray()
  }

  mutating func endStepBatch(_ session: borrowing StepSession, at now: Moment) {
    endArray()
    member("total_steps", session.counter.steps)
    member("total_predictions", session.counter.predictions)
    end(at: now)
  }

  mutating func stopResponse(_ session: borrowing StepSession, at now: Moment) {
    begin("stop_response")
    member("status", "success")
    member("session_id", plain: session.id.bytes)
    member("message", "Step detection stopped. WebSocket connection will be closed.")
    name("session_stats")
    beginObject()
    member("duration", fixed: session.duration(at: now), decimals: 2)
    member("total_requests", session.requests)
    endObject()
    end(at: now)
  }

  mutating func resetResponse(at now: Moment) {
    begin("reset_response")
    member("status", "success")
    member("message", "Step counter has been reset")
    member("total_steps", 0)
    end(at: now)
  }

  mutating func statsResponse(
    _ session: borrowing StepSession, active: Int, total: UInt64, at now: Moment
  ) {
    begin("stats_response")
    member("status", "success")
    member("session_id", plain: session.id.bytes)
    name("user_stats")
    beginObject()
    member("session_duration", fixed: session.duration(at: now), decimals: 2)
    member("total_requests", session.requests)
    member("last_activity", secondsOf: Int64(clamping: session.lastActivity))
    endObject()
    name("server_stats")
    beginObject()
    member("active_sessions", active)
    member("total_server_requests", total)
    endObject()
    end(at: now)
  }

  /// What management is told; the object stays open.
  mutating func sessionMembers(_ session: borrowing StepSession, at now: Moment) {
    member("session_id", plain: session.id.bytes)
    member("total_steps", session.counter.steps)
    member("total_predictions", session.counter.predictions)
    member("total_requests", session.requests)
    member("duration", fixed: session.duration(at: now), decimals: 3)
    member(
      "last_activity", timestamp: Int64(clamping: session.lastActivity), .milliseconds)
  }

  mutating func configureResponse(_ session: borrowing StepSession, at now: Moment) {
    begin("configure_response")
    member("status", "success")
    member("session_id", plain: session.id.bytes)
    member("rate", fixed: session.counter.clock.rate, decimals: 2)
    member("rate_source", session.counter.clock.source.name)
    member("reply", session.repliesEvery ? "every" : "steps")
    member("units", session.counter.units.verdict == .standardGravity ? "g" : "m/s2")
    member("gyro", session.hasGyro)
    end(at: now)
  }

  /// - Parameter idle: milliseconds without a message.
  mutating func timeoutResponse(after idle: UInt64, at now: Moment) {
    begin("timeout_response")
    member("status", "timeout")
    name("message")
    append("\"Connection closed due to ")
    duration(idle)
    append(" of inactivity\"")
    end(at: now)
  }

  private mutating func duration(_ milliseconds: UInt64) {
    let isMinutes = milliseconds >= 60_000
    let hundredths = isMinutes ? milliseconds / 600 : milliseconds / 10
    append(decimal: hundredths / 100)
    if hundredths % 100 != 0 {
      append(".")
      append(decimal: hundredths % 100 / 10)
      if hundredths % 10 != 0 { append(decimal: hundredths % 10) }
    }
    append(isMinutes ? " minute" : " second")
    if hundredths != 100 { append("s") }
  }
}

extension SampleClock.Source {
  fileprivate var name: StaticString {
    switch self {
    case .assumed: "assumed"
    case .inferred: "inferred"
    case .configured: "configured"
    case .timestamp: "timestamp"
    }
  }
}

extension StepSession {
  /// Seconds since it began.
  fileprivate func duration(at now: Moment) -> Double {
    Double(now.monotonic - started) / 1000
  }
}
