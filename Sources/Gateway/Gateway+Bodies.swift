import Delivery
import HTTP
import Memory
import Tokens

/// Requests whose bodies say what to do.
extension Gateway where Link: ~Copyable {
  /// Who may is asked once, before the body is awaited.
  ///
  /// - Parameters:
  ///   - bytes: the head, and what has come behind it.
  /// - Returns: the bytes that the body took; nil when more have to come first, or when the request
  ///   has to wait.
  mutating func take(
    _ route: Route, _ place: Int, _ head: RequestHead, _ bytes: RawSpan, headSize: Int
  ) throws(Refusal) -> Int? {
    if !connections[place].isAdmitted {
      try refuseForeignChange(head, bytes)
      try admit(route, head, bytes)
      connections[place].isAdmitted = true
    }
    return try takeBody(place, head, bytes, headSize: headSize) {
      gateway, body throws(Refusal) in
      switch route {
      case .broadcast: try gateway.broadcast(body, place, head, bytes)
      case .publish(let id): try gateway.publish(body, to: id, place, head)
      case .publishToAll: try gateway.publishToAll(body, place, head)
      case .testSession(let id): try gateway.putTestSession(body, id, place, head)
      default: throw .notFound
      }
    }
  }

  private mutating func admit(
    _ route: Route, _ head: RequestHead, _ bytes: RawSpan
  ) throws(Refusal) {
    switch route {
    case .broadcast:
      try requireAdmin(head, bytes)
      try checkFilter(head, bytes)
    case .publish, .publishToAll: try require([.admin, .service], or: .noService, head, bytes)
    default: try require([.admin, .proctor], or: .noProctor, head, bytes)
    }
  }

  /// Hands the request's body to `use` when all of it has come.
  ///
  /// - Parameter use: returns whether the request is done with.
  private mutating func takeBody(
    _ place: Int, _ head: RequestHead, _ bytes: RawSpan, headSize: Int,
    _ use: (inout Gateway, RawSpan) throws(Refusal) -> Bool
  ) throws(Refusal) -> Int? {
    let rest = bytes.extracting(headSize..<bytes.byteCount)
    switch head.body {
    case .none: return try use(&self, RawSpan()) ? 0 : nil
    case .length(let size):
      guard size <= limits.bodyMaximum else { throw .bodyTooLarge }
      guard size <= rest.byteCount else { return awaitBody(place, head) }
      return try use(&self, rest.extracting(0..<size)) ? size : nil
    case .chunked: return try takeChunks(place, head, rest, use)
    }
  }

  private mutating func takeChunks(
    _ place: Int, _ head: RequestHead, _ rest: RawSpan,
    _ use: (inout Gateway, RawSpan) throws(Refusal) -> Bool
  ) throws(Refusal) -> Int? {
    guard var buffer = assembled.take() else { preconditionFailure("a body within a message") }
    do throws(Refusal) {
      let taken = try takeChunks(place, head, rest, in: &buffer, use)
      assembled = consume buffer
      return taken
    } catch {
      assembled = consume buffer
      throw error
    }
  }

  private mutating func takeChunks(
    _ place: Int, _ head: RequestHead, _ rest: RawSpan, in buffer: inout Buffer,
    _ use: (inout Gateway, RawSpan) throws(Refusal) -> Bool
  ) throws(Refusal) -> Int? {
    // Decoded in a copy: what is not whole has to be kept as it came.
    let count = min(rest.byteCount, limits.assembledSize)
    var copy = buffer.mutableBytes(0..<count)
    copy.copy(rest.extracting(0..<count), to: 0)
    var body = ChunkedBody(maximum: limits.bodyMaximum)
    let parsed: Parsed<Int>
    do throws(RequestError) { parsed = try body.decode(&copy) } catch {
      throw Refusal(error.status, error.message)
    }
    guard case .done(let size, let consumed) = parsed else {
      // Chunks of a byte each would take six times the room.
      guard count < limits.assembledSize, count < limits.bodyWireMaximum else {
        throw .bodyTooLarge
      }
      return awaitBody(place, head)
    }
    return try use(&self, copy.bytes.extracting(0..<size)) ? consumed : nil
  }

  /// Tells a client that waits for it to go on (RFC 9110, section 10.1.1), once.
  private mutating func awaitBody(_ place: Int, _ head: RequestHead) -> Int? {
    guard head.expectsContinue, !connections[place].isContinued else { return nil }
    connections[place].isContinued = true
    Response.writeContinue(to: &mailroom.draft)
    _ = mailroom.sendRawDraft(to: place)
    return nil
  }
}
