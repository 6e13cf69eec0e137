#!/usr/bin/env python3
"""handout_test.py: what can be tested of handouts and grading without a compiler.

handout_test.py --build LEVEL...: builds the tree of each level, too; every test passes or says which function of the
level it waits for, and with the solution filled in all pass, with all points. Takes some minutes a level.
"""

import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import unittest
import zipfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [os.path.join(ROOT, "tools/handout"), os.path.join(ROOT, "tools/grade")]
sys.dont_write_bytecode = True
import bugs  # noqa: E402
import cases  # noqa: E402
import check  # noqa: E402
import cpp  # noqa: E402
import cut  # noqa: E402
import handout  # noqa: E402
import report  # noqa: E402
import similarity  # noqa: E402
import submission  # noqa: E402
import workshop  # noqa: E402
from sandbox import Result, Sandbox, become_reaper, children, read_file  # noqa: E402

STUDENTS = ["student %d" % number for number in range(20)]


class Handouts(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder)

    def test_no_level_holds_a_line_of_its_solution(self):
        for level in handout.LEVELS:
            out = os.path.join(self.folder, level)
            bodies = handout.make(out, level)  # stops at a leak
            self.assertEqual(set(bodies), set(handout.functions_of(handout.LEVELS[level])))
            # What a reader of the solution would look for, found by other means than the tool's own.
            everything = subprocess.run(["grep", "-rhE", r"matmul_tn\(dW|G\[i\] \+=|da\[i\] \* \(1 - a|// z_rj = sum_k|"
                                         r"beta_n \*|beta2_t_ \*=", out], text=True, capture_output=True, check=False).stdout
            expected = {"1": r"G\[i\]|matmul_tn|z_rj|beta", "2": r"G\[i\]|da\[i\]|z_rj|beta", "3": r"matmul_tn|da\[i\]|z_rj|beta_n",
                        "4": r"z_rj|beta_n", "variational": r"matmul_tn|da\[i\]|G\[i\]|z_rj|beta2",
                        "convolution": r"matmul_tn|da\[i\]|G\[i\]|beta"}[level]
            for line in everything.splitlines():
                self.assertRegex(line, expected, level)

    @staticmethod
    def bytes_of(path):
        if not os.path.exists(path):
            return None
        with open(path, "rb") as file:
            return file.read()

    def test_a_planted_solution_is_found_wherever_it_is(self):
        out = os.path.join(self.folder, "2")
        bodies = handout.make(out, "2")
        self.assertEqual(cut.leaks(out, bodies), [])
        for function, (path, body) in bodies.items():
            for line in cpp.telling_lines(body)[:1]:
                for place in ("src/core/simd/kernels.hpp", "docs/backprop.md", "bench/peers.cpp", "data/picture.png"):
                    target = os.path.join(out, place)
                    before = self.bytes_of(target)
                    os.makedirs(os.path.dirname(target), exist_ok=True)
                    with open(target, "ab") as file:
                        file.write(b"\n\xff\x00" + line.replace("(", "( ").encode() + b"\n")
                    self.assertEqual([found.split(":")[0] for found in cut.leaks(out, bodies)], [place], (function, place))
                    if before is None:
                        os.remove(target)
                    else:
                        with open(target, "wb") as file:
                            file.write(before)
        shutil.copy("/bin/true", os.path.join(out, "solution"))
        self.assertIn("solution: a compiled program", cut.leaks(out, bodies))

    @unittest.skipUnless(shutil.which("gdb"), "no gdb")
    def test_the_debugger_of_a_tree_has_all_its_parts(self):
        handout.make(os.path.join(self.folder, "2"), "2")
        said = subprocess.run(["gdb", "-nx", "-q", "-batch", "-x", os.path.join(self.folder, "2/tools/gdb/hourglass.py"),
                               "-ex", "hg help why"], text=True, capture_output=True, check=False)
        self.assertIn("the terms of the sum", said.stdout, said.stderr)

    def test_a_hunt_keeps_the_equations_of_the_optimizers_and_a_level_that_asks_for_them_does_not(self):
        for name, make in (("level", lambda out: handout.make(out, "4")),
                           ("hunt", lambda out: handout.make(out, "4", 1, "anna"))):
            out = os.path.join(self.folder, name)
            make(out)
            text = cut.read(os.path.join(out, "src/nn/optimizer_check.cpp"))
            self.assertEqual("bias correction" in text, name == "hunt", name)

    def test_each_body_is_a_todo_with_its_equation_and_names_itself(self):
        out = os.path.join(self.folder, "4")
        for function, (path, _) in handout.make(out, "4").items():
            found, = cpp.find(cut.read(os.path.join(out, path)), function)
            body = cut.read(os.path.join(out, path))[found.body:found.end]
            self.assertIn("// TODO  ", body)
            self.assertIn('throw NotImplemented("%s"' % function, body)
            self.assertTrue("=" in body or "train" in function, function)
            if function == "Network::backward":  # whose own comment has none: a hint of an included level
                self.assertIn("dZ_{l-1} = dA_{l-1} * f'(Z_{l-1})", body)

    def test_a_script_in_a_tree_finds_what_it_imports(self):
        out = os.path.join(self.folder, "2")
        handout.make(out, "2")
        there = {os.path.splitext(name)[0] for _, folders, files in os.walk(os.path.join(out, "tools"))
                 for name in folders + files}
        ours = {os.path.splitext(name)[0] for _, folders, files in os.walk(os.path.join(ROOT, "tools"))
                for name in folders + files}
        for path in cut.files_below(os.path.join(out, "tools"), ".py"):
            used = set(re.findall(r"^(?:from|import) (\w+)", cut.read(path), re.MULTILINE))
            self.assertEqual(used & ours - there, set(), path)

    def test_a_tree_knows_the_commands_that_it_has(self):
        out = os.path.join(self.folder, "3")
        handout.make(out, "3")
        self.assertNotRegex(self.said_by_lab(out, "help"), r"\n  (bench|grade|handout|flowers)|presets:.*bench")
        for command in (["bench"], ["grade", "x"], ["handout", "--out", "x"], ["build", "bench"]):
            self.assertRegex(self.said_by_lab(out, *command), r"^lab: .*(no such command|unknown preset).*\n$")

    @staticmethod
    def said_by_lab(root, *command):
        return subprocess.run([os.path.join(root, "lab"), *command], text=True, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, check=False).stdout

    def test_no_mark_of_a_handout_stands_in_the_sources(self):
        for folder in ("src", "include", "exercises"):
            for path in cut.files_below(os.path.join(ROOT, folder), ".cpp", ".hpp"):
                self.assertNotRegex(cut.read(path), r"TODO|NotImplemented|SOLUTION", path)

    def test_every_function_has_points_and_tests(self):
        rubric = json.loads(cut.read(os.path.join(ROOT, "tools/grade/rubric.json")))["functions"]
        cases_of = "".join(cut.read(path) for path in cut.files_below(os.path.join(ROOT, "tools/grade/hidden"), ".cpp"))
        titles = set(re.findall(r'TEST_CASE\(\s*"([^"]*)"', "".join(
            cut.read(path) for path in cut.files_below(os.path.join(ROOT, "tests"), "_test.cpp"))))
        for level in handout.LEVELS.values():
            for function, patterns in handout.functions_of(level).items():
                self.assertIn(function, rubric)
                self.assertTrue('"%s"' % function in cases_of, "no hidden test of " + function)
                for pattern in patterns:
                    self.assertTrue(any(cases.matches(pattern.split(": ", 1)[1], title) for title in titles), pattern)

    def test_a_tree_for_a_student_is_the_same_again_and_another_for_another(self):
        fonts = []
        for name, student in (("a", "anna"), ("b", "anna"), ("c", "ben")):
            out = os.path.join(self.folder, name)
            handout.make(out, "4", student_id=student)
            fonts.append(cut.read(os.path.join(out, "data/fonts/student.txt")) + cut.read(os.path.join(out, "student.cfg")))
            self.assertEqual(fonts[-1].count("0x"), 26)
        self.assertEqual(fonts[0], fonts[1])
        self.assertNotEqual(fonts[0], fonts[2])


