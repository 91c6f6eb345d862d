import Memory

@testable import Host

/// A certificate of P-256 for `gateway.local`, good until 2126, and keys for tests alone.
enum TestCertificates {
  static let certificate = """
    -----BEGIN CERTIFICATE-----
    MIIBhjCCAS2gAwIBAgIUDJF6j60sumIbdg+numvYeL4HqZUwCgYIKoZIzj0EAwIw
    GDEWMBQGA1UEAwwNZ2F0ZXdheS5sb2NhbDAgFw0yNjExMjExOTM1MDlaGA8yMTI2
    MTAyODE5MzUwOVowGDEWMBQGA1UEAwwNZ2F0ZXdheS5sb2NhbDBZMBMGByqGSM49
    AgEGCCqGSM49AwEHA0IABGQRgSgMNqRzcxUcGhiI1zUdtd7YV1OrVEsei9cObguE
    FT2LdiBZHZ6SeGg+rDaMYpOspOFeIggL3vl8GKUr1J2jUzBRMB0GA1UdDgQWBBTg
    8+hS9txsepJpejEqDI2WuFFjGjAfBgNVHSMEGDAWgBTg8+hS9txsepJpejEqDI2W
    uFFjGjAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0cAMEQCIDjWDnk+7EfA
    mvpaN2saomiTQcVy0AX7GP9mwVTZgCBZAiAsyhwuURhWn+9tbOL0McegSThobIEf
    bmuEduKQFFO1fg==
    -----END CERTIFICATE-----
    """

  static let key = """
    -----BEGIN PRIVATE KEY-----
    MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgrkdHtAZK6seoyqRt
    WEtHR12TcQIFyMnf7kjBWBZh+oWhRANCAARkEYEoDDakc3MVHBoYiNc1HbXe2FdT
    q1RLHovXDm4LhBU9i3YgWR2eknhoPqw2jGKTrKThXiIIC975fBilK9Sd
    -----END PRIVATE KEY-----
    """

  static let otherKey = """
    -----BEGIN EC PRIVATE KEY-----
    MHcCAQEEIAcs0Nutk0d0Cung4DarLrDXFTjD9WFWpJ7YB7zUyG8boAoGCCqGSM49
    AwEHoUQDQgAER9TgVvO2HxzeG1LBoh40fiou8xbKvOy/77K0GBzfdhoVDh4Nwcy8
    IAnad4fBc2CWNLI/w9aGK7wWQgI/WJ7t3w==
    -----END EC PRIVATE KEY-----
    """

  /// With the password `abcd`.
  static let lockedKey = """
    -----BEGIN EC PRIVATE KEY-----
    Proc-Type: 4,ENCRYPTED
    DEK-Info: AES-128-CBC,F303C2B893AEBDED2F4DA0DD837838AF

    b9HzY5M9Wrid3QqAPMoqKSbPX/5xD5vVmaYYnRxbXMYom+LGq5kvjJL321uBHi4u
    I/A0WZe01hruEVsPrepHwtIq70wusRKoEWmKbTecO3T9NUlTpQy7IQVmlCTI3zd8
    gp8E6hvtII1Ns30C6X34IyhIUV6E9Zg2mpYSsUk9qdI=
    -----END EC PRIVATE KEY-----
    """

  /// RSA of 1024 bits.
  static let shortKey = """
    -----BEGIN RSA PRIVATE KEY-----
    MIICXQIBAAKBgQDW7m5Bu3/3IOZq1KtYjuLmctAs+7TO/eT5n+Q2QpMq4ALNVbOK
    evWhQLiXwO2vpMwWO/1ARGVrehERW8VXNlNVXAUg0qSsEOtp573oaQwtvEGDuStw
    F7GvPPxSrAxME5Vvl99yXvKoPYKtfDkrPP+zvV2UWaCa7+SsfkYpjZjY3QIDAQAB
    AoGAZCaSBdsi07rm41zZwthB7nQNgQiAxfsU2SSiKI55GP9tDtUiZiLJliwcV8o0
    dyXpW2r0pR+5yo0EqvwCRpMv3Ln6Pz11pfiMVhzW86A0E9HUOlcm33rBAdcLCmiq
    DB4N8Q0cIMiDafvFF2SnlL1qw5u7pboTMTur+wriEFiloJkCQQDsBltQ0EISZCFJ
    XqDDs6BDnXX58zCoknlqoYrFAqufQwCKJZMvCnHUOqYLkcG5yXHIjxQQhG1ym3PR
    7YGz84WnAkEA6R8Rwuhrr5u7jnPMK+D16E1OFVHYG72TrWUdAlh4gAp7TP21O7Vs
    lsrCs5vzBNWCXfgebL8zA9KuByiPe7TF2wJBAND7X+dSPu5h0kdQjjA53/F+fnNu
    LOtVpkQP/PsrviIqBVRMqOHB8b/knhkoWcvS3fijFzT4zJ/pnMeH8IwRV4kCQE1Z
    WrpSBdD5miy07Uyt0snmRH88bbkemM5Sm2J42lqZn7m3AJg0JTiPRDT2DJdRBHWL
    awToF9Qv5kBHy/veyjsCQQCfuERtEPM6hSwUC7eB0/wQ1vvVbaHZou4mQ0tlK8EN
    CMHCujdLDL5NxE05aqQBEA5JlwX+TuG+8ukxNsiTzZNl
    -----END RSA PRIVATE KEY-----
    """

  /// Of the curve P-521.
  static let largeKey = """
    -----BEGIN EC PRIVATE KEY-----
    MIHcAgEBBEIBgQKpUQQqTWqY8fUtpdj1geRLCmAQVhf0VJnfVtN1nNq7AL2Q0sYr
    HQqQOBOZZlN39DUfCXk4rBEzSJxOxX8v/MOgBwYFK4EEACOhgYkDgYYABAFc7uJX
    fY7kiili2OBndrSAdVhSRwonZivmxquMrnUVIqUbt0QAETG3K2iE7M1WirmHSw/1
    jrgAfdN+bQ3PY1LYxgG3AaV8sI0Ses34SZEPQTu28Nko7lonGCxCQucxKZZiHewG
    ezPGJLNz0GKshzBTRU7XzEw0h9BQPfsQnKUhJCxc+g==
    -----END EC PRIVATE KEY-----
    """
}

#if TLS
/// An identity of such texts.
func makeIdentity(
  _ certificates: String = TestCertificates.certificate, _ key: String = TestCertificates.key,
  _ authorities: String? = nil
) throws(IdentityError) -> SecureIdentity {
  let (chain, secret) = (Array(certificates.utf8), Array(key.utf8))
  let trusted = authorities.map { Array($0.utf8) }
  return try SecureIdentity(
    certificates: SecretFile(chain.span.raw), key: SecretFile(secret.span.raw),
    authorities: trusted.map { SecretFile($0.span.raw) } ?? SecretFile(), isRequired: false)
}
#endif
