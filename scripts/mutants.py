# SPDX-License-Identifier: GPL-2.0-only
"""Wrong versions of a source, made from the real one: what a check must be able to find."""

from report import TOP


def mutant(path, old, new):
    """The text of source @path with @old, which it has once, replaced."""
    text = (TOP / path).read_text()
    if text.count(old) != 1:
        raise ValueError(f"{path} has {text.count(old)} times what a mutant replaces: {old!r}")
    return text.replace(old, new)
