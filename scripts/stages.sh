# Sourced by fresh: the Dockerfile without an engine. Each stage is a copy of the
# root it is made from, in which its own steps are run as they stand there.
# shellcheck shell=sh

# steps: the Dockerfile's instructions, one a line, without comments.
steps() {
  awk '/^[[:space:]]*(#|$)/ { next } { whole = whole $0 } /\\$/ { sub(/\\$/, " ", whole); next } { print whole; whole = "" }' Dockerfile
}

# stages: builds all of them, and starts what they are made for.
stages() {
  steps >"$all/steps"
  while read -r instruction rest; do
    step "$instruction" "$rest" || die "the Dockerfile's step failed: $instruction $rest"
  done <"$all/steps"
  user=65532:65532 variables=
  for command in api worker sohoa; do
    inside "$all/$command" /data "$command --version" || die "$command does not start in its image"
  done
  variables='OMP_THREAD_LIMIT=1 HOME=/data TMPDIR=/data'
  inside "$all/sohoa" /data 'sohoa run --demo --once >log 2>&1 || { tail -n 20 log; exit 1; }' || die "the image cannot take a dossier the whole way"
  inside "$all/sohoa" /data 'ls -l data/demo | tail -n 3'
}

# step INSTRUCTION REST: one of those that our Dockerfile uses.
step() {
  case $1 in
    FROM) from "$2" ;;
    WORKDIR)
      folder=$2
      mkdir -p "$stage$2"
      ;;
    USER) case $2 in root) user=0:0 ;; *) user=$2 ;; esac ;;
    ENV | ARG) variables="$variables $2" ;;
    RUN) inside "$stage" "$folder" "$2" ;;
    COPY) copy "$2" ;;
    EXPOSE | ENTRYPOINT) ;;
    *) die "scripts/stages.sh does not know $1" ;;
  esac
}

# from "PARENT AS NAME": a Debian is the bare one, anything else an earlier stage.
from() {
  # shellcheck disable=SC2086 # words
  set -- $1
  parent=$bare
  [ ! -d "$all/$1" ] || parent=$all/$1
  stage=$all/$3 folder=/ user=0:0 variables=
  say "stage $3, from $1"
  cp -a "$parent" "$stage"
}

# copy: "--from=STAGE A B" is a file or what a folder of another stage holds, anything
# else a part of the committed tree that keeps its name.
copy() {
  # shellcheck disable=SC2086 # words
  set -- $1
  case $1 in
    --from=*)
      from=$all/${1#--from=}$2
      [ ! -d "$from" ] || from=$from/.
      cp -a "$from" "$stage$3"
      ;;
    *) git archive HEAD "$1" | tar -x -C "$stage$folder" ;;
  esac
}
