import HTTP
import Testing

@Suite struct CredentialsTests {
  @Test(arguments: [
    ("Bearer abc", "abc"), ("bearer  abc", "abc"), ("BEARER a b", "a b"), ("Bearer", nil),
    ("Bearerabc", nil), ("Basic abc", nil), ("", nil),
  ])
  func theBearersTokenIsFound(_ value: String, _ expected: String?) {
    let found = withBytes(of: value) { String(Credentials.bearer(in: $0)) }
    #expect(found == expected)
  }

  @Test(arguments: [
    ("token=a", "a"), ("x=1; token=a; token=b", "a"), ("token=\"a\"", "a"), ("token=a=b", "a=b"),
    ("token=", ""), ("token=\"", "\""), (" token = a ;", "a"), ("x=\"; token=a", "a"),
    ("Token=a", nil), ("tokens=a", nil), ("xtoken=a", nil), ("token", nil), ("", nil),
  ])
  func aCookieIsFound(_ value: String, _ expected: String?) {
    let found = withBytes(of: value) { String(Credentials.cookie("token", in: $0)) }
    #expect(found == expected)
  }
}
