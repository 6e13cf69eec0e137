#!/usr/bin/env python3
"""./lab handout: makes a tree for students, from this one. docs/teaching.md says how it is used."""

import argparse
import json
import os
import re
import shutil
import string
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, HERE)
import bugs  # noqa: E402
import cut  # noqa: E402
import plain  # noqa: E402
import student  # noqa: E402

LEVELS = json.loads(cut.read(os.path.join(HERE, "levels.json")))
LEFT_OUT = LEVELS.pop("left out")
FOLDERS = ["include", "src", "cmake", "data/fonts", "exercises/common", "tests/core", "tests/nn", "tests/reference",
           "tools/gdb", "tools/lldb", "tools/hourglass_debugger"]
FILES = ["CMakeLists.txt", "CMakePresets.json", "LICENSE", "lab", ".clang-format", ".gitignore", "data/README.md",
         "exercises/CMakeLists.txt", "exercises/step_by_step.cpp", "exercises/trace_diff.cpp", "tests/main.cpp",
         "tests/testing.hpp", "tests/windows.hpp", "tools/skipped_functions.py"]
PLAIN = ["matmul", "elementwise", "rows", "updates", "convolution"]
DATA = {"variational": ["emoji"]}


def with_included(level, part):
    """A part of a level, "functions" or "hints", with that of the levels that it includes."""
    result = {}
    for included in level.get("includes", []):
        result.update(with_included(LEVELS[included], part))
    return {**result, **level.get(part, {})}


def functions_of(level):
    """{name: patterns of its tests} of a level and of those that it includes."""
    return with_included(level, "functions")


def copy(out, path):
    source, target = os.path.join(ROOT, path), os.path.join(out, path)
    os.makedirs(os.path.dirname(target), exist_ok=True)
    if os.path.isdir(source):
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__", "*.py[co]"))
    else:
        shutil.copy2(source, target)


def copy_tree(out, level):
    """What every student has, and the documents and exercises of the level; of the fast kernels only the table."""
    exercises = level["exercises"]
    for path in FOLDERS + FILES + ["docs/" + name for name in level["docs"]]:
        copy(out, path)
    for name in exercises:
        copy(out, "exercises/%s.cpp" % name)
        copy(out, "exercises/" + name)
        for data in DATA.get(name, []):
            copy(out, "data/" + data)
    for path in list(cut.files_below(os.path.join(out, "src/core/simd"))):
        if not path.endswith("/kernels.hpp"):
            os.remove(path)
    for path in list(cut.files_below(os.path.join(out, "tests/reference"), ".py")):
        os.remove(path)
    for path in LEFT_OUT["files"]:
        if os.path.exists(os.path.join(out, path)):
            os.remove(os.path.join(out, path))
    for name in PLAIN:
        path = os.path.join(out, "src/core/%s.cpp" % name)
        cut.write(path, plain.without_kernels(cut.read(path)))


def cut_optimizers(out, level):
    """Takes the equations of the optimizers from the doctor, who knows them by heart, where they are to be written."""
    if "Adam::step" in functions_of(level):
        shutil.copyfile(os.path.join(HERE, "optimizer_check.cpp"), os.path.join(out, "src/nn/optimizer_check.cpp"))


def adapt_build(out, level):
    """Makes the build files know what there is, and no more."""
    def is_there(name):
        return os.path.exists(os.path.join(out, "exercises/%s.cpp" % name))
    for name, target in (("kernels.cmake", "cmake/HourglassKernels.cmake"), ("tests.cmake", "tests/CMakeLists.txt"),
                         ("not_implemented.hpp", "include/hourglass/core/not_implemented.hpp"),
                         ("check.py", "tools/check.py")):
        shutil.copyfile(os.path.join(HERE, name), os.path.join(out, target))
    loops = "letters::train" in functions_of(level)
    if loops:
        os.makedirs(os.path.join(out, "tests/handout"))
        shutil.copyfile(os.path.join(HERE, "train_test.cpp"), os.path.join(out, "tests/handout/train_test.cpp"))
    path = os.path.join(out, "exercises/CMakeLists.txt")
    text = cut.read(path).split("\n# The pictures of README.md")[0]
    cut.write(path, re.sub(r"^hourglass_exercise\((\w+)\)[^\n]*\n",
                           lambda match: match.group(0) if is_there(match.group(1)) else "", text,
                           flags=re.MULTILINE))
    path = os.path.join(out, "lab")
    known = re.search(r"^exercises=\(\n(.*?)^\)\n", cut.read(path), re.MULTILINE | re.DOTALL)
    lines = [line for line in known.group(1).splitlines(True) if is_there(line.split()[0].strip('"'))]
    text = cut.read(path).replace(known.group(1), "".join(lines))
    for pattern, there in ((r'^rooms="[^"]*"', 'rooms="core nn"'), (r'^presets="([^"]*) bench"', r'presets="\1"'),
                           (r"^  (?:bench|handout|grade) .*\n(?: {20,}.*\n)*", "")):  # the help on what is not there
        text = re.sub(pattern, there, text, flags=re.MULTILINE)
    cut.write(path, text)
    os.chmod(path, 0o755)
    path = os.path.join(out, "CMakePresets.json")
    presets = json.loads(cut.read(path))
    presets["configurePresets"].append({
        "name": "check", "displayName": "Check: double, plain loops, slightly optimized", "inherits": "debug",
        "cacheVariables": {"CMAKE_CXX_FLAGS_DEBUG": "-O1 -D_GLIBCXX_ASSERTIONS",
                           "HOURGLASS_EXERCISES": "ON" if loops else "OFF"}})
    cut.write(path, json.dumps(presets, indent=2) + "\n")


