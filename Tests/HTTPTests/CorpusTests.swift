import Foundation
import HTTP
import Memory
import Testing

private let corpus = ProcessInfo.processInfo.environment["HTTP_CORPUS"]

/// gunicorn's requests, each in the folder `valid` or `invalid`.
@Suite(.enabled(if: corpus != nil, "HTTP_CORPUS names no folder: run Tests/Conformance/http/run"))
struct CorpusTests {
  /// Files whose folder is not our verdict, and why.
  private static let ours: [String: String] = [
    "valid/005.http":
      "a fragment is no part of a request-target (RFC 9112, 3.2)",
    "valid/014.http":
      "quotation marks are to be escaped (RFC 3986, 2)",
    "valid/024.http":
      "longer than the request line that the limits allow",
    "valid/025.http":
      "a coding before chunked is 501 (RFC 9112, 6.1)",
    "valid/025_line.http":
      "a coding before chunked is 501",
    "valid/029.http":
      "a coding before chunked is 501, identity too: RFC 9112 has none",
    "valid/030.http":
      "a coding before chunked is 501, identity too",
    "valid/rfc9112_smuggle_gzip_chunked_01.http":
      "a coding before chunked is 501",
    "valid/rfc9112_smuggle_te_identity_chunked_01.http":
      "a coding before chunked is 501",
    "valid/028.http":
      "set to strip the space before the colon; RFC 9112, 5.1 refuses it",
    "valid/099.http":
      "ends long before its Content-Length does",
    "valid/compat_obs_fold.http":
      "set to permit folding",
    "valid/compat_obs_fold_huge.http":
      "set to permit folding",
    "valid/pp_01.http":
      "set to take the PROXY protocol",
    "valid/pp_02.http":
      "set to take the PROXY protocol",
    "valid/pp_04.http":
      "set to take the PROXY protocol",
    "valid/pp_05.http":
      "set to take the PROXY protocol",
    "valid/rfc9112_target_absolute_userinfo_01.http":
      "userinfo is an error (RFC 9110, 4.2.4)",
    "invalid/003c.http":
      "-bl is a token: a method that nothing allows",
    "invalid/007.http":
      "gunicorn limits one line, we the whole head",
    "invalid/008.http":
      "gunicorn limits one line, we the whole head",
    "invalid/010.http":
      "set to ten bytes a line",
    "invalid/011.http":
      "set to two lines",
    "invalid/012.http":
      "set to 98 bytes a line",
    "invalid/017.http":
      "gunicorn limits one line, we the whole head",
    "invalid/limit_header_default_01.http":
      "gunicorn limits one line, we the whole head",
    "invalid/019.http":
      "X-Forwarded fields mean nothing here",
    "invalid/040.http":
      "Content_Length is another name than Content-Length: no CGI variables here",
    "invalid/chunked_07.http":
      "Transfer_Encoding is another name than Transfer-Encoding",
    "invalid/041.http":
      "Content-Type frames nothing, and who reads it sees both",
  ]

