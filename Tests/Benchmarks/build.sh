# What the benchmarks are built from: read with `source`. Everything lands in .build/bench.
source "$(dirname "${BASH_SOURCE[0]}")/../setup.sh"

benchmarks=$root/Tests/Benchmarks
built=$root/.build/bench
mkdir -p "$built"

# c_program NAME SOURCE... [-lLIBRARY...]
c_program() {
  local name=$1 compiler
  shift
  compiler=$(command -v clang || command -v cc) || die "no C compiler"
  "$compiler" -std=c11 -D_GNU_SOURCE -O2 -Wall -Wextra -Werror -o "$built/$name" "$@"
}

# The load generator, over plain TCP and over TLS, and the two floors.
load_generator() {
  packages libssl-dev openssl
  local load=$benchmarks/load part shared=()
  for part in main client script gauge talk fanout handshakes idle; do
    shared+=("$load/$part.c")
  done
  c_program load "${shared[@]}" "$load/plain.c" -lm
  c_program load-tls "${shared[@]}" "$load/secure.c" -lm -lssl -lcrypto
  c_program floor "$benchmarks/peers/floor.c"
  c_program echo "$benchmarks/peers/echo.c"
}

# MARTLET without the debug data that Valgrind 3.19 cannot read.
bare_martlet() {
  packages binutils
  objcopy --strip-debug "$MARTLET" "$built/martlet-bare" \
    || die "MARTLET is a command, not a program: $MARTLET"
}

# The peers that a run asks for, of those that have to be installed or built.
wanted_peers() {
  local chosen=libwebsockets,picows,nchan,mosquitto
  while [ $# -gt 0 ]; do
    case $1 in
    --peers) chosen=${2-}; shift ;;
    --peers=*) chosen=${1#*=} ;;
    --nio) chosen+=,nio ;;
    esac
    shift
  done
  local name
  for name in ${chosen//,/ }; do
    ! declare -F "peer_$name" >/dev/null || echo "$name"
  done
}

peer_libwebsockets() {
  packages libwebsockets-dev
  c_program libwebsockets "$benchmarks/peers/libwebsockets.c" -lwebsockets
}

peer_picows() { venv "$cache/picows" "$benchmarks/peers/requirements.txt"; }
peer_nchan() { packages nginx-light libnginx-mod-nchan; }
peer_mosquitto() { packages mosquitto; }

peer_nio() {
  swift build --package-path "$benchmarks/peers/nio" -c release --scratch-path "$built/nio"
  objcopy --strip-debug "$built/nio/release/peer" "$built/nio-bare"
}
