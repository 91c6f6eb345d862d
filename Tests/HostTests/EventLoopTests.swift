import Glibc
import Memory
import TestSupport
import Testing

@testable import Host

@Suite struct EventLoopTests {
  /// libuv before 1.45 runs timers ahead of its poll: a deadline that passed must still end a wait.
  @Test func aDeadlineThatHasPassedEndsTheWait() throws {
    var loop = try EventLoop(capacity: 1)
    // Without something to watch the poll would not sleep in any case.
    _ = try loop.listen(on: Array("127.0.0.1".utf8), port: 0)
    try loop.wait(until: 0)
    let stale = loop.now
    usleep(20_000)
    try loop.wait(until: stale + 5)
    let now = loop.now
    #expect(now >= stale + 5)
  }

  @Test func bytesGoBothWaysAndAPlaceIsUsedAgain() throws {
    var loop = try EventLoop(capacity: 1)
    let name = try loop.listen(on: Array("127.0.0.1".utf8), port: 0)
    let port = loopbackPort(of: name)
    for round in 0..<3 {
      let client = connected(to: port)
      let place = try #require(try accepted(&loop))
      #expect(place == 0, "round \(round)")
      var text: [UInt8] = Array("hello".utf8)
      #expect(send(client, &text, text.count, 0) == 5)
      #expect(try readable(&loop) == 0)
      var buffer = Buffer(size: 16)
      var target = buffer.mutableBytes(0..<16)
      let result = loop.receive(place, into: &target)
      #expect(result == .bytes(5))
      #expect(echo(place, &loop, ["he", "llo"]) == .bytes(5))
      var back = [UInt8](repeating: 0, count: 16)
      #expect(recv(client, &back, 16, 0) == 5)
      #expect(Array(back.prefix(5)) == Array("hello".utf8))
      loop.finish(place)
      #expect(recv(client, &back, 16, 0) == 0)
      loop.close(place)
      Glibc.close(client)
      try loop.wait(until: loop.now + 1)
      while loop.nextEvent() != nil {}
    }
  }

  @Test(arguments: [[1, 0, 2], [0, 1, 2], [2, 1, 0], [1]])
  func eachPlaceThatIsClosedIsFreeOnce(_ order: [Int]) throws {
    var loop = try EventLoop(capacity: 3)
    let name = try loop.listen(on: Array("127.0.0.1".utf8), port: 0)
    let port = loopbackPort(of: name)
    var clients = (0..<3).map { _ in connected(to: port) }
    for place in 0..<3 { #expect(try accepted(&loop) == place) }
    for _ in 0..<3 {
      for place in order { loop.close(place) }
      try loop.wait(until: loop.now + 1)
      while loop.nextEvent() != nil {}
      clients += order.map { _ in connected(to: port) }
      let taken = try order.map { _ in try accepted(&loop) }
      #expect(Set(taken) == Set(order))
    }
    for client in clients { Glibc.close(client) }
  }

  @Test func aSignalIsReportedOnceAWait() throws {
    var loop = try EventLoop(capacity: 1)
    try loop.report(signal: SIGUSR2)
    try loop.wait(until: 0)
    for _ in 0..<5 { kill(getpid(), SIGUSR2) }
    var found: [Int32] = []
    for _ in 0..<100 where found.isEmpty {
      try loop.wait(until: loop.now + 10)
      while let event = loop.nextEvent() {
        if case .signal(let number) = event { found.append(number) }
      }
    }
    #expect(found == [SIGUSR2])
  }

  @Test func whoFindsNoPlaceIsToldInHTTP() throws {
    var loop = try EventLoop(capacity: 1)
    let name = try loop.listen(on: Array("127.0.0.1".utf8), port: 0)
    let port = loopbackPort(of: name)
    let first = connected(to: port)
    #expect(try accepted(&loop) == 0)
    let second = connected(to: port)
    var isRefused = false
    for _ in 0..<100 where !isRefused {
      try loop.wait(until: loop.now + 10)
      while let event = loop.nextEvent() { if case .refused(.places) = event { isRefused = true } }
    }
    #expect(isRefused)
    var answer = [UInt8](repeating: 0, count: 512)
    let count = recv(second, &answer, 512, 0)
    let text = String(decoding: answer.prefix(max(0, count)), as: UTF8.self)
    #expect(text.hasPrefix("HTTP/1.1 503 ") && text.contains("Retry-After: 5"))
    let body = text.split(separator: "\r\n\r\n", maxSplits: 1).last ?? ""
    #expect(text.contains("Content-Length: \(body.utf8.count)\r\n"))
    Glibc.close(first)
    Glibc.close(second)
  }

  @Test func anAddressThatIsTakenIsNamed() throws {
    var loop = try EventLoop(capacity: 1)
    let name = try loop.listen(on: Array("127.0.0.1".utf8), port: 0)
    let port = loopbackPort(of: name)
    do throws(HostError) {
      _ = try loop.listen(on: Array("127.0.0.1".utf8), port: port)
      Issue.record("one port was given twice")
    } catch {
      let reason = (0..<error.reason.byteCount).map { error.reason[$0] }
      #expect(String(decoding: reason, as: UTF8.self) == "Address already in use")
    }
  }

  /// One for documentation (RFC 5737): no machine has it.
  @Test func anAddressThatIsNotThereYetIsListenedOn() throws {
    var loop = try EventLoop(capacity: 1)
    let name = try loop.listen(on: Array("198.51.100.7".utf8), port: 0)
    #expect(String(decoding: name, as: UTF8.self).hasPrefix("198.51.100.7:"))
  }

  private func accepted(_ loop: inout EventLoop) throws -> Int? {
    for _ in 0..<100 {
      try loop.wait(until: loop.now + 10)
      while let event = loop.nextEvent() { if case .accepted(let place) = event { return place } }
    }
    return nil
  }

  private func readable(_ loop: inout EventLoop) throws -> Int? {
    for _ in 0..<100 {
      try loop.wait(until: loop.now + 10)
      while let event = loop.nextEvent() {
        if case .ready(let place, true, _) = event { return place }
      }
    }
    return nil
  }

  /// Sends several parts with one call.
  private func echo(
    _ place: Int, _ loop: inout EventLoop, _ texts: [StaticString]
  ) -> TransferResult {
    var pool = SlotPool(capacity: 2, slotSize: 16)
    let first = pool.take()!
    let second = pool.take()!
    pool.write(texts[0].bytes, to: first, at: 3)
    pool.write(texts[1].bytes, to: second, at: 0)
    var list = GatherList(over: pool)
    list.append(first, 3..<5)
    list.append(second, 0..<3)
    let result = loop.send(place, list)
    pool.giveBack(first)
    pool.giveBack(second)
    return result
  }
}
