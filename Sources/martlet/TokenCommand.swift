import Gateway
import Host
import Memory
import Tokens

/// `martlet token`: makes a token that this board takes.
enum TokenCommand {
  static func run(_ arguments: ArraySlice<[UInt8]>) -> ExitCode {
    do throws(UsageError) {
      let wanted = try TokenArguments(arguments)
      if wanted.wantsHelp { return Command.print(help.bytes) }
      return make(wanted)
    } catch {
      var words = error.words
      words.append("; try martlet token --help")
      return fail(.usage, words)
    }
  }

  private static func make(_ wanted: TokenArguments) -> ExitCode {
    let configuration: Configuration
    do throws(ConfigurationError) {
      configuration = try Configuration(environment: Process.environment)
    } catch {
      return Main.report(error)
    }
    let secret: Secret
    switch findSecret(configuration) {
    case .found(let it): secret = it
    case .failed(let code, let words): return fail(code, words)
    }
    let now = Int64(Clock.wall / 1000)
    guard now >= configuration.seconds(.jwtClockFloor) else {
      return fail(.system, [UInt8]("the clock is before JWT_CLOCK_FLOOR: set it first"))
    }
    var token = NewToken(subject: wanted.subject, issued: now, expires: now + wanted.lifetime)
    token.name = wanted.name
    token.role = wanted.role
    token.issuer = configuration.text(.jwtIssuer)
    token.audience = configuration.text(.jwtAudience)
    guard var text = token.signingInput() else {
      return fail(.usage, [UInt8]("the texts are longer than a token may be"))
    }
    let code = hmacSHA256(text.span.raw, secret: secret.bytes.span.raw)
    text += [UInt8(ascii: ".")] + Base64URL.encoded(code.span.raw)
    if let fault = fault(of: text, secret, configuration, now) {
      return fail(.usage, [UInt8](fault))
    }
    text.append(0x0A)
    return Command.print(text)
  }

  private enum SecretSearch {
    case found(Secret)
    case failed(ExitCode, [UInt8])
  }

  private static func findSecret(_ configuration: Configuration) -> SecretSearch {
    do throws(KeyFault) {
      if let secret = try Secret.configured(configuration) { return .found(secret) }
    } catch {
      return .failed(error.exitCode, error.line)
    }
    let hasPublicKeys =
      !configuration.text(.jwtPublicKeyFile).isEmpty || !configuration.text(.jwtKeySetFile).isEmpty
    if hasPublicKeys {
      return .failed(
        .configuration,
        [UInt8]("only public keys are configured: tokens are made where the private key is"))
    }
    let remedy: StaticString = "set JWT_SECRET, JWT_SECRET_FILE or STATE_DIRECTORY"
    do throws(HostError) {
      if let secret = try Secret.kept(Process.environment) { return .found(secret) }
      var words = [UInt8]("there is no secret: ")
      words.append(remedy)
      return .failed(.configuration, words)
    } catch {
      var words = [UInt8]("no secret can be kept: ")
      words.append(error.reason)
      words.append("; ")
      words.append(remedy)
      return .failed(.system, words)
    }
  }

  /// Why the server would not take the token, for whatever its texts are; nil when it would.
  private static func fault(
    of token: [UInt8], _ secret: Secret, _ configuration: Configuration, _ now: Int64
  ) -> StaticString? {
    var ring = KeyRing()
    var keys = KeySet()
    do throws(KeyError) { try ring.add(secret: secret.bytes.span.raw) } catch {
      return error.message
    }
    _ = keys.add(algorithms: .hmac)
    var scratch = ByteWriter(capacity: Token.scratchSize)
    do throws(TokenError) {
      _ = try Token.check(
        token.span.raw, keys: keys, rules: TokenRules(configuration), now: now, scratch: &scratch
      ) { key, algorithm, signed, signature in
        ring.verify(
          key: key, algorithm: SignatureAlgorithm(algorithm), signed: signed, signature: signature)
      }
      return nil
    } catch {
      return error.message
    }
  }

  private static func fail(_ code: ExitCode, _ words: [UInt8]) -> ExitCode {
    var text = [UInt8]("martlet token: ")
    text += words
    text.append("\n")
    Process.report(text.span.raw)
    return code
  }

  private static let help: StaticString = """
    martlet token --sub ID [--role ROLE] [--name NAME] [--for TIME]
    prints a token (HS256) that this server takes, for tests and for scripts of your own.

      --sub ID     whom it is for: 1 to 64 bytes without / and control characters
      --role ROLE  admin, service or proctor
      --name NAME  the name that others see; the ID when left out
      --for TIME   how long it is good, 1s to 87600h, as in 90s or 1h30m; 1h when left out

    It is signed with JWT_SECRET or the content of JWT_SECRET_FILE; when no key is configured, with
    the one that the server keeps in STATE_DIRECTORY/jwt.key, which is made if it is not there.
    Without STATE_DIRECTORY that is $XDG_STATE_HOME/martlet or $HOME/.local/state/martlet, so run it
    as the server's user, or with the server's STATE_DIRECTORY. JWT_ISSUER and JWT_AUDIENCE go into
    the token.

    """
}
