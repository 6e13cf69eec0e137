"""Points, and where they go: a table, grades.csv, a page of feedback and a results.json for each student."""

import csv
import json
import os

import check


def share(said, points):
    """@param said  of each case, empty for those that pass"""
    return points * sum(not line for line in said) / len(said) if said else 0.0


def points_of(found, rubric):
    """{function: (points, most points)} of a level."""
    result = {}
    for function, most in rubric.items():
        points = (share(found["public"].get(function, []), most["public"]) +
                  share(found["hidden"].get(function, []), most["hidden"]))
        result[function] = (round(points, 2), most["public"] + most["hidden"])
    return result


def points_of_hunt(hunt, planted, rubric):
    """{what: (points, most points)} of a bug hunt; never less than nothing in all."""
    most = len(planted)
    result = {"found": (len(hunt["found"]) * rubric["found"], most * rubric["found"]),
              "mended": (len(hunt["mended"]) * rubric["mended"], most * rubric["mended"])}
    lost = -len(hunt["wrongly accused"] + hunt["broken"]) * rubric["wrong"]
    result["wrongly accused or broken"] = (max(lost, -sum(points for points, _ in result.values())), 0)
    return result


def sentence(function, said, functions):
    """What a student reads of hidden tests: never what an exception said, which could carry their numbers out, unless
    that is that one of the level's functions is not written yet."""
    missing = check.NOT_WRITTEN.search(said)
    if missing and missing.group(1) in functions:
        return "not written yet" if missing.group(1) == function else "waits for " + missing.group(1)
    return "throws an exception" if said.startswith("exception: ") else said


def feedback_of(function, found):
    """The lines of feedback on one function."""
    public, hidden = found["public"].get(function, []), found["hidden"].get(function, [])
    lines = []
    if public:
        verdict = check.verdict(function, {str(i): [line] if line else [] for i, line in enumerate(public)})
        lines.append("tests that you have: %d of %d pass%s" % (
            sum(not line for line in public), len(public), "" if not any(public) else "; " + verdict[:600]))
    if hidden:
        said = list(dict.fromkeys(sentence(function, line, found["hidden"]) for line in hidden if line))
        lines.append("further tests: %d of %d pass%s" % (
            sum(not line for line in hidden), len(hidden), "; " + "; ".join(said) if said else ""))
    return lines


def total(points):
    return round(sum(got for got, _ in points.values()), 2), sum(most for _, most in points.values())


def page(student):
    """The page of feedback, in Markdown."""
    lines = ["# %s: %g of %g points" % (student["name"], *total(student["points"])), ""]
    if student["error"]:
        lines += ["It could not be graded:", "", "```text", student["error"][:4000].strip(), "```", ""]
    for what, (got, most) in student["points"].items():
        lines += ["## `%s`: %g of %g" % (what, got, most), ""]
        lines += ["- " + line for line in student["feedback"].get(what, [])] + [""]
    return "\n".join(lines)


def gradescope(student):
    """results.json, as Gradescope's autograder documents it."""
    got, _ = total(student["points"])
    tests = [{"name": what, "score": points, "max_score": most, "status": "passed" if points >= most else "failed",
              "output": "\n".join(student["feedback"].get(what, [])), "visibility": "visible"}
             for what, (points, most) in student["points"].items()]
    return {"score": got, "execution_time": round(student["seconds"]), "visibility": "visible",
            "stdout_visibility": "hidden", "output": student["error"][:4000], "tests": tests}


def write(out, students):
    """Writes all files. @param students  one dictionary each: name, points, feedback, error, notes, seconds"""
    for folder in ("feedback", "gradescope"):
        os.makedirs(os.path.join(out, folder), exist_ok=True)
    columns = list(dict.fromkeys(what for student in students for what in student["points"]))
    with open(os.path.join(out, "grades.csv"), "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["student", "points", "of", *columns, "notes"])
        for student in students:
            writer.writerow([student["name"], *("%g" % value for value in total(student["points"])),
                             *("%g" % student["points"].get(what, (0,))[0] for what in columns),
                             "; ".join(student["notes"])])
    for student in students:
        with open(os.path.join(out, "feedback", student["name"] + ".md"), "w", encoding="utf-8") as file:
            file.write(page(student))
        folder = os.path.join(out, "gradescope", student["name"])
        os.makedirs(folder, exist_ok=True)
        with open(os.path.join(folder, "results.json"), "w", encoding="utf-8") as file:
            json.dump(gradescope(student), file, indent=2)


def table(students):
    width = max([7] + [len(student["name"]) for student in students])
    lines = ["%-*s  points  seconds  notes" % (width, "student")]
    for student in students:
        got, most = total(student["points"])
        lines.append("%-*s  %6s  %7.1f  %s" % (width, student["name"], "%g/%g" % (got, most), student["seconds"],
                                             "; ".join(student["notes"])))
    return "\n".join(lines)
