# SPDX-License-Identifier: GPL-2.0-only
"""Write a cpio archive in the "newc" form that Linux takes as initramfs.

Written here instead of calling cpio(1), because device nodes then need no root.
"""

import os
import stat
import threading


class Archive:
    def __init__(self, path):
        # Complete or not there: another run may be reading what was there before.
        self._path = path
        self._unfinished = f"{path}.{os.getpid()}.{threading.get_ident()}"
        self._file = open(self._unfinished, "wb")
        self._inode = 0
        self._dirs = set()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._entry("TRAILER!!!", 0, b"")
        self._file.close()
        os.replace(self._unfinished, self._path)

    def _pad(self):
        self._file.write(b"\0" * (-self._file.tell() % 4))

    def _entry(self, name, mode, data, rdev=(0, 0)):
        self._inode += 1
        encoded = name.encode() + b"\0"
        numbers = (self._inode, mode, 0, 0, 1, 0, len(data), 0, 0, *rdev, len(encoded), 0)
        self._file.write(b"070701" + b"".join(b"%08x" % n for n in numbers) + encoded)
        self._pad()
        self._file.write(data)
        self._pad()

    def _parents(self, name):
        parts = name.split("/")[:-1]
        for depth in range(1, len(parts) + 1):
            self.directory("/".join(parts[:depth]))

    def directory(self, name):
        if name not in self._dirs:
            self._dirs.add(name)
            self._parents(name)
            self._entry(name, stat.S_IFDIR | 0o755, b"")

    def data(self, name, content, mode=0o644):
        self._parents(name)
        self._entry(name, stat.S_IFREG | mode, content)

    def file(self, name, source, mode=None):
        with open(source, "rb") as f:
            self.data(name, f.read(), mode or os.stat(source).st_mode & 0o777)

    def link(self, name, target):
        self._parents(name)
        self._entry(name, stat.S_IFLNK | 0o777, target.encode())

    def console(self, name, major, minor):
        self._parents(name)
        self._entry(name, stat.S_IFCHR | 0o600, b"", (major, minor))