class Bugs(unittest.TestCase):
    def test_there_are_twenty_and_each_fits_the_sources(self):
        self.assertGreaterEqual(len(bugs.ALL), 20)
        for bug in bugs.ALL:
            path = os.path.join(ROOT, cut.where_is(ROOT, bug["function"]))
            text = cut.read(path)
            spoiled = bugs.spoil(text, bug)
            self.assertNotEqual(spoiled, text)
            self.assertEqual(spoiled.count("\n"), text.count("\n"))

    def test_twenty_students_have_twenty_sets_and_the_same_ones_again(self):
        sets = [frozenset(bug["function"] for bug in bugs.draw(3, student)) for student in STUDENTS]
        self.assertEqual(len(set(sets)), len(STUDENTS))
        self.assertTrue(all(len(one) == 3 for one in sets))
        self.assertEqual(sets, [frozenset(bug["function"] for bug in bugs.draw(3, student)) for student in STUDENTS])

    def test_an_answer_names_functions_line_by_line(self):
        text = "# Adam::step: no\n- `Dense::backward`: db\n2) reference::sum_rows : it\nnothing here\nDense::backward: again\n"
        self.assertEqual(bugs.accused(text), ["Dense::backward", "reference::sum_rows"])

    def test_a_full_a_half_and_a_false_answer_have_the_points_they_deserve(self):
        planted = bugs.draw(2, "anna")
        names = [bug["function"] for bug in planted]
        rubric = {"found": 2, "mended": 3, "wrong": 1}

        def points(answer, wrong_still, broken=()):
            hidden = {bug["function"]: ["dW is wrong"] if bug["function"] in [*wrong_still, *broken] else ["", ""]
                      for bug in bugs.ALL}
            result = cases.hunt({"hidden": hidden}, planted, answer)
            return report.total(report.points_of_hunt(result, planted, rubric))
        other = next(bug["function"] for bug in bugs.ALL if bug["function"] not in names)
        self.assertEqual(points("%s: x\n%s: y\n" % tuple(names), []), (10, 10))
        self.assertEqual(points("%s: x\n" % names[0], [names[1]]), (5, 10))
        self.assertEqual(points("%s: x\n%s: y\n" % (names[0], other), [names[1]]), (4, 10))
        self.assertEqual(points("%s: x\n" % other, names), (0, 10))
        self.assertEqual(points("", [], [other]), (5, 10))


    def test_a_function_that_fails_for_the_mistake_of_another_is_not_blamed(self):
        bug = next(bug for bug in bugs.ALL if bug["function"] == "reference::tanh_backward")
        path = cut.where_is(ROOT, "Network::backward")
        given = {name: cut.read(os.path.join(ROOT, name)) for name in (path, cut.where_is(ROOT, bug["function"]))}
        ran = []

        class Grading:  # of which a function that was changed is asked for
            def __init__(self):
                self.workshop = workshop.Workshop("none", "4", hunt=True)
                self.workshop.given = given

            def run(self, files, cases_of, functions):
                ran.append((list(files), cases_of, functions))
                return {"error": "", "hidden": {functions[0]: [""]}}
        files = {name: bugs.spoil(text, bug) if name != path else text for name, text in given.items()}

        def alone(function):
            return cases.right_alone(Grading(), function, files, [bug])
        self.assertTrue(alone("Network::backward"))
        self.assertFalse(alone("reference::tanh_backward"))
        self.assertEqual(ran, [])
        files[path] = files[path].replace("const Activation& f =", "const Activation& of =")
        self.assertTrue(alone("Network::backward"))
        self.assertEqual(ran, [([path], {}, ["Network::backward"])])
        found = {"hidden": {"Network::backward": ["dZ is wrong"], "reference::tanh_backward": ["dz is wrong"]}}
        self.assertEqual(cases.hunt(found, [bug], "", alone)["broken"], [])


