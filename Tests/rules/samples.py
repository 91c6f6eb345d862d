"""Broken samples: each rule has to find the fault in every tree that is listed for it."""

import rules
from tree import Tree

CLEAN = Tree({
    "Package.swift": '.trait(name: "Extra", description: "")\n',
    "Sources/Memory/Slab.swift": "public struct Slab {}\n",
    "Sources/JSON/Reader.swift": "public import Memory\nfunc read() throws(Fault) {}\n",
    "Sources/Host/Loop.swift": "import CUV\nimport Memory\nlet p: UnsafeRawPointer\n#if TLS\n",
    "Sources/Gateway/Turn.swift": "import JSON\n#if Extra\nimport Rooms\n#endif\n",
    "Sources/Families/Rooms/Room.swift":
        "import Delivery\n// fatalError( is not called, unsafe neither\n",
    "Sources/martlet/Main.swift": "import Gateway\nimport Host\n",
    "CShims/CUV/include/CUV.h": "#include <stdint.h>\n",
    "Tests/MemoryTests/SlabTests.swift": "import Foundation\n",
    "Tests/JSONTests/ReaderTests.swift": "",
    "Tests/JSONTests/CorpusTests.swift": "",
    "Tests/HostTests/LoopTests.swift": "",
    "Tests/GatewayTests/TurnTests.swift": "",
    "Tests/RoomsTests/RoomTests.swift": "",
})


def swift(text, module="JSON"):
    return CLEAN.with_file(f"Sources/{module}/Reader.swift", text)


def anywhere(text):
    return CLEAN.with_file("Cross/build", text)


BROKEN = {
    rules.imports_follow_the_picture: [
        swift("import WebSocket\n"),
        swift("@preconcurrency public import struct CUV.loop\n"),
        CLEAN.with_file("Sources/Families/Rooms/Room.swift", "import EmotionSync\n"),
        CLEAN.with_file("Sources/Cellar/Door.swift", "struct Door {}\n"),
    ],
    rules.gateway_never_imports_host: [swift("  import Host\n", "Gateway")],
    rules.no_system_library_in_sources: [
        swift("import Foundation\n"), swift("private import Glibc\n"), swift("import Dispatch\n"),
        swift("import FoundationEssentials\n"),
    ],
    rules.unsafe_in_two_modules: [
        swift("let x = unsafe y\n"), swift("func f(_ p: UnsafePointer<Int>) {}\n"),
        swift("a.withUnsafeBytes { _ in }\n"), swift('let s = "text"; let b = unsafeBitCast(1)\n'),
    ],
    rules.no_trap_for_the_operator: [
        swift('fatalError("no")\n'), swift("let a = try! b()\n"), swift("let a = b as! C\n"),
    ],
    rules.errors_are_typed: [swift("func f() throws -> Int { 1 }\n")],
    rules.files_are_short: [swift("\n" * 351), anywhere("#!/bin/bash\n" + "\n" * 351)],
    rules.lines_are_short: [swift("// " + "x" * 98 + "\n")],
    rules.nothing_is_left_undone: [
        swift("// TO" "DO: later\n"), anywhere("# FIX" "ME\n"), anywhere("# HA" "CK\n"),
    ],
    rules.no_test_is_disabled: [
        CLEAN.with_file("Tests/JSONTests/ReaderTests.swift", '@Test(.disabled("")) func f() {}\n'),
        CLEAN.with_file("Tests/Clients/test_http.py", "@pytest.mark.skip\n"),
    ],
    rules.every_module_has_tests: [CLEAN.without("Tests/MemoryTests/")],
    rules.tests_mirror_sources: [CLEAN.with_file("Tests/JSONTests/WriterTests.swift", "")],
    rules.top_level_is_tidy: [CLEAN.with_file("notes.txt", ""), CLEAN.with_file("docs/a.md", "")],
    rules.no_machine_in_files: [
        anywhere("cd /" "work/main\n"), anywhere("PATH=/" "opt/swift/usr/bin\n"),
        anywhere("pip -i https://" "pypi" ".org/simple\n"),
        anywhere("deb http://deb" ".debian" ".org/debian\n"),
    ],
    rules.traits_switch_at_the_joints: [
        swift("#if Extra\n"), swift("#if !Rooms || DEBUG\n"), swift("#if TLS\n", "Delivery"),
    ],
    rules.shim_headers_are_freestanding: [
        CLEAN.with_file("CShims/CUV/include/CUV.h", "#include <uv.h>\n"),
    ],
}


def self_test():
    """The rules that miss a broken sample, or complain about the clean one."""
    for title, rule in rules.RULES:
        _, faults = rule(CLEAN)
        missed = [number for number, tree in enumerate(BROKEN[rule], 1) if not rule(tree)[1]]
        problems = [f"complains about the clean sample: {fault}" for fault in faults]
        problems += [f"does not see broken sample {number}" for number in missed]
        yield title, f"{len(BROKEN[rule])} broken samples", problems
