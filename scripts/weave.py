# SPDX-License-Identifier: GPL-2.0-only
"""Contracts into sources: the real text with comments put in, and nothing else."""

import re

from report import TOP

# Not proven of the code: that the walk, and its stacks of pages, stay in order. The exhaustive
# search checks the contracts of these, whenever they are called.
TAKEN_FOR_GRANTED = ("walk_start", "walk_descend", "walk_advance", "reserve_fill", "pages_pop",
                     "pages_push", "table_virt")

COMMENT = re.compile(r"/\*@.*?\*/\n", flags=re.S)


def blocks(path):
    """[(function, start of a line in it, "}" for its last, or "", comments)] of a file of contracts."""
    parts = re.split(r"^@@ (\w+)(?:: (.*))?\n", (TOP / path).read_text(), flags=re.M)[1:]
    return [(parts[i], parts[i + 1] or "", parts[i + 2].strip() + "\n")
            for i in range(0, len(parts), 3)]


def definition(lines, function):
    """Numbers of the first and the last line of a function's definition."""
    for first, line in enumerate(lines):
        if not re.match(rf"[a-z].*\b{function}\(", line):
            continue
        brace = next(i for i in range(first, len(lines)) if re.search(r"^{|;$", lines[i]))
        if lines[brace].startswith("{"):
            return first, next(i for i in range(first, len(lines)) if lines[i].startswith("}"))
    raise ValueError(f"no function {function}")


def weave(text, contracts, also=""):
    """@text with the comments of @contracts above the functions and lines that they name.

    The contract of each function gets a further clause, @also.
    """
    lines = text.splitlines(keepends=True)
    for function, start, comments in blocks(contracts):
        at, last = definition(lines, function)
        if start == "}":
            at = last
        elif start:
            found = [i for i in range(at, last) if lines[i].strip().startswith(start)]
            if len(found) != 1:
                raise ValueError(f"{function}: {len(found)} lines start with {start!r}")
            at = found[0]
        elif also:
            comments = re.sub(r"\s*(@\s*)?\*/\n$", "", comments) + f"\n  @ {also}\n  @*/\n"
        lines.insert(at, comments)
    woven = "".join(lines)
    if COMMENT.sub("", woven) != text:
        raise ValueError(f"{contracts} has more in it than comments")
    return woven


def intercept(text, functions):
    """@text with each call of one of @functions turned into a call of checked_...()."""
    lines = text.splitlines(keepends=True)
    for name in functions:
        _, last = definition(lines, name)
        lines[last] += (f"static typeof({name}) checked_{name};\n"
                        f"#define {name}(...) checked_{name}(__VA_ARGS__)\n")
    return "".join(lines)
