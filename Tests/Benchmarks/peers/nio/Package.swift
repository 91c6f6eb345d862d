// swift-tools-version: 6.0
import PackageDescription

// A peer of the benchmarks, on SwiftNIO; no part of Martlet's own package.
let package = Package(
  name: "peer",
  dependencies: [
    .package(url: "https://github.com/apple/swift-nio.git", exact: "2.101.2")
  ],
  targets: [
    .executableTarget(
      name: "peer",
      dependencies: [
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOWebSocket", package: "swift-nio"),
      ],
      swiftSettings: [.swiftLanguageMode(.v5)])
  ]
)
