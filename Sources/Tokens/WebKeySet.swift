import JSON
import Memory

/// A JWK Set (RFC 7517, section 5), read at start and at reload.
public struct WebKeySet: Sendable {
  /// Those that can check a signature.
  public private(set) var keys: [WebKey] = []
  /// Those that cannot: for encryption, of a kind not known here, or lacking a part (section 5).
  public private(set) var skipped = 0

  /// Keys that are looked at, at most.
  static let limit = 64

  public init(_ text: RawSpan) throws(WebKeySetError) {
    var hasKeys = false
    var fault: WebKeySetError?
    do throws(JSONError) {
      var reader = JSONReader(text)
      try reader.beginObject()
      while let name = try reader.nextMember() {
        guard name.equals("keys"), try reader.peekKind() == .array else { continue }
        hasKeys = true
        fault = try readKeys(&reader)
        if fault != nil { break }
      }
      if fault == nil { try reader.end() }
    } catch {
      throw .notJSON(at: error.offset)
    }
    if let fault { throw fault }
    guard hasKeys else { throw .noKeys }
  }

  private mutating func readKeys(_ reader: inout JSONReader) throws(JSONError) -> WebKeySetError? {
    keys = []
    skipped = 0
    try reader.beginArray()
    while try reader.nextElement() {
      guard try reader.peekKind() == .object else { return .keyIsNoObject }
      guard keys.count + skipped < WebKeySet.limit else { return .tooManyKeys }
      var members = WebKeyMembers()
      try members.read(&reader)
      if let key = members.key { keys.append(key) } else { skipped += 1 }
    }
    return nil
  }
}

extension JSONError {
  fileprivate var offset: Int {
    switch self {
    case .malformed(let place), .tooDeep(let place), .mismatch(_, let place),
      .numberOutOfRange(let place):
      place
    }
  }
}
