import HTTP
import Testing

@Suite struct AllowedOriginsTests {
  @Test(arguments: [
    ("https://a.example", true), ("HTTPS://A.example", true), ("https://a.example:443", true),
    ("https://a.example:8443", false), ("http://a.example", false), ("https://b.example", false),
    ("https://x.a.example", false), ("http://localhost:3000", true), ("http://localhost", false),
    ("https://x.example.org", true), ("https://x.y.example.org", true),
    ("https://example.org", false), ("https://.example.org", false),
    ("https://xexample.org", false), ("https://x.example.org.evil.example", false),
    ("https://x.example.org:1", false), ("capacitor://localhost", true), ("null", false),
    ("", false), ("https://a.example/", false), ("https://a.example,https://b.example", false),
  ])
  func originsAreListedByName(_ origin: String, _ isListed: Bool) throws {
    let list =
      "https://a.example, http://localhost:3000,,https://*.example.org , capacitor://localhost"
    let origins = try withBytes(of: list) { list throws(OriginListError) in
      try AllowedOrigins(list)
    }
    let listed = withBytes(of: origin) { origins.isListedByName($0) }
    let allowed = withBytes(of: origin) { origins.allows($0) }
    #expect(listed == isListed && allowed == isListed)
  }

  @Test func aStarAllowsAllAndNamesNone() throws {
    let origins = try withBytes(of: "*,https://a.example") { list throws(OriginListError) in
      try AllowedOrigins(list)
    }
    for origin in ["null", "https://b.example"] {
      let (allowed, listed) = withBytes(of: origin) {
        (origins.allows($0), origins.isListedByName($0))
      }
      #expect(allowed && !listed)
    }
    let listed = withBytes(of: "https://a.example") { origins.isListedByName($0) }
    #expect(listed && origins.allowsAll)
  }

  @Test(arguments: [
    ("", "", OriginListError.Reason.empty), (" , ", " , ", .empty),
    ("https://a,b.example", "b.example", .form), ("https://a/", "https://a/", .form),
    ("https://a:x", "https://a:x", .form), ("null", "null", .form), ("https://", "https://", .form),
    ("https://a https://b", "https://a https://b", .form), ("wss://a", "wss://a", .scheme),
    ("https://*", "https://*", .star), ("https://*.", "https://*.", .star),
    ("https://a.*.b", "https://a.*.b", .star), ("https://*.*.b", "https://*.*.b", .star),
  ])
  func aFaultNamesItsEntry(_ list: String, _ entry: String, _ reason: OriginListError.Reason) {
    do throws(OriginListError) {
      _ = try withBytes(of: list) { bytes throws(OriginListError) in
        try AllowedOrigins(bytes).allowsAll
      }
      Issue.record("\(list) was taken")
    } catch {
      #expect(error.reason == reason)
      #expect(withBytes(of: list) { String($0.extracting(error.entry)) } == entry)
    }
  }
}
