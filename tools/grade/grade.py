#!/usr/bin/env python3
"""./lab grade: grades submissions, each in a sandbox. docs/grading.md says how, and what that promises."""

import argparse
import concurrent.futures
import json
import multiprocessing
import os
import secrets
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path[:0] = [HERE, os.path.join(os.path.dirname(HERE), "handout")]
import bugs  # noqa: E402
import cases  # noqa: E402
import handout  # noqa: E402
import report  # noqa: E402
import similarity  # noqa: E402
import submission  # noqa: E402
from sandbox import Sandbox, become_reaper  # noqa: E402
from workshop import Workshop  # noqa: E402


def say(text):
    print(text, file=sys.stderr, flush=True)


def read_options():
    parser = argparse.ArgumentParser(prog="./lab grade", description="Grades folders, .zip and .tar.gz files.")
    parser.add_argument("submissions", nargs="+", metavar="SUBMISSION", help="one for each student, named after them")
    parser.add_argument("--level", choices=list(handout.LEVELS), help="the level that was handed out")
    parser.add_argument("--bugs", type=int, default=0, metavar="N", help="it was a bug hunt, with so many")
    parser.add_argument("--out", default="out/grades", metavar="DIR", help="where the results go (default: out/grades)")
    parser.add_argument("--rubric", default=os.path.join(HERE, "rubric.json"), metavar="FILE", help="the points")
    parser.add_argument("--seed", type=int, default=0, help="of the hidden tests (default: another one each time)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), metavar="N", help="submissions at a time")
    parser.add_argument("--workshop", default=os.path.join(ROOT, "build", "grade"), metavar="DIR", help="where it builds")
    options = parser.parse_args()
    if not options.level and not options.bugs:
        parser.error("expected --level L, or --bugs N for bug hunts")
    names = [submission.name_of(path) for path in options.submissions]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        parser.error("two submissions of one name: " + ", ".join(twice))
    with open(options.rubric, encoding="utf-8") as file:
        options.points = json.load(file)
    options.hunted = handout.functions_of(handout.LEVELS[options.level]) if options.bugs and options.level not in (
        None, "4") else None
    return options


class Grader:
    """Grades one submission after the other, in a process of its own."""

    def __init__(self, options, workshop, sandbox, public):
        self.options, self.workshop, self.sandbox, self.public = options, workshop, sandbox, public

    def grade(self, path):
        begin = time.monotonic()
        student = {"name": submission.name_of(path), "error": "", "notes": [], "feedback": {}, "points": {}, "text": ""}
        found = {"public": {}, "hidden": {}, "error": ""}
        grading, files = cases.Grading(self.workshop, self.sandbox, self.options.seed), {}
        try:
            files = submission.read(path, self.workshop.files + (["bugs.txt"] if self.options.bugs else []))
            answer = files.pop("bugs.txt", "")
            if not files:
                student["error"] = "none of the files that are graded is in it: " + ", ".join(self.workshop.files)
            else:
                found = grading.run(files, self.public)
                student["error"] = found["error"]
        except submission.Refused as error:
            student["error"], answer = str(error), ""
        except Exception as error:  # whatever one submission brings about, the others are graded
            student["error"], answer = "the grader itself failed on it; ask your teacher", ""
            student["notes"].append("the grader failed: %r" % error)
        self._count(student, found, answer, lambda function, planted: cases.right_alone(grading, function, files, planted))
        self._note(student, found, files)
        student["seconds"] = time.monotonic() - begin
        return student

    def _count(self, student, found, answer, alone):
        if self.options.bugs:
            planted = bugs.draw(self.options.bugs, student["name"], self.options.hunted)
            result = cases.hunt(found, planted, answer, lambda function: alone(function, planted))
            student["points"] = report.points_of_hunt(result, planted, self.options.points["hunt"])
            student["feedback"] = {"found": result["found"], "mended": result["mended"],
                                   "wrongly accused or broken": result["wrongly accused"] + result["broken"]}
            return
        rubric = {function: self.options.points["functions"][function] for function in self.workshop.functions}
        student["points"] = report.points_of(found, rubric)
        student["feedback"] = {function: report.feedback_of(function, found) for function in rubric}

    def _note(self, student, found, files):
        """What a teacher should know."""
        if student["error"]:
            lines = student["error"].splitlines()
            student["notes"].append(next((line for line in lines if " error: " in line), lines[0])[:100])
        given = self.workshop.given
        changed = {name: text for name, text in files.items() if text != given[name]}
        strange = [what for what in cases.unusual(changed) if what not in cases.unusual(given)]
        if strange:
            student["notes"].append("uses " + ", ".join(strange))
        for function, said in found["public"].items():
            if said and not any(said) and all(found["hidden"][function] or [""]):
                student["notes"].append(function + ": right for the tests that students have, and for no other")
        student["text"] = similarity.written(changed, self.workshop.functions, given)


grader = None  # of this process


def begin(of_process, count):
    global grader
    grader = of_process
    with count.get_lock():
        count.value += 1
        grader.sandbox.take_user(count.value)
    become_reaper()


def grade(path):
    return grader.grade(path)


def main():
    options = read_options()
    os.umask(0o022)  # the user that submissions run as has to read what is built here
    options.seed = options.seed or secrets.randbelow(1 << 32)
    workshop = Workshop(os.path.join(options.workshop, "hunt" if options.bugs else options.level), options.level or "4",
                        hunt=bool(options.bugs))
    workshop.prepare(say)
    sandbox = Sandbox(workshop.folder)
    if sandbox.problem:
        say("WARNING: " + sandbox.problem)
    workshop.need_compiler(sandbox)
    say("grading %d submission%s, %d at a time, in %s; seed of the hidden tests: %d"
        % (len(options.submissions), "s" * (len(options.submissions) > 1), options.jobs, sandbox.kind, options.seed))
    public = cases.public_cases(workshop)
    with concurrent.futures.ProcessPoolExecutor(options.jobs, initializer=begin, initargs=(
            Grader(options, workshop, sandbox, public), multiprocessing.Value("i"))) as pool:
        students = list(pool.map(grade, options.submissions))
    report.write(options.out, students)
    alike = similarity.write(os.path.join(options.out, "similarity.csv"),
                             {student["name"]: student["text"] for student in students if student["text"]})
    print(report.table(students))
    for a, b, share, _ in [row for row in alike if row[2] >= 0.8][:10]:
        print("alike: %s and %s, %.0f %%" % (a, b, 100 * share))
    say("grades.csv, similarity.csv, feedback/ and gradescope/ are in %s" % options.out)


if __name__ == "__main__":
    main()
