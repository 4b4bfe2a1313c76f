# shellcheck shell=bash
# Sourced by the judges that are written in Python: finds or builds what they need, once.
# Defines die and venv. Messages go to standard error, the exit code of every failure is 2.
set -euo pipefail
python_dir=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
cache=${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/sohoa/judges

die() { echo "judges/$(basename "$0"): $*" >&2; exit 2; }

# locked COMMAND...: runs it while no other call builds anything in this cache.
locked() {
  mkdir -p "$cache" 2>/dev/null && exec 9>"$cache/lock" || die "cannot write to $cache"
  flock -w 1200 9 || die "another call has been installing for 20 minutes: $cache/lock"
  "$@"
  exec 9>&-
}

# venv NAME: prints the folder of a virtual environment holding what requirements-NAME.txt pins.
venv() {
  local pins=$python_dir/requirements-$1.txt key dir
  command -v python3 >/dev/null || die "python3 is missing: install Python 3.11 or newer with venv"
  python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || die "Python 3.11 or newer is needed, $(python3 -V) found."
  key=$({ cat "$pins"; python3 -c 'import sys; print(sys.version, sys.prefix)'; } | sha256sum | cut -c1-12)
  dir=$cache/$1-$key
  [ -e "$dir/ready" ] || locked build_venv "$dir" "$pins"
  echo "$dir"
}

build_venv() {
  local dir=$1 pins=$2
  [ ! -e "$dir/ready" ] || return 0
  echo "judges/$(basename "$0"): first use, installing $(basename "$pins")" >&2
  python3 -c 'import ensurepip' 2>/dev/null || die "Python's venv is missing (Debian: python3-venv)"
  rm -rf "$dir"
  { python3 -m venv "$dir" &&
    "$dir/bin/python" -m pip install --only-binary :all: --no-deps -r "$pins" &&
    "$dir/bin/python" -m pip check; } >"$dir.log" 2>&1 9>&- || die "could not install $(basename "$pins"): see $dir.log"
  touch "$dir/ready"
}
