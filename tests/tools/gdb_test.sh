#!/usr/bin/env bash
# gdb_test.sh PROGRAM: stops PROGRAM (gdb_session.cpp) in its backward pass and checks what
# tools/gdb/hourglass.py shows there. Exit status 77: there is no gdb that can do this.
set -euo pipefail

program=$1
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
printers=$here/../../tools/gdb/hourglass.py

skip() { echo "skipped: $*"; exit 77; }

command -v gdb >/dev/null || skip "no gdb"
gdb -nx -batch -ex 'python print(6 * 7)' 2>&1 | grep -qx 42 || skip "this gdb has no python"

# shellcheck disable=SC2016  # $at is gdb's
output=$(gdb -nx -batch -x "$printers" \
    -ex 'set debuginfod enabled off' -ex 'set width 0' \
    -ex 'break hourglass::Dense::backward' -ex 'run' \
    -ex 'echo == dZ\n' -ex 'print dZ' \
    -ex 'echo == W\n' -ex 'print W' \
    -ex 'finish' \
    -ex 'delete' \
    -ex 'break hourglass::Dense::backward if W.rows_ == 2' -ex 'continue' \
    -ex 'echo == layer 2\n' -ex 'print *this' \
    -ex 'echo == before\n' -ex 'print W.cols_' \
    -ex 'delete' -ex 'break after_step' -ex 'continue' \
    -ex 'echo == workspace\n' -ex 'shapes ws' -ex 'print ws' \
    -ex 'echo == dW\n' -ex 'pm $layer(model, 4).dW' \
    -ex 'echo == model\n' -ex 'print model' -ex 'print parameters[2]' -ex 'print ws.pass[2]' \
    -ex 'echo == mixed\n' -ex 'print mixed' -ex 'print $layer(mixed, 6)' -ex 'print $layer(mixed, 3).window' \
    -ex 'python from hourglass_debugger.values import elements; from hourglass_debugger.tables import matrix_table' \
    -ex 'python ws = GdbValue(gdb.parse_and_eval("ws")).plain()' \
    -ex 'python dZ = matrix_table(elements(ws["dZ"])[4])' \
    -ex 'python A = matrix_table(elements(ws["A"])[3])' \
    -ex 'python by_hand = sum(dZ.row(i)[5] * A.row(i)[2] for i in range(2))' \
    -ex 'python seen = float(gdb.parse_and_eval("$at($layer(model, 4).dW, 5, 2)"))' \
    -ex 'python print("by hand", abs(by_hand - seen) < 1e-12 and by_hand != 0)' \
    -ex 'python Y = matrix_table(elements(ws["A"])[4]); X = matrix_table(elements(ws["A"])[0])' \
    -ex 'python print("dZ = (Y - T) / n", dZ.row(1)[5] == (Y.row(1)[5] - X.row(1)[5]) / 2)' \
    -ex 'echo == glyph\n' -ex 'glyph ws.A[0] 0' \
    -ex 'echo == garbage\n' -ex 'print *wild' -ex 'print $at(*wild, 0, 0)' \
    -ex 'print *(hourglass::Matrix*)garbage' \
    -ex 'print *(hourglass::Dense*)garbage' \
    -ex 'print *(hourglass::Layer*)garbage' \
    -ex 'print *(hourglass::Network*)garbage' \
    -ex 'print *(hourglass::Workspace*)garbage' \
    -ex 'print *(hourglass::Parameter*)garbage' \
    -ex 'print *(hourglass::Pass*)garbage' \
    -ex 'echo == gone\n' -ex 'print *gone' -ex 'echo == still here\n' \
    -ex 'echo == wrong\n' -ex 'pm model' -ex 'glyph ws.A[0] 9' -ex 'glyph ws.A[2] 0' \
    -ex 'print $layer(model, 9)' -ex 'print $layer(ws, 1)' \
    -ex 'echo == width\n' -ex 'set width 60' -ex 'print ws' -ex 'pm ws.dZ[4]' \
    -ex 'kill' \
    "$program" 2>&1) || { printf '%s\n' "$output"; exit 1; }

