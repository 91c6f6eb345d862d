/// Elements that come and go, in one allocation made at start; an element never moves.
///
/// A place is initialised when it is taken and deinitialised when it is given back, and places are
/// reused before fresh ones are touched, so memory that was never needed is never resident.
@safe @frozen public struct Slab<Element: ~Copyable>: ~Copyable {
  @usableFromInline let base: UnsafeMutablePointer<Element>
  /// Per place: `Slab.taken`, or the place that was given back before it.
  @usableFromInline let links: UnsafeMutablePointer<UInt32>
  @usableFromInline var firstFree: UInt32 = Slab.none
  /// Places below were taken at least once.
  @usableFromInline var touched: Int = 0
  public let capacity: Int
  /// Elements alive.
  public private(set) var count: Int = 0
  /// The most elements that were alive at once.
  public private(set) var peak: Int = 0

  @inlinable static var none: UInt32 { .max }
  @inlinable static var taken: UInt32 { .max - 1 }

  /// - Parameter capacity: 1 to 2^31 - 1.
  public init(capacity: Int) {
    precondition(capacity > 0 && capacity <= Int(Int32.max))
    unsafe base = takeZeroed(capacity, of: Element.self)
    unsafe links = takeZeroed(capacity, of: UInt32.self)
    self.capacity = capacity
  }

  deinit {
    for index in 0..<touched where unsafe links[index] == Slab.taken {
      unsafe (base + index).deinitialize(count: 1)
    }
    unsafe giveBackZeroed(base, capacity)
    unsafe giveBackZeroed(links, capacity)
  }

  /// Puts `element` into a free place and returns the place, or nil when there is none; the
  /// element is then dropped, so ask `isFull` first where that matters.
  public mutating func insert(_ element: consuming Element) -> Int? {
    let index: Int
    if firstFree != Slab.none {
      index = Int(firstFree)
      unsafe firstFree = links[index]
    } else if touched < capacity {
      index = touched
      touched += 1
    } else {
      return nil
    }
    unsafe links[index] = Slab.taken
    unsafe (base + index).initialize(to: element)
    count += 1
    peak = max(peak, count)
    return index
  }

  public mutating func remove(at index: Int) {
    precondition(contains(index), "no element in this place")
    unsafe (base + index).deinitialize(count: 1)
    unsafe links[index] = firstFree
    firstFree = UInt32(index)
    count -= 1
  }

  /// Makes all memory resident; only before the first element is taken in.
  public mutating func touch() {
    precondition(touched == 0)
    unsafe touchPages(base, byteCount: capacity * MemoryLayout<Element>.stride)
    unsafe touchPages(links, byteCount: capacity * MemoryLayout<UInt32>.stride)
  }

  public var isFull: Bool { count == capacity }

  /// Places at this index and above were never taken: a walk may stop here.
  public var endIndex: Int { touched }

  @inlinable public func contains(_ index: Int) -> Bool {
    unsafe index >= 0 && index < touched && links[index] == Slab.taken
  }

  @inlinable public subscript(index: Int) -> Element {
    unsafeAddress {
      precondition(contains(index))
      return unsafe UnsafePointer(base + index)
    }
    unsafeMutableAddress {
      precondition(contains(index))
      return unsafe base + index
    }
  }
}
