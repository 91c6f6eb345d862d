#if Admin
import Delivery
import Memory

/// What management asks of families that are left out of the build.
#if !StepDetection || !TypedConnections
extension AbsentFamily {
  var sessionCount: Int { 0 }
  var sessionPeak: Int { 0 }
  var sessionCapacity: Int { 0 }
  func hasSession(_ connection: Int) -> Bool { false }
  func connection(ofSession id: RawSpan) -> Int? { nil }
  func writeMembers(of connection: Int, at now: Moment, to writer: inout ByteWriter) {}
}
#endif

#if !Rooms || !TypedConnections
extension AbsentFamily {
  var roomCount: Int { 0 }
  var roomPeak: Int { 0 }
  var roomCapacity: Int { 0 }
  var membershipCount: Int { 0 }
  var membershipPeak: Int { 0 }
  var membershipCapacity: Int { 0 }
  var historyInUse: Int { 0 }
  var historyPeak: Int { 0 }
  var historyCapacity: Int { 0 }
  var roomEndIndex: Int { 0 }
  func containsRoom(at room: Int) -> Bool { false }
  func find(_ name: RawSpan) -> Int? { nil }
  func name(ofRoom room: Int) -> ShortText { ShortText() }
  func memberCount(ofRoom room: Int) -> Int { 0 }
  func connectionCount(ofRoom room: Int) -> Int { 0 }
  func isMember(_ connection: Int, of room: RawSpan) -> Bool { false }
  func firstMembership(of connection: Int) -> Int? { nil }
  func membership(behind membership: Int) -> Int? { nil }
  func room(of membership: Int) -> Int { 0 }
}
#endif

#if !EmotionSync
extension AbsentFamily {
  var knownCount: Int { 0 }
  var knownPeak: Int { 0 }
  var knownCapacity: Int { 0 }
}
#endif

#if !UserEvents || !TypedConnections
extension AbsentFamily {
  var heldCount: Int { 0 }
  var heldPeak: Int { 0 }
  var heldCapacity: Int { 0 }
}
#endif

#if !TypedConnections
extension AbsentFamily {
  var participantCount: Int { 0 }
  var participantPeak: Int { 0 }
  var participantCapacity: Int { 0 }
  var answersInUse: Int { 0 }
  var answersPeak: Int { 0 }
  var answersCapacity: Int { 0 }
  func isChat(room: Int) -> Bool { false }
  func hasGeneralRoom(named name: RawSpan) -> Bool { false }
  func session(of connection: Int) -> Int? { nil }
  func id(of session: Int) -> ShortText { ShortText() }
}
#endif
#endif
