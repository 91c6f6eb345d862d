/// A first-in first-out queue of small integers in which each is at most once.
@safe @frozen public struct IndexSet: ~Copyable {
  /// Per member: the member behind it, or itself when it is the last; `absent` for the others.
  @usableFromInline let links: UnsafeMutablePointer<UInt32>
  @usableFromInline var first: UInt32 = IndexSet.absent
  @usableFromInline var last: UInt32 = IndexSet.absent
  public let capacity: Int
  public private(set) var count: Int = 0

  @inlinable static var absent: UInt32 { .max }

  /// Takes integers from 0 to `capacity` - 1.
  public init(capacity: Int) {
    precondition(capacity > 0 && capacity <= 1 << 31)
    self.capacity = capacity
    unsafe links = .allocate(capacity: capacity)
    unsafe links.initialize(repeating: IndexSet.absent, count: capacity)
  }

  deinit { unsafe links.deallocate() }

  public var isEmpty: Bool { first == IndexSet.absent }

  @inlinable public func contains(_ index: Int) -> Bool {
    precondition(index >= 0 && index < capacity)
    return unsafe links[index] != IndexSet.absent
  }

  public mutating func insert(_ index: Int) {
    guard !contains(index) else { return }
    let member = UInt32(index)
    if last == IndexSet.absent { first = member } else { unsafe links[Int(last)] = member }
    unsafe links[index] = member
    last = member
    count += 1
  }

  public mutating func popFirst() -> Int? {
    guard first != IndexSet.absent else { return nil }
    let member = first
    let next = unsafe links[Int(member)]
    unsafe links[Int(member)] = IndexSet.absent
    if next == member {
      first = IndexSet.absent
      last = IndexSet.absent
    } else {
      first = next
    }
    count -= 1
    return Int(member)
  }
}
