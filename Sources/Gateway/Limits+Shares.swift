import Delivery

/// What the settings take of a machine's memory, estimated before any of it is counted in an `Int`:
/// on a 32-bit board that would end in a trap, and not in a line.
extension Limits {
  struct Share {
    let key: SettingKey
    /// More than it really is, and wider than a board's `Int`.
    let bytes: Int64

    init(_ key: SettingKey, _ count: Int, each size: Int64) {
      self.key = key
      bytes = Int64(count) * size
    }
  }

  /// Everything that grows with a setting, the pools of slots aside.
  var shares: [Share] {
    let history = roomHistory > 0 ? Int64(roomHistory) * 32 + 64 : 0
    return [
      Share(.maxConnections, places, each: 4096 + Int64(roomsPerConnection) * 256),
      Share(.writeQueue, places, each: Int64(writePlaces) * 16),
      Share(.stepMaxSessions, stepSessions, each: 4096),
      Share(.maxRooms, rooms, each: 1024 + history),
      Share(.roomHistorySize, roomHistory > 0 ? roomHistorySize : 0, each: 2),
      Share(.emotionMaxUsers, emotionUsers, each: 512),
      Share(.userQueueUsers, queueUsers, each: 512),
      Share(.userQueueSize, queueSize, each: 4),
      Share(.testMaxSessions, testSessions, each: 1024),
      Share(.testMaxParticipants, testParticipants, each: 512),
      Share(.testAnswersSize, testAnswersSize, each: 4),
      Share(.testParticipantSize, testParticipantSize, each: 64),
      Share(.maxRoomMembers, roomMembers, each: 1024),
      Share(.maxMessageSize, messageMaximum, each: 16),
      Share(.receiveSize, receiveSize, each: 2),
      Share(.maxBodySize, bodyMaximum, each: 64),
      Share(.persistBatchSize, batchSize, each: 4),
      Share(.deflateMemory, deflate.memory, each: 1),
      // The host's: buffers and keys of each session, numbers of each handshake.
      Share(.maxSecureConnections, isSecure ? secureConnections : 0, each: 48 << 10),
      Share(.tlsHandshakes, isSecure ? min(handshakes, secureConnections) : 0, each: 32 << 10),
    ]
  }
}
