import Gateway
import Host
import Memory

/// `martlet cert`: makes a certificate that signs itself, and its key, for a first try and for
/// networks of one's own.
enum CertificateCommand {
  static func run(_ arguments: ArraySlice<[UInt8]>) -> ExitCode {
    do throws(UsageError) {
      let wanted = try CertificateArguments(arguments)
      if wanted.wantsHelp { return Command.print(help.bytes) }
      return make(wanted, validity(wanted.days))
    } catch {
      return fail(.usage, error.words + [UInt8]("; try martlet cert --help"))
    }
  }

  /// From when to when a certificate is good.
  private struct Validity {
    let from: Int64
    /// Nil when it shall never end.
    let until: Int64?
  }

  private static let hour: Int64 = 3600
  private static let day = 24 * hour
  /// 2020-01-01.
  private static let longAgo: Int64 = 1_577_836_800

  /// From an hour ago, for a client whose clock is behind; when this board's own clock was never
  /// set, nobody can tell when it should end.
  private static func validity(_ days: Int64) -> Validity {
    let now = Int64(Clock.wall / 1000)
    guard let floor = releaseDate, now >= floor else { return Validity(from: longAgo, until: nil) }
    // The last second counts, too.
    return Validity(from: now - hour, until: now - hour + days * day - 1)
  }

  /// No clock is right that is before it. Settings that are wrong just now do not matter here.
  private static var releaseDate: Int64? {
    do throws(ConfigurationError) {
      return try Configuration(environment: []).seconds(.jwtClockFloor)
    } catch {
      return nil
    }
  }

  private static func make(_ wanted: CertificateArguments, _ validity: Validity) -> ExitCode {
    let base = wanted.directory + [UInt8]("/") + fileName(wanted.names[0])
    let (certificate, key) = (base + [UInt8](".crt"), base + [UInt8](".key"))
    do throws(HostError) {
      for path in [certificate, key] where try isThere(path) {
        return fail(
          .usage, path + [UInt8](" is there already: move it away, or take another --out"))
      }
      var random = try Random()
      let made = try NewCertificate(
        names: wanted.names, from: validity.from, until: validity.until, random: &random)
      try File.make(key, made.key.span.raw)
      do throws(HostError) {
        try File.make(certificate, made.certificate.span.raw, isPublic: true)
      } catch {
        // A key alone would only stand in the way of the next try.
        try? File.remove(key)
        throw error
      }
      return tell(wanted, validity, made, certificate, key)
    } catch {
      return fail(.system, base + [UInt8](".*: ") + copy(error.reason))
    }
  }

  private static func isThere(_ path: [UInt8]) throws(HostError) -> Bool {
    do throws(HostError) {
      _ = try File.read(path, limit: 1)
      return true
    } catch {
      // Whatever else stands there, a directory or a file that is not ours, is not to be replaced.
      return !error.isMissingFile
    }
  }

  /// Bytes of a name that a file's can begin with: those of the file may be 255, what stands behind
  /// them while it is made included.
  private static let longestFileName = 230

  /// The name, but no `*`, which a shell would take for many files.
  private static func fileName(_ name: SubjectName) -> [UInt8] {
    name.text.prefix(longestFileName).map { $0 == UInt8(ascii: "*") ? UInt8(ascii: "_") : $0 }
  }

  private static func fail(_ code: ExitCode, _ words: [UInt8]) -> ExitCode {
    let text = [UInt8]("martlet cert: ") + words + [UInt8]("\n")
    Process.log(text.span.raw)
    return code
  }

  private static func copy(_ bytes: RawSpan) -> [UInt8] {
    (0..<bytes.byteCount).map { bytes[$0] }
  }

  // MARK: What to do next.

  private static func tell(
    _ wanted: CertificateArguments, _ validity: Validity, _ made: NewCertificate,
    _ certificate: [UInt8], _ key: [UInt8]
  ) -> ExitCode {
    var text = [UInt8]("For")
    for name in wanted.names { text += [UInt8](" ") + name.text }
    text += [UInt8](", good until ")
    if let until = validity.until {
      append(date: until, to: &text)
    } else {
      text += [UInt8]("the end of 9999")
    }
    text += [UInt8](".\n\nServe with it (the key is for the server's user alone):\n")
    text += [UInt8]("  TLS_CERT_FILE=") + certificate
    text += [UInt8]("\n  TLS_KEY_FILE=") + key
    text += [UInt8]("\n\nClients trust it when they are given the certificate, never the key:\n")
    text += [UInt8]("  curl --cacert ") + certificate + [UInt8](" https://")
    text +=
      host(wanted.names[0]) + [UInt8](":8443/health\n\nWho is asked, compares the SHA-256:\n  ")
    for place in 0..<32 {
      if place > 0 { text.append(UInt8(ascii: ":")) }
      for digit in [made.fingerprint[place] >> 4, made.fingerprint[place] & 15] {
        text.append(digit < 10 ? 0x30 + digit : 0x37 + digit)
      }
    }
    text.append(0x0A)
    if validity.until == nil {
      let warning: StaticString = """
        martlet cert: the clock of this board was never set, so the certificate is good from \
        2020-01-01 on and for ever. Apple's devices take 825 days at most: set the clock and make \
        another one for them.

        """
      Process.log(warning.bytes)
    }
    return Command.print(text)
  }

  private static func append(date seconds: Int64, to text: inout [UInt8]) {
    let date = CivilDate(daysSince1970: Int(seconds / day))
    var writer = ByteWriter(capacity: 10)
    writer.append(decimal: UInt64(date.year), width: 4)
    writer.append("-")
    writer.append(decimal: UInt64(date.month), width: 2)
    writer.append("-")
    writer.append(decimal: UInt64(date.day), width: 2)
    text += copy(writer.bytes)
  }

  /// The name as it stands in a URL.
  private static func host(_ name: SubjectName) -> [UInt8] {
    if name.text.contains(UInt8(ascii: ":")) { return [UInt8]("[") + name.text + [UInt8]("]") }
    if name.text[0] == UInt8(ascii: "*") { return [UInt8]("www") + name.text.dropFirst() }
    return name.text
  }

  private static let help: StaticString = """
    martlet cert NAME [NAME...] [--out DIRECTORY] [--days N]
    makes a key (ECDSA, P-256) and a certificate that is signed with it, for a first try and for a
    network of your own: NAME.crt for everybody and NAME.key for the server alone. Files that are
    there already stay.

      NAME             what clients connect to: a name such as gateway.local, *.example.org, or an
                       IPv4 or IPv6 address; 16 at most
      --out DIRECTORY  where the files go; here when left out
      --days N         how long it is good, 1 to 36500; 825 when left out, the most that Apple's
                       devices take

    The certificate says that it is an authority, for phones take no other into their list of
    trusted ones; it can vouch for these names only. Clients that accept no authority as a server
    (Firefox asks once, rustls refuses) need a certificate from one.

    """
}
