public import Delivery
import JSON
public import Memory

/// What management asks about sessions.
extension StepSessions {
  public var sessionCount: Int { sessions.count }
  public var sessionPeak: Int { sessions.peak }
  public var sessionCapacity: Int { sessions.capacity }

  public func hasSession(_ connection: Int) -> Bool { place(of: connection) != nil }

  /// The connection of the session with this id.
  public func connection(ofSession id: RawSpan) -> Int? {
    for connection in 0..<places.count {
      if let place = place(of: connection), sessions[place].id.bytes.equals(id) {
        return connection
      }
    }
    return nil
  }

  /// Writes the members of a session's object; the connection must have one.
  public func writeMembers(of connection: Int, at now: Moment, to writer: inout ByteWriter) {
    guard let place = place(of: connection) else { preconditionFailure("no session") }
    writer.sessionMembers(sessions[place], at: now)
  }
}