def mistakes(count):
    return "%d mistake%s" % (count, "s" if count > 1 else "")


def write_readme(out, name, level, bodies, bug_count, variant):
    rows = "".join("| `%s` | `%s` |\n" % (function, path) for function, (path, _) in bodies.items())
    page = "readme_hunt.md" if bug_count else "readme.md"
    cut.write(os.path.join(out, "README.md"), string.Template(cut.read(os.path.join(HERE, page))).substitute(
        level=name, title=level["title"], asks=level["asks"], functions=rows, mistakes=mistakes(bug_count),
        documents=", ".join("[%s](docs/%s)" % (doc[:-3], doc) for doc in level["docs"]),
        run=level.get("run", "./lab letters"), variant=variant))


def write_contents(out, name, level, bodies):
    """handout.json: what ./lab check and ./lab grade need to know."""
    functions = {function: {"file": path, "tests": functions_of(level)[function]}
                 for function, (path, _) in bodies.items()}
    cut.write(os.path.join(out, "handout.json"), json.dumps({"level": name, "functions": functions}, indent=2) + "\n")


def make(out, name, bug_count=0, student_id=""):
    """Makes the tree. @returns  {function: (file, body)}, what was cut out"""
    level = LEVELS[name]
    copy_tree(out, level)
    adapt_build(out, level)
    variant = student.vary(out, student_id) if student_id else ""
    if bug_count:
        shutil.rmtree(os.path.join(out, "tests"))
        bugs.plant(out, bugs.draw(bug_count, student_id, functions_of(level) if name != "4" else None))
        bodies = {}
        bugs.adapt(out)
    else:
        cut_optimizers(out, level)
        bodies = cut.cut_functions(out, functions_of(level), with_included(level, "hints"))
        cut.cut_test_cases(out, LEFT_OUT["cases"])
    cut.cut_documents(out, bodies)
    write_readme(out, name, level, bodies, bug_count, variant)
    write_contents(out, name, level, bodies)
    found = cut.leaks(out, bodies)
    if found:
        raise SystemExit("handout: a solution is in the tree:\n  " + "\n  ".join(found))
    return bodies


def main():
    parser = argparse.ArgumentParser(prog="./lab handout", description="Makes a tree for students.")
    parser.add_argument("--out", required=True, metavar="DIR", help="the folder to make")
    parser.add_argument("--level", choices=list(LEVELS), default="4", help="what is asked (default: 4)")
    parser.add_argument("--bugs", type=int, default=0, metavar="N", help="instead of TODOs, N mistakes to be found")
    parser.add_argument("--student", default="", metavar="ID", help="draw mistakes, letters and noise for this student")
    options = parser.parse_args()
    if options.bugs and not options.student:
        parser.error("--bugs needs --student ID, for whom they are drawn")
    if os.path.exists(options.out) and (not os.path.isdir(options.out) or os.listdir(options.out)):
        parser.error("%s exists and is not empty" % options.out)
    bodies = make(options.out, options.level, options.bugs, options.student)
    print("%s: level %s, %s" % (options.out, options.level,
                                mistakes(options.bugs) + " to find" if options.bugs else
                                "%d functions to write" % len(bodies)))


if __name__ == "__main__":
    main()
