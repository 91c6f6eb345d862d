import Host
import Memory
import TestSupport

@testable import Tokens

/// Makes tokens and has them checked, as an issuer and a server would.
struct Issuer {
  static let secret = Array("a secret of thirty-two bytes, ok".utf8)
  /// A minute after its claims below begin.
  static let now: Int64 = 1_800_000_000

  /// A token with the header and claims as they stand, signed with HS256 whatever they say.
  static func token(
    _ claims: String, header: String = #"{"alg":"HS256"}"#, secret: [UInt8] = Issuer.secret
  ) -> String {
    let input = encoded(header) + "." + encoded(claims)
    let bytes = Array(input.utf8)
    let code = hmacSHA256(bytes.span.raw, secret: secret.span.raw)
    let signature = Base64URL.encoded(code.span.raw)
    return input + "." + String(decoding: signature, as: UTF8.self)
  }

  static func encoded(_ text: String) -> String {
    String(decoding: Base64URL.encoded(Array(text.utf8).span.raw), as: UTF8.self)
  }
}

/// What a check says, in a form that tests can compare.
struct Verdict {
  var claims: Claims?
  var error: TokenError?
  /// The numbers of the keys that were tried.
  var tried: [Int] = []

  var subject: String? { claims.map { $0.subject.string } }
  var name: String? { claims.map { $0.name.string } }
}

/// The server's side: keys with their names, of which the first has the issuer's secret.
struct Checker {
  var rules = TokenRules()
  var now: Int64? = Issuer.now
  var keys: [(kid: String, algorithms: AlgorithmSet)] = [("", .hmac)]
  var add: (inout KeyRing) throws(KeyError) -> Void = { ring throws(KeyError) in
    let secret = Issuer.secret
    try ring.add(secret: secret.span.raw)
  }

  func check(_ token: String) -> Verdict { whileHashing { verdict(on: token) } }

  private func verdict(on token: String) -> Verdict {
    var ring = KeyRing()
    do throws(KeyError) { try add(&ring) } catch { return Verdict() }
    var set = KeySet()
    for key in keys {
      let kid = Array(key.kid.utf8)
      _ = set.add(kid: ShortText(prefixOf: kid.span.raw), algorithms: key.algorithms)
    }
    var scratch = ByteWriter(capacity: Token.scratchSize)
    var verdict = Verdict()
    let bytes = Array(token.utf8)
    do throws(TokenError) {
      verdict.claims = try Token.check(
        bytes.span.raw, keys: set, rules: rules, now: now, scratch: &scratch
      ) { key, algorithm, signed, signature in
        verdict.tried.append(key)
        return ring.verify(
          key: key, algorithm: twin(algorithm), signed: signed, signature: signature)
      }
    } catch {
      verdict.error = error
    }
    return verdict
  }

  private func twin(_ algorithm: Algorithm) -> SignatureAlgorithm {
    SignatureAlgorithm.allCases[Int(algorithm.rawValue)]
  }
}

extension ShortText {
  var string: String {
    let bytes = bytes
    return String(decoding: (0..<bytes.byteCount).map { bytes[$0] }, as: UTF8.self)
  }
}
