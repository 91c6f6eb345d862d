import Gateway
import Host
import Memory

/// The program: a command at most, everything else by environment variables.
@main
enum Main {
  static func main() {
    Process.secureStreams()
    guard Resources.hasMemoryToBegin() else { Process.exit(ExitCode.memory.rawValue) }
    Process.exit(run(Process.arguments).rawValue)
  }

  private static func run(_ arguments: [[UInt8]]) -> ExitCode {
    guard let argument = arguments.first else { return serve() }
    for command in Command.all where argument.span.raw.equals(command.name.bytes) {
      switch command.action {
      case .plain(let run): return arguments.count == 1 ? run() : unknown(arguments[1])
      case .withArguments(let run): return run(arguments.dropFirst())
      }
    }
    return unknown(argument)
  }

  private static func unknown(_ argument: [UInt8]) -> ExitCode {
    var text = [UInt8]("martlet: unknown argument ")
    text += argument
    text.append("; try martlet --help\n")
    Process.report(text.span.raw)
    return .usage
  }

  private static func serve() -> ExitCode {
    do throws(ConfigurationError) {
      let configuration = try Configuration(environment: Process.environment)
      return Server.run(configuration)
    } catch {
      return report(error)
    }
  }

  /// One line a fault, all of them at once.
  static func report(_ error: ConfigurationError) -> ExitCode {
    var text: [UInt8] = []
    error.append(to: &text)
    Process.report(text.span.raw)
    return .configuration
  }
}
