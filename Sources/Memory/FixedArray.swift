/// A fixed number of elements in one allocation made at start; an element never moves.
///
/// Memory is touched only when an element is: `make` runs for every element at once, so large
/// tables whose elements come and go are better held in a `Slab`.
@safe @frozen public struct FixedArray<Element: ~Copyable>: ~Copyable {
  @usableFromInline let base: UnsafeMutablePointer<Element>
  public let count: Int

  /// - Parameter count: at least 0.
  @inlinable public init(count: Int, _ make: (Int) -> Element) {
    precondition(count >= 0)
    unsafe base = .allocate(capacity: Swift.max(1, count))
    for index in 0..<count { unsafe (base + index).initialize(to: make(index)) }
    self.count = count
  }

  deinit {
    unsafe base.deinitialize(count: count)
    unsafe base.deallocate()
  }

  @inlinable public subscript(index: Int) -> Element {
    unsafeAddress {
      precondition(index >= 0 && index < count)
      return unsafe UnsafePointer(base + index)
    }
    unsafeMutableAddress {
      precondition(index >= 0 && index < count)
      return unsafe base + index
    }
  }
}

extension FixedArray where Element: BitwiseCopyable {
  @inlinable public init(repeating element: Element, count: Int) {
    self.init(count: count) { _ in element }
  }
}
