import CMbedTLS
import Memory

/// SHA-1 (FIPS 180-4), for the opening handshake only: it protects nothing.
public func sha1(_ bytes: RawSpan) -> InlineArray<20, UInt8> {
  var digest = InlineArray<20, UInt8>(repeating: 0)
  var span = digest.mutableSpan
  let status = unsafe span.withUnsafeMutableBufferPointer { out in
    unsafe bytes.withUnsafeBytes {
      unsafe cmbedtls_sha1(
        $0.baseAddress!.assumingMemoryBound(to: UInt8.self), $0.count, out.baseAddress!)
    }
  }
  precondition(status == 0, "mbedTLS has no SHA-1")
  return digest
}
