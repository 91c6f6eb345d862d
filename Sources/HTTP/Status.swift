import Memory

/// The status codes that the gateway answers with (RFC 9110, section 15).
public enum Status: UInt16, CaseIterable, Sendable {
  case switchingProtocols = 101
  case ok = 200
  case created = 201
  case accepted = 202
  case noContent = 204
  case badRequest = 400
  case unauthorized = 401
  case forbidden = 403
  case notFound = 404
  case methodNotAllowed = 405
  case requestTimeout = 408
  case conflict = 409
  case contentTooLarge = 413
  case uriTooLong = 414
  case expectationFailed = 417
  case unprocessableContent = 422
  case upgradeRequired = 426
  case tooManyRequests = 429
  case requestHeaderFieldsTooLarge = 431
  case internalServerError = 500
  case notImplemented = 501
  case serviceUnavailable = 503
  case httpVersionNotSupported = 505
}

extension Status {
  public var reason: StaticString {
    switch self {
    case .switchingProtocols: "Switching Protocols"
    case .ok: "OK"
    case .created: "Created"
    case .accepted: "Accepted"
    case .noContent: "No Content"
    case .badRequest: "Bad Request"
    case .unauthorized: "Unauthorized"
    case .forbidden: "Forbidden"
    case .notFound: "Not Found"
    case .methodNotAllowed: "Method Not Allowed"
    case .requestTimeout: "Request Timeout"
    case .conflict: "Conflict"
    case .contentTooLarge: "Content Too Large"
    case .uriTooLong: "URI Too Long"
    case .expectationFailed: "Expectation Failed"
    case .unprocessableContent: "Unprocessable Content"
    case .upgradeRequired: "Upgrade Required"
    case .tooManyRequests: "Too Many Requests"
    case .requestHeaderFieldsTooLarge: "Request Header Fields Too Large"
    case .internalServerError: "Internal Server Error"
    case .notImplemented: "Not Implemented"
    case .serviceUnavailable: "Service Unavailable"
    case .httpVersionNotSupported: "HTTP Version Not Supported"
    }
  }

  /// The `error` member of an error body (PROTOCOL.md, section 2).
  public var code: StaticString {
    switch self {
    case .switchingProtocols, .ok, .created, .accepted, .noContent: "none"
    case .badRequest: "bad_request"
    case .unauthorized: "unauthorized"
    case .forbidden: "forbidden"
    case .notFound: "not_found"
    case .methodNotAllowed: "method_not_allowed"
    case .requestTimeout: "request_timeout"
    case .conflict: "conflict"
    case .contentTooLarge: "body_too_large"
    case .uriTooLong: "uri_too_long"
    case .expectationFailed: "expectation_failed"
    case .unprocessableContent: "unprocessable"
    case .upgradeRequired: "upgrade_required"
    case .tooManyRequests: "too_many_requests"
    case .requestHeaderFieldsTooLarge: "headers_too_large"
    case .internalServerError: "internal_error"
    case .notImplemented: "not_implemented"
    case .serviceUnavailable: "unavailable"
    case .httpVersionNotSupported: "version_not_supported"
    }
  }

  /// 101 and 204 have neither a body nor its length (RFC 9110, section 8.6).
  var hasContent: Bool { self != .switchingProtocols && self != .noContent }
}
