# SPDX-License-Identifier: GPL-2.0-only
"""Test cases of a script: progress on the terminal, KTAP in build/results/."""

import subprocess
import sys
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent
BUILD = TOP / "build"


class Report:
    def __init__(self, name, cases):
        self._name = name
        self._number = 0
        self._failed = 0
        results = BUILD / "results"
        results.mkdir(parents=True, exist_ok=True)
        self._ktap = open(results / f"{name}.ktap", "w")
        self._ktap.write(f"KTAP version 1\n1..{cases}\n")

    def case(self, name, problems):
        """One test case; @problems are lines that say what is wrong, none if it passed."""
        self._number += 1
        self._failed += bool(problems)
        for line in problems:
            self._ktap.write(f"# {line}\n")
        # KTAP has no "#" in a description.
        self._ktap.write(f"{'not ' if problems else ''}ok {self._number} {name.replace('#', '')}\n")
        print(f"  {'FAILED' if problems else 'ok'} {self._name}: {name}")
        for line in problems[:40]:
            print(f"    | {line}")
        sys.stdout.flush()

    def finish(self):
        """Print the totals; the exit status."""
        self._ktap.close()
        print(f"{self._number - self._failed} passed, {self._failed} failed")
        return 1 if self._failed else 0


def output(*argv, where=TOP, **options):
    """(exit status, lines of output and errors) of a command run at the top of the tree, or elsewhere."""
    done = subprocess.run([str(word) for word in argv], cwd=where, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, errors="replace", **options)
    return done.returncode, done.stdout.splitlines()


def problems(*argv, **options):
    """The output of a command that failed; nothing when it succeeded."""
    status, lines = output(*argv, **options)
    return (lines or [f"exit status {status}"]) if status else []


def run(name, cases):
    """Run a table of (name, function): each function returns lines that say what is wrong."""
    report = Report(name, len(cases))
    for case, function in cases:
        report.case(case, function())
    return report.finish()
