import Memory

/// The settings in force: every one read, within its range and in accord with the others.
public struct Configuration: Sendable {
  /// Where a value came from.
  public enum Origin: Sendable { case builtIn, environment }

  let table: SettingTable
  let traits: [BuildTrait]
  /// By the raw value of the key; nil where this build has no such setting.
  private(set) var values: [SettingValue?]
  private var origins: [Origin]

  /// - Parameter environment: the entries as the system has them, `NAME=value`, in any order.
  public init(environment: [[UInt8]]) throws(ConfigurationError) {
    try self.init(environment: environment, table: .gateway, traits: BuildTrait.builtIn)
  }

  init(
    environment: [[UInt8]], table: SettingTable, traits: [BuildTrait],
    addressable: Int64 = Int64(Int.max / 2)
  ) throws(ConfigurationError) {
    self.table = table
    self.traits = traits
    let keys = SettingKey.allCases.count
    values = [SettingValue?](repeating: nil, count: keys)
    origins = [Origin](repeating: .builtIn, count: keys)
    for setting in table.settings(of: traits) {
      values[Int(setting.key.rawValue)] = Self.fallback(of: setting)
    }
    var faults = ConfigurationError()
    let credentials = CredentialFiles(environment: environment)
    for entry in environment { read(entry, credentials, &faults) }
    check(&faults, addressable: addressable)
    guard faults.lines.isEmpty else { throw faults }
  }

  private static func fallback(of setting: Setting) -> SettingValue {
    do { return try setting.read([UInt8](setting.fallback)) } catch {
      preconditionFailure("a default that its own setting does not take")
    }
  }

  private mutating func read(
    _ entry: [UInt8], _ credentials: CredentialFiles, _ faults: inout ConfigurationError
  ) {
    guard let end = entry.firstIndex(of: UInt8(ascii: "=")) else { return }
    let name = Array(entry[..<end])
    let text = Array(entry[(end + 1)...])
    guard let section = table.section(of: name) else {
      guard SettingName.isOurs(name) else { return }
      let nearest = SettingName.nearest(to: name, among: table.settings(of: traits))
      return faults.unknown(name, text, nearest: nearest)
    }
    guard section.isBuilt(in: traits), let setting = section.find(name) else {
      return faults.leftOut(name, text, needs: section)
    }
    let index = Int(setting.key.rawValue)
    guard origins[index] == .builtIn else { return faults.givenTwice(setting, text) }
    origins[index] = .environment
    do {
      values[index] = try setting.read(setting.isFile ? credentials.path(text) : text)
    } catch {
      // A value that is not known is compared with no other: one fault, one line.
      values[index] = nil
      faults.unreadable(setting, text, error.reason)
    }
  }

  public func origin(of key: SettingKey) -> Origin { origins[Int(key.rawValue)] }

  @inline(never) func value(of key: SettingKey) -> SettingValue? { values[Int(key.rawValue)] }

  /// A count or size that was read; nil when it is at fault or the build has none.
  @inline(never) func number(_ key: SettingKey) -> Int? {
    if case .number(let number)? = value(of: key) { number } else { nil }
  }

  /// The same of a duration, in milliseconds.
  @inline(never) func duration(_ key: SettingKey) -> UInt64? {
    if case .milliseconds(let time)? = value(of: key) { UInt64(time) } else { nil }
  }
}

/// Asking for a key as another kind than its row's, or of a trait left out, is a programmer's
/// error.
extension Configuration {
  /// A number in its unit, or a size in bytes.
  public subscript(key: SettingKey) -> Int {
    @inline(never) get {
      guard case .number(let number)? = value(of: key) else { preconditionFailure("not a number") }
      return number
    }
  }

  /// The midnight, UTC, with which a day begins, in Unix seconds.
  public func seconds(_ key: SettingKey) -> Int64 { Int64(self[key]) * 86_400 }

  @inline(never) public func milliseconds(_ key: SettingKey) -> Int64 {
    guard case .milliseconds(let time)? = value(of: key) else {
      preconditionFailure("not a duration")
    }
    return time
  }

  @inline(never) public func flag(_ key: SettingKey) -> Bool {
    guard case .flag(let flag)? = value(of: key) else { preconditionFailure("not a flag") }
    return flag
  }

  /// The place of the chosen name among the names in the row.
  @inline(never) public func choice(_ key: SettingKey) -> Int {
    guard case .choice(let place)? = value(of: key) else { preconditionFailure("not a choice") }
    return place
  }

  /// The bytes of a text, secret or path; empty when not set.
  @inline(never) public func text(_ key: SettingKey) -> [UInt8] {
    guard case .text(let bytes)? = value(of: key) else { preconditionFailure("not a text") }
    return bytes
  }

  /// The addresses of a list, at least one.
  public func addresses(_ key: SettingKey) -> [[UInt8]] {
    text(key).parts(separatedBy: UInt8(ascii: ","))
  }
}
