# SPDX-License-Identifier: GPL-2.0-only
"""For drgn: a co-kernel's processes, and where the one is that wrote what it may not."""

from drgn.helpers.linux.pid import for_each_task

print(prog["init_uts_ns"].name.release.string_().decode())    # noqa: F821
for task in for_each_task(prog):    # noqa: F821
    print(task.comm.string_().decode())
    if task.comm.string_() == b"dd":
        print(prog.stack_trace(task))    # noqa: F821
