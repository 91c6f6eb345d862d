import Delivery
import Foundation
import Memory
import Testing

@testable import StepSessions

/// Every reply, member by member, against PROTOCOL.md, section 4.
@Suite struct StepRepliesTests {
  private func session() throws -> Session {
    let session = Session()
    session.open()
    return session
  }

  private func names(_ object: [String: Any]?) -> Set<String> { Set(object?.keys.map { $0 } ?? []) }

  @Test func sessionStarted() throws {
    let first = try #require(try session().answers().first)
    #expect(names(first) == ["type", "session_id", "message", "timestamp"])
    #expect(first["type"] as? String == "session_started")
    #expect(first["session_id"] as? String == sessionID)
    #expect(first["message"] as? String == "Step detection session initialized successfully")
    #expect(first["timestamp"] as? String == "1234567890.123")
  }

  @Test func stepDetection() throws {
    let session = try session()
    _ = try session.answers()
    session.pass(877)
    let answer = try session.send(still)
    #expect(
      names(answer) == [
        "type", "session_id", "step_detected", "prediction", "total_steps", "total_predictions",
        "buffer_size", "timestamp",
      ])
    #expect(answer?["type"] as? String == "step_detection")
    #expect(answer?["session_id"] as? String == sessionID)
    #expect(answer?["step_detected"] as? Bool == false)
    #expect(answer?["total_steps"] as? Int == 0 && answer?["total_predictions"] as? Int == 1)
    #expect(answer?["buffer_size"] as? Int == 1)
    #expect(answer?["timestamp"] as? String == "1234567891.000")
    let prediction = try #require(answer?["prediction"] as? [String: Any])
    #expect(
      names(prediction) == [
        "confidence", "start_probability", "end_probability", "no_step_probability",
        "predicted_class", "movement_magnitude", "step_start", "step_end",
      ])
    let shares = ["start_probability", "end_probability", "no_step_probability"]
      .compactMap { prediction[$0] as? Double }
    #expect(shares.count == 3 && abs(shares.reduce(0, +) - 1) < 0.0002)
    #expect(prediction["predicted_class"] as? Int == 0)
    #expect(abs((prediction["movement_magnitude"] as? Double ?? 0) - 9.81) < 0.001)
    #expect(prediction["step_start"] as? Bool == false)
    #expect(prediction["step_end"] as? Bool == false)
    #expect((0...1).contains(prediction["confidence"] as? Double ?? -1))
  }

  @Test func stepBatch() throws {
    let session = try session()
    _ = try session.answers()
    let answer = try session.send(#"{"samples":[[0,0,9.81,0,0,0]]}"#)
    #expect(
      names(answer) == [
        "type", "session_id", "steps", "total_steps", "total_predictions", "timestamp",
      ])
    #expect(answer?["type"] as? String == "step_batch")
    #expect(answer?["session_id"] as? String == sessionID)
  }

  @Test func stopResponse() throws {
    let session = try session()
    _ = try session.answers()
    _ = try session.send("{")
    session.pass(2_500)
    let answer = try session.send(#"{"action":"stop"}"#)
    #expect(
      names(answer) == ["type", "status", "session_id", "message", "session_stats", "timestamp"])
    #expect(answer?["type"] as? String == "stop_response")
    #expect(answer?["status"] as? String == "success")
    #expect(
      answer?["message"] as? String
        == "Step detection stopped. WebSocket connection will be closed.")
    let stats = try #require(answer?["session_stats"] as? [String: Any])
    #expect(stats["duration"] as? Double == 2.5 && stats["total_requests"] as? Int == 2)
    #expect(names(stats) == ["duration", "total_requests"])
    #expect(session.step == .close(.normal))
  }

  @Test func resetResponse() throws {
    let session = try session()
    _ = try session.answers()
    _ = try session.send(still)
    let answer = try session.send(#"{"action":"reset"}"#)
    #expect(names(answer) == ["type", "status", "message", "total_steps", "timestamp"])
    #expect(answer?["type"] as? String == "reset_response")
    #expect(answer?["message"] as? String == "Step counter has been reset")
    #expect(try session.send(still)?["total_predictions"] as? Int == 1)
  }

  @Test func statsResponse() throws {
    let session = try session()
    _ = try session.answers()
    session.open(1)
    _ = try session.answers(of: 1)
    _ = try session.send("{}", from: 1)
    session.pass(1_250)
    let answer = try session.send(#"{"action":"stats"}"#)
    #expect(
      names(answer) == ["type", "status", "session_id", "user_stats", "server_stats", "timestamp"])
    #expect(answer?["type"] as? String == "stats_response")
    let (user, server) = (
      try #require(answer?["user_stats"] as? [String: Any]),
      try #require(answer?["server_stats"] as? [String: Any])
    )
    #expect(names(user) == ["session_duration", "total_requests", "last_activity"])
    #expect(user["session_duration"] as? Double == 1.25 && user["total_requests"] as? Int == 1)
    #expect(user["last_activity"] as? String == "1234567891.373")
    #expect(server["active_sessions"] as? Int == 2)
    #expect(server["total_server_requests"] as? Int == 2)
    #expect(names(server) == ["active_sessions", "total_server_requests"])
  }

  @Test func configureResponse() throws {
    let session = try session()
    _ = try session.answers()
    let before = try session.send(#"{"action":"configure"}"#)
    #expect(
      names(before) == [
        "type", "status", "session_id", "rate", "rate_source", "reply", "units", "gyro",
        "timestamp",
      ])
    #expect(before?["type"] as? String == "configure_response")
    #expect(before?["rate"] as? Double == 50 && before?["rate_source"] as? String == "assumed")
    #expect(before?["reply"] as? String == "every" && before?["units"] as? String == "m/s2")
    #expect(before?["gyro"] as? Bool == true)
    let after = try session.send(
      #"{"action":"configure","rate":100,"reply":"steps","units":"g","gyro":false}"#)
    #expect(after?["rate"] as? Double == 100 && after?["rate_source"] as? String == "configured")
    #expect(after?["reply"] as? String == "steps" && after?["units"] as? String == "g")
    #expect(after?["gyro"] as? Bool == false)
  }

  @Test(
    arguments: [
      (300_000, "5 minutes"), (60_000, "1 minute"), (90_000, "1.5 minutes"), (1_000, "1 second"),
      (59_000, "59 seconds"), (500, "0.5 seconds"), (10, "0.01 seconds"), (1_250, "1.25 seconds"),
      (75_000, "1.25 minutes"), (86_400_000, "1440 minutes"), (2_000, "2 seconds"),
    ] as [(UInt64, String)])
  func timeoutResponse(idle: UInt64, words: String) throws {
    let session = Session(idleTimeout: idle)
    session.open()
    _ = try session.answers()
    let answer = try #require(try session.expire().first)
    #expect(names(answer) == ["type", "status", "message", "timestamp"])
    #expect(answer["type"] as? String == "timeout_response")
    #expect(answer["status"] as? String == "timeout")
    #expect(answer["message"] as? String == "Connection closed due to \(words) of inactivity")
  }
}
