/// Why a message is refused; it has changed nothing.
enum RoomRefusal: Error {
  case malformed
  case noType
  case unsupportedType
  case room
  case content
  case since
  case notAMember
  case roomFull
  /// The connection is in as many rooms as it may be.
  case tooManyRoomsOfOne
  /// There are as many rooms as there may be.
  case tooManyRooms
  case tooFast
}

extension RoomRefusal {
  var code: StaticString {
    switch self {
    case .malformed, .noType, .room, .content, .since: "invalid_message"
    case .unsupportedType: "unsupported_type"
    case .notAMember: "not_a_member"
    case .roomFull: "room_full"
    case .tooManyRoomsOfOne, .tooManyRooms: "too_many_rooms"
    case .tooFast: "rate_limited"
    }
  }

  /// What was wrong, and what to do about it.
  var text: StaticString {
    switch self {
    case .malformed: "Invalid JSON: send one object a message"
    case .noType: "A message needs a type, which is a string"
    case .unsupportedType:
      "Unsupported type: join, leave, message, user_list and ping are supported"
    case .room:
      "room must be 1 to 64 bytes without slash and control characters, and no reserved name"
    case .content: "content must be a string"
    case .since: "since must be the id of a message"
    case .notAMember: "Not a member of this room: join it first"
    case .roomFull: "This room is full: try again later"
    case .tooManyRoomsOfOne: "This connection is in too many rooms: leave one first"
    case .tooManyRooms: "There are too many rooms: join one that exists, or try again later"
    case .tooFast: "Messages come too fast: this one was dropped"
    }
  }
}
