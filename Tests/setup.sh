# What the test scripts share: read with `source`, after `set -euo pipefail`.
# All that is downloaded or built for the tests lies under .cache and .build of this clone.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cache=$root/.cache
registry_timeout=600
export PYTHONDONTWRITEBYTECODE=1
# The backtracer of a crashed program can outlive it and wait for ever, holding what it inherited.
export SWIFT_BACKTRACE=enable=no
# SwiftPM hands the traits to the compiler in the order of a set, else another one in each process:
# then what is built already would be built again.
export SWIFT_DETERMINISTIC_HASHING=1

die() { echo "error: $*" >&2; exit 1; }

# packages NAME...: installs the Debian packages that are missing; needs root or sudo for that only.
packages() {
  local missing=() name
  for name in "$@"; do
    dpkg-query -W -f '${Status}' "$name" 2>/dev/null | grep -q '^install ok' || missing+=("$name")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null \
      || die "apt packages missing, and neither root nor sudo: ${missing[*]}"
    as_root=(sudo -n)
  fi
  echo "  apt: installing ${missing[*]}"
  local apt=("${as_root[@]}" timeout "$registry_timeout" env DEBIAN_FRONTEND=noninteractive
    apt-get -qq -y -o Acquire::http::Timeout=30 -o Acquire::Retries=2 -o DPkg::Lock::Timeout=300)
  { "${apt[@]}" update && "${apt[@]}" install --no-install-recommends "${missing[@]}"; } \
    >"$cache/apt.log" 2>&1 \
    || { tail -5 "$cache/apt.log" >&2; die "apt could not install: ${missing[*]}"; }
}

# venv DIRECTORY REQUIREMENTS [PIP OPTION...]: a Python environment with exactly these packages,
# made anew when the list has changed.
venv() {
  local directory=$1 list=$2 stamp
  shift 2
  stamp=$(sha256sum <"$list")
  [ "$(cat "$directory/stamp" 2>/dev/null)" != "$stamp" ] || return 0
  packages python3-venv
  rm -rf "$directory"
  echo "  pip: installing $(realpath --relative-to="$root" "$list")"
  python3 -m venv "$directory"
  timeout "$registry_timeout" "$directory/bin/python" -m pip install --quiet \
    --timeout 30 --retries 2 --disable-pip-version-check "$@" -r "$list" \
    || die "pip could not install $(basename "$(dirname "$list")")/requirements.txt"
  echo "$stamp" >"$directory/stamp"
}

# The environment of the clients that are not ours.
clients_venv() { venv "$cache/venv" "$root/Tests/Clients/requirements.txt"; }

# client_tests PYTEST-OPTION...: tests of the clients, four files at a time, for most of them wait.
client_tests() {
  "$cache/venv/bin/python" -m pytest -c "$root/Tests/Clients/pytest.ini" \
    --numprocesses 4 --dist loadfile "$@"
}

# martlet: the path of the server under test, in MARTLET. A path given in MARTLET is taken as it is;
# else the release build with every trait.
martlet() {
  if [ -n "${MARTLET:-}" ]; then
    [ -x "$MARTLET" ] || die "MARTLET is not a program: $MARTLET"
    return 0
  fi
  packages libuv1-dev libmbedtls-dev libsqlite3-dev zlib1g-dev
  local build=(swift build --package-path "$root" -c release --product martlet
    --enable-all-traits --scratch-path "$root/.build/suites")
  mkdir -p "$cache"
  "${build[@]}" >"$cache/martlet-build.log" 2>&1 \
    || { tail -30 "$cache/martlet-build.log" >&2; die "martlet does not build"; }
  MARTLET=$("${build[@]}" --show-bin-path)/martlet
  export MARTLET
}

# How all unit tests are built: with other options some of them would be built anew.
unit_options=(--package-path "$root" --enable-all-traits --enable-code-coverage)

# unit_tests: builds them, and looks at what is imported.
unit_tests() {
  packages libuv1-dev libmbedtls-dev libsqlite3-dev zlib1g-dev
  local log=$cache/unit-build.log
  swift build --build-tests "${unit_options[@]}" --explicit-target-dependency-import-check error \
    >"$log" 2>&1 || { grep -A3 'error:' "$log" || tail -20 "$log"; return 1; }
}

# corpus NAME DIRECTORY TESTS LINES: the unit tests that judge what others published. They find it
# by the variable NAME, and of what they say LINES, an expression, are passed on, and the count.
corpus() {
  local log=$cache/corpus.log code=0
  unit_tests
  env "$1=$2" swift test --skip-build "${unit_options[@]}" --filter "$3" >"$log" 2>&1 || code=$?
  { grep -E "$4" "$log" && grep -E '^[0-9]+ passed, [0-9]+ failed' "$log"; } \
    || { cat "$log"; echo "0 passed, 1 failed"; code=1; }
  return $code
}

mkdir -p "$cache"
