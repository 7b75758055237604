# SPDX-License-Identifier: GPL-2.0-only
#
# Targets for users. The kernel's build reads Kbuild, beside this file.

# Kernel series that the tree is built and tested against (see scripts/setup).
SUPPORTED := 6.1 6.12 newest
# And those that it is only built against.
BUILT := 6.1-full 6.1-rt 6.12-full 6.12-rt sid newest-full newest-rt
KVER ?= $(SUPPORTED)
# make modules KDIR=/lib/modules/$(uname -r)/build: another kernel's headers, installed by the user.
KDIR ?=
HOST_KDIR = $(or $(KDIR),/lib/modules/$(shell uname -r)/build)

BUILD := $(CURDIR)/build
SOURCES := Kbuild Kconfig include core backend mm irq controller selftests

help:
	@echo 'Covirt: contain co-kernels behind a minimal hypervisor'
	@echo
	@echo '  make demo       a co-kernel boots, attacks Linux, and is contained (emulated machine)'
	@echo '  make check      build, unit tests, machine tests; MACHINE= and SUITE= choose some'
	@echo
	@echo '  make setup      fetch what is needed from Debian (demo and check do it themselves)'
	@echo '  make modules    build the module for every supported kernel; KVER=6.1 for one,'
	@echo '                  KDIR=/lib/modules/$$(uname -r)/build for the running one,'
	@echo '                  COVIRT_DEBUG=1 with assertions in the hypervisor'
	@echo '  make install    build and install the module for the running kernel'
	@echo '  make tools      build covirtctl; make install-tools installs it, with manual page, completion and header'
	@echo '  make kernels    build the module for every other kernel of Debian that has headers'
	@echo '  make compilers  build hypervisor image and covirtctl with old and new gcc, and clang'
	@echo '  make kunit      unit tests under User-Mode Linux; make kunit-newest: of the newest source'
	@echo '  make kunit-live unit tests and live enclaves under KASAN and lockdep, on an emulated processor'
	@echo '  make debuggers  crash, gdb, makedumpfile and drgn of three Debian releases on dumps of three kernels'
	@echo '  make coverage   which lines the tests execute, and the files that lack them'
	@echo '  make fuzz       loaders, COM1 and other parsers under libFuzzer, SECONDS=600 each; TARGET=elf64'
	@echo '  make exhaustive every state of small nested tables'
	@echo '  make prove      Frama-C: no page is mapped that was not granted (installs the provers)'
	@echo '  make check-external DIR=...  kvm-unit-tests, built there, as co-kernels and on the plain emulator'
	@echo '  make bench      instructions per exit round trip, counted under three emulated machines'
	@echo '  make verify-hardware  on an EPYC or Xeon, as root: run the suites that are safe there, compare'
	@echo '  make soak       random misdeeds in an emulated machine, without end; MACHINE=bochs-vmx SEED=1'
	@echo '  make size       sizes of the hypervisor image, checked against their limits'
	@echo '  make vm         boot the emulated host; SCRIPT=file runs that in it, without: a shell'
	@echo '  make clean      remove what was built; make distclean: all of build/; make refresh: look for newer'
	@echo '                  kernels. Downloads are in ~/.cache/covirt (COVIRT_CACHE), for all clones'

all: modules

setup:
	@scripts/setup

refresh:
	@scripts/setup refresh

kernels:
	@scripts/setup kernels
	@scripts/check-kernels $(BUILT)

compilers: module-6.12
	@scripts/setup compilers
	@scripts/check-compilers

ifdef KDIR
modules:
	@scripts/build-module '$(KDIR)' '$(BUILD)/module-host' $(SOURCES)
else
modules: $(KVER:%=module-%)

module-%: setup
	@scripts/build-module '$(BUILD)/kernel/$*/kdir' '$(BUILD)/module-$*' $(SOURCES)

