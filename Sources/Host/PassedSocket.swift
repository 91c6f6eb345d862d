import CBoard
import Memory

/// A socket that the service manager has opened for us and listens on already (sd_listen_fds(3)).
public struct PassedSocket {
  public let descriptor: Int32
  /// What LISTEN_FDNAMES calls it, empty when it has no name.
  public let name: [UInt8]

  /// Descriptors are passed from this one on.
  private static let first: Int32 = 3

  /// Whether its name says that TLS is spoken on it.
  public var isSecure: Bool {
    let word = [UInt8]("tls")
    guard name.count >= word.count else { return false }
    return (0...name.count - word.count).contains { name[$0..<$0 + word.count].elementsEqual(word) }
  }

  /// All that were passed to this process.
  public static func all(_ environment: [[UInt8]]) -> [PassedSocket] {
    let count = Int32(cboard_passed_descriptors())
    let title = [UInt8]("LISTEN_FDNAMES=")
    let list = environment.first { $0.starts(with: title) }?.dropFirst(title.count) ?? []
    let names = [UInt8](list).parts(separatedBy: UInt8(ascii: ":"))
    return (0..<count).map { index in
      PassedSocket(
        descriptor: first + index,
        name: Int(index) < names.count ? names[Int(index)] : [])
    }
  }
}
