import Memory
import Testing

@testable import Rooms

@Suite struct RoomHistoryTests {
  private func keep(_ count: Int, _ byte: UInt8, of room: Int, in history: inout RoomHistory) {
    history.keep([UInt8](repeating: byte, count: count).span.raw, of: room)
  }

  private func texts(_ history: borrowing RoomHistory, _ room: Int) -> [[UInt8]] {
    (0..<history.count(of: room)).map { place in
      var draft = ByteWriter(capacity: 4096)
      history.append(room, place, to: &draft)
      let bytes = (0..<draft.count).map { draft.bytes[$0] }
      #expect(bytes.count == history.size(of: room, place))
      return bytes
    }
  }

  private func clear(_ history: inout RoomHistory, rooms: Int) {
    for room in 0..<rooms { history.clear(room) }
    let (available, capacity) = (history.pool.available, history.pool.capacity)
    #expect(available == capacity)
  }

  @Test func theLastOnesAreKept() {
    var history = RoomHistory(rooms: 2, limit: 3, size: 64 * 256)
    for byte in 1...5 as ClosedRange<UInt8> { keep(600, byte, of: 1, in: &history) }
    let kept = texts(history, 1)
    #expect(kept == [3, 4, 5].map { [UInt8](repeating: $0, count: 600) })
    let others = history.count(of: 0)
    #expect(others == 0)
    clear(&history, rooms: 2)
  }

  @Test func withoutSlotsTheRoomsOwnOldestGo() {
    var history = RoomHistory(rooms: 2, limit: 8, size: 4 * 256)
    keep(200, 9, of: 0, in: &history)
    for byte in 1...5 as ClosedRange<UInt8> { keep(200, byte, of: 1, in: &history) }
    let kept = texts(history, 1).map { $0[0] }
    #expect(kept == [3, 4, 5])
    let others = texts(history, 0).map { $0[0] }
    #expect(others == [9])
    clear(&history, rooms: 2)
  }

  @Test func whatFindsNoPlaceLeavesTheRoomEmpty() {
    var history = RoomHistory(rooms: 2, limit: 8, size: 4 * 256)
    keep(200, 9, of: 0, in: &history)
    for byte in 1...3 as ClosedRange<UInt8> { keep(200, byte, of: 1, in: &history) }
    keep(900, 4, of: 1, in: &history)
    let (kept, others) = (history.count(of: 1), history.count(of: 0))
    #expect(kept == 0 && others == 1)
    keep(100, 5, of: 1, in: &history)
    let again = texts(history, 1).map { $0[0] }
    #expect(again == [5])
    clear(&history, rooms: 2)
  }

  @Test func withoutALimitNothingIsKept() {
    var history = RoomHistory(rooms: 2, limit: 0, size: 4096)
    keep(100, 1, of: 1, in: &history)
    let (count, peak) = (history.count(of: 1), history.pool.peak)
    #expect(count == 0 && peak == 0)
    history.clear(1)
  }
}
