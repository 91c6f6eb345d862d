import Delivery
import Memory
import Testing

@testable import Gateway

@Suite struct MemoryPlanTests {
  private let limits = Limits()

  private func size(_ name: String) -> (count: Int, size: Int)? {
    let rows = MemoryPlan(limits, bytesPerLink: 100).rows
    return rows.first { "\($0.name)" == name }.map { ($0.count, $0.size) }
  }

  @Test func aConnectionIsItsStateDeadlineWatcherPlacesInSevenSetsAndThreeBits() throws {
    let row = try #require(size("connections"))
    #expect(row.count == limits.places)
    #expect(row.size == MemoryLayout<Connection>.stride + 4 + 4 + 8 + 100 + 7 * 8 + 1)
  }

  @Test func ratesTakeMemoryWhereThereAreAny() throws {
    let row = try #require(size("connections"))
    var rated = limits
    rated.byteRate = MessageRate.Limit(rate: 1000, burst: 0, grace: 0)
    let ratedRow = try #require(MemoryPlan(rated, bytesPerLink: 100).rows.first)
    #expect(ratedRow.size == row.size + 2 * 16)
  }

  @Test func anOutboxIsItsParcels() throws {
    let row = try #require(size("outboxes"))
    #expect(row.count == limits.places)
    // Then its length, its slots, and what of it waits for the disk.
    let parcels = (limits.writePlaces + 2) * MemoryLayout<Parcel>.stride
    #expect(row.size == parcels + 4 + 4 + 16)
  }

  @Test func aSlotIsItsBytesItsLinkAndItsShares() throws {
    let (read, write) = (try #require(size("read slots")), try #require(size("write slots")))
    #expect(read == (limits.readSlots, limits.readSlotSize + 4 + 4))
    #expect(write == (limits.writeSlots, limits.writeSlotSize + 4 + 4))
  }

  @Test func tlsTakesItsSessionsAndItsHandshakes() {
    var secure = Limits()
    #expect(!MemoryPlan(secure, bytesPerLink: 100).rows.contains { "\($0.name)" == "TLS sessions" })
    secure.isSecure = true
    let rows = MemoryPlan(
      secure, bytesPerLink: 100, bytesPerSession: 1000, bytesPerHandshake: 200
    ).rows.filter { "\($0.name)".hasPrefix("TLS") }
    #expect(rows.map { $0.bytes } == [100 * 1000, 8 * 200])
    secure.secureConnectionsSet = 3
    #expect(
      MemoryPlan(secure, bytesPerLink: 100, bytesPerHandshake: 1).rows
        .contains { "\($0.name)" == "TLS handshakes" && $0.count == 3 })
  }

  @Test func theSumIsThatOfTheRowsAndStandsInTheText() {
    let plan = MemoryPlan(limits, bytesPerLink: 100)
    #expect(plan.sum == plan.rows.map { $0.count * $0.size }.reduce(0, +))
    var writer = ByteWriter(capacity: 4096)
    plan.write(to: &writer, resident: 1_000_000)
    let text = text(writer.bytes)
    let lines = text.split(separator: "\n")
    #expect(lines.count == plan.rows.count + 3)
    for (line, row) in zip(lines, plan.rows) {
      #expect(line.hasPrefix("\(row.name)"))
      #expect(line.contains(" \(row.bytes)  \(row.holders)"))
    }
    #expect(text.contains(" \(plan.sum)  all of it"))
    #expect(text.contains(" \(plan.sum + 1_000_000)  resident when"))
  }
}
