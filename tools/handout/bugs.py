"""Mistakes for bug hunts: drawn for a student, planted into a tree, and recognized by the grader."""

import hashlib
import json
import os
import random
import re
import shutil

import cpp
import cut

HERE = os.path.dirname(os.path.abspath(__file__))
ALL = json.loads(cut.read(os.path.join(HERE, "bugs.json")))


def draw(count, student, functions=None):
    """`count` mistakes, no two in one function, the same ones for the same student.
    @param functions  those to choose from; none: any"""
    known = [bug for bug in ALL if functions is None or bug["function"] in functions]
    if not 0 < count <= len({bug["function"] for bug in known}):
        raise SystemExit("handout: expected 1 to %d bugs here, got %d"
                         % (len({bug["function"] for bug in known}), count))
    random_numbers = random.Random(hashlib.sha256(("bugs of " + student).encode()).digest())
    return random_numbers.sample(known, count)


def spoil(text, bug):
    """The text of a source with this mistake in it. The number of lines stays."""
    function, = cpp.find(text, bug["function"])
    body = text[function.body:function.end]
    if body.count(bug["from"]) != 1:
        raise SystemExit("handout: expected '%s' once in %s" % (bug["from"], bug["function"]))
    return text[:function.body] + body.replace(bug["from"], bug["to"]) + text[function.end:]


def plant(out, chosen):
    for bug in chosen:
        path = os.path.join(out, cut.where_is(out, bug["function"]))
        cut.write(path, spoil(cut.read(path), bug))


def adapt(out):
    """A tree to hunt in: without tests, which would name the place, and without quotes of the right lines; with a
    program to begin the search with."""
    path = os.path.join(out, "CMakeLists.txt")
    cut.write(path, re.sub(r"^if\(HOURGLASS_TESTS\)\n.*?^endif\(\)\n",
                           "add_executable(hunt hunt.cpp)\ntarget_link_libraries(hunt PRIVATE hourglass::nn)\n"
                           "hourglass_compile_options(hunt)\nhourglass_quick_accessors(hunt)\n",
                           cut.read(path), flags=re.MULTILINE | re.DOTALL))
    shutil.copyfile(os.path.join(HERE, "hunt.cpp"), os.path.join(out, "hunt.cpp"))
    cut.write(os.path.join(out, "bugs.txt"), cut.read(os.path.join(HERE, "bugs.txt")))
    for path in cut.files_below(os.path.join(out, "docs"), ".md"):
        cut.write(path, re.sub(r"^```cpp\n.*?^```\n", "", cut.read(path), flags=re.MULTILINE | re.DOTALL))


def accused(text):
    """The functions that a student's bugs.txt names, one a line: 'Dense::backward: what is wrong there'."""
    names = []
    for line in text.splitlines():
        match = re.match(r"\s*(?:[-*]|\d+[.)])?\s*`?((?:\w+::)*\w+)`?\s*(?:\(\))?\s*:(?!:)", line)
        if match and not line.lstrip().startswith("#"):
            names.append(match.group(1))
    return list(dict.fromkeys(names))
