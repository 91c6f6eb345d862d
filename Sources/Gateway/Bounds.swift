import WebSocket

/// What each turn or message asks of the limits, worked out once at start.
struct Bounds {
  let messagesPerShare: UInt64
  /// Bytes.
  let receiveSize: Int
  let readSlotSize: Int
  /// Slots of the read pool of which so many are free that anyone may fill a receive.
  let ampleReadSlots: Int
  let messageMaximum: Int
  let compressedMaximum: Int
  let isRated: Bool
  /// Bytes of the longest answer to one message, and the slots that it takes.
  let reply: Int
  let replySlots: Int
  let longestAnswerSlots: Int

  init(_ limits: Limits) {
    messagesPerShare = limits.messagesPerShare
    receiveSize = limits.receiveSize
    readSlotSize = limits.readSlotSize
    // Half of the pool at most is set aside; an eighth of the rest is a share, less two slots.
    ampleReadSlots =
      limits.readSlots / 2 + 8 * (Limits.slots(for: limits.receiveSize, limits.readSlotSize) + 2)
    messageMaximum = limits.messageMaximum
    isRated = limits.isRated
    compressedMaximum = limits.compressedMaximum
    reply = limits.replyMaximum
    replySlots = Limits.slots(for: limits.replyMaximum, limits.writeSlotSize)
    longestAnswerSlots = limits.longestAnswerSlots
  }
}
