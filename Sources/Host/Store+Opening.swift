#if Persistence
import CBoard
import CSQLite
import Memory

extension Store {
  static let name: [UInt8] = [UInt8]("/martlet.db")
  /// Names tried in one second.
  static let namesTried = 100

  static func roundedUp(_ size: Int) -> Int { (size + 15) & ~15 }

  static func terminated(_ path: [UInt8]) -> [CChar] {
    path.map { CChar(bitPattern: $0) } + [0]
  }

  /// Keeps other processes away before the file is looked at: one may be writing to it.
  ///
  /// - Returns: the lock's descriptor, and the name that was given to what was damaged.
  static func lockAndOpen(
    _ state: OpaquePointer, _ path: [UInt8], _ room: csqlite_room
  ) throws(HostError) -> (lock: Int32, setAside: [UInt8]?) {
    let lock = try HostError.check(
      "lock the state directory", unsafe csqlite_lock(terminated(path)), from: .sqlite)
    do throws(HostError) {
      return (lock, try unsafe open(state, path, room))
    } catch {
      cboard_close(lock)
      throw error
    }
  }

  /// Opens what is there, or what is made in its place; returns the name that was given to what was
  /// damaged.
  private static func open(
    _ state: OpaquePointer, _ path: [UInt8], _ room: csqlite_room
  ) throws(HostError) -> [UInt8]? {
    let name = terminated(path)
    let (missing, damaged) = (Int32(CSQLITE_MISSING), Int32(CSQLITE_DAMAGED))
    var other: [UInt8]?
    var room = unsafe room
    var status = unsafe csqlite_open(state, name, &room)
    if status == damaged {
      other = try giveOtherName(path)
      status = missing
    }
    if status == missing {
      try HostError.check("make martlet.db", unsafe csqlite_make(state, name, &room), from: .sqlite)
      status = unsafe csqlite_open(state, name, &room)
    }
    try HostError.check("open martlet.db", status, from: .sqlite)
    return other
  }

  private static func giveOtherName(_ path: [UInt8]) throws(HostError) -> [UInt8] {
    let seconds = Clock.wall / 1000
    for number in 1...namesTried {
      var other = path + [UInt8](".damaged-") + digits(seconds)
      if number > 1 { other += [UInt8(ascii: "-")] + digits(UInt64(number)) }
      let status = unsafe csqlite_set_aside(terminated(path), terminated(other))
      if cboard_name_taken(Int64(status)) != 0 { continue }
      try HostError.check("rename the damaged martlet.db", status)
      return other
    }
    throw HostError("rename the damaged martlet.db", -17)
  }

  private static func digits(_ number: UInt64) -> [UInt8] {
    let last = UInt8(ascii: "0") + UInt8(number % 10)
    return number < 10 ? [last] : digits(number / 10) + [last]
  }
}
#endif
