"""DESIGN's rules: each takes a Tree and returns what it looked at and the faults it found."""

import re
import statistics

import picture
from tree import bare, find

IMPORT = (r"^\s*(?:@\w+(?:\([^)]*\))?\s+)*(?:(?:public|package|internal|fileprivate|private)\s+)?"
          r"import\s+(?:(?:struct|class|enum|protocol|typealias|func|let|var)\s+)?(\w+)")


def imports(tree):
    for module, path, text in tree.sources():
        for line, match in find(IMPORT, bare(text)):
            yield module, match[1], f"{path}:{line}"


def forbidden(tree, pattern, modules=None, shown=bare):
    """Places under Sources where the pattern stands, in these modules or in all."""
    for module, path, text in tree.sources():
        if modules is None or module in modules:
            for line, match in find(pattern, shown(text)):
                yield f"{path}:{line}: {match[0].strip()}"


def imports_follow_the_picture(tree):
    faults, count = [], 0
    for module in tree.modules():
        if module not in picture.ARROWS:
            faults.append(f"Sources: module {module} is not in the picture")
    for module, imported, place in imports(tree):
        count += 1
        allowed = set(picture.ARROWS.get(module, ()))
        if picture.SHIMS in allowed:
            allowed |= tree.shims()
        if imported not in allowed and (module, imported) not in picture.MOVED:
            faults.append(f"{place}: {module} imports {imported}")
    return f"{len(tree.modules())} modules, {count} imports", faults


def gateway_never_imports_host(tree):
    found = [place for module, imported, place in imports(tree)
             if module != "martlet" and imported == "Host"]
    return "every module but martlet, which joins them", found


def no_system_library_in_sources(tree):
    names = r"^.*\bimport\s+(?:Foundation\w*|Glibc|Musl|Darwin|Dispatch|XCTest)\b"
    return f"{count(tree)} files", list(forbidden(tree, names))


def unsafe_in_two_modules(tree):
    others = set(tree.modules()) - set(picture.UNSAFE_MODULES)
    return (f"{len(others)} modules other than {' and '.join(picture.UNSAFE_MODULES)}",
            list(forbidden(tree, r"\w*[uU]nsafe\w*", others)))


def no_trap_for_the_operator(tree):
    pattern = r"\bfatalError\s*\(|\btry!|\bas!"
    return f"{count(tree)} files", list(forbidden(tree, pattern))


def errors_are_typed(tree):
    return f"{count(tree)} files", list(forbidden(tree, r"\bthrows\b(?!\s*\().*$"))


def files_are_short(tree):
    lengths = {path: text.count("\n") for path, text in tree.code()}
    ours = [lengths[path] for _, path, _ in tree.sources()]
    faults = [f"{path}: {length} lines" for path, length in lengths.items()
              if length > picture.LONGEST_FILE]
    median = int(statistics.median(ours)) if ours else 0
    return f"{len(lengths)} files, median under Sources {median} lines", faults


def lines_are_short(tree):
    faults = [f"{path}:{line}: {len(match[0])} columns" for path, text in tree.code()
              for line, match in find(r"^.*$", text) if len(match[0]) > picture.LONGEST_LINE]
    return f"{len(list(tree.code()))} files", faults


def nothing_is_left_undone(tree):
    # Written apart, so that this file keeps the rule as well.
    marks = "|".join(("TO" "DO", "FIX" "ME", "X" "XX", "HA" "CK"))
    faults = [f"{path}:{line}: {match[0]}" for path, text in tree.files.items()
              for line, match in find(rf"\b(?:{marks})\b", text)]
    return f"{len(tree.files)} files", faults


def no_test_is_disabled(tree):
    pattern = r"\.disabled" r"\(|@pytest\.mark\.(?:skip|xfail)|pytest\.skip" r"\(|XCT" r"Skip"
    tests = [(path, text) for path, text in tree.code()
             if path.startswith("Tests/") and not path.startswith("Tests/rules/")]
    return f"{len(tests)} files", [f"{path}:{line}: {match[0]}" for path, text in tests
                                   for line, match in find(pattern, text)]


def every_module_has_tests(tree):
    tested = {path.split("/")[1] for path in tree.files
              if path.startswith("Tests/") and path.endswith("Tests.swift")}
    modules = [module for module in tree.modules() if module not in picture.UNTESTED]
    return f"{len(modules)} modules", [
        f"Tests/{module}Tests is missing" for module in modules if f"{module}Tests" not in tested]


