import Memory

/// The bytes of a literal, which `"…".bytes` would look for in `String`.
@_lifetime(immortal)
func literal(_ text: StaticString) -> RawSpan { text.bytes }
