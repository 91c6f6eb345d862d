import TestSupport
import Testing

@testable import Gateway

@Suite struct DeadlineQueueTests {
  @Test func theEarliestComesFirstAndOnlyWhenItIsDue() {
    var queue = DeadlineQueue(capacity: 4)
    queue.require(2, by: 30)
    queue.require(0, by: 10)
    queue.require(3, by: 20)
    let (first, early) = (queue.first, queue.popDue(9))
    #expect(first == 10 && early == nil)
    let due = [queue.popDue(30), queue.popDue(30), queue.popDue(30), queue.popDue(30)]
    #expect(due == [0, 3, 2, nil])
    let (last, count) = (queue.first, queue.count)
    #expect(last == nil && count == 0)
  }

  @Test func anEarlierDeadlineReplacesALaterOneAndNeverTheOtherWay() {
    var queue = DeadlineQueue(capacity: 2)
    queue.require(1, by: 20)
    queue.require(1, by: 30)
    let later = queue.first
    queue.require(1, by: 10)
    let (earlier, count) = (queue.first, queue.count)
    #expect(later == 20 && earlier == 10 && count == 1)
  }

  /// Against a dictionary that is searched from end to end.
  @Test(arguments: 0..<20 as Range<UInt64>)
  func itDoesAsAModelDoes(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let places = Int.random(in: 1...40, using: &random)
    var queue = DeadlineQueue(capacity: places)
    var model: [Int: UInt64] = [:]
    for _ in 0..<2_000 {
      let place = Int.random(in: 0..<places, using: &random)
      switch Int.random(in: 0..<4, using: &random) {
      case 0, 1:
        let deadline = UInt64.random(in: 0..<100, using: &random)
        queue.require(place, by: deadline)
        model[place] = min(deadline, model[place] ?? .max)
      case 2:
        queue.remove(place)
        model[place] = nil
      default:
        let now = UInt64.random(in: 0..<100, using: &random)
        let popped = queue.popDue(now)
        let earliest = model.values.min()
        #expect((popped != nil) == (earliest.map { $0 <= now } ?? false))
        if let popped {
          #expect(model[popped] == earliest)
          model[popped] = nil
        }
      }
      let (first, count) = (queue.first, queue.count)
      #expect(first == model.values.min() && count == model.count)
    }
  }
}
