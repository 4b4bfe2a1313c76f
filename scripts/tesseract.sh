# Sourced by dev: Debian's Tesseract, compiled for processors of the last ten years.
# shellcheck shell=sh

# The version of Debian 12.
tesseract_version=5.3.0-2
# shellcheck disable=SC2154 # dev sets root and cache
tesseract_patch=$root/third_party/tesseract/faster.patch
tesseract_dir=$cache/tesseract-$tesseract_version-$(sha256sum "$tesseract_patch" | cut -c1-8)

# Instructions of x86-64-v3 (AVX2), optimised across files, no threads within a
# page; lines of text are not packed as PNG on their way to the recogniser.
# Multiplication and addition stay two steps: then it computes what Debian's does.
# So does the patch, which is ours (third_party/tesseract/README.md).
tesseract_flags='-O3 -march=x86-64-v3 -ffp-contract=off -flto=auto -fno-plt -DTESSERACT_IMAGEDATA_AS_PIX'

# Pages of the source's own tests: by the first it learns which way the program mostly
# goes, by all it is compared with Debian's.
tesseract_lessons='phototest eurotext 8087_054.3B 8087_054.3G'
tesseract_pages="$tesseract_lessons 8071_093.3B"

# tesseract_apt ARGUMENT…: apt-get with a source list and caches of its own.
tesseract_apt() {
  apt-get -q -o Dir::Etc::sourcelist="$tesseract_dir/sources.list" -o Dir::Etc::sourceparts=/dev/null \
    -o Dir::State::lists="$tesseract_dir/lists" -o Dir::Cache="$tesseract_dir/cache" -o APT::Sandbox::User="$(id -un)" "$@"
}

# fast_tesseract [DIR]: compiles libtesseract once, and copies it into DIR too. The
# loader takes it from a folder glibc-hwcaps/x86-64-v3 where the processor can run
# it; elsewhere Debian's own is used.
fast_tesseract() {
  [ "$(uname -m)" = x86_64 ] || { say "Tesseract stays Debian's: this is $(uname -m)"; return 0; }
  if [ ! -e "$tesseract_dir/ready" ]; then
    debian ca-certificates gcc g++ libc6-dev make patch pkg-config dpkg-dev autoconf automake libtool autoconf-archive libleptonica-dev \
      tesseract-ocr tesseract-ocr-vie
    have=$(dpkg-query -W -f '${Version}' libtesseract5)
    [ "$have" = "$tesseract_version" ] || die "libtesseract5 is $have; the build is made for $tesseract_version"
    mkdir -p "$tesseract_dir/lists/partial" "$tesseract_dir/cache/archives/partial"
    say "compiling Tesseract $tesseract_version (minutes)"
    compile_tesseract >"$tesseract_dir/log" 2>&1 || die "Tesseract does not compile: see $tesseract_dir/log"
    same_reading || die "the Tesseract compiled here reads differently from Debian's: see $tesseract_dir/pages"
    rm -rf "$tesseract_dir/src" "$tesseract_dir/build" "$tesseract_dir/profile" "$tesseract_dir/lists" "$tesseract_dir/cache"
    touch "$tesseract_dir/ready"
  fi
  say "Tesseract for this processor is in $tesseract_dir/lib: ./dev build takes it"
  [ $# -eq 0 ] || { mkdir -p "$1" && cp -R "$tesseract_dir/lib/." "$1"; }
}

# compile_tesseract: apt checks the signature of what it fetches.
compile_tesseract() (
  set -e
  cd "$tesseract_dir"
  echo "deb-src [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://deb.debian.org/debian bookworm main" >sources.list
  tesseract_apt update
  tesseract_apt source --download-only "tesseract=$tesseract_version"
  rm -rf src build
  dpkg-source --no-check -x "tesseract_$tesseract_version.dsc" src
  (cd src && patch -p1 <"$tesseract_patch" && ./autogen.sh)
  mkdir build
  cd build
  ../src/configure --prefix=/usr --disable-openmp --disable-graphics --disable-static --disable-doc --without-archive --without-curl \
    --disable-tessdata-prefix
  make_tesseract -fprofile-generate="$tesseract_dir/profile"
  for name in $tesseract_lessons; do
    OMP_THREAD_LIMIT=1 LD_LIBRARY_PATH=.libs tesseract "../src/test/testing/$name.tif" lesson -l vie hocr
  done
  make clean
  make_tesseract -fprofile-use="$tesseract_dir/profile" -Wno-missing-profile -Wno-coverage-mismatch
  to=$tesseract_dir/lib/glibc-hwcaps/x86-64-v3
  mkdir -p "$to"
  strip -o "$to/libtesseract.so.5" .libs/libtesseract.so.5
)

# make_tesseract FLAG…: the library, in the folder of its build.
make_tesseract() {
  make -j"$(nproc)" libtesseract.la CXXFLAGS="$tesseract_flags -DTESSDATA_PREFIX='\"/usr/share/tesseract-ocr/5\"' $*"
}

# same_reading: whether both read the pages of the source's own tests alike, to the
# last digit of a confidence.
same_reading() (
  set -e
  export OMP_THREAD_LIMIT=1
  rm -rf "$tesseract_dir/pages"
  mkdir "$tesseract_dir/pages"
  cd "$tesseract_dir/pages"
  for name in $tesseract_pages; do
    page=../src/test/testing/$name.tif
    tesseract "$page" "$name-debian" -l vie hocr 2>/dev/null
    LD_LIBRARY_PATH=$tesseract_dir/lib/glibc-hwcaps/x86-64-v3 tesseract "$page" "$name-ours" -l vie hocr 2>/dev/null
    cmp "$name-debian.hocr" "$name-ours.hocr"
  done
)
