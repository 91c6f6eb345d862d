import Host
import Memory

/// What stands behind `martlet cert`.
struct CertificateArguments {
  var names: [SubjectName] = []
  /// Where the files go.
  var directory = [UInt8](".")
  /// How long the certificate is good.
  var days: Int64 = 825
  var wantsHelp = false

  /// A hundred years.
  private static let longest: UInt64 = 36_500

  init(_ arguments: ArraySlice<[UInt8]>) throws(UsageError) {
    var rest = arguments
    while let argument = rest.popFirst() {
      if argument.isSame(as: "--help") {
        wantsHelp = true
        return
      }
      guard argument.starts(with: [UInt8]("-")) else {
        try add(argument)
        continue
      }
      guard argument.isSame(as: "--out", "--days") else {
        throw UsageError("unknown argument ", argument)
      }
      guard let value = rest.popFirst(), !value.isEmpty else {
        throw UsageError("a value is missing behind ", argument)
      }
      if argument.isSame(as: "--out") {
        directory = value
      } else {
        days = try CertificateArguments.days(value)
      }
    }
    guard !names.isEmpty else { throw UsageError("a name is missing: what do clients connect to?") }
  }

  private mutating func add(_ text: [UInt8]) throws(UsageError) {
    guard names.count < NewCertificate.nameLimit else {
      throw UsageError("a certificate is for 16 names at most, and not also for ", text)
    }
    do throws(SubjectNameError) { names.append(try SubjectName(text)) } catch {
      // What is no name may be anything, an escape of the terminal as well.
      let shown = text.map { $0 > 0x20 && $0 < 0x7F ? $0 : UInt8(ascii: "?") }
      throw UsageError(
        "no name for a certificate: ", shown + [UInt8](": ") + [UInt8](error.message))
    }
  }

  private static func days(_ text: [UInt8]) throws(UsageError) -> Int64 {
    guard let days = text.span.raw.decimal, days >= 1, days <= longest else {
      throw UsageError("--days is a number from 1 to 36500 and not ", text)
    }
    return Int64(days)
  }
}
