import Delivery
import Foundation
import Testing
import WebSocket

@testable import StepSessions

@Suite struct StepSessionsTests {
  private func session() throws -> Session {
    let session = Session()
    session.open()
    _ = try session.answers()
    return session
  }

  private func counts(_ session: Session) throws -> [Int?] {
    let batch = try session.send(#"{"samples":[]}"#)
    return [batch?["total_steps"] as? Int, batch?["total_predictions"] as? Int]
  }

  @Test func onlyAcceleratorsAreNeededOnceTheClientSaysSo() throws {
    let session = try session()
    let short = #"{"accel_x":0,"accel_y":0,"accel_z":9.81}"#
    #expect(try session.send(short)?["error"] as? String == "Missing sensor data fields")
    let settings = try session.send(#"{"action":"configure","gyro":false}"#)
    #expect(settings?["gyro"] as? Bool == false)
    #expect(try session.send(short)?["type"] as? String == "step_detection")
    #expect(
      try session.send("{}")?["required_fields"] as? [String] == ["accel_x", "accel_y", "accel_z"])
  }

  @Test(arguments: [
    #"{"accel_x":1}"#, #"{"accel_x":"1"}"#, "{", "[]", #"{"action":"dance"}"#,
    #"{"action":"configure","rate":11}"#, #"{"action":"configure","rate":50,"gyro":1}"#,
    #"{"action":"configure","reply":"steps","units":"x"}"#, #"{"samples":[[1,2,3,4,5,6],[1]]}"#,
    #"{"samples":[[1,2,3,4,5,6]],"rate":5}"#, #"{"samples":7}"#, #"{"rate":50}"#,
    #"{"timestamp":"x","accel_x":0,"accel_y":0,"accel_z":9.81,"gyro_x":0,"gyro_y":0,"gyro_z":0}"#,
  ])
  func aRefusedMessageChangesNothing(text: String) throws {
    let session = try session()
    _ = try session.send(still)
    let (settings, before) = (
      try session.send(#"{"action":"configure"}"#), try counts(session)
    )
    let answer = try #require(try session.send(text))
    #expect(answer["type"] as? String == "error")
    #expect(answer["session_id"] as? String == sessionID && session.step == .stay)
    #expect(try counts(session) == before && before == [0, 1])
    let after = try session.send(#"{"action":"configure"}"#)
    for name in ["rate", "rate_source", "reply", "units", "gyro"] {
      #expect("\(after?[name] ?? 0)" == "\(settings?[name] ?? 0)")
    }
  }

  @Test func aRefusedBinaryMessageChangesNothing() throws {
    let session = try session()
    _ = try session.send([Float](repeating: 1, count: 6))
    #expect(try session.send([Float](repeating: 1, count: 5))?["error"] as? String == "Torn sample")
    let refused = try session.send([1, 1, 1, 1, 1, 1, 1, 1, .nan, 1, 1, 1])
    #expect(refused?["error"] as? String == "Invalid sample" && refused?["index"] as? Int == 1)
    #expect(try session.send(.binary, []).first?["error"] as? String == "Torn sample")
    #expect(try counts(session) == [0, 1])
  }

  @Test func aBatchIsAnsweredOnce() throws {
    let session = try session()
    let samples = Array(repeating: "[0,0,9.81,0,0,0]", count: 30).joined(separator: ",")
    let answer = try session.send(#"{"samples":[\#(samples)],"rate":25,"t0":100}"#)
    #expect(answer?["type"] as? String == "step_batch")
    #expect(answer?["steps"] as? [Int] == [] && answer?["total_predictions"] as? Int == 30)
    let binary = try session.send([0, 0, 9.81, 0, 0, 0, 0, 0, 9.81, 0, 0, 0])
    #expect(binary?["type"] as? String == "step_batch")
    #expect(binary?["total_predictions"] as? Int == 32)
  }

  /// Two steps a second for twenty seconds; the indices and the total agree.
  private func walk(_ rate: Double = 50, seconds: Int = 20) -> [Float] {
    (0..<Int(rate) * seconds).flatMap { place -> [Float] in
      let phase = 2 * Double.pi * 2 * Double(place) / rate
      return [0, 0, Float(9.81 + 3 * sin(phase)), 0, 0, 0]
    }
  }

  @Test func stepsAreCountedTheSameInEveryForm() throws {
    let samples = walk()
    let binary = try session()
    _ = try binary.send(#"{"action":"configure","rate":50}"#)
    let batch = try binary.send(samples)
    let indices = try #require(batch?["steps"] as? [Int])
    #expect(indices.count == batch?["total_steps"] as? Int && (30...40).contains(indices.count))
    #expect(indices == indices.sorted() && Set(indices).count == indices.count)

    let single = try session()
    _ = try single.send(#"{"action":"configure","rate":50,"reply":"steps"}"#)
    var found: [Int] = []
    for place in 0..<samples.count / 6 {
      single.pass(20)
      let z = samples[6 * place + 2]
      let answer = try single.send(
        #"{"accel_x":0,"accel_y":0,"accel_z":\#(z),"gyro_x":0,"gyro_y":0,"gyro_z":0}"#)
      guard let answer else { continue }
      #expect(answer["step_detected"] as? Bool == true)
      found.append(place)
    }
    #expect(found == indices)
    let reset = try single.send(#"{"action":"reset"}"#)
    #expect(reset?["total_steps"] as? Int == 0)
    #expect(try single.send(.text, Array(#"{"samples":[]}"#.utf8)).isEmpty)
  }

  @Test func onlyGravityTellsThatStepsCanBeCounted() throws {
    let session = try session()
    var reports = 0
    for _ in 0..<20 {
      let answers = try session.send(.binary, [UInt8](repeating: 0, count: 24 * 100))
      reports += answers.count { $0["error"] as? String == "No gravity in sensor data" }
    }
    #expect(reports == 1)
  }

  @Test func theIdleTimeCountsFromTheLastMessage() throws {
    let session = Session(idleTimeout: 90_000)
    #expect(session.deadline() == nil)
    session.open()
    #expect(session.deadline() == 100_000)
    _ = try session.answers()
    session.pass(5_000)
    _ = try session.send("{")
    #expect(session.deadline() == 105_000)
    _ = try session.expire()
    #expect(session.step == .close(.goingAway))
    session.close()
    #expect(session.deadline() == nil)
  }

  @Test func aPlaceThatIsLeftIsFreeAgain() throws {
    let session = Session(sessions: 2)
    session.open(0)
    #expect(session.hasRoom)
    session.open(3)
    #expect(!session.hasRoom)
    session.close(0)
    session.close(0)
    #expect(session.hasRoom && session.takesBinary && StepSessions.isBuiltIn)
    session.open(1)
    #expect(!session.hasRoom)
    let stats = try session.send(.text, Array(#"{"action":"stats"}"#.utf8), from: 3).last
    let server = try #require(stats?["server_stats"] as? [String: Any])
    #expect(server["active_sessions"] as? Int == 2)
  }

  @Test func whoHasNoSessionIsClosed() throws {
    let session = Session()
    #expect(try session.send("{}", from: 2) == nil && session.step == .close(.internalError))
  }
}
