import CMbedTLS

/// How a signature was made (RFC 7518, section 3.1).
public enum SignatureAlgorithm: CaseIterable, Sendable {
  case hs256, hs384, hs512
  case rs256, rs384, rs512
  case ps256
  case es256, es384

  var code: Int32 {
    switch self {
    case .hs256: Int32(CMBEDTLS_HS256)
    case .hs384: Int32(CMBEDTLS_HS384)
    case .hs512: Int32(CMBEDTLS_HS512)
    case .rs256: Int32(CMBEDTLS_RS256)
    case .rs384: Int32(CMBEDTLS_RS384)
    case .rs512: Int32(CMBEDTLS_RS512)
    case .ps256: Int32(CMBEDTLS_PS256)
    case .es256: Int32(CMBEDTLS_ES256)
    case .es384: Int32(CMBEDTLS_ES384)
    }
  }
}
