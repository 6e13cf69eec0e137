#!/usr/bin/env python3
"""What .vscode/launch.json tells VS Code, through gdb's machine interface: a matrix unfolds into rows, whose elements
can be edited.

    ide_test.py FOLDER

FOLDER has the exercises of the debug build. Exit status: 0 all as expected, 1 not so, 77 there is no gdb that can.
"""

import json
import os
import re
import subprocess
import sys
import tempfile

from debuggers import NO_TRACING, ROOT, Expectations, environment_of, skip


class Machine:
    """gdb with --interpreter=mi, as an IDE runs it."""

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory()  # its own, so that no other session writes to its out/
        self.gdb = subprocess.Popen(["gdb", "-nx", "-q", "--interpreter=mi2"], text=True, stdin=subprocess.PIPE,
                                    stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=self.folder.name,
                                    env=environment_of("gdb"))
        self.said = []

    def ask(self, command, until=r"^\^(done|error|running)"):
        """Sends a command; the lines up to one that begins so."""
        self.gdb.stdin.write(command + "\n")
        self.gdb.stdin.flush()
        return self.wait(until)

    def wait(self, until):
        lines = []
        for line in self.gdb.stdout:
            lines.append(line.rstrip("\n"))
            if re.match(until, line):
                break
        self.said += lines
        if NO_TRACING.search("\n".join(lines)):
            skip("this machine lets no program be traced")
        return lines

    def end(self):
        self.gdb.stdin.write("kill\n-gdb-exit\n")
        self.gdb.stdin.close()
        self.gdb.wait()
        self.folder.cleanup()


def console(text):
    return '-interpreter-exec console "%s"' % text.replace("\\", "\\\\").replace('"', '\\"')


def main(arguments):
    folder = os.path.abspath(arguments[0])
    with open(os.path.join(ROOT, ".vscode/launch.json"), encoding="utf-8") as file:
        launch = json.load(file)["configurations"][0]
    expect, gdb = Expectations(), Machine()
    expect.that("launch.json runs the debug build", launch["program"].endswith("build/debug/exercises/${input:exercise}"))
    gdb.ask("-gdb-set width 80")
    for command in launch["setupCommands"]:
        text = command["text"].replace("${workspaceFolder}", ROOT)
        said = gdb.ask(text if text.startswith("-") else console(text))
        expect.that("gdb accepts " + text, said[-1].startswith("^done"), said)
    gdb.ask('-file-exec-and-symbols "%s"' % os.path.join(folder, "letters"))  # VS Code does this after the set-up
    gdb.ask("-exec-arguments " + " ".join(launch["args"]))
    gdb.ask("-exec-run")
    stopped = gdb.wait(r"^(\*stopped|\^error)")
    expect.that("it stops where a training step begins", "hourglass::Network::forward" in stopped[-1], stopped)
    said = gdb.ask("-var-create batch * X")
    expect.that("a matrix is a variable that unfolds", 'dynamic="1"' in said[-1], said)
    rows = gdb.ask("-var-list-children --all-values batch")
    expect.that("a batch of 5 has 5 rows", '"[4]"' in rows[-1] and '"[5]"' not in rows[-1], rows)
    expect.that("... and says what is in it", "Matrix 5x35  min -1  max 1" in rows[-1], rows)
    elements = gdb.ask("-var-list-children --all-values batch.[0]")
    expect.that("a row has 35 elements", 'numchild="35"' in elements[-1], elements)
    element = re.findall(r'name="([^"]*)"', elements[-1])[3]
    said = gdb.ask("-var-assign %s 0.625" % element)
    expect.that("an element can be edited", 'value="0.625"' in said[-1], said)
    said = gdb.ask('-data-evaluate-expression "$at(X, 0, 3)"')
    expect.that("... and is what was written", 'value="0.625"' in said[-1], said)
    gdb.ask("-var-create model * *this")
    gdb.ask("-var-list-children --all-values model")
    layers = gdb.ask("-var-list-children --all-values model.[1]")
    expect.that("a network unfolds into its layers", "Dense encoder.0: 35 -> 25, tanh" in layers[-1], layers)
    gdb.ask(console("hg step"))
    said = gdb.wait(r"^\*stopped") + gdb.ask("-stack-list-variables --all-values")
    expect.that("hg step works in the debug console", "forward of layer 1 of 6" in "\n".join(said), said)
    expect.that("the variables are shown", said[-1].startswith("^done") and "Matrix 5x35" in said[-1], said)
    expect.that("no exception of Python", "Traceback" not in "\n".join(gdb.said) and
                "Python Exception" not in "\n".join(gdb.said), gdb.said)
    gdb.end()
    return expect.status()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
