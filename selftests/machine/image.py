# SPDX-License-Identifier: GPL-2.0-only
"""What the emulated host and the co-kernel boot from: two initramfs images."""

import lzma
import os
import re
import subprocess
import threading
from contextlib import contextmanager
from pathlib import Path

from cpio import Archive

HERE = Path(__file__).resolve().parent
TOP = HERE.parent.parent
BUILD = TOP / "build"
BUSYBOX = "/bin/busybox"
# Scripts that are read or run there beside the cases.
WORDS = [HERE / "lib" / name for name in ("expect.sh", "host.sh", "console.sh", "enclave.sh")] + \
        [HERE / name for name in ("suites.sh", "bench.sh", "alarms")] + \
        [HERE.parent / "hardware" / name for name in ("enter.sh", "verify.sh")]
# Applets that a shell script needs before init has installed the rest.
APPLETS = ("sh", "mount", "mkdir")


# In place of a kernel's series: this machine itself (selftests/hardware/), and the kernels that
# scripts/kunit builds: with checkers, and for modules that count what is executed.
HOST = "host"
CHECKED = "checked"
GCOV = "counted"
# The newest of Debian's backports, where scripts/setup has put it.
NEWEST = "newest"
# A host's own kernel is the co-kernel as well, but for one that lacks what a Debian has.
COKERNEL = {GCOV: "6.1"}


def kernel_image(series):
    if series == HOST:
        return Path("/boot") / f"vmlinuz-{os.uname().release}"
    if series == CHECKED:
        return BUILD / "checked" / "bzImage"
    return BUILD / "kernel" / series / "vmlinuz"


@contextmanager
def whole(path):
    """A file that nobody sees before it is complete: emulators are started side by side."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.{os.getpid()}-{threading.get_ident()}")
    yield partial
    partial.rename(path)


def add_busybox(archive):
    archive.file("bin/busybox", BUSYBOX, 0o755)
    for applet in APPLETS:
        archive.link(f"bin/{applet}", "busybox")
    for mount_point in ("proc", "sys", "dev", "tmp"):
        archive.directory(mount_point)
    archive.console("dev/console", 5, 1)


def program(source):
    """Static, because the emulated host and its co-kernels have no libraries."""
    path = BUILD / "machine" / "programs" / source.stem
    with whole(path) as partial:
        subprocess.run(["gcc", "-static", "-O2", "-s", "-Wall", "-D_GNU_SOURCE", "-pthread",
                        "-I", TOP, "-o", partial, source], check=True)
    return path


def cokernel_initrd():
    """The initrd of the Debian co-kernel; the same for every machine."""
    path = BUILD / "machine" / "cokernel.cpio"
    with whole(path) as partial, Archive(partial) as archive:
        add_busybox(archive)
        archive.file("init", HERE / "cokernel-init.sh", 0o755)
        archive.file("bin/branches", program(HERE / "cokernel_branches.c"), 0o755)
    return path


def writable_msrs():
    """First and last of the MSRs that a co-kernel may write, a range a line: the rules of core/msr_policy.c."""
    rules = re.findall(r"\{ (0x\w+), (0x\w+), MSR_\w+, MSR_(?:PASS|LVT|SVR|DEBUGCTL|EFER_BITS),",
                       (TOP / "core" / "msr_policy.c").read_text())
    return "".join(f"{first} {last}\n" for first, last in rules).encode()


def hypervisor_image():
    """The address that the hypervisor's image is mapped at: core/hv/space.h."""
    return int(re.search(r"HV_IMAGE\s+(0x\w+)", (TOP / "core/hv/space.h").read_text())[1], 0)


def hypervisor_symbols(series):
    """Where functions lie in the hypervisor's image: "OFFSET NAME" a line."""
    elf = BUILD / f"module-{series}" / "hv" / "hv.elf"
    if not elf.exists():
        return b""
    lines = subprocess.run(["nm", elf], check=True, capture_output=True, text=True).stdout
    symbols = (line.split() for line in lines.splitlines() if line.split()[1] in "tT")
    return "".join(f"{int(at, 16) - hypervisor_image():#x} {name}\n" for at, _, name in symbols).encode()


def payload_symbols():
    """As a System.map: where the payload's functions lie in its file."""
    payload = BUILD / "payloads" / "payload.elf"
    if not payload.exists():
        return b""
    return subprocess.run(["nm", "-n", payload], check=True, capture_output=True).stdout


def stripped(binary):
    """A binary without its debugging information: nine tenths less to load for an emulated BIOS."""
    path = BUILD / "machine" / "stripped" / binary.relative_to(BUILD)
    with whole(path) as partial:
        subprocess.run(["strip", "--strip-debug", "-o", partial, binary], check=True)
    return path


def programs():
    """What a shell cannot do."""
    yield from (program(source) for source in sorted((HERE / "programs").glob("*.c")))


