#if Admin
import Delivery
import HTTP
import Management
import Memory

/// What GET /metrics tells, a section a piece.
extension Gateway where Link: ~Copyable {
  /// Writes the next section to `content`; true when it was the last.
  mutating func writeMetrics(_ report: inout Report) -> Bool {
    switch report.section {
    case 0: writeConnectionMetrics()
    case 1: writeTrafficMetrics()
    case 2: writeErrorMetrics()
    case 3: writeRoomMetrics()
    case 4: writePoolMetrics()
    case 5: writePersistenceMetrics()
    case 6:
      writeSecureMetrics()
      Gateway.write(
        metrics.turns, "martlet_turn_duration_seconds", "Work of one turn of the event loop.",
        to: &content)
    default:
      Gateway.write(
        metrics.durations, "martlet_connection_duration_seconds",
        "How long WebSocket connections lasted that have ended.", to: &content)
      return true
    }
    report.section += 1
    return false
  }

  private mutating func writeConnectionMetrics() {
    content.metric(
      "martlet_uptime_seconds", .gauge, "Time since the start.",
      (now.monotonic - started) / 1000)
    content.metric("martlet_connections", .gauge, "WebSocket connections open now, by family.")
    for kind in FamilyKind.allCases where Families.isBuiltIn(kind) {
      content.sample(
        "martlet_connections", "family", kind.name,
        UInt64(metrics.open[Int(kind.rawValue)]))
    }
    content.metric(
      "martlet_connections_opened_total", .counter, "WebSocket connections opened, by family.")
    for kind in FamilyKind.allCases where Families.isBuiltIn(kind) {
      content.sample(
        "martlet_connections_opened_total", "family", kind.name,
        metrics.opened[Int(kind.rawValue)])
    }
    content.metric(
      "martlet_users", .gauge, "Users with a connection.", UInt64(mailroom.users.count))
    content.metric("martlet_http_responses_total", .counter, "HTTP responses, by status code.")
    for status in Status.allCases {
      content.sample(
        "martlet_http_responses_total", "code", number: Int(status.rawValue),
        metrics.responseCount(status))
    }
  }

  private mutating func writeTrafficMetrics() {
    content.metric(
      "martlet_messages_received_total", .counter, "WebSocket messages received.",
      metrics.messagesIn)
    content.metric(
      "martlet_messages_sent_total", .counter, "WebSocket messages queued, one a receiver.",
      mailroom.messageCount)
    content.metric(
      "martlet_received_bytes_total", .counter, "Bytes received.", metrics.bytesIn)
    content.metric("martlet_sent_bytes_total", .counter, "Bytes sent.", metrics.bytesOut)
    content.metric(
      "martlet_rate_limited_messages_total", .counter,
      "Messages refused because they came too fast, by limit.")
    content.sample(
      "martlet_rate_limited_messages_total", "limit", "messages", metrics.overMessageRate)
    content.sample("martlet_rate_limited_messages_total", "limit", "bytes", metrics.overByteRate)
    content.metric(
      "martlet_rate_limited_connections_total", .counter,
      "Connections refused because too many came from their address.",
      count(of: .connectRateLimited))
    content.metric(
      "martlet_slow_receivers_total", .counter,
      "Connections closed because they took their messages too slowly.",
      count(of: .slowReceiver))
  }

  private func count(of incident: Incident) -> UInt64 {
    metrics.incidents[Int(incident.rawValue)]
  }

  private mutating func writeErrorMetrics() {
    content.metric(
      "martlet_errors_total", .counter, "Connections closed or requests refused, by kind.")
    for incident in Incident.allCases {
      content.sample("martlet_errors_total", "kind", incident.name, count(of: incident))
    }
  }

