import Gateway

/// One simulated client and what the kernel holds for its connection.
final class Peer {
  /// What has come and was not received; one receive takes from the first chunk only.
  var inbox: [[UInt8]] = []
  /// Bytes that the kernel still takes for it.
  var window = Int.max
  /// Whether it sends no more.
  var hasEnded = false
  /// Whether the loop can watch it no longer.
  var isReset = false
  /// Whether every transfer fails.
  var isBroken = false

  /// What it was sent.
  var output: [UInt8] = []
  /// Whether the gateway ended its sending direction.
  var isFinished = false
  /// Whether the gateway closed it.
  var isClosed = false
  var place: Int?
  var isRead = true
  var isWritten = false
  var address: UInt64 = 0x7F00_0001
  var isSecure = false

  func send(_ bytes: [UInt8]) { if !bytes.isEmpty { inbox.append(bytes) } }
  func send(_ text: String) { send(Array(text.utf8)) }

  /// What it was sent since it last looked.
  func takeOutput() -> [UInt8] {
    defer { output = [] }
    return output
  }

  var isReadable: Bool { isRead && (!inbox.isEmpty || hasEnded || isBroken) }
  var isWritable: Bool { isWritten && (window > 0 || isBroken) }
}

/// Everything outside the gateway; the test keeps it and looks into it between turns.
final class Network {
  /// Milliseconds. It jumps to the end of a wait that finds nothing, never past `horizon`.
  var now: UInt64 = 5_000
  var horizon: UInt64 = 5_000
  let wallOffset: UInt64 = 1_700_000_000_000
  var places: [Peer?]
  /// Have connected and were not accepted.
  var arriving: [Peer] = []
  var signals: [LinkEvent] = []
  var log: [String] = []
  let disk: Disk
  var secureFigures = SecureFigures()
  var isClockSynchronized = true
  /// How many keys a reload finds; nil when it fails.
  var newKeys: Int? = 2
  /// Signatures that were checked.
  var checks = 0
  var newFingerprint: UInt64 = 1
  /// Waits that ended at once and found nothing.
  var emptyWaits = 0
  private var events: [LinkEvent] = []
  private var seed: UInt8 = 0

  init(places: Int, disk: Disk) {
    self.places = Array(repeating: nil, count: places)
    self.disk = disk
  }

  /// False when nothing will happen before the horizon: a real loop would sleep.
  func wait(until deadline: UInt64?) -> Bool {
    events = signals
    signals = []
    for peer in places {
      guard let peer, let place = peer.place else { continue }
      if peer.isReset && (peer.isRead || peer.isWritten) {
        events.append(.failed(place))
      } else if peer.isReadable || peer.isWritable {
        events.append(.ready(place, readable: peer.isReadable, writable: peer.isWritable))
      }
    }
    accept()
    if disk.isReady { events.append(.stored) }
    if !events.isEmpty { return true }
    guard let deadline, deadline <= horizon else { return false }
    if deadline <= now { emptyWaits += 1 }
    now = max(now, deadline)
    return true
  }

  private func accept() {
    for peer in arriving {
      if let place = places.firstIndex(where: { $0 == nil }) {
        peer.place = place
        places[place] = peer
        events.append(.accepted(place))
      } else {
        peer.isClosed = true
        events.append(.refused(.places))
      }
    }
    arriving = []
  }

  /// The next event of a connection that is still there.
  func nextEvent() -> LinkEvent? {
    while !events.isEmpty {
      let event = events.removeFirst()
      switch event {
      case .ready(let place, _, _), .failed(let place), .accepted(let place):
        if places[place] != nil { return event }
      case .refused, .terminate, .reload, .stored: return event
      }
    }
    return nil
  }

  func close(_ place: Int) {
    places[place]?.isClosed = true
    places[place]?.place = nil
    places[place] = nil
  }

  /// Sixteen bytes that differ from those before.
  func sixteenBytes() -> InlineArray<16, UInt8> {
    seed &+= 1
    return InlineArray(repeating: seed)
  }
}
