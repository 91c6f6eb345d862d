import CBoard
public import Memory

/// Bytes of one connection, encrypted or not.
extension EventLoop {
  public mutating func receive(
    _ place: Int, into target: inout MutableRawSpan
  ) -> TransferResult {
    guard let session = secure.session(of: place) else {
      return PlainChannel(descriptor: descriptors[place]).receive(into: &target)
    }
    return receive(place, session, into: &target)
  }

  @inline(never) private mutating func receive(
    _ place: Int, _ session: Int, into target: inout MutableRawSpan
  ) -> TransferResult {
    let result = secure.receive(session, into: &target)
    secure.note(session, wishes[place])
    return result
  }

  /// Sends from `bytes`, which are not empty, as far as the kernel takes them.
  public mutating func send(_ place: Int, _ bytes: RawSpan) -> TransferResult {
    guard let session = secure.session(of: place) else {
      return PlainChannel(descriptor: descriptors[place]).send(bytes)
    }
    return send(place, session, bytes)
  }

  @inline(never) private mutating func send(
    _ place: Int, _ session: Int, _ bytes: RawSpan
  ) -> TransferResult {
    let result = secure.send(session, bytes)
    adjust(place)
    return result
  }

  public mutating func send(_ place: Int, _ list: borrowing GatherList) -> TransferResult {
    guard let session = secure.session(of: place) else {
      return PlainChannel(descriptor: descriptors[place]).send(list)
    }
    let result = secure.send(session, list)
    adjust(place)
    return result
  }

  /// The peer's IPv4 address, or the first 64 bits of its IPv6 one.
  public func network(_ place: Int) -> UInt64 { cboard_peer_network(descriptors[place]) }

  /// Ends the sending direction: the peer reads all that was sent, then the end.
  public mutating func finish(_ place: Int) {
    guard let session = secure.session(of: place) else {
      return PlainChannel(descriptor: descriptors[place]).finish()
    }
    secure.finish(session)
    adjust(place)
  }
}
