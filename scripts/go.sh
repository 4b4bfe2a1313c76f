# Sourced by dev: Go itself and the tools that are Go programs, all of pinned versions.
# shellcheck shell=sh

# The release that is fetched when there is no Go new enough. The sums are those
# of the modules golang.org/toolchain@v0.0.1-go$go_release.linux-*.
go_release=1.27.3
go_sum_amd64=h1:r0ub+FnqzZxoWm/dSUOI9DcIqYWn/mNYGFJcv7PyBzs=
go_sum_arm64=h1:VY4gDzfxOrsM17J2qtgZgiAIsWhp7XWK1jMfE3kXV0s=

staticcheck=honnef.co/go/tools/cmd/staticcheck@v0.8.2
govulncheck=golang.org/x/vuln/cmd/govulncheck@v1.9.0
minio=github.com/minio/minio@v0.0.0-20260212201848-7aac2a2c5b7c

# new_enough GO: whether this go command is at least what go.mod asks for.
new_enough() {
  have=$(cd / && GOTOOLCHAIN=local "$1" env GOVERSION 2>/dev/null) || return 1
  want=$(awk '$1 == "go" { print $2 }' go.mod)
  [ "$(printf '%s\n' "$want" "${have#go}" | sort -V | head -n 1)" = "$want" ]
}

# need_go: puts a Go that is new enough first in PATH. No toolchain switches by
# itself: what was found or fetched here is what builds. The flags are the same
# for builds, checks and tests, so that each package is compiled once for all.
need_go() {
  unset GOROOT
  export GOTOOLCHAIN=local GOFLAGS='-trimpath -buildvcs=false'
  if command -v go >/dev/null && new_enough go; then return; fi
  if ! { [ -x .tools/go/bin/go ] && new_enough "$root/.tools/go/bin/go"; }; then fetch_go; fi
  PATH=$root/.tools/go/bin:$PATH
  export PATH
}

# fetch_go: Go as the module that its authors publish, fetched with any older Go.
fetch_go() {
  case $(uname -m) in
    x86_64) arch=amd64 sum=$go_sum_amd64 ;;
    aarch64) arch=arm64 sum=$go_sum_arm64 ;;
    *) die "no Go is pinned for $(uname -m): install Go $go_release or newer by hand" ;;
  esac
  command -v go >/dev/null || debian golang-go ca-certificates
  say "fetching Go $go_release"
  module=golang.org/toolchain@v0.0.1-go$go_release.linux-$arch
  # Outside this folder: an old Go cannot read our go.mod.
  fetched=$(cd / && GOFLAGS='' go mod download -json "$module") || die "could not fetch $module: $fetched"
  printf '%s' "$fetched" | grep -qF "\"Sum\": \"$sum\"" || die "$module is not what it was when it was pinned: $fetched"
  from=$(printf '%s' "$fetched" | sed -n 's/.*"Dir": "\(.*\)",\{0,1\}$/\1/p')
  new=.tools/go.$$
  mkdir -p .tools
  cp -R "$from" "$new"
  chmod -R u+w "$new"
  chmod +x "$new"/bin/* "$new"/pkg/tool/*/*
  rm -rf .tools/go
  mv "$new" .tools/go
}

# go_tool PACKAGE@VERSION: builds it once for this machine, and puts it in PATH.
go_tool() {
  dir=$cache/tools/$(echo "$1" | tr '/@' '--')
  if [ ! -e "$dir/ready" ]; then
    say "building $1"
    mkdir -p "$dir"
    (cd / && GOFLAGS='' GOBIN=$dir go install "$1") >"$dir/log" 2>&1 || die "could not build $1: see $dir/log"
    touch "$dir/ready"
  fi
  PATH=$dir:$PATH
  export PATH
}
