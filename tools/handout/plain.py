"""Makes sources of core that choose between a plain loop and a fast kernel run the plain loop alone."""

import re

import cpp

CHOICE = re.compile(r"^    if constexpr \(reference_kernels\) \{\s*(return .*?;)\s*\}\n", re.MULTILINE | re.DOTALL)
HEAD = "// Checks the shapes, then runs the plain loop of reference.cpp.\n\n"


def without_kernels(text):
    """The text of such a source, without what comes after the plain loop and without what nothing needs any more."""
    while match := CHOICE.search(text):
        end = text.index("\n}\n", match.end() - 1)
        text = text[:match.start()] + "    " + match.group(1) + text[end:]
    text = re.sub(r'#include "bordered_image.hpp"\n', "", text)
    if "in one line, so that" in text:  # of the line that chose
        text = re.sub(r"^// `fitted` and the plain loop are in one line.*\n\n", "", text, flags=re.MULTILINE)
    return re.sub(r"\A(//[^\n]*\n)+\n", HEAD, without_unused(text))


def hidden_items(text):
    """(name, start, end) of the functions, types and constants in unnamed namespaces, with the comments above them."""
    code = cpp.blanked(text)
    for space in re.finditer(r"^namespace \{", code, re.MULTILINE):
        last = cpp.closing(code, space.end() - 1)
        item = re.compile(r"^(?:template <[^\n]*\n)?(?:constexpr [\w: ]+?(\w+) = [^;]*;|struct (\w+) \{|"
                          r"(?!using|struct|class|constexpr \w+ \w+ =|template|\})\w?[^\n;{}()=]*?(\w+)\()", re.MULTILINE)
        place = space.end()
        while (match := item.search(code, place, last)) and match.start() < last:
            name = next(group for group in match.groups() if group)
            place = match.end()
            if match.group(3):
                opening = code.find("{", cpp.closing(code, place - 1))
                place = cpp.closing(code, opening) + 1
            elif match.group(2):
                place = cpp.closing(code, place - 1) + 2
            else:
                place = text.index("\n", place)
            yield name, cpp.comment_above(text, match.start())[0], place


def unused_items(text):
    code = cpp.blanked(text)
    for name, start, end in hidden_items(text):
        if not re.search(r"\b%s\b" % name, code[:start] + code[end:]):
            yield name, start, end


def without_unused(text):
    """Without those items of unnamed namespaces that nothing else in the file names."""
    while item := next(unused_items(text), None):
        text = text[:item[1]].rstrip("\n") + "\n\n" + text[item[2]:].lstrip("\n")
    return re.sub(r"namespace \{\s*\}  // namespace\n\n", "", text)


def marked_unused(text):
    """The same, but what only a solution would call stays, and no compiler warns of it."""
    for _, start, end in reversed(list(unused_items(text))):
        head = re.compile(r"^(?!//|\[\[maybe_unused)", re.MULTILINE).search(text, start, end).start()
        if not text[head:].startswith(("template", "struct")):
            text = text[:head] + "[[maybe_unused]] " + text[head:]
    return text
