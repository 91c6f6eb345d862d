import Delivery

/// What earlier runs have left behind, beside the families' records.
public struct Heritage {
  private let hasFile: Bool
  /// No id from before is as large.
  public var firstID: UInt64 = 0
  /// No record has a higher one.
  var highestKey: UInt64 = 0
  /// The newest moment that was put down, milliseconds since 1970 UTC.
  public var wall: UInt64 = 0

  /// In this order the records of earlier runs are handed over.
  public static let kinds = RecordKind.allCases.map { $0.rawValue }

  /// - Parameter hasFile: whether there is a file, and none before it was damaged: one without
  ///   records is new.
  public init(hasFile: Bool) { self.hasFile = hasFile }

  /// The highest id that is known, nil when nothing is of earlier runs.
  var knownUpTo: UInt64? { hasFile ? firstID : nil }

  /// Takes over what a record says: its key, and all of it if it is the gateway's own.
  public mutating func read(key: UInt64, kind: UInt8, _ body: RawSpan) {
    highestKey = max(highestKey, key)
    guard kind == RecordKind.meta.rawValue else { return }
    var reader = RecordReader(body)
    guard let id = reader.word(UInt64.self), let wall = reader.word(UInt64.self) else { return }
    firstID = max(firstID, id)
    self.wall = max(self.wall, wall)
  }
}
