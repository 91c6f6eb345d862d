/// Many first-in first-out queues of one fixed capacity, in one allocation made at start.
///
/// A full queue hands the element back.
@safe @frozen public struct RingTable<Element: ~Copyable>: ~Copyable {
  @frozen @usableFromInline struct Ends { @usableFromInline var head: UInt16, count: UInt16 }

  /// What stands side by side, and so becomes resident together.
  public enum Layout: Sendable {
    /// The elements of one ring: for long ones.
    case ringByRing
    /// The first elements of all rings, then the second ones: for rings that are mostly short.
    case placeByPlace
  }

  @usableFromInline let storage: UnsafeMutablePointer<Element>
  @usableFromInline let ends: UnsafeMutablePointer<Ends>
  public let rings: Int
  /// Elements a ring.
  public let capacity: Int
  /// From a ring to the next one, and from a place to the next one, in elements.
  @usableFromInline let ringStride: Int
  @usableFromInline let placeStride: Int

  /// Bytes of bookkeeping a ring.
  public static var overhead: Int { MemoryLayout<Ends>.stride }

  /// - Parameter capacity: 1 to 65,535 elements a ring.
  public init(rings: Int, capacity: Int, layout: Layout) {
    precondition(rings > 0 && capacity > 0 && capacity <= Int(UInt16.max))
    self.rings = rings
    self.capacity = capacity
    (ringStride, placeStride) = layout == .ringByRing ? (capacity, 1) : (1, rings)
    unsafe storage = takeZeroed(rings * capacity, of: Element.self)
    unsafe ends = takeZeroed(rings, of: Ends.self)
  }

  deinit {
    for ring in 0..<rings {
      for place in 0..<count(of: ring) { unsafe address(ring, place).deinitialize(count: 1) }
    }
    unsafe giveBackZeroed(storage, rings * capacity)
    unsafe giveBackZeroed(ends, rings)
  }

  @inlinable public func count(of ring: Int) -> Int {
    precondition(ring.isIndex(below: rings))
    return unsafe Int(ends[ring].count)
  }

  @inlinable func address(_ ring: Int, _ place: Int) -> UnsafeMutablePointer<Element> {
    var position = unsafe Int(ends[ring].head) + place
    if position >= capacity { position -= capacity }
    return unsafe storage + (ring &* ringStride &+ position &* placeStride)
  }

  /// Makes all memory resident; only while every ring is empty.
  public mutating func touch() {
    unsafe touchPages(storage, byteCount: rings * capacity * MemoryLayout<Element>.stride)
  }

  /// Returns the element when the ring is full.
  @inlinable public mutating func push(_ element: consuming Element, to ring: Int) -> Element? {
    let place = count(of: ring)
    guard place < capacity else { return element }
    if place == 0 { unsafe ends[ring].head = 0 }
    unsafe address(ring, place).initialize(to: element)
    unsafe ends[ring].count += 1
    return nil
  }

  @inlinable public mutating func popFirst(of ring: Int) -> Element? {
    guard count(of: ring) > 0 else { return nil }
    let element = unsafe address(ring, 0).move()
    unsafe ends[ring].head = ends[ring].head + 1 == capacity ? 0 : ends[ring].head + 1
    unsafe ends[ring].count -= 1
    return element
  }

  @inlinable public mutating func popLast(of ring: Int) -> Element? {
    let place = count(of: ring) - 1
    guard place >= 0 else { return nil }
    unsafe ends[ring].count -= 1
    return unsafe address(ring, place).move()
  }

  /// The element `place` behind the first of `ring`.
  @inlinable public subscript(ring: Int, place: Int) -> Element {
    unsafeAddress {
      precondition(place.isIndex(below: count(of: ring)))
      return unsafe UnsafePointer(address(ring, place))
    }
    unsafeMutableAddress {
      precondition(place.isIndex(below: count(of: ring)))
      return unsafe address(ring, place)
    }
  }
}
