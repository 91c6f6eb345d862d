/// A type of which zero bits are a value: the one that its elements begin with in a table.
///
/// Who conforms says that this holds for every field: 0 of a number, false, the first case of an
/// enumeration without payloads. It cannot be asked of a value's bytes, because those between its
/// fields have no value.
public protocol Zeroable: BitwiseCopyable {}

extension UInt8: Zeroable {}
extension UInt32: Zeroable {}
extension UInt64: Zeroable {}
