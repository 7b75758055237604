# SPDX-License-Identifier: GPL-2.0-only
"""Analyzers that read the code: cppcheck, and clang's with clang-tidy. Each gives lines that say what is wrong."""

import importlib.machinery
import importlib.util
import os
import re
from concurrent.futures import ThreadPoolExecutor

from report import TOP, output, problems

ROOMS = ("core", "mm", "irq", "backend", "controller")
# What cppcheck cannot judge here, each for its reason.
CPPCHECK_IGNORED = (
    "arithOperationsOnVoidPointer",    # as all of the kernel does
    "comparePointers",                 # symbols of a linker script
    "constStatement", "selfAssignment",    # "?:" without its middle
    "preprocessorErrorDirective",      # X-macros of which some take all further words
)


def setup():
    return problems("scripts/setup", "analyze")


def cppcheck():
    status, lines = output(
        "cppcheck", "--quiet", "--enable=warning,portability,performance", "--std=c11", "--platform=unix64",
        "--error-exitcode=1", f"-j{os.cpu_count()}", "-I.", "--library=scripts/cppcheck.cfg",
        "--suppress=unmatchedSuppression",
        "--template={file}:{line}: {message} [{id}]", *(f"--suppress={name}" for name in CPPCHECK_IGNORED), *ROOMS)
    return (lines or [f"exit status {status}"]) if status else []


def script(name):
    """A script without a suffix, as a module."""
    loader = importlib.machinery.SourceFileLoader(name, str(TOP / "scripts" / name))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(name, loader))
    loader.exec_module(module)
    return module


def user_space():
    """(flags, sources) of what is built for user space: the fuzz targets with what they are about, and covirtctl."""
    fuzz = script("fuzz")
    sources = sorted({source for target in fuzz.TARGETS for source in fuzz.sources(target)})
    seamed = [source for source in sources if source in fuzz.SEAMED or source.startswith(fuzz.ENTRY)]
    flags = ("-std=gnu11", "-D_GNU_SOURCE", f"-I{TOP}", f"-I{TOP / fuzz.DRIVERS}")
    yield flags, [source for source in sources if source not in seamed]
    yield (*flags, "-include", TOP / fuzz.ENTRY / "seam.h"), seamed
    yield flags, sorted(set(str(path.relative_to(TOP)) for path in (TOP / "tools").rglob("*.c")) - set(sources))


def tidy_one(flags, source):
    status, lines = output("clang-tidy", "--quiet", source, "--", *flags)
    found = [line for line in lines if re.search(r"(warning|error):", line)]
    return (found or lines) if status else []


def clang_tidy():
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        jobs = [pool.submit(tidy_one, flags, source) for flags, sources in user_space() for source in sources]
        return sum((job.result() for job in jobs), [])
