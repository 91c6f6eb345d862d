import Memory

/// The connections of each user that belong to this family.
struct Devices: ~Copyable {
  struct Device: BitwiseCopyable {
    /// Place of the user, or `none` for a connection of another family.
    var user: UInt32
    /// The user's connections before and behind, or `none`.
    var before: UInt32
    var behind: UInt32
  }

  /// What is kept of a user who is connected.
  struct Owner: BitwiseCopyable {
    /// The newest connection, or `none`.
    var first: UInt32
    /// Place of the emotion that is known, or `none`.
    var known: UInt32
  }

  private var devices: FixedArray<Device>
  private var owners: FixedArray<Owner>
  private(set) var count = 0

  static var none: UInt32 { .max }

  static var bytesPerConnection: Int {
    MemoryLayout<Device>.stride + MemoryLayout<Owner>.stride
  }

  init(connections: Int) {
    let none = Devices.none
    devices = FixedArray(
      repeating: Device(user: none, before: none, behind: none), count: connections)
    owners = FixedArray(repeating: Owner(first: none, known: none), count: connections)
  }

  /// Returns whether it is the user's first.
  mutating func add(_ connection: Int, to user: Int) -> Bool {
    precondition(devices[connection].user == Devices.none)
    let first = owners[user].first
    devices[connection] = Device(user: UInt32(user), before: Devices.none, behind: first)
    if first != Devices.none { devices[Int(first)].before = UInt32(connection) }
    owners[user].first = UInt32(connection)
    count += 1
    return first == Devices.none
  }

  /// Returns whether it was the user's last.
  mutating func remove(_ connection: Int) -> Bool {
    let device = devices[connection]
    guard device.user != Devices.none else { return false }
    let user = Int(device.user)
    if device.before == Devices.none {
      owners[user].first = device.behind
    } else {
      devices[Int(device.before)].behind = device.behind
    }
    if device.behind != Devices.none { devices[Int(device.behind)].before = device.before }
    devices[connection].user = Devices.none
    count -= 1
    return owners[user].first == Devices.none
  }

  func user(of connection: Int) -> Int? { Devices.place(devices[connection].user) }

  /// The user's newest connection; `connection(behind:)` gives the others.
  func firstConnection(of user: Int) -> Int? { Devices.place(owners[user].first) }

  func connection(behind connection: Int) -> Int? { Devices.place(devices[connection].behind) }

  /// The place of the user's emotion, when it is known.
  func known(of user: Int) -> Int? { Devices.place(owners[user].known) }

  mutating func setKnown(_ place: Int?, of user: Int) {
    owners[user].known = place.map { UInt32($0) } ?? Devices.none
  }

  private static func place(_ place: UInt32) -> Int? { place == none ? nil : Int(place) }
}
