// swift-tools-version: 6.2
import PackageDescription

// The same sources are built as ordinary Swift and, by Cross/build, as Embedded Swift for a board.
// The mode is chosen there, never here: a setting in this file would leak into ordinary builds.
let settings: [SwiftSetting] = [
  .enableExperimentalFeature("Lifetimes"),
  // What Embedded Swift asks for in any case: whoever uses a member imports its module.
  .enableUpcomingFeature("MemberImportVisibility"),
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
  .unsafeFlags(["-cross-module-optimization"], .when(configuration: .release)),
]

/// How a module is made: fast; small, when none of it runs for each message; or, mixed, fast in
/// ordinary builds and small in those for boards, where the linker inlines across modules anyway.
/// What runs for each message of such a one, its specialisations elsewhere included, says
/// `@_optimize(speed)`, and `@inline(never)` keeps the rest out of it.
enum Aim { case speed, size, mixed }

/// Cross/build says so.
let isForBoard = Context.environment["MARTLET_FOR_BOARD"] != nil

func settings(for aim: Aim) -> [SwiftSetting] {
  let isSmall = aim == .size || aim == .mixed && isForBoard
  return isSmall ? settings + [.unsafeFlags(["-Osize"], .when(configuration: .release))] : settings
}

/// A module of ours and the modules it may import.
func module(
  _ name: String, on below: [Target.Dependency] = [], path: String? = nil, for aim: Aim = .speed
) -> Target {
  .target(
    name: name, dependencies: below, path: path, swiftSettings: settings(for: aim))
}

/// Files and times of 64 bits on 32-bit boards, too (feature_test_macros(7)): inode numbers that do
/// not fit would end a start, and the year 2038 the wall clock.
let wide: [CSetting] = [.define("_FILE_OFFSET_BITS", to: "64"), .define("_TIME_BITS", to: "64")]

/// One C library, or a part of the system, behind a header that Embedded Swift can read.
func shim(
  _ name: String, on below: [Target.Dependency] = [], linking libraries: [String] = [],
  defining macros: [CSetting] = []
) -> Target {
  .target(
    name: name, dependencies: below, path: "CShims/\(name)",
    cSettings: [.unsafeFlags(["-Wall", "-Wextra", "-Werror"])] + macros,
    linkerSettings: libraries.map { .linkedLibrary($0) })
}

/// The unit tests that mirror one module.
func tests(of name: String, with more: [Target.Dependency] = []) -> Target {
  .testTarget(
    name: "\(name)Tests", dependencies: [.byName(name: name), "TestSupport"] + more,
    swiftSettings: [.enableExperimentalFeature("Lifetimes"), .treatAllWarnings(as: .error)])
}

