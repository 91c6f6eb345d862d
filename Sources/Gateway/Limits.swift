public import Delivery
import HTTP
import WebSocket

/// Every bound of the gateway as a number. What the operator did not set is derived here, once.
public struct Limits {
  /// WebSocket connections at once.
  public var connections = 1000
  /// Further connections, for plain HTTP and for refusals that say why.
  public var httpConnections = 16
  /// Whether upgrades are accepted at all.
  public var isEnabled = true

  /// Whether paths that are anyone's need a token.
  public var requiresToken = false
  public var hasPublicMetrics = false

  // Bytes.
  public var messageMaximum = 512
  /// Of a request.
  public var bodyMaximum = 4096
  public var headMaximum = 8192
  public var readSlotSize = 1024
  public var writeSlotSize = 1024

  /// Header lines of a request.
  public var headerLines = 64

  // Milliseconds.
  public var handshakeTimeout: UInt64 = 10_000
  public var pingPeriod: UInt64 = 54_000
  public var pongWait: UInt64 = 60_000
  public var heartbeatInterval: UInt64 = 30_000
  public var connectionTimeout: UInt64 = 60_000
  public var readWait: UInt64 = 30_000
  public var writeWait: UInt64 = 10_000
  public var closeWait: UInt64 = 5_000
  public var shutdownWait: UInt64 = 10_000
  public var stepIdleTimeout: UInt64 = 300_000

  var messageRate = MessageRate.Limit(rate: 0, burst: 0, grace: 0)
  /// In bytes.
  var byteRate = MessageRate.Limit(rate: 0, burst: 0, grace: 0)
  /// Connections a second from one address; 0 is no limit.
  public var connectRate = 0

  public var rooms = 256
  public var roomsPerConnection = 8
  /// Messages.
  public var roomHistory = 0
  /// Bytes for all rooms.
  public var roomHistorySize = 1 << 20
  /// Names separated by commas; empty for any.
  public var emotionsAllowed: [UInt8] = []

  /// Messages that are kept of one user.
  public var queueLength = 100
  /// Milliseconds.
  public var queueLifetime: UInt64 = 86_400_000
  /// Bytes of what is kept of all users: events, and the same again for notifications.
  public var queueSize = 512 << 10

  /// Milliseconds.
  public var testTimerInterval: UInt64 = 1000
  public var testSessions = 64
  /// Of one participant.
  public var testAnswers = 100
  /// Bytes of all answers of one participant.
  public var testParticipantSize = 16 << 10
  /// Bytes of all answers.
  public var testAnswersSize = 512 << 10
  /// Milliseconds for which a submitted session is kept.
  public var testKeep: UInt64 = 604_800_000

  /// What compressing messages may take.
  public var deflate = DeflateLimits()

  /// Whether connections may come with TLS.
  public var isSecure = false
  /// TLS handshakes at once.
  public var handshakes = 8

  /// Whether the host writes down what has to outlive the process.
  public var keepsRecords = false
  /// Milliseconds between two batches of records.
  public var persistInterval: UInt64 = 200

  // What the operator set, or 0: then it is derived below.
  public var receiveSizeSet = 0
  public var readSlotsSet = 0
  public var writeSlotsSet = 0
  public var writePlacesSet = 0
  public var stepSessionsSet = 0
  public var roomMembersSet = 0
  public var emotionUsersSet = 0
  public var connectBurstSet = 0
  public var queueUsersSet = 0
  public var testParticipantsSet = 0
  public var batchSizeSet = 0
  public var secureConnectionsSet = 0

  public init() {}

  /// Whether a connection's messages or bytes are counted against a rate.
  var isRated: Bool { messageRate.rate > 0 || byteRate.rate > 0 }

  /// Milliseconds after which a receiver that takes nothing is given up when others wait for slots.
  var pressureWait: UInt64 { max(writeWait / 20, 1) }

  /// Connections of any kind at once.
  public var places: Int { connections + httpConnections }

  /// Those of them that may come with TLS.
  public var secureConnections: Int {
    min(secureConnectionsSet > 0 ? secureConnectionsSet : 100, places)
  }

  public var stepSessions: Int { stepSessionsSet > 0 ? stepSessionsSet : connections }
  public var roomMembers: Int { roomMembersSet > 0 ? roomMembersSet : connections }
  public var emotionUsers: Int { emotionUsersSet > 0 ? emotionUsersSet : 2 * connections }
  public var queueUsers: Int { queueUsersSet > 0 ? queueUsersSet : 2 * connections }
  public var testParticipants: Int {
    testParticipantsSet > 0 ? testParticipantsSet : connections
  }
  public var connectBurst: Int { connectBurstSet > 0 ? connectBurstSet : 10 * connectRate }

  /// Bytes taken from one connection in one turn: sixteen of the longest messages, so that a burst
  /// is one system call, and no more than keeps a turn short.
  public var receiveSize: Int {
    receiveSizeSet > 0
      ? receiveSizeSet : min(max(16 * (messageMaximum + Limits.frameHead), 4096), 256 * 1024)
  }

  /// The longest head of a client's frame (RFC 6455, section 5.2).
  private static let frameHead = FrameHeader.maximumSize
  /// Bytes of an answer beside what it repeats of the message.
  private static let answerOverhead = 1024
  /// Seconds after which a client that found no room may come again.
  static let retryAfter = 5
  /// Bytes of the longest HTTP response.
  static let responseMaximum = 2048

