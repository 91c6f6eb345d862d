#if TLS
import Glibc
import Memory
import Testing

@testable import Host

@Suite struct EventLoopSecureTests {
  private func makeLoop(
    capacity: Int, connections: Int, handshakes: Int = 2
  ) throws -> (loop: Boxed, port: UInt16) {
    let boxed = Boxed(try EventLoop(capacity: capacity))
    let identity = try SecureIdentity(
      certificates: Array(TestCertificates.certificate.utf8),
      key: Array(TestCertificates.key.utf8), authorities: nil, isRequired: false)
    try boxed.loop.secure(
      SecureLimits(
        connections: connections, handshakes: handshakes, handshakesPerTurn: 1,
        ticketLifetime: 3600), identity)
    let name = try boxed.loop.listen(on: Array("127.0.0.1".utf8), port: 0, isSecure: true)
    let text = String(decoding: name, as: UTF8.self)
    return (boxed, try #require(UInt16(text.split(separator: ":")[1])))
  }

  /// A tuple cannot hold what cannot be copied.
  private final class Boxed {
    var loop: EventLoop
    init(_ loop: consuming EventLoop) { self.loop = loop }
  }

  private func connected(to port: UInt16) throws -> Int32 {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let result = unsafe withUnsafePointer(to: &address) {
      unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    try #require(result == 0)
    return descriptor
  }

  private enum Happening: Equatable { case accepted(Int), ready(Int), failed(Int), refused, other }

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
        case .refused: list.append(.refused)
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
    let client = try connected(to: port)
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
    let client = try connected(to: port)
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
    let clients = [try connected(to: port), try connected(to: port)]
    #expect(try happenings(boxed) == [.accepted(0), .refused])
    var byte: UInt8 = 0
    #expect(recv(clients[1], &byte, 1, 0) == 0)
    boxed.loop.close(0)
    let third = try connected(to: port)
    // In another place: libuv has not let go of the first one yet.
    #expect(try happenings(boxed).contains(.accepted(1)))
    for client in clients + [third] { Glibc.close(client) }
  }
}
#endif
