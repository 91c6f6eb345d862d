import Delivery
public import HTTP
import Memory

/// Combinations that cannot work stop the start and name the settings.
extension Configuration {
  /// - Parameter addressable: bytes that both pools together may have.
  func check(_ faults: inout ConfigurationError, addressable: Int64) {
    checkOrigins(&faults)
    checkSecrets(&faults)
    checkCertificate(&faults)
    checkPings(&faults)
    checkReading(&faults)
    checkWriting(&faults)
    checkDeflate(&faults)
    if faults.lines.isEmpty { checkMemory(&faults, addressable) }
  }

  private func checkOrigins(_ faults: inout ConfigurationError) {
    guard case .text(let list)? = value(of: .allowedOrigins) else { return }
    do throws(OriginListError) { _ = try AllowedOrigins(list.span.raw) } catch {
      var words: [UInt8] = []
      words.append("entry ")
      words.append(quoted: Array(list[error.entry]))
      words.append(": ")
      words.append(error.message)
      faults.refused(self, .allowedOrigins, words)
    }
  }

  private func checkSecrets(_ faults: inout ConfigurationError) {
    guard case .text(let secret)? = value(of: .jwtSecret), !secret.isEmpty,
      case .text(let path)? = value(of: .jwtSecretFile), !path.isEmpty
    else { return }
    faults.clash(self, .jwtSecret, "set this or the other, and not both: ", .jwtSecretFile)
  }

  private func checkCertificate(_ faults: inout ConfigurationError) {
    guard case .text(let certificate)? = value(of: .tlsCertificateFile), certificate.isEmpty
    else { return }
    for key in [SettingKey.tlsKeyFile, .tlsClientAuthorityFile] {
      guard case .text(let path)? = value(of: key), !path.isEmpty else { continue }
      faults.refused(self, key, [UInt8]("needs a certificate in TLS_CERT_FILE"))
    }
  }

  private func checkPings(_ faults: inout ConfigurationError) {
    guard let period = duration(.pingPeriod), let wait = duration(.pongWait),
      period >= wait
    else { return }
    faults.clash(self, .pingPeriod, "must be less than ", .pongWait)
  }

  private func checkReading(_ faults: inout ConfigurationError) {
    guard let block = number(.readBufferSize), let longest = number(.maxMessageSize),
      let head = number(.maxHeadSize)
    else { return }
    let isDeflated = BuildTrait.deflate.isBuiltIn && (number(.deflateMemory) ?? 0) > 0
    let message = isDeflated ? Limits.compressedMaximum(of: longest) : longest
    let body = (number(.maxBodySize) ?? 0) + 1024
    let needed =
      Limits.slots(for: message, block) + Limits.slots(for: head + body, block)
      + Limits.readReserve
    let larger: SettingKey = head > message ? .maxHeadSize : .maxMessageSize
    require(needed, .readBuffers, for: larger, &faults)
  }

  private func checkWriting(_ faults: inout ConfigurationError) {
    guard let block = number(.writeBufferSize), let message = number(.maxMessageSize)
    else { return }
    let needed = Limits.slots(for: Limits.replyMaximum(to: message), block) + 1
    require(needed, .writeBuffers, for: .maxMessageSize, &faults)
  }

  /// That what all connections share finds room, whatever the others take.
  private func checkDeflate(_ faults: inout ConfigurationError) {
    #if Deflate
    guard let memory = number(.deflateMemory), memory > 0, let bits = number(.deflateWindowBits)
    else { return }
    let needed = Deflation.sharedSize(windowBits: bits)
    guard memory < needed else { return }
    faults.clash(self, .deflateMemory, "too little for ", .deflateWindowBits, needed: needed)
    #endif
  }

  /// That a number of blocks which is not derived is enough.
  private func require(
    _ needed: Int, _ blocks: SettingKey, for largest: SettingKey,
    _ faults: inout ConfigurationError
  ) {
    guard let count = number(blocks), count > 0, count < needed else { return }
    faults.clash(self, blocks, "too few blocks for one of ", largest, needed: needed)
  }

  private func checkMemory(_ faults: inout ConfigurationError, _ addressable: Int64) {
    guard table.find(.maxConnections) != nil else { return }
    let limits = Limits(self)
    let longest = Limits.slots(for: limits.longestWaiting, limits.writeSlotSize)
    guard limits.writeSlots > longest else {
      let (words, key) = limits.whatIsLongest
      return faults.clash(self, .writeBuffers, words, key, needed: longest + 1)
    }
    let memberships = Int64(limits.places) * Int64(limits.roomsPerConnection)
    guard memberships <= 1 << 26 else {
      return faults.clash(
        self, .maxRoomsPerConnection, "more than 67108864 places in rooms with ", .maxConnections)
    }
    let (read, write) = limits.poolBytes()
    guard read + write > addressable else { return checkShares(&faults, limits, addressable) }
    let isReading = read > write
    faults.clash(
      self, isReading ? .readBuffers : .writeBuffers,
      "more than this machine can address with ",
      isReading ? .readBufferSize : .writeBufferSize, limits: limits)
  }
}

extension Configuration {
  /// That all of it can be counted; what takes most of it is named.
  private func checkShares(
    _ faults: inout ConfigurationError, _ limits: Limits, _ addressable: Int64
  ) {
    let shares = limits.shares.filter { value(of: $0.key) != nil }
    guard shares.reduce(0, { $0 + $1.bytes }) > addressable,
      let largest = shares.max(by: { $0.bytes < $1.bytes })
    else { return }
    faults.refused(
      self, largest.key, [UInt8]("more memory than this machine can address; a smaller one fits"))
  }
}

extension Limits {
  /// What makes the longest message that waits for room as long as it is.
  fileprivate var whatIsLongest: (words: StaticString, key: SettingKey) {
    if longestWaiting == longestPublished { return ("too few blocks for one of ", .maxBodySize) }
    if longestWaiting == longestList {
      return ("too few blocks for the members of one room, ", .maxRoomMembers)
    }
    return ("too few blocks for the answers of one participant, ", .testParticipantSize)
  }
}

extension Configuration {
  /// What WEBSOCKET_ALLOWED_ORIGINS names.
  public func allowedOrigins() -> AllowedOrigins {
    do throws(OriginListError) { return try AllowedOrigins(text(.allowedOrigins).span.raw) } catch {
      preconditionFailure("a list that was checked at start")
    }
  }
}

extension ConfigurationError {
  /// `NAME="value": <words>`.
  fileprivate mutating func refused(
    _ configuration: Configuration, _ key: SettingKey, _ words: [UInt8]
  ) {
    var line: [UInt8] = []
    line.append(configuration.name(of: key))
    line.append("=\"")
    configuration.appendValue(of: key, to: &line)
    line.append("\": ")
    lines.append(line + words)
  }

  /// `NAME="value": <words>OTHER (its value)`, and how much is needed.
  fileprivate mutating func clash(
    _ configuration: Configuration, _ key: SettingKey, _ words: StaticString, _ other: SettingKey,
    needed: Int? = nil, limits: Limits? = nil
  ) {
    var line: [UInt8] = []
    line.append(configuration.name(of: key))
    line.append("=\"")
    configuration.appendValue(of: key, to: &line)
    line.append("\"")
    if let limits, let setting = configuration.table.find(key) {
      configuration.appendZero(of: setting, limits, to: &line)
    }
    line.append(": ")
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
