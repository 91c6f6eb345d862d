import CBoard
import CUV
import Memory

/// What the loop found.
public enum HostEvent {
  /// A new connection in this place.
  case accepted(Int)
  case ready(Int, readable: Bool, writable: Bool)
  /// The connection cannot be watched any longer.
  case failed(Int)
  /// A connection had to be refused, for want of this.
  case refused(HostShortage)
  /// A signal of the system, by its number.
  case signal(Int32)
  /// The further descriptor that is watched can be read.
  case woken
}

/// What was missing when a connection was refused.
public enum HostShortage: Sendable {
  case places, descriptors, secureSessions
  /// What the system says nothing more of.
  case system
}

/// libuv's event loop over a fixed number of connections, each known by its place.
///
/// All memory is taken here, at start. A place that is closed is used again as soon as libuv lets
/// go of it.
@safe public struct EventLoop: ~Copyable {
  private let loop: OpaquePointer
  private let polls: UnsafeMutableRawPointer
  private let found: UnsafeMutablePointer<cuv_ready>
  private var foundCount = 0
  private var next = 0
  /// Per place, those of the listeners and of one further descriptor behind the connections': the
  /// descriptor, or a number below 0.
  private(set) var descriptors: FixedArray<Int32>
  /// Per place: the events that are to be reported.
  private(set) var wishes: FixedArray<UInt8>
  /// Per place: the events watched for. TLS may need others.
  private var interests: FixedArray<UInt8>
  /// The place that is taken next; `capacity` when none is free.
  private var firstFree = 0
  private var listeners = Listeners()
  var secure = SecureSessions()
  /// Connections that one turn still accepts from the listener at hand.
  private var acceptsLeft = 0
  /// When the listeners are watched again; `.max` while they are.
  private var pausedUntil: UInt64 = .max
  public let capacity: Int

  /// Milliseconds.
  private static var pause: UInt64 { 100 }
  /// Closed, and libuv has not let go of it yet.
  private static var closed: Int32 { -1 }
  /// What stands for a descriptor in a free place: the free place behind it, below `closed`.
  private static func link(to place: Int) -> Int32 { closed - 1 - Int32(place) }
  private static func linked(_ link: Int32) -> Int { Int(closed - 1 - link) }
  /// Connections that one listener may bring in one turn: the others' turn comes then.
  private static var acceptsPerTurn: Int { 64 }

  /// Bytes for each place.
  public static var bytesPerPlace: Int {
    cuv_poll_size() + MemoryLayout<cuv_ready>.stride + MemoryLayout<Int32>.stride
      + 2 * MemoryLayout<UInt8>.stride
  }

  /// - Parameter capacity: connections at once, 1 to 2^24.
  public init(capacity: Int) throws(HostError) {
    precondition(capacity > 0 && capacity <= 1 << 24)
    cboard_ignore_write_signals()
    self.capacity = capacity
    let watched = capacity + Listeners.capacity + 1
    unsafe polls = .allocate(byteCount: watched * cuv_poll_size(), alignment: 16)
    let foundCapacity = watched + Int(CUV_SIGNALS_MAX)
    unsafe found = .allocate(capacity: foundCapacity)
    unsafe loop = OpaquePointer(.allocate(byteCount: cuv_loop_size(), alignment: 16))
    descriptors = FixedArray(repeating: EventLoop.closed, count: watched)
    wishes = FixedArray(zeroed: watched)
    interests = FixedArray(zeroed: watched)
    for place in 0..<capacity { descriptors[place] = EventLoop.link(to: place + 1) }
    try HostError.check(
      "start the event loop", unsafe cuv_loop_init(loop, polls, found, UInt32(foundCapacity)),
      from: .libuv)
  }

  // The loop lives as long as the process: nothing is given back.

  /// Makes the memory of all places resident; only before the first connection.
  public mutating func touch() {
    for place in 0..<capacity {
      unsafe (polls + place * cuv_poll_size()).storeBytes(of: 0, as: UInt8.self)
      unsafe found[place] = cuv_ready(id: 0, events: 0)
    }
    secure.touch()
  }

  // MARK: Listening

  /// Listens on a numeric address and returns "address:port" as the system has it.
  ///
  /// - Parameter isSecure: whether its connections begin with a TLS handshake; `secure` has to have
  ///   been called.
  public mutating func listen(
    on address: [UInt8], port: UInt16, isSecure: Bool = false
  ) throws(HostError) -> [UInt8] {
    let (descriptor, name) = try listeners.open(address, port, isSecure: isSecure)
    try watch(newest: descriptor)
    return name
  }

  /// Listens on a socket that was passed to the process, and returns "address:port".
  public mutating func listen(
    adopting descriptor: Int32, isSecure: Bool = false
  ) throws(HostError) -> [UInt8] {
    let name = try listeners.adopt(descriptor, isSecure: isSecure)
    try watch(newest: descriptor)
    return name
  }

  private mutating func watch(newest listener: Int32) throws(HostError) {
    do {
      try watch(capacity + listeners.count - 1, listener)
    } catch {
      listeners.closeLast()
      throw error
    }
  }

  /// Reports a signal instead of letting it end the process.
  public mutating func report(signal: Int32) throws(HostError) {
    try HostError.check(
      "watch a signal", unsafe cuv_loop_watch_signal(loop, signal), from: .libuv)
  }

  /// Reports `woken` for as long as the descriptor, which is not the loop's, can be read; only one.
  public mutating func watch(further descriptor: Int32) throws(HostError) {
    let place = capacity + Listeners.capacity
    precondition(descriptors[place] < 0)
    try watch(place, descriptor)
  }

  // MARK: Waiting

