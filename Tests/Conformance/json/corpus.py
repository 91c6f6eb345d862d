"""Fetches JSONTestSuite (Nicolas Seriot, MIT licence) and prints the directory of its files.

It comes inside the source distribution of pyjson5, which is downloaded once into .cache and never
built: `pip download` would run its setup script, so pip's own index client fetches the file.
"""

import hashlib
import pathlib
import sys
import tarfile

NAME, VERSION = "pyjson5", "2.0.1"
SHA256 = "a5b0e322e847b198a50d8a1ef16d6b2b19129644dc018d76773e81ef1487ca39"
CORPUS = "third-party/JSONTestSuite/test_parsing"

ROOT = pathlib.Path(__file__).resolve().parents[3]
CACHE = ROOT / ".cache" / "json"


def download():
    from pip._internal.commands import create_command
    from pip._vendor.packaging.specifiers import SpecifierSet

    command = create_command("download")
    options, _ = command.parse_args(["--no-binary", ":all:", NAME])
    with command.main_context():
        session = command.get_default_session(options)
        finder = command._build_package_finder(options, session)
        candidate = finder.find_best_candidate(NAME, SpecifierSet(f"=={VERSION}")).best_candidate
        if candidate is None:
            sys.exit(f"{NAME} {VERSION}: pip's index does not have it")
        answer = session.get(candidate.link.url_without_fragment)
        answer.raise_for_status()
        return answer.content


def corpus():
    archive = CACHE / f"{NAME}-{VERSION}.tar.gz"
    if not archive.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        archive.write_bytes(download())
    if hashlib.sha256(archive.read_bytes()).hexdigest() != SHA256:
        archive.unlink()
        sys.exit(f"{archive.name}: not the file this test was written for; removed, run again")
    directory = CACHE / "test_parsing"
    directory.mkdir(exist_ok=True)
    with tarfile.open(archive) as files:
        for member in files:
            path = pathlib.PurePosixPath(member.name)
            if member.isfile() and str(path.parent).endswith(CORPUS):
                (directory / path.name).write_bytes(files.extractfile(member).read())
    return directory


if __name__ == "__main__":
    print(corpus())
