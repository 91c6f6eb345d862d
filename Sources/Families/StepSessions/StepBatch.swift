import JSON
import Memory

/// Samples one by one, nil after the last.
protocol SampleSource: ~Escapable {
  mutating func next() throws(StepRefusal) -> SensorSample?
}

/// The samples of a JSON batch, one by one: arrays of six numbers, or of three where the client
/// said that it has no gyroscope.
struct StepBatch: SampleSource, ~Escapable {
  private var json: JSONReader
  private let hasGyro: Bool
  private var index = 0

  /// - Parameter samples: the text of the array.
  @_lifetime(copy samples)
  init(_ samples: RawSpan, hasGyro: Bool) throws(StepRefusal) {
    json = JSONReader(samples)
    self.hasGyro = hasGyro
    do throws(JSONError) { try json.beginArray() } catch { throw .malformed }
  }

  mutating func next() throws(StepRefusal) -> SensorSample? {
    do throws(JSONError) {
      guard try json.nextElement() else { return nil }
      guard try json.peekKind() == .array else { throw StepBatch.mismatch }
      try json.beginArray()
      var sample = SensorSample()
      var place = 0
      while try json.nextElement() {
        guard let field = SensorField(rawValue: place), let value = try json.readNumberOrSkip(),
          SensorField.isValid(value)
        else { throw StepBatch.mismatch }
        sample.set(field, value)
        place += 1
      }
      guard place == SensorField.count || (place == 3 && !hasGyro) else { throw StepBatch.mismatch }
      index += 1
      return sample
    } catch {
      throw .invalidSample(index)
    }
  }

  private static var mismatch: JSONError { .mismatch(found: .array, at: 0) }
}

/// The samples of a binary message: six little-endian float32 each (IEEE 754 binary32).
struct BinaryBatch: SampleSource, ~Escapable {
  static let bytesPerSample = SensorField.count * MemoryLayout<Float>.size

  private let bytes: RawSpan
  private var index = 0

  @_lifetime(copy bytes)
  init(_ bytes: RawSpan) throws(StepRefusal) {
    guard bytes.byteCount > 0, bytes.byteCount % BinaryBatch.bytesPerSample == 0 else {
      throw .tornSample
    }
    self.bytes = bytes
  }

  mutating func next() throws(StepRefusal) -> SensorSample? {
    let start = index * BinaryBatch.bytesPerSample
    guard start < bytes.byteCount else { return nil }
    var sample = SensorSample()
    for place in 0..<SensorField.count {
      let bits = bytes.load(at: start + 4 * place, as: UInt32.self)
      let value = Double(Float(bitPattern: UInt32(littleEndian: bits)))
      guard let field = SensorField(rawValue: place), SensorField.isValid(value) else {
        throw .invalidSample(index)
      }
      sample.set(field, value)
    }
    index += 1
    return sample
  }
}
