import CMbedTLS
import Memory

/// SHA-256 (FIPS 180-4).
public func sha256(_ bytes: RawSpan) -> InlineArray<32, UInt8> {
  var digest = InlineArray<32, UInt8>(repeating: 0)
  var span = digest.mutableSpan
  let status = unsafe span.withUnsafeMutableBufferPointer { out in
    unsafe withAddress(bytes) { unsafe cmbedtls_sha256($0, bytes.byteCount, out.baseAddress!) }
  }
  precondition(status == 0, "mbedTLS has no SHA-256")
  return digest
}

/// HMAC with SHA-256 (RFC 2104), for tokens that are made here.
public func hmacSHA256(_ bytes: RawSpan, secret: RawSpan) -> InlineArray<32, UInt8> {
  var code = InlineArray<32, UInt8>(repeating: 0)
  var span = code.mutableSpan
  let status = unsafe span.withUnsafeMutableBufferPointer { out in
    unsafe withAddress(bytes) { start in
      unsafe withAddress(secret) {
        unsafe cmbedtls_hmac_sha256(
          $0, secret.byteCount, start, bytes.byteCount, out.baseAddress!)
      }
    }
  }
  precondition(status == 0, "mbedTLS has no SHA-256")
  return code
}

/// The address of the bytes; of something else when there are none, which may have no address.
func withAddress(
  _ bytes: RawSpan, _ body: (UnsafePointer<UInt8>) -> Int32
) -> Int32 {
  unsafe bytes.withUnsafeBytes {
    let nothing: UInt8 = 0
    guard let start = $0.baseAddress else {
      return unsafe withUnsafePointer(to: nothing) { unsafe body($0) }
    }
    return unsafe body(start.assumingMemoryBound(to: UInt8.self))
  }
}
