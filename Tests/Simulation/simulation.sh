# What the scripts beside it share: read with `source`, after `set -euo pipefail`.

source "$(dirname "${BASH_SOURCE[0]}")/../setup.sh"

# simulation NAME [OPTION...]: runs NAME.py with the server, tokens and clients of the tests.
simulation() {
  local name=$1
  shift
  packages python3
  clients_venv
  martlet
  PYTHONPATH=$root/Tests/Clients exec "$cache/venv/bin/python" \
    "$root/Tests/Simulation/$name.py" "$@"
}
