# SPDX-License-Identifier: GPL-2.0-only
"""Which boots are run once more: those that ended before anything of ours had run in them."""

from image import CHECKED

# Beginnings of the lines by which our suites and modules speak in the kernel log.
OURS = ("covirt-test: ", "covirt: ", "covirt_guard: ")


def untouched(machine, ktap, console):
    """Did a boot that failed end before covirt was loaded, by what it left in these texts?

    The suites speak before they load it, at both places. A kernel that has covirt in it runs it
    from the beginning.
    """
    return machine.kernel != CHECKED and not ktap.strip() and \
        not any(word in console for word in OURS)
