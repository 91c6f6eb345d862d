import Memory

extension FamilyKind {
  /// What `connection_type` names in the query of `/ws` (PROTOCOL.md, section 8).
  init?(typed name: RawSpan) {
    let typed: InlineArray<4, FamilyKind> = [.general, .notifications, .testSession, .chat]
    for place in typed.indices where name.equals(typed[place].name) {
      self = typed[place]
      return
    }
    return nil
  }
}
