import Gateway
import Host
import Memory

/// What the program can do beside serving.
struct Command: Sendable {
  let name: StaticString
  let summary: StaticString
  let action: Action

  enum Action: Sendable {
    case plain(@Sendable () -> ExitCode)
    case withArguments(@Sendable (ArraySlice<[UInt8]>) -> ExitCode)
  }

  init(name: StaticString, summary: StaticString, run: @escaping @Sendable () -> ExitCode) {
    (self.name, self.summary, action) = (name, summary, .plain(run))
  }

  init(
    name: StaticString, summary: StaticString,
    runWith: @escaping @Sendable (ArraySlice<[UInt8]>) -> ExitCode
  ) {
    (self.name, self.summary, action) = (name, summary, .withArguments(runWith))
  }

  static let all =
    [
      Command(name: "--help", summary: "show this", run: help),
      Command(name: "--version", summary: "show the version and the traits built in", run: version),
      Command(
        name: "--check-config", summary: "show every setting in force and where it came from",
        run: checkConfiguration),
      Command(
        name: "--print-env", summary: "show a commented file of all settings",
        run: printEnvironment),
      Command(
        name: "--memory-plan", summary: "show all memory that is taken at start", run: memoryPlan),
      Command(
        name: "token", summary: "make a token; martlet token --help says how",
        runWith: TokenCommand.run),
    ] + certificates

  #if TLS
  private static let certificates = [
    Command(
      name: "cert", summary: "make a certificate for TLS; martlet cert --help says how",
      runWith: CertificateCommand.run)
  ]
  #else
  private static let certificates: [Command] = []
  #endif

  private static func help() -> ExitCode {
    var text = [UInt8]("martlet: a real-time WebSocket gateway\n\n")
    text.append("Without an argument it serves; with one of these it does something else:\n")
    for command in all {
      text.append("  ")
      text.append(command.name)
      for _ in command.name.utf8CodeUnitCount..<18 { text.append(" ") }
      text.append(command.summary)
      text.append("\n")
    }
    text.append("\n")
    SettingTable.gateway.appendHelp(to: &text)
    text.append("\n")
    ExitCode.appendHelp(to: &text)
    return print(text)
  }

  private static func version() -> ExitCode {
    var text = [UInt8]("martlet ")
    text.append(Version.number)
    text.append(Version.isEmbedded ? ", Embedded Swift" : ", ordinary Swift")
    text.append("\ntraits:")
    for trait in BuildTrait.builtIn {
      text.append(" ")
      text.append(trait.name)
    }
    text.append("\n")
    return print(text)
  }

  private static func checkConfiguration() -> ExitCode {
    do throws(ConfigurationError) {
      let configuration = try Configuration(environment: Process.environment)
      var text: [UInt8] = []
      configuration.appendReport(to: &text)
      if let fault = faultOfKeys(configuration) { return fault }
      return checkDescriptors(configuration) ? print(text) : .configuration
    } catch {
      return Main.report(error)
    }
  }

  /// What a start would end with when a key that is configured cannot be read; none is made.
  private static func faultOfKeys(_ configuration: Configuration) -> ExitCode? {
    do throws(KeyFault) {
      try LoadedKeys.check(configuration)
      var log = Log(level: .warning, isJSON: false, hasTime: false)
      _ = try Certificate.load(configuration, &log)
      _ = try RuntimeSettings(configuration: configuration, environment: []).logLevel()
      return nil
    } catch {
      Process.log((error.line + [0x0A]).span.raw)
      return error.exitCode
    }
  }

  /// Whether this process may have a descriptor for each connection.
  private static func checkDescriptors(_ configuration: Configuration) -> Bool {
    var log = RuntimeSettings(configuration: configuration, environment: []).makeLog()
    do throws(HostError) {
      return try Resources.hasDescriptors(for: Limits(configuration), &log)
    } catch {
      return true
    }
  }

  private static func printEnvironment() -> ExitCode {
    var text: [UInt8] = []
    SettingTable.gateway.appendEnvironmentFile(to: &text)
    return print(text)
  }

  private static func memoryPlan() -> ExitCode {
    do throws(ConfigurationError) {
      let configuration = try Configuration(environment: Process.environment)
      let limits = Limits(configuration)
      let plan = Resources.plan(for: limits, configuration)
      var writer = ByteWriter(capacity: 4096)
      // With the libraries at work, as they are when it serves.
      let settings = RuntimeSettings(configuration: configuration, environment: [])
      do throws(HostError) {
        _ = try Board(places: 1, ring: KeyRing(), settings: settings, service: Service())
      } catch {
        return .system
      }
      plan.write(to: &writer, resident: Process.residentSize)
      return print(writer.bytes)
    } catch {
      return Main.report(error)
    }
  }

  /// Writes what a command has to show to standard output; a line says so when that cannot be.
  static func print(_ text: [UInt8]) -> ExitCode { print(text.span.raw) }

  static func print(_ text: RawSpan) -> ExitCode {
    do throws(HostError) { try Process.print(text) } catch {
      var line = [UInt8]("martlet: cannot write to standard output: ")
      for offset in 0..<error.reason.byteCount { line.append(error.reason[offset]) }
      Process.report((line + [0x0A]).span.raw)
      return .system
    }
    return .done
  }
}
