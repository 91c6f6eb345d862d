/// What a parser makes of the bytes so far: not having all of them yet is not an error.
public enum Parsed<Value> {
  case needMore
  /// `consumed` is the number of bytes that belong to the value.
  case done(Value, consumed: Int)
}
