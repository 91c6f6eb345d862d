import Memory

/// The origins that WEBSOCKET_ALLOWED_ORIGINS names, taken apart at start (PROTOCOL.md, section 9).
public struct AllowedOrigins: ~Copyable {
  // Public, because Swift 6.3 emits a broken module where another one destroys an array of a type
  // that it cannot name.
  public struct Entry {
    let origin: Origin
    let isWildcard: Bool
  }

  private let text: ByteWriter
  private let entries: FixedArray<Entry?>
  /// Whether `*` is among them.
  public let allowsAll: Bool

  /// - Parameter list: `*`, or origins such as `https://a.example:8443` and
  ///   `https://*.example.org`, separated by commas. The star stands for one or more labels in
  ///   front of a domain, never for none: the domain itself is another entry.
  public init(_ list: RawSpan) throws(OriginListError) {
    var (places, count, allowsAll) = (Places(list), 0, false)
    while let place = places.next(in: list) {
      if list[place].equals("*") { allowsAll = true } else { count += 1 }
    }
    guard count > 0 || allowsAll else {
      throw OriginListError(entry: 0..<list.byteCount, reason: .empty)
    }
    var entries = FixedArray<Entry?>(count: count) { _ in nil }
    places = Places(list)
    var index = 0
    while let place = places.next(in: list) {
      guard !list[place].equals("*") else { continue }
      entries[index] = try AllowedOrigins.entry(list, place)
      index += 1
    }
    var text = ByteWriter(capacity: max(1, list.byteCount))
    text.append(list)
    self.text = text
    self.entries = entries
    self.allowsAll = allowsAll
  }

  /// Whether a page of `origin` may connect.
  ///
  /// - Parameter origin: the value of Origin. A request without one comes from no browser: there is
  ///   nothing to ask here.
  public func allows(_ origin: RawSpan) -> Bool { allowsAll || isListedByName(origin) }

  /// Whether an entry other than `*` names `origin`, a wildcard of its domain included. Scheme and
  /// host are compared without regard to case, ports as numbers.
  public func isListedByName(_ origin: RawSpan) -> Bool {
    guard let parts = Origin(origin, in: 0..<origin.byteCount) else { return false }
    for index in 0..<entries.count {
      if let entry = entries[index], matches(entry, origin, parts) { return true }
    }
    return false
  }

  private func matches(_ entry: Entry, _ origin: RawSpan, _ parts: Origin) -> Bool {
    let own = entry.origin
    guard own.port == parts.port,
      origin[parts.scheme].equalsIgnoringCase(text.bytes[own.scheme])
    else { return false }
    guard entry.isWildcard else {
      return origin[parts.host].equalsIgnoringCase(text.bytes[own.host])
    }
    let domain = own.host.lowerBound + 1..<own.host.upperBound
    guard parts.host.count > domain.count else { return false }
    return origin[parts.host.upperBound - domain.count..<parts.host.upperBound]
      .equalsIgnoringCase(text.bytes[domain])
  }

  private static func entry(
    _ list: RawSpan, _ place: Range<Int>
  ) throws(OriginListError) -> Entry {
    guard let origin = Origin(list, in: place) else {
      throw OriginListError(entry: place, reason: .form)
    }
    let scheme = list[origin.scheme]
    guard !scheme.equalsIgnoringCase("ws"), !scheme.equalsIgnoringCase("wss") else {
      throw OriginListError(entry: place, reason: .scheme)
    }
    let host = list[origin.host]
    let isWildcard = host.byteCount > 2 && host[0..<2].equals("*.")
    let plain = isWildcard ? origin.host.lowerBound + 1..<origin.host.upperBound : origin.host
    guard list.firstIndex(of: UInt8(ascii: "*"), in: plain) == nil else {
      throw OriginListError(entry: place, reason: .star)
    }
    return Entry(origin: origin, isWildcard: isWildcard)
  }
}

/// What is wrong with the list: the operator's fault, at start only.
public struct OriginListError: Error, Equatable, Sendable {
  public enum Reason: Sendable, CaseIterable { case empty, form, scheme, star }

  /// Where the entry stands in the list, so that the message can show it.
  public let entry: Range<Int>
  public let reason: Reason

  /// What is allowed instead.
  public var message: StaticString {
    switch reason {
    case .empty: "the list is empty: write *, or origins separated by commas"
    case .form: "an origin is scheme://host or scheme://host:port, without a path"
    case .scheme: "an origin is the page's: it begins with https:// or http://"
    case .star: "a star stands alone, or in front of a domain as in https://*.example.org"
    }
  }
}

/// The places of a list's entries, without white space around; empty ones are left out.
private struct Places {
  private var offset = 0
  private let end: Int

  init(_ list: RawSpan) { end = list.byteCount }

  mutating func next(in list: RawSpan) -> Range<Int>? {
    while offset < end {
      let comma = list.firstIndex(of: UInt8(ascii: ","), in: offset..<end) ?? end
      let place = list.trimming(offset..<comma)
      offset = comma + 1
      if !place.isEmpty { return place }
    }
    return nil
  }
}