def tests_mirror_sources(tree):
    # A+B.swift is mirrored by ABTests.swift as well as by A+BTests.swift.
    names = [(module, path.split("/")[-1][:-len(".swift")]) for module, path, _ in tree.sources()]
    mirrored = {*names, *((module, name.replace("+", "")) for module, name in names)}
    faults, number = [], 0
    for path in tree.files:
        match = re.fullmatch(r"Tests/(\w+)Tests/(?:.*/)?([^/]+)Tests\.swift", path)
        if match:
            number += 1
            whole_module = f"{match[2]}Tests" in picture.WHOLE_MODULE_TESTS
            if (match[1], match[2]) not in mirrored and not whole_module:
                faults.append(f"{path}: no {match[2]}.swift in {match[1]}")
    return f"{number} test files", faults


def top_level_is_tidy(tree):
    names = {path.split("/")[0] for path in tree.files}
    return f"{len(names)} names", sorted(names - picture.TOP_LEVEL)


def no_machine_in_files(tree):
    # Classes of one letter keep these patterns from finding themselves.
    paths = r"(?<![\w.])/(?:[w]ork|[r]oot|[h]ome|[U]sers|[o]pt/swift|tmp/[w]t-)\b"
    hosts = (r"\b(?:[p]ypi\.org|[p]ythonhosted\.org|[\w.-]+\.debian\.org/|[\w.]*ubuntu\.com/ubuntu"
             r"|[n]pmjs\.org|[c]rates\.io|[d]ocker\.io|[g]hcr\.io)")
    faults = [f"{path}:{line}: {match[0]}" for path, text in tree.files.items()
              for line, match in find(f"{paths}|{hosts}", text)]
    return f"{len(tree.files)} files", faults


def traits_switch_at_the_joints(tree):
    declared = re.findall(r"\.trait\(\s*name:\s*\"(\w+)\"", tree.files.get("Package.swift", ""))
    traits, faults, seen = picture.TRAITS | set(declared), [], 0
    for module, path, text in tree.sources():
        for line, match in find(r"^\s*#(?:if|elseif)\b(.*)$", bare(text)):
            seen += 1
            for name in re.findall(r"\w+", match[1]):
                joint = module in picture.JOINTS or (module, name) in picture.SUBSTITUTIONS
                if name in traits and not joint:
                    faults.append(f"{path}:{line}: #if {name} in {module}")
    return f"{seen} conditions, {len(traits)} traits", faults


def shim_headers_are_freestanding(tree):
    headers = [(path, text) for path, text in tree.files.items()
               if path.startswith("CShims/") and "/include/" in path and path.endswith(".h")]
    faults = []
    for path, text in headers:
        for line, match in find(r"^\s*#\s*include\s*[<\"]([^>\"]+)[>\"]", text):
            if match[1] not in ("stdint.h", "stddef.h", "stdbool.h"):
                faults.append(f"{path}:{line}: {match[1]}")
    return f"{len(headers)} headers", faults


def count(tree):
    return len(list(tree.sources()))


RULES = [
    ("imports follow the picture", imports_follow_the_picture),
    ("Gateway never imports Host", gateway_never_imports_host),
    ("no Foundation, Glibc or Dispatch under Sources", no_system_library_in_sources),
    ("unsafe stands in Memory and Host only", unsafe_in_two_modules),
    ("no fatalError, try! or as! under Sources", no_trap_for_the_operator),
    ("every throws names its error", errors_are_typed),
    (f"no file over {picture.LONGEST_FILE} lines", files_are_short),
    (f"no line over {picture.LONGEST_LINE} columns", lines_are_short),
    ("nothing is left undone", nothing_is_left_undone),
    ("no test is disabled", no_test_is_disabled),
    ("every module has tests", every_module_has_tests),
    ("tests mirror the sources", tests_mirror_sources),
    ("the top level is tidy", top_level_is_tidy),
    ("no path of a machine, no host of a registry", no_machine_in_files),
    ("traits switch at the joints only", traits_switch_at_the_joints),
    ("headers of the shims are freestanding", shim_headers_are_freestanding),
]
