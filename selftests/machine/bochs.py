# SPDX-License-Identifier: GPL-2.0-only
"""Bochs' configuration file and boot medium for one run."""

import subprocess

from image import BUILD, HERE, kernel_image, whole
from machines import KERNEL_PARAMS, STDIO

WHERE_ARE_YOU = b""    # it has no ear for questions

# Instructions in a second of emulated time: what the time-stamp counter shows.
IPS = 50_000_000

# A third of a boot's time: certificates, a self-test, tracefs' directories, and types for BPF,
# which are read for whoever asks first.
NOT_NEEDED = tuple(f"initcall_blacklist={name}" for name in (
    "load_system_certificate_list", "crypto_kdf108_init", "trace_eval_init", "tracer_init_tracefs",
    "cubictcp_register", "kfunc_init", "bpf_rstat_kfunc_init", "bpf_prog_test_run_init",
    "bpf_key_sig_kfuncs_init"))

# Parameters that keep an emulated boot short, and tell Linux the frequency that it need not measure.
# MWAIT costs Bochs five times the HLT: Linux's idle CPUs do not use it, nor do those that are
# offline, if Linux does not know it.
FAST_BOOT = ("idle=halt clearcpuid=monitor mitigations=off nokaslr random.trust_cpu=on audit=0 "
             f"cryptomgr.notests {' '.join(NOT_NEEDED)} tsc_early_khz={IPS // 1000}")

# The same for a Linux that is a co-kernel there. Model "ryzen" announces TCE, and its VMRUN takes
# no EFER with that bit: kernels from 6.15 on would set it.
FAST_COKERNEL = ",".join(("idle=halt,clearcpuid=tce,random.trust_cpu=on,audit=0,cryptomgr.notests", *NOT_NEEDED))

RC = """\
config_interface: textconfig
display_library: rfb, options="timeout=0"
memory: guest={memory}, host={memory}
romimage: file={share}/BIOS-bochs-latest, options=fastboot
vgaromimage: file={share}/VGABIOS-lgpl-latest
cpu: model={cpu}, count={smp}, ips={ips}, quantum=16, reset_on_triple_fault=0, ignore_bad_msrs=1
clock: sync=none, time0=1700000000
pci: enabled=1, chipset=i440fx
ata0: enabled=1, ioaddr1=0x1f0, ioaddr2=0x3f0, irq=14
ata0-master: type=cdrom, path={iso}, status=inserted
boot: cdrom
{serials}
log: {log}
panic: action=report
error: action=report
info: action=report
debug: action=ignore
sound: waveoutdrv=dummy, waveindrv=dummy, midioutdrv=dummy
speaker: enabled=0
"""

ISOLINUX = "default l\nprompt 0\nlabel l\n kernel /vmlinuz\n append initrd=/initrd {params}\n"


def make_iso(folder, kernel, initramfs, params):
    """A CD that starts the kernel by itself."""
    (folder / "isolinux.cfg").write_text(ISOLINUX.format(params=params))
    iso = initramfs.with_suffix(".iso")
    subprocess.run(
        ["xorriso", "-as", "mkisofs", "-quiet", "-o", iso, "-b", "isolinux.bin", "-c", "boot.cat",
         "-no-emul-boot", "-boot-load-size", "4", "-boot-info-table", "-graft-points",
         "isolinux.bin=/usr/lib/ISOLINUX/isolinux.bin",
         "ldlinux.c32=/usr/lib/syslinux/modules/bios/ldlinux.c32",
         f"isolinux.cfg={folder / 'isolinux.cfg'}", f"vmlinuz={kernel.resolve()}", f"initrd={initramfs}"],
        check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return iso


def topology(smp):
    """Bochs' sockets:cores:threads for QEMU's -smp. Its models say that two CPUs of a socket share a core."""
    total, *parts = smp.split(",")
    counts = {"cores": 1, "threads": 1} | {name: int(n) for name, n in
                                           (part.split("=") for part in parts)}
    sockets = int(total) // (counts["cores"] * counts["threads"])
    return f"{sockets}:{counts['cores']}:{counts['threads']}"


def repeatable():
    """The words before the emulator's name that make every run of it the same."""
    library = BUILD / "machine" / "bochs_still.so"
    with whole(library) as partial:
        subprocess.run(["gcc", "-shared", "-fPIC", "-nostdlib", "-o", partial,
                        HERE / "bochs_still.c"], check=True)
    return ["env", f"COVIRT_BOCHS_PRELOAD={library}"]


def command(machine, boot, initramfs, params, serials):
    """The emulator's command line; @serials are the files that COM1, COM2 write to, or STDIO (output only)."""
    folder = BUILD / "machine" / initramfs.stem
    folder.mkdir(parents=True, exist_ok=True)
    iso = make_iso(folder, kernel_image(machine.kernel), initramfs,
                   f"{KERNEL_PARAMS} {FAST_BOOT} covirt.cokernel={FAST_COKERNEL} "
                   f"{boot.params} {machine.params} {params}")
    rc = folder / "bochsrc"
    rc.write_text(RC.format(
        memory=machine.memory_mib, share=BUILD / "bochs/usr/share/bochs",
        cpu=boot.cpu or machine.cpu, smp=topology(boot.smp), ips=IPS, iso=iso, log=folder / "bochs.log",
        serials="\n".join(f"com{n}: enabled=1, mode=file, dev={'/dev/stdout' if file == STDIO else file}"
                          for n, file in enumerate(serials, 1))))
    bochs = [str(BUILD / "bochs" / "bochs"), "-q", "-f", str(rc)]
    return (repeatable() if boot.counted else []) + bochs