# Test-only: the same module with its protections off, to show that the tests can fail.
unprotected: $(KVER:%=unprotected-%)

unprotected-%: setup
	@scripts/build-module '$(BUILD)/kernel/$*/kdir' '$(BUILD)/module-$*-unprotected' $(SOURCES) \
		-- COVIRT_UNPROTECTED=1

# Test-only: a region of Linux's memory with a checksum.
guard: $(KVER:%=guard-%)

guard-%: setup
	@scripts/build-module '$(BUILD)/kernel/$*/kdir' '$(BUILD)/guard-$*' selftests/machine/guard/
endif

payloads:
	@$(MAKE) --no-print-directory -s -C selftests/payloads O='$(BUILD)/payloads'

tools:
	@scripts/setup tools
	@$(MAKE) --no-print-directory -s -C tools/covirtctl O='$(BUILD)/tools'

install-tools: tools
	@$(MAKE) --no-print-directory -C tools/covirtctl O='$(BUILD)/tools' install

install:
	@scripts/build-module '$(HOST_KDIR)' '$(BUILD)/module-host' $(SOURCES)
	$(MAKE) -C '$(HOST_KDIR)' M='$(BUILD)/module-host' modules_install
	depmod -a

demo: setup module-6.12 guard-6.12 tools
	@selftests/machine/demo

check: setup
	@MACHINE='$(MACHINE)' SUITE='$(SUITE)' scripts/check

kunit: setup
	@scripts/kunit uml

kunit-newest: kunit
	@scripts/setup source
	@scripts/kunit newest

kunit-live: setup
	@scripts/kunit live

# The kernel that machine "checked" boots.
checked: setup payloads
	@scripts/kunit kernel

debuggers: modules guard payloads tools
	@scripts/setup debuggers
	@selftests/debuggers/run

coverage: setup
	@scripts/coverage

fuzz: setup
	@scripts/fuzz $(or $(SECONDS),600) $(TARGET)

exhaustive:
	@scripts/setup tools
	@scripts/exhaustive

prove:
	@scripts/prove

# DIR: a tree of kvm-unit-tests that the user has built; nothing of it is kept here.
check-external: module-6.12 guard-6.12 tools
	@selftests/external/run '$(DIR)'

bench: module-6.1 guard-6.1 payloads
	@selftests/machine/bench

verify-hardware:
	@scripts/setup tools
	@scripts/build-module '$(HOST_KDIR)' '$(BUILD)/module-host' $(SOURCES)
	@scripts/build-module '$(HOST_KDIR)' '$(BUILD)/guard-host' selftests/machine/guard/
	@$(MAKE) --no-print-directory payloads tools
	@selftests/hardware/verify $(SUITE)

soak: module-6.1 module-6.12 guard-6.1 guard-6.12 payloads
	@selftests/machine/vm --machine '$(or $(MACHINE),qemu-svm-6.12)' --timeout 0 \
		--params '$(if $(SEED),covirt.seed=$(SEED))' selftests/machine/soak.sh

size: setup
	@scripts/size

vm: modules unprotected guard payloads tools
	@selftests/machine/vm --machine 'qemu-svm-$(lastword $(KVER))' $(SCRIPT)

clean:
	rm -rf $(BUILD)/module-* $(BUILD)/guard-* $(BUILD)/payloads $(BUILD)/tools $(BUILD)/checked $(BUILD)/coverage $(BUILD)/wall \
		$(BUILD)/machine $(BUILD)/dumps $(BUILD)/results $(addprefix $(BUILD)/fuzz/,obj check mutants) \
		$(BUILD)/exhaustive $(BUILD)/prove

distclean:
	rm -rf $(BUILD)

.PHONY: help all setup refresh kernels compilers kunit-newest modules unprotected guard payloads tools install install-tools demo check check-external bench verify-hardware soak kunit kunit-live checked debuggers coverage fuzz exhaustive prove size vm clean distclean
