import Memory

@testable import Delivery

/// What lies on disk: the records of all batches, by their keys.
struct Image: Equatable {
  struct Record: Equatable {
    let kind: UInt8
    let body: [UInt8]
  }

  var records: [UInt64: Record] = [:]
  /// Bytes of all batches.
  var written = 0

  /// Takes in what the journal has gathered.
  mutating func take(_ journal: inout Journal) {
    var bytes: [UInt8] = []
    journal.seal(goesOn: false) { batch in bytes = (0..<batch.byteCount).map { batch[$0] } }
    journal.landed()
    written += bytes.count
    var rest = bytes.dropFirst()
    func word(_ size: Int) -> UInt64 {
      defer { rest = rest.dropFirst(size) }
      return rest.prefix(size).reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
    while let operation = rest.popFirst() {
      switch operation {
      case 1:
        let (key, kind) = (word(8), UInt8(word(1)))
        let length = Int(word(4))
        records[key] = Record(kind: kind, body: Array(rest.prefix(length)))
        rest = rest.dropFirst(length)
      case 2: records[word(8)] = nil
      default: records = [:]
      }
    }
  }

  func count(_ kind: RecordKind) -> Int { records.values.count { $0.kind == kind.rawValue } }

  /// The records as they are taken back: by kind, then by key.
  var inOrder: [(key: UInt64, record: Record)] {
    records.map { (key: $0.key, record: $0.value) }
      .sorted { ($0.record.kind, $0.key) < ($1.record.kind, $1.key) }
  }
}

func short(_ text: String) -> ShortText { ShortText(prefixOf: Array(text.utf8).span.raw) }

func string(_ text: ShortText) -> String {
  String(decoding: (0..<text.bytes.byteCount).map { text.bytes[$0] }, as: UTF8.self)
}
