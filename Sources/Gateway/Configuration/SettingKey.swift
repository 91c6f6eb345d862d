/// What a setting is called in the source; its row in `SettingTable` says the rest.
public enum SettingKey: UInt8, CaseIterable, Sendable {
  case enabled, host, port, allowedOrigins, requireAuth
  case maxConnections, httpConnections, maxMessageSize, maxHeadSize, maxHeaders
  case maxBodySize
  case messageRate, burst, byteRate, byteBurst, rateGrace, connectRate, connectBurst
  case handshakeTimeout, readWait, writeWait, closeWait, pingPeriod, pongWait
  case heartbeatInterval, connectionTimeout, shutdownWait
  case readBufferSize, writeBufferSize, readBuffers, writeBuffers, receiveSize, writeQueue
  case touchMemory
  case jwtSecret, jwtSecretFile, jwtPublicKeyFile, jwtKeySetFile, jwtIssuer, jwtAudience
  case jwtRequireExpiry, jwtLeeway, jwtClock, jwtClockFloor, jwtAllowUnsetClock
  case stepIdleTimeout, stepMaxSessions
  case maxRooms, maxRoomMembers, maxRoomsPerConnection, roomHistory, roomHistorySize
  case emotionAllowed, emotionMaxUsers
  case userQueueLength, userQueueTTL, userQueueSize, userQueueUsers
  case testTimerInterval, testMaxSessions, testMaxParticipants, testMaxAnswers
  case testParticipantSize, testAnswersSize, testKeep
  case persistEnabled, persistInterval, persistMaxSize, persistBatchSize
  case tlsCertificateFile, tlsKeyFile, tlsClientAuthorityFile, tlsClientAuth, tlsPort
  case maxSecureConnections, tlsHandshakes, tlsHandshakesPerTurn, tlsTicketLifetime
  case deflateMemory, deflateWindowBits, deflateLevel, deflateMinimum
  case metricsPublic
  case logLevel, logLevelFile, logFormat
}
