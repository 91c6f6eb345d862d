/// What a peer did against RFC 6455: the peer's fault, which ends its connection and no other.
public enum ProtocolViolation: Error, Equatable {
  /// A reserved bit without an extension that gives it a meaning (section 5.2).
  case reservedBits
  case unknownOpcode
  /// A control frame in fragments (section 5.5).
  case fragmentedControl
  /// A control frame of more than 125 bytes (section 5.5).
  case oversizedControl
  /// A client's frame without a masking key (section 5.1).
  case unmasked
  /// A length in more bytes than it needs (section 5.2).
  case nonMinimalLength
  /// A 64-bit length whose first bit is set (section 5.2).
  case lengthOutOfRange
  /// A continuation with nothing to continue (section 5.4).
  case unexpectedContinuation
  /// A new message inside a fragmented one (section 5.4).
  case expectedContinuation
  /// A close frame of one byte, or with a code that must not travel (section 7.4).
  case closePayload
  /// Text, or a close reason, that is not UTF-8 (section 8.1).
  case invalidUTF8
  /// A compressed message that no compressor has made (RFC 7692, section 7.2.2).
  case corruptMessage
  /// Longer than the receiver takes (section 10.4).
  case messageTooBig
}
