#!/usr/bin/env bash
# lab_test.sh LAB: ./lab in folders and at moments that go wrong, with programs that stand in for cmake and
# ctest, so that nothing is built.
set -euo pipefail

tmp=$(mktemp -d)
trap 'chmod -R u+rwx "$tmp"; rm -rf "$tmp"' EXIT
chmod 755 "$tmp"
root="$tmp/lab (1) & 'b' \$HOME [2] =, ä"  # a name that a second download may have, and worse
mkdir -p "$root" "$tmp/bin"
cp "$1" "$root/lab"

cat >"$tmp/bin/cmake" <<'STUB'
#!/usr/bin/env bash
# Configures by writing what ./lab looks for, builds a program that says it ran; fails with STUB_FAILS.
case $1 in
    --version) echo "cmake version 3.25.1" ;;
    --preset)
        touch "$4/build.ninja"
        echo "CMAKE_HOME_DIRECTORY:INTERNAL=$PWD" >"$4/CMakeCache.txt" ;;
    --build)
        [ -z "${STUB_FAILS:-}" ] || { echo "dense.cpp:16: error: boom"; exit 1; }
        echo "[1/2] compiling"
        mkdir -p "$2/exercises"
        printf '#!/bin/sh\necho "ran in $PWD: $*"\n' >"$2/exercises/letters"
        chmod +x "$2/exercises/letters" ;;
    --install) echo "cmake $*" >&2; exit 0 ;;
esac
STUB
# shellcheck disable=SC2016  # expands in the stub
printf '#!/bin/sh\necho "$CTEST_PARALLEL_LEVEL: $*"\n' >"$tmp/bin/ctest"
printf '#!/bin/sh\ncat >/dev/null\n' >"$tmp/bin/c++"
chmod +x "$tmp"/bin/*
export PATH="$tmp/bin:$PATH" HOURGLASS_NO_GNUPLOT=1
unset CXX HOURGLASS_BUILD_DIR HOURGLASS_CMAKE_FLAGS CTEST_PARALLEL_LEVEL

status=0
run() {  # run COMMAND...: its output in $out, its messages in $err, its status in $status
    status=0
    "$@" >"$tmp/out" 2>"$tmp/err" </dev/null || status=$?
    out=$(cat "$tmp/out")
    err=$(cat "$tmp/err")
}
check() {  # check WHAT CONDITION...
    local what=$1
    shift
    "$@" || { printf 'does not hold: %s\nstatus %s\n%s\n%s\n' "$what" "$status" "$out" "$err"; exit 1; }
}
contains() { [[ $1 = *"$2"* ]]; }

mkdir "$tmp/user"
cd "$tmp/user"
run "$root/lab" letters --seed 7
check "it runs in a folder of any name, and where the user is" [ "$out" = "ran in $tmp/user: --seed 7" ]
check "the status is that of the program" [ "$status" -eq 0 ]

run "$root/lab" doctor letters --seed 7
check "the doctor examines what one reads: the plain loops" [ -x "$root/build/teaching/exercises/letters" ]
check "the doctor is an option of the exercise" [ "$out" = "ran in $tmp/user: --doctor --seed 7" ]
run "$root/lab" doctor
check "the doctor wants an exercise" [ "$status" -eq 2 ]

STUB_FAILS=1 run "$root/lab" letters
check "a build that fails ends with status 2" [ "$status" -eq 2 ]
check "what the compiler said is shown" contains "$err" boom
check "the old program does not run" [ -z "$out" ]

run "$root/lab" test debug nn -R Adam
check "the tests of a room run on all processors, and some must" contains "$out" \
    "$(nproc): --test-dir $root/build/debug --output-on-failure --no-tests=error -L ^nn\$ -R Adam"
printf '#!/bin/sh\necho "gdb: $*"\n' >"$tmp/bin/gdb"
printf '#!/bin/sh\necho "lldb: $*"\n' >"$tmp/bin/lldb"
chmod +x "$tmp/bin/gdb" "$tmp/bin/lldb"
run "$root/lab" debug letters --seed 1
check "the debugger starts at the first training step" contains "$out" \
    "/tools/gdb/hourglass.py -ex hg start --args $root/build/debug/exercises/letters --seed 1"
HOURGLASS_DEBUGGER=lldb run "$root/lab" debug letters --seed 1
check "so does lldb" contains "$out" "-o hg start -- $root/build/debug/exercises/letters --seed 1"
HOURGLASS_DEBUGGER=windbg run "$root/lab" debug letters
check "another debugger is refused" [ "$status" -eq 2 ]

run "$root/lab" test debgu
check "an unknown preset is refused" [ "$status" -eq 2 ]

run "$root/lab" install --prefix there
check "a library is installed where the user says" contains "$err" "installed in $tmp/user/there."
run "$root/lab" install
check "an installation wants a folder" [ "$status" -eq 2 ]

HOURGLASS_BUILD_DIR=elsewhere run "$root/lab" letters
check "HOURGLASS_BUILD_DIR is where it builds" [ -x "$tmp/user/elsewhere/release/exercises/letters" ]

HOURGLASS_BUILD_DIR="$tmp/user/C#" run "$root/lab" letters
check "a folder that cmake cannot build in is refused" contains "$err" "cmake cannot build in"

if command -v flock >/dev/null; then
    mkfifo "$tmp/said"
    exec 8>"$root/build/release.lock"
    flock 8
    "$root/lab" letters >"$tmp/out" 2>"$tmp/said" 8>&- &
    said="" waits=no
    while IFS= read -r said; do
        contains "$said" "waiting" || continue
        waits=yes
        [ ! -s "$tmp/out" ] || waits="no, it ran"
        exec 8>&-
    done <"$tmp/said"
    wait $! || status=$?
    out=$(cat "$tmp/out")
    check "the second of two builds says that it waits" [ "$waits" = yes ]
    check "and then it builds and runs" contains "$out" "ran in"
fi

as_user=()
if [ "$(id -u)" -eq 0 ]; then
    command -v setpriv >/dev/null || { echo "no setpriv: not tried as another user"; exit 0; }
    as_user=(setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all)
fi
chmod -R a+rX "$root" "$tmp/bin"
chmod -R a-w "$root"
chmod 777 "$tmp/user"
run ${as_user[@]+"${as_user[@]}"} "$root/lab" letters
check "a folder that cannot be written to ends with status 2" [ "$status" -eq 2 ]
check "the message names it and a way out" contains "$err" "HOURGLASS_BUILD_DIR"
check "the message is one line" [ "$(wc -l <"$tmp/err")" -eq 1 ]
check "the old program does not run" [ -z "$out" ]
HOURGLASS_BUILD_DIR=$tmp/user/mine run ${as_user[@]+"${as_user[@]}"} "$root/lab" letters
check "the way out leads out" contains "$out" "ran in"
