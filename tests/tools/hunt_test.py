#!/usr/bin/env python3
"""hunt_test.py LAB [--each | --hunts]: each mistake of a bug hunt compiles without a warning, changes what its function
computes and does not crash (--each: that alone); hunts for twenty students are graded, with full, half and false answers
(--hunts: that alone). Takes minutes.
"""

import csv
import os
import shutil
import subprocess
import sys
import tempfile

LAB = os.path.abspath(sys.argv[1])
ROOT = os.path.dirname(os.path.realpath(LAB))
sys.path[:0] = [os.path.join(ROOT, "tools/handout"), os.path.join(ROOT, "tools/grade")]
sys.dont_write_bytecode = True
import bugs  # noqa: E402
import cases  # noqa: E402
import cut  # noqa: E402
import handout  # noqa: E402
from sandbox import Sandbox, become_reaper  # noqa: E402
from workshop import Workshop, call  # noqa: E402

failures = 0


def check(what, condition):
    global failures
    if not condition:
        failures += 1
        print("does not hold: " + what, flush=True)


def each_bug():
    """Each mistake by itself."""
    workshop = Workshop(os.path.join(ROOT, "build/grade/hunt"), "4", hunt=True)
    workshop.prepare(print)
    call(["cmake", "--build", workshop.build, "--target", "hunt"])
    check("hunt.cpp finds nothing where nothing is wrong",
          call([os.path.join(workshop.build, "hunt")]).count("the gradients are right") == 4)
    workshop.flags = workshop._flags
    workshop._flags = lambda name: workshop.flags(name) + ["-Werror"]
    grading = cases.Grading(workshop, Sandbox(workshop.folder), 1)
    right = grading.run({}, {})
    check("without a mistake all is right: %s" % right, not right["error"] and not any(map(any, right["hidden"].values())))
    for bug in bugs.ALL:
        name = cut.where_is(ROOT, bug["function"])
        found = grading.run({name: bugs.spoil(workshop.given[name], bug)}, {})
        said = found["hidden"].get(bug["function"], [])
        check("%s compiles without a warning: %s" % (bug["function"], found["error"][:300]), not found["error"])
        check("%s computes something else" % bug["function"], any(said))
        everything = [line for lines in found["hidden"].values() for line in lines if line]
        check("%s does not crash: %s" % (bug["function"], everything[:1]), all(" is wrong" in line for line in everything))
    print("%d mistakes, each by itself" % len(bugs.ALL), flush=True)


def answer(folder, chosen, found, right):
    """Writes bugs.txt, and puts right what is in `right`: the solution's file with the other mistakes planted anew."""
    cut.write(os.path.join(folder, "bugs.txt"), "".join("%s: something\n" % name for name in found))
    for path in {cut.where_is(ROOT, bug["function"]) for bug in chosen}:
        text = cut.read(os.path.join(ROOT, path))
        for bug in chosen:
            if bug not in right and cut.where_is(ROOT, bug["function"]) == path:
                text = bugs.spoil(text, bug)
        cut.write(os.path.join(folder, path), text)


def hunts(folder, kind, students):
    """Grades answers of one kind. @returns  {student: points}"""
    for student in students:
        out = os.path.join(folder, kind, student)
        handout.make(out, "4", 3, student)
        chosen = bugs.draw(3, student)
        names = [bug["function"] for bug in chosen]
        innocent = [bug["function"] for bug in bugs.ALL if bug["function"] not in names]
        if kind == "full":
            answer(out, chosen, names, chosen)
        elif kind == "half":  # one found and mended, one accused wrongly
            answer(out, chosen, [names[0], innocent[0]], chosen[:1])
        elif kind == "false":
            answer(out, chosen, innocent[:3], [])
    out = os.path.join(folder, kind + "-grades")
    done = subprocess.run([LAB, "grade", "--bugs", "3", "--out", out, *(os.path.join(folder, kind, name) for name in students)],
                          text=True, stdout=subprocess.PIPE, check=False)
    print(done.stdout, flush=True)
    with open(os.path.join(out, "grades.csv"), newline="", encoding="utf-8") as file:
        return {row["student"]: float(row["points"]) for row in csv.DictReader(file)}


def main():
    students = ["student_%02d" % number for number in range(20)]
    sets = {frozenset(bug["function"] for bug in bugs.draw(3, student)) for student in students}
    check("no two students have the same mistakes", len(sets) == len(students))
    become_reaper()
    if "--hunts" not in sys.argv:
        each_bug()
    if "--each" in sys.argv:
        return 1 if failures else 0
    folder = tempfile.mkdtemp()
    try:
        check("full answers have all points", all(points == 15 for points in hunts(folder, "full", students).values()))
        check("half answers have 2 + 3 - 1", all(points == 4 for points in hunts(folder, "half", students[:6]).values()))
        check("false answers have none", all(points == 0 for points in hunts(folder, "false", students[:4]).values()))
        check("untouched hunts have none", all(points == 0 for points in hunts(folder, "untouched", students[:4]).values()))
    finally:
        shutil.rmtree(folder)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
