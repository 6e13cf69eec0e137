#!/usr/bin/env python3
"""Grades submissions of our own and looks at what each gets and at what it did. Builds once, so it takes minutes.

    grade_test.py LAB --few               some of them, which need no namespaces
    grade_test.py LAB --class COUNT       COUNT copies of the solution instead, each changed a little
    grade_test.py LAB --mistakes          mistakes in optimizers, which the feedback has to name
"""

import csv
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time

import submissions

FULL = {"perfect", "writes_outside", "opens_a_socket", "reads_hidden_tests", "leads_out_of_its_folder",
        "wrapped"}  # they try, it does no good or harm, and what they compute is right
NOTHING = {"empty", "does_not_compile", "links_to_the_solution", "zip_bomb", "tar_bomb", "damaged"}
# What each of the others loses all hidden points of.
LOSES = {"wrong_sign": "Dense::backward", "hard_coded": "Dense::forward", "endless_loop": "Dense::backward",
         "fork_bomb": "Dense::backward", "fakes_a_result": "Dense::backward", "exits_0": "Dense::backward",
         "crashes_in_a_destructor": "Dense::backward", "eats_memory": "Dense::backward_input",
         "plants_links": "Dense::backward", "names_what_it_sees": "Dense::backward"}
SOME = {"hard_coded": 2, "wrong_sign": 1, "plants_links": 5, "names_what_it_sees": 6.4}  # points of that function that are theirs all the same
FEW = {"perfect", "empty", "does_not_compile", "wrong_sign", "hard_coded", "endless_loop", "fakes_a_result", "exits_0",
       "leads_out_of_its_folder", "zip_bomb", "wrapped", "links_to_the_solution", "fork_bomb", "eats_memory",
       "crashes_in_a_destructor", "plants_links", "names_what_it_sees"}
failures = 0


def check(what, condition):
    global failures
    if not condition:
        failures += 1
        print("does not hold: " + what)


def grade(lab, paths, out, level="2"):
    begin = time.monotonic()
    done = subprocess.run([lab, "grade", "--level", level, "--out", out, *paths], text=True, stdout=subprocess.PIPE, check=False)
    print(done.stdout)
    check("./lab grade ends with status 0", done.returncode == 0)
    with open(os.path.join(out, "grades.csv"), newline="", encoding="utf-8") as file:
        return {row["student"]: row for row in csv.DictReader(file)}, time.monotonic() - begin


def listen(visits):
    server = socket.create_server(("127.0.0.1", 0))

    def accept():
        while True:
            visits.append(server.accept())
    threading.Thread(target=accept, daemon=True).start()
    return server.getsockname()[1]


def hostile(lab, folder, few):
    root = os.path.dirname(os.path.realpath(lab))
    hidden = os.path.join(root, "tools/grade/hidden")
    visits = []
    secrets = [os.path.join(hidden, name) for name in sorted(os.listdir(hidden))] + \
              [os.path.join(root, "build/grade/2/judge"), os.path.join(root, "build/grade/2/solution/src_nn_network.cpp.o"),
               os.path.join(root, submissions.DENSE)]
    forbidden = [os.path.join(folder, "forbidden"), os.path.join(root, "forbidden"), "/tmp/hourglass-forbidden"]
    paths = submissions.make(os.path.join(folder, "in"), root, listen(visits), secrets, forbidden)
    if few:
        paths = [path for path in paths if os.path.basename(path).split(".")[0] in FEW]
    rows, seconds = grade(lab, paths, os.path.join(folder, "out"))
    print("%d submissions in %.0f s" % (len(rows), seconds))
    check("all submissions were graded", len(rows) >= (12 if few else 14) and len(rows) == len(paths))
    most = float(rows["perfect"]["of"])
    for name, row in rows.items():
        points = float(row["points"])
        if name in FULL:
            check("%s has all points" % name, points == most)
        elif name in NOTHING:
            check("%s has none, and it is said why" % name, points == 0 and row["notes"])
        else:
            # Its own function, and nothing that does not call that: a crash costs its cases alone.
            lost = float(row[LOSES[name]])
            check("%s loses %s" % (name, LOSES[name]), lost <= SOME.get(name, 0))
            check("%s keeps what is right" % name, points >= 0.4 * most)
    for path in forbidden:
        check("nobody wrote " + path, not os.path.exists(path))
    check("nobody reached the network", not visits)
    for where, _, names in os.walk(os.path.join(folder, "out")):
        for name in names:
            with open(os.path.join(where, name), encoding="utf-8") as file:
                text = file.read()
            check("%s shows nothing stolen" % name, "STOLEN" not in text and socket.gethostname() + "\n" not in text)
    with open(os.path.join(folder, "out/gradescope/perfect/results.json"), encoding="utf-8") as file:
        results = json.load(file)
    check("results.json has the points of each test", sum(test["score"] for test in results["tests"]) == results["score"] == most)
    with open(os.path.join(folder, "out/feedback/wrong_sign.md"), encoding="utf-8") as file:
        check("feedback has the diagnosis", "wrong sign" in file.read())


def classful(lab, folder, count):
    root = os.path.dirname(os.path.realpath(lab))
    rows, seconds = grade(lab, submissions.make_class(os.path.join(folder, "in"), root, count), os.path.join(folder, "out"))
    print("%d submissions in %.0f s" % (len(rows), seconds))
    check("all have all points", all(row["points"] == row["of"] for row in rows.values()))


def mistakes(lab, folder):
    root, out = os.path.dirname(os.path.realpath(lab)), os.path.join(folder, "out")
    rows, _ = grade(lab, submissions.make_mistakes(os.path.join(folder, "in"), root), out, "3")
    for name, (_, _, _, function, sentence) in submissions.MISTAKES.items():
        with open(os.path.join(out, "feedback", name + ".md"), encoding="utf-8") as file:
            page = file.read()
        section = page.partition("## `%s`" % function)[2].partition("\n## ")[0]
        check("%s of %s is named:\n%s" % (name, function, section), 'fits "%s"' % sentence in section)
        check("%s loses points, and not all" % name, 0 < float(rows[name]["points"]) < float(rows[name]["of"]))


def main():
    lab = os.path.abspath(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        if "--class" in sys.argv:
            classful(lab, folder, int(sys.argv[sys.argv.index("--class") + 1]))
        elif "--mistakes" in sys.argv:
            mistakes(lab, folder)
        else:
            hostile(lab, folder, "--few" in sys.argv)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
