import HTTP
import Tokens

/// Why a request is not granted, and what its client may do about it; its end is known, so another
/// request may follow.
struct Refusal: Error {
  let status: Status
  let message: StaticString
  /// With 405: what the path takes.
  var allow: MethodSet = []
  /// Who guesses at tokens has to connect again, which WEBSOCKET_CONNECT_RATE counts.
  var endsConnection = false
  private(set) var isPostponed = false

  init(_ status: Status, _ message: StaticString, allow: MethodSet = []) {
    self.status = status
    self.message = message
    self.allow = allow
  }

  static func method(_ message: StaticString, allow: MethodSet) -> Refusal {
    Refusal(.methodNotAllowed, message, allow: allow)
  }

  static var notFound: Refusal { Refusal(.notFound, "There is nothing at this path.") }
  static var badName: Refusal {
    Refusal(
      .badRequest,
      "A name is 1 to 64 bytes of UTF-8 without / and control characters, and no path of its own.")
  }
  static var noToken: Refusal {
    Refusal(
      .unauthorized,
      "Send a token: Authorization: Bearer, parameter, subprotocol bearer, or cookie.")
  }
  /// No answer at all: the request is looked at again in the next turn.
  static var postponed: Refusal {
    var refusal = Refusal(.serviceUnavailable, "Come again a bit later.")
    refusal.isPostponed = true
    return refusal
  }
  static var noAdmin: Refusal { Refusal(.forbidden, "Come with a token whose role is admin.") }
  static var noService: Refusal {
    Refusal(.forbidden, "Come with a token whose role is service or admin.")
  }
  static var noProctor: Refusal {
    Refusal(.forbidden, "Come with a token whose role is proctor or admin.")
  }
  static var notOwner: Refusal {
    Refusal(.forbidden, "Come with a token for the user whom the path names, or an admin's.")
  }
  static var noRoom: Refusal {
    Refusal(.badRequest, "Name one room, or session, as parameter room: 1 to 64 bytes without /.")
  }
  static var unknownType: Refusal {
    Refusal(.badRequest, "Take general, notifications, test-session or chat as connection_type.")
  }
  static var guestsName: Refusal {
    Refusal(.forbidden, "Come with a token for another user: anon- and a number is a guest.")
  }
  static var bodyTooLarge: Refusal {
    Refusal(.contentTooLarge, "Send a smaller body: WEBSOCKET_MAX_BODY_SIZE says how large.")
  }
  static var foreignOrigin: Refusal {
    Refusal(.forbidden, "Come from an origin that WEBSOCKET_ALLOWED_ORIGINS names.")
  }

  init(_ error: TokenError) {
    // The token may be good: it is the board that cannot tell.
    status = error == .clockUnset ? .serviceUnavailable : .unauthorized
    message = error.message
    endsConnection = true
  }
}
