"""How alike the functions are that students wrote: something to look at, no proof."""

import csv
import itertools
import os
import re

import cpp

LENGTH = 5  # words in a row that are compared


def words(text, names=True):
    """The words and signs of a text, comments too; without names, each name is the same."""
    found = re.findall(r"\w+|[^\w\s]", text if names else re.sub(r"//[^\n]*", "", text))
    return found if names else ["name" if re.match(r"[A-Za-z_]", word) else word for word in found]


def runs(found):
    return {tuple(found[i:i + LENGTH]) for i in range(len(found) - LENGTH + 1)}


def written(files, functions, given):
    """What a student wrote: the bodies of the functions that were asked for, but for those that are as they were given.
    @param files, given  {path: text}"""
    bodies = []
    for function in functions:
        for path, text in files.items():
            bodies += [text[found.body:found.end] for found in cpp.find(text, function)
                       if text[found.body:found.end] not in given[path]]
    return "\n".join(bodies)


def alike(texts, names):
    """{(a, b): share of their runs of words that both have}, without those that more than half of all have."""
    each = {student: runs(words(text, names)) for student, text in texts.items()}
    if len(each) > 3:
        count = {}
        for run in itertools.chain.from_iterable(each.values()):
            count[run] = count.get(run, 0) + 1
        each = {student: {run for run in mine if 2 * count[run] <= len(each)} for student, mine in each.items()}
    return {(a, b): len(each[a] & each[b]) / max(1, len(each[a] | each[b])) for a, b in itertools.combinations(each, 2)}


def write(path, texts):
    """Writes the table, the most alike first. @param texts  {student: what they wrote}   @returns  its rows"""
    as_written, without_names = alike(texts, True), alike(texts, False)
    rows = sorted(((a, b, as_written[a, b], without_names[a, b]) for a, b in as_written), key=lambda row: -row[2])
    os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["student", "other student", "as written", "whatever the names"])
        writer.writerows([a, b, "%.2f" % one, "%.2f" % two] for a, b, one, two in rows)
    return rows
