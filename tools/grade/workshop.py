"""Builds what is the same for all submissions once, and of each submission the few files that its student may change."""

import fcntl
import hashlib
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "handout"))
import bugs  # noqa: E402
import cut  # noqa: E402
import handout  # noqa: E402
from sandbox import Limits  # noqa: E402

HIDDEN = os.path.join(HERE, "hidden")
COMPILING = Limits(seconds=60, clock=200, megabytes=2048, processes=16, file_megabytes=64)
LINKING = Limits(seconds=30, clock=100, megabytes=2048, processes=16, file_megabytes=256)


def call(command, folder=None):
    done = subprocess.run(command, cwd=folder, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    if done.returncode:
        raise SystemExit("grade: this failed: %s\n%s" % (" ".join(command), done.stdout[-4000:]))
    return done.stdout


def digest_of(*folders):
    """A digest of the sources in these folders."""
    digest = hashlib.sha256()
    for folder in folders:
        for path in cut.files_below(os.path.join(ROOT, folder), ".cpp", ".hpp", ".py", ".cmake", ".txt", ".json"):
            with open(path, "rb") as file:
                digest.update(path.encode() + b"\0" + file.read() + b"\0")
    return digest.hexdigest()


def flat(name):
    """src/nn/loss.cpp as the name of a file beside others."""
    return name.replace("/", "_")


def said_by_linker(text):
    """What it lacks or has twice, without the names of what asks for it: that may be a hidden test."""
    found = re.findall(r"(?:undefined reference to|multiple definition of) [`'\u2018\u201c].*?['\u2019\u201d]", text)
    named = [line for line in dict.fromkeys(found) if "hourglass::grading" not in line]
    return "\n".join(named) or "it failed"


class Workshop:
    """Of one level, in a folder of its own: the student's tree, its build, the hidden tests and their judge."""

    def __init__(self, folder, level, hunt=False):
        """@param hunt  is it for bug hunts, where all is solved and a student hands in any source of core and nn"""
        self.folder, self.level, self.hunt = os.path.abspath(folder), level, hunt
        self.tree, self.build = os.path.join(self.folder, "tree"), os.path.join(self.folder, "build")
        self.trains = not hunt and "letters::train" in handout.functions_of(handout.LEVELS[level])
        self.tests = [] if hunt else ["core", "nn"] + (["handout"] if self.trains else [])
        self.programs = self.tests + ["probe"]

    def prepare(self, say):
        """Builds it all, unless that is done already; a second grading at the same time waits."""
        os.makedirs(os.path.dirname(self.folder), exist_ok=True)
        with open(self.folder + ".lock", "w", encoding="utf-8") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self._prepare(say)

    def _prepare(self, say):
        self.functions = ({bug["function"]: [] for bug in bugs.ALL} if self.hunt else
                          handout.functions_of(handout.LEVELS[self.level]))
        self.files = sorted({cut.where_is(ROOT, function) for function in self.functions})
        stamp, state = os.path.join(self.folder, "state"), [
            digest_of("include", "src", "cmake", "tests/core", "tests/nn", "exercises", "tools/handout"),
            digest_of("tools/grade/hidden")]
        before = cut.read(stamp).split() if os.path.exists(stamp) else ["", ""]
        if before != state:
            say("building what is the same for all submissions ...")
        if before[0] != state[0]:
            shutil.rmtree(self.folder, ignore_errors=True)
            self._make_tree()
            self._build()
        self._read_commands()
        if before != state:
            self._build_hidden()
            cut.write(stamp, "\n".join(state))
        self.given = {name: cut.read(os.path.join(self.tree, name)) for name in self.files}
        self.hidden = call([self.program("probe"), "--list"]).split()

    def _make_tree(self):
        level = handout.LEVELS["4" if self.hunt else self.level]
        if self.hunt:
            handout.copy_tree(self.tree, level)
            handout.adapt_build(self.tree, level)
            shutil.rmtree(os.path.join(self.tree, "tests"))
            bugs.adapt(self.tree)
        else:
            handout.make(self.tree, self.level)

    def _read_commands(self):
        with open(os.path.join(self.build, "compile_commands.json"), encoding="utf-8") as file:
            entries = json.load(file)
        entries.sort(key=lambda entry: "/loops.dir/" in entry["command"])  # the last counts
        self.commands = {os.path.relpath(entry["file"], self.tree): entry["command"] for entry in entries}
        self.foreign = self._foreign_libraries()

    def _build(self):
        call(["cmake", "--preset", "check", "-B", self.build, "-DHOURGLASS_EXERCISES=" + ("ON" if self.trains else "OFF")],
             self.tree)
        call(["cmake", "--build", self.build, "--target",
              *(["test_" + room for room in self.tests] or ["hourglass_nn"])])
        self._read_commands()
        objects = os.path.join(self.folder, "objects")
        os.makedirs(objects)
        # The library without the files that are handed in. Its members may have the same name: q, not r.
        rooms = [os.path.join(self.build, where) for where in
                 ("CMakeFiles", "exercises/CMakeFiles/exercises_common.dir", "tests/CMakeFiles/loops.dir")]
        handed_in = {os.path.join(self.build, self._object(name)): name for name in self.files}
        library = [path for room in rooms for path in cut.files_below(room, ".o") if path not in handed_in]
        call(["ar", "qcs", os.path.join(objects, "library.a"), *library])
        for path, name in handed_in.items():
            shutil.copy(path, os.path.join(objects, flat(name) + ".o"))
        originals = os.path.join(self.folder, "solution")
        os.makedirs(originals)
        for name in [*self.files, "src/nn/optimizer_check.cpp"]:  # which in the tree may be without its equations
            call(self.compile_command(name, os.path.join(ROOT, name), os.path.join(originals, flat(name) + ".o")))

    def _build_hidden(self):
        """The hidden tests, and with the solution the judge."""
        objects = os.path.join(self.folder, "objects")
        for name in ["probe", "judge", *self._hidden_parts()]:
            like = "exercises/common/training.cpp" if self.trains else "src/nn/layers/dense.cpp"
            call(self._flags(like) + (["-DHOURGLASS_GRADES_TRAINING"] if self.trains else []) +
                 ["-c", os.path.join(HIDDEN, name + ".cpp"), "-o", os.path.join(objects, "hidden_%s.o" % name)])
        solved = list(cut.files_below(os.path.join(self.folder, "solution"), ".o"))
        call(self.link_command(os.path.join(self.folder, "judge"), "judge", solved))
        call(self.link_command(os.path.join(self.folder, "probe"), "probe", solved))

    def _object(self, name):
        """Where cmake puts the object of a source, below the build folder."""
        words = shlex.split(self.commands[name])
        return words[words.index("-o") + 1]

    def _flags(self, name):
        """The compiler and its options for a source, without what names files."""
        words = shlex.split(self.commands[name])
        return words[os.path.basename(words[0]) == "ccache":words.index("-o")]

    def _hidden_parts(self):
        return ["cases", "core_cases", "network_cases", "layer_cases", "optimizer_cases"] + (["train_cases"] if self.trains else [])

    def _foreign_libraries(self):
        """What the exercises are linked with besides the project itself."""
        if not self.trains:
            return []
        words = shlex.split(call(["ninja", "-t", "commands", "test_handout"], self.build).splitlines()[-1])
        return [word for word in words[words.index("-o") + 2:]
                if word.startswith("-l") or (word.startswith("/") and re.search(r"\.(so|a)(\.|$)", word))]

    def compile_command(self, name, source, target):
        """@param name  the file of the tree that `source` stands for: its neighbours are found as if it were there"""
        return self._flags(name) + ["-iquote", os.path.dirname(os.path.join(self.tree, name)), "-c", source, "-o", target]

    def link_command(self, target, program, objects):
        """Links a program, "core", "nn", "probe" or "judge", with these objects before the library's."""
        own = os.path.join(self.folder, "objects")
        if program in self.tests:
            folder = os.path.join(self.build, "tests/CMakeFiles")
            mine = [*cut.files_below(os.path.join(folder, "test_%s.dir" % program), ".o"),
                    *cut.files_below(os.path.join(folder, "test_main.dir"), ".o")]
        else:
            mine = [os.path.join(own, "hidden_%s.o" % part) for part in [program, *self._hidden_parts()]]
        compiler = self._flags("src/nn/layers/dense.cpp")[0]
        return [compiler, "-o", target, *mine, *objects, os.path.join(own, "library.a"), *self.foreign, "-pthread"]

    def need_compiler(self, sandbox):
        """@throws SystemExit  where the sandbox does not see the compiler, so that nobody's code would compile"""
        compiler = self._flags("src/nn/layers/dense.cpp")[0]
        with tempfile.TemporaryDirectory() as folder:
            sandbox.own(folder)
            done = sandbox.run([compiler, "--version"], folder)
        if done.status != 0:
            raise SystemExit("grade: the compiler %s does not run where submissions do, with no more than the system's /usr: "
                             "set CXX to another, delete %s and try again" % (compiler, self.folder))

    def program(self, name):
        return os.path.join(self.folder, name)

    def build_submission(self, files, folder, sandbox):
        """Compiles what differs from the tree, and links the programs. @param files  {name: text}
        @returns  what the compiler said, if it failed"""
        objects = []
        for name in self.files:
            text = files.get(name, self.given[name])
            if text == self.given[name]:
                objects.append(os.path.join(self.folder, "objects", flat(name) + ".o"))
                continue
            source = os.path.join(folder, "submission", name)
            cut.write(source, text)
            objects.append(os.path.join(folder, flat(name) + ".o"))
            done = sandbox.run(self.compile_command(name, source, objects[-1]), folder,
                               [self.tree], COMPILING)
            if done.status != 0:
                said = done.output.replace(os.path.join(folder, "submission") + "/", "").replace(self.tree + "/", "")
                return "the compiler was stopped after a minute" if done.late else said
        needed = [os.path.join(self.folder, "objects")] + ([os.path.join(self.build, "tests")] if self.tests else [])
        for program in self.programs:
            done = sandbox.run(self.link_command(os.path.join(folder, program), program, objects), folder, needed, LINKING)
            if done.status != 0:
                return "the linker: " + said_by_linker(done.output)
        return ""
