"""Runs the tests of one submission, each case in a process and a sandbox of its own."""

import os
import re
import shutil
import signal
import subprocess
import tempfile

import bugs
import check
import cpp
from sandbox import Limits, read_file

RUNNING = Limits(seconds=2, clock=8, megabytes=1024, processes=32, file_megabytes=16)
TRAINING = Limits(seconds=30, clock=100, megabytes=2048, processes=32, file_megabytes=16)  # of whole networks
HURRIED = Limits(seconds=1, clock=3, megabytes=1024, processes=32, file_megabytes=16)
PATIENCE = 3  # cases of a submission that are stopped late, before the others are hurried
# What a solution has no need of: a teacher should look at it.
UNUSUAL = re.compile(r"#\s*include\s*<(?:unistd|fcntl|sys/\w+|dlfcn|signal\w*|csignal|spawn|fstream|filesystem|thread)\b[^>]*>|"
                     r"\b(?:fork|vfork|exec[lv]\w*|system|popen|_?exit|_Exit|quick_exit|abort|atexit|syscall|socket|"
                     r"getenv|fopen|open|kill|signal|setrlimit|ptrace|dlopen|raise)\s*\(|\basm\b|__asm__|__attribute__|"
                     r"\bdoctest\b|\bmain\s*\(|incbin")


def matches(pattern, name):
    return re.fullmatch(".*".join(map(re.escape, pattern.split("*"))), name) is not None


def public_cases(workshop):
    """{function: [(room, name of a test case)]} of the tests that students have."""
    names = {}
    for room in workshop.tests:
        listed = subprocess.run([os.path.join(workshop.build, "tests/test_" + room), "--list-test-cases", "--no-colors"],
                                text=True, capture_output=True, check=True).stdout.splitlines()
        names[room] = [line for line in listed if line and not line.startswith(("[doctest]", "====="))]
    result = {}
    for function, patterns in workshop.functions.items():
        chosen = [(room, name) for pattern in patterns for room in [pattern.split(": ")[0]]
                  for name in names.get(room, []) if matches(pattern.split(": ", 1)[1], name)]
        result[function] = list(dict.fromkeys(chosen))
    return result


def how_it_ended(done):
    """In one of few sentences: a status or a signal of the program's choice would be a way out for hidden numbers."""
    if done.late:
        return "was stopped, for its time or its memory: an endless loop?"
    if done.status == -signal.SIGABRT:
        return "was aborted: an index out of bounds, or an exception that nobody caught?"
    if done.status in (-signal.SIGSEGV, -signal.SIGBUS):
        return "crashed: it read or wrote where there is no memory of its own"
    if done.status < 0:
        return "crashed"
    return "ended before it was done"


class Grading:
    """Of one submission."""

    def __init__(self, workshop, sandbox, seed):
        self.workshop, self.sandbox, self.seed, self.late = workshop, sandbox, seed, 0

    def run(self, files, cases, functions=None):
        """@param files  {path: text}   @param cases  of public_cases()   @param functions  whose hidden tests; none: all
        @returns  {"public": {function: [what each case says]}, "hidden": the same, "error": what the compiler said};
        empty lines stand for cases that pass"""
        with tempfile.TemporaryDirectory(prefix="hourglass-grade-") as top:
            self.sandbox.admit(top)
            self.top = top
            building = self._folder("building")
            error = self.workshop.build_submission(files, building, self.sandbox)
            if error:
                return {"public": {}, "hidden": {}, "error": error}
            # Out of the reach of what runs.
            self.programs = os.path.join(top, "programs")
            os.makedirs(self.programs)
            for program in self.workshop.programs:
                shutil.copy(os.path.join(building, program), self.programs)
            said = {case: self._public(*case) for case in {case for some in cases.values() for case in some}}
            public = {function: [said[case] for case in some] for function, some in cases.items()}
            hidden = {function: [self._hidden(i) for i, of in enumerate(self.workshop.hidden) if of == function]
                      for function in functions or self.workshop.functions}
            return {"public": public, "hidden": hidden, "error": ""}

    def _folder(self, name):
        path = tempfile.mkdtemp(prefix=name + "-", dir=self.top)
        self.sandbox.own(path)
        return path

    def _run(self, program, arguments, folder, trains):
        """Where it sees the tree and itself, but none of the other programs: one of them has the hidden tests in it."""
        limits = TRAINING if trains else RUNNING
        path = os.path.join(self.programs, program)
        done = self.sandbox.run([path, *arguments], folder, [path, self.workshop.tree],
                                limits if self.late < PATIENCE else HURRIED)
        self.late += done.late
        return done

    def _public(self, room, name):
        folder = self._folder("run")
        report = os.path.join(folder, "report.xml")
        done = self._run(room, ["--test-case=" + name.replace(",", "?"), "--reporters=xml", "--out=" + report], folder,
                         room == "handout")
        xml = read_file(report)
        found = check.failures(xml)
        said = [line for lines in found.values() for line in lines]
        if said and done.status >= 0 and not done.late:
            return said[0]
        whole = name in found and xml.rstrip().endswith("</doctest>")
        if done.status == 0 and whole:
            return ""
        return how_it_ended(done) + (", after its results" if whole else "")

    def _hidden(self, case):
        folder = self._folder("run")
        done = self._run("probe", [str(case), str(self.seed)], folder, self.workshop.hidden[case].endswith("::train"))
        if done.status != 0 or done.late:
            return how_it_ended(done)
        path = os.path.join(self.top, "found.txt")
        with open(path, "w", encoding="utf-8") as file:
            file.write(done.output)
        said = subprocess.run([self.workshop.program("judge"), str(case), str(self.seed), path], text=True,
                              capture_output=True, check=True).stdout.strip()
        return "" if said == "passes" else said


def unusual(files):
    """What the sources call or include that no solution needs."""
    found = {match.group(0).strip("( ") for text in files.values() for match in UNUSUAL.finditer(cpp.blanked(text))}
    return sorted(found)


def body_of(text, function):
    found = cpp.find(text, function)
    return text[found[0].body:found[0].end] if len(found) == 1 else ""


def right_alone(grading, function, files, planted):
    """Is a function right whose hidden tests fail? Another's mistake may be why, so it is put where all else is right."""
    given = grading.workshop.given
    name = next(path for path, text in given.items() if cpp.find(text, function))
    mine, right = body_of(files.get(name, given[name]), function), body_of(given[name], function)
    as_planted = [body_of(bugs.spoil(given[name], bug), function) for bug in planted if bug["function"] == function]
    if mine in ("", right, *as_planted):
        return mine == right
    place, = cpp.find(given[name], function)
    found = grading.run({name: given[name][:place.body] + mine + given[name][place.end:]}, {}, [function])
    return not found["error"] and not any(found["hidden"][function])


def hunt(found, planted, text, alone=lambda function: False):
    """What became of a bug hunt. @param found  what Grading.run found   @param text  the student's bugs.txt
    @param alone  is a function right that fails among the others?"""
    functions = [bug["function"] for bug in planted]
    accused = bugs.accused(text)
    plain = {name.rpartition("::")[2]: name for name in functions}
    accused = [name if "::" in name else plain.get(name, name) for name in accused]
    works = {function for function, said in found["hidden"].items() if said and not any(said) or alone(function)}
    return {"found": [name for name in functions if name in accused],
            "wrongly accused": [name for name in accused if name not in functions],
            "mended": [name for name in functions if name in works],
            "broken": sorted(set(found["hidden"]) - works - set(functions))}
