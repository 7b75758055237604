/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The hypervisor image: text, then constants, at a fixed virtual address.
 * There is no writable section, and nothing that the kernel would patch.
 */
#include "core/hv/space.h"

ENTRY(hv_entry)

SECTIONS
{
	. = HV_IMAGE;
	hv_image_start = .;
	.text : {
		*(.header)
		. = HV_TRAP_STUBS - HV_IMAGE;
		*(.trap_stubs)
		*(.text .text.*)
		. = ALIGN(4096);
		hv_trampoline_start = .;
		*(.trampoline)
		. = ALIGN(4096);
	}
	hv_text_end = .;
	.rodata : {
		*(.rodata .rodata.*)
		. = ALIGN(8);
		hv_fixups = .;
		*(.fixups)
		hv_fixups_end = .;
		hv_nmi_ranges = .;
		*(.nmi_ranges)
		hv_nmi_ranges_end = .;
		. = ALIGN(4096);
	}
	hv_image_end = .;

	hv_text_size = ABSOLUTE(hv_text_end - hv_image_start);
	hv_image_size = ABSOLUTE(hv_image_end - hv_image_start);
	hv_trampoline_offset = ABSOLUTE(hv_trampoline_start - hv_image_start);

	.data : { *(.data .data.* .bss .bss.* COMMON) }
	.patch : {
		*(__ex_table __bug_table __jump_table .altinstructions .altinstr_replacement
		  .parainstructions .static_call_sites .static_call.text .retpoline_sites
		  .return_sites .smp_locks __mcount_loc .data..percpu .init.* .exit.*
		  .got .got.* .plt .plt.* .iplt .igot .igot.* .rela.*
		  .init_array .fini_array .ctors .dtors)
	}
	/* For a debugger: no part of the image. */
	.debug_info 0 : { *(.debug_info) }
	.debug_abbrev 0 : { *(.debug_abbrev) }
	.debug_aranges 0 : { *(.debug_aranges) }
	.debug_line 0 : { *(.debug_line) }
	.debug_line_str 0 : { *(.debug_line_str) }
	.debug_str 0 : { *(.debug_str) }
	.debug_loclists 0 : { *(.debug_loclists) }
	.debug_rnglists 0 : { *(.debug_rnglists) }
	.debug_frame 0 : { *(.debug_frame) }
	/DISCARD/ : { *(.comment .note.* .eh_frame .eh_frame_hdr .gnu.* .discard.*) }

	ASSERT(SIZEOF(.data) == 0, "the hypervisor image must have no writable data")
	ASSERT(SIZEOF(.patch) == 0,
	       "the hypervisor image must have no section that the kernel patches")
	ASSERT(hv_trap_stubs == HV_TRAP_STUBS, "the IDTs name other stubs than there are")
	ASSERT(hv_image_size <= HV_IMAGE_MAX,
	       "the hypervisor image does not fit its address range")
}
