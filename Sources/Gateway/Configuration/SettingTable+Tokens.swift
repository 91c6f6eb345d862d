extension SettingTable {
  /// The day of this release: a clock that is before it is wrong.
  private static let releaseDate: StaticString = "2026-11-21"

  static var tokens: SettingSection {
    SettingSection(
      "Tokens",
      settings: [
        Setting(
          .jwtSecret, "JWT_SECRET", .secret(1...512), "",
          "The secret of HMAC tokens, better in JWT_SECRET_FILE; without a key one is made."),
        Setting(
          .jwtSecretFile, "JWT_SECRET_FILE", .file, "",
          "A file that holds the secret instead, one line end behind it aside."),
        Setting(
          .jwtPublicKeyFile, "JWT_PUBLIC_KEY_FILE", .file, "",
          "A PEM file with the public keys, RSA or EC, that tokens may be signed for."),
        Setting(
          .jwtKeySetFile, "JWT_JWKS_FILE", .file, "",
          "A JWK Set (RFC 7517) with keys that tokens may be signed for."),
        Setting(
          .jwtIssuer, "JWT_ISSUER", .text(0...256), "",
          "What a token's iss has to be; empty takes any."),
        Setting(
          .jwtAudience, "JWT_AUDIENCE", .text(0...256), "",
          "What a token's aud has to name; when empty, a token with an aud is refused."),
        Setting(
          .jwtRequireExpiry, "JWT_REQUIRE_EXP", .flag, "true",
          "Whether a token has to expire."),
        Setting(
          .jwtLeeway, "JWT_LEEWAY", .duration(0...3_600_000), "30s",
          "How far clocks may be apart when exp and nbf are judged."),
        Setting(
          .jwtClock, "JWT_CLOCK", .choice(["floor", "synced"]), "floor",
          "Whether the clock counts once past the floor, or once the system synchronised it."),
        Setting(
          .jwtClockFloor, "JWT_CLOCK_FLOOR", .date, releaseDate,
          "A clock before this day was never set: tokens are then refused with 503."),
        Setting(
          .jwtAllowUnsetClock, "JWT_ALLOW_UNSET_CLOCK", .flag, "false",
          "Whether tokens are taken without regard to exp and nbf while the clock is not set."),
      ])
  }
}
