/// General and chat rooms in the plainest way, with what each connection is told.
struct ParlourModel {
  let rooms: Int
  let members: Int
  let roomsEach: Int
  private var users: [Int: String] = [:]
  private var chats: Set<Int> = []
  /// Per room, its kind in front: its connections in order of joining.
  private var lists: [String: [Int]] = [:]
  /// Per room and user: when typing was told last.
  private var typed: [String: UInt64] = [:]
  private var heard: [Int: [String]] = [:]

  init(rooms: Int, members: Int, roomsEach: Int) {
    self.rooms = rooms
    self.members = members
    self.roomsEach = roomsEach
  }

  var names: Set<String> { Set(lists.keys) }
  var presenceCount: Int { lists.keys.reduce(0) { $0 + present($1).count } }
  var membershipCount: Int { lists.values.reduce(0) { $0 + $1.count } }
  func isOpen(_ connection: Int) -> Bool { users[connection] != nil }

  private func present(_ name: String) -> Set<String> {
    Set(lists[name, default: []].map { users[$0]! })
  }

  private func full(_ room: String, _ connection: Int) -> String {
    (chats.contains(connection) ? "chat " : "general ") + room
  }

  mutating func take(_ connection: Int) -> [String] {
    defer { heard[connection] = [] }
    return heard[connection, default: []]
  }

  private mutating func tell(_ connection: Int, _ text: String) {
    heard[connection, default: []].append(text)
  }

  mutating func open(_ connection: Int, _ user: String, _ chat: String?) {
    users[connection] = user
    heard[connection] = []
    if let chat {
      chats.insert(connection)
      if !enter(chat, connection) { tell(connection, "error") }
    }
  }

  mutating func join(_ room: String, _ connection: Int) {
    tell(connection, enter(room, connection) ? "room_joined \(room)" : "error")
  }

  private mutating func enter(_ room: String, _ connection: Int) -> Bool {
    let (user, name) = (users[connection]!, full(room, connection))
    if lists[name]?.contains(connection) == true { return true }
    if lists.values.filter({ $0.contains(connection) }).count == roomsEach { return false }
    if lists[name] == nil, lists.count == rooms { return false }
    let there = present(name)
    if !there.contains(user) {
      if there.count == members { return false }
      typed["\(name) \(user)"] = nil
      if chats.contains(connection) {
        for other in lists[name, default: []] { tell(other, "user_joined \(room) \(user)") }
      }
    }
    lists[name, default: []].append(connection)
    return true
  }

  mutating func leave(_ room: String, _ connection: Int) {
    guard lists[full(room, connection)]?.contains(connection) == true else {
      return tell(connection, "error")
    }
    tell(connection, "room_left \(room)")
    remove(room, connection)
  }

  private mutating func remove(_ room: String, _ connection: Int) {
    let (user, name) = (users[connection]!, full(room, connection))
    lists[name]!.removeAll { $0 == connection }
    if chats.contains(connection), !present(name).contains(user) {
      for other in lists[name]! { tell(other, "user_left \(room) \(user)") }
    }
    if lists[name]!.isEmpty { lists[name] = nil }
  }

  mutating func close(_ connection: Int) {
    for name in lists.keys where lists[name]!.contains(connection) {
      remove(String(name.split(separator: " ")[1]), connection)
    }
    users[connection] = nil
    chats.remove(connection)
  }

  mutating func say(_ text: String, _ room: String, _ connection: Int, isChat: Bool) {
    let name = full(room, connection)
    guard chats.contains(connection) == isChat, lists[name]?.contains(connection) == true else {
      return tell(connection, "error")
    }
    let type = isChat ? "chat_message" : "room_message"
    for other in lists[name]! { tell(other, "\(type) \(room) \(users[connection]!) \(text)") }
  }

  mutating func type(_ room: String, _ connection: Int, at now: UInt64) {
    let (user, name) = (users[connection]!, full(room, connection))
    guard chats.contains(connection), lists[name]?.contains(connection) == true else {
      return tell(connection, "error")
    }
    if let last = typed["\(name) \(user)"], now < last + 1000 { return }
    typed["\(name) \(user)"] = now
    for other in lists[name]! where users[other] != user {
      tell(other, "user_typing \(room) \(user)")
    }
  }
}
