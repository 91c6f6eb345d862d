import JSON
import Memory

/// The six readings of an inertial unit, in the order of a batch and of a binary sample.
enum SensorField: Int, CaseIterable {
  case accelX, accelY, accelZ, gyroX, gyroY, gyroZ

  static let count = 6

  /// The field that a member of a message is called after.
  init?(_ name: JSONString) {
    guard !name.hasEscapes else {
      for field in SensorField.allCases where name.equals(field.name.bytes) {
        self = field
        return
      }
      return nil
    }
    let stem = name.raw.byteCount - 1
    let axis = Int(name.raw.byte(at: stem)) - Int(UInt8(ascii: "x"))
    guard stem == 5 || stem == 6, axis >= 0, axis < 3 else { return nil }
    let isAccel = stem == 6
    let sensor = name.raw.extracting(0..<stem)
    guard sensor.hasSameBytes(as: (isAccel ? "accel_" : "gyro_" as StaticString).bytes) else {
      return nil
    }
    self.init(rawValue: isAccel ? axis : 3 + axis)
  }

  var name: StaticString {
    switch self {
    case .accelX: "accel_x"
    case .accelY: "accel_y"
    case .accelZ: "accel_z"
    case .gyroX: "gyro_x"
    case .gyroY: "gyro_y"
    case .gyroZ: "gyro_z"
    }
  }

  /// What a sensor can say: m/s² or rad/s (or g) from -2000 to 2000. Beyond lies no walking
  /// person but a fault, and NaN is in no range.
  static func isValid(_ value: Double) -> Bool { value >= -2000 && value <= 2000 }
}

/// One reading of the sensor.
struct SensorSample {
  var values = InlineArray<6, Float>(repeating: 0)
  /// Which of the six came, a bit each.
  var present: UInt8 = 0

  static let acceleration: UInt8 = 0b000_111
  static let all: UInt8 = 0b111_111

  mutating func set(_ field: SensorField, _ value: Double) {
    values[field.rawValue] = Float(value)
    present |= 1 << UInt8(field.rawValue)
  }
}
