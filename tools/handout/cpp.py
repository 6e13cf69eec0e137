"""Finds functions in C++ sources of this project's style: definitions begin in the first column, comments stand
right above them, and braces balance. No more of C++ is understood than that."""

import re
from dataclasses import dataclass


@dataclass
class Function:
    """A function's definition, as places in the text of its file."""

    name: str     # as it is asked for: "Dense::backward"
    start: int    # of its comment
    head: int     # of "void Dense::backward("
    body: int     # of the { ...
    end: int      # ... and behind its }
    comment: str  # the lines above it, without slashes
    parameters: list  # the names of those that have one


def blanked(text):
    """The same text with spaces in place of comments, strings and characters, so that places stay the same."""
    pattern = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|(?<![0-9a-fA-F])\'(?:\\.|[^\'\\\n])\'', re.DOTALL)
    return pattern.sub(lambda match: re.sub(r"[^\n]", " ", match.group(0)), text)


def closing(code, opening):
    """Where the bracket closes that opens at `opening`, in blanked code."""
    pairs = {"{": "}", "(": ")"}
    depth = 0
    for place in range(opening, len(code)):
        if code[place] == code[opening]:
            depth += 1
        elif code[place] == pairs[code[opening]]:
            depth -= 1
            if depth == 0:
                return place
    raise ValueError("a bracket that does not close")


def parameter_names(code):
    """['dZ', 'X'] of 'const Matrix& dZ, Pass&, const Matrix& X'."""
    parts, depth = [""], 0
    for letter in code:
        depth += (letter in "<(") - (letter in ">)")
        if letter == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += letter
    names = []
    for part in parts:
        words = re.findall(r"\w+", re.sub(r"\b(const|std|unsigned)\b", "", part.split("=")[0]))
        if len(words) >= 2 and re.search(r"\w\s*$", part):
            names.append(words[-1])
    return names


def comment_above(text, place):
    """Where the comment begins that ends in the line before `place`, and its lines without slashes."""
    lines = []
    while place > 0:
        line_start = text.rfind("\n", 0, place - 1) + 1
        line = text[line_start:place].strip()
        if not line.startswith("//") or re.match(r"//\s*-{3}", line):
            break
        lines.insert(0, re.sub(r"^///?/? ?", "", line))
        place = line_start
    return place, "\n".join(lines)


def in_namespace(code, place, name):
    """Is the place in a namespace whose last part has this name?"""
    return any(match.start() < place < closing(code, match.end() - 1)
               for match in re.finditer(r"^namespace [\w:]*\b%s \{" % re.escape(name), code, re.MULTILINE))


def find(text, name):
    """All definitions of a function: 'Dense::backward', 'reference::tanh' (in that namespace), 'softmax_forward'."""
    code = blanked(text)
    qualifier, _, plain = name.rpartition("::")
    found = []
    for written in ([plain] if not qualifier else [name, plain]):
        for match in re.finditer(r"^(?! |using|namespace|class|struct|#|TEST_CASE)[^\n;{}()]*(?<![\w:])%s\(" % re.escape(written),
                                 code, re.MULTILINE):
            closed = closing(code, match.end() - 1)
            behind = re.match(r"[^;{}()]*\{", code[closed + 1:])
            if not behind or (written != name and not in_namespace(code, match.start(), qualifier)):
                continue
            body = closed + behind.end()
            start, comment = comment_above(text, match.start())
            found.append(Function(name, start, match.start(), body, closing(code, body) + 1, comment,
                                  parameter_names(code[match.end():closed])))
    return found


def declared_comment(headers, name, of_the_class=False):
    """What a header says of a function, looked for in its class and then in the class that this comes from.
    @param of_the_class  with the comment above the class"""
    qualifier, _, plain = name.rpartition("::")
    for text in headers:
        code = blanked(text)
        scope = (0, len(code))
        base, of_class = None, ""
        if qualifier and qualifier[0].isupper():
            opened = re.search(r"\b(?:class|struct) %s\b(?: final)?(?: : public (\w+))? \{" % qualifier, code)
            if not opened:
                continue
            base = opened.group(1)
            of_class = comment_above(text, opened.start())[1] if of_the_class else ""
            scope = (opened.end(), closing(code, opened.end() - 1))
        for match in re.finditer(r"^[^\n;{}()]*(?<![\w:])%s\(" % re.escape(plain), code, re.MULTILINE):
            if scope[0] <= match.start() < scope[1]:
                comment = comment_above(text, match.start())[1]
                inherited = declared_comment(headers, base + "::" + plain) if base else ""
                return "\n".join(part for part in (of_class, comment, inherited) if part)
        if base:
            return declared_comment(headers, base + "::" + plain)
    return ""


def telling_lines(body):
    """The lines of a function's body that give a solution away, without comments and spaces. A brace, a loop's
    head or a return of nothing does not."""
    result = []
    code = re.sub(r"//[^\n]*|/\*.*?\*/", "", body, flags=re.DOTALL)
    for line in code.splitlines():
        bare = re.sub(r"\s+", "", line).strip("{};")
        if len(bare) >= 10 and not re.match(r"(for|while)\(|else$|const(std::size_t|auto\[)", bare):
            result.append(bare)
    return result
