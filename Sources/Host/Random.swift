import CMbedTLS
import Memory

/// Random bytes from AES-CTR-DRBG (NIST SP 800-90A), seeded by the system.
@safe public struct Random: ~Copyable {
  let state: OpaquePointer

  public init() throws(HostError) {
    let memory = UnsafeMutableRawPointer.allocate(
      byteCount: cmbedtls_random_size(), alignment: 16)
    unsafe state = OpaquePointer(memory)
    try HostError.check(
      "seed the random generator", unsafe cmbedtls_random_init(state), from: .mbedTLS)
  }

  public mutating func sixteenBytes() -> InlineArray<16, UInt8> {
    var bytes = InlineArray<16, UInt8>(repeating: 0)
    var span = bytes.mutableSpan
    let status = unsafe span.withUnsafeMutableBufferPointer {
      unsafe cmbedtls_random_fill(state, $0.baseAddress!, $0.count)
    }
    precondition(status == 0, "the system's source of entropy failed")
    return bytes
  }
}
