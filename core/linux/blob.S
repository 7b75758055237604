/* SPDX-License-Identifier: GPL-2.0-only */
/* The hypervisor image as data of the module; HV_BIN is given by the build. */
	.section .rodata, "a"
	.balign	4096
	.globl covirt_hv_image_start
covirt_hv_image_start:
	.incbin	HV_BIN
	.globl covirt_hv_image_end
covirt_hv_image_end:

	.section .note.GNU-stack, "", @progbits
