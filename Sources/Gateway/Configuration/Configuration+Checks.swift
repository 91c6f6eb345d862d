import Memory

/// Combinations that cannot work stop the start and name the settings.
extension Configuration {
  func check(_ faults: inout ConfigurationError) {
    checkPings(&faults)
    checkWriteQueue(&faults)
    checkPool(.readBuffers, .readBufferSize, holds: .maxMessageSize, &faults)
    checkPool(.readBuffers, .readBufferSize, holds: .maxHeadSize, &faults)
    checkPool(.writeBuffers, .writeBufferSize, holds: .maxMessageSize, &faults)
    if faults.lines.isEmpty { checkMemory(&faults) }
  }

  /// The number of a setting that was read; nil when it is at fault or the build has none.
  func number(_ key: SettingKey) -> Int? {
    switch value(of: key) {
    case .number(let number)?, .milliseconds(let number)?: number
    default: nil
    }
  }

  private func checkPings(_ faults: inout ConfigurationError) {
    guard let period = number(.pingPeriod), let wait = number(.pongWait), period >= wait
    else { return }
    faults.clash(self, .pingPeriod, "must be less than ", .pongWait)
  }

  private func checkWriteQueue(_ faults: inout ConfigurationError) {
    guard let queue = number(.writeQueue), queue > 0, let block = number(.writeBufferSize),
      let message = number(.maxMessageSize)
    else { return }
    let frame = Limits.blocks(of: message + Limits.largestSentHeader, block)
    guard queue < frame + Limits.controlBlocks else { return }
    faults.clash(
      self, .writeQueue, "too few blocks for one message of ", .maxMessageSize,
      needed: frame + Limits.controlBlocks)
  }

  private func checkPool(
    _ blocks: SettingKey, _ size: SettingKey, holds largest: SettingKey,
    _ faults: inout ConfigurationError
  ) {
    guard let count = number(blocks), count > 0, let block = number(size),
      let bytes = number(largest)
    else { return }
    let needed = Limits.blocks(of: bytes + Limits.largestReceivedHeader, block)
    guard count < needed else { return }
    faults.clash(self, blocks, "too few blocks for one of ", largest, needed: needed)
  }

  /// Half of what can be counted: a board's 32 bits end before its settings do.
  private func checkMemory(_ faults: inout ConfigurationError) {
    guard table.find(.maxConnections) != nil else { return }
    let limits = Limits(self)
    let read = Int64(limits.readBlocks) * Int64(self[.readBufferSize])
    let write = Int64(limits.writeBlocks) * Int64(self[.writeBufferSize])
    guard read + write > Int64(Int.max / 2) else { return }
    let isReading = read > write
    faults.clash(
      self, isReading ? .readBuffers : .writeBuffers,
      "the pools are larger than this machine can address; the block size is ",
      isReading ? .readBufferSize : .writeBufferSize)
  }
}

extension ConfigurationError {
  /// `NAME="value": <words>OTHER (its value)`, and how much is needed.
  fileprivate mutating func clash(
    _ configuration: Configuration, _ key: SettingKey, _ words: StaticString, _ other: SettingKey,
    needed: Int? = nil
  ) {
    var line: [UInt8] = []
    line.append(configuration.name(of: key))
    line.append("=\"")
    configuration.appendValue(of: key, to: &line)
    line.append("\": ")
    line.append(words)
    line.append(configuration.name(of: other))
    line.append(" (")
    configuration.appendValue(of: other, to: &line)
    line.append(")")
    if let needed {
      line.append("; at least ")
      line.append(decimal: needed)
    }
    lines.append(line)
  }
}
