#!/usr/bin/env bash
# steps_test.sh gdb|lldb PROGRAM: in PROGRAM (gdb_session.cpp), `step` leads from a call to the equation behind
# it in a few presses. Exit status 77: there is no such debugger that can do this.
set -euo pipefail

debugger=$1
program=$2
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
tools=$here/../../tools

skip() { echo "skipped: $*"; exit 77; }

with_python() {  # with_python COMMAND...: does this debugger run Python?
    "$@" 2>&1 | grep -qx 42
}

count_in_gdb() {
    with_python gdb -nx -batch -ex 'python print(6 * 7)' || skip "this gdb has no python"
    gdb -nx -batch -x "$tools/gdb/hourglass.py" -x "$here/count_steps.py" "$program" 2>&1
}

count_in_lldb() {
    local ask=(lldb --no-lldbinit -b -o 'script print(6 * 7)') folder
    if ! with_python "${ask[@]}"; then  # Debian's looks for its module where it is not
        folder=$(dirname "$(readlink -f "$(command -v lldb)")")/../lib
        folder=$(printf '%s\n' "$folder"/python3*/*-packages/lldb | head -n 1)
        export PYTHONPATH=${folder%/lldb}${PYTHONPATH:+:$PYTHONPATH}
        with_python "${ask[@]}" || skip "this lldb has no python"
    fi
    lldb --no-lldbinit -b -o "command script import $tools/lldb/hourglass.py" \
        -o "command script import $here/count_steps.py" "$program" 2>&1
}

command -v "$debugger" >/dev/null || skip "no $debugger"
output=$("count_in_$debugger") || status=$?
case ${status:-0}:$output in
    77:*) echo "$output"; exit 77 ;;
    *"all within"*) ;;
    *"Operation not permitted"* | *"Could not trace"* | *"lets no program be traced"*)
        skip "this machine lets no program be traced" ;;
    *) echo "FAILED, in full:"; printf '%s\n' "$output"; exit 1 ;;
esac
grep ' steps from ' <<<"$output"
