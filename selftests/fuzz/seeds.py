# SPDX-License-Identifier: GPL-2.0-only
"""What the fuzzers begin with: real artefacts, cut to size, and small ones made by hand."""

import struct
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))
from report import BUILD    # pylint: disable=wrong-import-position

PAYLOAD = BUILD / "payloads" / "payload.elf"
VMLINUZ = BUILD / "kernel" / "6.1" / "vmlinuz"
VMLINUZ_BYTES = 64 << 10
PACKED_8M, IDENTITY_64M, PACKED_PIECES, IDENTITY_PIECES = range(4)    # shapes of enclave.c
ET_EXEC, ET_DYN = 2, 3


def how(shape, cpus=1, cmdline=10, initrd=0, tsc=2500000):
    """What load.c reads in front of the image."""
    return struct.pack("<BBBBHHBI", shape, 0, 1 | (2 if initrd else 0), cpus, cmdline, initrd, 0, tsc)


def ehdr(kind, entry, phnum):
    return struct.pack("<16sHHIQQQIHHHHHH", b"\x7fELF\x02\x01\x01", kind, 62, 1, entry, 64, 0, 0, 64, 56,
                       phnum, 0, 0, 0)


def phdr(kind, flags, offset, addr, filesz, memsz):
    return struct.pack("<IIQQQQQQ", kind, flags, offset, addr, addr, filesz, memsz, 4096)


def tiny_exec(addr):
    return ehdr(ET_EXEC, addr, 1) + phdr(1, 5, 0, addr, 124, 0x3000) + b"\xf4" * 4


def tiny_pie():
    """One segment, a dynamic section that names one relocation, and that one."""
    dynamic, rela = 176, 176 + 64
    tags = ((7, rela), (8, 24), (9, 24), (0, 0))
    body = b"".join(struct.pack("<QQ", *tag) for tag in tags) + struct.pack("<QQq", rela + 24, 8, 64)
    size = dynamic + len(body) + 8
    return ehdr(ET_DYN, 64, 2) + phdr(1, 7, 0, 0, size, 0x2000) + \
        phdr(2, 6, dynamic, dynamic, 64, 64) + body + bytes(8)


def stripped_payload():
    out = BUILD / "fuzz" / "payload.elf"
    out.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(["objcopy", "--strip-all", PAYLOAD, out], check=True)
    return out.read_bytes()


def elf64():
    yield "payload", how(PACKED_8M) + stripped_payload()
    yield "payload-pieces", how(PACKED_PIECES, initrd=5000) + stripped_payload()
    yield "exec", how(PACKED_8M, cmdline=2047) + tiny_exec(0x200000)
    yield "exec-pieces", how(PACKED_PIECES, cmdline=2048) + tiny_exec(0x3ff000)
    yield "pie", how(IDENTITY_PIECES, cpus=16, initrd=100) + tiny_pie()


def setup(image, **fields):
    """The setup header of @image, changed: Documentation/x86/boot in Linux."""
    places = {"sects": (0x1f1, "B"), "syssize": (0x1f4, "<I"), "flag": (0x1fe, "<H"), "jump": (0x201, "B"),
              "magic": (0x202, "4s"), "version": (0x206, "<H"), "initrd_max": (0x22c, "<I"),
              "align": (0x230, "<I"), "relocatable": (0x234, "B"), "xload": (0x236, "<H"),
              "cmdline": (0x238, "<I"), "pref": (0x258, "<Q"), "init": (0x260, "<I")}
    for name, value in fields.items():
        struct.pack_into(places[name][1], image, places[name][0], value)
    return bytes(image)


def tiny_bzimage(**fields):
    usual = {"sects": 1, "syssize": 64, "flag": 0xaa55, "jump": 0x6a, "magic": b"HdrS", "version": 0x20f,
             "initrd_max": 0x7fffffff, "align": 0x200000, "relocatable": 1, "xload": 3, "cmdline": 2047,
             "pref": 0x200000, "init": 0x10000}
    return setup(bytearray(2048), **(usual | fields))


