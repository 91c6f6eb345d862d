#if TypedConnections
typealias SessionCursor = TestSessionCursor
#else
/// Stands where there are no test sessions to tell of.
struct SessionCursor {}
#endif

/// Where an answer stands that is told piece by piece, as the outbox has room.
struct Report {
  enum Kind: UInt8 { case none, stats, connections, sessions, metrics, testSession }

  var testSession: SessionCursor?
  var kind = Kind.none
  var section: UInt8 = 0
  /// Whether nothing stands before the next item.
  var isFirst = true
  /// Whether pieces are chunks (RFC 9112, section 7.1); else the end of the connection ends them.
  var isChunked = true
  /// Whether the connection stays for another request.
  var keepsConnection = true
  var cursor: UInt32 = 0
}

/// What the last piece was.
enum PieceEnd {
  case more, last
  /// What it tells of is gone: the answer ends with its connection.
  case broken
}
