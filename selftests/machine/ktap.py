# SPDX-License-Identifier: GPL-2.0-only
"""Read KTAP, the kernel's test result format, as our tests, KUnit and kselftest write it.

The kernel's kunit_parser.py would serve "summary", which has a file as a whole, but not "run", which
has to tell each verdict while the machine goes on: the parser returns nothing before its input ends,
and prints meanwhile. It lies in the kernel's source, too, which machine tests do without. So this is
the only reader in the tree, but for hardware/verify.sh, which counts lines where there is no Python;
scripts/check-harness gives both readers the same text.
"""

import re
from dataclasses import dataclass, field

DIRECTIVES = "SKIP|TODO|XFAIL|TIMEOUT|ERROR"
RESULT = re.compile(rf"^( *)(not ok|ok) \d+ ?(?:- )?(.*?)(?: +# *({DIRECTIVES})\b *(.*))?$")
SUBTEST = re.compile(r"^ *# Subtest: (.*)$")
PLAN = re.compile(r"^1\.\.(\d+)$")


@dataclass
class Result:
    name: str
    ok: bool
    skipped: bool = False
    notes: list = field(default_factory=list)


class Reader:
    """Takes lines, gives the results of test cases; results of whole suites are not counted."""

    def __init__(self):
        self._suite = []         # names of the subtests that we are in, outermost first
        self._notes = []
        self._children = {}      # depth -> results seen there since the last one above
        self.done = False        # a result of depth 0 ended the last planned suite
        self._planned = None
        self._finished = 0

    def line(self, text):
        """Take one line; return a Result when it ends a test case, else None."""
        text = text.rstrip("\r\n")
        subtest = SUBTEST.match(text)
        if subtest:
            self._suite.append(subtest.group(1))
            return None
        match = RESULT.match(text)
        if match:
            return self._result(match)
        plan = PLAN.match(text)
        if plan:
            self._planned = int(plan.group(1))
            self.done = self._planned == 0
        elif text.lstrip().startswith("# "):
            self._notes.append(text.lstrip()[2:])
        return None

    def _result(self, match):
        indent, verdict, name, directive, reason = match.groups()
        depth = len(indent) // 4
        is_suite = self._children.pop(depth + 1, 0) > 0
        self._children[depth] = self._children.get(depth, 0) + 1
        notes, self._notes = self._notes, []
        if depth == 0:
            self._finished += 1
            self.done = self._finished == self._planned
        if is_suite:
            if self._suite:
                self._suite.pop()
            return None
        path = ": ".join(self._suite + [name]) if name not in self._suite else name
        # KTAP lets a skipped case be "not ok" as well. What other directives say is worth telling.
        skipped = directive == "SKIP"
        told = reason if skipped else " ".join(filter(None, (directive, reason)))
        return Result(path, skipped or verdict == "ok", skipped, notes + ([told] if told else []))


def read(lines):
    reader = Reader()
    return [result for result in map(reader.line, lines) if result]