class Submissions(unittest.TestCase):
    WANTED = ["src/nn/loss.cpp", "src/core/reference.cpp"]

    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder)

    def zipped(self, *members):
        path = os.path.join(self.folder, "anna.zip")
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, text in members:
                archive.writestr(name, text)
        return path

    def test_a_submission_is_named_after_its_folder_or_archive(self):
        for path in ("x/anna", "x/anna/", "anna.zip", "y/anna.tar.gz", "anna.tgz"):
            self.assertEqual(submission.name_of(path), "anna")

    def test_only_wanted_files_are_taken_from_the_least_deep_tree(self):
        path = self.zipped(("work/old/src/nn/loss.cpp", "old"), ("work/src/nn/loss.cpp", "new"), ("work/src/main.cpp", "x"))
        self.assertEqual(submission.read(path, self.WANTED), {"src/nn/loss.cpp": "new"})

    def test_names_that_lead_out_are_ignored(self):
        path = self.zipped(("../src/nn/loss.cpp", "x"), ("/src/nn/loss.cpp", "x"), ("a/../../src/nn/loss.cpp", "x"),
                           ("C:\\src\\nn\\loss.cpp", "x"))
        self.assertEqual(submission.read(path, self.WANTED), {})

    def test_bombs_and_damaged_archives_are_refused(self):
        with self.assertRaisesRegex(submission.Refused, "larger than 256 KB"):
            submission.read(self.zipped(("src/nn/loss.cpp", "0" * 10_000_000)), self.WANTED)
        with self.assertRaisesRegex(submission.Refused, "more than 20000 files"):
            submission.read(self.zipped(*((str(i), "") for i in range(20001))), self.WANTED)
        for text in (b"", b"PK\3\4", b"\x1f\x8b\x08", b"no archive"):
            path = os.path.join(self.folder, "damaged")
            with open(path, "wb") as file:
                file.write(text)
            with self.assertRaises(submission.Refused):
                submission.read(path, self.WANTED)
        with self.assertRaisesRegex(submission.Refused, "not there"):
            submission.read(os.path.join(self.folder, "nobody"), self.WANTED)

    def test_links_and_pipes_are_ignored(self):
        root = os.path.join(self.folder, "anna")
        os.makedirs(os.path.join(root, "src/nn"))
        os.symlink("/etc/passwd", os.path.join(root, "src/nn/loss.cpp"))
        os.symlink("/etc", os.path.join(root, "src/core"))
        self.assertEqual(submission.read(root, self.WANTED), {})
        os.remove(os.path.join(root, "src/nn/loss.cpp"))
        os.mkfifo(os.path.join(root, "src/nn/loss.cpp"))
        self.assertEqual(submission.read(root, self.WANTED), {})
        path = os.path.join(self.folder, "ben.tar.gz")
        with tarfile.open(path, "w:gz") as archive:
            link = tarfile.TarInfo("src/nn/loss.cpp")
            link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
            archive.addfile(link)
            info = tarfile.TarInfo("x/src/core/reference.cpp")
            info.size = 4
            archive.addfile(info, io.BytesIO(b"text"))
        self.assertEqual(submission.read(path, self.WANTED), {"src/core/reference.cpp": "text"})


