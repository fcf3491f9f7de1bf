#!/bin/sh
# Starts @layout.name@ from the layout that this script stands in: bin/, lib/, conf/.
#
# JAVA_HOME, then java on the PATH, then /usr/lib/jvm is searched for Java 17 or newer. JAVA_OPTS
# goes to the virtual machine after everything below, so it can override all of it, for example
# JAVA_OPTS=-Xmx256m. "@layout.name@ share-classes" makes a class-data-sharing archive for
# this very Java; later starts are quicker with it.

self=$(readlink -f -- "$0") || self=$0
home=$(dirname -- "$(dirname -- "$self")")
# A package has a link there, to where files of this machine belong.
archive=$home/lib/@layout.name@.jsa
[ -L "$archive" ] && archive=$(readlink -- "$archive")

# Prints the major version of the Java in folder $1; asks java itself only without a release file.
major() {
  if [ -r "$1/release" ]; then
    sed -n 's/^JAVA_VERSION="\(1\.\)\{0,1\}\([0-9]*\).*/\2/p' "$1/release"
  else
    "$1/bin/java" -version 2>&1 | sed -n 's/.* version "\(1\.\)\{0,1\}\([0-9]*\).*/\2/p'
  fi
}

on_path=$(command -v java) && on_path=$(dirname -- "$(dirname -- "$(readlink -f -- "$on_path")")")
java=
for candidate in "$JAVA_HOME" "$on_path" /usr/lib/jvm/*; do
  if [ -n "$candidate" ] && [ -x "$candidate/bin/java" ] &&
    [ "$(major "$candidate")" -ge 17 ] 2>/dev/null; then
    java=$candidate/bin/java
    break
  fi
done
if [ -z "$java" ]; then
  echo "@layout.name@: no Java 17 or newer in JAVA_HOME, on the PATH or in /usr/lib/jvm" >&2
  exit 1
fi

# The C library keeps what the compilers of the virtual machine needed at the start: one arena, and
# trimming, give about 15 MiB back.
MALLOC_ARENA_MAX=${MALLOC_ARENA_MAX:-1}
export MALLOC_ARENA_MAX

# The QUIC library would read the system's certificates, where it finds them, for each connection,
# about 900 KiB, and never look at them: certificates are verified in Java.
SSL_CERT_FILE=/dev/null
export SSL_CERT_FILE

# The second compiler works on what has run ten times as often as usual: at the start, when thousands
# of clients may want to be answered again, the cores are for them.
compilers="-XX:Tier4InvocationThreshold=50000 -XX:Tier4MinInvocationThreshold=6000
  -XX:Tier4CompileThreshold=150000 -XX:Tier4BackEdgeThreshold=400000"

# Netty's search for leaked buffers takes the stack trace of one buffer in 128: it is for tests.
launch() {
  # JAVA_OPTS is a list of words; a * in it is no file name.
  set -f
  # shellcheck disable=SC2086
  exec "$java" \
    -XX:+IgnoreUnrecognizedVMOptions --enable-native-access=ALL-UNNAMED \
    --sun-misc-unsafe-memory-access=allow \
    -XX:+UseSerialGC -Xms8m -Xmx@layout.heap@ -XX:NewSize=3m -XX:NewRatio=4 -Xss512k -XX:-UsePerfData \
    -XX:TrimNativeHeapInterval=3000 $compilers \
    -XX:+ExitOnOutOfMemoryError "$sharing" -Xlog:disable \
    -XX:MaxDirectMemorySize=@layout.direct@ \
    -Dio.netty.allocator.numDirectArenas=1 -Dio.netty.allocator.numHeapArenas=1 \
    -Dio.netty.leakDetection.level=disabled -Dio.netty.jfr.enabled=false \
    "-Dmqttsn.conf=$home/conf" \
    $JAVA_OPTS \
    -cp "$home/lib/@project.build.finalName@.jar" @layout.main@ "$@"
}

if [ "$1" = share-classes ]; then
  usage="Usage: @layout.name@ share-classes
Makes a class-data archive for this Java; later starts are quicker with it."
  case "$# $2" in
    "1 ") ;;
    "2 -h" | "2 --help") echo "$usage" && exit 0 ;;
    *) echo "$usage" >&2 && exit 2 ;;
  esac
  sharing=-XX:ArchiveClassesAtExit=$archive.new
  if (launch @layout.training@) >/dev/null && mv -f -- "$archive.new" "$archive"; then
    echo "@layout.name@: made $archive"
    exit 0
  fi
  rm -f -- "$archive.new"
  echo "@layout.name@: could not make $archive" >&2
  exit 1
fi

# Sockets of socket activation: some managers hand them over in blocking mode, which Java cannot
# change on a socket that it did not make. dd sets the flag on the socket itself and reads nothing.
if [ "$LISTEN_PID" = $$ ]; then
  for socket in 3 4 5 6 7 8 9; do
    [ "$socket" -lt $((3 + LISTEN_FDS)) ] && dd iflag=nonblock count=0 <&"$socket" 2>/dev/null
  done
fi

sharing=-Xshare:auto
if [ -r "$archive" ]; then
  sharing=-XX:SharedArchiveFile=$archive
fi
launch "$@"
