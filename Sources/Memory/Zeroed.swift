import CRuntime

/// Takes memory that is zero and becomes resident where it is written to, aligned to 64 bytes.
///
/// - Parameter byteCount: at least 1.
@inline(never) @usableFromInline
func takeZeroed(_ byteCount: Int) -> UnsafeMutableRawPointer {
  unsafe cruntime_take_zeroed(byteCount)
}

/// Gives back what was taken, all of it.
@inline(never) @usableFromInline
func giveBackZeroed(_ start: UnsafeMutableRawPointer, _ byteCount: Int) {
  unsafe cruntime_give_back(start, byteCount)
}

/// Takes memory for elements whose initial value is zero bits, or which are initialised one by one.
@inlinable func takeZeroed<Element: ~Copyable>(
  _ count: Int, of type: Element.Type
) -> UnsafeMutablePointer<Element> {
  unsafe takeZeroed(byteCount(count, MemoryLayout<Element>.stride))
    .bindMemory(to: type, capacity: count)
}

@inlinable func giveBackZeroed<Element: ~Copyable>(
  _ base: UnsafeMutablePointer<Element>, _ count: Int
) {
  unsafe giveBackZeroed(
    UnsafeMutableRawPointer(base), byteCount(count, MemoryLayout<Element>.stride))
}

@inline(never) @usableFromInline
func byteCount(_ count: Int, _ stride: Int) -> Int { max(1, count * stride) }
