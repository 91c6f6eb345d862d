/// Why a certificate cannot be for a name.
public enum SubjectNameError: Error, Equatable, Sendable {
  case empty
  case tooLong
  case emptyLabel
  case longLabel
  case badCharacter
  case badHyphen
  case badWildcard
  case badAddress

  public var message: StaticString {
    switch self {
    case .empty: "a name is empty"
    case .tooLong: "a name has at most 253 bytes"
    case .emptyLabel: "a name has something before, between and behind its dots"
    case .longLabel: "at most 63 bytes stand between the dots of a name"
    case .badCharacter:
      "a name has letters, digits, hyphens and dots; others are written as in xn--bcher-kva"
    case .badHyphen: "no part of a name begins or ends with a hyphen"
    case .badWildcard: "a * stands for the first of at least three parts, as in *.example.org"
    case .badAddress: "ends like an IPv4 address and is none"
    }
  }
}
