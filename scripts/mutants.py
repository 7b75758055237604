# SPDX-License-Identifier: GPL-2.0-only
"""Wrong versions of a source, made from the real one: what a check must be able to find."""

from report import TOP


def mutated(path, old, new, folder):
    """Write source @path with @old, which it has once, replaced to @folder/@path; what is wrong."""
    text = (TOP / path).read_text()
    if text.count(old) != 1:
        return [f"{path} has {text.count(old)} times what the mutant replaces: {old!r}"]
    copy = folder / path
    copy.parent.mkdir(parents=True, exist_ok=True)
    copy.write_text(text.replace(old, new))
    return []
