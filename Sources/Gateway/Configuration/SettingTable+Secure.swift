extension SettingTable {
  /// The ways to ask a client for a certificate stand in the order of rising strictness.
  static var secure: SettingSection {
    SettingSection(
      "TLS", needs: .tls,
      settings: [
        SecureSetting(
          .tlsCertificateFile, "TLS_CERT_FILE", .file, "",
          "A PEM file with the server's certificate and its chain; without one there is no TLS."),
        SecureSetting(
          .tlsKeyFile, "TLS_KEY_FILE", .file, "",
          "A PEM file with its private key; when empty, the key stands in TLS_CERT_FILE, too."),
        SecureSetting(
          .tlsClientAuthorityFile, "TLS_CLIENT_CA_FILE", .file, "",
          "A PEM file with the authorities that clients' certificates come from."),
        SecureSetting(
          .tlsClientAuth, "TLS_CLIENT_AUTH", .choice(["optional", "required"]), "optional",
          "Whether a client without a certificate is refused; only with TLS_CLIENT_CA_FILE."),
        SecureSetting(
          .tlsPort, "WEBSOCKET_TLS_PORT", .number(0...65535, of: ""), "8443",
          "The TCP port for TLS; that of WEBSOCKET_PORT makes all TLS, 0 takes a free one."),
        SecureSetting(
          .maxSecureConnections, "WEBSOCKET_MAX_TLS_CONNECTIONS",
          .number(1...100_000, of: "connections"), "0", zero: "derived",
          "Connections with TLS at once; one more is closed unheard."),
        SecureSetting(
          .tlsHandshakes, "TLS_HANDSHAKES", .number(1...1000, of: "handshakes"), "8",
          "Handshakes at once; others wait."),
        SecureSetting(
          .tlsHandshakesPerTurn, "TLS_HANDSHAKES_PER_TURN", .number(1...100, of: "handshakes"), "1",
          "Handshakes that work with a key in one turn: on an armv6 board, 50 ms each."),
        SecureSetting(
          .tlsTicketLifetime, "TLS_TICKET_LIFETIME", .duration(0...7 * day), "24h",
          "How long a client may resume its session; 0 gives no tickets."),
      ])
  }
}
