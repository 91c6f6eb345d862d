/// A first-in first-out queue of small integers in which each is at most once.
@safe @frozen public struct IndexSet: ~Copyable {
  /// The members before and behind one, or itself where there is none; `absent` for the others.
  /// Members are counted from 1, so that a set begins with zeros.
  @frozen @usableFromInline struct Links { @usableFromInline var before: UInt32, behind: UInt32 }

  @usableFromInline let links: UnsafeMutablePointer<Links>
  @usableFromInline var first: UInt32 = IndexSet.absent
  @usableFromInline var last: UInt32 = IndexSet.absent
  public let capacity: Int
  public private(set) var count: Int = 0

  @inlinable static var absent: UInt32 { 0 }

  /// Takes integers from 0 to `capacity` - 1; `capacity` is 1 to 2^31 - 1.
  public init(capacity: Int) {
    precondition(capacity > 0 && capacity <= Int(Int32.max))
    self.capacity = capacity
    unsafe links = takeZeroed(capacity, of: Links.self)
  }

  deinit { unsafe giveBackZeroed(links, capacity) }

  /// Bytes for each integer that it may take.
  public static var bytesPerIndex: Int { MemoryLayout<Links>.stride }

  public var isEmpty: Bool { first == IndexSet.absent }

  @inlinable public func contains(_ index: Int) -> Bool {
    precondition(index.isIndex(below: capacity))
    return unsafe links[index].behind != IndexSet.absent
  }

  public mutating func insert(_ index: Int) {
    guard !contains(index) else { return }
    let member = UInt32(index) + 1
    if last == IndexSet.absent {
      first = member
      unsafe links[index] = Links(before: member, behind: member)
    } else {
      unsafe links[Int(last) - 1].behind = member
      unsafe links[index] = Links(before: last, behind: member)
    }
    last = member
    count += 1
  }

  public mutating func remove(_ index: Int) {
    guard contains(index) else { return }
    let member = UInt32(index) + 1
    let (before, behind) = unsafe (links[index].before, links[index].behind)
    if member == first { first = behind } else { unsafe links[Int(before) - 1].behind = behind }
    if member == last { last = before } else { unsafe links[Int(behind) - 1].before = before }
    unsafe links[index] = Links(before: IndexSet.absent, behind: IndexSet.absent)
    count -= 1
    seal()
  }

  /// The ends point to themselves.
  private mutating func seal() {
    guard count > 0 else {
      (first, last) = (IndexSet.absent, IndexSet.absent)
      return
    }
    unsafe links[Int(first) - 1].before = first
    unsafe links[Int(last) - 1].behind = last
  }

  /// The member that is in for the longest time.
  public var firstMember: Int? { isEmpty ? nil : Int(first) - 1 }

  public mutating func popFirst() -> Int? {
    guard first != IndexSet.absent else { return nil }
    let member = Int(first) - 1
    remove(member)
    return member
  }
}
