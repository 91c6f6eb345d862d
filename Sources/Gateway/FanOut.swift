/// How far a request has come that goes to many users, a part of them in each turn. One goes on at
/// a time.
struct FanOut {
  /// The connection that asks for it.
  let place: Int
  var cursor = 0
  var highestID: UInt64?
  var delivered: Int

  init(place: Int, delivered: Int = 0) {
    self.place = place
    self.delivered = delivered
  }
}

extension Gateway where Link: ~Copyable {
  /// Whether a request may go on that goes to many users; if not it waits until another has ended.
  mutating func mayFanOut(_ place: Int) -> Bool {
    guard let fanOut, fanOut.place != place else { return true }
    waitForDisk(place)
    return false
  }

  mutating func endFanOut() {
    fanOut = nil
    resumeStalled()
  }

  /// A request that goes to many ends with its connection.
  mutating func dropFanOut(_ place: Int) {
    if fanOut?.place == place { endFanOut() }
  }
}
