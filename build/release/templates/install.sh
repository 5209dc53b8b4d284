#!/bin/sh
# Installs autocom @@VERSION@@. It never needs root, and installs nothing whose SHA-256 differs from the one below.
#
#   sh install.sh [--dir FOLDER]      default: ~/.local/bin, for root /usr/local/bin
#
# Needs curl or wget, tar, and sha256sum, shasum or openssl. The brace around everything is closed in the last line: a
# download that was cut off runs nothing.
{
set -eu

version='@@VERSION@@'
base='@@BASE@@'

sum_of() {
  case $1 in
@@SUMS@@
  esac
}

# Bytes of the archive: whatever the server sends, no more of it is taken.
size_of() {
  case $1 in
@@SIZES@@
  esac
}

say() { printf '%s\n' "$*" >&2; }

fail() {
  say "install.sh: $1"
  [ $# -lt 2 ] || say "hint: $2"
  exit 1
}

# A program of snap's can write into no folder below HOME whose name begins with a dot.
have() {
  case $(command -v "$1" 2>/dev/null) in
    '' | */snap/bin/*) return 1 ;;
    *) ;;
  esac
}

# True when version $1 is at least $2: two numbers with a point between them.
at_least() {
  [ "${1%%.*}" -gt "${2%%.*}" ] || { [ "${1%%.*}" -eq "${2%%.*}" ] && [ "$(second "$1")" -ge "$(second "$2")" ]; }
}

second() {
  case $1 in
    *.*) rest=${1#*.}; printf '%s' "${rest%%.*}" ;;
    *) printf 0 ;;
  esac
}

check_linux() {
  libc=$(getconf GNU_LIBC_VERSION 2>/dev/null) || libc=$(ldd --version 2>&1 | head -n 1) || libc=
  case $libc in
    *musl*) musl ;;
  esac
  found=$(printf '%s\n' "$libc" | sed -n 's/.*[^0-9]\(2\.[0-9][0-9]*\).*/\1/p')
  if [ -z "$found" ]; then
    for file in /lib/ld-musl-*; do [ ! -e "$file" ] || musl; done
    fail "cannot find glibc on this system" "autocom needs @@GLIBC@@ or later"
  fi
  at_least "$found" '@@GLIBC_VERSION@@' ||
    fail "this system has glibc $found" "autocom needs @@GLIBC@@ or later (Debian 10, Ubuntu 18.04, RHEL 8)"
}

# What the kernel says is not what programs can be: a 32-bit system runs on it, too, and one with its loader elsewhere.
check_loader() {
  [ "$(getconf LONG_BIT 2>/dev/null || true)" != 32 ] ||
    fail "this system has 32-bit programs on a 64-bit kernel" "autocom needs a 64-bit system"
  case $1 in
    x86_64 | amd64) loader=/lib64/ld-linux-x86-64.so.2 ;;
    *) loader=/lib/ld-linux-aarch64.so.1 ;;
  esac
  [ -e "$loader" ] || fail "there is no $loader on this system" "autocom needs glibc's loader there; on NixOS enable nix-ld"
}

musl() { fail "this system has musl instead of glibc" "use an image with glibc, such as debian:stable-slim"; }

check_macos() {
  found=$(sw_vers -productVersion 2>/dev/null) || found=0
  at_least "$found" '@@MACOS_VERSION@@' || fail "this is macOS $found" "autocom needs @@MACOS@@ or later"
}

label() {
  kernel=$(uname -s)
  machine=$(uname -m)
  case $kernel in
    Linux) check_linux; os=linux ;;
    Darwin)
      check_macos
      os=darwin
      # A shell under Rosetta says x86_64 on Apple silicon.
      if [ "$machine" = x86_64 ] && [ "$(sysctl -n hw.optional.arm64 2>/dev/null || true)" = 1 ]; then machine=arm64; fi
      ;;
    MINGW* | MSYS* | CYGWIN*) fail "this is Windows" "run install.ps1 in PowerShell" ;;
    *) fail "there is no autocom for $kernel" ;;
  esac
  case $machine in
    x86_64 | amd64) label=${os}_amd64 ;;
    aarch64 | arm64) label=${os}_arm64 ;;
    *) fail "there is no autocom for $os on $machine" ;;
  esac
  [ "$os" != linux ] || check_loader "$machine"
  printf '%s' "$label"
}

