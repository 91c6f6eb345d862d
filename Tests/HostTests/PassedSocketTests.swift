import Glibc
import Testing

@testable import Host

@Suite(.serialized) struct PassedSocketTests {
  @Test func descriptorsAreCountedFromThreeAndHaveTheirNames() {
    pass("\(getpid())", "3")
    let sockets = PassedSocket.all([Array("LISTEN_FDNAMES=plain::martlet-tls.socket".utf8)])
    #expect(sockets.map(\.descriptor) == [3, 4, 5])
    #expect(sockets.map(\.name) == ["plain", "", "martlet-tls.socket"].map { Array($0.utf8) })
    #expect(sockets.map(\.isSecure) == [false, false, true])
    #expect(PassedSocket.all([]).map(\.name) == [[], [], []])
  }

  @Test(arguments: [("1", "3"), ("", "3"), ("x", "3"), ("SELF", ""), ("SELF", "-1"), ("SELF", "0")])
  func thoseForAnotherProcessAreNotOurs(process: String, count: String) {
    pass(process == "SELF" ? "\(getpid())" : process, count)
    #expect(PassedSocket.all([]).isEmpty)
  }

  @Test func onlyAListeningTCPSocketIsTaken() throws {
    var loop = try EventLoop(capacity: 1)
    let one = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    refuses(&loop, one, "Invalid argument")
    try #require(listen(one, 1) == 0)
    let name = try loop.listen(adopting: one)
    #expect(String(decoding: name, as: UTF8.self).hasPrefix("0.0.0.0:"))
    #expect(fcntl(one, F_GETFD) & FD_CLOEXEC != 0 && fcntl(one, F_GETFL) & O_NONBLOCK != 0)
    refuses(&loop, socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0), "Protocol wrong type for socket")
    refuses(
      &loop, socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0),
      "Address family not supported by protocol")
    refuses(&loop, open("/dev/null", O_RDONLY), "Socket operation on non-socket")
    refuses(&loop, 1 << 20, "Bad file descriptor")
  }

  private func refuses(_ loop: inout EventLoop, _ descriptor: Int32, _ words: String) {
    do throws(HostError) {
      _ = try loop.listen(adopting: descriptor)
      Issue.record("a descriptor was taken that is none to listen on")
    } catch {
      let reason = (0..<error.reason.byteCount).map { error.reason[$0] }
      #expect(String(decoding: reason, as: UTF8.self) == words)
    }
  }

  private func pass(_ process: String, _ count: String) {
    setenv("LISTEN_PID", process, 1)
    setenv("LISTEN_FDS", count, 1)
  }
}
