/// What a disk holds after batches of a journal, whose format it reads for itself.
public struct RecordImage {
  public struct Record: Equatable {
    public var kind: UInt8
    public var body: [UInt8]

    public init(kind: UInt8, body: [UInt8]) {
      self.kind = kind
      self.body = body
    }
  }

  public private(set) var records: [UInt64: Record] = [:]
  /// What an open transaction would leave.
  private var draft: [UInt64: Record]?

  public init() {}

  /// In the order in which they are handed back at the start.
  public var sorted: [(key: UInt64, record: Record)] {
    records.sorted { ($0.value.kind, $0.key) < ($1.value.kind, $1.key) }
      .map { (key: $0.key, record: $0.value) }
  }

  public mutating func rollBack() { draft = nil }

  public mutating func apply(_ batch: [UInt8]) {
    var records = draft ?? self.records
    var rest = batch.dropFirst()
    while let operation = rest.popFirst() {
      switch operation {
      case 1:
        let key = RecordImage.word(&rest, 8)
        let kind = UInt8(RecordImage.word(&rest, 1))
        let size = Int(RecordImage.word(&rest, 4))
        precondition(size <= rest.count, "a body that is cut")
        records[key] = Record(kind: kind, body: Array(rest.prefix(size)))
        rest = rest.dropFirst(size)
      case 2: records[RecordImage.word(&rest, 8)] = nil
      case 3: records = [:]
      default: preconditionFailure("no such operation: \(operation)")
      }
    }
    let goesOn = batch[0] & 1 != 0
    draft = goesOn ? records : nil
    if !goesOn { self.records = records }
  }

  private static func word(_ bytes: inout ArraySlice<UInt8>, _ size: Int) -> UInt64 {
    var word: UInt64 = 0
    for place in 0..<size { word |= UInt64(bytes.removeFirst()) << UInt64(8 * place) }
    return word
  }
}
