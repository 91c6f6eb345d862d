/// A fixed number of elements in one allocation made at start; an element never moves.
///
/// `make` writes every element at once. Memory of an element that is repeated and has no bit set is
/// resident only when it is written to: tables whose elements come and go begin with zeros, or are
/// better held in a `Slab`.
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
  @inlinable public init(repeating element: Element, count: Int) {
    precondition(count >= 0)
    unsafe base = takeZeroed(count, of: Element.self)
    self.count = count
    let isZero = unsafe withUnsafeBytes(of: element) { unsafe hasNoBitSet($0) }
    if !isZero { unsafe base.initialize(repeating: element, count: count) }
  }
}
