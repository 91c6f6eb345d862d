extension ByteWriter {
  /// Forgets what was written and leaves no trace of it, nor of what stood there before.
  public mutating func wipe() {
    removeAll()
    unsafe base.initializeMemory(as: UInt8.self, repeating: 0, count: capacity)
  }
}
