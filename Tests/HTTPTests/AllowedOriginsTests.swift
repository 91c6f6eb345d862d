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
    let origins = try allowedOrigins(list)
    let bytes = Array(origin.utf8)
    let listed = origins.isListedByName(bytes.span.raw)
    let allowed = origins.allows(bytes.span.raw)
    #expect(listed == isListed && allowed == isListed)
  }

  @Test(arguments: [("null", false), ("https://b.example", false), ("https://a.example", true)])
  func aStarAllowsAllAndNamesNone(_ origin: String, _ isListed: Bool) throws {
    let origins = try allowedOrigins("*,https://a.example")
    let bytes = Array(origin.utf8)
    let listed = origins.isListedByName(bytes.span.raw)
    let allowed = origins.allows(bytes.span.raw)
    #expect(allowed && listed == isListed)
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
    let error = fault(in: list)
    #expect(error?.reason == reason)
    #expect(error.map { String(decoding: Array(list.utf8)[$0.entry], as: UTF8.self) } == entry)
  }

  private func fault(in list: String) -> OriginListError? {
    do throws(OriginListError) {
      let origins = try allowedOrigins(list)
      _ = origins.allowsAll
      return nil
    } catch {
      return error
    }
  }

  private func allowedOrigins(_ list: String) throws(OriginListError) -> AllowedOrigins {
    let bytes = Array(list.utf8)
    return try AllowedOrigins(bytes.span.raw)
  }
}
