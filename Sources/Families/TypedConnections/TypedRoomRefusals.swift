/// Why a message of a general or chat connection is refused; it has changed nothing.
enum TypedRoomRefusal: Error, CaseIterable {
  case malformed
  case noType
  case unknownToGeneral
  case unknownToChat
  case room
  /// There is no `message`.
  case noMessage
  /// There is no `message`, or it is no string.
  case noText
  case notAMember
  case roomFull
  /// The connection is in as many rooms as it may be.
  case tooManyRoomsOfOne
  /// There are as many rooms as there may be.
  case tooManyRooms
  case tooFast
}

extension TypedRoomRefusal {
  /// A connection of this kind does not know the type.
  static func unknownType(_ scope: TypedRoomScope) -> TypedRoomRefusal {
    switch scope {
    case .general: .unknownToGeneral
    case .chat: .unknownToChat
    }
  }

  /// What was wrong, and what to do about it.
  var text: StaticString {
    switch self {
    case .malformed: "Invalid JSON: send one object a message"
    case .noType: "A message needs a type, which is a string"
    case .unknownToGeneral:
      "Unknown type: send echo, join_room, leave_room, broadcast_to_room or ping"
    case .unknownToChat:
      "Unknown type: send send_message, typing, join_room, leave_room or ping"
    case .room: "room must be 1 to 64 bytes without slash and control characters"
    case .noMessage: "message is missing"
    case .noText: "message must be a string"
    case .notAMember: "Not a member of this room: join it first"
    case .roomFull: "This room is full: try again later"
    case .tooManyRoomsOfOne: "This connection is in too many rooms: leave one first"
    case .tooManyRooms: "There are too many rooms: join one that exists, or try again later"
    case .tooFast: "Messages come too fast: this one was dropped"
    }
  }
}
