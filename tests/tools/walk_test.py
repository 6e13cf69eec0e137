#!/usr/bin/env python3
"""The walk to dW[0] in docs/debugging.md has the numbers of docs/backprop.md, section 11, number for number.

That gdb says what the walk shows is for debugging_session.py to test. Exit status: 0 it has, 1 it has not.
"""

import os
import re
import sys

DOCS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../docs")
# What the walk has to come past, by its name on the page and its place there.
WANTED = {"loss": (), "dZ2": (0, 0), "dW2": (0, 1), "dA1": (0, 1), "dZ1": (0, 1), "dW1": (0, 0)}


def read(name, heading):
    with open(os.path.join(DOCS, name), encoding="utf-8") as file:
        return file.read().partition(heading)[2].partition("\n## ")[0]


def main():
    page = read("backprop.md", "\n## 11. ").partition("### The same step")[0]
    walk = read("debugging.md", "\n## From the loss to dW[0]")
    on_page = {abs(float(number)) for number in re.findall(r"\d+\.\d{6}\b", page)}
    failed = 0
    shown = [float(number) for number in re.findall(r"-?\d+\.\d{8,}\b", walk)]
    for number in shown:
        if min(abs(abs(number) - one) for one in on_page) > 0.51e-6:
            print("FAILED: %s stands in the walk, not on the page" % number)
            failed += 1
    for name, index in WANTED.items():
        text = re.search(r"^%s = (.*)$" % name, page, re.MULTILINE).group(1)
        number = eval(text, {"__builtins__": {}})  # pylint: disable=eval-used  # a list of numbers
        for i in index:
            number = number[i]
        if min(abs(number - one) for one in shown) > 0.51e-6:
            print("FAILED: the walk does not come past %s%s = %s" % (name, list(index) or "", number))
            failed += 1
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
