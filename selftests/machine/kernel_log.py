# SPDX-License-Identifier: GPL-2.0-only
"""What the kernel log of a run says, and what it must not say."""

import re
from pathlib import Path

ALARM = re.compile("|".join(
    line for line in (Path(__file__).with_name("alarms")).read_text().splitlines()
    if not line.startswith("#")))


def text_of(log):
    return log.read_text(errors="replace") if log.exists() else ""


def alarms(log):
    """Lines that make a run fail."""
    return [line for line in text_of(log).splitlines() if ALARM.search(line)]


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
