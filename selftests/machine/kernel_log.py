# SPDX-License-Identifier: GPL-2.0-only
"""What the kernel log of a run says, and what it must not say."""

import re
from pathlib import Path

ALARM = re.compile("|".join(
    line for line in (Path(__file__).with_name("alarms")).read_text().splitlines()
    if not line.startswith("#")))

# Linux 6.12 may warn that a CPU which goes offline has two tasks, and name the one that takes it offline
# only: the other is no task, but most likely the deadline server of its ordinary tasks, which is counted
# as one. Seen once, on a machine with ten times as much to do as it could. A task that covirt had left
# there would be named, and nothing is excused then.
NOBODY_LEFT = re.compile(
    r"[^\n]*\[ cut here \][^\n]*\n[^\n]*Dying CPU not properly vacated!\n(?:(?!\[ cut here \]).)*?"
    r"\[ end trace [^\n]*\n[^\n]*enqueued tasks \(2 total\):\n[^\n]*name: migration/\d+\n(?![^\n]*pid: )",
    re.DOTALL)


def text_of(log):
    return log.read_text(errors="replace").replace("\r", "") if log.exists() else ""


def alarms(log):
    """Lines that make a run fail."""
    return [line for line in NOBODY_LEFT.sub("", text_of(log)).splitlines() if ALARM.search(line)]


def excused(log):
    """How many of Linux's own mistakes are no alarms."""
    return len(NOBODY_LEFT.findall(text_of(log)))


def unsaid(log, texts):
    """Those of @texts that are not there, or not behind the one before."""
    text = text_of(log)
    missing = []
    at = 0
    for wanted in texts:
        found = text.find(wanted, at)
        if found < 0:
            missing.append(f"no line with '{wanted}'")
        else:
            at = found + len(wanted)
    return missing
