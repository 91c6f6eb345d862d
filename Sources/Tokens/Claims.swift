public import Memory

/// What a token says about its bearer, once its signature and its times were found good.
public struct Claims: Sendable {
  /// The user's id: 1 to 64 bytes of UTF-8 without a slash and without control characters.
  public let subject: ShortText
  /// The name to show, the subject when the token has none.
  public let name: ShortText
  public let roles: Roles
  /// Unix seconds, rounded down; nil when the token never expires.
  public let expires: Int64?
  /// The number of the key that signed it.
  public let key: Int

  public init(
    subject: ShortText, name: ShortText, roles: Roles = [], expires: Int64? = nil, key: Int = 0
  ) {
    self.subject = subject
    self.name = name
    self.roles = roles
    self.expires = expires
    self.key = key
  }
}
