#!/usr/bin/env python3
"""Random tables as Python's csv module and numpy write them, and what is in them, for tests/data/python_tables_test.cpp.

    tests/reference/tables.py > tests/reference/tables.json                  the set that is kept: 30 of each
    tests/reference/tables.py --count 400 --seed 2 > FILE                    more of them:
    HOURGLASS_TABLES=FILE build/release/tests/test_data -tc='*Python*'
"""

import argparse
import base64
import csv
import io
import json
import random

import numpy as np

MISSING = ["", "?", "NA", "N/A", "NaN", "nan", "null", "NULL", "None"]
DELIMITERS = [",", ";", "\t", "|"]


def number_text(rng):
    """A number, written in one of the ways in which people and programs do."""
    kind = rng.randrange(7)
    value = rng.choice([rng.gauss(0, 1), rng.uniform(-1000, 1000), rng.gauss(0, 1) * 10 ** rng.randint(-8, 8)])
    return [repr(value), "%.3f" % value, "%e" % value, str(int(value)), "+%.2f" % abs(value), "%.17g" % value,
            ("%.4f" % value).lstrip("0") if value > 0 else "%g" % value][kind] or "0"


def word(rng, special):
    return "x" + "".join(rng.choice("abc XYZ.-éß漢" + special) for _ in range(rng.randrange(6))) + "y"


def csv_file(rng):
    delimiter = rng.choice(DELIMITERS)
    told = rng.random() < 0.5  # otherwise what the delimiter is has to be found out
    special = '"\n' + ("".join(DELIMITERS) if told else delimiter)
    d, n = rng.randint(1, 6), rng.randint(2, 12)
    missing = rng.choice(["refuse", "mean", "drop"])
    names = []
    while len(names) < d + 1:
        name = word(rng, special)
        names += [name] if name not in names else []
    has_header, label = rng.random() < 0.6, rng.random() < 0.5
    rows = [[number_text(rng) for _ in range(d)] for _ in range(n)]
    if missing != "refuse":
        for _ in range(rng.randrange(4)):
            rows[rng.randrange(2, n + 1) - 1][rng.randrange(d)] = rng.choice(MISSING)  # not in the first: it may be no header
    classes = [word(rng, special) for _ in range(3)]
    labels = [rng.choice(classes) for _ in range(n)]
    place = rng.randint(0, d)  # of the labels
    table = [row[:place] + [c] + row[place:] for row, c in zip(rows, labels)] if label else rows
    names = names if label else names[:d]
    if d == 1 and not label:
        delimiter = "," if not told else delimiter  # there is none to be found
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator=rng.choice(["\n", "\r\n"]),
                        quoting=rng.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
    writer.writerows(([names] if has_header else []) + table)
    text = out.getvalue()
    text = text.rstrip("\r\n") if rng.random() < 0.3 and table[-1] != [""] else text
    text = "\ufeff" + text if rng.random() < 0.3 else text
    X = [[None if v in MISSING else float(v) for v in row] for row in rows]
    kept = [i for i in range(n) if missing != "drop" or None not in X[i]]
    columns = names if has_header else [str(j + 1) for j in range(len(names))]
    label_name = columns[place] if label else ""
    if len(kept) < 2:
        return csv_file(rng)
    return {"text": text, "delimiter": delimiter if told else "", "missing": missing, "label": label_name,
            "columns": [c for c in columns if not label or c != label_name], "X": [X[i] for i in kept],
            "numbers": [i + 1 for i in kept], "labels": [labels[i] for i in kept] if label else []}


def npy_file(rng):
    type_name = rng.choice(["|u1", "<i4", "<i8", "<f4", "<f8"])
    shape = tuple([rng.randint(2, 9)] + [rng.randint(1, 5) for _ in range(rng.randrange(4))])
    generator = np.random.default_rng(rng.randrange(2**32))
    values = generator.normal(0, 10.0 ** rng.randint(-3, 6), shape)
    array = (np.abs(values).astype(np.int64) % 256 if type_name == "|u1" else values).astype(type_name)
    array = np.asfortranarray(array) if rng.random() < 0.5 else array
    out = io.BytesIO()
    np.lib.format.write_array(out, array, version=rng.choice([(1, 0), (2, 0), (3, 0), None]))
    is_image = type_name == "|u1" and (len(shape) == 3 or (len(shape) == 4 and shape[3] in (1, 3)))
    X = array.reshape(shape[0], -1).astype(float) / (255 if is_image else 1)
    return {"base64": base64.b64encode(out.getvalue()).decode(), "X": X.tolist(), "is_image": is_image}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    rng = random.Random(options.seed)
    tables = {"csv": [csv_file(rng) for _ in range(options.count)], "npy": [npy_file(rng) for _ in range(options.count)]}
    print("{" + ",\n".join('"%s": [\n%s\n]' % (kind, ",\n".join(json.dumps(t, ensure_ascii=False) for t in of))
                           for kind, of in tables.items()) + "}")


if __name__ == "__main__":
    main()
