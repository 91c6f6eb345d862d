// swift-tools-version: 6.2
import PackageDescription

// The same sources are built as ordinary Swift and, by Cross/build, as Embedded Swift for a board.
// The mode is chosen there, never here: a setting in this file would leak into ordinary builds.
let settings: [SwiftSetting] = [
  .enableExperimentalFeature("Lifetimes"),
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
  .unsafeFlags(["-cross-module-optimization"], .when(configuration: .release)),
]

/// A module of ours and the modules it may import.
func module(_ name: String, on below: [Target.Dependency] = [], path: String? = nil) -> Target {
  .target(name: name, dependencies: below, path: path, swiftSettings: settings)
}

/// One C library, or a part of the system, behind a header that Embedded Swift can read.
func shim(_ name: String, linking libraries: [String] = []) -> Target {
  .target(
    name: name, path: "CShims/\(name)",
    cSettings: [.unsafeFlags(["-Wall", "-Wextra", "-Werror"])],
    linkerSettings: libraries.map { .linkedLibrary($0) })
}

/// The unit tests that mirror one module.
func tests(of name: String, with more: [Target.Dependency] = []) -> Target {
  .testTarget(
    name: "\(name)Tests", dependencies: [.byName(name: name)] + more,
    swiftSettings: [.enableExperimentalFeature("Lifetimes"), .treatAllWarnings(as: .error)])
}

let package = Package(
  name: "martlet",
  targets: [
    module("Memory"),
    module("WebSocket", on: ["Memory"]),
    module("HTTP", on: ["Memory"]),
    module("Delivery", on: ["WebSocket", "Memory"]),
    shim("CUV", linking: ["uv", "m"]),
    shim("CMbedTLS", linking: ["mbedcrypto"]),
    shim("CBoard"),
    shim("CRuntime"),
    module("Host", on: ["Memory", "CUV", "CMbedTLS", "CBoard", "CRuntime"]),
    tests(of: "Memory"),
    module("JSON", on: ["Memory"]),
    tests(of: "JSON", with: ["Memory"]),
    module("Gateway", on: ["Memory"]),
    tests(of: "Memory"),
    tests(of: "Gateway"),
    tests(of: "HTTP", with: ["Memory"]),
    module("StepDetection"),
    tests(of: "StepDetection"),
  ]
)
