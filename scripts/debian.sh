# Sourced by dev: Debian packages, installed only when they are missing.
# shellcheck shell=sh

say() { printf 'dev: %s\n' "$*" >&2; }
die() {
  say "$*"
  exit 2
}

# as_root COMMAND…: runs it as root, or says what a person has to do.
as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    die "this needs root, and there is no sudo: $*"
  fi
}

# apt ARGUMENT…: apt-get that asks nothing and waits for others who hold its locks.
apt() {
  tries=30
  until as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300 "$@" >"$root/.tools/apt.log" 2>&1; do
    tries=$((tries - 1))
    { [ $tries -gt 0 ] && grep -q 'Could not get lock' "$root/.tools/apt.log"; } || return 1
    sleep 10
  done
}

# missing PACKAGE…: those of them that are not installed.
missing() {
  for package; do
    dpkg-query -W -f '${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed || printf '%s ' "$package"
  done
}

# debian PACKAGE…: installs what is missing of these. The package lists are
# fetched only when the ones at hand do not serve.
debian() {
  command -v apt-get >/dev/null ||
    die "this is not Debian. Install what these packages of Debian 12 hold, then use go build and go test: $*"
  # shellcheck disable=SC2046 # package names hold no blanks
  set -- $(missing "$@")
  [ $# -gt 0 ] || return 0
  mkdir -p "$root/.tools"
  say "installing $*"
  apt install -y --no-install-recommends "$@" && return
  apt update && apt install -y --no-install-recommends "$@" && return
  tail -n 5 "$root/.tools/apt.log" >&2
  die "apt-get could not install $*: see .tools/apt.log"
}

# need_cgo: what bin/sohoa is compiled with and reads pages with.
need_cgo() {
  debian ca-certificates gcc g++ libc6-dev pkg-config libtesseract-dev libleptonica-dev libjpeg62-turbo-dev libdeflate-dev \
    tesseract-ocr-vie tesseract-ocr-eng tesseract-ocr-fra
}

# need_judges: what the judges of conformance/ run on. A JDK of any origin will do.
need_judges() {
  debian python3 python3-venv poppler-utils qpdf libxml2-utils softhsm2 openssl
  command -v javac >/dev/null || debian default-jdk-headless
  command -v mvn >/dev/null || debian maven
}
