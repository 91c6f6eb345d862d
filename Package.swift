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
    tests(of: "Memory"),
    module("StepDetection"),
    tests(of: "StepDetection"),
  ]
)
