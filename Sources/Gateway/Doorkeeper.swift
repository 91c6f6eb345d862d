import HTTP
import Memory
import Tokens

/// When the board's clock can be believed (PROTOCOL.md, section 2).
public struct ClockRules: Sendable {
  /// Milliseconds since 1970 UTC: before this moment the clock has not been set.
  public var floor: UInt64
  /// Whether the system has to call its clock synchronised as well.
  public var needsSynchronization: Bool

  public init(floor: UInt64 = 0, needsSynchronization: Bool = false) {
    self.floor = floor
    self.needsSynchronization = needsSynchronization
  }
}

/// Finds the token of a request and checks it.
struct Doorkeeper: ~Copyable {
  var keys: KeySet
  let rules: TokenRules
  let clock: ClockRules
  /// The token at hand; empty when there is none. It is secret and wiped when it was checked.
  private var credential: ByteWriter
  private var scratch = ByteWriter(capacity: Token.scratchSize)
  /// Signatures that this share of a turn may still check.
  private var checksLeft = Doorkeeper.checksPerShare
  /// Whether the clock was believed when the last token was checked.
  private(set) var knewTheTime = false

  /// A check takes milliseconds on a small board, and anyone may ask for one.
  private static let checksPerShare = 4

  /// Bytes that it takes.
  static let byteCount = Token.maximumSize + 1 + Token.scratchSize

  init(keys: consuming KeySet, rules: TokenRules, clock: ClockRules) {
    self.keys = keys
    self.rules = rules
    self.clock = clock
    credential = ByteWriter(capacity: Token.maximumSize + 1)
  }

  mutating func beginShare() { checksLeft = Doorkeeper.checksPerShare }

  /// Whether the token that was found may be checked now; if not, it is forgotten.
  mutating func mayCheck() -> Bool {
    if checksLeft <= 0 { credential.wipe() }
    return checksLeft > 0
  }

  mutating func touch() {
    credential.touch()
    scratch.touch()
  }

  /// Looks for a token in the order of PROTOCOL.md, section 2: Authorization, the parameter
  /// `token`, the subprotocol behind `bearer`, the cookie.
  ///
  /// - Parameter takesCookies: whether the request's origin is one whose cookies are our own.
  /// - Returns: whether there is one.
  mutating func find(
    in head: RequestHead, _ bytes: RawSpan, takesCookies: Bool
  ) throws(RequestError) -> Bool {
    credential.wipe()
    if let field = head.authorization, let token = Credentials.bearer(in: bytes[field]) {
      credential.append(token)
      return true
    }
    if let query = head.query,
      try Target.appendParameter("token", of: bytes[query], to: &credential)
    {
      return true
    }
    if head.asksForWebSocket {
      Doorkeeper.forEachBearer(of: head, bytes) { token in
        if credential.count == 0 { credential.append(token) }
      }
      if credential.count > 0 { return true }
    }
    if takesCookies, let field = head.cookie,
      let token = Credentials.cookie("token", in: bytes[field])
    {
      credential.append(token)
      return true
    }
    return false
  }

  /// The tokens behind `bearer` among the subprotocols that the client offers: the only field that
  /// a browser lets a page set.
  private static func forEachBearer(
    of head: RequestHead, _ bytes: RawSpan, _ use: (RawSpan) -> Void
  ) {
    var isNext = false
    head.forEachValue(of: "sec-websocket-protocol", in: bytes) { value in
      var elements = ListElements(of: value)
      while let element = elements.next() {
        if isNext { use(element) }
        isNext = element.equals("bearer")
      }
    }
  }

  /// Whether the client offers the subprotocol `bearer` with a token behind it.
  static func offersBearer(_ head: RequestHead, _ bytes: RawSpan) -> Bool {
    var isOffered = false
    forEachBearer(of: head, bytes) { _ in isOffered = true }
    return isOffered
  }

  /// Checks the token that was found.
  ///
  /// - Parameters:
  ///   - wall: milliseconds since 1970 UTC.
  ///   - isSynchronized: whether the system calls its clock so.
  mutating func check(
    at wall: UInt64, isSynchronized: () -> Bool,
    verify: (_ key: Int, _ algorithm: Algorithm, _ signed: RawSpan, _ signature: RawSpan) -> Bool
  ) throws(TokenError) -> Claims {
    defer { credential.wipe() }
    knewTheTime = wall >= clock.floor && (!clock.needsSynchronization || isSynchronized())
    let now = knewTheTime ? Int64(clamping: wall / 1000) : nil
    var tries = 0
    defer { checksLeft -= tries }
    return try Doorkeeper.check(credential, keys, rules, now, &scratch) {
      key, algorithm, signed, signature in
      tries += 1
      return verify(key, algorithm, signed, signature)
    }
  }

  private static func check(
    _ credential: borrowing ByteWriter, _ keys: borrowing KeySet, _ rules: TokenRules,
    _ now: Int64?, _ scratch: inout ByteWriter,
    _ verify: (Int, Algorithm, RawSpan, RawSpan) -> Bool
  ) throws(TokenError) -> Claims {
    try Token.check(
      credential.bytes, keys: keys, rules: rules, now: now, scratch: &scratch, verify: verify)
  }
}