class Sandboxes(unittest.TestCase):
    def setUp(self):
        become_reaper()
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder)
        os.chmod(self.folder, 0o755)
        self.own = os.path.join(self.folder, "own")
        self.sandbox = Sandbox(self.folder)
        os.mkdir(self.own)
        self.sandbox.own(self.own)

    def run_in_it(self, script, **options):
        return self.sandbox.run(["/bin/sh", "-c", script], self.own, **options)

    def test_its_status_and_the_signal_that_ended_it_come_through(self):
        self.assertEqual(self.run_in_it("echo said; exit 3"), Result(3, False, "said\n"))
        self.assertEqual(self.run_in_it("kill -SEGV $$").status, -11)

    def test_what_it_leaves_running_is_ended(self):
        self.run_in_it("sleep 1000 & sleep 1000 &")
        self.assertEqual(children(), [])

    def test_a_link_in_place_of_a_result_is_not_followed(self):
        self.run_in_it("ln -s /etc/passwd report; mkfifo pipe; echo text > file")
        self.assertEqual([read_file(os.path.join(self.own, name)) for name in ("report", "pipe", "file", "none")],
                         ["", "", "text\n", ""])

    def test_with_bubblewrap_it_sees_and_changes_nothing_else(self):
        if self.sandbox.kind != "bubblewrap":
            self.skipTest(self.sandbox.problem)
        secret = os.path.join(self.folder, "secret")
        with open(secret, "w", encoding="utf-8") as file:
            file.write("secret")
        self.assertNotIn("secret", self.run_in_it("cat " + secret).output.replace(secret, ""))
        self.assertEqual(self.run_in_it("cat " + secret, readable=[secret]).output, "secret")
        self.run_in_it("echo changed > %s; touch /new /usr/new /dev/new; touch %s/new" % (secret, self.folder))
        self.assertEqual(os.listdir(self.folder).count("new"), 0)
        self.assertEqual(read_file(secret), "secret")
        self.assertEqual(self.run_in_it("test -e /etc/passwd || test -e /home || test -e /proc/1").status, 1)
        forks = "i=0; while [ $i -lt 50 ]; do sleep 9 & i=$((i + 1)); done; echo all"
        self.assertNotIn("all", self.run_in_it(forks).output)


    def test_a_compiler_that_the_sandbox_does_not_see_ends_the_grading_and_nobody_loses_points(self):
        shop = workshop.Workshop("none", "2")
        for compiler, runs in (("/usr/bin/true", True), (os.path.join(self.folder, "c++"), False)):
            shop.commands = {"src/nn/layers/dense.cpp": compiler + " -c dense.cpp -o dense.o"}
            if runs:
                shop.need_compiler(self.sandbox)
            else:
                with self.assertRaisesRegex(SystemExit, "does not run where submissions do"):
                    shop.need_compiler(self.sandbox)

    def test_with_limits_alone_each_submission_has_a_user_and_processes_of_its_own(self):
        if os.geteuid() != 0:
            self.skipTest("only root can give it another user")
        self.sandbox.kind, self.sandbox.user = "limits", 65534
        users = set()
        for number in range(3):
            self.sandbox.take_user(number)
            self.sandbox.own(self.own)
            users.add(self.run_in_it("id -u").output)
        self.assertEqual(len(users - {"0\n", ""}), 3)
        self.assertNotIn("all", self.run_in_it("i=0; while [ $i -lt 50 ]; do sleep 9 & i=$((i + 1)); done; echo all").output)
        self.assertIn("Permission denied", self.run_in_it("echo changed > %s/new" % self.folder).output)


