import Foundation
import JSON
import Testing

/// The directory of JSONTestSuite's files, nil when it was not handed in.
private let corpus = ProcessInfo.processInfo.environment["JSON_CORPUS"]

/// The verdict on every file of JSONTestSuite (Nicolas Seriot): `y_` must be taken, `n_` refused.
@Suite struct CorpusTests {
  /// What RFC 8259 leaves to us, by the beginning of the file's name.
  static let choices: [(prefix: String, isTaken: Bool, why: String)] = [
    ("i_number_", true, "any size is well formed; whether it fits is asked when it is read"),
    ("i_object_key_lone_2nd_surrogate", false, "half a surrogate pair (section 8.2)"),
    ("i_string_1st_", false, "half a surrogate pair"),
    ("i_string_incomplete_", false, "half a surrogate pair"),
    ("i_string_invalid_lonely_surrogate", false, "half a surrogate pair"),
    ("i_string_invalid_surrogate", false, "half a surrogate pair"),
    ("i_string_inverted_surrogates_", false, "half a surrogate pair"),
    ("i_string_lone_second_surrogate", false, "half a surrogate pair"),
    ("i_string_UTF-16", false, "not UTF-8 (section 8.1)"),
    ("i_string_utf16", false, "not UTF-8"),
    ("i_string_UTF-8_invalid_sequence", false, "not UTF-8"),
    ("i_string_UTF8_surrogate_", false, "not UTF-8"),
    ("i_string_invalid_utf-8", false, "not UTF-8"),
    ("i_string_iso_latin_1", false, "not UTF-8"),
    ("i_string_lone_utf8_continuation_byte", false, "not UTF-8"),
    ("i_string_not_in_unicode_range", false, "not UTF-8"),
    ("i_string_overlong_sequence_", false, "not UTF-8"),
    ("i_string_truncated-utf-8", false, "not UTF-8"),
    ("i_structure_500_nested_arrays", false, "deeper than our limit (section 9)"),
    ("i_structure_UTF-8_BOM_", false, "a byte order mark must not be sent (section 8.1)"),
  ]

  @Test(
    .enabled(
      if: corpus != nil,
      "JSON_CORPUS names no directory; Tests/Conformance/json/run downloads it and sets it"))
  func jsonTestSuite() throws {
    let directory = URL(fileURLWithPath: try #require(corpus))
    let files = try FileManager.default.contentsOfDirectory(
      at: directory, includingPropertiesForKeys: nil)
    var passed = 0
    for file in files.sorted(by: { $0.lastPathComponent < $1.lastPathComponent }) {
      let name = file.lastPathComponent
      let isTaken = fault([UInt8](try Data(contentsOf: file))) == nil
      let choice = CorpusTests.choices.first { name.hasPrefix($0.prefix) }
      if name.hasPrefix("i_") { try #require(choice != nil, "\(name): no verdict written down") }
      let expected = choice?.isTaken ?? name.hasPrefix("y_")
      #expect(isTaken == expected, "\(name)")
      if isTaken == expected { passed += 1 }
      print("\(isTaken ? "taken" : "refused") \(name)\(choice.map { ": \($0.why)" } ?? "")")
    }
    print("\(passed) passed, \(files.count - passed) failed")
    #expect(files.count == 318)
  }
}
