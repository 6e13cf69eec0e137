"""Cuts solutions out of a student's tree: function bodies, tests that write them out, and quotes of them in documents."""

import json
import os
import re

import cpp
import plain

HERE = os.path.dirname(os.path.abspath(__file__))
with open(os.path.join(HERE, "levels.json"), encoding="utf-8") as levels:
    TELLS_NOTHING = json.load(levels)["left out"]["tells nothing"]

CODE_OF_YOURS = "*(Here stands what you are asked to write.)*\n"
# Lines that half of all functions have: they tell nothing.
COMMON = re.compile(r"(Scalar|double)\w+=0$|\w+\.resize\(|std::ranges::fill\(\w+,Scalar\{0\}\)$|"
                    r"(const)?auto\w+=\w+\.(row\(i\)|flat\(\))$|return\w*$|require_\w+\(|"
                    r"Training\w\(options,|Workspace\w+\(|constMatrix&?\w+=options\.\w+(\.pixels\(\))?$")



def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def files_below(folder, *endings):
    for where, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            if name.endswith(endings or ("",)):
                yield os.path.join(where, name)


def where_is(root, name):
    """The one source file that defines a function, below src/ or exercises/, relative to `root`."""
    found = []
    for folder in ("src", "exercises"):
        for path in files_below(os.path.join(root, folder), ".cpp"):
            text = read(path)
            if "simd" not in path and name.rpartition("::")[2] + "(" in text and cpp.find(text, name):
                found.append(os.path.relpath(path, root))
    if len(found) != 1:
        raise SystemExit("handout: expected one definition of %s, found %s" % (name, ", ".join(found) or "none"))
    return found[0]


def task(function, declared, hint):
    """The comment that stands in place of a body: its equation and shapes, as the comments of the sources have them."""
    lines, known = [], set()
    for line in (function.comment + "\n" + declared + "\n" + hint).splitlines():
        bare = re.sub(r"[\s,.]+", "", line)
        if bare and bare not in known:
            lines.append(line)
        known.add(bare)
    first, *rest = lines or ["see the header"]
    return "".join("    // %s\n" % line.rstrip() for line in ["TODO  " + first.strip(), *("      " + line for line in rest)])


def guards(body):
    """The lines at the top of a body that refuse bad input: they stay."""
    kept = re.match(r"\{\n((?:    require_[^\n]*;\n)*)", body)
    return kept.group(1) if kept else ""


def cut_function(text, name, headers, hint):
    """The text without the body of a function; and that body."""
    found = cpp.find(text, name)
    if len(found) != 1:
        raise SystemExit("handout: expected one %s, found %d" % (name, len(found)))
    function = found[0]
    body = text[function.body:function.end]
    plain_name = ", ".join(['"%s"' % name, *function.parameters])
    declared = cpp.declared_comment(headers, name, of_the_class="=" not in function.comment and "::" in name)
    task_text = task(function, declared, hint)
    stub = "{\n%s%s    throw NotImplemented(%s);\n}" % (guards(body), task_text, plain_name)
    return text[:function.body] + stub + text[function.end:], body[len(guards(body)):]


def cut_functions(out, names, hints):
    """Cuts these functions in the tree `out`. @returns  {name: (file, body)}"""
    headers = [read(path) for path in files_below(os.path.join(out, "include"), ".hpp")]
    bodies = {}
    for name in names:
        path = where_is(out, name)
        text, body = cut_function(read(os.path.join(out, path)), name, headers, hints.get(name, ""))
        include = '#include "hourglass/core/not_implemented.hpp"\n'
        if include not in text:
            text = re.sub(r'((?:#include "[^"]*"\n)+)', lambda match: match.group(1) + include, text, count=1)
        write(os.path.join(out, path), text)
        bodies[name] = (path, body)
    for path in {path for path, _ in bodies.values()}:
        text = read(os.path.join(out, path))
        write(os.path.join(out, path), plain.marked_unused(text))
    return bodies


def cut_test_cases(out, names):
    """Leaves out test cases that write a solution out."""
    for path in files_below(os.path.join(out, "tests"), "_test.cpp"):
        text = read(path)
        for name in names:
            start = text.find('TEST_CASE("%s")' % name)
            if start >= 0:
                end = text.index("\n}\n", start) + 3
                text = text[:cpp.comment_above(text, start)[0]].rstrip("\n") + "\n" + text[end:]
        write(path, text)


def secrets(bodies):
    """The lines, without spaces, that must not stand in a student's tree."""
    return {line for _, body in bodies.values() for line in cpp.telling_lines(body)
            if not COMMON.match(line) and line not in TELLS_NOTHING}


def holds(text, lines):
    bare = re.sub(r"\s+", "", text)
    return next((line for line in lines if line in bare), None)


def without_dead_links(text, folder):
    """The text of a document, with the words alone of links to what is not in the tree."""
    def kept(match):
        target = match.group(2).split("#")[0]
        there = not target or "://" in target or os.path.exists(os.path.join(folder, target))
        return match.group(0) if there else match.group(1).lstrip("!").strip("[]")
    return re.sub(r"(!?\[[^\]]*\])\(([^)\s]+)\)", kept, text)


def cut_documents(out, bodies):
    """Takes out what documents and comments of scripts quote of a solution, and links to what is not in the tree."""
    lines = secrets(bodies)
    for path in files_below(out, ".md", ".py"):
        text = re.sub(r"^```[^\n]*\n.*?^```\n", lambda match: CODE_OF_YOURS if holds(match.group(0), lines)
                      else match.group(0), read(path), flags=re.MULTILINE | re.DOTALL)
        text = re.sub(r"`[^`\n]+`", lambda match: "`...`" if holds(match.group(0), lines) else match.group(0), text)
        write(path, without_dead_links(text, os.path.dirname(path)) if path.endswith(".md") else text)


def leaks(out, bodies):
    """What gives a solution away in the tree, as "file: line"; also any compiled program, which could hold one."""
    lines = secrets(bodies)
    found = []
    for path in files_below(out):
        with open(path, "rb") as file:
            data = file.read()
        name = os.path.relpath(path, out)
        if data[:4] == b"\x7fELF" or data[:8] == b"!<arch>\n":
            found.append("%s: a compiled program" % name)
        line = holds(data.decode("utf-8", "replace"), lines)
        if line:
            found.append("%s: %s" % (name, line))
    return found
