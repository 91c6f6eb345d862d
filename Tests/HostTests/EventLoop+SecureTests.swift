#if TLS
import Glibc
import Memory
import TestSupport
import Testing

@testable import Host

@Suite struct EventLoopSecureTests {
  private func makeLoop(
    capacity: Int, connections: Int, handshakes: Int = 2
  ) throws -> (loop: Boxed, port: UInt16) {
    let boxed = Boxed(try EventLoop(capacity: capacity))
    let identity = try makeIdentity()
    try boxed.loop.secure(
      SecureLimits(
        connections: connections, handshakes: handshakes, handshakesPerTurn: 1,
        ticketLifetime: 3600, writeWait: 100), identity)
    let name = try boxed.loop.listen(on: Array("127.0.0.1".utf8), port: 0, isSecure: true)
    return (boxed, loopbackPort(of: name))
  }

  /// A tuple cannot hold what cannot be copied.
  private final class Boxed {
    var loop: EventLoop
    init(_ loop: consuming EventLoop) { self.loop = loop }
  }

  private enum Happening: Equatable {
    case accepted(Int), ready(Int), failed(Int), refused(HostShortage), other
  }

  /// What happens within so many waits of at most 10 ms.
  private func happenings(_ boxed: Boxed, waits: Int = 5) throws -> [Happening] {
    var list: [Happening] = []
    for _ in 0..<waits {
      try boxed.loop.wait(until: boxed.loop.now + 10)
      while let event = boxed.loop.nextEvent() {
        switch event {
        case .accepted(let place): list.append(.accepted(place))
        case .ready(let place, _, _): list.append(.ready(place))
        case .failed(let place):
          list.append(.failed(place))
          boxed.loop.close(place)
        case .refused(let shortage): list.append(.refused(shortage))
        default: list.append(.other)
        }
      }
    }
    return list
  }

  /// Its table begins as memory that nothing has written to.
  @Test func aSessionBeginsAsZeros() {
    let states = FixedArray<SecureSessions.State>(zeroed: 1)
    let (zeroed, initial) = (states[0], SecureSessions.State())
    #expect(zeroed.place == initial.place && zeroed.phase == initial.phase)
    #expect(zeroed.needs == initial.needs && zeroed.hasBegun == initial.hasBegun)
    #expect(zeroed.since == initial.since)
  }

  @Test func whatIsNoHandshakeFailsAndIsCounted() throws {
    let (boxed, port) = try makeLoop(capacity: 2, connections: 2)
    let client = connected(to: port)
    #expect(try happenings(boxed) == [.accepted(0)])
    let isSecure = boxed.loop.isSecure(0)
    #expect(isSecure)
    var text = Array("GET / HTTP/1.1\r\n\r\n".utf8)
    #expect(send(client, &text, text.count, 0) == text.count)
    #expect(try happenings(boxed) == [.failed(0)])
    let figures = boxed.loop.secureFigures
    #expect(figures.failures[Int(HandshakeFailure.notTLS.rawValue)] == 1)
    #expect(figures.handshakes == 0 && figures.connections == 0)
    #expect(figures.expiry == 4_948_889_709)
    Glibc.close(client)
  }

  /// Before the handshake is over nothing is read and nothing is sent.
  @Test func aHandshakeThatHasOnlyBegunIsNobodysBusiness() throws {
    let (boxed, port) = try makeLoop(capacity: 1, connections: 1)
    let client = connected(to: port)
    #expect(try happenings(boxed) == [.accepted(0)])
    var start: [UInt8] = [0x16, 0x03, 0x01]
    #expect(send(client, &start, start.count, 0) == 3)
    #expect(try happenings(boxed) == [])
    var buffer = Buffer(size: 16)
    var target = buffer.mutableBytes(0..<16)
    let received = boxed.loop.receive(0, into: &target)
    #expect(received == .wouldBlock)
    Glibc.close(client)
    #expect(try happenings(boxed) == [.failed(0)])
    let figures = boxed.loop.secureFigures
    #expect(figures.failures[Int(HandshakeFailure.left.rawValue)] == 1)
  }

  @Test func oneMoreThanThereAreSessionsIsClosedUnheard() throws {
    let (boxed, port) = try makeLoop(capacity: 3, connections: 1)
    let clients = [connected(to: port), connected(to: port)]
    #expect(try happenings(boxed) == [.accepted(0), .refused(.secureSessions)])
    var byte: UInt8 = 0
    #expect(recv(clients[1], &byte, 1, 0) == 0)
    boxed.loop.close(0)
    let third = connected(to: port)
    // In another place: libuv has not let go of the first one yet.
    #expect(try happenings(boxed).contains(.accepted(1)))
    for client in clients + [third] { Glibc.close(client) }
  }
}
#endif