class Feedback(unittest.TestCase):
    def test_hidden_tests_show_no_value_and_no_words_of_an_exception(self):
        found = {"public": {"f": ["", "dW[0,1] is 3, and should be 4"]},
                 "hidden": {"f": ["dW is wrong; dW fits x", "exception: expected 3.25 here", "", "exception: g is not written yet",
                                  "exception: x_3_25 is not written yet"], "g": []}}
        lines = report.feedback_of("f", found)
        self.assertEqual(lines[1], "further tests: 1 of 5 pass; dW is wrong; dW fits x; throws an exception; waits for g")
        self.assertEqual(report.points_of(found, {"f": {"public": 2, "hidden": 5}}), {"f": (2.0, 7)})

    def test_what_ended_a_program_says_nothing_that_it_chose(self):
        for many in (range(1, 256), [-number for number in range(1, 65)]):
            self.assertLessEqual(len({cases.how_it_ended(Result(status, False, "3.25")) for status in many}), 3)

    def test_the_linker_names_no_hidden_test(self):
        text = ("/usr/bin/ld: objects/hidden_network_cases.o: in function `hourglass::grading::add_dense(unsigned long)':\n"
                "network_cases.cpp:(.text+0x1): undefined reference to `hourglass::Dense::backward(hourglass::Matrix)'\n"
                "ld: src.o: multiple definition of `hourglass::grading::all_cases()'; hidden_cases.o: first defined here\n")
        self.assertEqual(workshop.said_by_linker(text), "undefined reference to `hourglass::Dense::backward(hourglass::Matrix)'")
        self.assertEqual(workshop.said_by_linker("hidden_probe.o: bad"), "it failed")

    def test_results_json_has_what_gradescope_documents_and_no_more(self):
        student = {"points": {"f": (2.5, 5), "g": (5, 5)}, "feedback": {"f": ["wrong", "more"], "g": []}, "error": "",
                   "seconds": 1.6}
        results = report.gradescope(student)
        self.assertEqual(results, {**results, "score": 7.5, "execution_time": 2, "output": ""})
        self.assertLessEqual(set(results), {"score", "execution_time", "output", "output_format", "test_output_format",
                                            "test_name_format", "visibility", "stdout_visibility", "extra_data", "tests",
                                            "leaderboard"})
        for test, expected in zip(results["tests"], ((2.5, "failed", "wrong\nmore"), (5, "passed", ""))):
            self.assertLessEqual(set(test), {"score", "max_score", "status", "name", "name_format", "number", "output",
                                             "output_format", "tags", "visibility", "extra_data"})
            self.assertEqual((test["score"], test["status"], test["output"]), expected)
            self.assertEqual(test["max_score"], 5)
        seen = [results["visibility"], results["stdout_visibility"], *(test["visibility"] for test in results["tests"])]
        self.assertLessEqual(set(seen), {"hidden", "after_due_date", "after_published", "visible"})

    def test_a_verdict_takes_the_sentence_of_the_gradient_check(self):
        self.assertEqual(check.verdict("f", {"a": [], "b": []}), "passes")
        self.assertEqual(check.verdict("f", {"a": ["f is not written yet"]}), "not written yet")
        self.assertEqual(check.verdict("f", {"a": ["g::h is not written yet"]}), "waits for g::h")
        self.assertEqual(check.verdict("f", {"a": [], "b": ["g is not written yet"]}), "right so far; waits for g")
        self.assertEqual(check.verdict("f", {"a": ["g is not written yet", "W is 1"]}), "wrong: W is 1")
        self.assertIn("wrong sign", check.verdict("f", {"a": ["W is 1"], "b": ["W[0]: backward says 1, central differences "
                                                                           "say -1; all of it has the wrong sign"]}))

    def test_what_breaks_off_did_not_pass(self):
        xml = '<TestCase name="one"><OverallResultsAsserts test_case_success="true"/></TestCase><TestCase name="two">'
        self.assertEqual(check.failures(xml), {"one": [], "two": ["the test broke off here"]})

    def test_similarity_looks_at_what_was_written_alone(self):
        given = {"a.cpp": "void f() {\n    throw 1;\n}\n\nvoid g() {\n    throw 2;\n}\n"}
        files = {"a.cpp": given["a.cpp"].replace("throw 1", "x = 1")}
        self.assertEqual(similarity.written(files, ["f", "g"], given), "{\n    x = 1;\n}")

    def test_similarity_sees_a_copy_with_other_names(self):
        texts = {"anna": "{ for (i = 0; i < n; ++i) { sum += x[i] * w[i]; } return sum; }",
                 "ben": "{ for (k = 0; k < m; ++k) { total += a[k] * b[k]; } return total; }",
                 "eva": "{ return std::inner_product(x.begin(), x.end(), w.begin(), 0.0); }"}
        self.assertLess(similarity.alike(texts, True)["anna", "ben"], 0.5)
        self.assertEqual(similarity.alike(texts, False)["anna", "ben"], 1)
        self.assertLess(similarity.alike(texts, False)["anna", "eva"], 0.5)


