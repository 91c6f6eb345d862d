import Memory
import TestSupport

@testable import Host

/// A ring that `#expect` can call: it takes no noncopyable value.
final class TestRing {
  var ring = KeyRing()

  func add(secret: [UInt8]) throws {
    try whileHashing { try ring.add(secret: secret.span.raw) }
  }
  func add(pem: String) throws { try ring.add(pem: Array(pem.utf8).span.raw) }

  /// What a key is refused with, nil when it is not.
  func refusal(_ add: (inout KeyRing) throws(KeyError) -> Void) -> KeyError? {
    whileHashing {
      do throws(KeyError) {
        try add(&ring)
        return nil
      } catch {
        return error
      }
    }
  }

  func refusal(of secret: [UInt8]) -> KeyError? {
    refusal { ring throws(KeyError) in try ring.add(secret: secret.span.raw) }
  }

  /// Whether the first key made the signature.
  func verifies(
    _ algorithm: SignatureAlgorithm, _ message: [UInt8], _ signature: [UInt8]
  ) -> Bool {
    whileHashing {
      ring.verify(
        key: 0, algorithm: algorithm, signed: message.span.raw, signature: signature.span.raw)
    }
  }
}
