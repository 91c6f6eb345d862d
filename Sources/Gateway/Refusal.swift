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

  static let notFound = Refusal(.notFound, "There is nothing at this path.")
  static let badName = Refusal(
    .badRequest,
    "A name is 1 to 64 bytes of UTF-8 without / and control characters, and no path of its own.")
  static let noToken = Refusal(
    .unauthorized, "Send a token: Authorization: Bearer, parameter, subprotocol bearer, or cookie.")
  /// No answer at all: the request is looked at again in the next turn.
  static var postponed: Refusal {
    var refusal = Refusal(.serviceUnavailable, "Come again a bit later.")
    refusal.isPostponed = true
    return refusal
  }
  static let noAdmin = Refusal(.forbidden, "Come with a token whose role is admin.")
  static let noService = Refusal(.forbidden, "Come with a token whose role is service or admin.")
  static let noProctor = Refusal(.forbidden, "Come with a token whose role is proctor or admin.")
  static let notOwner = Refusal(
    .forbidden, "Come with a token for the user whom the path names, or an admin's.")
  static let noRoom = Refusal(
    .badRequest, "Name one room, or session, as parameter room: 1 to 64 bytes without /.")
  static let unknownType = Refusal(
    .badRequest, "Take general, notifications, test-session or chat as connection_type.")
  static let guestsName = Refusal(
    .forbidden, "Come with a token for another user: anon- and a number is a guest.")
  static let bodyTooLarge = Refusal(
    .contentTooLarge, "Send a smaller body: WEBSOCKET_MAX_BODY_SIZE says how large.")
  static let foreignOrigin = Refusal(
    .forbidden, "Come from an origin that WEBSOCKET_ALLOWED_ORIGINS names.")

  init(_ error: TokenError) {
    // The token may be good: it is the board that cannot tell.
    status = error == .clockUnset ? .serviceUnavailable : .unauthorized
    message = error.message
    endsConnection = true
  }
}
