import Gateway
import TestSupport

/// A disk that takes one batch at a time; the test says how.
final class Disk {
  private(set) var image = RecordImage()
  private var inFlight: [UInt8]?
  private(set) var batches = 0
  /// Whether a batch that is on its way lands; until then the disk is busy.
  var isQuick = true
  /// Why every batch is lost, if it is.
  var fault: String?

  func begin(_ batch: [UInt8]) {
    precondition(inFlight == nil, "two batches at once")
    inFlight = batch
  }

  /// Whether there is news for the loop.
  var isReady: Bool { inFlight != nil && isQuick }

  /// Lets the batch land, or fail.
  func finish() -> StoreFailure? {
    guard let batch = inFlight else { preconditionFailure("no batch is on its way") }
    inFlight = nil
    if let fault {
      image.rollBack()
      return StoreFailure(Array(fault.utf8))
    }
    batches += 1
    image.apply(batch)
    return nil
  }
}
