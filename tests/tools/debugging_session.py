#!/usr/bin/env python3
"""Runs the gdb sessions that documents show, and compares what they show with what gdb says, line by line.

    debugging_session.py [--update] FOLDER DOCUMENT...

FOLDER has the exercises of the debug build. A document names the program with its options, as in
`./lab debug letters --seed 1`; its session is all its blocks of code with lines that begin with (gdb).
--update writes what gdb says into the document. Addresses and folders may differ.
Exit status: 0 they agree, 1 they do not, 77 there is no gdb that can do this.
"""

import os
import re
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PROMPT = "(gdb) "
BLOCK = re.compile(r"^```[a-z]*\n(\(gdb\) .*?)^```$", re.MULTILINE | re.DOTALL)
NOISE = re.compile(r"\[Thread debugging|Using host libthread_db|\[New Thread|\[Thread 0x|\[Switching to|"
                   r"warning: Error disabling address space")


def commands_of(block):
    """Pairs of a command, with the lines ` >` that go on with it, and the lines that it shows."""
    result = []
    for line in block.splitlines():
        if line.startswith(PROMPT):
            result.append(([line], []))
        elif line.startswith(" >") and not result[-1][1]:
            result[-1][0].append(line)
        else:
            result[-1][1].append(line)
    return result


def typed(lines):
    return "\n".join([lines[0].removeprefix(PROMPT)] + [line.removeprefix(" >") for line in lines[1:]])


def comparable(line):
    line = re.sub(r"0x[0-9a-f]+", "0x...", line)
    return re.sub(r"(/[\w.+-]+)+/", "", line).rstrip()


def tidy(lines):
    """Without noise and without the empty lines that gdb puts before a stop."""
    return [line.rstrip() for line in lines if line.strip() and not NOISE.match(line)]


def run(folder, program, options, commands):
    """What gdb says to each of the commands."""
    script = "set width 80\n"
    for number, command in enumerate(commands):
        script += "echo \\n==%d==\\n\n%s\n" % (number, command)
    environment = {key: value for key, value in os.environ.items() if key != "DEBUGINFOD_URLS"}
    with tempfile.TemporaryDirectory() as place:  # a folder of its own: no other session writes to its out/
        commands_file = os.path.join(place, "session.gdb")
        with open(commands_file, "w", encoding="utf-8") as file:
            file.write(script)
        gdb = ["gdb", "-nx", "-q", "-batch", "-iex", "set filename-display basename", "-x",
               os.path.join(ROOT, "tools/gdb/hourglass.py"), "-x", commands_file, "--args",
               os.path.join(os.path.abspath(folder), program), *options]
        output = subprocess.run(gdb, text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                stderr=subprocess.STDOUT, env=environment, cwd=place, check=False).stdout
    if re.search("ptrace: Operation not permitted|Could not trace", output):
        skip("this machine lets no program be traced")
    parts = re.split(r"^==(\d+)==\n", output, flags=re.MULTILINE)
    said = dict(zip(map(int, parts[1::2]), parts[2::2]))
    return [tidy(said.get(number, "gdb did not come this far").splitlines())
            for number in range(len(commands))]


def skip(why):
    print("skipped: " + why)
    sys.exit(77)


def differences(shown, said):
    """Pairs of a line that the document shows and the line that gdb says instead."""
    length = max(len(shown), len(said))
    pairs = zip(shown + ["(nothing)"] * (length - len(shown)), said + ["(nothing)"] * (length - len(said)))
    return [(a, b) for a, b in pairs if comparable(a) != comparable(b)]


def sessions_of(text):
    """Of each `./lab debug PROGRAM OPTIONS`: these, and the text from there to the next."""
    parts = re.split(r"\./lab debug (\w+)([^\n`]*)", text)
    return [parts[i:i + 3] for i in range(1, len(parts), 3)]


def check(folder, path, update):
    """How many lines of the document are wrong."""
    with open(path, encoding="utf-8") as file:
        text = file.read()
    blocks, said = [], []
    for program, options, session in sessions_of(text):
        found = [commands_of(block) for block in BLOCK.findall(session)]
        commands = [typed(lines) for block in found for lines, _ in block]
        said += run(folder, program, options.split(), commands) if commands else []
        blocks += found
    steps = [step for block in blocks for step in block]
    said = iter(said)
    wrong = 0
    rewritten = []
    for block in blocks:
        lines = []
        for command, shown in block:
            found = next(said)
            shown = tidy(shown)
            wrong_here = differences(shown, found)
            for expected, got in wrong_here:
                print("%s: after '%s'\n  the document: %s\n  gdb:          %s"
                      % (os.path.relpath(path, ROOT), command[0], expected, got))
            wrong += len(wrong_here)
            lines += command + (found if wrong_here else shown)
        rewritten.append("\n".join(lines) + "\n")
    if not steps:
        print("%s: no session found" % path)
        return 1
    if update and "gdb did not come this far" not in "".join(rewritten):
        each = iter(rewritten)
        with open(path, "w", encoding="utf-8") as file:
            file.write(BLOCK.sub(lambda match: match.group(0).replace(match.group(1), next(each)), text))
        return 0
    return wrong


def main(arguments):
    update = "--update" in arguments
    folder, *documents = [argument for argument in arguments if argument != "--update"]
    try:
        known = subprocess.run(["gdb", "-nx", "-batch", "-ex", "python print(6 * 7)"], text=True,
                               capture_output=True, check=False).stdout
    except FileNotFoundError:
        skip("no gdb")
    if "42" not in known:
        skip("this gdb has no python")
    wrong = sum(check(os.path.abspath(folder), path, update) for path in documents)
    if wrong:
        print("FAILED: %d lines; %s --update FOLDER DOCUMENT writes them anew" % (wrong, sys.argv[0]))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