  @Test func everyFileIsJudged() throws {
    let root = URL(fileURLWithPath: try #require(corpus))
    var (passed, failed, hosts) = (0, 0, 0)
    var unused = Set(CorpusTests.ours.keys)
    for folder in ["valid", "invalid"] {
      let files = try FileManager.default.contentsOfDirectory(atPath: root.path + "/" + folder)
      for file in files.sorted() where file.hasSuffix(".http") {
        let name = "\(folder)/\(file)"
        let bytes = unescaped([UInt8](try Data(contentsOf: root.appendingPathComponent(name))))
        let (fault, isHostAdded) = judge(bytes)
        if isHostAdded { hosts += 1 }
        let reason = CorpusTests.ours[name]
        unused.remove(name)
        let isExpected = (fault == nil) == (reason == nil ? folder == "valid" : folder != "valid")
        if isExpected { passed += 1 } else { failed += 1 }
        let verdict = fault.map { "refused (\($0))" } ?? "taken"
        let why = reason.map { ", against its folder: \($0)" } ?? ""
        print("\(isExpected ? "ok  " : "FAIL") \(name): \(verdict)\(why)")
      }
    }
    print("\(hosts) files of HTTP/1.1 without Host were given one")
    print("\(passed) passed, \(failed) failed")
    #expect(failed == 0 && passed == 143)
    #expect(unused.isEmpty)
  }

  /// Takes requests until all bytes are used up: no fault when that works out.
  private func judge(_ bytes: [UInt8]) -> (fault: String?, isHostAdded: Bool) {
    var (rest, isHostAdded) = (bytes, false)
    repeat {
      if addHost(to: &rest) { isHostAdded = true }
      if let fault = takeRequest(from: &rest) { return (fault, isHostAdded) }
      // An empty line that follows is what RFC 9112, section 2.2 lets pass.
    } while !rest.isEmpty && rest != [0x0D, 0x0A]
    return (nil, isHostAdded)
  }

  private func takeRequest(from rest: inout [UInt8]) -> String? {
    let limits = RequestLimits(headSize: 16_384, requestLineSize: 4094, fieldCount: 100)
    let head: RequestHead
    switch parse(rest, within: limits) {
    case .needMore: return "incomplete head"
    case .refused(let error): return "\(error)"
    case .done(let value, let consumed):
      head = value
      rest.removeFirst(consumed)
    }
    switch head.body {
    case .none: break
    case .length(let length):
      guard length <= rest.count else { return "incomplete body" }
      rest.removeFirst(length)
    case .chunked:
      switch decode(&rest) {
      case .needMore: return "incomplete chunks"
      case .refused(let error): return "\(error)"
      case .done(_, let consumed): rest.removeFirst(consumed)
      }
    }
    return nil
  }

  private func decode(_ bytes: inout [UInt8]) -> Outcome<Int> {
    var body = ChunkedBody(maximum: 1 << 20)
    var span = bytes.mutableSpan
    var raw = span.mutableBytes
    return outcome { () throws(RequestError) in try body.decode(&raw) }
  }

  /// Line ends and control characters are written out in the files, and their own line ends mean
  /// nothing.
  private func unescaped(_ file: [UInt8]) -> [UInt8] {
    let letters: [UInt8: UInt8] = [
      UInt8(ascii: "r"): 0x0D, UInt8(ascii: "n"): 0x0A, UInt8(ascii: "t"): 0x09,
      UInt8(ascii: "0"): 0x00,
    ]
    let text = file.filter { $0 != 0x0A }
    var bytes: [UInt8] = []
    var place = 0
    while place < text.count {
      if text[place] != UInt8(ascii: "\\") {
        bytes.append(text[place])
        place += 1
      } else if text[place + 1] == UInt8(ascii: "x") {
        let digits = String(decoding: text[place + 2...place + 3], as: UTF8.self)
        bytes.append(UInt8(digits, radix: 16)!)
        place += 4
      } else {
        bytes.append(letters[text[place + 1]]!)
        place += 2
      }
    }
    return bytes
  }

  /// A request of HTTP/1.1 without Host is refused for that alone, which would hide what its file
  /// is about.
  private func addHost(to bytes: inout [UInt8]) -> Bool {
    let data = Data(bytes)
    let headEnd = data.range(of: Data("\r\n\r\n".utf8))?.lowerBound ?? data.endIndex
    let head = String(decoding: data[..<headEnd], as: UTF8.self)
    guard head.range(of: "\r\nHost", options: .caseInsensitive) == nil,
      let lineEnd = data.range(of: Data(" HTTP/1.1\r\n".utf8))?.upperBound, lineEnd <= headEnd + 2
    else { return false }
    bytes.insert(contentsOf: "Host: a\r\n".utf8, at: lineEnd)
    return true
  }
}
