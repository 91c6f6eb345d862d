import Host
import Memory

/// How the program ends (the numbers of BSD's sysexits where there is one).
enum ExitCode: Int32, CaseIterable {
  case done = 0
  case usage = 64
  case unavailable = 69
  case system = 71
  case memory = 75
  case configuration = 78

  /// That of an error that may pass; nil for any other.
  init?(_ error: HostError) {
    guard error.mayPass else { return nil }
    self = error.isOutOfMemory ? .memory : .system
  }

  private var meaning: StaticString {
    switch self {
    case .done: "0   stopped as it was told"
    case .usage: "64  an argument that it does not know"
    case .unavailable:
      "69  no address to listen on: in use by another process, not allowed, not there"
    case .system: "71  the system refused something else at start: a file, random bytes, output"
    case .memory: "75  there is not enough memory, for the pools or to read a key"
    case .configuration: "78  settings that cannot work: starting again will not help"
    }
  }

  static func appendHelp(to text: inout [UInt8]) {
    text.append("Exit codes:\n")
    for code in allCases {
      text.append("  ")
      text.append(code.meaning)
      text.append("\n")
    }
  }
}
