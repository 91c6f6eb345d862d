import Gateway
import Memory

/// What stands behind `martlet token`.
struct TokenArguments {
  var subject: [UInt8] = []
  var name: [UInt8] = []
  var role: [UInt8] = []
  /// How long the token is good, in seconds.
  var lifetime: Int64 = 3600
  var wantsHelp = false

  /// Ten years.
  private static let longest = 10 * 365 * 86_400 as Int64
  private static let roles: [StaticString] = ["admin", "service", "proctor"]

  init(_ arguments: ArraySlice<[UInt8]>) throws(UsageError) {
    var rest = arguments
    while let option = rest.popFirst() {
      if option.isSame(as: "--help") {
        wantsHelp = true
        return
      }
      guard option.isSame(as: "--sub", "--name", "--role", "--for") else {
        throw UsageError("unknown argument ", option)
      }
      guard let value = rest.popFirst(), !value.isEmpty else {
        throw UsageError("a value is missing behind ", option)
      }
      try take(option, value)
    }
    guard !subject.isEmpty else { throw UsageError("--sub is missing: whom is the token for?") }
  }

  private mutating func take(_ option: [UInt8], _ value: [UInt8]) throws(UsageError) {
    if option.isSame(as: "--sub") {
      subject = value
    } else if option.isSame(as: "--name") {
      name = value
    } else if option.isSame(as: "--role") {
      guard TokenArguments.roles.contains(where: { value.isSame(as: $0) }) else {
        throw UsageError("--role is admin, service or proctor and not ", value)
      }
      role = value
    } else {
      lifetime = try TokenArguments.seconds(value)
    }
  }

  private static func seconds(_ text: [UInt8]) throws(UsageError) -> Int64 {
    var seconds: Int64 = 0
    do throws(UnreadableValue) { seconds = try DurationText.milliseconds(text) / 1000 } catch {
    }
    guard seconds >= 1, seconds <= longest else {
      throw UsageError("--for is a time from 1s to 87600h, as in 1h30m, and not ", text)
    }
    return seconds
  }
}

/// What is wrong with the arguments.
struct UsageError: Error {
  let words: [UInt8]

  init(_ words: StaticString, _ argument: [UInt8] = []) {
    self.words = [UInt8](words) + argument
  }
}

extension [UInt8] {
  func isSame(as names: StaticString...) -> Bool {
    for name in names where span.raw.equals(name.bytes) { return true }
    return false
  }
}
