/// From settings to limits, and back for the report.
extension Limits {
  public init(_ settings: Configuration) {
    self.init()
    isEnabled = settings.flag(.enabled)
    connections = settings[.maxConnections]
    httpConnections = settings[.httpConnections]
    messageMaximum = settings[.maxMessageSize]
    headMaximum = settings[.maxHeadSize]
    headerLines = settings[.maxHeaders]
    readSlotSize = settings[.readBufferSize]
    writeSlotSize = settings[.writeBufferSize]
    receiveSizeSet = settings[.receiveSize]
    readSlotsSet = settings[.readBuffers]
    writeSlotsSet = settings[.writeBuffers]
    writePlacesSet = settings[.writeQueue]
    stepSessionsSet = settings.number(.stepMaxSessions) ?? 0
    setTimes(settings)
    messageRate = MessageRate.Limit(
      rate: settings[.messageRate], burst: settings[.burst],
      grace: UInt64(settings.milliseconds(.rateGrace)))
  }

  private mutating func setTimes(_ settings: Configuration) {
    func time(_ key: SettingKey) -> UInt64 { UInt64(settings.milliseconds(key)) }
    handshakeTimeout = time(.handshakeTimeout)
    pingPeriod = time(.pingPeriod)
    pongWait = time(.pongWait)
    heartbeatInterval = time(.heartbeatInterval)
    connectionTimeout = time(.connectionTimeout)
    readWait = time(.readWait)
    writeWait = time(.writeWait)
    closeWait = time(.closeWait)
    shutdownWait = time(.shutdownWait)
    stepIdleTimeout = settings.number(.stepIdleTimeout).map { UInt64($0) } ?? stepIdleTimeout
  }

  /// What a setting whose 0 means "derived" comes to, nil for any other.
  func derived(_ key: SettingKey) -> Int? {
    switch key {
    case .receiveSize: receiveSize
    case .writeQueue: writePlaces
    case .readBuffers: readSlots
    case .writeBuffers: writeSlots
    case .stepMaxSessions: stepSessions
    default: nil
    }
  }
}
