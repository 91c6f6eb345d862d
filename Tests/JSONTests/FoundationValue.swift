import Foundation
import JSON
import Memory

/// The document as Foundation would hold it; nil when a number is out of range or a name occurs
/// twice, where parsers differ.
func foundationValue(_ bytes: [UInt8]) -> Any? {
  var reader = JSONReader(bytes.span.bytes)
  do throws(JSONError) {
    let value = try readAny(&reader)
    try reader.end()
    return value
  } catch {
    return nil
  }
}

private func readAny(_ reader: inout JSONReader) throws(JSONError) -> Any? {
  switch try reader.peekKind() {
  case .null:
    try reader.readNull()
    return NSNull()
  case .bool: return try reader.readBool()
  case .number: return try reader.readNumber()
  case .string: return decoded(try reader.readString())
  case .array:
    var elements: [Any] = []
    try reader.beginArray()
    while try reader.nextElement() {
      guard let element = try readAny(&reader) else { return nil }
      elements.append(element)
    }
    return elements
  case .object:
    var members: [String: Any] = [:]
    try reader.beginObject()
    while let name = try reader.nextMember() {
      guard let value = try readAny(&reader) else { return nil }
      guard members.updateValue(value, forKey: decoded(name)) == nil else { return nil }
    }
    return members
  }
}

private func decoded(_ string: borrowing JSONString) -> String {
  var writer = ByteWriter(capacity: 1024)
  string.decode(into: &writer)
  return text(writer.bytes)
}

/// Whether Foundation's value is the one we read.
func isSame(_ ours: Any, _ theirs: Any) -> Bool {
  switch (ours, theirs) {
  case (let a as [Any], let b as [Any]):
    a.count == b.count && zip(a, b).allSatisfy { isSame($0, $1) }
  case (let a as [String: Any], let b as [String: Any]):
    a.count == b.count && a.allSatisfy { name, value in b[name].map { isSame(value, $0) } ?? false }
  case (let a as String, let b as String): Array(a.utf8) == Array(b.utf8)
  case (let a as Bool, let b as Bool): a == b
  // Foundation keeps long numbers as decimals, whose `doubleValue` is not the nearest double.
  case (let a as Double, let b as NSDecimalNumber): a == Double(b.stringValue)
  case (let a as Double, let b as NSNumber): a == b.doubleValue
  default: ours is NSNull && theirs is NSNull
  }
}