def fill_in(out, bodies):
    for path in {path for path, _ in bodies.values()}:
        shutil.copy(os.path.join(ROOT, path), os.path.join(out, path))


def wrong_tests(level, build, rooms, bodies, solved):
    """How many tests fail that should not: a solved tree's pass, another's pass or wait for functions of the level."""
    state = "solved" if solved else "as it is"
    wrong = waiting = 0
    for room in rooms:
        for name, said in check.run(os.path.join(build, "tests/test_" + room), ["*"], 300).items():
            missing = {match.group(1) for match in map(check.NOT_WRITTEN.search, said) if match}
            waiting += bool(missing)
            if said and (solved or not missing or not missing <= set(bodies)):
                wrong += 1
                print("level %s, %s: %s: %s" % (level, state, name, said[0]))
    print("level %s, %s: %d tests wait for a function of it" % (level, state, waiting), flush=True)
    return wrong


def wrong_verdicts(out, build, bodies, expected):
    """Does ./lab check say this, a pattern, of each function?"""
    said = subprocess.run([sys.executable, os.path.join(out, "tools/check.py"), build], text=True, capture_output=True,
                          check=False).stdout
    if len(re.findall(expected, said, re.MULTILINE)) == len(bodies):
        return 0
    print(said)
    return 1


def out_of_order(out, build, compile_all, bodies):
    """Does each function pass as soon as it and those before it in the README are written, or at least a test of it?"""
    with open(os.path.join(out, "handout.json"), encoding="utf-8") as file:
        functions = json.load(file)["functions"]
    wrong = 0
    for function, (path, _) in bodies.items():
        solution, place = cut.read(os.path.join(ROOT, path)), os.path.join(out, path)
        text = cut.read(place)
        (solved,), (stub,) = cpp.find(solution, function), cpp.find(text, function)
        cut.write(place, text[:stub.body] + solution[solved.body:solved.end] + text[stub.end:])
        subprocess.run(compile_all, check=True, stdout=subprocess.DEVNULL)
        said = check.verdict(function, check.run_all(build, functions[function]["tests"]))
        if said != "passes" and not said.startswith("right so far"):
            wrong += 1
            print("%s, written with those before it: %s" % (function, said), flush=True)
    return wrong


