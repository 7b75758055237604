#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""The rooms of controller/ and the files of core/: arrows lead downwards, nothing goes in a circle.

An arrow leads from a file that includes a header, calls a function or uses a variable to the file
that has it. Run alone, this prints how many of them lead from each room to which.
"""

import re
import sys
from pathlib import Path

from report import TOP

# The rooms of controller/ from the top floor down. A room knows those of lower floors only.
FLOORS = (("face",), ("life",), ("fault", "border", "dump"), ("enclave",), ("partition",), ("hv",),
          ("loader", "host"))
FLOOR = {room: floor for floor, rooms in enumerate(reversed(FLOORS), 1) for room in rooms}

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]+"([^"]+)"', re.M)
# At the start of a line: what is indented is inside of something else.
FUNCTION = re.compile(r"^(?!return\b|else\b)((?:\w+[ \t*]+)+)(\w+)\([^;{}]*\)\s*\{", re.M)
PROTOTYPE = re.compile(r"^(?!typedef\b|static\b|return\b)(?:\w+[ \t*]+)+(\w+)"
                       r"\((?:[^;{}()]|\([^;{}()]*\))*\);", re.M)
VARIABLE = re.compile(r"^(?!static\b|extern\b|typedef\b)(?:\w+[ \t*]+)+(\w+)(?:\[[^\]]*\])* = ", re.M)
# No member of a structure.
CALL = re.compile(r"(?<![\w.>])(\w+)\(")
WORD = re.compile(r"(?<![\w.>])[a-z]\w+")


def code_of(text):
    """@text without comments, and with strings emptied where no file is included."""
    text = re.sub(r"/\*.*?\*/|//[^\n]*", " ", text, flags=re.S)
    return re.sub(r'(?m)^(?![ \t]*#[ \t]*include).*$',
                  lambda line: re.sub(r'"(?:[^"\\]|\\.)*"', '""', line.group()), text)


class Source:
    """A source: which headers it includes, what it defines, calls and uses, by name."""

    def __init__(self, path):
        self.path = path
        code = code_of((TOP / path).read_text())
        self.includes = {found for name in INCLUDE.findall(code) for found in (path.parent / name, Path(name))
                         if (TOP / found).is_file()}
        defined = FUNCTION.findall(code)
        self.functions = {name for words, name in defined if "static" not in words.split()}
        self.variables = set(VARIABLE.findall(code))
        self.declared = set(PROTOTYPE.findall(code))
        self.calls = set(CALL.findall(code)) - {name for _, name in defined} - self.declared
        self.words = set(WORD.findall(code))


def read(folder):
    """The C sources below @folder, by path."""
    paths = sorted(path.relative_to(TOP) for path in (TOP / folder).rglob("*.[ch]"))
    return {path: Source(path) for path in paths}


def definers(sources, kind):
    """By name: the source that defines what others may use, "functions" or "variables"."""
    return {name: path for path, source in sources.items() if path.suffix == ".c"
            for name in getattr(source, kind)}


def arrows(sources, place, variables):
    """{(from, to): lines that say what makes the arrow} between the places of @sources.

    @variables: what defines those whose use makes one, by name
    """
    functions = definers(sources, "functions")
    found = {}
    for path, source in sources.items():
        made = [(target, f"{path} includes {target}") for target in source.includes & sources.keys()]
        made += [(functions[name], f"{path} calls {name}() of {functions[name]}")
                 for name in source.calls & functions.keys()]
        if path.suffix == ".c":
            made += [(variables[name], f"{path} uses {name} of {variables[name]}")
                     for name in source.words & variables.keys()]
        for target, line in made:
            if place(path) != place(target):
                found.setdefault((place(path), place(target)), []).append(line)
    return {arrow: sorted(lines) for arrow, lines in sorted(found.items())}


def reachable(graph, start):
    """The places that arrows lead to from @start, by one or more steps."""
    seen, waiting = set(), [start]
    while waiting:
        for place in graph.get(waiting.pop(), ()):
            if place not in seen:
                seen.add(place)
                waiting.append(place)
    return seen


def circles(found):
    """The arrows that lie in a circle: from where they lead, there is a way back."""
    graph = {}
    for start, end in found:
        graph.setdefault(start, set()).add(end)
    reach = {place: reachable(graph, place) for place in graph}
    return [(start, end) for start, end in found if start in reach.get(end, ())]


def told(found, chosen, verdict):
    """A line for each of the @chosen arrows, and for what makes it."""
    return [line for start, end in chosen
            for line in (f"{start} -> {end}: {verdict}", *(f"  {reason}" for reason in found[start, end]))]


def room_of(path):
    return path.parts[1] if len(path.parts) > 2 else "no room"


def room_arrows(sources):
    return arrows(sources, room_of, definers(sources, "variables"))


def strays(sources):
    return [f"{path}: in no room of controller/" for path in sources if room_of(path) not in FLOOR]


def rooms():
    """What is wrong with the arrows between the rooms of controller/."""
    sources = read("controller")
    if strays(sources):
        return strays(sources)
    found = room_arrows(sources)
    upwards = [(start, end) for start, end in found if FLOOR[start] <= FLOOR[end]]
    return told(found, upwards, "does not lead downwards") + told(found, circles(found), "in a circle")


def unit_of(path):
    """A source and its header are one."""
    return str(path.with_suffix(""))


def files_of_core():
    """What is wrong with the arrows between the files of core/.

    Variables count for nothing: layouts.c and its unprotected variant are data of layout.c.
    """
    found = arrows(read("core"), unit_of, {})
    return told(found, circles(found), "in a circle")


def headers():
    """Functions of controller/ that are declared elsewhere than in their source's own header."""
    sources = read("controller")
    defined_in = definers(sources, "functions")
    return [f"{path} declares {name}() of {defined_in[name]}" for path, source in sources.items()
            for name in sorted(source.declared)
            if path.suffix == ".h" and name in defined_in and unit_of(path) != unit_of(defined_in[name])]


CASES = (
    ("arrows between the rooms of controller/ lead downwards, and in no circle", rooms),
    ("arrows between the files of core/ lead in no circle", files_of_core),
    ("each function of controller/ is declared in the header of its source", headers),
)


def main():
    found = room_arrows(read("controller"))
    for (start, end), lines in found.items():
        print(f"{start} -> {end}: {len(lines)}")
    print(f"{len(FLOOR)} rooms, {len(found)} arrows")
    wrong = [line for _, check in CASES for line in check()]
    for line in wrong:
        print(line)
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