  /// Milliseconds of the monotonic clock, as of the end of the last wait.
  public var now: UInt64 { unsafe cuv_now(loop) }

  /// Waits until something is ready or `now` would reach `deadline`.
  public mutating func wait(until deadline: UInt64?) throws(HostError) {
    if pausedUntil <= now {
      pausedUntil = .max
      for index in 0..<listeners.count { watch(capacity + index, readable: true, writable: false) }
    }
    let end = min(deadline ?? .max, pausedUntil, secure.wakeUp)
    let count = unsafe cuv_wait(loop, end)
    foundCount = Int(try HostError.check("wait for events", count, from: .libuv))
    secure.beginTurn()
    next = 0
    acceptsLeft = EventLoop.acceptsPerTurn
  }

  /// What the last wait found, one by one; nil when that was all.
  public mutating func nextEvent() -> HostEvent? {
    while next < foundCount {
      let entry = unsafe found[next]
      // What nearly every entry is: bytes on a connection without TLS.
      if entry.events & ~UInt32(CUV_READABLE | CUV_WRITABLE) == 0, entry.id < capacity,
        descriptors[Int(entry.id)] >= 0, secure.session(of: Int(entry.id)) == nil
      {
        next += 1
        return event(of: Int(entry.id), entry.events)
      }
      if entry.id == CUV_SIGNAL_ID {
        next += 1
        return .signal(Int32(truncatingIfNeeded: entry.events))
      }
      let place = Int(entry.id)
      if entry.events & UInt32(CUV_CLOSED) != 0 {
        next += 1
        if place < capacity { recycle(place) }
        continue
      }
      guard descriptors[place] >= 0 else {
        next += 1
        continue
      }
      if place == capacity + Listeners.capacity {
        next += 1
        return .woken
      }
      if place >= capacity {
        if let event = accept(from: place) { return event }
        next += 1
        acceptsLeft = EventLoop.acceptsPerTurn
        continue
      }
      next += 1
      guard let session = secure.session(of: place) else {
        return event(of: place, entry.events)
      }
      if let event = secureEvent(of: place, session, entry.events) { return event }
    }
    return nextSecureEvent()
  }

  private func event(of place: Int, _ events: UInt32) -> HostEvent {
    if events & UInt32(CUV_FAILED) != 0 { return .failed(place) }
    return .ready(
      place, readable: events & UInt32(CUV_READABLE) != 0,
      writable: events & UInt32(CUV_WRITABLE) != 0)
  }

  private mutating func recycle(_ place: Int) {
    descriptors[place] = EventLoop.link(to: firstFree)
    firstFree = place
  }

  private mutating func accept(from listener: Int) -> HostEvent? {
    guard acceptsLeft > 0 else { return nil }
    acceptsLeft -= 1
    let isSecure = listeners.isSecure(listener - capacity)
    // Its session is free before the one that comes is accepted.
    if isSecure, let place = secure.makeRoom(at: now) { return .failed(place) }
    guard firstFree < capacity else {
      return listeners.refuse(descriptors[listener], isSecure: isSecure)
        ? .refused(.places) : nil
    }
    switch listeners.accept(descriptors[listener], isSecure: isSecure) {
    case .nothing: return nil
    case .failed: return .refused(.system)
    case .refused: return .refused(.descriptors)
    case .exhausted:
      // It would stay ready, and the loop would spin.
      pausedUntil = now + EventLoop.pause
      for index in 0..<listeners.count { watch(capacity + index, readable: false, writable: false) }
      return .refused(.descriptors)
    case .connection(let descriptor):
      let place = firstFree
      let behind = EventLoop.linked(descriptors[place])
      if isSecure, !secure.begin(place, descriptor, at: now) {
        cboard_close(descriptor)
        return .refused(.secureSessions)
      }
      do {
        try watch(place, descriptor)
      } catch {
        secure.end(place, at: now)
        cboard_close(descriptor)
        return .refused(.system)
      }
      firstFree = behind
      return .accepted(place)
    }
  }

  private mutating func watch(_ place: Int, _ descriptor: Int32) throws(HostError) {
    try HostError.check(
      "watch a connection",
      unsafe cuv_poll_init(loop, UInt32(place), descriptor), from: .libuv)
    descriptors[place] = descriptor
    wishes[place] = 0
    interests[place] = 0
    watch(place, readable: true, writable: false)
  }

  // MARK: Connections

  /// What `nextEvent` is to report of a connection.
  public mutating func watch(_ place: Int, readable: Bool, writable: Bool) {
    wishes[place] =
      (readable ? UInt8(CUV_READABLE) : 0) | (writable ? UInt8(CUV_WRITABLE) : 0)
    adjust(place)
  }

  /// Watches a descriptor for what is wished for, or what its TLS session needs.
  mutating func adjust(_ place: Int) {
    var wanted = wishes[place]
    if let session = secure.session(of: place) {
      secure.note(session, wanted)
      wanted = secure.interests(session, wanted)
    }
    guard interests[place] != wanted, descriptors[place] >= 0 else { return }
    interests[place] = wanted
    // It fails only for a descriptor that epoll does not take, which `cuv_poll_init` has found out.
    _ = unsafe cuv_poll_watch(loop, UInt32(place), UInt32(wanted))
  }

  /// Closes a connection; its place is used again later.
  public mutating func close(_ place: Int) {
    if let session = secure.session(of: place) {
      guard !secure.parts(session, at: now) else { return adjust(place) }
    }
    release(place)
  }

  mutating func release(_ place: Int) {
    guard descriptors[place] >= 0 else { return }
    secure.end(place, at: now)
    unsafe cuv_poll_close(loop, UInt32(place))
    cboard_close(descriptors[place])
    descriptors[place] = EventLoop.closed
  }
}
