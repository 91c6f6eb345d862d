import Glibc
import Memory
import Testing

@testable import Host

/// Serialized: who the service manager is stands in the environment.
@Suite(.serialized) struct ServiceTests {
  @Test func withoutAManagerNothingIsDue() {
    unsetenv("NOTIFY_SOCKET")
    setenv("WATCHDOG_USEC", "1000000", 1)
    var service = Service()
    service.becameReady(("nobody" as StaticString).bytes)
    service.startedReloading()
    service.beat(at: 5)
    service.startedStopping(at: 6)
    #expect(service.nextWakeUp == .max)
  }

  @Test(arguments: ["/tmp/martlet-notify-\(getpid())", "@martlet-notify-\(getpid())"])
  func theManagerHearsWhatHappensInOrder(path: String) throws {
    let manager = try Manager(path)
    defer { manager.close() }
    setenv("WATCHDOG_USEC", "4000000", 1)
    unsetenv("WATCHDOG_PID")
    var service = Service()
    service.extend(by: 1500)
    #expect(manager.next() == "EXTEND_TIMEOUT_USEC=1500000")
    service.becameReady(("listening on 127.0.0.1:8000" as StaticString).bytes)
    #expect(manager.next() == "READY=1\nSTATUS=listening on 127.0.0.1:8000")
    service.beat(at: 1000)
    #expect(manager.next() == "WATCHDOG=1")
    #expect(service.nextWakeUp == 3000)
    service.beat(at: 2999)
    #expect(manager.next() == nil)
    service.beat(at: 3000)
    #expect(manager.next() == "WATCHDOG=1")
    service.startedReloading()
    #expect(manager.next()?.hasPrefix("RELOADING=1\nMONOTONIC_USEC=") == true)
    service.beat(at: 3001)
    #expect(manager.next() == "READY=1")
    service.beat(at: 3002)
    #expect(manager.next() == nil)
    service.startedStopping(at: 3003)
    service.startedStopping(at: 3003)
    #expect(manager.next()?.hasPrefix("STOPPING=1\n") == true)
    service.beat(at: 3003)
    #expect(manager.next() == "EXTEND_TIMEOUT_USEC=60000000")
    #expect(manager.next() == "WATCHDOG=1")
    #expect(manager.next() == nil)
    #expect(service.nextWakeUp == 5003)
  }

  /// Without a watchdog a long end still has to be asked for.
  @Test func whoStopsAsksForTimeAgainAndAgain() throws {
    let manager = try Manager("@martlet-stopping-\(getpid())")
    defer { manager.close() }
    unsetenv("WATCHDOG_USEC")
    var service = Service()
    service.beat(at: 1)
    #expect(service.nextWakeUp == .max)
    service.startedStopping(at: 10)
    #expect(service.nextWakeUp == 10)
    _ = manager.next()
    for round in 0..<3 {
      service.beat(at: 10 + UInt64(round) * 10_000)
      #expect(manager.next() == "EXTEND_TIMEOUT_USEC=60000000")
    }
  }

  @Test func aWatchdogForAnotherProcessIsNotOurs() throws {
    let manager = try Manager("@martlet-other-\(getpid())")
    defer { manager.close() }
    setenv("WATCHDOG_USEC", "4000000", 1)
    setenv("WATCHDOG_PID", "1", 1)
    #expect(Service().nextWakeUp == .max)
    setenv("WATCHDOG_PID", "\(getpid())", 1)
    #expect(Service().nextWakeUp == 0)
    setenv("WATCHDOG_USEC", "4000000x", 1)
    #expect(Service().nextWakeUp == .max)
  }

  @Test func aManagerThatIsGoneEndsNothingAndIsAskedAgainSoon() throws {
    let manager = try Manager("/tmp/martlet-gone-\(getpid())")
    setenv("WATCHDOG_USEC", "4000000", 1)
    unsetenv("WATCHDOG_PID")
    var service = Service()
    unlink("/tmp/martlet-gone-\(getpid())")
    service.beat(at: 1000)
    #expect(service.nextWakeUp == 1200)
    manager.close()
  }
}

/// The other end of NOTIFY_SOCKET.
private struct Manager {
  let descriptor: Int32
  let path: String

  init(_ path: String) throws {
    descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
    self.path = path
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    var bytes = Array(path.utf8)
    if bytes[0] == UInt8(ascii: "@") { bytes[0] = 0 } else { unlink(path) }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    let isAbstract = bytes[0] == 0
    let size = 2 + bytes.count + (isAbstract ? 0 : 1)
    let result = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, socklen_t(size))
      }
    }
    try #require(result == 0)
    setenv("NOTIFY_SOCKET", path, 1)
  }

  /// The next message, nil when there is none.
  func next() -> String? {
    var bytes = [UInt8](repeating: 0, count: 512)
    let count = recv(descriptor, &bytes, bytes.count, Int32(MSG_DONTWAIT))
    return count < 0 ? nil : String(decoding: bytes.prefix(count), as: UTF8.self)
  }

  func close() {
    Glibc.close(descriptor)
    if path.hasPrefix("/") { unlink(path) }
    unsetenv("NOTIFY_SOCKET")
  }
}
