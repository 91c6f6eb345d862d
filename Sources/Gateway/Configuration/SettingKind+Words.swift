import Memory

extension SettingKind {
  /// What is taken, as an error and every list of settings say it.
  func appendAllowed(to sink: inout [UInt8]) {
    switch self {
    case .flag: sink.append("true, yes, on, 1 or false, no, off, 0")
    case .number(let range, let unit):
      sink.appendRange(range) { $0.append(decimal: $1) }
      guard unit.bytes.byteCount > 0 else { return }
      sink.append(" ")
      sink.append(unit)
    case .duration(let range): sink.appendRange(range, DurationText.append)
    case .size(let range):
      sink.appendRange(range, NumberText.appendBytes)
      sink.append(" bytes")
    case .choice(let names):
      for place in names.indices {
        if place > 0 { sink.append(place == names.count - 1 ? " or " : ", ") }
        sink.append(names[place])
      }
    case .text(let range), .secret(let range):
      sink.appendRange(range) { $0.append(decimal: $1) }
      sink.append(" bytes without control characters")
    case .date: sink.append("a day from 1970-01-01 to 2999-12-31")
    case .file: sink.append("the path of a file")
    case .addresses: sink.append("numeric IPv4 and IPv6 addresses, separated by commas")
    }
  }

  /// The value as it would be written, in one way whatever way the operator wrote it.
  func append(_ value: SettingValue, to sink: inout [UInt8]) {
    switch (self, value) {
    case (.secret, .text(let bytes)): sink.append(bytes.isEmpty ? "(not set)" : "(set, hidden)")
    case (.size, .number(let bytes)): NumberText.appendBytes(to: &sink, bytes)
    case (.date, .number(let days)): DateText.append(to: &sink, days)
    case (.choice(let names), .choice(let place)): sink.append(names[place])
    case (_, .flag(let flag)): sink.append(flag ? "true" : "false")
    case (_, .number(let number)), (_, .choice(let number)): sink.append(decimal: number)
    case (_, .milliseconds(let milliseconds)): DurationText.append(to: &sink, milliseconds)
    case (_, .text(let bytes)): sink += bytes
    }
  }

  /// How values are written, for whoever reads a list of settings.
  static let forms: [StaticString] = [
    "Durations are numbers with the units h, m, s and ms: 10s, 1m30s, 500ms, 1.5h.",
    "Sizes are bytes, or end in k (1024 bytes) or M (1024 k): 512, 8k, 4M.",
    "Upper and lower case are the same in true, false and the names of a choice.",
  ]
}

extension [UInt8] {
  fileprivate mutating func appendRange<Measure>(
    _ range: ClosedRange<Measure>, _ append: (inout [UInt8], Measure) -> Void
  ) {
    append(&self, range.lowerBound)
    self.append(" to ")
    append(&self, range.upperBound)
  }
}
