import Foundation
import StepDetection
import Testing

/// Real walking, where STEPS_DATA names a directory that holds it: `handheld/` at 80 Hz and
/// `phones/` at 50 Hz with `<name>.csv` (activity, ax, ay, az, …) and `<name>.steps.csv`.
/// With STEPS_OUT set, the index of each sample that announced a step is written there.
@Suite struct RecordingsTests {
  static let data = ProcessInfo.processInfo.environment["STEPS_DATA"]
  static let out = ProcessInfo.processInfo.environment["STEPS_OUT"]

  @Test(.enabled(if: data != nil), arguments: [("handheld", 80.0, 1.5), ("phones", 50.0, 1.6)])
  func countsPeopleWithinTheErrorPromised(kind: String, rate: Double, tolerance: Double) throws {
    let directory = URL(filePath: Self.data!).appending(path: kind)
    let names = try FileManager.default.contentsOfDirectory(atPath: directory.path)
    let recordings = names.filter { $0.hasSuffix(".steps.csv") }.map { $0.dropLast(10) }
    var errors: [Double] = []
    for name in recordings.sorted() {
      let labels = try rows(directory.appending(path: "\(name).steps.csv")).count
      let found = try detections(directory.appending(path: "\(name).csv"), rate: rate)
      errors.append(100 * abs(Double(found.count - labels)) / Double(labels))
      try write(found, to: "\(kind)/\(name).det")
    }
    #expect(!errors.isEmpty)
    #expect(errors.reduce(0, +) / Double(errors.count) <= tolerance)
  }

  private func detections(_ file: URL, rate: Double) throws -> [Int] {
    var detector = StepDetector()
    var found: [Int] = []
    for (index, row) in try rows(file).enumerated() {
      let values = row.split(separator: ",").prefix(4).map { Float($0)! }
      let decision = detector.feed(
        x: values[1], y: values[2], z: values[3], interval: Float(1 / rate))
      if decision.isStepStart { found.append(index) }
    }
    return found
  }

  private func rows(_ file: URL) throws -> [Substring] {
    Array(try String(contentsOf: file, encoding: .utf8).split(separator: "\n").dropFirst())
  }

  private func write(_ found: [Int], to name: String) throws {
    guard let out = Self.out else { return }
    let file = URL(filePath: out).appending(path: name)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try found.map { "\($0)\n" }.joined().write(to: file, atomically: true, encoding: .utf8)
  }
}
