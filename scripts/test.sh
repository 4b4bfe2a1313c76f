# Sourced by dev: checks and tests.
# shellcheck shell=sh

# run_tests: every check, then every test. The packages that start children with
# memory limits or call C run without the race detector, which wants terabytes of
# address space and does not see into C; all others run with it. The tests that
# kill processes are built with crash points in.
run_tests() {
  lint
  services
  if [ -d cmd/api ]; then
    say "cmd/api without cgo"
    CGO_ENABLED=0 go build -o /dev/null ./cmd/api
  fi
  go build -o .tools/tally ./internal/tally
  all=$(go list ./...)
  racing=$(go list -test -f '{{if not .ForTest}}{{.ImportPath}} {{join .Deps " "}}{{end}}' ./... |
    awk '$1 ~ /\.test$/ && !/internal\/sandbox|gosseract|pipeline\/page/ { sub(/\.test$/, "", $1); print $1 }')
  plain=$(printf '%s\n' "$all" | grep -vxF "$racing" | grep -v 'internal/e2e/process$')
  say "tests"
  # A failing test is told by tally, which reads all runs to their ends.
  # shellcheck disable=SC2086 # lists of import paths
  {
    go test -json $plain || true
    go test -json -race $racing || true
    go test -json -tags crash ./internal/e2e/process || true
  } | .tools/tally
}

# check_statically: staticcheck, which ends with 1 when it finds something and, in
# one run of some, with 2 because it stumbles over facts that it reads in parallel:
# then it says nothing of the code and is asked again.
check_statically() {
  staticcheck -tags crash ./... && return 
  [ $? -eq 2 ] || die "staticcheck found something: see above"
  return 1
}

# lint: what can be said without running anything.
lint() {
  need_cgo
  debian shellcheck
  need_go
  go_tool "$staticcheck"
  say "gofmt, go vet, staticcheck, shellcheck"
  unformatted=$(find . -name '*.go' -not -path './.*' -exec gofmt -l {} +)
  [ -z "$unformatted" ] || die "not in gofmt's form: $unformatted"
  go vet ./...
  go vet -tags crash,soak,bench ./internal/crash ./internal/e2e/...
  check_statically || check_statically
  shellcheck -x dev .ci/run scripts/fresh scripts/make-env conformance/run conformance/judges/java/run conformance/judges/pdfa conformance/judges/dss conformance/judges/pyhanko
}

# services: the real servers that tests start for themselves, each as a program
# in PATH. Debian's packages of Redis and PostgreSQL would start daemons, now and
# at every boot: only their libraries are installed, the servers are unpacked in
# a cache. For root it is one that others can read, for PostgreSQL runs as nobody.
services() {
  [ -d internal/testsvc ] || return 0
  servers=$cache/servers
  [ "$(id -u)" != 0 ] || servers=/var/cache/sohoa
  postgres=$(apt-cache depends postgresql 2>/dev/null | awk '/Depends: postgresql-[0-9]/ { print $2; exit }')
  if ! command -v redis-server >/dev/null; then unpack redis-server redis-tools; fi
  if ! command -v postgres >/dev/null; then unpack "${postgres:-postgresql-15}"; fi
  if ! command -v promtool >/dev/null; then unpack prometheus; fi # for its rules alone
  for bin in "$servers/usr/bin" "$servers"/usr/lib/postgresql/*/bin; do
    PATH=$bin:$PATH
  done
  go_tool "$minio"
  debian softhsm2
  if [ -d api/web ]; then debian chromium fonts-dejavu-core; fi
  if [ -d internal/e2e ]; then debian curl jq python3; fi
}

# unpack PACKAGE…: their libraries by apt, their programs into the cache.
unpack() {
  [ ! -e "$servers/$1" ] || return 0
  apt-cache show "$1" >/dev/null 2>&1 || apt update || die "apt-get update failed: see .tools/apt.log"
  # shellcheck disable=SC2046 # package names hold no blanks
  debian tzdata $(apt-cache depends "$@" | awk '/Depends: lib/ && !/libjs-/ { print $2 }')
  say "unpacking $*"
  (umask 022 && mkdir -p "$servers")
  for package; do
    (cd "$servers" && apt-get -q download "$package" >"$root/.tools/apt.log" 2>&1 && dpkg -x "$package"_*.deb . && rm "$package"_*.deb) ||
      die "could not fetch $package: see .tools/apt.log"
  done
  touch "$servers/$1"
}

# soak: the long rounds of the crash and hostile-file tests.
soak() {
  need_cgo
  need_go
  services
  go test -count=1 -timeout 6h -tags soak,crash ./internal/e2e/...
}

# bench_recovery: the tables of docs/performance.md on kills and turns.
bench_recovery() {
  need_cgo
  need_go
  services
  go test -count=1 -timeout 1h -v -tags crash,bench -run 'TestRecovery|TestShortBesideLong' ./internal/e2e/process >.tools/recovery.log 2>&1 || {
    tail -n 30 .tools/recovery.log >&2
    die "see .tools/recovery.log"
  }
  grep '^|' .tools/recovery.log
}

# audit: what is known against the modules that are compiled in, and their licences.
audit() {
  need_cgo
  need_go
  go_tool "$govulncheck"
  go list -deps -f '{{with .Module}}{{if .Version}}{{.Path}} {{.Version}} {{.Dir}}{{end}}{{end}}' ./cmd/... | sort -u |
    while read -r path release dir; do
      printf '%-12s %s %s\n' "$(licence "$dir")" "$path" "$release"
    done | sort | tee .tools/licences.txt
  ! grep -q '^unknown' .tools/licences.txt || die "a module's licence is not among those we know: it has to be read"
  say "govulncheck (asks a database on the network)"
  if govulncheck ./... >.tools/govulncheck.txt 2>&1; then
    cat .tools/govulncheck.txt
  elif grep -q 'fetching vulnerabilities\|dial tcp\|no such host\|connection refused\|403\|i/o timeout' .tools/govulncheck.txt; then
    tail -n 3 .tools/govulncheck.txt >&2
    die "the vulnerability database cannot be reached from here: nothing is known, which is not the same as nothing found"
  else
    cat .tools/govulncheck.txt
    exit 1
  fi
}

# licence DIR: the kind of licence in a module's folder.
licence() {
  for file in "$1"/LICENSE "$1"/LICENSE.* "$1"/LICENCE* "$1"/COPYING*; do
    [ ! -f "$file" ] || break
  done
  text=$(tr -s ' \n' '  ' <"$file") || text=
  case $text in
    *'GNU AFFERO'* | *'GNU GENERAL'* | *'GNU LESSER'*) echo unknown ;;
    *'Apache License'*) echo Apache-2.0 ;;
    *'Mozilla Public License'*) echo MPL-2.0 ;;
    *'Permission is hereby granted, free of charge'*) echo MIT ;;
    *'Permission to use, copy, modify, and'*) echo ISC ;;
    *'Redistribution and use in source and binary forms'*) echo BSD ;;
    *'The author disclaims copyright'* | *'public domain'*) echo public ;;
    *) echo unknown ;;
  esac
}
