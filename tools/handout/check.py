#!/usr/bin/env python3
"""check.py BUILD: what the tests in BUILD say of each function that handout.json lists. ./lab check calls it.

Exit status: 0 all pass, 1 not all do.
"""

import html
import json
import os
import re
import resource
import signal
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SECONDS = 20  # of processor time that the tests of one function may take
ASSERTION = re.compile(r"Assertion [`'](.*?)' failed")
NOT_WRITTEN = re.compile(r"((?:\w+::)*\w+) is not written yet")


def text_of(xml, tag):
    found = re.search(r"<%s\b[^>]*>(.*?)</%s>" % (tag, tag), xml, re.DOTALL)
    return " ".join(html.unescape(found.group(1)).split()) if found else ""


def said_of(expression):
    """What a failed check of doctest says, in one line: its message, or what was compared."""
    message = text_of(expression, "Exception")
    infos = [" ".join(html.unescape(info).split()) for info in re.findall(r"<Info>(.*?)</Info>", expression, re.DOTALL)]
    messages = [message] if message else [info for info in infos if " := " not in info]  # those are captured values
    if messages:
        return messages[0]
    expanded = text_of(expression, "Expanded")
    if expanded.endswith("=="):  # first_difference(...) == ""
        return expanded.rpartition("==")[0].strip(' "')
    return text_of(expression, "Original") + (", where " + expanded if expanded and "{?}" not in expanded else "")


def failures(xml):
    """{name of a test case: what it says}, empty for those that passed; of doctest's XML, which may break off."""
    result = {}
    for case in xml.split("<TestCase ")[1:]:
        if 'skipped="true"/>' in case:
            continue
        name = html.unescape(re.search(r'name="([^"]*)"', case).group(1))
        passed = 'test_case_success="true"' in case
        parts = re.findall(r'<Expression success="false".*?</Expression>|<Exception\b.*?</Exception>|'
                           r'<Message type="(?:ERROR|FATAL ERROR)".*?</Message>', case, re.DOTALL)
        said = [said_of(part) if part.startswith("<Expression") else
                text_of(part, "Exception") or text_of(part, "Text") for part in parts]
        result[name] = [] if passed else said or ["the test broke off here"]
    return result


def run(program, patterns, seconds=SECONDS):
    """failures() of the tests that match one of the patterns."""
    with tempfile.TemporaryDirectory() as folder:
        report = os.path.join(folder, "report.xml")
        errors = open(os.path.join(folder, "errors"), "w+", encoding="utf-8", errors="replace")
        command = [program, "--test-case=" + ",".join(pattern.replace(",", "?") for pattern in patterns),
                   "--reporters=xml", "--out=" + report]
        try:
            done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=errors,
                                  timeout=10 * seconds, check=False, cwd=ROOT,
                                  preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds)))
            late = done.returncode in (-signal.SIGXCPU, -signal.SIGKILL)
        except subprocess.TimeoutExpired:  # it waits for something
            late = True
        try:
            with open(report, encoding="utf-8", errors="replace") as file:
                found = failures(file.read())
        except FileNotFoundError:
            found = {}
        errors.seek(0)
        broken = ASSERTION.search(errors.read())
        errors.close()
    if broken:
        because = "stops where this does not hold: %s%s" % (
            broken.group(1), "; an index is outside" if " < " in broken.group(1) else "")
        found = {name: [because if line.startswith("SIGABRT") else line for line in said] for name, said in found.items()}
    if late:
        found = {"time": ["takes more than %d s: an endless loop?" % seconds], **found}
    return found or {"none": ["no test ran"]}


def run_all(build, tests):
    """failures() of patterns with their rooms, "core: sigmoid*"."""
    found = {}
    for room in sorted({pattern.split(":")[0] for pattern in tests}):
        patterns = [pattern.split(": ", 1)[1] for pattern in tests if pattern.startswith(room + ":")]
        found.update(run(os.path.join(build, "tests", "test_" + room), patterns))
    return found


def verdict(function, found):
    """One line on a function. @param found  {test: what it says}"""
    said = [line for lines in found.values() for line in lines]
    missing = [match.group(1) for match in map(NOT_WRITTEN.search, said) if match]
    if not said:
        return "passes"
    if function in missing:
        return "not written yet"
    wrong = [line for line in said if not NOT_WRITTEN.search(line)]
    if not wrong:
        return ("waits for " if all(found.values()) else "right so far; waits for ") + missing[0]
    named = [line for line in wrong if "central differences say" in line]
    lines = wrong[:1] + [line for line in named[:1] if line != wrong[0]]
    return "wrong: " + "\n  ".join(lines)


def is_stub(function, path):
    """Does its source still throw NotImplemented for it? Its tests may say first that it waits for another."""
    with open(os.path.join(ROOT, path), encoding="utf-8", errors="replace") as file:
        return 'throw NotImplemented("%s"' % function in file.read()


def main(build):
    with open(os.path.join(ROOT, "handout.json"), encoding="utf-8") as file:
        functions = json.load(file)["functions"]
    width = max(map(len, functions))
    passed = 0
    for function, about in functions.items():
        found = run_all(build, about["tests"])
        line = "not written yet" if is_stub(function, about["file"]) else verdict(function, found)
        passed += line == "passes"
        print("%-*s  %s" % (width, function, line), flush=True)
    print("%d of %d pass" % (passed, len(functions)))
    return 0 if passed == len(functions) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
