import JSON
import Memory
import Testing

@testable import UserEvents

@Suite struct EventTests {
  private func error(_ body: String) -> EventError? {
    do throws(EventError) {
      _ = try Event.read(Array(body.utf8).span.raw)
      return nil
    } catch {
      return error
    }
  }

  private func upload(_ data: String) -> EventError? {
    error(#"{"type":"upload_progress","data":\#(data)}"#)
  }

  @Test func whatTheRequirementsShowIsTaken() {
    #expect(upload(#"{"audio_id": 1,"progress": 65.5,"status": "Uploading..."}"#) == nil)
    #expect(
      error(
        #"{"type":"analysis_status","data":{"audio_id":1,"status":"processing","progress":45.0}}"#)
        == nil)
    #expect(
      error(
        #"{"data":{"title":"Done","message":"Your audio","level":"success"},"type":"notification"}"#
      ) == nil)
    #expect(error(#"{"type":"analysis_status","data":{"audio_id":"a","status":""}}"#) == nil)
  }

  @Test func theDataStandsWhereItStood() throws {
    let body =
      #"{"type":"notification", "data" : {"title":"a","x":[1, 2],"message":"","level":""} }"#
    let event = try Event.read(Array(body.utf8).span.raw)
    let data = String(decoding: Array(body.utf8)[event.data], as: UTF8.self)
    #expect(data == #"{"title":"a","x":[1, 2],"message":"","level":""}"#)
    #expect(event.kind == .notification && event.tag.isEmpty)
  }

  @Test func everyMemberIsNamed() {
    #expect(error("") == .malformed)
    #expect(error("[]") == .malformed)
    #expect(error(#"{"type":"notification","data":{}"#) == .malformed)
    #expect(error(#"{"data":{}}"#) == .type)
    #expect(error(#"{"type":1,"data":{}}"#) == .type)
    #expect(error(#"{"type":"upload","data":{}}"#) == .type)
    #expect(error(#"{"type":"notification"}"#) == .data)
    #expect(error(#"{"type":"notification","data":[]}"#) == .data)
    #expect(upload(#"{"progress":1,"status":"s"}"#) == .audio)
    for audio in ["null", "1.5", "1e2", "true", #""""#, "[1]", "99999999999999999999"] {
      #expect(upload(#"{"audio_id":\#(audio),"progress":1,"status":"s"}"#) == .audio)
    }
    let long = String(repeating: "a", count: 64)
    #expect(upload(#"{"audio_id":"\#(long)","progress":1,"status":"s"}"#) == nil)
    #expect(upload(#"{"audio_id":"\#(long)a","progress":1,"status":"s"}"#) == .audio)
    #expect(upload(#"{"audio_id":1,"status":"s"}"#) == .progress)
    for progress in ["-0.1", "100.1", #""5""#, "null", "1e999"] {
      #expect(upload(#"{"audio_id":1,"progress":\#(progress),"status":"s"}"#) == .progress)
    }
    #expect(upload(#"{"audio_id":1,"progress":100,"status":1}"#) == .status)
    #expect(upload(#"{"audio_id":1,"progress":0}"#) == .status)
    #expect(
      error(#"{"type":"analysis_status","data":{"audio_id":1,"status":"s","progress":-1}}"#)
        == .progress)
    #expect(error(#"{"type":"analysis_status","data":{"status":"s"}}"#) == .audio)
    for (data, wrong) in [
      (#"{"message":"m","level":"l"}"#, EventError.title),
      (#"{"title":"t","message":1,"level":"l"}"#, .message),
      (#"{"title":"t","message":"m"}"#, .level),
    ] {
      #expect(error(#"{"type":"notification","data":\#(data)}"#) == wrong)
    }
  }

  @Test func everyErrorSaysSomethingElse() {
    let errors: [EventError] = [
      .malformed, .type, .data, .audio, .progress, .status, .title, .message, .level, .size, .busy,
    ]
    #expect(Set(errors.map { "\($0.message)" }).count == errors.count)
  }

  /// A body that is cut anywhere is refused.
  @Test func cutAnywhere() {
    let body = Array(Audience.progress(5, of: #""a\u00e9""#).utf8)
    for length in 0..<body.count {
      #expect(error(String(decoding: body.prefix(length), as: UTF8.self)) == .malformed)
    }
  }

  @Test func onlyProgressOfOneAudioHasOneTag() throws {
    func tag(_ audio: String) throws -> ShortText {
      try Event.read(Array(Audience.progress(5, of: audio).utf8).span.raw).tag
    }
    #expect(try tag("1") == tag("1"))
    #expect(try tag(#""é""#) == tag(#""\u00e9""#))
    let others = ["1", "-1", "256", #""1""#, #""\u0001""#, #""é""#, #""e""#]
    for (place, one) in others.enumerated() {
      for other in others[(place + 1)...] { #expect(try tag(one) != tag(other)) }
    }
  }
}