case $output in *"ptrace: Operation not permitted"* | *"Could not trace"*)
    skip "this machine lets no program be traced" ;;
esac

status=0
expect() {  # expect WHAT TEXT: TEXT is somewhere in the output
    if ! grep -qF -- "$2" <<<"$output"; then
        echo "FAILED: $1: expected '$2'"
        status=1
    fi
}

expect "dZ of the output layer" " = Matrix 2x35"
expect "W of the output layer" " = Matrix 35x3"
expect "a conditional breakpoint" " = Dense encoder.1: 3 -> 2, identity = {"
expect "the members of a layer" "dW = Matrix 2x3"
expect "shapes" "    1       2x3       2x3       2x3       2x3"
expect "shapes of the input, whose gradient training leaves out" "    0         -      2x35         -         -"
expect "a workspace" "Workspace of 4 layers, n = 2 = {"
expect "what a layer keeps" "M[2] = Matrix 2x2"
expect "shapes of what a layer keeps" "    2       2x2       2x2       2x2       2x2  M 2x2"
expect "a network" "Autoencoder of 4 layers"
expect "a layer of a network" "[3]  Dense decoder.0: 2 -> 3, tanh"
expect "a parameter" "Parameter encoder.1.W 2x3"
expect "a pass" "= Pass: evaluate = {"
for layer in '[1]  Convolution: 3x3 s2 same over 4x4x1, relu' '[2]  TransposedConvolution: 2x2 s2 over 4x4x3, identity' \
    '[3]  MaxPool: 2x2 s2 over 4x4x3, tanh' '[4]  AveragePool: 1x2 over 2x2x3, identity' \
    '[5]  Upsample: 2x1x3, factor = 3, identity' '[6]  BatchNorm: 6x3x3, relu' \
    '[7]  Dropout: 6x3x3, p = 0.2, identity' '[8]  Dense: 54 -> 4, no bias, identity' \
    '[9]  Sampling: latent_size = 2, beta = 0.5, identity'; do
    expect "a layer of its kind" "$layer"
done
expect "the members of a batch norm" "running_variance = Vector 3"
expect "a window" "= 2x2 s2 over 4x4x3"
expect "no such layer" "there is no layer 9, but 1 to 4"
expect "no network" "expected a Network, got a"
expect "the second block of columns" "columns 6 to 11"
expect "the members of a workspace" "dA[4] = Matrix"
expect "pm shows all rows" "[34]"
expect "a gradient by hand" "by hand True"
expect "where backward starts" "dZ = (Y - T) / n True"
expect "a long row is cut" "..."
expect "a letter" "$(printf '.....\n.###.\n....#\n.##.#\n#..##\n#..##\n.##.#')"
expect "garbage" "= Matrix <uninitialized>"
expect "an element of garbage" "the matrix is uninitialized"
expect "a wrong type" "expected a Matrix or a Vector"
expect "a wrong row" "ws.A[0] has no row 9: it is 2x35"
expect "a wrong width" "ws.A[2] is 2x2; expected 35 columns"
for kind in Dense Layer Network Workspace Parameter Pass; do
    expect "a $kind that is none" "= $kind <uninitialized>"
done
expect "a workspace whose destructor ran" "== still here"
if grep -q 'Traceback\|Python Exception' <<<"$output"; then
    echo "FAILED: an exception of Python is shown"
    status=1
fi
if [ "$(grep -c '^\$[0-9]* = .*Matrix <uninitialized>' <<<"$output")" -ne 2 ]; then
    echo "FAILED: both of the matrices that are none print as uninitialized"
    status=1
fi
if sed -n '/^== width/,$p' <<<"$output" | grep '^ *\[' | grep -E '.{61}'; then
    echo "FAILED: a row is wider than 'set width 60'"
    status=1
fi
[ "$status" -eq 0 ] || { echo "---- the session:"; printf '%s\n' "$output"; }
exit "$status"