  /// Bytes of the longest answer to one message: it must find room before the message is read.
  ///
  /// A room's list of names may be longer: it waits until there is room.
  public var replyMaximum: Int { max(Limits.replyMaximum(to: messageMaximum), longestReply) }

  static func replyMaximum(to message: Int) -> Int { message + answerOverhead }

  /// Bytes of answers that are gathered for one write: those to all that is received at once, if
  /// they are no longer than what they answer.
  public var corkSize: Int { receiveSize + replyMaximum }

  /// Bytes in which an answer is put together.
  public var draftSize: Int {
    max(longestMessage, contentSize + Limits.crossOriginMaximum + 512, longestPublished + 512)
  }

  /// Bytes in which a piece of an HTTP answer is put together: a connection's row with all rooms.
  var contentSize: Int {
    max(
      2 * Limits.responseMaximum, 2048 + roomsPerConnection * 131,
      Limits.responseMaximum + longestSessionPiece)
  }

  /// Messages that one share of a turn may queue: there is one for those who come, and one for
  /// those who had to wait. A burst of sixteen to everyone is one share, so that each receiver gets
  /// it in one write: queueing costs little beside that.
  var messagesPerShare: UInt64 { UInt64(max(1024, 16 * places)) }

  /// Bytes of the longest message that waits until there is room for it: the names in a room, all
  /// answers of a participant, or what a backend has published.
  var longestWaiting: Int { max(longestList, longestAnswers, longestPublished) }

  /// Bytes of the longest message.
  private var longestMessage: Int { max(replyMaximum, longestWaiting) }

  /// Slots of the longest that a connection may be told at once.
  var longestAnswerSlots: Int {
    Limits.slots(for: max(longestMessage, contentSize), writeSlotSize)
  }

  /// Bytes of the lines that let a page of another origin read an answer.
  static let crossOriginMaximum = 512

  /// Bytes of the longest message as it comes.
  var compressedMaximum: Int {
    deflate.memory > 0 ? Limits.compressedMaximum(of: messageMaximum) : messageMaximum
  }

  /// Bytes that a message has at most when it comes compressed: one that cannot be gets longer, by
  /// five bytes for each piece of it (RFC 1951, section 3.2.4), and some compressors make short
  /// pieces.
  static func compressedMaximum(of bytes: Int) -> Int { bytes + bytes / 8 + 64 }

  /// Bytes in which a message in pieces, or a chunked body, is put together.
  var assembledSize: Int { max(compressedMaximum, 2 * bodyMaximum + 1024) }

  /// Bytes in which a turn reads one connection: what it kept, and what comes now.
  public var receivedSize: Int { headMaximum + bodyWireMaximum + receiveSize }

  /// Bytes of a body as it comes, the framing of its chunks included.
  var bodyWireMaximum: Int { bodyMaximum + 1024 }

  /// What a request's head may take up.
  var request: RequestLimits {
    RequestLimits(headSize: headMaximum, requestLineSize: headMaximum, fieldCount: headerLines)
  }

  /// Bytes that wait for the disk at most, 64 without one; four of the longest records fit.
  public var batchSize: Int { keepsRecords ? max(batchSizeSet, 4 * recordSize) : 64 }

  /// How many slots of `slotSize` bytes hold so many bytes.
  static func slots(for bytes: Int, _ slotSize: Int) -> Int {
    (bytes + slotSize - 1) / slotSize
  }

  /// Slots of the read pool.
  public var readSlots: Int {
    if readSlotsSet > 0 { return readSlotsSet }
    return places  // a torn head or message of each connection
      + Limits.slots(for: compressedMaximum, readSlotSize)  // one of the longest, in pieces
      + Limits.slots(for: headMaximum + bodyWireMaximum, readSlotSize)  // one request, torn
      + 2 * Limits.slots(for: receiveSize, readSlotSize)  // two connections that have to wait
      + Limits.readReserve
  }

  /// Slots that one receive may take beyond its bytes: it may be torn across two chains.
  static let readReserve = 3

  /// Parcels that may wait for one connection, control frames aside.
  public var writePlaces: Int { writePlacesSet > 0 ? writePlacesSet : 16 }

  /// An outbox counts its parcels in 16 bits, those of control frames included.
  static let writePlacesMaximum = 65_000

  /// The bytes of both pools, the outboxes with the second; wider than a board's `Int`, which
  /// they may not fit.
  func poolBytes() -> (read: Int64, write: Int64) {
    let outboxes = Int64(Outboxes.bytesPerConnection(places: writePlaces)) * Int64(places)
    let write = Int64(writeSlots) * Int64(writeSlotSize) + outboxes
    return (Int64(readSlots) * Int64(readSlotSize), write)
  }

  /// Slots of the write pool.
  public var writeSlots: Int {
    if writeSlotsSet > 0 { return writeSlotsSet }
    return places  // one begun for each connection
      + Limits.slots(for: max(replyMaximum, bodyMaximum), writeSlotSize)  // the answer at hand
      + 2 * Limits.slots(for: longestWaiting, writeSlotSize)  // two that wait for room
      + 4 * writePlaces  // four receivers that are slow
  }
}
