import Host
import Memory
import Tokens

extension KeyRing {
  mutating func add(_ material: WebKey.Material) throws(KeyError) {
    switch material {
    case .secret(let bytes): try add(secret: bytes.span.raw)
    case .rsa(let n, let e): try add(rsa: n.span.raw, e: e.span.raw)
    case .point(.p256, let x, let y): try add(.p256, x: x.span.raw, y: y.span.raw)
    case .point(.p384, let x, let y): try add(.p384, x: x.span.raw, y: y.span.raw)
    }
  }
}

extension AlgorithmSet {
  /// All that a key of this kind is good for.
  init(_ kind: KeyRing.Kind) {
    switch kind {
    case .secret: self = .hmac
    case .rsa: self = .rsa
    case .p256: self.init(.es256)
    case .p384: self.init(.es384)
    }
  }
}

extension SignatureAlgorithm {
  init(_ algorithm: Algorithm) {
    switch algorithm {
    case .hs256: self = .hs256
    case .hs384: self = .hs384
    case .hs512: self = .hs512
    case .rs256: self = .rs256
    case .rs384: self = .rs384
    case .rs512: self = .rs512
    case .ps256: self = .ps256
    case .es256: self = .es256
    case .es384: self = .es384
    }
  }
}
