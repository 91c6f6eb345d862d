import Foundation
import JSON
import Memory
import TestSupport
import Testing

/// What happens to documents that are nearly well formed.
@Suite struct MutationTests {
  static let documents = [
    #"{"accel_x":0.123456,"accel_y":-9.81,"gyro_z":-0.03,"timestamp":1699999999.123}"#,
    #"{"type":"message","room":"a","content":"\u00e9\n😀 and \uD83D\uDE00","data":{"k":[1,null]}}"#,
    #" [ true , false , [ [ ] , { } ] , "漢字" , 1e-5 , -0.0 , 123456789012345678901234567890 ] "#,
  ].map { Array($0.utf8) }

  /// Nothing traps, and reading value by value refuses what validating refuses.
  @Test func everyWayToReadAgrees() {
    forEachMutant(seed: 7, count: 60_000) { bytes in
      let verdict = fault(bytes)
      let walked = walk(bytes)
      if (walked == nil) != (verdict == nil) {
        Issue.record(
          "\(String(decoding: bytes, as: UTF8.self)): \(verdict as Any), \(walked as Any)")
      }
    }
  }

  /// What we take, Foundation takes, and it finds the same values.
  @Test func foundationAgreesOnWhatWeTake() throws {
    var judged = 0
    forEachMutant(seed: 8, count: 20_000) { bytes in
      // Foundation is not asked about numbers past a double's range and names that occur twice.
      guard fault(bytes) == nil, let ours = foundationValue(bytes) else { return }
      let theirs = try? JSONSerialization.jsonObject(
        with: Data(bytes), options: .fragmentsAllowed)
      if !(theirs.map { isSame(ours, $0) } ?? false) {
        Issue.record("\(String(decoding: bytes, as: UTF8.self)): \(ours), \(theirs as Any)")
      }
      judged += 1
    }
    #expect(judged > 1000)
  }

  private func forEachMutant(seed: UInt64, count: Int, _ judge: ([UInt8]) -> Void) {
    let tokens = Array(#"{}[],:"\/0123456789.eE+-truefalsn "#.utf8) + [0, 0x0A, 0x80, 0xC3, 0xED]
    var random = SplitMix64(seed: seed)
    for _ in 0..<count {
      var bytes = MutationTests.documents.randomElement(using: &random)!
      for _ in 0...Int(random.next() % 3) {
        let place = Int(random.next() % UInt64(bytes.count))
        switch random.next() % 5 {
        case 0: bytes.remove(at: place)
        case 1: bytes.insert(tokens.randomElement(using: &random)!, at: place)
        case 2: bytes[place] = tokens.randomElement(using: &random)!
        case 3: bytes[place] = UInt8(truncatingIfNeeded: random.next())
        default: bytes.swapAt(place, Int(random.next() % UInt64(bytes.count)))
        }
        if bytes.isEmpty { bytes = [0x20] }
      }
      judge(bytes)
    }
  }
}

/// Reads every value as what it is; returns what was thrown other than for a number's size.
private func walk(_ bytes: [UInt8]) -> JSONError? {
  var reader = JSONReader(bytes.span.bytes)
  var open: [JSONKind] = []
  do throws(JSONError) {
    repeat {
      if open.last == .object, try reader.nextMember() == nil {
        open.removeLast()
        continue
      }
      if open.last == .array, try !reader.nextElement() {
        open.removeLast()
        continue
      }
      switch try reader.peekKind() {
      case .object:
        try reader.beginObject()
        open.append(.object)
      case .array:
        try reader.beginArray()
        open.append(.array)
      case .string: _ = try reader.readString()
      case .number: try walkNumber(&reader)
      case .bool: _ = try reader.readBool()
      case .null: try reader.readNull()
      }
    } while !open.isEmpty
    try reader.end()
    return nil
  } catch {
    return error
  }
}

private func walkNumber(_ reader: inout JSONReader) throws(JSONError) {
  do throws(JSONError) {
    _ = try reader.readNumber()
  } catch {
    guard case .numberOutOfRange = error else { throw error }
    try reader.skipValue()
  }
}