def libraries(program, where=None):
    """What it needs, also from @where; as Path in the host's file system -> file on this machine."""
    listed = subprocess.run(["ldd", program], check=True, capture_output=True, text=True,
                            env={**os.environ, "LD_LIBRARY_PATH": str(where or "")}).stdout
    found = (Path(name) for name in re.findall(r"(/\S+) \(0x", listed))
    return {f"lib/x86_64-linux-gnu/{path.name}" if where and path.is_relative_to(where) else
            str(path).lstrip("/"): path for path in found}


def tools():
    """covirtctl and trace-cmd with their libraries: likewise."""
    built, tracer = BUILD / "tools" / "covirtctl", Path("/usr/bin/trace-cmd")
    found = {}
    if built.exists():
        found |= {"bin/covirtctl": stripped(built)} | libraries(built)
    if tracer.exists():
        found |= {"bin/trace-cmd": tracer} | libraries(tracer)
    return found


def debuggers():
    """What reads core dumps: some 20 MB, too much for the BIOS of a slow emulator."""
    home = BUILD / "debuggers" / "usr"
    found = {}
    for path in home.glob("bin/*"):
        if path.name in ("gdb", "makedumpfile"):
            found |= {f"bin/{path.name}": path} | libraries(path, home / "lib" / "x86_64-linux-gnu")
    return found


def unpacked(series, module):
    """A module of Debian's as insmod takes it."""
    path = BUILD / "machine" / "unpacked" / series / module.stem
    with whole(path) as partial:
        partial.write_bytes(lzma.decompress(module.read_bytes()))
    return path


def kvm_modules(series):
    """Linux's own hypervisor, as Path in the host's file system -> file on this machine."""
    found = (path for name in ("irqbypass", "kvm", "kvm-amd", "kvm-intel")
             for top in ("lib", "usr/lib")
             for path in (BUILD / "kernel" / series / top / "modules").rglob(f"{name}.ko*"))
    return {f"modules/kvm/{path.name.removesuffix('.xz')}":
            unpacked(series, path) if path.suffix == ".xz" else path for path in found}


def artefacts(series, newest):
    """Path in the host's file system -> file on this machine, where that exists."""
    wanted = {
        "modules/covirt.ko": BUILD / f"module-{series}" / "covirt.ko",
        "modules/unprotected/covirt.ko": BUILD / f"module-{series}-unprotected" / "covirt.ko",
        "modules/covirt_guard.ko": BUILD / f"guard-{series}" / "covirt_guard.ko",
        **{f"lib/firmware/covirt/{name}": BUILD / "payloads" / name
           for name in ("payload.elf", "hello.elf", "hello32.elf", "hello.bin")},
        "lib/firmware/covirt/vmlinuz": kernel_image(COKERNEL.get(series, series)),
        "lib/firmware/covirt/initrd": cokernel_initrd(),
    }
    if newest:
        wanted["lib/firmware/covirt/vmlinuz-newest"] = kernel_image(NEWEST)
    return {name: stripped(path) if path.suffix == ".ko" else path
            for name, path in wanted.items() if path.exists()}


def discard(initramfs):
    """Remove what one boot was made of; what it wrote stays."""
    for medium in (initramfs, initramfs.with_suffix(".iso")):
        medium.unlink(missing_ok=True)


def host_initramfs(series, name, script=None, debug=False, newest=False, files=None):
    """The initramfs of the host: the modules, the co-kernels and the cases.

    @script is run instead of suites when the kernel command line asks for it. @debug: with GDB.
    @newest: with the newest kernel as a co-kernel, where there is one. @files: a folder that stands
    beside the co-kernels.
    """
    path = BUILD / "machine" / f"{name}.cpio"
    with whole(path) as partial, Archive(partial) as archive:
        add_busybox(archive)
        archive.file("init", HERE / "host-init.sh", 0o755)
        for source in WORDS:
            archive.file(f"lib/covirt/{source.name}", source, 0o755)
        archive.data("lib/covirt/writable_msrs", writable_msrs())
        archive.data("lib/covirt/hypervisor_symbols", hypervisor_symbols(series))
        archive.data("lib/covirt/payload_symbols", payload_symbols())
        for program in programs():
            archive.file(f"bin/{program.name}", program, 0o755)
        for target, source in (tools() | (debuggers() if debug else {})).items():
            archive.file(target, source, 0o755)
        for case in sorted((HERE / "cases").iterdir()):
            archive.file(f"cases/{case.name}", case)
        for target, source in (artefacts(series, newest) | kvm_modules(series)).items():
            archive.file(target, source)
        for source in sorted(Path(files).iterdir()) if files else ():
            archive.file(f"lib/firmware/covirt/files/{source.name}", source)
        if script:
            archive.file("script", script, 0o755)
    return path