def wrong_points(level, out, folder):
    """Does the solved tree get all points?"""
    grades = os.path.join(folder, "grades")
    subprocess.run([os.path.join(ROOT, "lab"), "grade", "--level", level, "--out", grades, out], check=True,
                   stdout=subprocess.DEVNULL)
    with open(os.path.join(grades, "grades.csv"), newline="", encoding="utf-8") as file:
        row, = csv.DictReader(file)
    print("level %s: %s of %s points" % (level, row["points"], row["of"]), flush=True)
    return row["points"] != row["of"] or row["notes"] != ""


def build_and_test(level, folder):
    """Does every test of the tree pass, or wait for a function of the level; and all pass with the solution?"""
    out = os.path.join(folder, "tree")  # the same for all levels, so that ccache knows what it compiled before
    shutil.rmtree(out, ignore_errors=True)
    bodies = handout.make(out, level)
    build = os.path.join(out, "build", "check")
    rooms = ["core", "nn"] + (["handout"] if "letters::train" in bodies else [])
    targets = ["test_" + room for room in rooms] + (["letters", "denoising"] if "letters::train" in bodies else [])
    subprocess.run(["cmake", "--preset", "check", "-DHOURGLASS_WARNINGS_AS_ERRORS=ON"], cwd=out, check=True,
                   stdout=subprocess.DEVNULL)
    compile_all = ["cmake", "--build", build, "--target", *targets]
    subprocess.run(compile_all, check=True, stdout=subprocess.DEVNULL)
    wrong = wrong_tests(level, build, rooms, bodies, False) + wrong_verdicts(out, build, bodies, "not written yet$|waits for")
    wrong += out_of_order(out, build, compile_all, bodies)
    fill_in(out, bodies)
    subprocess.run(compile_all, check=True, stdout=subprocess.DEVNULL)
    wrong += wrong_tests(level, build, rooms, bodies, True) + wrong_verdicts(out, build, bodies, "passes$")
    return wrong + wrong_points(level, out, folder)


if __name__ == "__main__":
    if "--build" in sys.argv:
        with tempfile.TemporaryDirectory() as trees:
            sys.exit(1 if sum(build_and_test(level, trees) for level in sys.argv[sys.argv.index("--build") + 1:]) else 0)
    unittest.main()
