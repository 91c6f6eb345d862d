#!/usr/bin/env python3
"""Turns the published Autobahn test suite, which is Python 2 source, into one for Python 3.

usage: port.py SDIST/autobahntestsuite DESTINATION        (needs lib2to3: Python 3.12 or older)

The suite treats every payload as a Python 2 `str`. The port keeps each one a `str` of code points
0 to 255, makes it bytes (Latin-1) only where it meets the autobahn library, and a `str` again on
receipt, so the cases themselves stay as published. Each edit asserts that the text it replaces is
there: another version of the suite stops the port instead of changing a verdict.
"""

import re
import shutil
import sys
import warnings
from pathlib import Path

warnings.simplefilter("ignore")
from lib2to3 import refactor  # noqa: E402

# WAMP, the performance tools and the test database have no part in the WebSocket cases.
UNUSED = """wampfuzzing wamptestee wamptestserver wsperfcontrol wsperfmaster testdb testrun
    rinterfaces interfaces serializer""".split()

FIXERS = """import print except has_key xrange raise dict unicode numliterals next map filter zip
    reduce ne exec types methodattrs""".split()

HELPERS = '''\
import builtins, binascii as _binascii
def _by(x): return x.encode("latin-1") if isinstance(x, str) else x
def _hex(x):
    if isinstance(x, (bytearray, memoryview)): x = bytes(x)
    return _binascii.b2a_hex(_by(x)).decode()
builtins._by = _by; builtins._hex = _hex
'''

# The border between the suite's `str` payloads and the library's bytes.
BORDER = '''\
   def sendFrame(self, opcode, payload = b"", fin = True, rsv = 0, mask = None, **kw):
      payload, n = _by(payload), kw.pop("payload_len", None)
      if n is not None: payload = (payload * (n // len(payload) + 1))[:n]
      return super().sendFrame(
         opcode = opcode, payload = payload, fin = fin, rsv = rsv, mask = _by(mask), **kw)

   def sendMessage(self, payload, isBinary = False, *a, **kw):
      return super().sendMessage(_by(payload), isBinary, *a, **kw)

   def sendMessageFrameData(self, payload, *a, **kw):
      return super().sendMessageFrameData(_by(payload), *a, **kw)

   def sendCloseFrame(self, code = None, reasonUtf8 = None, isReply = False):
      return super().sendCloseFrame(code = code, reasonUtf8 = _by(reasonUtf8), isReply = isReply)

   def connectionMade(self):

      attrs'''


def once(text, old, new):
    """Replaces the first `old`, which must be there."""
    assert old in text, f"not in this version of the suite: {old!r}"
    return text.replace(old, new, 1)


def package(text):
    return HELPERS + text


def utf8_cases(text):
    return once(text, "v.validate(vss[:i])", "v.validate(_by(vss[:i]))")


def base_case(text):
    # Pickles of equal objects need not be equal in Python 3.
    return once(text, "return pickle.dumps(obj1) == pickle.dumps(obj2)", "return obj1 == obj2")


def deflate_cases(text):
    head = "def onMessage(self, msg, binary):\n"
    text = once(text, head, head + "   msg = _by(msg)\n")
    return once(text, "msg = ''", "msg = b'' if self.TESTDATA['binary'] else ''")


def performance_cases(text):
    text = text.replace("from zope.interface import implements",
                        "from zope.interface import implementer")
    pattern = r"( *)(class \w+[^\n]*:\n)((?:\s*\n)*)\s+implements\((.*?)\)\n"
    return re.sub(pattern, r"\1@implementer(\4)\n\1\2", text)


def report(text):
    # The page templates are constants; the generator after them is not used.
    return text[:text.index("from zope")].replace("import jinja2\n", "")


def command(text):
    return once(text, "import serializer\n", "")


def autofragment_case(text):
    return once(text, "/ self.p.autoFragmentSize", "// self.p.autoFragmentSize")


def fuzzing(text):
    text = once(text, "return dd.decode('utf8'", "return _by(dd).decode('utf8'")
    head = "def asciiLogData(data, maxlen = 64, replace = False):\n"
    text = once(text, head, head +
                "   if not isinstance(data, str): data = bytes(data).decode('latin-1')\n")
    text = once(text, "p = ''.join(payload)", "p = b''.join(_by(x) for x in payload)")
    text = text.replace(", 'w')", ", 'w', encoding='utf-8')")
    text = text.replace('.encode("utf-8"))', ")").replace("ll.encode('utf8')", "ll")
    text = once(text, "json.dumps(case,",
                "json.dumps(case, default=lambda o: "
                'o.decode("latin-1") if isinstance(o, bytes) else str(o),')
    text = once(text, "   def connectionMade(self):\n\n      attrs", BORDER)
    text = once(text, "self.runCase.onPong(payload)",
                "self.runCase.onPong(bytes(payload).decode('latin-1'))")
    text = once(text, "self.runCase.onMessage(msg, binary)",
                "self.runCase.onMessage(bytes(msg).decode('latin-1'), binary)")
    return text.replace("class FuzzingProtocol:", "class FuzzingProtocol(object):")


EDITS = {
    "__init__.py": package,
    "case/case.py": base_case,
    "case/case6_x_x.py": utf8_cases,
    "case/case9_9_1.py": performance_cases,
    "case/case10_1_1.py": autofragment_case,
    "case/case12_x_x.py": deflate_cases,
    "report.py": report,
    "wstest.py": command,
    "fuzzing.py": fuzzing,
}


def port(text, name):
    """The Python 3 text of the file `name`, whose bytes `text` holds as code points."""
    text = text.replace("\r\n", "\n")
    text = re.sub(r"^#.*coding[:=].*\n", "", text, flags=re.M)
    text = text.replace("binascii.b2a_hex(", "_hex(")
    text = text.replace(".tostring()", '.tobytes().decode("latin-1")')
    text = EDITS.get(name, lambda same: same)(text)
    return text.replace("(object, Case, )", "(Case, )")


def main():
    source, destination = Path(sys.argv[1]), Path(sys.argv[2]) / "autobahntestsuite"
    shutil.rmtree(destination, ignore_errors=True)
    shutil.copytree(source, destination)
    shutil.rmtree(destination / "wampcase", ignore_errors=True)
    for name in UNUSED:
        (destination / f"{name}.py").unlink(missing_ok=True)
    tool = refactor.RefactoringTool([f"lib2to3.fixes.fix_{name}" for name in FIXERS], {})
    for path in sorted(destination.rglob("*.py")):
        name = path.relative_to(destination).as_posix()
        text = port(path.read_bytes().decode("latin-1"), name)
        path.write_text(str(tool.refactor_string(text.rstrip("\n") + "\n", str(path))), "utf-8")


if __name__ == "__main__":
    main()
