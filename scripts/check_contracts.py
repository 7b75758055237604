#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""The contracts of controller/ execute: what kernel-doc asks of a caller, the function asserts."""

import re
import sys

from report import TOP

# Words of kernel-doc, and the statement that the function owes for them. Of each table the first that
# fits counts.
ENCLAVE = (
    (r"@enclave:\s+locked[,;] does not run", "enclave_assert_idle(enclave);"),
    (r"@enclave:\s+locked[,;] runs\b(?! or)", "enclave_assert_running(enclave);"),
    (r"@enclave:\s+locked\b(?! or not)", "lockdep_assert_held(&enclave->lock);"),
)
CONTEXT = (
    (r"Context: may sleep", "might_sleep();"),
    (r"Context: any but an NMI", "WARN_ON_ONCE(in_nmi());"),
    (r"Context: the thread that ask", "WARN_ON_ONCE(!in_task());"),
)
# Kernel-doc of a function, and its body.
DOCUMENTED = re.compile(r"/\*\*\n \* (\w+)\(\)((?:(?!\*/).)*)\*/\n(?:(?!\n\{).)*\n\{\n(.*?)\n\}\n", re.S)


def owed(doc):
    """The statements that a function with this kernel-doc owes."""
    return [next(statement for pattern, statement in group if re.search(pattern, doc))
            for group in (ENCLAVE, CONTEXT) if any(re.search(pattern, doc) for pattern, _ in group)]


def contracts():
    """(path, function, statement, whether it is there) for each contract."""
    return [(path.relative_to(TOP), name, statement, f"\t{statement}\n" in f"{body}\n")
            for path in sorted((TOP / "controller").rglob("*.c"))
            for name, doc, body in DOCUMENTED.findall(path.read_text()) for statement in owed(doc)]


def broken():
    return [f"{path}: {name}() does not execute {statement}"
            for path, name, statement, there in contracts() if not there]


CASES = (("what kernel-doc of controller/ asks of callers is asserted", broken),)

if __name__ == "__main__":
    for message in broken():
        print(message)
    print(f"{len(contracts())} contracts")
    sys.exit(bool(broken()))
