import Memory

/// The method of a request, case-sensitive (RFC 9110, section 9.1).
public enum Method: UInt8, Sendable {
  case get, head, post, put, delete, options, patch
  /// A valid token that is none of them, CONNECT and TRACE for instance: nothing here allows it.
  case other

  /// - Parameter token: checked to be one.
  init(token: RawSpan) {
    self =
      if token.equals("GET") {
        .get
      } else if token.equals("HEAD") {
        .head
      } else if token.equals("POST") {
        .post
      } else if token.equals("PUT") {
        .put
      } else if token.equals("DELETE") {
        .delete
      } else if token.equals("OPTIONS") {
        .options
      } else if token.equals("PATCH") {
        .patch
      } else {
        .other
      }
  }
}

/// The methods that a path takes, as `Allow` lists them (RFC 9110, section 10.2.1).
public struct MethodSet: OptionSet, Sendable {
  public let rawValue: UInt8
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  public static let get = MethodSet(rawValue: 1 << 0)
  public static let head = MethodSet(rawValue: 1 << 1)
  public static let post = MethodSet(rawValue: 1 << 2)
  public static let put = MethodSet(rawValue: 1 << 3)
  public static let delete = MethodSet(rawValue: 1 << 4)
  public static let options = MethodSet(rawValue: 1 << 5)
  public static let patch = MethodSet(rawValue: 1 << 6)

  /// `other` is never among them.
  public func contains(_ method: Method) -> Bool {
    method != .other && rawValue & 1 << method.rawValue != 0
  }
}

extension ByteWriter {
  /// The names of `methods`, separated by a comma and a space.
  mutating func append(_ methods: MethodSet) {
    var isFirst = true
    append("GET", if: methods.contains(.get as Method), &isFirst)
    append("HEAD", if: methods.contains(.head as Method), &isFirst)
    append("POST", if: methods.contains(.post as Method), &isFirst)
    append("PUT", if: methods.contains(.put as Method), &isFirst)
    append("DELETE", if: methods.contains(.delete as Method), &isFirst)
    append("OPTIONS", if: methods.contains(.options as Method), &isFirst)
    append("PATCH", if: methods.contains(.patch as Method), &isFirst)
  }

  private mutating func append(_ name: StaticString, if isMember: Bool, _ isFirst: inout Bool) {
    guard isMember else { return }
    if !isFirst { append(", ") }
    append(name)
    isFirst = false
  }
}