# Address $1 to file $2, of $3 bytes at most, in two hours at most; a server that goes silent is given up after 30 seconds.
fetch() {
  case $1 in
    https://*) only='=https' ;;
    *) only='=http' ;;
  esac
  (
    # Of a server that does not say how much it sends. Blocks of 512 bytes; to some shells they are twice as large.
    ulimit -f $(($3 / 512 + 1)) 2>/dev/null || :
    if have curl; then
      curl --fail --silent --show-error --location --proto "$only" --proto-redir "$only" --max-redirs 5 \
        --retry 2 --retry-max-time 120 --connect-timeout 20 --speed-limit 1024 --speed-time 30 --max-time 7200 \
        --max-filesize "$3" --output "$2" "$1"
    elif have timeout; then timeout 7200 wget -q -T 30 -t 3 -O "$2" "$1"
    else wget -q -T 30 -t 3 -O "$2" "$1"
    fi
  ) || fail "cannot download $1: nothing was installed" "try again, or download it by hand and see README.md"
}

# From standard input: beside a name with a backslash the sum would be written otherwise.
sha256() {
  if have sha256sum; then sha256sum
  elif have shasum; then shasum -a 256
  else openssl dgst -sha256 -r
  fi <"$1" | cut -c 1-64
}

check_tools() {
  have curl || have wget || fail "there is neither curl nor wget here" "install one of them; snap's cannot write here"
  have tar || fail "there is no tar here" "install it"
  have sha256sum || have shasum || have openssl ||
    fail "there is neither sha256sum, shasum nor openssl here" "install one of them"
}

main() {
  dir=
  while [ $# -gt 0 ]; do
    case $1 in
      --dir) [ -n "${2:-}" ] || fail "--dir needs a folder"; dir=$2; shift 2 ;;
      *) fail "unknown argument \"$1\"" "install.sh [--dir FOLDER]" ;;
    esac
  done
  if [ -z "$dir" ]; then
    if [ "$(id -u)" = 0 ]; then dir=/usr/local/bin
    else
      [ -n "${HOME:-}" ] || fail "HOME is not set" "name a folder with --dir"
      dir=$HOME/.local/bin
    fi
  fi
  case $dir in
    /*) ;;
    *) dir=$(pwd)/$dir ;;
  esac
  while [ "$dir" != "${dir%/}" ] && [ "$dir" != / ]; do dir=${dir%/}; done
  check_tools
  target=$(label)
  archive=autocom_${version}_$target.tar.gz
  wanted=$(sum_of "$target")
  [ -n "$wanted" ] || fail "there is no autocom $version for $target"
  { mkdir -p "$dir" && test -w "$dir"; } 2>/dev/null || fail "cannot write to \"$dir\"" "name another folder with --dir"
  [ ! -d "$dir/autocom" ] || fail "\"$dir/autocom\" is a folder" "name another folder with --dir, or move that one away"

  # What one that was killed has left, after a day.
  find "$dir/." ! -name . -prune -name '.autocom-install.??????' -type d -mtime +0 -exec rm -rf {} + 2>/dev/null || :
  work=
  trap '[ -z "$work" ] || rm -rf "$work"' EXIT
  trap 'exit 129' HUP
  trap 'exit 130' INT
  trap 'exit 131' QUIT
  trap 'exit 141' PIPE
  trap 'exit 143' TERM
  work=$(mktemp -d "$dir/.autocom-install.XXXXXX") || fail "cannot write to \"$dir\"" "name another folder with --dir"
  say "Downloading autocom $version for $target"
  fetch "$base/$archive" "$work/archive" "$(size_of "$target")"
  actual=$(sha256 "$work/archive")
  [ "$actual" = "$wanted" ] || fail "$archive has SHA-256 $actual, not $wanted: nothing was installed"
  # From within: a name with a backslash means another one to tar.
  (cd "$work" && tar -xzf archive autocom) || fail "cannot unpack $archive"
  chmod 755 "$work/autocom"
  # Before it takes the place of one that runs.
  code=0
  "$work/autocom" --version >/dev/null 2>"$work/said" </dev/null || code=$?
  if [ "$code" -ne 0 ]; then
    head -n 20 "$work/said" >&2
    why="the program does not start in \"$dir\" (exit $code): nothing was installed"
    [ "$code" -ne 126 ] || fail "$why" "is it mounted noexec? name another folder with --dir"
    fail "$why" "the lines above say why; report it with them and: uname -a"
  fi
  mv -f "$work/autocom" "$dir/autocom" || fail "cannot write \"$dir/autocom\""
  say "Installed $dir/autocom"
  case $dir in
    *:*) say "Start it by its whole path: no folder with a colon can be in your PATH"; return ;;
  esac
  case ":${PATH:-}:" in
    *":$dir:"*) first=$(command -v autocom) || first=
      if [ "$first" = "$dir/autocom" ] || [ -z "$first" ] || cmp -s "$first" "$dir/autocom"; then
        say "Next: autocom auth login"
      else say "Your PATH finds another one first: \"$first\". Remove that one, or start this one by its whole path"
      fi ;;
    *) say "Add it to your PATH, in the file that your shell reads at its start:"
      say "  export PATH=\"$(printf '%s' "$dir" | sed 's/[\\"$`]/\\&/g'):\$PATH\"" ;;
  esac
}

main "$@"
}
