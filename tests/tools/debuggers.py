"""Runs commands in gdb or lldb, as a student would type them, and hands back what each of them said."""

import os
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
NO_TRACING = re.compile(r"ptrace: Operation not permitted|Could not trace|lets no program be traced|"
                        r"personality set failed")


def skip(why):
    print("skipped: " + why)
    sys.exit(77)


def output_of(command, environment):
    """What `command` prints, run in a folder of its own: two sessions at once do not meet in out/."""
    with tempfile.TemporaryDirectory() as folder:
        return subprocess.run(command, text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, env=environment, cwd=folder, check=False).stdout


def environment_of(name):
    """Without questions about symbols from the net, and with lldb's Python module, which Debian's does not find."""
    environment = {key: value for key, value in os.environ.items() if key != "DEBUGINFOD_URLS"}
    if not shutil.which(name):
        skip("no " + name)
    ask = {"gdb": ["gdb", "-nx", "-batch", "-ex", "python print(6 * 7)"],
           "lldb": ["lldb", "--no-lldbinit", "-b", "-o", "script print(6 * 7)"]}[name]
    if "42" in output_of(ask, environment).splitlines():
        return environment
    if name == "lldb":
        folder = os.path.join(os.path.dirname(os.path.realpath(shutil.which("lldb"))), "../lib")
        found = [os.path.join(folder, each, packages) for each in sorted(os.listdir(folder))
                 if each.startswith("python3") for packages in ("dist-packages", "site-packages")
                 if os.path.isdir(os.path.join(folder, each, packages, "lldb"))]
        environment["PATH"] = "/usr/bin" + os.pathsep + environment["PATH"]  # its Python is that of the system
        environment["PYTHONPATH"] = os.pathsep.join(found[::-1] + [environment.get("PYTHONPATH", "")])
    if "42" not in output_of(ask, environment).splitlines():
        skip("this %s has no python" % name)
    return environment


class Debugger:
    """gdb or lldb with Hourglass's views."""

    def __init__(self, name):
        self.name = name
        self.environment = environment_of(name)

    def session(self, program, commands, arguments=()):
        """What the debugger says to each of the commands, as lists of lines. Terminals have 80 columns."""
        if self.name == "gdb":
            line = ["gdb", "-nx", "-q", "-batch", "-iex", "set filename-display basename", "-ex", "set width 80",
                    "-x", os.path.join(ROOT, "tools/gdb/hourglass.py")]
            for number, command in enumerate(commands):
                line += ["-ex", "echo \\n==%d==\\n" % number, "-ex", command]
            line += ["--args", program, *arguments]
        else:
            line = ["lldb", "--no-lldbinit", "-o", "settings set interpreter.stop-command-source-on-error false",
                    "-o", "settings set term-width 80", "-o", "settings set use-color false",
                    "-o", "command script import " + os.path.join(ROOT, "tools/lldb/hourglass.py")]
            for number, command in enumerate(commands):
                line += ["-o", "script print('\\n==%d==')" % number, "-o", command]
            line += ["-o", "script print('\\n==%d==')" % len(commands), "-o", "quit", "--", program, *arguments]
        output = output_of(line, self.environment)
        if NO_TRACING.search(output):
            skip("this machine lets no program be traced")
        parts = re.split(r"^==(\d+)==\n", output, flags=re.MULTILINE)
        said = dict(zip(map(int, parts[1::2]), parts[2::2]))
        if len(said) < len(commands):
            print("the debugger did not come to the end:\n" + output)
            sys.exit(1)
        echoed = re.compile(r"^\(lldb\) .*")
        return [[text for text in said[number].splitlines() if text.strip() and not echoed.match(text)]
                for number in range(len(commands))]


class Expectations:
    """Counts what does not hold, and says it."""

    def __init__(self):
        self.failed = 0

    def that(self, what, holds, *evidence):
        if not holds:
            self.failed += 1
            print("FAILED: " + what)
            for lines in evidence:
                print("    " + "\n    ".join(lines if isinstance(lines, list) else [str(lines)]))

    def status(self):
        print("all as expected" if not self.failed else "%d expectations failed" % self.failed)
        return 1 if self.failed else 0