let package = Package(
  name: "martlet",
  products: [.executable(name: "martlet", targets: ["martlet"])],
  traits: [
    .default(enabledTraits: [
      "StepDetection", "Rooms", "EmotionSync", "UserEvents", "TypedConnections", "Admin",
      "Persistence", "TLS",
    ]),
    .trait(name: "StepDetection", description: "Step sessions: counts steps (/ws/realtime)."),
    .trait(name: "Rooms", description: "Rooms: members, messages, history (/ws, /ws/{room})."),
    .trait(name: "EmotionSync", description: "One emotion on all of a user's devices (/api/ws)."),
    .trait(name: "UserEvents", description: "Events from backends to users (/api/v1/...)."),
    .trait(name: "TypedConnections", description: "General, chat, notifications, test sessions."),
    .trait(name: "Admin", description: "Management and metrics (/ws/stats, /metrics, ...)."),
    .trait(name: "Persistence", description: "Keeps what was acknowledged on disk (SQLite)."),
    .trait(name: "TLS", description: "wss:// and https:// (mbedTLS)."),
    .trait(name: "Deflate", description: "Compressed messages: permessage-deflate (zlib)."),
    .trait(name: "Echo", description: "Sends messages back: suites and benchmarks (/echo)."),
  ],
  targets: [
    shim("CUV", linking: ["uv", "m"]),
    shim("CMbedTLS", linking: ["mbedcrypto"]),
    shim("CArena"),
    shim("CTLS", on: ["CArena"], linking: ["mbedtls", "mbedx509", "mbedcrypto"]),
    shim("CSQLite", on: ["CArena"], linking: ["sqlite3", "m"], defining: wide),
    shim("CZlib", on: ["CArena"], linking: ["z"]),
    shim("CBoard", defining: wide),
    shim("CRuntime"),

    module(
      "Memory",
      on: ["CRuntime", .target(name: "CZlib", condition: .when(traits: ["Deflate"]))]),
    module("JSON", on: ["Memory"]),
    module("WebSocket", on: ["Memory"]),
    module("HTTP", on: ["Memory"], for: .mixed),
    module("Tokens", on: ["JSON", "Memory"], for: .size),
    module("StepDetection"),
    module("Attendance", on: ["Memory"]),
    module("Delivery", on: ["WebSocket", "Memory"]),
    module(
      "StepSessions", on: ["Delivery", "JSON", "Memory", "StepDetection", "WebSocket"],
      path: "Sources/Families/StepSessions"),
    module(
      "Rooms", on: ["Attendance", "Delivery", "JSON", "Memory", "WebSocket"],
      path: "Sources/Families/Rooms"),
    module(
      "EmotionSync", on: ["Delivery", "JSON", "Memory", "WebSocket"],
      path: "Sources/Families/EmotionSync", for: .size),
    module(
      "UserEvents", on: ["Delivery", "JSON", "Memory", "WebSocket"],
      path: "Sources/Families/UserEvents", for: .size),
    module(
      "TypedConnections", on: ["Attendance", "Delivery", "JSON", "Memory", "WebSocket"],
      path: "Sources/Families/TypedConnections", for: .size),
    module(
      "Management", on: ["Delivery", "JSON", "Memory"], path: "Sources/Families/Management",
      for: .size),
    module(
      "Gateway",
      on: [
        "Delivery", "HTTP", "JSON", "Memory", "Tokens", "WebSocket",
        .target(name: "StepSessions", condition: .when(traits: ["StepDetection"])),
        .target(name: "Rooms", condition: .when(traits: ["Rooms"])),
        .target(name: "EmotionSync", condition: .when(traits: ["EmotionSync"])),
        .target(name: "UserEvents", condition: .when(traits: ["UserEvents"])),
        .target(name: "TypedConnections", condition: .when(traits: ["TypedConnections"])),
        .target(name: "Management", condition: .when(traits: ["Admin"])),
      ],
      for: .mixed),
    module(
      "Host",
      on: [
        "CBoard", "CMbedTLS", "CRuntime", "CUV", "Memory",
        .target(name: "CSQLite", condition: .when(traits: ["Persistence"])),
        .target(name: "CTLS", condition: .when(traits: ["TLS"])),
      ]),
    .executableTarget(
      name: "martlet", dependencies: ["Gateway", "Host", "Memory", "Tokens"],
      swiftSettings: settings(for: .mixed)),

    .target(name: "TestSupport", path: "Tests/TestSupport"),
    tests(of: "Memory"),
    tests(of: "WebSocket", with: ["Memory"]),
    tests(of: "Attendance", with: ["Memory"]),
    tests(of: "Delivery", with: ["Memory", "WebSocket"]),
    tests(of: "JSON", with: ["Memory"]),
    tests(of: "HTTP", with: ["Memory"]),
    tests(of: "Tokens", with: ["Host", "JSON", "Memory"]),
    tests(of: "StepDetection"),
    tests(of: "Management", with: ["Delivery", "JSON", "Memory", "WebSocket"]),
    tests(of: "Gateway", with: ["Delivery", "HTTP", "JSON", "Memory", "WebSocket"]),
    tests(of: "StepSessions", with: ["Delivery", "JSON", "Memory", "StepDetection", "WebSocket"]),
    tests(of: "Rooms", with: ["Delivery", "JSON", "Memory", "WebSocket"]),
    tests(of: "EmotionSync", with: ["Delivery", "JSON", "Memory", "WebSocket"]),
    tests(of: "UserEvents", with: ["Delivery", "JSON", "Memory", "WebSocket"]),
    tests(
      of: "TypedConnections", with: ["Attendance", "Delivery", "JSON", "Memory", "WebSocket"]),
    tests(
      of: "Host",
      with: ["Memory", .target(name: "CTLS", condition: .when(traits: ["TLS"]))]),
  ]
)
