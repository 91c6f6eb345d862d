/// A fixed number of elements in one allocation made at start; an element never moves.
///
/// `make` and `repeating` write every element at once. Elements that are `zeroed` become resident
/// where they are written to: tables whose elements come and go begin so, or are better held in a
/// `Slab`.
@safe @frozen public struct FixedArray<Element: ~Copyable>: ~Copyable {
  @usableFromInline let base: UnsafeMutablePointer<Element>
  public let count: Int

  /// - Parameter count: at least 0.
  @inlinable public init(count: Int, _ make: (Int) -> Element) {
    precondition(count >= 0)
    unsafe base = takeZeroed(count, of: Element.self)
    for index in 0..<count { unsafe (base + index).initialize(to: make(index)) }
    self.count = count
  }

  deinit {
    unsafe base.deinitialize(count: count)
    unsafe giveBackZeroed(base, count)
  }

  @inlinable public subscript(index: Int) -> Element {
    unsafeAddress {
      precondition(index.isIndex(below: count))
      return unsafe UnsafePointer(base + index)
    }
    unsafeMutableAddress {
      precondition(index.isIndex(below: count))
      return unsafe base + index
    }
  }
}

extension FixedArray where Element: BitwiseCopyable {
  /// - Parameter count: at least 0.
  @inlinable public init(repeating element: Element, count: Int) {
    precondition(count >= 0)
    unsafe base = takeZeroed(count, of: Element.self)
    unsafe base.initialize(repeating: element, count: count)
    self.count = count
  }
}

extension FixedArray where Element: Zeroable {
  /// - Parameter count: at least 0.
  @inlinable public init(zeroed count: Int) {
    precondition(count >= 0)
    unsafe base = takeZeroed(count, of: Element.self)
    self.count = count
  }
}
