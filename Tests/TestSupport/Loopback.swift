import Glibc

/// Connects to a port of the loopback, and returns the descriptor.
public func connected(to port: UInt16) -> Int32 {
  let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
  var address = sockaddr_in()
  address.sin_family = sa_family_t(AF_INET)
  address.sin_port = port.bigEndian
  address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
  let status = withUnsafePointer(to: &address) {
    $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
      connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
    }
  }
  precondition(status == 0, "the loopback does not take a connection")
  return descriptor
}

/// The port of "address:port", the address one of IPv4.
public func loopbackPort(of name: [UInt8]) -> UInt16 {
  UInt16(String(decoding: name, as: UTF8.self).split(separator: ":")[1]) ?? 0
}
