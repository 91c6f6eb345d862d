import Gateway
import Host
import Memory

/// Where the server listens: on the sockets that the service manager has passed, else on the
/// addresses of WEBSOCKET_HOST. The manager is told when that is done.
enum Listening {
  /// Returns why it cannot, after a line that says so; nil when it listens.
  static func begin(
    _ configuration: Configuration, _ environment: [[UInt8]], _ board: inout Board,
    _ log: inout Log
  ) -> ExitCode? {
    var names: [[UInt8]] = []
    let passed = PassedSocket.all(environment)
    let fault =
      passed.isEmpty
      ? open(configuration, &board, &names, &log)
      : adopt(
        passed, hasCertificate: Certificate.port(configuration) != nil, &board, &names, &log)
    guard fault == nil else { return fault }
    var status = [UInt8]("listening on ")
    for place in names.indices {
      if place > 0 { status.append(", ") }
      status += names[place]
    }
    board.service.becameReady(status.span.raw)
    return nil
  }

  private static func open(
    _ configuration: Configuration, _ board: inout Board, _ names: inout [[UInt8]],
    _ log: inout Log
  ) -> ExitCode? {
    let (plain, secure) = (configuration[.port], Certificate.port(configuration))
    // One number for both is the one of TLS.
    if plain != secure || plain == 0,
      let fault = open(configuration, plain, isSecure: false, &board, &names, &log)
    {
      return fault
    }
    guard let secure else { return nil }
    return open(configuration, secure, isSecure: true, &board, &names, &log)
  }

  /// One whose family the machine lacks is passed over, as long as another works.
  private static func open(
    _ configuration: Configuration, _ port: Int, isSecure: Bool, _ board: inout Board,
    _ names: inout [[UInt8]], _ log: inout Log
  ) -> ExitCode? {
    var isListening = false
    for address in configuration.addresses(.host) {
      do throws(HostError) {
        let name = try board.loop.listen(on: address, port: UInt16(port), isSecure: isSecure)
        isListening = true
        tell(name, isSecure: isSecure, &log)
        if !Process.hasAddress(address) { warn(of: address, &log) }
        names.append(name)
      } catch {
        let level: LogLevel = error.isMissingFamily ? .warning : .error
        if log.begin(level, "cannot listen", at: Clock.wall) {
          log.field("address", address.span.raw)
          log.field("port", port)
          log.field("setting", isSecure ? "WEBSOCKET_TLS_PORT" : "WEBSOCKET_PORT")
          log.field("reason", words: error.reason)
          log.field("remedy", remedy(error))
          Process.log(log.end())
        }
        guard error.isMissingFamily else { return .unavailable }
      }
    }
    guard !isListening else { return nil }
    if log.begin(.error, "no address to listen on", at: Clock.wall) {
      log.field("remedy", "name one in WEBSOCKET_HOST that this machine has")
      Process.log(log.end())
    }
    return .unavailable
  }

  private static func remedy(_ error: HostError) -> StaticString {
    if error.isTakenAddress { return "ss -ltnp shows who listens there: another martlet?" }
    if error.isNotAllowed { return "ports below 1024 need CAP_NET_BIND_SERVICE" }
    if error.isMissingFamily { return "leave it out of WEBSOCKET_HOST, or enable the family" }
    return "name another in WEBSOCKET_HOST, or another port"
  }

  private static func warn(of address: [UInt8], _ log: inout Log) {
    let event: StaticString = "the machine does not have this address yet"
    guard log.begin(.warning, event, at: Clock.wall) else { return }
    log.field("address", address.span.raw)
    log.field("remedy", "none if it comes: it is served from then on")
    Process.log(log.end())
  }

  private static func adopt(
    _ passed: [PassedSocket], hasCertificate: Bool, _ board: inout Board,
    _ names: inout [[UInt8]], _ log: inout Log
  ) -> ExitCode? {
    for socket in passed {
      if socket.isSecure, !hasCertificate {
        let reason: StaticString = "its name says TLS, and there is no TLS_CERT_FILE"
        return refuse(socket, reason.bytes, &log)
      }
      do throws(HostError) {
        let name = try board.loop.listen(
          adopting: socket.descriptor, isSecure: socket.isSecure)
        tell(name, isSecure: socket.isSecure, &log)
        names.append(name)
      } catch {
        return refuse(socket, error.reason, &log)
      }
    }
    if hasCertificate, !passed.contains(where: { $0.isSecure }) { warnOfNoTLS(&log) }
    return nil
  }

  private static func warnOfNoTLS(_ log: inout Log) {
    guard log.begin(.warning, "no passed socket is for TLS", at: Clock.wall) else { return }
    log.field("reason", "TLS_CERT_FILE is set, and none has tls in its name (LISTEN_FDNAMES)")
    log.field("remedy", "FileDescriptorName=tls in the socket unit of the one that is")
    Process.log(log.end())
  }

  private static func tell(_ name: [UInt8], isSecure: Bool, _ log: inout Log) {
    guard log.begin(.info, "listening", at: Clock.wall) else { return }
    log.field("address", name.span.raw)
    if isSecure { log.field("scheme", ("wss" as StaticString).bytes) }
    Process.log(log.end())
  }

  private static func refuse(
    _ socket: PassedSocket, _ reason: RawSpan, _ log: inout Log
  ) -> ExitCode {
    if log.begin(.error, "cannot listen on a passed socket", at: Clock.wall) {
      log.field("descriptor", Int(socket.descriptor))
      log.field("name", socket.name.span.raw)
      log.field("reason", words: reason)
      log.field("remedy", "pass listening TCP sockets only: ListenStream=PORT in the socket unit")
      Process.log(log.end())
    }
    return .configuration
  }
}
