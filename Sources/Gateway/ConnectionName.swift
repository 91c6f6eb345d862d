#if Admin
import Delivery
import JSON
import Memory

/// What names a connection to whoever manages it: `{type}_{user_id}_{timestamp}`.
struct ConnectionName {
  let kind: FamilyKind
  let user: ShortText
  let stamp: UInt64

  /// Stands where nobody gave a name.
  static let nobody = ShortText(prefixOf: ("anon" as StaticString).bytes)
}

extension Gateway where Link: ~Copyable {
  func name(of place: Int) -> ConnectionName {
    let user = mailroom.users.user(of: place).map { mailroom.users.id(of: $0) }
    return ConnectionName(
      kind: connections[place].family, user: user ?? ConnectionName.nobody,
      stamp: connections[place].stamp)
  }

  static func write(_ name: ConnectionName, to content: inout ByteWriter) {
    content.append(name.kind.name)
    content.append("_")
    content.append(name.user.bytes)
    content.append("_")
    content.append(decimal: name.stamp)
  }

  static func write(quoted name: ConnectionName, to content: inout ByteWriter) {
    content.string(name.kind.name)
    content.truncate(to: content.count - 1)
    content.append("_")
    content.escaped(name.user.bytes)
    content.append("_")
    content.append(decimal: name.stamp)
    content.append("\"")
  }
}
#endif
