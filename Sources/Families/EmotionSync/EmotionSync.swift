public import Delivery
import Memory
public import WebSocket

/// Emotion sync (PROTOCOL.md, section 5): what one device of a user says, all of them show.
///
/// An emotion is of the class *latest wins*: a device that takes nothing now gets the newest one as
/// soon as it does, and none of those between. Of what a user says at once on two devices the one
/// handled last stays, on both.
public struct EmotionSync: Family, ~Copyable {
  private var devices: Devices
  private var emotions: KnownEmotions
  private let allowed: AllowedEmotions
  /// When what changed is put down, in milliseconds of the monotonic clock.
  private var saveAt: UInt64 = 0

  /// Milliseconds in which a user's emotion is put down once, however often it changes.
  private static var saveInterval: UInt64 { 100 }

  public static var isBuiltIn: Bool { true }

  /// - Parameters:
  ///   - connections: are numbered from 0 to this, less one.
  ///   - users: whose emotions are kept; as many as there are connections at least.
  ///   - allowed: names with commas between them; when empty, any emotion is taken.
  ///   - seed: random, and known to no peer.
  public init(connections: Int, users: Int, allowed: [UInt8], seed: UInt64) {
    devices = Devices(connections: connections)
    emotions = KnownEmotions(capacity: max(connections, users), seed: seed)
    self.allowed = AllowedEmotions(allowed.span.raw)
  }

  // MARK: Coming and going

  public mutating func opened(
    _ connection: Int, _ opening: Opening, at now: Moment, _ mailroom: inout Mailroom
  ) {
    guard let user = mailroom.users.user(of: connection) else { return }
    let id = mailroom.users.id(of: user)
    if devices.add(connection, to: user), let known = emotions.find(id.bytes) {
      emotions.connect(known, to: UInt32(user))
      devices.setKnown(known, of: user)
    }
    mailroom.draft.connectionEstablished(id, at: now)
    mailroom.sendDraft(to: connection)
    if let known = devices.known(of: user) {
      mailroom.draft.emotionUpdate(emotions.table[known])
      mailroom.sendDraft(to: connection)
    }
  }

  public mutating func closed(_ connection: Int, at now: Moment, _ mailroom: inout Mailroom) {
    guard let user = devices.user(of: connection), devices.remove(connection) else { return }
    if let known = devices.known(of: user) {
      emotions.connect(known, to: KnownEmotion.none)
      // It may be the last turn of the server.
      emotions.save(known, &mailroom.journal)
    }
    devices.setKnown(nil, of: user)
  }

  public mutating func resumed(_ connection: Int, at now: Moment, _ mailroom: inout Mailroom) {
    guard let user = devices.user(of: connection), let known = devices.known(of: user) else {
      return
    }
    mailroom.draft.emotionUpdate(emotions.table[known])
    mailroom.sendDraft(to: connection)
  }

  public mutating func touch() { emotions.touch() }

  // MARK: Records

  public var wakeUp: UInt64? { emotions.unsaved.isEmpty ? nil : saveAt }

  public mutating func woke(at now: Moment, _ mailroom: inout Mailroom) {
    emotions.save(&mailroom.journal)
    saveAt = now.monotonic + EmotionSync.saveInterval
  }

  public mutating func restore(
    _ kind: RecordKind, key: UInt64, _ body: RawSpan, at now: Moment, _ mailroom: inout Mailroom
  ) -> Bool {
    emotions.restore(key: key, body, &mailroom.journal)
  }

  public mutating func rewrite(from cursor: Int, _ journal: inout Journal) -> Int? {
    emotions.rewrite(from: cursor, &journal)
  }

  // MARK: Messages

  @inline(never)
  public mutating func received(
    _ opcode: Opcode, _ payload: RawSpan, from connection: Int, at now: Moment,
    _ mailroom: inout Mailroom
  ) -> FamilyStep {
    guard let user = devices.user(of: connection) else { return .close(.internalError) }
    do throws(EmotionRefusal) {
      switch try EmotionMessage.read(payload) {
      case .update(let emotion):
        guard allowed.allows(emotion.bytes) else { throw .notAllowed }
        update(user, to: emotion, now, &mailroom)
      case .ping:
        mailroom.draft.pong(at: now)
        mailroom.sendDraft(to: connection)
      case .pong: break
      }
    } catch {
      mailroom.draft.refusal(error, allowed)
      mailroom.sendDraft(to: connection)
    }
    return .stay
  }

  public mutating func refused(_ connection: Int, at now: Moment, _ mailroom: inout Mailroom) {
    mailroom.draft.refusal(.tooFast, allowed)
    mailroom.sendDraft(to: connection)
  }

  private mutating func update(
    _ user: Int, to emotion: ShortText, _ now: Moment, _ mailroom: inout Mailroom
  ) {
    let place: Int
    if emotions.unsaved.isEmpty { saveAt = now.monotonic + EmotionSync.saveInterval }
    if let known = devices.known(of: user) {
      emotions.change(known, to: emotion, at: now.wall, mailroom.journal)
      place = known
    } else {
      place = emotions.insert(
        mailroom.users.id(of: user), user: UInt32(user), emotion, at: now.wall,
        &mailroom.journal)
      devices.setKnown(place, of: user)
    }
    mailroom.draft.emotionUpdate(emotions.table[place])
    let length = mailroom.draft.count + ServerFrameHeader.maximumSize
    let isShared = length <= mailroom.outboxes.pool.available * mailroom.outboxes.pool.slotSize
    if isShared { mailroom.shareDraft() } else { mailroom.draft.removeAll() }
    var next = devices.firstConnection(of: user)
    while let connection = next {
      if mailroom.outboxes.isEmpty(connection), !isShared {
        // Nothing of its own will ever make room.
        mailroom.missed.insert(connection)
      } else if isShared, mailroom.mayTakeNow(length, connection) {
        mailroom.waiting.remove(connection)
        mailroom.sendShared(to: connection)
      } else {
        mailroom.waiting.insert(connection)
      }
      next = devices.connection(behind: connection)
    }
  }

  // MARK: For management

  /// Connections.
  public var connectionCount: Int { devices.count }
  /// Users whose emotions are kept.
  public var knownCount: Int { emotions.table.count }
  public var knownPeak: Int { emotions.table.peak }
  public var knownCapacity: Int { emotions.table.capacity }

  /// Bytes of all that `init` takes for the same numbers.
  public static func byteCount(connections: Int, users: Int) -> Int {
    connections * Devices.bytesPerConnection
      + KnownEmotions.byteCount(capacity: max(connections, users))
  }

  /// Bytes of the longest message that emotion sync sends.
  ///
  /// - Parameter allowed: bytes of the list of names.
  public static func longestAnswer(allowed: Int) -> Int {
    // A byte becomes six at most when it is escaped, and a name of one has quotes and a comma.
    12 * ShortText.maximumSize + 9 * allowed + 256
  }
}
