#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""The binary interface of include/uapi/linux/covirt.h, as a table; held against the last release's.

abi.py    prints the table: at a release, into selftests/abi/released.table
"""

import re
import subprocess
import sys

from report import BUILD, TOP

HEADER = TOP / "include" / "uapi" / "linux" / "covirt.h"
RELEASED = TOP / "selftests" / "abi" / "released.table"
VERSION = "value COVIRT_ABI_VERSION"
# Structures that may grow at their end, and what says how far they go. A note's length says it itself.
GROWING = {
    "size covirt_fault_record": "value COVIRT_FAULT_RECORD_VERSION",
    "size covirt_bootinfo": "value COVIRT_BOOTINFO_VERSION",
    "size covirt_note_cpu": VERSION,
}
# Numbers that follow what is appended.
COUNTS = {VERSION, "value COVIRT_NR_EXITS", "value COVIRT_NR_FAULTS", *GROWING.values()}
# Lists of names, of which files in sysfs are made.
NAMES = {"text COVIRT_EXIT_REASONS", "text COVIRT_FAULT_REASONS"}


class Broken(Exception):
    """The header does not compile."""


def preprocessed(header, *how):
    done = subprocess.run(["gcc", "-E", "-P", *how, header], capture_output=True, text=True, check=False)
    if done.returncode:
        raise Broken(done.stderr.strip())
    return done.stdout


def structures(text):
    """(structure, its members) for each."""
    for name, body in re.findall(r"struct (covirt_\w+) \{(.*?)\};", text, re.S):
        yield name, re.findall(r"(\w+)(?:\[[^]]*\])?;", body)


def enumerators(text):
    for body in re.findall(r"enum covirt_\w+ \{(.*?)\}", text, re.S):
        yield from re.findall(r"(COVIRT_\w+)(?= *[,=]|\s*$)", body)


def macros(header):
    """(name, whether it takes arguments, expansion) of the header's own."""
    for name, arguments, body in re.findall(r"^#define (COVIRT_\w+)(\(.*?\))? (.*)$",
                                            preprocessed(header, "-dM"), re.M):
        yield name, bool(arguments), body


def questions(header):
    """(key, C expression of a number) for all that is a number."""
    text = preprocessed(header)
    for name, members in structures(text):
        yield f"size {name}", f"sizeof(struct {name})"
        for member in members:
            yield f"offset {name}.{member}", f"__builtin_offsetof(struct {name}, {member})"
            yield f"size {name}.{member}", f"sizeof(((struct {name} *)0)->{member})"
    for name in enumerators(text):
        yield f"value {name}", name
    for name, takes, body in macros(header):
        if not takes and not body.startswith('"'):
            yield f"value {name}", name


def layout(header=HEADER):
    """{key: number or text}, of all that @header defines."""
    asked = list(questions(header))
    lines = "".join(f'\tprintf("{key}\\t%#llx\\n", (unsigned long long)({expression}));\n'
                    for key, expression in asked)
    program = BUILD / "abi"
    program.parent.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(["gcc", "-Wall", "-Werror", "-x", "c", "-", "-o", program], capture_output=True, text=True,
                          check=False, input=f'#include <stdio.h>\n#include "{header}"\nint main(void)\n{{\n{lines}}}\n')
    if done.returncode:
        raise Broken(done.stderr.strip())
    said = subprocess.run([program], capture_output=True, text=True, check=True).stdout
    table = {key: int(number, 16) for key, number in (line.split("\t") for line in said.splitlines())}
    return table | {f"text {name}": " ".join(body.split()) for name, takes, body in macros(header)
                    if takes or body.startswith('"')}


def released():
    table = {}
    for line in RELEASED.read_text().splitlines():
        if line and not line.startswith("#"):
            key, _, value = line.partition("\t")
            table[key] = value if key.startswith("text ") else int(value, 16)
    return table


def changed(key, was, now):
    """What is wrong with @key, which was @was in the last release."""
    if key not in now:
        return f"{key} is gone"
    if key in NAMES:
        return "" if now[key].startswith(was) else f"{key} was '{was}', and does not begin so any more"
    if key in COUNTS or key in GROWING:
        return "" if now[key] >= was else f"{key} was {was:#x}, and has shrunk to {now[key]:#x}"
    return "" if now[key] == was else f"{key} was {was}, and is {now[key]}"


def compare(old, new):
    """What is wrong with @new, where @old is what was released; nothing, if it only has more."""
    wrong = [problem for key, was in old.items() if (problem := changed(key, was, new))]
    wrong += [f"{key} has grown, so {version.split()[1]} has to" for key, version in GROWING.items()
              if new.get(key, 0) > old[key] and new.get(version) == old[version]]
    if not wrong and new != old and new[VERSION] == old[VERSION]:
        wrong.append("something is new, so COVIRT_ABI_VERSION has to grow")
    return wrong


def problems(header=HEADER):
    try:
        return compare(released(), layout(header))
    except Broken as error:
        return str(error).splitlines()


if __name__ == "__main__":
    for name, value in layout().items():
        print(f"{name}\t{value if isinstance(value, str) else hex(value)}")
    sys.exit(0)
