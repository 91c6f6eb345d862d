import Delivery

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
    bodyMaximum = settings[.maxBodySize]
    connectRate = settings[.connectRate]
    connectBurstSet = settings[.connectBurst]
    stepSessionsSet = settings.number(.stepMaxSessions) ?? 0
    setFamilies(settings)
    setKept(settings)
    setSecure(settings)
    setDeflate(settings)
    setTimes(settings)
    messageRate = MessageRate.Limit(
      rate: settings[.messageRate], burst: settings[.burst],
      grace: UInt64(settings.milliseconds(.rateGrace)))
    byteRate = MessageRate.Limit(
      rate: settings[.byteRate], burst: settings[.byteBurst],
      grace: UInt64(settings.milliseconds(.rateGrace)))
  }

  private mutating func setFamilies(_ settings: Configuration) {
    rooms = settings.number(.maxRooms) ?? rooms
    roomMembersSet = settings.number(.maxRoomMembers) ?? 0
    roomsPerConnection = settings.number(.maxRoomsPerConnection) ?? roomsPerConnection
    roomHistory = settings.number(.roomHistory) ?? 0
    roomHistorySize = settings.number(.roomHistorySize) ?? roomHistorySize
    emotionUsersSet = settings.number(.emotionMaxUsers) ?? 0
    if case .text(let list)? = settings.value(of: .emotionAllowed) { emotionsAllowed = list }
    if case .flag(let isPublic)? = settings.value(of: .metricsPublic) {
      hasPublicMetrics = isPublic
    }
    requiresToken = settings.flag(.requireAuth)
  }

  private mutating func setKept(_ settings: Configuration) {
    queueLength = settings.number(.userQueueLength) ?? queueLength
    queueLifetime = settings.duration(.userQueueTTL) ?? queueLifetime
    queueSize = settings.number(.userQueueSize) ?? queueSize
    queueUsersSet = settings.number(.userQueueUsers) ?? 0
    testTimerInterval = settings.duration(.testTimerInterval) ?? testTimerInterval
    testSessions = settings.number(.testMaxSessions) ?? testSessions
    testParticipantsSet = settings.number(.testMaxParticipants) ?? 0
    testAnswers = settings.number(.testMaxAnswers) ?? testAnswers
    testParticipantSize = settings.number(.testParticipantSize) ?? testParticipantSize
    testAnswersSize = settings.number(.testAnswersSize) ?? testAnswersSize
    testKeep = settings.duration(.testKeep) ?? testKeep
    persistInterval = settings.duration(.persistInterval) ?? persistInterval
    batchSizeSet = settings.number(.persistBatchSize) ?? 0
    if case .flag(let isEnabled)? = settings.value(of: .persistEnabled) {
      keepsRecords = isEnabled
    }
  }

  private mutating func setSecure(_ settings: Configuration) {
    if case .text(let path)? = settings.value(of: .tlsCertificateFile) { isSecure = !path.isEmpty }
    secureConnectionsSet = settings.number(.maxSecureConnections) ?? 0
    handshakes = settings.number(.tlsHandshakes) ?? handshakes
  }

  private mutating func setDeflate(_ settings: Configuration) {
    deflate.memory = settings.number(.deflateMemory) ?? 0
    deflate.windowBits = settings.number(.deflateWindowBits) ?? deflate.windowBits
    deflate.level = settings.number(.deflateLevel) ?? deflate.level
    deflate.minimum = settings.number(.deflateMinimum) ?? deflate.minimum
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
    stepIdleTimeout = settings.duration(.stepIdleTimeout) ?? stepIdleTimeout
  }

  /// What a setting whose 0 means "derived" comes to, nil for any other.
  func derived(_ key: SettingKey) -> Int? {
    switch key {
    case .receiveSize: receiveSize
    case .writeQueue: writePlaces
    case .readBuffers: readSlots
    case .writeBuffers: writeSlots
    case .stepMaxSessions: stepSessions
    case .maxRoomMembers: roomMembers
    case .emotionMaxUsers: emotionUsers
    case .connectBurst: connectBurst
    case .userQueueUsers: queueUsers
    case .testMaxParticipants: testParticipants
    case .maxSecureConnections: secureConnections
    default: nil
    }
  }
}
