import HTTP
import Memory
import WebSocket

/// Why a connection was closed, or a request not granted, by kind.
enum Incident: UInt8, CaseIterable {
  case protocolError, invalidUTF8, messageTooBig, unsupportedData, rateLimited, slowReceiver
  case tokenExpired, disconnected, timedOut, internalError, badRequest, tokenRefused
  case originRefused, connectRateLimited, full

  static let count = allCases.count

  /// The value of the label `kind`.
  var name: StaticString {
    switch self {
    case .protocolError: "protocol_error"
    case .invalidUTF8: "invalid_utf8"
    case .messageTooBig: "message_too_big"
    case .unsupportedData: "unsupported_data"
    case .rateLimited: "rate_limited"
    case .slowReceiver: "slow_receiver"
    case .tokenExpired: "token_expired"
    case .disconnected: "disconnected_by_admin"
    case .timedOut: "timed_out"
    case .internalError: "internal_error"
    case .badRequest: "bad_request"
    case .tokenRefused: "token_refused"
    case .originRefused: "origin_refused"
    case .connectRateLimited: "connect_rate_limited"
    case .full: "full"
    }
  }
}

extension Incident {
  /// What a peer has done that is closed with `code`.
  init?(_ code: CloseCode) {
    switch code {
    case .protocolError: self = .protocolError
    case .invalidPayload: self = .invalidUTF8
    case .messageTooBig: self = .messageTooBig
    case .unsupportedData: self = .unsupportedData
    default: return nil
    }
  }
}

/// Counts how often a value fell into each of some ranges.
struct Histogram: ~Copyable {
  /// Upper bounds in microseconds, rising; what is above all of them counts at the end.
  let bounds: InlineArray<12, UInt64>
  private(set) var counts = InlineArray<13, UInt64>(repeating: 0)
  /// Microseconds.
  private(set) var sum: UInt64 = 0

  init(_ bounds: InlineArray<12, UInt64>) { self.bounds = bounds }

  /// - Parameter value: microseconds.
  mutating func observe(_ value: UInt64) {
    var place = 0
    while place < bounds.count, value > bounds[place] { place += 1 }
    counts[place] &+= 1
    sum &+= value
  }
}

/// What the gateway counts from its start on.
struct Metrics: ~Copyable {
  /// Whole messages that came, fragments joined.
  var messagesIn: UInt64 = 0
  var bytesIn: UInt64 = 0
  var bytesOut: UInt64 = 0
  /// Messages over their connection's rate, in messages and in bytes.
  var overMessageRate: UInt64 = 0
  var overByteRate: UInt64 = 0
  var incidents = InlineArray<15, UInt64>(repeating: 0)
  /// By family: connections open now, and opened since the start.
  var open = InlineArray<10, Int>(repeating: 0)
  var opened = InlineArray<10, UInt64>(repeating: 0)
  /// HTTP responses, by status code.
  private var responses = FixedArray<UInt64>(zeroed: 600)
  /// Connections in any phase, the most at once.
  var connectionPeak = 0
  var turns = Histogram([
    10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 50_000, 250_000,
  ])
  var durations = Histogram([
    100_000, 1_000_000, 10_000_000, 60_000_000, 300_000_000, 900_000_000, 3_600_000_000,
    14_400_000_000, 43_200_000_000, 86_400_000_000, 604_800_000_000, 2_592_000_000_000,
  ])

  mutating func countResponse(_ status: Status) { responses[Int(status.rawValue)] &+= 1 }

  func responseCount(_ status: Status) -> UInt64 { responses[Int(status.rawValue)] }

  mutating func count(_ incident: Incident) { incidents[Int(incident.rawValue)] &+= 1 }
}