  private mutating func writeRoomMetrics() {
    var largest = 0
    for room in 0..<families.rooms.roomEndIndex where families.rooms.containsRoom(at: room) {
      largest = max(largest, families.rooms.memberCount(ofRoom: room))
    }
    content.metric(
      "martlet_rooms", .gauge, "Rooms with a member.", UInt64(families.rooms.roomCount))
    content.metric(
      "martlet_room_memberships", .gauge, "Connections in rooms, one for each room of each.",
      UInt64(families.rooms.membershipCount))
    content.metric(
      "martlet_largest_room_members", .gauge, "Users in the fullest room.", UInt64(largest))
  }

  private mutating func writePoolMetrics() {
    content.metric("martlet_pool_size", .gauge, "Places of each pool.")
    for pool in PoolKind.allCases {
      content.sample("martlet_pool_size", "pool", pool.name, UInt64(use(of: pool).size))
    }
    content.metric("martlet_pool_in_use", .gauge, "Places in use now.")
    for pool in PoolKind.allCases {
      content.sample("martlet_pool_in_use", "pool", pool.name, UInt64(use(of: pool).inUse))
    }
    content.metric("martlet_pool_peak", .gauge, "The most places in use since the start.")
    for pool in PoolKind.allCases {
      content.sample("martlet_pool_peak", "pool", pool.name, UInt64(use(of: pool).peak))
    }
  }

  private mutating func writePersistenceMetrics() {
    let figures = link.storeFigures
    content.metric(
      "martlet_persist_active", .gauge, "Whether what is acknowledged is on disk (1) or not (0).",
      mailroom.journal.isKept && !keeper.isBroken ? 1 : 0)
    content.metric(
      "martlet_persist_batches_total", .counter, "Groups of records given to the disk.",
      keeper.batches)
    content.metric(
      "martlet_persist_failures_total", .counter, "Groups of records that the disk did not take.",
      keeper.failures)
    content.metric(
      "martlet_persist_rewritings_total", .counter,
      "Times that all records were written anew, because more came at once than a batch takes.",
      keeper.rewritings)
    content.metric(
      "martlet_persist_written_bytes_total", .counter, "Bytes written to the state file.",
      figures.bytesWritten)
    content.metric(
      "martlet_persist_syncs_total", .counter, "Syncs of the state file.", figures.syncs)
    content.metric("martlet_persist_size_bytes", .gauge, "Size of the state file.", figures.size)
    content.metric(
      "martlet_persist_damaged_files_total", .counter,
      "State files that were damaged, and set aside.", figures.damagedFiles)
  }

  private mutating func writeSecureMetrics() {
    let figures = link.secureFigures
    guard let expiry = figures.expiry else { return }
    content.metric(
      "martlet_tls_connections", .gauge, "Connections with TLS, past their handshake.",
      UInt64(figures.connections))
    content.metric(
      "martlet_tls_handshakes_total", .counter, "TLS handshakes that succeeded.",
      figures.handshakes)
    content.metric(
      "martlet_tls_resumed_total", .counter, "TLS sessions that were resumed by a ticket.",
      figures.resumed)
    content.metric(
      "martlet_tls_handshakes_failed_total", .counter, "TLS handshakes that failed, by reason.")
    for fault in HandshakeFault.allCases {
      content.sample(
        "martlet_tls_handshakes_failed_total", "reason", fault.name,
        figures.failures[Int(fault.rawValue)])
    }
    content.metric(
      "martlet_tls_certificate_expiry_seconds", .gauge,
      "When the certificate of the server ends, Unix time.", UInt64(max(0, expiry)))
  }

  private static func write(
    _ histogram: borrowing Histogram, _ name: StaticString, _ help: StaticString,
    to content: inout ByteWriter
  ) {
    content.metric(name, .histogram, help)
    var count: UInt64 = 0
    for place in histogram.counts.indices {
      count += histogram.counts[place]
      content.bucket(
        name, upTo: place < histogram.bounds.count ? histogram.bounds[place] : nil, count)
    }
    content.histogramEnd(name, sum: histogram.sum, count: count)
  }
}
#endif