def bzimage():
    linux = bytearray(VMLINUZ.read_bytes()[:VMLINUZ_BYTES])
    payload = (linux[0x1f1] + 1) * 512
    yield "linux-truncated", how(IDENTITY_64M) + bytes(linux)
    yield "linux", how(IDENTITY_64M, initrd=9000) + setup(linux, syssize=(len(linux) - payload) // 16)
    yield "tiny", how(PACKED_8M) + tiny_bzimage()
    yield "tiny-fixed", how(PACKED_8M, initrd=100) + tiny_bzimage(relocatable=0, pref=0x300000, jump=0xff)
    yield "tiny-last", how(PACKED_8M, initrd=100) + \
        tiny_bzimage(relocatable=0, pref=0x700000, init=0x100000)
    yield "tiny-below-4g", how(IDENTITY_PIECES, cpus=3) + tiny_bzimage(xload=1, pref=0x1000000)


def ehdr32(entry, phnum):
    return struct.pack("<16sHHIIIIIHHHHHH", b"\x7fELF\x01\x01\x01", ET_EXEC, 3, 1, entry, 52, 0, 0, 52, 32,
                       phnum, 0, 0, 0)


def phdr32(kind, flags, offset, addr, filesz, memsz):
    return struct.pack("<IIIIIIII", kind, offset, addr, addr, filesz, memsz, flags, 4)


def multiboot_header(flags, *places):
    magic = 0x1badb002
    return struct.pack("<III", magic, flags, -(magic + flags) & 0xffffffff) + struct.pack(f"<{len(places)}I", *places)


def hello(name):
    return (BUILD / "payloads" / f"{name}.elf").read_bytes()


def multiboot():
    addr, size = 0x400000, 256
    body = multiboot_header(3) + b"\xf4" * 4
    yield "hello", how(PACKED_8M) + hello("hello")
    yield "flat", how(PACKED_8M, initrd=100) + multiboot_header(0x10001, addr, addr, 0, addr + size, addr + 32)
    for name, more in (("flat-whole", 0), ("flat-cut", 8)):
        yield name, how(PACKED_8M) + multiboot_header(
            0x10000, addr, addr, addr + 40 + more, addr + size, addr + 32) + bytes(8)
    for name, entry in (("elf32", addr + 12), ("elf32-entry", addr + 0x1fff)):
        yield name, how(PACKED_PIECES, initrd=100) + ehdr32(entry, 1) + \
            phdr32(1, 5, 84, addr, len(body), 0x2000) + body
    # Virtual addresses are in the upper half; the entry is physical.
    high = bytearray(phdr(1, 5, 120, addr, len(body), 0x2000))
    struct.pack_into("<Q", high, 16, 0xffffffff80000000)
    yield "elf64-high", how(PACKED_8M) + ehdr(ET_EXEC, addr + 12, 1) + bytes(high) + body
    yield "auto", b"".join((how(PACKED_8M)[:2], b"\x11", how(PACKED_8M)[3:], hello("hello32")))


def multiboot2_header(*tags):
    """Of tags (type, flags, words...), an end tag behind them."""
    body = b""
    for kind, flags, *words in (*tags, (0, 0)):
        tag = struct.pack(f"<HHI{len(words)}I", kind, flags, 8 + 4 * len(words), *words)
        body += tag.ljust((len(tag) + 7) // 8 * 8, b"\0")
    magic, size = 0xe85250d6, 16 + len(body)
    return struct.pack("<IIII", magic, 0, size, -(magic + size) & 0xffffffff) + body


def multiboot2():
    addr, size = 0x400000, 256
    wishes = ((1, 0, 1, 2, 3, 4, 6, 15), (6, 0), (5, 1, 0, 0, 32), (77, 1, 9))
    for name, *tags in (("address", (2, 0, addr, addr, addr + 100, addr + size), (3, 0, addr + 32)),
                        ("whole", (2, 0, addr, 0xffffffff, 0, 0), (3, 0, addr)),
                        ("cut", (2, 0, addr, addr, addr + 200, 0), (3, 0, addr)),
                        ("outside", (2, 0, addr, addr, addr + 100, 0), (3, 0, addr + 100)),
                        ("required", (77, 0), (2, 0, addr, addr, 0, 0), (3, 0, addr))):
        yield name, how(PACKED_8M, initrd=100) + multiboot2_header(*tags) + bytes(50)
    body = multiboot2_header(*wishes) + b"\xf4" * 4
    yield "elf32", how(PACKED_PIECES, cmdline=2047, initrd=100) + ehdr32(addr + 0x1fff, 1) + \
        phdr32(1, 5, 88, addr, len(body), 0x2000) + bytes(4) + body
    yield "elf64", how(PACKED_8M) + ehdr(ET_EXEC, addr + 12, 1) + phdr(1, 5, 120, addr, len(body), 0x2000) + body


def pvh():
    addr = 0x400000

    def noted(entry, cut=0, desc=4):
        note = struct.pack("<III4s", 4, desc, 18, b"Xen") + struct.pack("<Q", entry)[:desc]
        note = note[:len(note) - cut]
        return ehdr(ET_EXEC, addr, 2) + phdr(1, 5, 0, addr, 176, 0x2000) + \
            phdr(4, 4, 176, addr, len(note), len(note)) + note

    yield "hello", how(PACKED_8M) + hello("hello")
    yield "hello32", how(PACKED_8M, initrd=100) + hello("hello32")
    yield "noted", how(PACKED_PIECES, initrd=5000) + noted(addr + 0x1fff)
    yield "noted-8", how(PACKED_8M) + noted(addr, desc=8)
    yield "noted-cut", how(PACKED_8M) + noted(addr, cut=2)
    yield "noted-outside", how(PACKED_8M) + noted(addr + 0x2000)


def tiny_vmlinux(kind, linked, linux=True):
    """Two segments, the second of which has the entry; with the section that Linux alone has."""
    names = b"\0.x86_cpu_dev.init\0"
    body = b"\x90" * 64 + names
    start = 64 + 2 * 56
    sections = start + len(body)
    header = struct.pack("<16sHHIQQQIHHHHHH", b"\x7fELF\x02\x01\x01", kind, 62, 1, linked + 0x8010, 64,
                         sections, 0, 64, 56, 2, 64, 1, 0)
    segments = ((5, linked, 0x2000), (6, linked + 0x8000, 0x3000))
    phdrs = b"".join(struct.pack("<IIQQQQQQ", 1, flags, start, 0xffffffff80000000 + at, at, 64, size, 0x200000)
                     for flags, at, size in segments)
    return header + phdrs + body + struct.pack("<IIQQQQIIQQ", 0, 3, 0, 0, start + 64, len(names) if linux else 0,
                                               0, 0, 1, 0)


def vmlinux():
    yield "linked", how(PACKED_8M, initrd=3000) + tiny_vmlinux(ET_EXEC, 0x200000)
    yield "moved", how(IDENTITY_PIECES, cmdline=2000, initrd=100) + tiny_vmlinux(ET_EXEC, 0x1000000)
    yield "pie", how(IDENTITY_64M, initrd=100) + tiny_vmlinux(ET_DYN, 0x100000, linux=False)
    yield "exec", how(PACKED_PIECES, cpus=16) + tiny_vmlinux(ET_EXEC, 0x3f8000, linux=False)


def flat():
    for name, shape, address, size in (("first", PACKED_8M, 0x100000, 5000), ("last", PACKED_8M, 0x7ff000, 4096),
                                       ("too-far", PACKED_8M, 0x7ff000, 4097), ("low", PACKED_8M, 0xff000, 9),
                                       ("pieces", PACKED_PIECES, 0x3ff800, 7000)):
        yield name, how(shape, initrd=200) + struct.pack("<Q", address) + b"\xf4" * size


def acpi():
    yield "one", struct.pack("<BBBBI", 0, 0, 0, 0, 3)
    yield "ioapic", struct.pack("<BBBBIB", 0, 0, 0, 0, 3, 1)
    yield "mixed", struct.pack("<BB", 0, 3) + b"".join(struct.pack("<BI", 0, i) for i in (254, 255, 256, 7))


def com1():
    fresh, polled, filtered, later = b"\0" * 7, b"\2" + b"\0" * 6, b"\4" + b"\0" * 6, b"\x01\x05\0\0\0\0\xf0\xff"
    hello = b"".join(bytes((2, 0, byte)) for byte in b"hello") + struct.pack("<BHB", 4, 100, 0)
    yield "hello", fresh + hello
    yield "full", later + hello + struct.pack("<BBB", 7, 1, 255) + struct.pack("<BHB", 4, 0xffff, 0)
    yield "typed", fresh + struct.pack("<BHB", 5, 3, 65) + bytes((0, 0)) * 4
    typed = struct.pack("<BHB", 5, 3, 65) + b"\x09"

    def entry(low, high):
        """Redirection entry of COM1's pin."""
        return b"".join(struct.pack("<BBBBI", 8, half, 8, 0x50, value) for half, value in ((1, high), (0, low)))

    for name, begin in (("irq", fresh), ("polled", polled), ("filtered", filtered)):
        yield name, begin + entry(0x31, 5 << 24) + bytes((2, 4, 8, 2, 1, 3)) + typed + bytes((0, 5, 0, 0)) * 3 + hello
    yield "logical", fresh + entry(0x931, 0x28 << 24) + bytes((2, 4, 8, 2, 1, 2, 0, 2))
    yield "extended", fresh + entry(0x10031, 0x18020000) + bytes((2, 4, 8, 2, 1, 2)) + entry(0x31, 0x18020000)
    for name, low, high in (("all", 0x31, 0xff), ("some", 0x831, 0xfe), ("one", 0x31, 5)):
        yield f"xapic-{name}", b"\x08" + b"\0" * 6 + entry(low, high << 24) + bytes((2, 4, 8, 2, 1, 2))
    yield "foreign", fresh + entry(0x31, 7 << 24) + bytes((2, 4, 8, 2, 1, 2))
    yield "loop-back", fresh + bytes((2, 4, 0x10, 2, 1, 0x0f, 2, 0, 65, 2, 0, 66, 0, 2, 0, 5, 0, 0))


def pit():
    """Channel 2 in each mode: its gate, its count, and what both ports tell of it later."""
    for mode in range(6):
        yield f"mode-{mode}", bytes((3, 0xb0 | mode << 1, 4, 1, 2, 100, 2, 0)) + \
            bytes((0x80, 40, 0x42, 0x42, 0x44, 4, 0, 0x80, 70, 0x44, 4, 1, 0x80, 200, 0x44, 3, 0x80, 0x42, 0x42))


def rings():
    yield "put-get", bytes((1, 65)) * 3 + struct.pack("<BH", 2, 10) + struct.pack("<BH", 4, 20) + b"\x05" * 4


def guest_walk():
    entries = ((0x1000, 0x2003), (0x2000, 0x3003), (0x3000, 0x4003), (0x4000, 0x5003), (0x4008, 0x7003))
    tables = b"".join(struct.pack("<HBH", at, 0, entry) for at, entry in entries)
    for name, mode, root in (("long", 1 | 4 | 16, 0x1000), ("pae", 1 | 4, 0x2000), ("legacy", 1, 0x3000)):
        yield name, struct.pack("<BHQH", mode, root, 0x10, 0x1800) + tables


def mov_cr():
    for name, code in (("mov", "0f22e0"), ("rex", "450f22c7"), ("lmsw", "0f01f0"), ("prefix", "66f2410f22e2")):
        yield name, b"\x01" + bytes.fromhex(code)
        yield f"{name}-32", b"\x00" + bytes.fromhex(code)


def mov():
    for name, code in (("register", "8987b0000000"), ("rex", "44890425b0d05fff"), ("constant", "c70700010000"),
                       ("sib", "c7448840ff010000"), ("offset", "a3b000e0fe00000000"), ("prefix", "266589410c"),
                       ("load", "448b14c8"), ("high", "8a3c85b0000000"), ("zero", "0fb605b0000000"),
                       ("sign", "480fbf4704"), ("signbyte", "480fbe4704"),
                       ("rexlost", "4466890f"), ("signdword", "49634710"), ("byte", "c6050000000001")):
        for mode in range(3):
            yield f"{name}-{mode}", bytes((mode,)) + bytes.fromhex(code)
    yield "operand-16", b"\x00" + bytes.fromhex("666789830001")


def icr():
    def cpus(*indexes):
        return struct.pack("<BB", len(indexes) - 1, 0) + b"".join(bytes((index, 16 + index)) for index in indexes)

    def routes(*rows):
        """Each of (destination, vector, senders)."""
        return bytes((len(rows),)) + b"".join(struct.pack("<BBH", dest, vector - 32, senders)
                                              for dest, vector, senders in rows)

    def sent(*values):
        return b"".join(struct.pack("<IBI", low, 1, dest) for low, dest in values)

    yield "few", cpus(0, 1, 2, 3) + routes() + sent(
        (0x31, 0x11), (0x831, 0x10007), (0x400, 0x12), (0x4500, 0x13), (0xc0031, 0), (0x80500, 0))
    yield "route", cpus(1, 2) + routes((40, 33, 2), (41, 34, 1)) + sent(
        (0x21, 40), (0x22, 41), (0x121, 40), (0x821, 40), (0x421, 40))


def ctl():
    for name, parser, text in (
            ("size", 0, "512M"), ("hex", 0, "0x200000"), ("long", 0, "3GiB"), ("longest", 0, "16777216T"), ("cpus", 1, "2-3,5,7-15"),
            ("last", 1, "8190-8191"), ("beyond", 1, "8192"), ("large", 0, "16777215T"), ("one", 1, "3\n"), ("log", 2, "12 77 22 it is running: write stop to state first"),
            ("map", 3, "00100000-7ffdffff : System RAM\n0x0-0x9ffff 0x6000000 rwx ram\n"
                       "0x6200000-0x6ffffff 0x6200000 rwx ram\n0x5000000-0x5000fff\n"),
            ("stats", 4, "exits:100\nexits_io:98\n\nexits:98\nexits_io:4711\ndoorbells:0"),
            ("full", 4, "a:1\n" * 98), ("cycles", 4, "0 1\n512 18\n1024 5\n\n512 20\n2147483648 1")):
        yield name, bytes((parser,)) + text.encode()


def ctl_fault():
    """A record of "write" (selftests/fuzz/fuzz_ctl_fault.c), and files with symbols."""
    code = bytes.fromhex("488b07488b4f08488b5710488d35c86e0000488901e955080000")
    fault = struct.pack("<IIIBBBBQQQQQ", 4, 11, 3, 2, 0, 0, 1, 0, 0x400, 6, 0x7f120000, 0x7f120000)
    fault += struct.pack("<9Q16Q", 0x3003010, 2, 0x80000031, 0, 0x8000, 0x60, 0x500, 0, 0, *range(16))
    for name, cut in (("write", 0), ("write-cut", 2)):
        yield name, b"\0" + struct.pack("<IIQQiI8s40s", 1, 1152, 1, 0, 3, len(code) - cut, b"stop", b"linux") + \
            fault[:248] + struct.pack("<Q", 0x3003000) + code.ljust(64, b"\0")
    yield "map", b"\x01" + b"0000000000003000 T one\n0000000000003010 t two\nffffffff81000000 T _text\n"
    strings, sym = b"\0one\0", struct.pack("<IBBHQQ", 1, 2, 0, 1, 0x3000, 16)
    header = struct.pack("<16sHHIQQQIHHHHHH", b"\x7fELF\x02\x01\x01", 2, 62, 1, 0, 0, 64, 0, 64, 56, 0, 64, 2, 0)
    shdr = "<IIQQQQIIQQ"
    yield "elf", b"\x01" + header + struct.pack(shdr, 0, 2, 0, 0, 192, len(sym), 1, 0, 8, 24) + \
        struct.pack(shdr, 0, 3, 0, 0, 192 + len(sym), len(strings), 0, 0, 1, 0) + sym + strings


def ctl_core():
    """Words of memory that are page tables (selftests/fuzz/fuzz_ctl_core.c), and notes."""
    def tables(*words):
        return b"\0" + b"".join(struct.pack("<HQ", *word) for word in words)

    # The root is page 0; tables in pages 1 to 3.
    root = (0, 0x1003), (512, 0x2003), (1024, 0x3003)
    yield "pages", tables(*root, (1536, 0x5003), (1537, 0x6003), (1538, 0x1003))
    yield "large", tables(*root, (1025, 0x83), (513, 0x83), (511, 0x1003))
    yield "circle", tables(*((word, 3) for word in range(12)))
    text = b"OSRELEASE=6.12\nPAGESIZE=4096\nKERNELOFFSET=37000000\n"
    note = struct.pack("<III12s", 11, len(text), 0, b"VMCOREINFO") + text
    yield "note", b"\1" + note
    yield "long", b"\1" + struct.pack("<II", 11, 5000) + note[8:]


def entry():
    """A vendor, a row of its exits, mode, place, flags, features, bits of the value that change."""
    for vendor in (0, 1):
        for row in range(0, 256, 8):
            yield f"{vendor}-{row}", struct.pack("<BHBBBBQ", vendor, row, row // 8 % 12, 2, 0, 3, 0)
        for mode in (0, 1):
            yield f"{vendor}-begin-{mode}", struct.pack("<BBI", vendor | 2, mode, 0x200000)


SEEDS = {make.__name__: make for make in (
    elf64, bzimage, vmlinux, multiboot, multiboot2, pvh, flat, acpi, com1, pit, rings, guest_walk, mov_cr, mov, icr,
    ctl, ctl_fault, ctl_core, entry)}
