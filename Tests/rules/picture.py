"""The house as DESIGN draws it: who may import whom, and the few exceptions with their reasons."""

FAMILIES = ("StepSessions", "Rooms", "EmotionSync", "UserEvents", "TypedConnections", "Management")
PROTOCOL = ("Memory", "JSON", "WebSocket", "HTTP", "Tokens", "StepDetection", "Delivery")

# A module may import what stands right of it, and nothing else, whatever Package.swift declares.
# SHIMS stands for every library under CShims.
SHIMS = "CShims"
ARROWS = {
    "Memory": (),
    "JSON": ("Memory",),
    "WebSocket": ("Memory",),
    "HTTP": ("Memory",),
    "Tokens": ("JSON", "Memory"),
    "StepDetection": (),
    "Attendance": ("Memory",),
    "Delivery": ("WebSocket", "Memory"),
    "StepSessions": ("Delivery", "JSON", "Memory", "StepDetection"),
    "Rooms": ("Attendance", "Delivery", "JSON", "Memory"),
    "EmotionSync": ("Delivery", "JSON", "Memory"),
    "UserEvents": ("Delivery", "JSON", "Memory"),
    "TypedConnections": ("Attendance", "Delivery", "JSON", "Memory"),
    "Management": ("Delivery", "JSON", "Memory"),
    "Gateway": PROTOCOL + FAMILIES,
    "Host": ("Memory", SHIMS),
    "martlet": ("Gateway", "Host"),
}

# Walls that the code has moved: (who, whom) and why. The picture in the README shows them too.
MOVED = {
    ("Memory", "CRuntime"): "memory that is zero, and resident only where it was written to",
    ("Memory", "CZlib"): "zlib's streams read and write spans, in memory that is handed to them",
    ("martlet", "Memory"): "what it hands from Host to Gateway is spans and buffers",
    ("martlet", "Tokens"): "it loads the keys that Host holds and names them for Gateway",
    ("StepSessions", "WebSocket"): "a family says with which code a connection closes",
    ("Rooms", "WebSocket"): "a family says with which code a connection closes",
    ("EmotionSync", "WebSocket"): "a family says with which code a connection closes",
    ("UserEvents", "WebSocket"): "a family says with which code a connection closes",
    ("TypedConnections", "WebSocket"): "a family says with which code a connection closes",
}

# Where a raw pointer may be named.
UNSAFE_MODULES = ("Memory", "Host")

# Where a feature may be switched, and one substitution below that DESIGN names (example 10).
JOINTS = ("Gateway", "martlet")
SUBSTITUTIONS = {
    ("Host", "TLS"): "Channel is plain or TLS",
    ("Host", "Persistence"): "Store is there, with SQLite below it, or it is not",
    ("Memory", "Deflate"): "zlib's streams are there, or they are not",
    ("Delivery", "Deflate"): "Deflation compresses, or it does nothing",
    ("WebSocket", "Deflate"): "frames of compressed messages are read, or refused",
}

# Traits of the wire contract; those that Package.swift declares are added to them.
TRAITS = {"StepDetection", "EmotionSync", "Rooms", "UserEvents", "TypedConnections", "Echo",
          "Admin", "Deflate", "Persistence", "TLS"}

# Modules without a test target of their own.
UNTESTED = {"martlet": "arguments and wiring: Tests/Clients runs the program itself"}

# Test files that mirror no source file.
WHOLE_MODULE_TESTS = {
    "CorpusTests": "published samples go through the whole module",
    "RecordingsTests": "labelled recordings go through the whole module",
    "SplitTests": "every split of the input gives the same events, whichever file parses it",
    "MutationTests": "mutated samples go through the whole module",
    "ConfigurationSecretsTests": "no secret reaches any report, whichever file writes it",
    "SettingTableReadmeTests": "the README's table is the table of settings",
    "AllocationTests": "a piece of work of the whole module allocates nothing",
}

TOP_LEVEL = {"Package.swift", "README.md", "LICENSE", "Sources", "CShims", "Tests", "Cross", ".ci",
             ".gitignore", ".swift-format"}

LONGEST_FILE = 350
LONGEST_LINE = 100
